#!/usr/bin/env bash
# arm64_system.sh: lays out build/arm64_system, the libraries and headers of a Debian 12 for 64-bit ARM
# that the preset arm64 compiles against and qemu runs programs with, unless they are there already.
# They are unpacked and not installed: Debian's simdjson and wslay for ARM would replace this machine's.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=build/arm64_system
# The libraries of scripts/packages.txt that the product and its tests are compiled with.
mapfile -t libraries < <(sed -n -e '/^\[build\]$/,/^\[/p' -e '/^\[test\]$/,/^\[/p' scripts/packages.txt |
                           grep -e '-dev$')
libraries+=(libc6-dev libstdc++-12-dev)

made_of=$(printf '%s\n' "${libraries[@]}")
[ "$(cat $folder/made_of 2>/dev/null)" != "$made_of" ] || exit 0
scripts/install_packages.sh arm64
rm -rf "$folder" "$folder.part"
mkdir -p build
mmdebstrap --quiet --variant=extract --architectures=arm64 --include="${libraries[*]}" bookworm "$folder.part"
echo "$made_of" > "$folder.part/made_of"
mv "$folder.part" "$folder"
