#!/usr/bin/env bash
# bare_debian.sh [--keep] [--user] [--ccache DIR] COMMAND...: runs a command in a clone of this repository (its last
# commit) inside a fresh Debian 12 root that has nothing but the base system, as root or, with --user,
# as a user with sudo. For instance: scripts/bare_debian.sh scripts/quickstart.sh --once
# The root uses this machine's apt configuration and name servers. Needs root. The base system is made
# once (scripts/base_system.sh); the root is thrown away unless --keep is given. --ccache: objects that
# this cache holds are not compiled again; nothing is written into it.
set -euo pipefail
cd "$(dirname "$0")/.."

keep=false as_user=false ccache=
while :; do
  case "${1:-}" in
    --keep) keep=true ;;
    --user) as_user=true ;;
    --ccache) ccache=$(realpath -e "${2:?}"); shift ;;
    *) break ;;
  esac
  shift
done
[ $# -gt 0 ] || { echo "usage: scripts/bare_debian.sh [--keep] [--user] [--ccache DIR] COMMAND..." >&2; exit 2; }
[ "$(id -u)" -eq 0 ] || { echo "run as root: it makes and mounts a root file system" >&2; exit 3; }

scripts/base_system.sh

root=$(mktemp -d build/bare_debian.XXXXXX)
root=$PWD/$root
mounted=()
cleanup() {
  local at
  for ((at = ${#mounted[@]} - 1; at >= 0; at--)); do
    umount -R "${mounted[at]}" || umount -R -l "${mounted[at]}"
  done
  if $keep; then
    echo "kept: $root"
  else
    rm -rf --one-file-system "$root"
  fi
}
trap cleanup EXIT

tar -xf build/base_system.tar -C "$root"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
mount_in() {
  mount "${@:2}" "$root/$1"
  mounted+=("$root/$1")
}
mount_in proc -t proc proc
mount_in sys -t sysfs -o ro sysfs
mount_in dev --rbind /dev
mount --make-rslave "$root/dev"

# A clone, as a visitor gets it: the last commit and nothing that lies about.
git clone -q --no-local "file://$PWD" "$root/root/ringmaker"
home=/root
if $as_user; then
  chroot "$root" /bin/sh -c 'apt-get update -q && apt-get install -q -y --no-install-recommends sudo &&
    useradd --create-home visitor && echo "visitor ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/visitor'
  home=/home/visitor
  mv "$root/root/ringmaker" "$root$home/"
  chroot "$root" chown -R visitor: "$home/ringmaker"
fi

variables=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME="$home")
if [ -n "$ccache" ]; then
  # Where the sources lie makes no difference to it.
  mkdir -p "$root/var/cache/ccache"
  mount_in var/cache/ccache --bind -o ro "$ccache"
  variables+=(CCACHE_DIR=/var/cache/ccache CCACHE_READONLY=true CCACHE_TEMPDIR=/tmp/ccache
    CCACHE_BASEDIR="$home" CCACHE_NOHASHDIR=true)
  # The language of messages is part of its key.
  mapfile -t -O "${#variables[@]}" variables < <(env | grep -E '^(LANG|LC_[A-Z]+)=' || true)
fi

enter=(chroot)
if $as_user; then
  enter=(chroot --userspec=visitor:visitor)
fi
echo "bare Debian: $* (as $(basename "$home"))"
# shellcheck disable=SC2016  # expanded inside
env -i "${variables[@]}" "${enter[@]}" "$root" /bin/bash -c 'cd "$HOME/ringmaker" && exec "$@"' bash "$@" </dev/null
