#include "serve/model_store.h"

#include "base/cpu.h"
#include "base/huge_pages.h"
#include "io/socket.h"
#include "model/artifact.h"
#include "model/average/average_model.h"
#include "model/foreign_format.h"
#include "model/import/importer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>
#include <span>
#include <vector>

namespace ringmaker::serve {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kModelBytesMax = uint64_t{64} << 30;
constexpr size_t kAlignment = 64;
/// What is looked at of each end of a file to tell what it is.
constexpr size_t kEndBytes = 4096;
/// Between two looks at whether the file is still wanted: some ten milliseconds of a slow disk.
constexpr size_t kPieceBytes = size_t{4} << 20;

struct Free {
  void operator()(std::byte* bytes) const noexcept { std::free(bytes); }
};

struct FileBytes {
  std::unique_ptr<std::byte[], Free> bytes;
  size_t size = 0;
};

/// Reads on until `bytes` are full, which lie at `at` in the file.
base::Result<void> read_fully(int file, std::span<std::byte> bytes, size_t at,
                              const std::string& path) {
  for (size_t have = 0; have < bytes.size();) {
    const ssize_t got = ::read(file, bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return base::fail(base::system_error(errno, fmt::format("cannot read {}", path)));
    }
    if (got == 0) {
      return base::fail(base::ErrorCode::kCorrupt,
                        fmt::format("{} ended while it was read, at byte {}", path, at + have));
    }
    have += static_cast<size_t>(got);
  }
  return {};
}

/// The first and the last bytes of a file, one behind the other: what tells formats apart stands
/// there, and the rest need not be read to know. All of a short file.
base::Result<std::vector<std::byte>> read_ends(int file, uint64_t size, const std::string& path) {
  std::vector<std::byte> ends(std::min<uint64_t>(size, 2 * kEndBytes));
  const size_t head = std::min(ends.size(), kEndBytes);
  RM_TRY(read_fully(file, std::span(ends).first(head), 0, path));
  const size_t tail_at = size - (ends.size() - head);
  if (::lseek(file, static_cast<off_t>(tail_at), SEEK_SET) < 0) {
    return base::fail(base::system_error(errno, fmt::format("cannot read {}", path)));
  }
  RM_TRY(read_fully(file, std::span(ends).subspan(head), tail_at, path));
  return ends;
}

struct OpenFile {
  io::Descriptor descriptor;
  uint64_t size = 0;
};

base::Result<OpenFile> open_file(const std::string& path) {
  // Non-blocking, so that a FIFO or device of that name cannot hang the start.
  io::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) {
    return base::fail(base::system_error(errno, fmt::format("cannot open {}", path)));
  }
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) {
    return base::fail(base::system_error(errno, fmt::format("cannot read {}", path)));
  }
  if (!S_ISREG(status.st_mode)) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("{} is not a regular file", path));
  }
  return OpenFile{std::move(file), static_cast<uint64_t>(status.st_size)};
}

