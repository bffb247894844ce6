#include "codec/error_mark.h"

#include "codec/json/predictions.h"
#include "wire/json_writer.h"

namespace ringmaker::codec {
namespace {

void append_csv(std::string_view sentence, std::string& out) {
  out += "\"error: ";
  for (const char c : sentence) {
    // A record is a line.
    out += c == '\n' || c == '\r' ? ' ' : c;
    if (c == '"') {
      out += c;
    }
  }
  out += "\"\n";
}

void append_json(std::string_view sentence, std::string& out) {
  out += "{\"error\":";
  wire::append_json_string(out, sentence);
  out += '}';
}

}  // namespace

bool can_hold_error_marks(Format format) noexcept {
  return format == Format::kCsv || format == Format::kJson || format == Format::kJsonLines;
}

void append_error_mark(Format format, std::string_view sentence, const Portion& portion,
                       std::string& out) {
  if (format == Format::kCsv) {
    append_csv(sentence, out);
  } else if (format == Format::kJsonLines) {
    append_json(sentence, out);
    out += '\n';
  } else {
    out += portion.first ? kPredictionsOpen : ",";
    append_json(sentence, out);
    if (portion.last) {
      out += kPredictionsClose;
    }
  }
}

}  // namespace ringmaker::codec
