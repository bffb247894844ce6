#!/usr/bin/env bash
# docker_to_ecr.sh: builds the image and pushes it to Amazon ECR.
set -euo pipefail
cd "$(dirname "$0")"

usage() {
  cat >&2 <<'END'
usage: ./docker_to_ecr.sh NAME [--arch amd64|arm64] [--dry-run]

Builds the image with docker, podman or buildah, whichever is there, and pushes it to the ECR
repository NAME of the caller's account and region, which is made if it is missing. Tags: version and
architecture (0.1.0-amd64), commit and architecture. Prints the image's URI, and nothing else, on
standard output; everything else goes to standard error.

  --arch ARCH   architecture of the image; default: this machine's
  --dry-run     asks AWS only who is calling, and shows what would be done

RINGMAKER_ENGINE        docker, podman or buildah; default: the first that is installed
RINGMAKER_REGISTRY      registry to push to instead of ACCOUNT.dkr.ecr.REGION.amazonaws.com
RINGMAKER_AWS_ENDPOINT  address of the AWS API, for rehearsals
AWS_REGION, AWS_DEFAULT_REGION, AWS_PROFILE, ... as the AWS CLI reads them

  ./docker_to_ecr.sh ringmaker
  ./docker_to_ecr.sh models/ringmaker --arch arm64 --dry-run
END
}

fail() { # CODE SENTENCE
  echo "docker_to_ecr.sh: $2" >&2
  exit "$1"
}

say() { echo "docker_to_ecr.sh: $*" >&2; }

# ---- What is asked for.

name='' arch='' dry_run=false
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) usage; exit 0 ;;
    --arch) [ $# -ge 2 ] || fail 2 "--arch needs amd64 or arm64"; arch=$2; shift ;;
    --arch=*) arch=${1#--arch=} ;;
    --dry-run) dry_run=true ;;
    -*) usage; fail 2 "unknown option $1" ;;
    *) [ -z "$name" ] || fail 2 "one NAME is needed, not also '$1'"; name=$1 ;;
  esac
  shift
done
[ -n "$name" ] || { usage; fail 2 "NAME, the repository, is missing"; }
part='[a-z0-9]+([._-][a-z0-9]+)*'
if [[ ! $name =~ ^($part/)*$part$ ]] || [ ${#name} -lt 2 ] || [ ${#name} -gt 256 ]; then
  fail 2 "'$name' is no name of an ECR repository: 2 to 256 lower-case letters, digits and single . _ - / between them"
fi
if [ -z "$arch" ]; then
  case "$(uname -m)" in
    x86_64) arch=amd64 ;;
    aarch64 | arm64) arch=arm64 ;;
    *) fail 2 "no image for $(uname -m); name one with --arch amd64 or arm64" ;;
  esac
fi
case "$arch" in
  amd64 | arm64) ;;
  *) fail 2 "--arch is amd64 or arm64, not '$arch'" ;;
esac

# ---- What it is done with.

engine=${RINGMAKER_ENGINE:-}
if [ -z "$engine" ]; then
  for candidate in docker podman buildah; do
    if command -v "$candidate" >/dev/null; then engine=$candidate; break; fi
  done
  [ -n "$engine" ] || fail 3 "none of docker, podman and buildah is installed"
fi
case "$engine" in
  docker | podman | buildah) ;;
  *) fail 2 "RINGMAKER_ENGINE is docker, podman or buildah, not '$engine'" ;;
esac
command -v "$engine" >/dev/null || fail 3 "$engine is not installed"
command -v aws >/dev/null || fail 3 "the AWS CLI (aws) is not installed"

version=$(sed -nE 's/^project\(ringmaker VERSION ([0-9.]+).*/\1/p' CMakeLists.txt)
[ -n "$version" ] || fail 1 "CMakeLists.txt names no version"
commit=$(git rev-parse --short=12 HEAD 2>/dev/null) || fail 1 "this is no git checkout: the image could not be told apart"
[ -z "$(git status --porcelain)" ] || { commit=$commit-changed; say "there are changes that are not committed; the tag says so"; }

