// Schema: what the columns of a row mean going in, and what a row of scores means coming out.
//
// Both travel inside a model, so that training and serving cannot disagree.
#pragma once

#include "data/narrowing.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::data {

/// The features of a model, in the order in which its rows hold them.
struct Schema {
  /// One name a feature. Rows without a header are matched by position, with one by these names.
  std::vector<std::string> feature_names;
  /// False: the model knows no names (its data had no header, its library kept none), and
  /// feature_names are made up. Columns are then matched by position, whatever a header says that
  /// does not consist of these names.
  bool features_named = true;
  /// feature_names have underscores where the data had blanks (LightGBM writes them so): a column
  /// "petal length" is the feature "petal_length".
  bool blanks_as_underscores = false;
  /// category_names[j][i] is the text that stands for category i of feature j; empty: the feature
  /// is a number, or its categories come as their codes. Empty as a whole: no feature has texts.
  std::vector<std::vector<std::string>> category_names = {};
  /// text_features[j]: the feature is a text, whatever it looks like: "" and "12" are texts, none
  /// is missing, and one that is not among its category_names has the code -1. Empty as a whole:
  /// no feature is.
  std::vector<bool> text_features = {};
  /// Texts that stand for "missing" besides the empty field and the usual nan, na, null spellings.
  std::vector<std::string> missing_markers = {};
  /// A text that is none of a feature's categories is missing; false: it is an error.
  bool unknown_text_missing = false;
  /// What a feature is that a sparse row does not list: zero, or NaN where it counts as missing.
  float absent_value = 0;
  /// What the first feature of sparse text is called, unless the payload says: 0 or 1.
  uint32_t index_base = 0;
  /// How values become float32; empty: they are rounded. A compiled model knows it, files do not.
  Narrowing narrowing = {};

  [[nodiscard]] size_t feature_count() const noexcept { return feature_names.size(); }
  [[nodiscard]] bool is_text(size_t feature) const noexcept {
    return feature < text_features.size() && text_features[feature];
  }
  /// Not a text, but its categories may come as such.
  [[nodiscard]] bool has_category_names(size_t feature) const noexcept {
    return !is_text(feature) && feature < category_names.size() && !category_names[feature].empty();
  }
  /// Its values may come as texts.
  [[nodiscard]] bool takes_texts(size_t feature) const noexcept {
    return is_text(feature) || has_category_names(feature);
  }
};

enum class Task : uint8_t { kRegression, kBinary, kMulticlass };

[[nodiscard]] std::string_view name(Task task) noexcept;

/// What can be said of a row beside its scores.
struct Explanation {
  /// Contributions of a row, at most: 4 MB of float32.
  static constexpr size_t kContributionsMax = size_t{1} << 20;
  /// Raw values that are explained, each by one contribution a feature and a bias; 0: none are.
  size_t margins = 0;
  size_t contributions_each = 0;
  /// A sentence without its full stop, where margins is 0.
  std::string no_contributions = "this kind of model has no contributions";
  /// Trees, of which each has a leaf that the row reaches; 0: it has none.
  size_t leaves = 0;

  [[nodiscard]] size_t contributions() const noexcept { return margins * contributions_each; }
  /// `count` margins become explained by as many contributions as there are features, and a bias;
  /// unless those are too many for a row.
  void explain(size_t count, size_t features);
  bool operator==(const Explanation&) const = default;
};

/// What one row of scores holds: regression: the value, or one a name of value_names; binary:
/// P(class 1) or a margin, one column; multiclass: one probability a class, or the index of the
/// class alone. A score is NaN where the row holds infinities that cancel
/// each other: nothing is predicted then, no label either.
struct OutputSchema {
  Task task = Task::kRegression;
  /// Empty for regression; class i is named class_names[i].
  std::vector<std::string> class_names = {};
  /// True when every class name is a number, so that JSON may print labels without quotes.
  bool numeric_classes = true;
  /// Binary: the label is class 1 when the score is greater than this.
  float threshold = 0.5F;
  /// Binary: the score is a margin, a number of any size whose sign leans to class 1 or class 0,
  /// and not a probability.
  bool margin = false;
  /// Multiclass: the score is the index of the class, and no probabilities are known.
  bool class_index = false;
  /// Of class_index: each class has a margin nevertheless. A compiled model knows it, files do not.
  bool class_margins = false;
  /// Scores and margins are means over several models each: neither follows from the other. A
  /// compiled model knows it, files do not.
  bool margins_apart = false;
  /// Of classes: what their scores were made of is not known, so that there are no raw scores. A
  /// compiled model knows it, files do not.
  bool raw_unknown = false;
  /// Binary: the score is the index of the class, 0 or 1, and no probability is known. A compiled
  /// model knows it, files do not.
  bool certain = false;
  /// Answers in JSON, JSON lines and records have the predicted class beside the score, where there
  /// are classes; false: the score alone, as XGBoost's container answers.
  bool labels_with_scores = true;
  /// Regression: what the values of a row are called, where they are several; empty: one value.
  std::vector<std::string> value_names = {};
  /// Regression: the values are things of different kinds, as a cluster and a distance, so that an
  /// answer says each by its name and not all in a list. A compiled model knows it, files do not.
  bool values_by_name = false;
  /// A compiled model knows it, files do not.
  Explanation explanation = {};

  /// A row of scores is a list: several values, or one a class, even where they are one in number.
  [[nodiscard]] bool scores_are_list() const noexcept {
    return (task == Task::kMulticlass && !class_index) || !value_names.empty();
  }
  /// Answers that call things by name call the class beside the score.
  [[nodiscard]] bool label_beside_score() const noexcept {
    return task != Task::kRegression && labels_with_scores;
  }
  [[nodiscard]] size_t score_columns() const noexcept {
    return !scores_are_list()          ? 1
           : task == Task::kMulticlass ? class_names.size()
                                       : value_names.size();
  }
  /// Of a row, before anything chooses among the classes.
  [[nodiscard]] size_t margin_columns() const noexcept {
    return class_margins ? class_names.size() : score_columns();
  }
  /// The class that a row of scores speaks for: of equal ones the first; none where a score is NaN.
  /// Not for regression.
  [[nodiscard]] std::optional<size_t> predicted_class(const float* scores) const noexcept;
};

}  // namespace ringmaker::data
