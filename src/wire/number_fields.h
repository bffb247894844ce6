// Many numbers at once: the fields between marks in a text, straight to a row of floats.
//
// What reading a CSV costs is decided here. Fields of at most 16 bytes made of an optional minus,
// digits and at most one point are parsed, all others are only reported: they are rare in numeric
// files, and what an empty or quoted field means is not for this room to say.
#pragma once

#include "base/cpu.h"

#include <cstddef>
#include <cstdint>

namespace ringmaker::wire {

/// Field k of `count` <= 64 is text[marks[k] + 1 .. marks[k + 1]), with marks[0] = UINT32_MAX
/// standing for "-1". Writes out[k], the bits of strtof. A set bit k in the answer says that field
/// k was not such a number; out[k] then holds anything. Reads no byte outside of the fields but
/// bytes of `text` before them.
using FieldsParser = uint64_t (*)(const char* text, const uint32_t* marks, size_t count,
                                  float* out) noexcept;

/// The best parser that `set` allows.
[[nodiscard]] FieldsParser fields_parser(base::InstructionSet set) noexcept;

}  // namespace ringmaker::wire
