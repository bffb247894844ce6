#include "model/import/xgboost/xgboost_document.h"

#include "model/import/xgboost/xgboost_category_names.h"
#include "model/import/xgboost/xgboost_places.h"
#include "model/import/xgboost/xgboost_tree.h"
#include "wire/json_events.h"
#include "wire/number_parse.h"
#include "wire/plain_number.h"
#include "wire/ubjson_events.h"
#include "wire/utf8.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace ringmaker::model {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using Place = XgboostPlace;

std::optional<uint64_t> count_of(std::string_view text) {
  constexpr double kMost = 9007199254740992.0;  // beyond, a double counts no more
  const auto number = wire::parse_double(text);
  const bool counts = number.ok() && number.value >= 0 && number.value < kMost &&
                      std::floor(number.value) == number.value;
  return counts ? std::optional(static_cast<uint64_t>(number.value)) : std::nullopt;
}

/// "[a,b]" or "a": the texts between.
std::vector<std::string> parts_of(std::string_view text) {
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
  }
  std::vector<std::string> parts;
  while (true) {
    const size_t comma = std::min(text.find(','), text.size());
    std::string_view part = text.substr(0, comma);
    part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
    parts.emplace_back(part.substr(0, part.find_last_not_of(' ') + 1));
    if (comma == text.size()) {
      return parts;
    }
    text.remove_prefix(comma + 1);
  }
}

const char* skip_blanks(const char* at, const char* end) {
  while (at != end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r')) {
    ++at;
  }
  return at;
}

/// Appends the numbers of "[1, 2]", read as Read; false, and nothing appended, where it holds
/// anything but plain ones.
template <class Read, class Value>
bool append_list(std::string_view list, std::vector<Value>& values) {
  const size_t before = values.size();
  const char* const end = list.data() + list.size();
  const char* at = skip_blanks(list.data() + 1, end);
  bool plain = at != end && *at == ']';
  while (!plain) {
    Read number{};
    at = wire::scan_plain(at, end, number);
    if (at == nullptr) {
      break;
    }
    values.push_back(static_cast<Value>(number));
    at = skip_blanks(at, end);
    plain = at != end && *at == ']';
    if (plain || at == end || *at != ',') {
      break;
    }
    at = skip_blanks(at + 1, end);
  }
  if (!plain) {
    values.resize(before);
  }
  return plain;
}

class DocumentReader final : public wire::UbjsonHandler, public wire::JsonLists {
 public:
  explicit DocumentReader(size_t bytes) : translator_(file_, bytes) {}

  Result<XgboostFile> finish(const wire::JsonResult& read, std::string_view format) {
    if (error_) {
      return fail(*error_);
    }
    if (read.outcome != wire::JsonOutcome::kComplete) {
      return fail(ErrorCode::kCorrupt,
                  fmt::format("the {} is damaged or cut off at byte {}", format, read.byte));
    }
    file_.missing = missing_field();
    RM_ASSIGN(file_.tree_outputs, unsigned_of("tree_info", tree_info_));
    RM_ASSIGN(file_.round_begins, unsigned_of("iteration_indptr", rounds_));
    return std::move(file_);
  }

