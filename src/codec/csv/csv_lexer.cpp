#include "codec/csv/csv_lexer.h"

#include <algorithm>

namespace ringmaker::codec {
namespace {

/// Offsets are 32 bits wide; a longer text is looked at in parts.
constexpr size_t kTextBytesMax = size_t{1} << 31U;
/// What a vector scanner may write beyond what it needs.
constexpr size_t kSlack = 64;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

}  // namespace

CsvLexer::CsvLexer(char separator, base::InstructionSet set)
    : scanner_(wire::delimiter_scanner(set)),
      marks_(1 + kRunBytes + kSlack),
      rows_(kRunBytes + kSlack) {
  scan_.separator = separator;
  marks_[0] = UINT32_MAX;
}

void CsvLexer::make_room(size_t bytes) {
  const size_t marks_needed = 1 + scan_.marks_count + bytes + kSlack;
  if (marks_.size() < marks_needed) {
    marks_.resize(std::max(marks_needed, marks_.size() * 2));
  }
  const size_t rows_needed = scan_.rows_count + bytes + kSlack;
  if (rows_.size() < rows_needed) {
    rows_.resize(std::max(rows_needed, rows_.size() * 2));
  }
  scan_.marks = marks_.data() + 1;
  scan_.rows = rows_.data();
}

void CsvLexer::index(std::string_view text, bool last, size_t run_bytes) {
  text_ = text.substr(0, kTextBytesMax);
  scan_.quoted = 0;
  scan_.quotes_seen = 0;
  scan_.marks_count = 0;
  scan_.rows_count = 0;
  unclosed_quote_ = false;
  size_t at = 0;
  while (at < text_.size() && (at < run_bytes || scan_.rows_count == 0)) {
    const size_t end = std::min(text_.size(), at + kRunBytes);
    make_room(end - at);
    scanner_(text_.data(), at, end, scan_);
    at = end;
  }
  consumed_ = scan_.rows_count == 0 ? 0 : size_t{marks_[rows_[scan_.rows_count - 1]]} + 1;
  if (last && at == text.size() && consumed_ < at) {
    scan_.marks[scan_.marks_count++] = static_cast<uint32_t>(at);
    scan_.rows[scan_.rows_count++] = static_cast<uint32_t>(scan_.marks_count);
    unclosed_quote_ = scan_.quoted != 0;
    consumed_ = at;
  }
}

std::string_view without_blanks(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

CsvText field_text(std::string_view raw, std::string& scratch) {
  CsvText field{.text = without_blanks(raw)};
  if (field.text.empty() || field.text.front() != '"') {
    field.well_formed = field.text.find('"') == std::string_view::npos;
    return field;
  }
  field.quoted = true;
  const size_t close = field.text.size() - 1;
  std::string_view inner = field.text.substr(1);
  field.well_formed = close > 0 && field.text[close] == '"';
  if (!field.well_formed) {
    return field;
  }
  inner.remove_suffix(1);
  field.text = inner;
  if (inner.find('"') == std::string_view::npos) {
    return field;
  }
  scratch.clear();
  for (size_t i = 0; i < inner.size(); ++i) {
    if (inner[i] == '"') {
      ++i;
      if (i == inner.size() || inner[i] != '"') {
        field.well_formed = false;
        return field;
      }
    }
    scratch += inner[i];
  }
  field.text = scratch;
  return field;
}

}  // namespace ringmaker::codec
