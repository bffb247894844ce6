#include "serve/models_root.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

namespace ringmaker::serve {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPlatformRoot = "/opt/ml/models";

/// Whether `path` is strictly below `root`; both without "." and "..".
bool is_below(const fs::path& path, const fs::path& root) {
  const auto [root_end, path_at] =
      std::mismatch(root.begin(), root.end(), path.begin(), path.end());
  return root_end == root.end() && path_at != path.end();
}

}  // namespace

base::Result<std::string> ModelsRoot::resolve(std::string_view url) const {
  const auto outside = [&] {
    return base::fail(
        base::ErrorCode::kInvalidInput,
        fmt::format("the url is not a path below {}, where models lie (--models-dir)", directory_));
  };
  if (url.empty() || url.front() != '/' || url.find('\0') != std::string_view::npos) {
    return outside();
  }
  const fs::path root(directory_);
  fs::path place = fs::path(url).lexically_normal();
  if (!place.has_filename()) {
    place = place.parent_path();  // a slash at the end
  }
  if (!is_below(place, root.lexically_normal())) {
    if (!is_below(place, fs::path(kPlatformRoot))) {
      return outside();
    }
    place = root / place.lexically_relative(kPlatformRoot);
  }
  std::error_code error;
  if (!fs::exists(place, error)) {
    return base::fail(base::ErrorCode::kNotFound,
                      fmt::format("there is nothing at {}", place.string()));
  }
  const fs::path real = fs::canonical(place, error);
  const fs::path real_root = error ? fs::path() : fs::canonical(root, error);
  if (error || !is_below(real, real_root)) {
    return outside();
  }
  return real.string();
}

uint64_t bytes_on_disk(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    const uint64_t bytes = fs::file_size(path, error);
    return error ? 0 : bytes;
  }
  uint64_t sum = 0;
  for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    std::error_code of_entry;
    if (at->is_regular_file(of_entry)) {
      const uint64_t bytes = at->file_size(of_entry);
      sum += of_entry ? 0 : bytes;
    }
  }
  return sum;
}

}  // namespace ringmaker::serve