  bool on_begin_object() override {
    const Place place = next();
    if (place != Place::kSkip && !is_object(place)) {
      return refuse("is an object, expected {}", is_list(place) ? "a list" : "a text");
    }
    has_model_ |= place == Place::kModel;
    open_.push_back({place, false});
    return true;
  }
  bool on_end_object() override {
    const Place ended = open_.back().place;
    open_.pop_back();
    if (ended == Place::kTree) {
      return end_tree();
    }
    return ended != Place::kCategories || end_categories();
  }
  bool on_begin_array() override {
    const Place place = next();
    if (place != Place::kSkip && !is_list(place)) {
      return refuse("is a list, expected {}", is_object(place) ? "an object" : "a text");
    }
    if (!open_.empty() && open_.back().list && open_.back().place == place &&
        place != Place::kSkip) {
      return refuse("holds a list, expected single values");
    }
    has_trees_ |= place == Place::kTrees;
    has_tree_info_ |= place == Place::kTreeInfo;
    open_.push_back({place, true});
    integers_ = integers_at(place);
    floats_ = floats_at(place);
    return true;
  }
  bool on_end_array() override {
    open_.pop_back();
    integers_ = nullptr;
    floats_ = nullptr;
    return true;
  }
  bool on_key(std::string_view key) override {
    keyed_ = step(open_.back().place, key);
    if (keyed_ != Place::kSkip) {
      key_ = group_of(open_.back().place);
      key_ += key;
    }
    return true;
  }
  bool on_number(double value, std::string_view token) override {
    if (integers_ != nullptr) {
      return add_integer(value);
    }
    if (floats_ != nullptr) {
      floats_->push_back(static_cast<float>(value));
      return true;
    }
    const Place place = next();
    switch (place) {
      case Place::kSkip:
        return true;
      case Place::kVersion:
        return add_version(value);
      case Place::kCategoryValues:
        category_bytes_.push_back(value);
        return true;
      default:
        // All parameters are texts in the files that XGBoost writes; other writers have numbers.
        return is_text(place) && !token.empty() ? take_text(place, token)
                                                : refuse("holds the number {}", value);
    }
  }
  bool on_numbers(const wire::UbjsonNumbers& numbers) override {
    if (integers_ != nullptr && numbers.are_int32()) {
      numbers.append_to(*integers_);
      return true;
    }
    if (floats_ != nullptr) {
      numbers.append_to(*floats_);
      return true;
    }
    if (integers_ == nullptr && next() == Place::kSkip) {
      return true;
    }
    for (size_t i = 0; i < numbers.size(); ++i) {
      if (!on_number(numbers[i], {})) {
        return false;
      }
    }
    return true;
  }
  /// Lists that nothing is made of are stepped over.
  bool takes_list() override {
    return integers_ != nullptr || floats_ != nullptr || open_.back().place == Place::kSkip;
  }
  bool on_list(std::string_view list) override {
    if (integers_ == nullptr && floats_ == nullptr) {
      return true;
    }
    return integers_ != nullptr ? append_list<int32_t>(list, *integers_)
                                : append_list<double>(list, *floats_);
  }
  bool on_string(std::string_view text) override {
    if (integers_ != nullptr || floats_ != nullptr) {
      return refuse("holds the text \"{}\", expected a number", shortened(text));
    }
    const Place place = next();
    switch (place) {
      case Place::kSkip:
        return true;
      case Place::kFeatureNames:
        file_.feature_names.emplace_back(text);
        return true;
      case Place::kFeatureTypes:
        file_.feature_types.emplace_back(text);
        return true;
      default:
        return is_text(place) ? take_text(place, text)
                              : refuse("is the text \"{}\"", shortened(text));
    }
  }
  bool on_bool(bool truth) override {
    return integers_ != nullptr ? add_integer(truth ? 1 : 0)
                                : next() == Place::kSkip || refuse("is a truth value");
  }
  bool on_null() override {
    return (integers_ == nullptr && floats_ == nullptr && next() == Place::kSkip) ||
           refuse("is null");
  }

 private:
  struct Open {
    Place place;
    bool list;
  };

  static std::string_view shortened(std::string_view text) { return text.substr(0, 64); }

  /// Every document has a version, and one of trees all that makes them: an absent list is not an
  /// empty one.
  [[nodiscard]] std::string_view missing_field() const {
    const bool linear = file_.booster == "gblinear";
    const std::pair<std::string_view, bool> fields[] = {
        {"version", versions_ == std::size(file_.version)},
        {"gradient_booster.model", has_model_},
        {"gradient_booster.model.trees", linear || has_trees_},
        {"gradient_booster.model.tree_info", linear || has_tree_info_},
    };
    const auto* absent =
        std::ranges::find(fields, false, &std::pair<std::string_view, bool>::second);
    return absent == std::end(fields) ? std::string_view() : absent->first;
  }

