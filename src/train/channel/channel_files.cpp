#include "train/channel/channel_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace ringmaker::train {
namespace {

namespace fs = std::filesystem;

bool is_data_name(const std::string& name) {
  return !name.starts_with('.') && !name.starts_with('_') && !name.ends_with("-manifest");
}

}  // namespace

base::Result<std::vector<std::string>> list_files(const std::string& path,
                                                  std::string_view channel) {
  std::error_code error;
  if (!fs::exists(path, error)) {
    return base::fail(
        base::ErrorCode::kNotFound,
        fmt::format("the {} channel has no directory: {} does not exist", channel, path));
  }
  if (fs::is_regular_file(path, error)) {
    return std::vector<std::string>{path};
  }
  std::vector<std::string> files;
  fs::recursive_directory_iterator walk(path, fs::directory_options::follow_directory_symlink,
                                        error);
  for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error)) {
    const std::string name = walk->path().filename().string();
    if (!is_data_name(name)) {
      if (walk->is_directory(error)) {
        walk.disable_recursion_pending();
      }
      continue;
    }
    if (walk->is_regular_file(error) && walk->file_size(error) > 0) {
      files.push_back(walk->path().string());
    }
  }
  if (error) {
    return base::fail(base::system_error(error.value(), fmt::format("cannot list {}", path)));
  }
  if (files.empty()) {
    return base::fail(
        base::ErrorCode::kNotFound,
        fmt::format("the {} channel is empty: there is no data file below {}", channel, path));
  }
  std::sort(files.begin(), files.end());
  return files;
}

base::Result<void> check_channel(const config::InputChannel& channel) {
  if (channel.input_mode == "Pipe") {
    return base::fail(base::ErrorCode::kUnsupported,
                      fmt::format("the {} channel uses Pipe mode, which is not supported; use File "
                                  "or FastFile",
                                  channel.name));
  }
  const std::string_view type =
      std::string_view(channel.content_type).substr(0, channel.content_type.find(';'));
  if (!type.empty() && type != "text/csv" && type != "csv") {
    return base::fail(
        base::ErrorCode::kUnsupported,
        fmt::format("the {} channel holds {}; training reads text/csv", channel.name, type));
  }
  return {};
}

}  // namespace ringmaker::train
