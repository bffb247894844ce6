// Program: a graph made ready to run, a list of steps over values that lie in one piece of memory.
//
// Each step is a small function over whole arrays. All lengths are known but the number of rows, so
// a run allocates nothing, checks nothing and cannot fail: what a value may make impossible for its
// row (an index that is out of range) spoils that row, which then has no answer.
#pragma once

#include "model/graph/graph.h"
#include "model/graph/shape.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ringmaker::model {

using ValueId = uint32_t;

/// How the values of a type lie in memory: as float, as double, or as int64_t, which holds all
/// integers, truth values and the numbers of texts.
enum class Storage : uint8_t { kFloat, kDouble, kInteger };

[[nodiscard]] constexpr Storage storage_of(ElementType type) noexcept {
  return type == ElementType::kFloat    ? Storage::kFloat
         : type == ElementType::kDouble ? Storage::kDouble
                                        : Storage::kInteger;
}
[[nodiscard]] constexpr size_t bytes_of(Storage storage) noexcept {
  return storage == Storage::kFloat ? 4 : 8;
}

/// Where a value lies: in memory of its own, or in that of the run.
struct Place {
  std::byte* fixed = nullptr;
  size_t offset = 0;
};

/// What a step sees of a run.
struct Frame {
  std::byte* memory = nullptr;
  const Place* places = nullptr;
  size_t rows = 0;
  const float* inputs = nullptr;  // rows of the model's features
  size_t input_columns = 0;
  bool* spoiled = nullptr;  // one a row

  template <class T>
  [[nodiscard]] const T* read(ValueId id) const noexcept {
    return write<T>(id);
  }
  template <class T>
  [[nodiscard]] T* write(ValueId id) const noexcept {
    const Place& place = places[id];
    return reinterpret_cast<T*>(place.fixed != nullptr ? place.fixed : memory + place.offset);
  }
};

using Kernel = std::function<void(const Frame&)>;

/// What classes a label is one of, or scores are of.
struct ClassList {
  std::vector<std::string> names = {};
  std::vector<int64_t> codes = {};  // what stands for them in a label's value
  bool numeric = true;
  /// The class is where the least of the values is, not the greatest.
  bool of_least = false;
};

struct DenseStep;

struct ColumnOf {
  ValueId value = 0;
  size_t column = 0;
};

/// What is known of a value before the graph runs.
struct Value {
  std::string name = {};
  ElementType type = ElementType::kUndefined;
  Shape shape = {};
  std::optional<ValueId> alias_of = {};                   // its memory is another's
  std::shared_ptr<std::vector<std::byte>> constant = {};  // its values, where they are known
  /// Features whose texts pass through it.
  std::vector<size_t> text_features = {};
  std::shared_ptr<const ClassList> classes = {};
  /// The value whose order its columns keep within each row: what is larger there is larger here,
  /// but for what rounding makes equal.
  std::optional<ValueId> ordered_as = {};
  /// Its one column is this one of another value.
  std::optional<ColumnOf> column_of = {};
  /// Its one column is the sum of those of another value.
  std::optional<ValueId> row_sum_of = {};
  /// Its one column is 1 less that of another value.
  std::optional<ValueId> one_less = {};
  /// No number in it is below 0, whatever the row.
  bool not_negative = false;
  /// A label: the values of which the largest has chosen it, or that its node made with it.
  std::optional<ValueId> chosen_from = {};
  /// Scores: sums of which nobody made probabilities.
  bool margins = false;
  /// Scores of two classes: one says what the other is, p and 1 - p or -m and m.
  bool complementary = false;
  /// Of such scores: the second class is the label where its own is greater than this. Absent: than
  /// 0 of margins, else than 0.5.
  std::optional<float> threshold = {};
  /// Scores of pairs of classes, none of which is a class's own, or such that the label goes by
  /// another rule than the largest.
  bool of_pairs = false;
  /// The feature that it is, whole and unchanged; of several columns the first.
  std::optional<size_t> input_feature = {};
  /// The layer that makes it, which the nodes after it may join.
  std::shared_ptr<DenseStep> layer = {};
};

/// Movable; runs are const and thread-safe.
class Program {
 public:
  /// At most this many rows a run.
  [[nodiscard]] size_t rows_max() const noexcept { return rows_max_; }
  /// Memory of a run, to be 64-byte aligned.
  [[nodiscard]] size_t memory_bytes() const noexcept { return memory_bytes_; }
  /// The same per row, before rows_max is known.
  [[nodiscard]] size_t bytes_per_row() const noexcept { return bytes_per_row_; }

  /// frame.rows <= rows_max(); `places` is filled in.
  void run(Frame frame) const noexcept {
    frame.places = places_.data();
    for (const Step& step : steps_) {
      step.kernel(frame);
    }
  }
  /// The same, of the steps that are needed for some values.
  void run(Frame frame, const std::vector<bool>& needed) const noexcept {
    frame.places = places_.data();
    for (size_t i = 0; i < steps_.size(); ++i) {
      if (needed[i]) {
        steps_[i].kernel(frame);
      }
    }
  }
  [[nodiscard]] std::vector<bool> steps_for(const std::vector<ValueId>& wanted) const;
  /// The value in whose memory this one lies.
  [[nodiscard]] ValueId whole(ValueId id) const {
    while (values_[id].alias_of) {
      id = *values_[id].alias_of;
    }
    return id;
  }
  [[nodiscard]] Frame frame(std::byte* memory, size_t rows) const noexcept {
    return {.memory = memory, .places = places_.data(), .rows = rows};
  }

  [[nodiscard]] const Value& value(ValueId id) const { return values_[id]; }
  [[nodiscard]] const std::vector<ValueId>& outputs() const noexcept { return outputs_; }
  /// The text with this number; empty for one that the model does not know.
  [[nodiscard]] const std::string& text(int64_t number) const noexcept;
  [[nodiscard]] size_t steps() const noexcept { return steps_.size(); }

  /// Lays out the memory of runs of up to `rows_max` rows.
  void place(size_t rows_max);

 private:
  friend class ProgramBuilder;

  struct Needs {
    std::vector<bool> values = {};
    std::vector<bool> steps = {};
  };
  [[nodiscard]] Needs needs_of(const std::vector<ValueId>& wanted) const;

  struct Step {
    Kernel kernel = {};
    std::vector<ValueId> reads = {};
    ValueId makes_begin = 0;  // the values that its node makes
    ValueId makes_end = 0;
  };

  std::deque<Value> values_;  // stay where they are while others are added
  std::vector<Place> places_ = {};
  std::vector<Step> steps_ = {};
  std::vector<ValueId> outputs_ = {};
  std::shared_ptr<std::vector<std::string>> texts_ = {};
  std::vector<std::shared_ptr<Program>> bodies_ = {};  // of steps that run graphs
  size_t rows_max_ = 0;
  size_t memory_bytes_ = 0;
  size_t bytes_per_row_ = 0;
};

}  // namespace ringmaker::model
