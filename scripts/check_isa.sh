#!/usr/bin/env bash
# check_isa.sh BUILD_FOLDER: an old CPU never meets an instruction it does not have. Files compiled
# for one instruction set (*_avx2.cpp, *_avx512.cpp) define nothing that the linker could hand to
# anybody else, and in the linked program whatever x86-64-v2 lacks stands in their namespaces alone.
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: scripts/check_isa.sh BUILD_FOLDER" >&2; exit 2; }
program=$1/ringmaker
[ -x "$program" ] || { echo "no program at $program" >&2; exit 2; }
case "$(objdump -f "$program")" in
  *x86-64*) ;;
  *) echo "not an x86-64 program: nothing to check"; exit 0 ;;
esac

broken=0
complain() {
  echo "$1" >&2
  broken=1
}

# 1. Symbols. Weak ones (inline functions, templates) may be merged with those of other files, and a
# strong one belongs into the namespace of its set. DW.ref.* are pointers to the personality routine.
objects=0
while IFS= read -r object; do
  objects=$((objects + 1))
  set_name=$(sed -E 's/.*_(avx2|avx512)\.cpp\.o$/\1/' <<<"$object")
  while read -r kind symbol; do
    case "$kind:$symbol" in
      [WwVvuiC]:DW.ref.*) ;;
      [WwVvuiC]:*) complain "$object shares ($kind) $symbol" ;;
      [TDRBG]:*)
        [[ $symbol =~ (^|[:_])$set_name:: ]] ||
          complain "$object defines $symbol outside of a namespace of $set_name" ;;
    esac
  done < <(nm -C --defined-only "$object" | sed -E 's/^[0-9a-f]+ //')
done < <(find "$1/src" -name '*_avx2.cpp.o' -o -name '*_avx512.cpp.o' | sort)
[ "$objects" -gt 0 ] || complain "no object for an instruction set below $1/src"

# 2. Instructions. tzcnt and pause are old encodings with a new meaning and harmless before v3.
objdump -d -C --no-show-raw-insn "$program" | awk '
  /^[0-9a-f]+ <.*>:$/ {
    function_name = $0
    sub(/^[0-9a-f]+ </, "", function_name)
    sub(/>:$/, "", function_name)
    level = 2
    if (function_name ~ /(^|[:_])avx2::/) level = 3
    if (function_name ~ /(^|[:_])avx512::/) level = 4
    next
  }
  /^ *[0-9a-f]+:\t/ {
    needs = 2
    split($0, parts, "\t")
    mnemonic = parts[2]
    sub(/ .*/, "", mnemonic)
    if (parts[2] ~ /%zmm|%k[0-7]|%[xy]mm(1[6-9]|2[0-9]|3[01])/) needs = 4
    else if (mnemonic ~ /^v/ && mnemonic !~ /^ver[rw]$/) needs = 3
    else if (mnemonic ~ /^(andn|bextr|blsi|blsr|blsmsk|bzhi|mulx|pdep|pext|rorx|sarx|shlx|shrx|lzcnt|movbe)[lqw]?$/)
      needs = 3
    seen[level]++
    if (needs > level) wrong[function_name " has " mnemonic]++
  }
  END {
    for (place in wrong) { print place " (" wrong[place] " times)"; failed = 1 }
    for (level = 2; level <= 4; level++)
      if (!seen[level]) { print "no instruction found for x86-64-v" level; failed = 1 }
    if (!failed) printf "instructions for x86-64-v2: %d, -v3: %d, -v4: %d, each in its place\n", seen[2], seen[3], seen[4]
    exit failed
  }' || broken=1

exit "$broken"
