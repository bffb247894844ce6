// Operators that look values up: categories, labels.
#include "model/graph/operators/ml_operators.h"
#include "model/graph/operators/operators.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <memory>
#include <unordered_map>
#include <utility>

namespace ringmaker::model::operators {
namespace {

using Places = std::unordered_map<int64_t, size_t>;

/// Where each key stands; of equal ones the first.
std::shared_ptr<const Places> places_of(const std::vector<int64_t>& keys) {
  auto places = std::make_shared<Places>();
  for (size_t i = 0; i < keys.size(); ++i) {
    places->try_emplace(keys[i], i);
  }
  return places;
}

/// Texts as keys: their numbers. The features that they come from learn them.
std::vector<int64_t> ask_for(OperatorContext& node, size_t input,
                             const std::vector<std::string>& texts) {
  BuildSettings& settings = node.builder().settings();
  std::vector<int64_t> keys;
  keys.reserve(texts.size());
  for (const std::string& text : texts) {
    keys.push_back(settings.number_of(text));
  }
  node.ask_for(input, texts);
  return keys;
}

/// Integers as keys; large ones need a float32 of their own.
std::vector<int64_t> ask_for(OperatorContext& node, std::vector<int64_t> keys) {
  auto& wide = node.builder().settings().features->wide_integers;
  wide.insert(wide.end(), keys.begin(), keys.end());
  return keys;
}

/// Reads one value as the integer that keys are compared with.
template <class T>
int64_t key_of(T value) {
  if constexpr (std::is_integral_v<T>) {
    return value;
  } else {
    constexpr T kLimit = static_cast<T>(9.2e18);
    return std::isnan(value) ? std::numeric_limits<int64_t>::min()
                             : static_cast<int64_t>(std::clamp(value, -kLimit, kLimit));
  }
}

Result<void> expect_rows_first(OperatorContext& node, size_t input) {
  const Shape& shape = node.in(input).shape;
  if (shape.batched() && shape.batch_axis != 0) {
    return node.unsupported("its input is {}, expected [N, ...]", text_of(shape));
  }
  return {};
}

template <class T>
Kernel one_hot_kernel(ValueId in, ValueId out, const Shape& shape,
                      const std::shared_ptr<const Places>& places, size_t categories,
                      bool unknown_is_zero) {
  return [=](const Frame& frame) {
    const T* x = frame.read<T>(in);
    float* y = frame.write<float>(out);
    const size_t count = shape.elements_of(frame.rows);
    std::fill_n(y, count * categories, 0.0F);
    for (size_t i = 0; i < count; ++i) {
      const auto found = places->find(key_of(x[i]));
      if (found != places->end()) {
        y[i * categories + found->second] = 1.0F;
      } else if (!unknown_is_zero) {
        frame.spoiled[shape.batched() ? shape.row_of(i, frame.rows) : 0] = true;
      }
    }
  };
}

}  // namespace

Result<void> one_hot_encoder(OperatorContext& node) {
  RM_TRY(expect_rows_first(node, 0));
  const ElementType type = node.in(0).type;
  const Shape shape = node.in(0).shape;
  const bool text = type == ElementType::kString;
  const std::vector<int64_t> keys = text ? ask_for(node, 0, node.texts("cats_strings"))
                                         : ask_for(node, node.integers("cats_int64s"));
  const bool zeros = node.integer("zeros", 1) != 0;
  RM_TRY(node.failed());
  if (keys.empty()) {
    return node.refuse("it has no categories for an input of {}", name(type));
  }
  Shape out = shape;
  out.dims.push_back(static_cast<int64_t>(keys.size()));
  RM_ASSIGN(const ValueId id, node.output(0, ElementType::kFloat, out));
  const auto places = places_of(keys);
  switch (storage_of(type)) {
    case Storage::kFloat:
      node.run(one_hot_kernel<float>(node.input(0), id, shape, places, keys.size(), zeros));
      break;
    case Storage::kDouble:
      node.run(one_hot_kernel<double>(node.input(0), id, shape, places, keys.size(), zeros));
      break;
    case Storage::kInteger:
      node.run(one_hot_kernel<int64_t>(node.input(0), id, shape, places, keys.size(), zeros));
      break;
  }
  return {};
}

namespace {

/// A column of keys or values of an encoder, whatever its type: integers, numbers of texts, or
/// floats as they are.
struct Column {
  ElementType type = ElementType::kUndefined;
  std::vector<int64_t> integers = {};
  std::vector<double> reals = {};

