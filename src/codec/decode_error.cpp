#include "codec/decode_error.h"

#include "base/check.h"
#include "wire/number_parse.h"
#include "wire/utf8.h"

#include <algorithm>
#include <span>
#include <vector>

namespace ringmaker::codec {
namespace {

/// "a, b, …, z"
std::string some_of(const std::vector<std::string>& names) {
  constexpr size_t kNamesMax = 4;
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) {
    if (names.size() > kNamesMax && i == 2) {
      text += ", …";
      i = names.size() - 1;
    }
    text += i == 0 ? "" : ", ";
    text += wire::printable(names[i]);
  }
  return text;
}

/// Builds the sentence for one error; `brief` keeps names and values out of it.
class Sentence {
 public:
  Sentence(const DecodeError& error, const data::Schema& schema, bool brief)
      : error_(error), schema_(schema), brief_(brief) {}

  std::string text() const;

 private:
  std::string number(uint64_t value) const { return std::to_string(value); }
  std::string quoted(std::string_view foreign) const {
    return '"' + wire::printable(foreign) + '"';
  }
  std::string_view found_text() const { return {error_.text.data(), error_.text_bytes}; }

  /// "row 3, column 7 "age": " as far as it is known.
  std::string place() const;
  /// "13 (age, anaemia, …, time)"
  std::string model_width() const;
  std::string width() const;
  std::string empty() const;
  std::string not_a_number() const;
  std::string value_error(std::string_view what) const;
  std::string shape() const;
  std::string unknown_column() const;
  std::string truncated() const;
  std::string index_range() const;

