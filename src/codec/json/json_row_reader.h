// JsonRowReader: the events of a few instances become rows of floats.
//
// An instance is one of
//   [1, 2, 3]                                                     values in the model's order
//   {"features": [1, 2, 3]}
//   {"data": {"features": {"values": [1, 2, 3]}}}
//   {"data": {"features": {"keys": [0, 2], "shape": [3], "values": [1, 3]}}}   others are zero
//   {"age": 1, "mass": 2, "time": 3}                              values by the features' names
// Other members ("configuration") are ignored. null, NaN and the schema's markers are missing. A
// string that holds a number counts as the number. A feature that is a text takes strings as they
// are, a number by its letters, and null as the empty text.
//
// An instance that gives its values twice, in one way or in two, is in error: which were meant?
#pragma once

#include "codec/category_index.h"
#include "codec/csv/field_converter.h"
#include "codec/decode_error.h"
#include "codec/feature_index.h"
#include "wire/json_events.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

/// Not thread-safe. `schema` must outlive it.
class JsonRowReader final : public wire::JsonHandler {
 public:
  explicit JsonRowReader(const data::Schema& schema);

  void reset() noexcept;

  /// Arrays of values now have these columns, as "columns" names them. False: a feature is not
  /// among them, or is twice.
  [[nodiscard]] bool set_columns(const std::vector<std::string>& columns);
  /// Whether the columns set are the model's own, in order.
  [[nodiscard]] bool model_columns() const noexcept { return targets_.empty(); }

  /// The next text is an array of instances or, with `whole`, one instance that is an array. Rows
  /// go to `out`, one behind the other, at most `rows_max`: more are a syntax error, for a caller
  /// who counted.
  void begin(float* out, bool whole, size_t rows_max) noexcept;
  [[nodiscard]] size_t rows() const noexcept { return rows_; }
  /// Set when a call answered "stop"; row and byte are for the caller to add.
  [[nodiscard]] const DecodeError& error() const noexcept { return error_; }
  [[nodiscard]] bool ignored_columns() const noexcept { return ignored_columns_; }

  bool on_begin_array() override;
  bool on_end_array() override;
  bool on_begin_object() override;
  bool on_end_object() override;
  bool on_key(std::string_view key) override;
  bool on_number(double value, std::string_view token) override;
  bool on_string(std::string_view text) override;
  bool on_bool(bool truth) override;
  bool on_null() override;

 private:
  enum class State : uint8_t {
    kOutside,
    kInstances,
    kRow,       // an array of values
    kInstance,  // an object
    kData,
    kFeatures,  // {"values": ..}
    kValues,
    kKeys,
    kShape,
  };
  enum class Key : uint8_t { kOther, kConfiguration, kFeatures, kData, kValues, kKeys, kShape };
  /// How an instance that is an object gives its values.
  enum class Given : uint8_t { kNothing, kArray, kFeatures, kNames };

  bool give(Given way);
  bool begin_list();
  bool put(double value);
  /// The feature that the next value is of, where that is a text. Of sparse values it is known only
  /// once their keys are.
  [[nodiscard]] std::optional<size_t> named_feature() noexcept;
  bool put_wide(double value, std::string_view token);
  [[nodiscard]] float value_of(size_t feature, double value) const noexcept;
  bool put_index(double value);
  [[nodiscard]] bool has_room();
  bool finish_row();
  bool finish_instance();
  bool finish_features();
  bool finish_named();
  bool check_width(size_t found, size_t expected);
  bool fail(DecodeErrorCode code, std::string_view text);
  bool fail_value(DecodeErrorCode code, std::string_view text);
  bool fail_index();
  [[nodiscard]] bool takes_values() const noexcept;

  const data::Schema& schema_;
  FeatureIndex features_;
  CategoryIndex categories_;
  FieldConverter converter_;
  std::vector<int32_t> targets_;  // by column: feature or -1; empty: the model's own order

  State state_ = State::kOutside;
  State around_row_ = State::kOutside;
  State around_features_ = State::kOutside;
  size_t ignored_depth_ = 0;
  bool whole_ = false;
  Key key_ = Key::kOther;
  std::optional<size_t> named_feature_;

  float* out_ = nullptr;  // the row being filled
  size_t rows_ = 0;
  size_t rows_max_ = 0;
  size_t count_ = 0;  // values of an array so far
  Given given_ = Given::kNothing;
  bool values_given_ = false;
  bool keys_given_ = false;
  bool shape_given_ = false;
  bool text_before_keys_ = false;
  std::vector<double> values_;
  std::vector<uint64_t> keys_;
  std::optional<uint64_t> shape_;  // the last dimension
  double shape_values_ = 1;        // that the shape has room for
  std::vector<bool> named_;
  size_t named_count_ = 0;

  bool ignored_columns_ = false;
  DecodeError error_;
};

}  // namespace ringmaker::codec
