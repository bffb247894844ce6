#include "serve/model_store.h"

#include "base/cpu.h"
#include "io/socket.h"
#include "model/artifact.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <span>
#include <vector>

namespace ringmaker::serve {
namespace {

constexpr uint64_t kModelBytesMax = uint64_t{64} << 30;
constexpr size_t kAlignment = 64;
constexpr size_t kStartBytes = 4096;
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

base::Result<FileBytes> read_file(const std::string& path, const std::atomic<bool>* cancelled) {
  // Non-blocking, so that a FIFO or device of that name cannot hang the start.
  const io::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
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
  const auto size = static_cast<uint64_t>(status.st_size);
  if (size > kModelBytesMax) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("{} is larger than 64 GiB", path));
  }
  std::array<std::byte, kStartBytes> buffer;
  const auto start = std::span(buffer).first(std::min<uint64_t>(size, kStartBytes));
  RM_TRY(read_fully(file.get(), start, 0, path));
  if (const auto possible = model::check_start(start, size); !possible) {
    return base::fail(possible.error().within(path));
  }
  if (const auto limit = base::memory_limit_bytes(); limit && size >= *limit) {
    return base::fail(base::ErrorCode::kExhausted,
                      fmt::format("{} has {} MB, and the container may use {} MB of memory", path,
                                  size / 1'000'000, *limit / 1'000'000));
  }
  FileBytes read;
  read.size = size;
  read.bytes.reset(static_cast<std::byte*>(
      std::aligned_alloc(kAlignment, (size + kAlignment) / kAlignment * kAlignment)));
  if (read.bytes == nullptr) {
    return base::fail(base::ErrorCode::kExhausted,
                      fmt::format("no memory for {} ({} bytes)", path, size));
  }
  std::ranges::copy(start, read.bytes.get());
  const std::span<std::byte> rest(read.bytes.get(), size);
  for (size_t at = start.size(); at < size;) {
    if (cancelled != nullptr && cancelled->load(std::memory_order_relaxed)) {
      return base::fail(base::ErrorCode::kCancelled, fmt::format("asked to stop reading {}", path));
    }
    const size_t bytes = std::min(size - at, kPieceBytes);
    RM_TRY(read_fully(file.get(), rest.subspan(at, bytes), at, path));
    at += bytes;
  }
  return read;
}

/// What else lies in the directory, for the error of somebody who mounted the wrong one.
std::string contents(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    names.push_back(entry.path().filename().string());
  }
  if (names.empty()) {
    return "it is empty";
  }
  std::sort(names.begin(), names.end());
  constexpr size_t kShown = 5;
  const std::string more =
      names.size() > kShown ? fmt::format(" and {} more", names.size() - kShown) : "";
  names.resize(std::min(names.size(), kShown));
  return fmt::format("it holds {}{}", fmt::join(names, ", "), more);
}

base::Result<std::string> find_model(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    return base::fail(base::ErrorCode::kNotFound,
                      fmt::format("the model directory {} does not exist", path));
  }
  if (!std::filesystem::is_directory(status)) {
    return path;
  }
  std::string file = path + "/" + std::string(model::kArtifactFileName);
  if (!std::filesystem::exists(file, error)) {
    return base::fail(
        base::ErrorCode::kNotFound,
        fmt::format("there is no {} in {}; {}", model::kArtifactFileName, path, contents(path)));
  }
  return file;
}

}  // namespace

base::Result<model::Model> read_model(const std::string& path, const std::atomic<bool>* cancelled) {
  RM_ASSIGN(const std::string file, find_model(path));
  RM_ASSIGN(const FileBytes bytes, read_file(file, cancelled));
  auto model = model::decode_artifact({bytes.bytes.get(), bytes.size});
  if (!model) {
    return base::fail(model.error().within(file));
  }
  return model;
}

base::Result<std::unique_ptr<model::Predictor>> prepare_predictor(const model::Model& model,
                                                                  base::InstructionSet set) {
  RM_ASSIGN(auto predictor, model::compile(model, set));
  data::DenseBlock row(predictor->schema().feature_count(), 1);
  data::DenseBlock score(predictor->output().score_columns(), 1);
  row.resize(1);
  score.resize(1);
  const auto& example = model.provenance.example_row;
  for (size_t i = 0; i < row.columns(); ++i) {
    row.span().row(0)[i] =
        example.size() == row.columns() ? example[i] : std::numeric_limits<float>::quiet_NaN();
  }
  predictor->predict(row.view(), score.span());
  for (size_t i = 0; i < score.columns(); ++i) {
    if (!std::isfinite(score.view().row(0)[i])) {
      return base::fail(base::ErrorCode::kCorrupt,
                        "the model answers a row of ordinary values with no finite number");
    }
  }
  return predictor;
}

}  // namespace ringmaker::serve
