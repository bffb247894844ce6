#include "model/artifact.h"

#include "model/artifact_header.h"
#include "model/artifact_json.h"
#include "model/foreign_format.h"

#include <fmt/format.h>

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
// NOLINTNEXTLINE(performance-unnecessary-value-param): both are moved from
Tensor tensor_of(std::string name, std::vector<uint64_t> shape, const std::vector<T>& values) {
  return {.name = std::move(name),
          .type = std::is_same_v<T, double> ? TensorType::kF64 : TensorType::kF32,
          .shape = std::move(shape),
          .offset = 0,
          .data = std::as_bytes(std::span(values))};
}

/// Views of the model's own vectors; offsets count from the start of the tensors.
std::vector<Tensor> tensors_of(const Model& model) {
  const auto& linear = std::get<LinearParameters>(model.parameters);
  const uint64_t features = linear.fill.size();
  std::vector<Tensor> tensors;
  tensors.push_back(tensor_of("weights", {linear.outputs, features}, linear.weights));
  tensors.push_back(tensor_of("bias", {linear.outputs}, linear.bias));
  tensors.push_back(tensor_of("fill", {features}, linear.fill));
  if (!model.provenance.example_row.empty()) {
    tensors.push_back(tensor_of("example_row", {features}, model.provenance.example_row));
  }
  uint64_t offset = 0;
  for (Tensor& tensor : tensors) {
    tensor.offset = offset;
    offset += aligned(tensor.data.size());
  }
  return tensors;
}

template <class T>
Result<std::vector<T>> values_of(const ArtifactDescription& description, std::string_view name) {
  for (const Tensor& tensor : description.tensors) {
    if (tensor.name != name) {
      continue;
    }
    if (tensor.type != (std::is_same_v<T, double> ? TensorType::kF64 : TensorType::kF32)) {
      return fail(ErrorCode::kCorrupt,
                  fmt::format("the model file's tensor \"{}\" has an unexpected type", name));
    }
    std::vector<T> values(tensor.data.size() / sizeof(T));
    if (!values.empty()) {
      std::memcpy(values.data(), tensor.data.data(), tensor.data.size());
    }
    return values;
  }
  return fail(ErrorCode::kCorrupt, fmt::format("the model file lacks the tensor \"{}\"", name));
}

Result<Model> model_of(ArtifactDescription description) {
  Model model = std::move(description.model);
  auto& linear = std::get<LinearParameters>(model.parameters);
  RM_ASSIGN(linear.weights, values_of<float>(description, "weights"));
  RM_ASSIGN(linear.bias, values_of<double>(description, "bias"));
  RM_ASSIGN(linear.fill, values_of<float>(description, "fill"));
  for (const Tensor& tensor : description.tensors) {
    if (tensor.name == "example_row") {
      RM_ASSIGN(model.provenance.example_row, values_of<float>(description, "example_row"));
    }
  }
  if (auto valid = validate(model); !valid) {
    return fail(ErrorCode::kCorrupt, valid.error().message());
  }
  return model;
}

}  // namespace

std::vector<std::byte> encode_artifact(const Model& model) {
  const std::vector<Tensor> tensors = tensors_of(model);
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

Result<Model> decode_artifact(std::span<const std::byte> bytes) {
  RM_TRY(check_start(bytes, bytes.size()));
  RM_ASSIGN(const ArtifactHeader header, read_artifact_header(bytes));
  const std::string_view json(reinterpret_cast<const char*>(bytes.data()) + kArtifactHeaderBytes,
                              header.json_bytes);
  const size_t tensors_at = std::min(bytes.size(), aligned(kArtifactHeaderBytes + json.size()));
  RM_ASSIGN(ArtifactDescription description, read_description(json, bytes.subspan(tensors_at)));
  return model_of(std::move(description));
}

}  // namespace ringmaker::model
