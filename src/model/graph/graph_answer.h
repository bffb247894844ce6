// GraphAnswer: which of a graph's outputs a row of scores is made of, and what they mean.
//
// A graph says nothing about it; its operators do. A label that is chosen from a list of classes
// makes a classifier. Its scores are an output with one column a class; where the label follows
// from them, because what made them keeps the order within each row, they are the answer, else the
// label itself is. Without a label, outputs are numbers.
#pragma once

#include "base/result.h"
#include "data/dense_block.h"
#include "data/schema.h"
#include "model/graph/program.h"

#include <cstddef>
#include <optional>
#include <unordered_map>
#include <vector>

namespace ringmaker::model {

/// One of the graph's outputs: each row has `columns` neighbouring values of it.
struct GraphOutput {
  std::string name = {};
  ValueId id = 0;
  ElementType type = ElementType::kFloat;
  size_t rank = 1;
  size_t columns = 1;
};

/// The outputs of a program, called as the ports are. kUnsupported for one that is not a value a
/// row, or that passes on texts of the input.
[[nodiscard]] base::Result<std::vector<GraphOutput>> outputs_of(
    const Program& program, const std::vector<GraphPort>& ports);

class GraphAnswer {
 public:
  /// kUnsupported where no output is a number or a class.
  [[nodiscard]] static base::Result<GraphAnswer> make(const Program& program,
                                                      const std::vector<GraphOutput>& outputs);

  [[nodiscard]] const data::OutputSchema& schema() const noexcept { return schema_; }
  /// The values that scores are read from.
  [[nodiscard]] std::vector<ValueId> values() const;
  /// The scores of rows that were run; NaN for spoiled ones.
  void read(const Frame& frame, data::DenseSpan scores) const noexcept;

 private:
  struct Source {
    GraphOutput output;
    size_t first = 0;  // of its columns
    size_t count = 0;
  };

  [[nodiscard]] bool make_classifier(const Program& program,
                                     const std::vector<GraphOutput>& outputs);
  /// False where no output has scores that the label follows from: other outputs may have as many
  /// columns, or be made of the scores in another order, and say nothing of the classes.
  [[nodiscard]] bool find_scores(const Program& program, const std::vector<GraphOutput>& outputs,
                                 ValueId label, size_t classes);
  void make_regression(const std::vector<GraphOutput>& outputs, bool integers);

  data::OutputSchema schema_;
  std::vector<Source> sources_;
  /// Where the score is the index of a class: of each label.
  std::unordered_map<int64_t, size_t> index_of_;
};

}  // namespace ringmaker::model
