#include "model/artifact.h"

#include "model/artifact_header.h"
#include "model/artifact_json.h"
#include "model/foreign_format.h"
#include "model/import/onnx/onnx_model.h"
#include "model/tree/tree_arrays.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>

namespace ringmaker::model {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

size_t aligned(size_t bytes) {
  return (bytes + kArtifactAlignment - 1) & ~(kArtifactAlignment - 1);
}

template <class T>
constexpr TensorType kTypeOf = std::is_same_v<T, double>     ? TensorType::kF64
                               : std::is_same_v<T, float>    ? TensorType::kF32
                               : std::is_same_v<T, int32_t>  ? TensorType::kI32
                               : std::is_same_v<T, uint32_t> ? TensorType::kU32
                                                             : TensorType::kU8;

template <class T>
// NOLINTNEXTLINE(performance-unnecessary-value-param): both are moved from
Tensor tensor_of(std::string name, std::vector<uint64_t> shape, const std::vector<T>& values) {
  return {.name = std::move(name),
          .type = kTypeOf<T>,
          .shape = std::move(shape),
          .offset = 0,
          .data = std::as_bytes(std::span(values))};
}

/// Names the arrays of trees, in the order of a file. `visit(name, vector)`.
void for_each_array(auto&& arrays, auto&& visit) {
  visit("trees", arrays.trees);
  visit("rounds", arrays.rounds);
  visit("children", arrays.children);
  visit("features", arrays.features);
  visit("questions", arrays.questions);
  visit("thresholds_f32", arrays.thresholds_f32);
  visit("thresholds_f64", arrays.thresholds_f64);
  visit("categories", arrays.categories);
  visit("category_words", arrays.category_words);
  visit("leaves_f32", arrays.leaves_f32);
  visit("leaves_f64", arrays.leaves_f64);
  visit("linear_constants", arrays.linear_constants);
  visit("linear_begins", arrays.linear_begins);
  visit("linear_features", arrays.linear_features);
  visit("linear_coefficients", arrays.linear_coefficients);
  visit("leaf_ids", arrays.leaf_ids);
  visit("base_values", arrays.base_values);
  visit("node_covers", arrays.node_covers);
  visit("leaf_covers", arrays.leaf_covers);
}

void add_scaling(std::vector<Tensor>& tensors, const FeatureScaling& scaling) {
  tensors.push_back(tensor_of("center", {scaling.center.size()}, scaling.center));
  tensors.push_back(tensor_of("factor", {scaling.factor.size()}, scaling.factor));
}

std::string layer_tensor(size_t layer, std::string_view what) {
  return fmt::format("layer {} {}", layer, what);
}

/// Views of the model's own vectors, or of `arrays`, which is filled for trees; offsets count from
/// the start of the tensors.
std::vector<Tensor> tensors_of(const Model& model, TreeArrays& arrays) {
  std::vector<Tensor> tensors;
  if (const auto* linear = std::get_if<LinearParameters>(&model.parameters)) {
    const uint64_t features = linear->fill.size();
    tensors.push_back(tensor_of("weights", {linear->outputs, features}, linear->weights));
    tensors.push_back(tensor_of("bias", {linear->outputs}, linear->bias));
    tensors.push_back(tensor_of("fill", {features}, linear->fill));
  } else if (const auto* boosted = std::get_if<BoostedLinearParameters>(&model.parameters)) {
    const uint64_t features = model.schema.feature_count();
    tensors.push_back(tensor_of("weights", {features, boosted->outputs}, boosted->weights));
    tensors.push_back(tensor_of("bias", {boosted->outputs}, boosted->bias));
  } else if (const auto* mlp = std::get_if<MlpParameters>(&model.parameters)) {
    add_scaling(tensors, mlp->scaling);
    for (size_t i = 0; i < mlp->layers.size(); ++i) {
      const MlpLayer& layer = mlp->layers[i];
      const uint64_t inputs = layer.weights.size() / layer.outputs;
      tensors.push_back(
          tensor_of(layer_tensor(i, "weights"), {inputs, layer.outputs}, layer.weights));
      tensors.push_back(tensor_of(layer_tensor(i, "bias"), {layer.outputs}, layer.bias));
    }
  } else if (const auto* machine = std::get_if<SupportVectorParameters>(&model.parameters)) {
    const uint64_t features = model.schema.feature_count();
    const uint64_t vectors = machine->vectors.size() / features;
    add_scaling(tensors, machine->scaling);
    tensors.push_back(tensor_of("vectors", {vectors, features}, machine->vectors));
    tensors.push_back(
        tensor_of("coefficients", {machine->outputs, vectors}, machine->coefficients));
    tensors.push_back(tensor_of("bias", {machine->outputs}, machine->bias));
  } else if (const auto* kmeans = std::get_if<KMeansParameters>(&model.parameters)) {
    const uint64_t features = model.schema.feature_count();
    add_scaling(tensors, kmeans->scaling);
    tensors.push_back(
        tensor_of("centroids", {kmeans->centroids.size() / features, features}, kmeans->centroids));
  } else if (const auto* graph = std::get_if<GraphParameters>(&model.parameters)) {
    tensors.push_back(tensor_of("onnx", {graph->file.size()}, graph->file));
  } else {
    arrays = arrays_of(std::get<TreeParameters>(model.parameters).ensemble);
    for_each_array(arrays, [&](const char* name, const auto& values) {
      if (!values.empty()) {
        tensors.push_back(tensor_of(name, {values.size()}, values));
      }
    });
  }
  const auto& example = model.provenance.example_row;
  if (!example.empty()) {
    tensors.push_back(tensor_of("example_row", {example.size()}, example));
  }
  uint64_t offset = 0;
  for (Tensor& tensor : tensors) {
    tensor.offset = offset;
    offset += aligned(tensor.data.size());
  }
  return tensors;
}

bool holds(const ArtifactDescription& description, std::string_view name) {
  return std::ranges::any_of(description.tensors,
                             [&](const Tensor& tensor) { return tensor.name == name; });
}

/// The tensor where it lies in the file.
template <class T>
Result<std::span<const T>> view_of(const ArtifactDescription& description, std::string_view name) {
  for (const Tensor& tensor : description.tensors) {
    if (tensor.name != name) {
      continue;
    }
    if (tensor.type != kTypeOf<T>) {
      return fail(ErrorCode::kCorrupt,
                  fmt::format("the model file's tensor \"{}\" has an unexpected type", name));
    }
    // Aligned, because the file is and its tensors begin at multiples of kArtifactAlignment.
    return std::span<const T>(reinterpret_cast<const T*>(tensor.data.data()),
                              tensor.data.size() / sizeof(T));
  }
  return fail(ErrorCode::kCorrupt, fmt::format("the model file lacks the tensor \"{}\"", name));
}

template <class T>
Result<std::vector<T>> values_of(const ArtifactDescription& description, std::string_view name) {
  RM_ASSIGN(const std::span<const T> values, view_of<T>(description, name));
  return std::vector<T>(values.begin(), values.end());
}

/// Arrays that the file does not list stay empty; ensemble_of() says whether they may be.
Result<TreeEnsemble> read_ensemble(const ArtifactDescription& description, TreeEnsemble shape,
                                   std::shared_ptr<const void> file) {
  TreeArrayViews arrays;
  Result<void> read;
  for_each_array(arrays, [&]<class T>(const char* name, std::span<const T>& values) {
    if (!read || !holds(description, name)) {
      return;
    }
    const auto found = view_of<T>(description, name);
    if (found) {
      values = *found;
    } else {
      read = fail(found.error());
    }
  });
  RM_TRY(std::move(read));
  return ensemble_of(std::move(shape), arrays, std::move(file));
}

Result<void> read_scaling(const ArtifactDescription& description, FeatureScaling& scaling) {
  RM_ASSIGN(scaling.center, values_of<float>(description, "center"));
  RM_ASSIGN(scaling.factor, values_of<float>(description, "factor"));
  return {};
}

/// The JSON says how many layers there are; validate() whether their tensors are as long.
Result<void> read_tensors(const ArtifactDescription& description, MlpParameters& mlp) {
  RM_TRY(read_scaling(description, mlp.scaling));
  for (size_t i = 0; i < mlp.layers.size(); ++i) {
    MlpLayer& layer = mlp.layers[i];
    RM_ASSIGN(layer.weights, values_of<float>(description, layer_tensor(i, "weights")));
    RM_ASSIGN(layer.bias, values_of<float>(description, layer_tensor(i, "bias")));
  }
  return {};
}

Result<void> read_tensors(const ArtifactDescription& description,
                          SupportVectorParameters& machine) {
  RM_TRY(read_scaling(description, machine.scaling));
  RM_ASSIGN(machine.vectors, values_of<float>(description, "vectors"));
  RM_ASSIGN(machine.coefficients, values_of<float>(description, "coefficients"));
  RM_ASSIGN(machine.bias, values_of<double>(description, "bias"));
  return {};
}

Result<void> read_tensors(const ArtifactDescription& description, KMeansParameters& kmeans) {
  RM_TRY(read_scaling(description, kmeans.scaling));
  RM_ASSIGN(kmeans.centroids, values_of<float>(description, "centroids"));
  return {};
}

/// A graph's schemas are in its own file; what ours says beside must be the same.
Result<void> read_graph(const ArtifactDescription& description, Model& model) {
  RM_ASSIGN(const std::vector<uint8_t> bytes, values_of<uint8_t>(description, "onnx"));
  auto imported = import_onnx(std::as_bytes(std::span(bytes)));
  if (!imported) {
    return fail(imported.error().within("the model file's tensor \"onnx\""));
  }
  if (imported->schema.feature_names != model.schema.feature_names ||
      imported->output.class_names != model.output.class_names) {
    return fail(ErrorCode::kCorrupt,
                "the model file's JSON and its tensor \"onnx\" have different features or classes");
  }
  imported->provenance = std::move(model.provenance);
  model = std::move(*imported);
  return {};
}

Result<Model> model_of(ArtifactDescription description, std::shared_ptr<const void> file) {
  Model model = std::move(description.model);
  if (std::holds_alternative<GraphParameters>(model.parameters)) {
    RM_TRY(read_graph(description, model));
  } else if (auto* linear = std::get_if<LinearParameters>(&model.parameters)) {
    RM_ASSIGN(linear->weights, values_of<float>(description, "weights"));
    RM_ASSIGN(linear->bias, values_of<double>(description, "bias"));
    RM_ASSIGN(linear->fill, values_of<float>(description, "fill"));
  } else if (auto* mlp = std::get_if<MlpParameters>(&model.parameters)) {
    RM_TRY(read_tensors(description, *mlp));
  } else if (auto* machine = std::get_if<SupportVectorParameters>(&model.parameters)) {
    RM_TRY(read_tensors(description, *machine));
  } else if (auto* kmeans = std::get_if<KMeansParameters>(&model.parameters)) {
    RM_TRY(read_tensors(description, *kmeans));
  } else if (auto* boosted = std::get_if<BoostedLinearParameters>(&model.parameters)) {
    RM_ASSIGN(boosted->weights, values_of<float>(description, "weights"));
    RM_ASSIGN(boosted->bias, values_of<float>(description, "bias"));
  } else {
    auto& trees = std::get<TreeParameters>(model.parameters);
    RM_ASSIGN(trees.ensemble,
              read_ensemble(description, std::move(trees.ensemble), std::move(file)));
  }
  if (holds(description, "example_row")) {
    RM_ASSIGN(model.provenance.example_row, values_of<float>(description, "example_row"));
  }
  if (auto valid = validate(model); !valid) {
    return fail(ErrorCode::kCorrupt, valid.error().message());
  }
  return model;
}

}  // namespace

