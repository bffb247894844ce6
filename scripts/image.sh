#!/usr/bin/env bash
# image.sh [--target STAGE]: builds the Dockerfile without a Docker engine and without any registry, and
# tries the image: train, serve, a request, SIGTERM. Needs root. Everything it makes lies below
# build/containers; the base image is the Debian of base_system.sh. Prints the image's size.
set -euo pipefail
cd "$(dirname "$0")/.."

stage=release
case "${1:-}" in
  "") ;;
  --target) stage=${2:?} ;;
  *) echo "usage: scripts/image.sh [--target STAGE]" >&2; exit 2 ;;
esac
[ "$(id -u)" -eq 0 ] || { echo "run as root: it makes a root file system" >&2; exit 3; }
scripts/install_packages.sh image run
scripts/base_system.sh

work=$PWD/build/containers
mkdir -p "$work/run"
cat > "$work/storage.conf" <<END
[storage]
driver = "overlay"
graphroot = "$work/storage"
runroot = "$work/run"
END
cat > "$work/containers.conf" <<END
[containers]
default_ulimits = ["nofile=16384:16384", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
END
export BUILDAH_ISOLATION=chroot CONTAINERS_CONF=$work/containers.conf CONTAINERS_STORAGE_CONF=$work/storage.conf
image=localhost/ringmaker:$stage

if ! buildah inspect --type image localhost/debian:bookworm-slim >/dev/null 2>&1; then
  container=$(buildah from scratch)
  buildah add -q "$container" build/base_system.tar /
  buildah config --cmd bash --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
  buildah commit -q --rm "$container" localhost/debian:bookworm-slim
fi
buildah build --format docker --layers --pull=never --target "$stage" -t "$image" .
buildah inspect --type image --format '{{.Manifest}}' "$image" |
  grep -q 'application/vnd.docker.distribution.manifest.v2+json' ||
  { echo "the manifest is not Docker's" >&2; exit 1; }

# A training job as SageMaker lays it out, then its model behind the server.
job=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || podman rm -f "$server" >/dev/null
  rm -rf "$job"
}
trap cleanup EXIT
mkdir -p "$job/input/config" "$job/input/data/train" "$job/model" "$job/output"
cp data/iris.csv "$job/input/data/train/"
echo '{"predictor_type": "multiclass_classifier", "label": "species"}' > "$job/input/config/hyperparameters.json"
echo '{"train": {"TrainingInputMode": "File", "ContentType": "text/csv"}}' > "$job/input/config/inputdataconfig.json"
podman run --rm --network none -v "$job:/opt/ml" "$image" train | tail -n 1
[ -s "$job/model/model.ringmaker" ] || { echo "train left no model" >&2; exit 1; }

# Where the platform replaces the entry point, the links must do.
for name in train serve; do
  podman run --rm --network none --entrypoint "$name" "$image" --help >/dev/null
done
for capability in accept-bind-to-port multi-models bidirectional-streaming; do
  label=$(podman image inspect --format \
    "{{index .Labels \"com.amazonaws.sagemaker.capabilities.$capability\"}}" "$image")
  [ "$label" = true ] || { echo "the image lacks its label $capability" >&2; exit 1; }
done

port=18081
server=$(podman run -d --network host --read-only -e SAGEMAKER_BIND_TO_PORT=$port \
  -v "$job/model:/opt/ml/model:ro" "$image" serve)
for _ in $(seq 100); do
  curl -fs -o /dev/null "http://127.0.0.1:$port/ping" && break
  sleep 0.05
done
answer=$(curl -fs -H 'Content-Type: text/csv' -d '5.1,3.5,1.4,0.2' "http://127.0.0.1:$port/invocations")
podman stop -t 30 "$server" >/dev/null
podman logs "$server"
code=$(podman inspect --format '{{.State.ExitCode}}' "$server")
echo "one row: $answer; exit code after SIGTERM: $code"
[ -n "$answer" ] && [ "$code" -eq 0 ]

bytes=$(podman image inspect --format '{{.Size}}' "$image")
echo "image $image: $((bytes / 1000)) kB"
