// Numbers: strtof and ours say the same or both refuse, of JSON's numbers strtod and ours; the bulk
// parsers agree with the slow one; what is written reads back.
#include "base/check.h"
#include "wire/json_number.h"
#include "wire/number_fields.h"
#include "wire/number_format.h"
#include "wire/number_parse.h"

#include <bit>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace ringmaker;

/// What strtof takes and we do not: blanks before, hexadecimal, nan(...).
bool is_foreign(std::string_view text) {
  return text.empty() || text.find_first_of(" \t\n\v\f\rxXpP()\0") != std::string_view::npos ||
         text.find('\0') != std::string_view::npos || text.size() > wire::kNumberLengthMax;
}

void check_against_strtof(std::string_view text) {
  const std::string copy(text);
  const auto parsed = wire::parse_float(text);
  if (is_foreign(text)) {
    return;
  }
  char* end = nullptr;
  const float expected = std::strtof(copy.c_str(), &end);
  const bool whole = end == copy.c_str() + copy.size();
  RM_CHECK(whole == (parsed.status != wire::NumberStatus::kNotANumber));
  if (!whole) {
    return;
  }
  const bool overflow = std::isinf(expected) && text.find_first_of("iI") == std::string_view::npos;
  RM_CHECK(overflow == (parsed.status == wire::NumberStatus::kOutOfRange));
  if (parsed.ok() && !std::isnan(expected)) {
    RM_CHECK(std::bit_cast<uint32_t>(parsed.value) == std::bit_cast<uint32_t>(expected));
    char written[wire::kNumberBytesMax];
    const char* written_end = wire::format_number(parsed.value, written);
    const auto again =
        wire::parse_float({written, static_cast<size_t>(written_end - written)}).value;
    RM_CHECK(std::bit_cast<uint32_t>(again) == std::bit_cast<uint32_t>(parsed.value));
  }
}

/// Of what is in JSON's grammar.
void check_against_strtod(std::string_view text) {
  const auto read = wire::parse_json_number(text);
  if (!read || text.size() > wire::kNumberLengthMax) {
    return;
  }
  const std::string copy(text);
  char* end = nullptr;
  const double expected = std::strtod(copy.c_str(), &end);
  RM_CHECK(end == copy.c_str() + copy.size());
  RM_CHECK(std::bit_cast<uint64_t>(expected) == std::bit_cast<uint64_t>(*read));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<uint32_t> marks = {UINT32_MAX};
  for (size_t i = 0; i <= size && marks.size() <= 64; ++i) {
    if (i == size || text[i] == ',') {
      check_against_strtof(text.substr(marks.back() + 1, i - (marks.back() + 1)));
      check_against_strtod(text.substr(marks.back() + 1, i - (marks.back() + 1)));
      marks.push_back(static_cast<uint32_t>(i));
    }
  }
  const size_t count = marks.size() - 1;
  for (const auto set : {base::InstructionSet::kPortable, base::detect_instruction_set()}) {
    std::vector<float> out(count);
    const uint64_t left = wire::fields_parser(set)(text.data(), marks.data(), count, out.data());
    for (size_t k = 0; k < count; ++k) {
      if ((left >> k & 1) == 0) {
        const uint32_t begin = marks[k] + 1;
        const auto slow = wire::parse_float(text.substr(begin, marks[k + 1] - begin));
        RM_CHECK(slow.ok());
        RM_CHECK(std::bit_cast<uint32_t>(slow.value) == std::bit_cast<uint32_t>(out[k]));
      }
    }
  }
  return 0;
}
