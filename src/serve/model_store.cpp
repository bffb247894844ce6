#include "serve/model_store.h"

#include "base/cpu.h"
#include "base/huge_pages.h"
#include "model/artifact.h"
#include "model/average/average_model.h"
#include "model/foreign_format.h"
#include "model/import/importer.h"
#include "serve/opened_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <span>
#include <vector>

namespace ringmaker::serve {
namespace {

constexpr uint64_t kModelBytesMax = uint64_t{64} << 30;
constexpr size_t kAlignment = 64;
/// Between two looks at whether the file is still wanted: some ten milliseconds of a slow disk.
constexpr size_t kPieceBytes = size_t{4} << 20;

struct Free {
  void operator()(std::byte* bytes) const noexcept { std::free(bytes); }
};

struct FileBytes {
  std::unique_ptr<std::byte[], Free> bytes;
  size_t size = 0;
};

base::Result<FileBytes> read_file(const std::string& path, const std::atomic<bool>* cancelled) {
  RM_ASSIGN(const OpenedFile file, open_file(path));
  const uint64_t size = file.size;
  if (size > kModelBytesMax) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("{} is larger than 64 GiB", path));
  }
  const model::ByteSource source = file.source();
  RM_ASSIGN(const auto format, model::import_format(source));
  if (!format) {
    RM_ASSIGN(const auto start, source.read(0, model::kForeignFormatBytes));
    if (const auto possible = model::check_start(start, size); !possible) {
      return base::fail(possible.error().within(path));
    }
  }
  if (const auto limit = base::memory_limit_bytes(); limit && size >= *limit) {
    return base::fail(base::ErrorCode::kExhausted,
                      fmt::format("{} has {} MB, and the container may use {} MB of memory", path,
                                  size / 1'000'000, *limit / 1'000'000));
  }
  FileBytes read;
  read.size = size;
  read.bytes.reset(static_cast<std::byte*>(std::aligned_alloc(
      kAlignment, (size / kAlignment + 1) * kAlignment + model::kImportPadding)));
  if (read.bytes == nullptr) {
    return base::fail(base::ErrorCode::kExhausted,
                      fmt::format("no memory for {} ({} bytes)", path, size));
  }
  base::prefer_huge_pages(read.bytes.get(), size);
  std::memset(read.bytes.get() + size, 0, model::kImportPadding);
  const std::span<std::byte> all(read.bytes.get(), size);
  for (size_t at = 0; at < size;) {
    if (cancelled != nullptr && cancelled->load(std::memory_order_relaxed)) {
      return base::fail(base::ErrorCode::kCancelled, fmt::format("asked to stop reading {}", path));
    }
    const size_t bytes = std::min(size - at, kPieceBytes);
    RM_TRY(file.read(all.subspan(at, bytes), at));
    at += bytes;
  }
  return read;
}

base::Result<model::Model> read_model_file(const std::string& path,
                                           const std::atomic<bool>* cancelled) {
  RM_ASSIGN(FileBytes read, read_file(path, cancelled));
  const auto file = std::make_shared<const FileBytes>(std::move(read));
  const std::span<const std::byte> bytes(file->bytes.get(), file->size);
  auto model = model::import_format(bytes) ? model::import_model(bytes)
                                           : model::decode_artifact(bytes, file);
  if (!model) {
    return base::fail(model.error().within(path));
  }
  return model;
}

base::Result<void> check_members(const std::string& first, const model::Model& first_model,
                                 const std::string& other, const model::Model& other_model) {
  const auto difference = model::difference_of(first_model, other_model);
  return difference
             ? base::Result<void>(base::fail(
                   base::ErrorCode::kInvalidInput,
                   fmt::format("{} and {} cannot answer as one: {}", first, other, *difference)))
             : base::Result<void>();
}

}  // namespace

base::Result<model::Model> read_model(const std::string& path, const ReadOptions& options) {
  RM_ASSIGN(std::vector<std::string> files, model_files(path));
  if (!options.ensemble) {
    files.resize(1);
  }
  std::vector<model::Model> models;
  for (const std::string& file : files) {
    RM_ASSIGN(model::Model model, read_model_file(file, options.cancelled));
    if (!models.empty()) {
      RM_TRY(check_members(files.front(), models.front(), file, model));
    }
    models.push_back(std::move(model));
  }
  if (models.size() == 1) {
    return std::move(models.front());
  }
  auto average = model::average_of(std::move(models));
  if (!average) {
    return base::fail(average.error().within(path));
  }
  return average;
}

namespace {

/// Graphs are not made for missing values, and may have their own idea of what is finite.
bool is_graph(const model::Model& model) {
  const auto* average = std::get_if<model::AverageParameters>(&model.parameters);
  const model::Model& one = average == nullptr ? model : average->members.front();
  return std::holds_alternative<model::GraphParameters>(one.parameters);
}

}  // namespace

base::Result<std::unique_ptr<model::Predictor>> prepare_predictor(model::Model model,
                                                                  base::InstructionSet set) {
  const bool graph = is_graph(model);
  const std::vector<float> example = model.provenance.example_row;
  RM_ASSIGN(auto predictor, model::compile_valid(std::move(model), set));
  data::DenseBlock row(predictor->schema().feature_count(), 1);
  data::DenseBlock score(predictor->output().score_columns(), 1);
  row.resize(1);
  score.resize(1);
  const float usual = graph ? 0.0F : std::numeric_limits<float>::quiet_NaN();
  for (size_t i = 0; i < row.columns(); ++i) {
    row.span().row(0)[i] = example.size() == row.columns() ? example[i] : usual;
  }
  predictor->predict(row.view(), score.span());
  for (size_t i = 0; i < score.columns() && !graph; ++i) {
    if (!std::isfinite(score.view().row(0)[i])) {
      return base::fail(base::ErrorCode::kCorrupt,
                        "the model answers a row of ordinary values with no finite number");
    }
  }
  return predictor;
}

}  // namespace ringmaker::serve