  const DecodeError& error_;
  const data::Schema& schema_;
  bool brief_;
};

std::string Sentence::place() const {
  std::string text;
  if (error_.row > 0) {
    text += "row " + number(error_.row);
  }
  if (error_.column > 0) {
    text += (text.empty() ? "column " : ", column ") + number(error_.column);
  }
  if (!brief_ && error_.feature > 0 && error_.feature <= schema_.feature_count()) {
    text += ' ' + quoted(schema_.feature_names[error_.feature - 1]);
  }
  return text.empty() ? text : text + ": ";
}

std::string Sentence::model_width() const {
  const auto& names = schema_.feature_names;
  const std::string text = number(names.size());
  return brief_ || names.empty() ? text : text + " (" + some_of(names) + ')';
}

std::string Sentence::width() const {
  if (error_.row == 0 && !schema_.features_named) {  // of a header
    return "the header has " + number(error_.found) +
           (error_.found == 1 ? " column, " : " columns, ") + "the model, which knows no names, " +
           "expects " + number(error_.expected) + '.';
  }
  const bool header = error_.expected != schema_.feature_count();
  std::string text = "row " + number(error_.row) + " has " + number(error_.found) +
                     (error_.found == 1 ? " value, " : " values, ") +
                     (header ? "the header names " + number(error_.expected)
                             : "the model expects " + model_width()) +
                     '.';
  if (error_.code == DecodeErrorCode::kTrailingSeparator) {
    text += " The last one is empty: the row ends in a separator.";
  } else if (!header && error_.found == error_.expected + 1) {
    text += " It looks as if the label column is included.";
  }
  return text;
}

std::string Sentence::empty() const {
  const std::string_view what =
      found_text().empty() ? "the payload holds no rows" : "the payload holds a header but no rows";
  return std::string(what) + "; the model expects rows of " + model_width() + '.';
}

std::string Sentence::not_a_number() const {
  if (wire::is_decimal_comma(found_text())) {
    return place() + (brief_ ? "a value" : quoted(found_text())) +
           " is not a number: decimals are written with a point.";
  }
  const std::string value = place() + (brief_ ? "a value" : quoted(found_text()));
  const size_t feature = error_.feature == 0 ? schema_.feature_count() : error_.feature - 1;
  if (schema_.has_category_names(feature)) {
    return value + " is none of the feature's categories" +
           (brief_ ? "" : " (" + some_of(schema_.category_names[feature]) + ')') + '.';
  }
  return value + " is not a number. An empty field, nan, NA or null stands for a missing value.";
}

std::string Sentence::value_error(std::string_view what) const {
  return place() + (brief_ ? "a value" : quoted(found_text())) + ' ' + std::string(what);
}

std::string Sentence::shape() const {
  const std::string text =
      place() + (brief_ ? "the JSON has an unknown shape" : std::string(found_text()));
  if (error_.code == DecodeErrorCode::kJsonLineShape) {
    return text + R"(. Send one row a line: […], {"features": […]} or {"name": value, …}.)";
  }
  return text +
         R"(. Send {"instances": [[…], …]}, {"instances": [{"features": […]}, …]}, [[…], …] or )" +
         R"({"columns": […], "data": [[…], …]}.)";
}

std::string Sentence::unknown_column() const {
  const std::string name = brief_ ? "a column" : "the column " + quoted(found_text());
  if (error_.code == DecodeErrorCode::kLacksColumn) {
    return "\"columns\" lacks " + name + "; the model expects " + model_width() + '.';
  }
  if (error_.row == 0) {
    const std::string_view near = brief_ ? std::string_view() : error_.near.data();
    return "the header lacks " + name + (near.empty() ? "" : ", but names " + quoted(near)) +
           "; the model expects " + model_width() +
           ". (A first line without numbers is read as a header.)";
  }
  return "row " + number(error_.row) + " lacks " + name + "; the model expects " + model_width() +
         '.';
}

std::string Sentence::truncated() const {
  const std::string_view member = brief_ ? std::string_view() : error_.member.data();
  return place() + "the payload ends before " + std::string(found_text()) +
         (member.empty() ? "" : ' ' + quoted(member)) + " is complete (byte " +
         number(error_.byte) + ").";
}

std::string Sentence::index_range() const {
  const std::string index = brief_ ? "an index" : "the index " + quoted(found_text());
  return place() + index + " is none of the model's " + number(error_.expected) +
         " features; indices run from " + number(error_.found) + " to " +
         number(uint64_t{error_.found} + error_.expected - 1) +
         (error_.code == DecodeErrorCode::kTextIndexRange && error_.found == 0
              ? ". Where they begin at 1, say \"index_base=1\" in Content-Type."
              : ".");
}

std::string Sentence::text() const {
  switch (error_.code) {
    case DecodeErrorCode::kNone:
      return "no error.";
    case DecodeErrorCode::kEmptyPayload:
      return empty();
    case DecodeErrorCode::kTooFewColumns:
    case DecodeErrorCode::kTooManyColumns:
    case DecodeErrorCode::kTrailingSeparator:
      return width();
    case DecodeErrorCode::kNotANumber:
      return not_a_number();
    case DecodeErrorCode::kNumberRange:
      return value_error("is too large for a 32-bit float.");
    case DecodeErrorCode::kNumberLength:
      return value_error("is longer than " + number(wire::kNumberLengthMax) + " characters.");
    case DecodeErrorCode::kUnclosedQuote:
      return place() + "a quote is opened but never closed.";
    case DecodeErrorCode::kTextAfterQuote:
      return value_error(
          "has a quote where none may be. Quote the whole field, and double the "
          "quotes inside it.");
    case DecodeErrorCode::kHeader:
      return place() + "the line is a header and no row; the columns below it are matched by name.";
    case DecodeErrorCode::kUnmarkedHeader:
      return place() +
             "the line is a header and no row; in a batch transform each line is a row. Send the "
             "file without its header, or have the line marked in the answer "
             "(on-bad-record=mark).";
    case DecodeErrorCode::kUnplacedHeader:
      return place() +
             "the line is a header and no row; in a batch transform each line is a row. Send the "
             "file without its header, or ask for an answer in CSV, JSON or JSON lines, where the "
             "line can be marked: answers in this format hold no marks.";
    case DecodeErrorCode::kBareReturn:
      return "the rows end in CR alone, as on old Macs; end them with LF or CR LF.";
    case DecodeErrorCode::kUtf16:
      return "the payload looks like UTF-16 (its first line begins with FF FE or FE FF, or "
             "every second byte is NUL); CSV is expected in UTF-8.";
    case DecodeErrorCode::kBlankSeparated:
      return "the first line holds " + number(error_.found) +
             " values separated by blanks; the model expects rows of " + model_width() +
             " separated by commas, semicolons, tabs or |.";
    case DecodeErrorCode::kInvalidUtf8:
      return place() + "the text is not UTF-8 (byte " + number(error_.byte) + ").";
    case DecodeErrorCode::kJsonSyntax:
      return place() + "the payload is not valid JSON (byte " + number(error_.byte) + ").";
    case DecodeErrorCode::kJsonDepth:
      return place() + "the JSON is nested more than " + number(error_.expected) +
             " levels deep (byte " + number(error_.byte) + ").";
    case DecodeErrorCode::kJsonShape:
    case DecodeErrorCode::kJsonLineShape:
      return shape();
    case DecodeErrorCode::kJsonOutputs:
      return std::string(found_text()) + "; it is one name, or a list of names.";
    case DecodeErrorCode::kUnknownColumn:
    case DecodeErrorCode::kLacksColumn:
      return unknown_column();
    case DecodeErrorCode::kBlankLine:
      return place() +
             "the line holds no values; in a batch transform each line is a row, and "
             "the model expects rows of " +
             model_width() + '.';
    case DecodeErrorCode::kTooManyRows:
      return "the payload holds more than " + number(error_.found) + " rows.";
    case DecodeErrorCode::kRowTooLong:
      return place() + "the row is longer than " + number(error_.found) +
             " bytes; the model expects rows of " + model_width() + '.';
    case DecodeErrorCode::kNotAPair:
      return value_error("is not index:value.");
    case DecodeErrorCode::kNotALabel:
      return value_error("is neither a label nor index:value.");
    case DecodeErrorCode::kIndexRange:
    case DecodeErrorCode::kTextIndexRange:
      return index_range();
    case DecodeErrorCode::kDuplicateIndex:
      return place() + "the index " + (brief_ ? "is" : quoted(found_text()) + " is") +
             " given twice.";
    case DecodeErrorCode::kDuplicateColumn:
      return place() + (brief_ ? "a column" : quoted(found_text())) + " is given twice.";
    case DecodeErrorCode::kBinaryShape:
      return place() + std::string(found_text()) + '.';
    case DecodeErrorCode::kTruncated:
      return truncated();
    case DecodeErrorCode::kTrailingBytes:
      return "there is more behind the array's last value (byte " + number(error_.byte) + ").";
    case DecodeErrorCode::kTensor:
      return place() + std::string(found_text()) + '.';
    case DecodeErrorCode::kTensorValue:
      return value_error("is no value of the tensor's datatype, " +
                         std::string(error_.member.data()) + "; null stands for a missing one.");
    case DecodeErrorCode::kLacksTensor:
      return "\"inputs\" lacks " + (brief_ ? "a feature" : "the feature " + quoted(found_text())) +
             "; send one tensor of shape [rows, " + number(schema_.feature_count()) +
             "], or one of shape [rows] for each feature, named like it.";
  }
  RM_UNREACHABLE();
}

/// As much of `from` as there is room for.
void copy_start(std::string_view from, std::span<char> to) noexcept {
  constexpr std::string_view kNulShown = "\u2400";
  size_t bytes = 0;
  for (const char c : from) {
    const std::string_view shown = c == '\0' ? kNulShown : std::string_view(&c, 1);
    if (bytes + shown.size() >= to.size()) {
      break;
    }
    std::copy(shown.begin(), shown.end(), to.begin() + static_cast<ptrdiff_t>(bytes));
    bytes += shown.size();
  }
  to[bytes] = '\0';
}

}  // namespace

void DecodeError::set_text(std::string_view offending) noexcept {
  text_bytes = static_cast<uint8_t>(offending.copy(text.data(), text.size() - 1));
  text[text_bytes] = '\0';
}

void DecodeError::set_near(std::string_view name) noexcept { copy_start(name, near); }

void DecodeError::set_member(std::string_view name) noexcept { copy_start(name, member); }

std::string describe(const DecodeError& error, const data::Schema& schema, bool brief) {
  std::string sentence = Sentence(error, schema, brief).text();
  const std::string_view member = error.member.data();
  if (member.empty() || error.code == DecodeErrorCode::kTruncated ||
      error.code == DecodeErrorCode::kTensorValue) {
    return sentence;
  }
  const std::string what = error.code == DecodeErrorCode::kTensor ? "tensor" : "member";
  return brief ? "a " + what + ": " + sentence
               : what + " \"" + wire::printable(member) + "\": " + sentence;
}

}  // namespace ringmaker::codec