aws_options=()
[ -z "${RINGMAKER_AWS_ENDPOINT:-}" ] || aws_options+=(--endpoint-url "$RINGMAKER_AWS_ENDPOINT")
region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}
[ -n "$region" ] || fail 2 "no region: set AWS_REGION"
aws_options+=(--region "$region")
account=$(aws "${aws_options[@]}" sts get-caller-identity --query Account --output text) ||
  fail 1 "AWS does not say whose account this is; are the credentials valid?"
[[ $account =~ ^[0-9]{12}$ ]] || fail 1 "AWS gave no account number but '$account'"
domain=amazonaws.com
case "$region" in cn-*) domain=amazonaws.com.cn ;; esac
registry=${RINGMAKER_REGISTRY:-$account.dkr.ecr.$region.$domain}
repository=$registry/$name
version_uri=$repository:$version-$arch
commit_uri=$repository:$commit-$arch

# ---- The steps. Each ends the script when it fails, so that nothing is pushed but what was just built.

run() {
  if $dry_run; then
    printf '+' >&2
    printf ' %q' "$@" >&2
    printf '\n' >&2
  else
    "$@" >&2
  fi
}

make_repository() {
  local answer
  if answer=$(aws "${aws_options[@]}" ecr describe-repositories --repository-names "$name" 2>&1); then
    return
  fi
  case "$answer" in
    *RepositoryNotFoundException*) ;;
    *) fail 1 "the repository $name cannot be looked up: $answer" ;;
  esac
  say "making the repository $name"
  if ! answer=$(aws "${aws_options[@]}" ecr create-repository --repository-name "$name" 2>&1); then
    case "$answer" in
      *RepositoryAlreadyExistsException*) ;;  # somebody else was faster
      *) fail 1 "the repository $name cannot be made: $answer" ;;
    esac
  fi
}

log_in() {
  local password
  password=$(aws "${aws_options[@]}" ecr get-login-password) || fail 1 "ECR gives no password"
  "$engine" login --username AWS --password-stdin "$registry" <<<"$password" >&2 ||
    fail 1 "$engine cannot log in to $registry"
}

# A builder may keep its result to itself and say that all went well, where tags of old images stay what
# they were. So the image is built under a name that nothing else has, and gets its tags by that name.
build() {
  local built="ringmaker-build:$commit-$arch-$$-$RANDOM"
  # SageMaker takes Docker's manifests only. A builder that would wrap the image into an index for its
  # provenance is told not to; one too old to know the option does not do it either.
  local options=(--platform "linux/$arch" --label "org.opencontainers.image.revision=$commit"
    --label "org.opencontainers.image.version=$version" --tag "$built")
  case "$engine" in
    docker)
      local help
      help=$(docker build --help 2>/dev/null) || true
      case "$help" in *--provenance*) options+=(--provenance=false) ;; esac
      case "$help" in *--load*) options+=(--load) ;; esac
      ;;
    podman | buildah) options+=(--format docker) ;;
  esac
  run "$engine" build "${options[@]}" . || fail 1 "the image could not be built; nothing was pushed"
  local uri
  for uri in "$version_uri" "$commit_uri"; do
    run "$engine" tag "$built" "$uri" ||
      fail 1 "the build has ended well, but left no image with $engine; nothing was pushed"
  done
  run "$engine" rmi "$built" || say "the name $built stays; it does no harm"
}

push() { # URI
  case "$engine" in
    docker) run docker push "$1" ;;
    podman | buildah) run "$engine" push --format v2s2 "$1" "docker://$1" ;;
  esac || fail 1 "$1 could not be pushed"
}

if $dry_run; then
  say "would make the repository $name if it is missing, and log in to $registry"
else
  make_repository
  log_in
fi
build
push "$commit_uri"
push "$version_uri"
echo "$version_uri"
