#!/usr/bin/env bash
# image_root.sh PROGRAM FOLDER: the root file system of the image, as the Dockerfile's build stage needs
# it: the program with its links, the libraries it loads, the little that C programs expect, and the
# licences of all that is linked, headers included.
set -euo pipefail
cd "$(dirname "$0")/.."

[ $# -eq 2 ] || { echo "usage: scripts/image_root.sh PROGRAM FOLDER" >&2; exit 2; }
program=$1 root=$2
about=$root/usr/share/ringmaker
mkdir -p "$root/usr/bin" "$root/etc" "$root/tmp" "$about/licences"
chmod 1777 "$root/tmp"
printf 'root:x:0:0:root:/:/sbin/nologin\n' > "$root/etc/passwd"
printf 'root:x:0:\n' > "$root/etc/group"

install -m 755 "$program" "$root/usr/bin/ringmaker"
ln -s ringmaker "$root/usr/bin/train"
ln -s ringmaker "$root/usr/bin/serve"

# Where /lib is a link to /usr/lib, dpkg knows some files by the one name and some by the other.
package_of() {
  { dpkg-query -S "$1" 2>/dev/null || dpkg-query -S "/usr$1"; } | sed 's/[:,].*//' | head -n 1
}
for library in $(ldd "$program" | grep -o '/[^ ]*'); do
  cp --parents -L "$library" "$root/"
  package_of "$library"
done | sort -u > "$about/runtime_packages.txt"

linked_headers=$(sed -n '/^\[build\]$/,/^\[/p' scripts/packages.txt | grep -E '^(lib.*-dev|node-llhttp)$')
cp LICENSE "$about/licences/ringmaker"
for package in $(cat "$about/runtime_packages.txt") $linked_headers; do
  cp -L "/usr/share/doc/$package/copyright" "$about/licences/$package"
done
