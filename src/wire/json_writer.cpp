#include "wire/json_writer.h"

#include "base/check.h"
#include "wire/utf8.h"

namespace ringmaker::wire {
namespace {

void append_escaped(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kHex[byte >> 4U];
      out += kHex[byte & 0xFU];
  }
}

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

void append_valid(std::string& out, std::string_view text) {
  size_t from = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (needs_escape(text[i])) {
      out += text.substr(from, i - from);
      append_escaped(out, text[i]);
      from = i + 1;
    }
  }
  out += text.substr(from);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!is_utf8(text)) {
    const size_t valid = utf8_valid_prefix(text);
    append_valid(out, text.substr(0, valid));
    out += kReplacementCharacter;
    text.remove_prefix(valid + 1);
  }
  append_valid(out, text);
  out += '"';
}

JsonWriter& JsonWriter::key(std::string_view name) {
  RM_DCHECK(!levels_.empty());
  RM_DCHECK(!after_key_);
  separate();
  append_json_string(out_, name);
  out_ += pretty_ ? ": " : ":";
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  before_value();
  append_json_string(out_, text);
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  before_value();
  out_ += json;
  return *this;
}

JsonWriter& JsonWriter::open(char bracket, bool on_one_line) {
  before_value();
  out_ += bracket;
  const bool inherited = !levels_.empty() && levels_.back().on_one_line;
  levels_.push_back({true, on_one_line || inherited});
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  RM_DCHECK(!levels_.empty());
  RM_DCHECK(!after_key_);
  const Level level = levels_.back();
  levels_.pop_back();
  if (pretty_ && !level.empty && !level.on_one_line) {
    new_line();
  }
  out_ += bracket;
  if (pretty_ && levels_.empty()) {
    out_ += '\n';
  }
  return *this;
}

void JsonWriter::before_value() {
  if (after_key_) {
    after_key_ = false;
  } else if (!levels_.empty()) {
    separate();
  }
}

void JsonWriter::separate() {
  Level& level = levels_.back();
  if (!level.empty) {
    out_ += ',';
  }
  if (pretty_ && !level.on_one_line) {
    new_line();
  } else if (pretty_ && !level.empty) {
    out_ += ' ';
  }
  level.empty = false;
}

void JsonWriter::new_line() {
  out_ += '\n';
  out_.append(levels_.size() * 2, ' ');
}

}  // namespace ringmaker::wire