std::vector<std::byte> encode_artifact(const Model& model) {
  TreeArrays arrays;
  const std::vector<Tensor> tensors = tensors_of(model, arrays);
  const std::string json = describe_artifact(model, tensors);
  const size_t tensors_offset = aligned(kArtifactHeaderBytes + json.size());
  const Tensor& last = tensors.back();
  std::vector<std::byte> bytes(tensors_offset + last.offset + aligned(last.data.size()));
  std::memcpy(bytes.data() + kArtifactHeaderBytes, json.data(), json.size());
  for (const Tensor& tensor : tensors) {
    if (!tensor.data.empty()) {
      std::memcpy(bytes.data() + tensors_offset + tensor.offset, tensor.data.data(),
                  tensor.data.size());
    }
  }
  write_artifact_header(bytes, json.size());
  return bytes;
}

Result<void> check_start(std::span<const std::byte> start, uint64_t file_bytes) {
  if (const auto foreign = foreign_format(start)) {
    return fail(ErrorCode::kUnsupported, std::string(*foreign));
  }
  return check_artifact_start(start, file_bytes);
}

Result<Model> decode_artifact(std::span<const std::byte> bytes, std::shared_ptr<const void> file) {
  RM_TRY(check_start(bytes, bytes.size()));
  RM_ASSIGN(const ArtifactHeader header, read_artifact_header(bytes));
  const std::string_view json(reinterpret_cast<const char*>(bytes.data()) + kArtifactHeaderBytes,
                              header.json_bytes);
  const size_t tensors_at = std::min(bytes.size(), aligned(kArtifactHeaderBytes + json.size()));
  RM_ASSIGN(ArtifactDescription description, read_description(json, bytes.subspan(tensors_at)));
  return model_of(std::move(description), std::move(file));
}

}  // namespace ringmaker::model
