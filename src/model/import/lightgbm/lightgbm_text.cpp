#include "model/import/lightgbm/lightgbm_text.h"

#include "base/text.h"
#include "model/import/lightgbm/lightgbm_tree.h"
#include "model/tree/validate_trees.h"
#include "wire/number_parse.h"
#include "wire/plain_number.h"
#include "wire/utf8.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <type_traits>

namespace ringmaker::model {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::string_view kTreesEnd = "end of trees";

/// What follows the trees in files that do not say that these have ended.
bool begins_importances(std::string_view line) {
  return line.starts_with("feature importances:") || line.starts_with("feature_importances:");
}

/// A value in an error: texts of any length and content may stand there.
std::string shown(std::string_view text) {
  constexpr size_t kShown = 40;
  std::string result(text.substr(0, kShown));
  std::ranges::replace_if(result, [](char c) { return c < ' ' || c > '~'; }, '?');
  return text.size() > kShown ? result + "..." : result;
}

auto refused(std::string_view field, std::string_view found, std::string_view expected) {
  return fail(ErrorCode::kInvalidInput,
              fmt::format("{} is \"{}\", expected {}", field, shown(found), expected));
}

/// Takes the next word off the front; empty at the end.
std::string_view next_word(std::string_view& rest) {
  size_t begin = 0;
  while (begin < rest.size() && rest[begin] == ' ') {
    ++begin;
  }
  size_t end = begin;
  while (end < rest.size() && rest[end] != ' ') {
    ++end;
  }
  const std::string_view word = rest.substr(begin, end - begin);
  rest.remove_prefix(end);
  return word;
}

bool parse(std::string_view word, int64_t& value) {
  const auto parsed = std::from_chars(word.data(), word.data() + word.size(), value);
  return parsed.ec == std::errc() && parsed.ptr == word.data() + word.size();
}

bool parse(std::string_view word, double& value) {
  const auto parsed = wire::parse_double(word);
  value = parsed.value;
  return parsed.ok();
}

/// Appends the plain numbers that the text begins with; the text behind them.
template <class Number>
std::string_view after_plain(std::string_view text, std::vector<Number>& list) {
  using Read = std::conditional_t<std::is_same_v<Number, double>, double, int32_t>;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    Read number{};
    const char* const stop = wire::scan_plain(at, end, number);
    if (stop == nullptr || (stop != end && *stop != ' ')) {
      break;
    }
    list.push_back(number);
    at = stop == end ? end : stop + 1;
  }
  return {at, static_cast<size_t>(end - at)};
}

template <class Number>
Result<void> read_list(std::string_view field, std::string_view text, std::vector<Number>& list) {
  list.clear();
  while (true) {
    text = after_plain(text, list);
    const std::string_view word = next_word(text);
    if (word.empty()) {
      return {};
    }
    Number number{};
    if (!parse(word, number)) {
      return refused(fmt::format("{}[{}]", field, list.size()), word,
                     std::is_same_v<Number, double> ? "a number" : "a whole number");
    }
    list.push_back(number);
  }
}

Result<int64_t> read_integer(std::string_view field, std::string_view text) {
  int64_t value = 0;
  if (!parse(text, value)) {
    return refused(field, text, "a whole number");
  }
  return value;
}