  /// The place of the value that comes.
  [[nodiscard]] Place next() const {
    if (open_.empty()) {
      return Place::kRoot;
    }
    return open_.back().list ? element_of(open_.back().place) : keyed_;
  }
  [[nodiscard]] bool in_tree() const {
    return std::ranges::any_of(open_, [](const Open& o) { return o.place == Place::kTree; });
  }

  template <class... Values>
  bool refuse(fmt::format_string<Values...> format, Values&&... values) {
    const std::string where =
        in_tree() ? fmt::format("trees[{}].{}", file_.ensemble.trees.size(), key_) : key_;
    error_ = base::Error(
        ErrorCode::kInvalidInput,
        fmt::format("{} {}", where, fmt::format(format, std::forward<Values>(values)...)));
    return false;
  }

  std::vector<int32_t>* integers_at(Place place) {
    switch (place) {
      case Place::kTreeInfo:
        return &tree_info_;
      case Place::kRounds:
        return &rounds_;
      case Place::kCategoryOffsets:
        return &category_offsets_;
      case Place::kLeftChildren:
        return &tree_.left_children;
      case Place::kRightChildren:
        return &tree_.right_children;
      case Place::kSplitIndices:
        return &tree_.split_indices;
      case Place::kDefaultLeft:
        return &tree_.default_left;
      case Place::kSplitType:
        return &tree_.split_type;
      case Place::kCategoryCodes:
        return &tree_.categories;
      case Place::kCategoryNodes:
        return &tree_.categories_nodes;
      case Place::kCategorySegments:
        return &tree_.categories_segments;
      case Place::kCategorySizes:
        return &tree_.categories_sizes;
      default:
        return nullptr;
    }
  }
  std::vector<float>* floats_at(Place place) {
    switch (place) {
      case Place::kTreeWeights:
        return &file_.tree_weights;
      case Place::kLinearWeights:
        return &file_.linear_weights;
      case Place::kSplitConditions:
        return &tree_.split_conditions;
      case Place::kSumHessian:
        return &tree_.sum_hessian;
      case Place::kLossChanges:
        return &tree_.loss_changes;
      case Place::kBaseWeights:
        return &tree_.base_weights;
      case Place::kLeafWeights:
        return &tree_.leaf_weights;
      default:
        return nullptr;
    }
  }

  bool add_integer(double value) {
    constexpr double kMost = std::numeric_limits<int32_t>::max();
    if (!(value >= -kMost - 1 && value <= kMost) || std::floor(value) != value) {
      return refuse("holds {} at position {}, expected an integer of 32 bits", value,
                    integers_->size());
    }
    integers_->push_back(static_cast<int32_t>(value));
    return true;
  }
  bool add_version(double value) {
    if (!(value >= 0 && value < 1000) || versions_ == std::size(file_.version)) {
      return refuse("holds {}, expected [major, minor, patch]", value);
    }
    file_.version[versions_++] = static_cast<uint64_t>(value);
    return true;
  }