base::Result<FileBytes> read_file(const std::string& path, const std::atomic<bool>* cancelled) {
  RM_ASSIGN(const OpenFile opened, open_file(path));
  const int file = opened.descriptor.get();
  const uint64_t size = opened.size;
  if (size > kModelBytesMax) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("{} is larger than 64 GiB", path));
  }
  RM_ASSIGN(const std::vector<std::byte> ends, read_ends(file, size, path));
  if (!model::import_format(ends)) {
    if (const auto possible = model::check_start(ends, size); !possible) {
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
  ::lseek(file, 0, SEEK_SET);
  for (size_t at = 0; at < size;) {
    if (cancelled != nullptr && cancelled->load(std::memory_order_relaxed)) {
      return base::fail(base::ErrorCode::kCancelled, fmt::format("asked to stop reading {}", path));
    }
    const size_t bytes = std::min(size - at, kPieceBytes);
    RM_TRY(read_fully(file, all.subspan(at, bytes), at, path));
    at += bytes;
  }
  return read;
}

base::Error cannot_look(std::string_view into, const std::string& path,
                        const std::error_code& error) {
  return base::system_error(error.value(), fmt::format("cannot look {} {}", into, path));
}

/// not_found where there is nothing; an error where that cannot be told.
base::Result<fs::file_type> type_of(const std::string& path) {
  std::error_code error;
  const fs::file_type type = fs::status(path, error).type();
  if (type == fs::file_type::none) {
    return base::fail(cannot_look("at", path, error));
  }
  return type;
}

/// What lies in a directory, in the order of the names.
base::Result<std::vector<fs::directory_entry>> entries_of(const std::string& directory) {
  std::vector<fs::directory_entry> entries;
  std::error_code error;
  for (fs::directory_iterator at(directory, error); !error && at != fs::directory_iterator();
       at.increment(error)) {
    entries.push_back(*at);
  }
  if (error) {
    return base::fail(cannot_look("into", directory, error));
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

/// What lies there instead of a model, for the error of somebody who mounted the wrong directory.
std::string contents(const std::vector<fs::directory_entry>& entries) {
  if (entries.empty()) {
    return "it is empty";
  }
  std::vector<std::string> names;
  names.reserve(entries.size());
  for (const fs::directory_entry& entry : entries) {
    names.push_back(entry.path().filename().string());
  }
  constexpr size_t kShown = 5;
  const std::string more =
      names.size() > kShown ? fmt::format(" and {} more", names.size() - kShown) : "";
  names.resize(std::min(names.size(), kShown));
  return fmt::format("it holds {}{}", fmt::join(names, ", "), more);
}

/// The files among them, but hidden ones.
base::Result<std::vector<std::string>> plain_files(
    const std::vector<fs::directory_entry>& entries) {
  std::vector<std::string> files;
  for (const fs::directory_entry& entry : entries) {
    std::error_code error;
    const fs::file_status status = entry.status(error);
    if (status.type() == fs::file_type::none) {
      return base::fail(cannot_look("at", entry.path().string(), error));
    }
    if (fs::is_regular_file(status) && !entry.path().filename().string().starts_with('.')) {
      files.push_back(entry.path().string());
    }
  }
  return files;
}

base::Result<std::vector<std::string>> importable_files(const std::string& directory) {
  RM_ASSIGN(const std::vector<fs::directory_entry> entries, entries_of(directory));
  RM_ASSIGN(const std::vector<std::string> candidates, plain_files(entries));
  std::vector<std::string> files;
  std::string foreign;
  for (const std::string& file : candidates) {
    // A member that cannot be read is not left out: the others would answer something else.
    RM_ASSIGN(const OpenFile opened, open_file(file));
    RM_ASSIGN(const std::vector<std::byte> ends,
              read_ends(opened.descriptor.get(), opened.size, file));
    if (model::import_format(ends)) {
      files.push_back(file);
    } else if (const auto sentence = model::foreign_format(ends); sentence && foreign.empty()) {
      foreign = fmt::format("; {}: {}", fs::path(file).filename().string(), *sentence);
    }
  }
  if (files.empty()) {
    return base::fail(base::ErrorCode::kNotFound,
                      fmt::format("there is no {} in {} and no model to import; {}{}",
                                  model::kArtifactFileName, directory, contents(entries), foreign));
  }
  return files;
}

base::Result<model::Model> read_model_file(const std::string& path,
                                           const std::atomic<bool>* cancelled) {
  RM_ASSIGN(const FileBytes file, read_file(path, cancelled));
  const std::span<const std::byte> bytes(file.bytes.get(), file.size);
  auto model =
      model::import_format(bytes) ? model::import_model(bytes) : model::decode_artifact(bytes);
  if (!model) {
    return base::fail(model.error().within(path));
  }
  return model;
}

}  // namespace

base::Result<std::vector<std::string>> model_files(const std::string& path) {
  RM_ASSIGN(const fs::file_type type, type_of(path));
  if (type == fs::file_type::not_found) {
    return base::fail(base::ErrorCode::kNotFound,
                      fmt::format("the model directory {} does not exist", path));
  }
  if (type != fs::file_type::directory) {
    return std::vector<std::string>{path};
  }
  std::string file = path + "/" + std::string(model::kArtifactFileName);
  RM_ASSIGN(const fs::file_type of_artifact, type_of(file));
  if (of_artifact != fs::file_type::not_found) {
    return std::vector<std::string>{std::move(file)};
  }
  return importable_files(path);
}

base::Result<model::Model> read_model(const std::string& path, const ReadOptions& options) {
  RM_ASSIGN(std::vector<std::string> files, model_files(path));
  if (!options.ensemble) {
    files.resize(1);
  }
  std::vector<model::Model> models;
  for (const std::string& file : files) {
    RM_ASSIGN(model::Model model, read_model_file(file, options.cancelled));
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
  RM_ASSIGN(auto predictor, model::compile(std::move(model), set));
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