Result<uint64_t> read_count(std::string_view field, std::string_view text) {
  RM_ASSIGN(const int64_t value, read_integer(field, text));
  if (value < 0) {
    return refused(field, text, "0 or more");
  }
  return static_cast<uint64_t>(value);
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (std::string_view word = next_word(text); !word.empty(); word = next_word(text)) {
    words.emplace_back(word);
  }
  return words;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text), translator_(file_, text.size()) {}

  Result<LightgbmFile> read() {
    next_line();  // the mark
    RM_TRY(read_header());
    RM_TRY(check_header());
    while (in_file_ && line_.starts_with("Tree=")) {
      RM_TRY(read_tree());
    }
    RM_TRY(check_end());
    RM_TRY(read_tail());
    return std::move(file_);
  }

 private:
  /// A line without its end; a last one that has none counts.
  void next_line() {
    in_file_ = !rest_.empty();
    const size_t end = rest_.find('\n');
    line_ = rest_.substr(0, end);
    line_ended_ = end != std::string_view::npos;
    rest_ = end == std::string_view::npos ? std::string_view() : rest_.substr(end + 1);
    if (line_.ends_with('\r')) {
      line_.remove_suffix(1);
    }
  }

  [[nodiscard]] bool at_trees() const {
    return line_.starts_with("Tree=") || line_ == kTreesEnd || begins_importances(line_);
  }

  /// Divides the line into key and value; a line without "=" is a key.
  void divide_line() {
    const size_t equals = line_.find('=');
    key_ = line_.substr(0, equals);
    value_ = equals == std::string_view::npos ? std::string_view() : line_.substr(equals + 1);
  }

  Result<void> read_header() {
    for (next_line(); in_file_ && !at_trees(); next_line()) {
      divide_line();
      if (auto read = read_header_field(); !read) {
        return fail(read.error());
      }
    }
    return {};
  }

  Result<void> read_header_field() {
    if (key_ == "version") {
      file_.version = value_;
    } else if (key_ == "objective") {
      file_.objective = base::trimmed(value_);
    } else if (key_ == "num_class") {
      RM_ASSIGN(file_.classes, read_count(key_, value_));
    } else if (key_ == "num_tree_per_iteration") {
      RM_ASSIGN(file_.trees_per_round, read_count(key_, value_));
    } else if (key_ == "max_feature_idx") {
      RM_ASSIGN(file_.feature_index_max, read_count(key_, value_));
    } else if (key_ == "average_output") {
      file_.average_output = true;
    } else if (key_ == "feature_names") {
      file_.feature_names = words_of(value_);
    } else if (key_ == "feature_infos") {
      file_.feature_infos = words_of(value_);
    } else if (key_ == "tree_sizes") {
      file_.tree_sizes = words_of(value_).size();
    }
    return {};
  }

  Result<void> check_header() const {
    if (file_.version.empty()) {
      return fail(in_file_ ? ErrorCode::kInvalidInput : ErrorCode::kCorrupt, "version is missing");
    }
    if (file_.version != "v2" && file_.version != "v3" && file_.version != "v4") {
      return fail(
          ErrorCode::kUnsupported,
          fmt::format("version is \"{}\", this build reads v2, v3 and v4", shown(file_.version)));
    }
    if (!file_.feature_index_max) {
      return fail(ErrorCode::kInvalidInput, "max_feature_idx is missing");
    }
    if (*file_.feature_index_max >= kTreeFeaturesMax) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("max_feature_idx is {}, up to {} features are read",
                              *file_.feature_index_max, kTreeFeaturesMax));
    }
    if (file_.feature_names.size() != *file_.feature_index_max + 1) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("feature_names has {} entries, max_feature_idx says {}",
                              file_.feature_names.size(), *file_.feature_index_max + 1));
    }
    return {};
  }

  Result<void> read_tree() {
    const size_t number = translator_.trees();
    RM_ASSIGN(const uint64_t named, read_count("Tree", line_.substr(line_.find('=') + 1)));
    if (named != number) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("Tree={} stands where Tree={} should", named, number));
    }
    tree_.clear();
    for (next_line(); in_file_ && !at_trees(); next_line()) {
      divide_line();
      if (auto read = read_tree_field(); !read) {
        return fail(read.error().within(fmt::format("Tree={}", number)));
      }
    }
    if (!in_file_) {
      return cut_off();
    }
    return translator_.append(tree_);
  }

  Result<void> read_tree_field() {
    struct Numbers {
      std::string_view key;
      std::vector<double> LightgbmTree::* list;
    };
    struct Integers {
      std::string_view key;
      std::vector<int64_t> LightgbmTree::* list;
    };
    static constexpr Numbers kNumbers[] = {
        {"threshold", &LightgbmTree::threshold},
        {"leaf_value", &LightgbmTree::leaf_value},
        {"split_gain", &LightgbmTree::split_gain},
        {"leaf_count", &LightgbmTree::leaf_count},
        {"internal_count", &LightgbmTree::internal_count},
        {"leaf_const", &LightgbmTree::leaf_const},
        {"leaf_coeff", &LightgbmTree::leaf_coeff},
    };
    static constexpr Integers kIntegers[] = {
        {"split_feature", &LightgbmTree::split_feature},
        {"decision_type", &LightgbmTree::decision_type},
        {"left_child", &LightgbmTree::left_child},
        {"right_child", &LightgbmTree::right_child},
        {"cat_boundaries", &LightgbmTree::cat_boundaries},
        {"cat_threshold", &LightgbmTree::cat_threshold},
        {"num_features", &LightgbmTree::num_features},
        {"leaf_features", &LightgbmTree::leaf_features},
    };
    for (const Numbers& field : kNumbers) {
      if (key_ == field.key) {
        return read_list(key_, value_, tree_.*field.list);
      }
    }
    for (const Integers& field : kIntegers) {
      if (key_ == field.key) {
        return read_list(key_, value_, tree_.*field.list);
      }
    }
    if (key_ == "num_leaves") {
      RM_ASSIGN(tree_.leaves, read_integer(key_, value_));
    } else if (key_ == "num_cat") {
      RM_ASSIGN(tree_.categorical_splits, read_integer(key_, value_));
    } else if (key_ == "is_linear") {
      RM_ASSIGN(const int64_t linear, read_integer(key_, value_));
      tree_.linear = linear != 0;
    }
    return {};
  }

  [[nodiscard]] tl::unexpected<base::Error> cut_off() const {
    return fail(ErrorCode::kCorrupt,
                translator_.trees() == 0
                    ? "the file is cut off: no tree and no \"end of trees\" is in it"
                    : fmt::format("the file is cut off: it ends behind Tree={} without \"{}\"",
                                  translator_.trees() - 1, kTreesEnd));
  }

  Result<void> check_end() const {
    if (!in_file_) {
      return cut_off();
    }
    if (file_.tree_sizes && *file_.tree_sizes != translator_.trees()) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("tree_sizes has {} entries, the model has {} trees",
                              *file_.tree_sizes, translator_.trees()));
    }
    return {};
  }

  /// Parameters, and what Python puts behind them: where both are missing, the file was cut. A
  /// model of a version that wrote no parameters keeps none when a later one saves it again.
  Result<void> read_tail() {
    constexpr std::string_view kCategorical = "[categorical_feature:";
    constexpr std::string_view kPandas = "pandas_categorical:";
    enum class Part : uint8_t { kImportances, kParameters, kEnd };
    const bool says_trees_end = line_ == kTreesEnd;
    Part part = Part::kImportances;
    bool whole = line_ended_;  // the last line, or what it says shows it
    bool pandas = false;
    std::vector<std::string_view> important;
    for (next_line(); in_file_; next_line()) {
      whole = line_ended_;
      if (line_ == "parameters:") {
        part = Part::kParameters;
      } else if (line_ == "end of parameters") {
        part = Part::kEnd;
        whole = true;
      } else if (part == Part::kParameters) {
        if (line_.starts_with(kCategorical) && line_.ends_with(']')) {
          const std::string_view list = line_.substr(kCategorical.size());
          file_.categorical_features = base::trimmed(list.substr(0, list.size() - 1));
        }
      } else if (line_.starts_with(kPandas)) {
        file_.pandas_categories = base::trimmed(line_.substr(kPandas.size()));
        pandas = true;
        whole |= file_.pandas_categories == "null" || file_.pandas_categories.ends_with(']');
      } else if (part == Part::kImportances) {
        important.push_back(line_.substr(0, line_.rfind('=')));
      }
    }
    if (part == Part::kParameters) {
      return fail(ErrorCode::kCorrupt,
                  "the file is cut off: parameters do not end with \"end of parameters\"");
    }
    if (!whole) {
      return fail(ErrorCode::kCorrupt, "the file is cut off: its last line has no end");
    }
    if (part == Part::kEnd || pandas) {
      return {};
    }
    if (says_trees_end || file_.version != "v2") {
      return fail(ErrorCode::kCorrupt,
                  "the file is cut off: neither \"parameters:\" nor \"pandas_categorical:\" stands "
                  "behind its trees");
    }
    return expect_importances(std::move(important));
  }

  /// Old files may end with the importances: one a feature that a split gained by.
  Result<void> expect_importances(std::vector<std::string_view> named) const {
    std::ranges::sort(named);
    for (size_t j = 0; j < std::min(file_.gains.size(), file_.feature_names.size()); ++j) {
      const std::string_view feature = file_.feature_names[j];
      if (file_.gains[j] > 0 && !std::ranges::binary_search(named, feature)) {
        return fail(ErrorCode::kCorrupt,
                    fmt::format("the file is cut off: feature importances lack \"{}\", which its "
                                "trees split on",
                                shown(feature)));
      }
    }
    return {};
  }

  std::string_view rest_;
  std::string_view line_;
  std::string_view key_;
  std::string_view value_;
  bool in_file_ = true;
  bool line_ended_ = true;
  LightgbmFile file_;
  LightgbmTree tree_;
  LightgbmTreeTranslator translator_;
};

}  // namespace

bool is_lightgbm_text(std::string_view start) noexcept {
  start = wire::without_byte_order_mark(start);
  constexpr std::array<std::string_view, 4> kHeader{
      "\nversion=", "\nnum_class=", "\nnum_tree_per_iteration=", "\nmax_feature_idx="};
  return (start.starts_with("tree\n") || start.starts_with("tree\r\n")) &&
         std::ranges::any_of(kHeader, [&](std::string_view line) {
           return start.find(line) != std::string_view::npos;
         });
}

Result<LightgbmFile> read_lightgbm_text(std::string_view text) {
  return Reader(wire::without_byte_order_mark(text)).read();
}

}  // namespace ringmaker::model
