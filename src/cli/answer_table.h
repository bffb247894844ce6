// AnswerTable: the columns that `predict` writes for rows, whoever's names they have.
//
// A list of outputs names what the model's own library answers (native, raw_score, leaf,
// contributions: NativeAnswers) and what `serve` answers (score and SageMaker's selectable outputs:
// PredictedColumns), in any order. Those of the library score with all rounds of a boosted model,
// as the library does, the others with the rounds up to the best, as `serve` does.
//
// Under a header, numbers have nine significant digits, or 17 where the library computes in double.
// Without a list there is the score alone, as `serve` writes it, and no header.
#pragma once

#include "base/result.h"
#include "cli/native_answers.h"
#include "cli/predicted_columns.h"
#include "data/dense_block.h"
#include "model/model.h"
#include "model/predictor.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::cli {

class AnswerTable {
 public:
  /// `list` of names joined by commas, whose case does not matter; `rounds` "all" or "best" for all
  /// of them, or empty. kInvalidInput for a name that such a model has not: the error says which it
  /// has.
  [[nodiscard]] static base::Result<AnswerTable> make(const model::Model& model,
                                                      std::string_view list,
                                                      std::string_view rounds);

  /// What rows of the model look like.
  [[nodiscard]] const data::Schema& schema() const noexcept;
  /// It was made of a list: its lines stand under a header.
  [[nodiscard]] bool has_header() const noexcept { return of_list_; }
  /// "predicted_label,raw_score", without a line's end.
  [[nodiscard]] std::string header() const;
  /// One line a row.
  void append(data::DenseView rows, std::string& out);

 private:
  struct Column {
    bool native = false;
    size_t at = 0;  // among the columns of its kind
  };

  explicit AnswerTable(bool of_list) : of_list_(of_list) {}
  base::Result<void> add(const std::string& name, const data::OutputSchema& output);
  void append_some(data::DenseView rows, std::string& out);

  bool of_list_;
  // One predictor, where both kinds score with the same rounds.
  std::shared_ptr<const model::Predictor> library_;
  std::shared_ptr<const model::Predictor> served_;
  std::optional<NativeAnswers> native_;
  std::optional<PredictedColumns> predicted_;
  size_t native_columns_ = 0;
  size_t predicted_columns_ = 0;
  std::vector<Column> columns_;
  std::vector<float> scores_;
  std::vector<float> raw_;
};

}  // namespace ringmaker::cli