  bool take_text(Place place, std::string_view text) {
    switch (place) {
      case Place::kBaseScore:
        return take_base_score(text);
      case Place::kObjectiveName:
        file_.objective = text;
        return true;
      case Place::kBoosterName:
        file_.booster = text;
        return true;
      case Place::kQuantiles:
        return take_quantiles(text);
      case Place::kBestIteration:
        if (text == kBeforeFirstRound) {
          return true;
        }
        break;
      default:
        break;
    }
    const auto count = count_of(text);
    if (!count) {
      return refuse("is \"{}\", expected a whole number", shortened(text));
    }
    switch (place) {
      case Place::kBestIteration:
        file_.best_iteration = count;
        return true;
      case Place::kBestTreeLimit:
        file_.best_ntree_limit = count;
        return true;
      case Place::kFeatures:
        file_.features = *count;
        return true;
      case Place::kClasses:
        file_.classes = *count;
        return true;
      case Place::kTargets:
        file_.targets = *count;
        return true;
      case Place::kParallelTrees:
        file_.parallel_trees = *count;
        return true;
      case Place::kTreesTold:
        file_.trees_told = count;
        return true;
      case Place::kNodesTold:
        tree_.nodes_told = count;
        return true;
      default:
        tree_.leaf_width = std::max<uint64_t>(*count, 1);
        return true;
    }
  }
  bool take_base_score(std::string_view text) {
    file_.base_scores.clear();
    for (const std::string& part : parts_of(text)) {
      const auto number = wire::parse_float(part);
      if (!number.ok() || !std::isfinite(number.value)) {
        return refuse("is \"{}\", expected a number or a list of them", shortened(text));
      }
      file_.base_scores.push_back(number.value);
    }
    return true;
  }
  bool take_quantiles(std::string_view text) {
    file_.quantiles.clear();
    for (const std::string& part : parts_of(text)) {
      const auto number = wire::parse_float(part);
      if (!number.ok()) {
        return refuse("is \"{}\", expected a list of numbers", shortened(text));
      }
      file_.quantiles.push_back(fmt::format("{}", number.value));
    }
    return true;
  }

  bool end_tree() {
    if (auto appended = translator_.append(tree_); !appended) {
      error_ = appended.error();
      return false;
    }
    tree_.clear();
    return true;
  }
  /// Categories that are numbers come as their codes, and have no names here.
  bool end_categories() {
    if (category_offsets_.size() <= 1) {
      category_bytes_.clear();
    }
    std::string text;
    for (const double value : category_bytes_) {
      if (!(value >= -128 && value <= 255)) {
        key_ = "values";
        return refuse("of cats.enc holds {}, expected a byte", value);
      }
      text += static_cast<char>(static_cast<int>(value));
    }
    for (size_t i = 0; i + 1 < category_offsets_.size(); ++i) {
      const int32_t begin = category_offsets_[i];
      const int32_t end = category_offsets_[i + 1];
      if (begin < 0 || end < begin || static_cast<size_t>(end) > text.size()) {
        key_ = "offsets";
        return refuse("of cats.enc[{}] holds {} behind {}, its values are {} bytes",
                      file_.category_names.size(), end, begin, text.size());
      }
    }
    file_.category_names.push_back(names_between(category_offsets_, text));
    category_offsets_.clear();
    category_bytes_.clear();
    return true;
  }

  static Result<std::vector<uint32_t>> unsigned_of(std::string_view field,
                                                   const std::vector<int32_t>& values) {
    const auto bad = std::ranges::find_if(values, [](int32_t value) { return value < 0; });
    if (bad != values.end()) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("{}[{}] is {}", field, bad - values.begin(), *bad));
    }
    return std::vector<uint32_t>(values.begin(), values.end());
  }

  XgboostFile file_;
  XgboostTree tree_;
  XgboostTreeTranslator translator_;
  std::optional<base::Error> error_;
  std::vector<Open> open_;
  Place keyed_ = Place::kSkip;
  std::string key_ = "the document";
  std::vector<int32_t>* integers_ = nullptr;
  std::vector<float>* floats_ = nullptr;
  size_t versions_ = 0;
  bool has_model_ = false;
  bool has_trees_ = false;
  bool has_tree_info_ = false;
  std::vector<int32_t> tree_info_;
  std::vector<int32_t> rounds_;
  std::vector<int32_t> category_offsets_;
  std::vector<double> category_bytes_;
};

}  // namespace

Result<XgboostFile> read_xgboost_json(std::string_view text) {
  DocumentReader reader(text.size());
  wire::JsonEvents events;
  const wire::JsonResult read = events.parse(wire::without_byte_order_mark(text), reader, reader);
  return reader.finish(read, "JSON");
}

Result<XgboostFile> read_xgboost_ubjson(std::span<const std::byte> bytes) {
  DocumentReader reader(bytes.size());
  const wire::JsonResult read = wire::parse_ubjson(bytes, reader);
  return reader.finish(read, "UBJSON");
}

}  // namespace ringmaker::model
