#!/usr/bin/env bash
# install_packages.sh SECTION...: installs the Debian packages that scripts/packages.txt lists in the
# named sections (build, test, bench, image). Does nothing when all of them are there.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=()
for section in "$@"; do
  grep -q "^\[$section\]$" scripts/packages.txt || { echo "unknown section: $section" >&2; exit 2; }
  while read -r package; do
    packages+=("$package")
  done < <(sed -n "/^\[$section\]$/,/^\[/p" scripts/packages.txt | grep -v -e '^\[' -e '^#' -e '^$')
done

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
[ "${#missing[@]}" -gt 0 ] || exit 0

sudo=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "run as root, or install sudo" >&2; exit 3; }
  sudo=(sudo)
fi
echo "installing: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${sudo[@]}" apt-get update -q
"${sudo[@]}" apt-get install -q -y --no-install-recommends "${missing[@]}"
