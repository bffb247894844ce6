#!/usr/bin/env bash
# base_system.sh: makes build/base_system.tar, a Debian 12 of nothing but the base system with this
# machine's apt configuration, unless it is there already. For bare_debian.sh and image.sh; needs root.
set -euo pipefail
cd "$(dirname "$0")/.."

[ ! -f build/base_system.tar ] || exit 0
[ "$(id -u)" -eq 0 ] || { echo "run as root: it makes a root file system" >&2; exit 3; }
scripts/install_packages.sh image
mkdir -p build
# Keys and certificates go along, since the configuration may point at them.
# shellcheck disable=SC2016  # $1 is the root that mmdebstrap makes
hooks=(--customize-hook='rm -f "$1/etc/apt/sources.list"' --customize-hook='copy-in /etc/apt /etc'
       --customize-hook='copy-in /usr/share/keyrings /usr/share')
if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
  # shellcheck disable=SC2016  # $1 is the root that mmdebstrap makes
  hooks+=(--customize-hook='mkdir -p "$1/etc/ssl/certs"')
  hooks+=(--customize-hook='upload /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt')
fi
mmdebstrap --quiet --variant=minbase "${hooks[@]}" bookworm build/base_system.part.tar
mv build/base_system.part.tar build/base_system.tar