  [[nodiscard]] size_t size() const {
    return storage_of(type) == Storage::kInteger ? integers.size() : reals.size();
  }
};

/// From attributes name_strings, name_int64s, name_floats or name_tensor.
Result<Column> read_column(OperatorContext& node, const std::string& name) {
  Column column;
  if (const GraphTensor* tensor = node.tensor(name + "_tensor")) {
    column.type = tensor->type;
    column.integers = tensor->integers;
    column.reals.assign(tensor->floats.begin(), tensor->floats.end());
    column.reals.insert(column.reals.end(), tensor->doubles.begin(), tensor->doubles.end());
    for (const std::string& text : tensor->strings) {
      column.integers.push_back(node.builder().settings().number_of(text));
    }
  } else if (node.has(name + "_strings")) {
    column.type = ElementType::kString;
    for (const std::string& text : node.texts(name + "_strings")) {
      column.integers.push_back(node.builder().settings().number_of(text));
    }
  } else if (node.has(name + "_int64s")) {
    column.type = ElementType::kInt64;
    column.integers = node.integers(name + "_int64s");
  } else if (node.has(name + "_floats")) {
    column.type = ElementType::kFloat;
    const std::vector<float> reals = node.reals(name + "_floats");
    column.reals.assign(reals.begin(), reals.end());
  } else {
    RM_TRY(node.failed());
    return node.refuse(
        "attributes \"{0}_strings\", \"{0}_int64s\", \"{0}_floats\" and "
        "\"{0}_tensor\" are missing",
        name);
  }
  RM_TRY(node.failed());
  return column;
}

/// What unknown keys get: number of a text, integer, or real.
Result<std::pair<int64_t, double>> read_default(OperatorContext& node, ElementType type) {
  if (const GraphTensor* tensor = node.tensor("default_tensor")) {
    const size_t count = tensor->integers.size() + tensor->floats.size() + tensor->doubles.size() +
                         tensor->strings.size();
    if (tensor->type != type || count != 1) {
      return node.refuse("attribute \"default_tensor\" must be one value of {}", name(type));
    }
    if (type == ElementType::kString) {
      return std::pair(node.builder().settings().number_of(tensor->strings[0]), 0.0);
    }
    if (storage_of(type) == Storage::kInteger) {
      return std::pair(tensor->integers[0], 0.0);
    }
    return std::pair(int64_t{0}, tensor->floats.empty() ? tensor->doubles[0]
                                                        : static_cast<double>(tensor->floats[0]));
  }
  if (type == ElementType::kString) {
    return std::pair(node.builder().settings().number_of(node.text("default_string", "_Unused")),
                     0.0);
  }
  return std::pair(node.integer("default_int64", -1),
                   static_cast<double>(node.real("default_float", -0.0F)));
}

/// Bits by which reals are compared: -0 is 0, and all NaN are one.
int64_t bits_of(double value) {
  return std::isnan(value) ? INT64_MAX : std::bit_cast<int64_t>(value + 0.0);
}

template <class From, class To, class Value>
Kernel lookup_kernel(ValueId in, ValueId out, const Shape& shape,
                     const std::shared_ptr<const Places>& places, const std::vector<Value>& values,
                     Value absent) {
  return [=](const Frame& frame) {
    const From* x = frame.read<From>(in);
    To* y = frame.write<To>(out);
    for (size_t i = 0, count = shape.elements_of(frame.rows); i < count; ++i) {
      int64_t key = 0;
      if constexpr (std::is_integral_v<From>) {
        key = x[i];
      } else {
        key = bits_of(static_cast<double>(x[i]));
      }
      const auto found = places->find(key);
      y[i] = static_cast<To>(found == places->end() ? absent : values[found->second]);
    }
  };
}

template <class From>
void run_lookup(OperatorContext& node, ValueId out, const Shape& shape,
                const std::shared_ptr<const Places>& places, const Column& values,
                const std::pair<int64_t, double>& absent) {
  const ValueId in = node.input(0);
  switch (storage_of(values.type)) {
    case Storage::kFloat:
      node.run(lookup_kernel<From, float>(in, out, shape, places, values.reals, absent.second));
      break;
    case Storage::kDouble:
      node.run(lookup_kernel<From, double>(in, out, shape, places, values.reals, absent.second));
      break;
    case Storage::kInteger:
      node.run(lookup_kernel<From, int64_t>(in, out, shape, places, values.integers, absent.first));
      break;
  }
}

Result<void> look_up(OperatorContext& node, const Column& keys, const Column& values,
                     const std::pair<int64_t, double>& absent) {
  const Shape shape = node.in(0).shape;
  const ElementType type = node.in(0).type;
  if (keys.type != type) {
    return node.refuse("its input holds {}, its keys {}", name(type), name(keys.type));
  }
  if (keys.size() != values.size()) {
    return node.refuse("it has {} keys and {} values", keys.size(), values.size());
  }
  if (type == ElementType::kString) {
    node.ask_for(0, node.texts_of(keys.integers));
  }
  std::vector<int64_t> bits = keys.integers;
  // As the reference runtime has it, NaN is found from version 4 on; no value has the bits of -0.
  constexpr int64_t kOfNone = std::numeric_limits<int64_t>::min();
  for (const double real : keys.reals) {
    bits.push_back(std::isnan(real) && node.opset() < 4 ? kOfNone : bits_of(real));
  }
  if (type != ElementType::kString && keys.reals.empty()) {
    bits = ask_for(node, std::move(bits));
  }
  RM_ASSIGN(const ValueId out, node.output(0, values.type, shape));
  const auto places = places_of(bits);
  switch (storage_of(type)) {
    case Storage::kFloat:
      run_lookup<float>(node, out, shape, places, values, absent);
      break;
    case Storage::kDouble:
      run_lookup<double>(node, out, shape, places, values, absent);
      break;
    case Storage::kInteger:
      run_lookup<int64_t>(node, out, shape, places, values, absent);
      break;
  }
  return {};
}

Column numbers_from_zero(size_t count) {
  Column column{.type = ElementType::kInt64};
  for (size_t i = 0; i < count; ++i) {
    column.integers.push_back(static_cast<int64_t>(i));
  }
  return column;
}

}  // namespace

Result<void> label_encoder(OperatorContext& node) {
  Column keys;
  Column values;
  if (node.opset() == 1) {
    // Texts to their places, or places to their texts.
    RM_ASSIGN(Column classes, read_column(node, "classes"));
    const bool of_text = node.in(0).type == ElementType::kString;
    keys = of_text ? classes : numbers_from_zero(classes.size());
    values = of_text ? numbers_from_zero(classes.size()) : classes;
  } else {
    RM_ASSIGN(keys, read_column(node, "keys"));
    RM_ASSIGN(values, read_column(node, "values"));
  }
  RM_ASSIGN(const auto absent, read_default(node, values.type));
  return look_up(node, keys, values, absent);
}

Result<void> category_mapper(OperatorContext& node) {
  Column texts{.type = ElementType::kString};
  for (const std::string& text : node.texts("cats_strings")) {
    texts.integers.push_back(node.builder().settings().number_of(text));
  }
  Column numbers{.type = ElementType::kInt64, .integers = node.integers("cats_int64s")};
  RM_TRY(node.failed());
  const bool of_text = node.in(0).type == ElementType::kString;
  RM_ASSIGN(const auto absent,
            read_default(node, of_text ? ElementType::kInt64 : ElementType::kString));
  return of_text ? look_up(node, texts, numbers, absent) : look_up(node, numbers, texts, absent);
}

}  // namespace ringmaker::model::operators
