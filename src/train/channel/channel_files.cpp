#include "train/channel/channel_files.h"

#include "base/text.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace ringmaker::train {
namespace {

namespace fs = std::filesystem;

using base::ErrorCode;
using base::fail;

bool is_data_name(const std::string& name) {
  return !name.starts_with('.') && !name.starts_with('_') && !name.ends_with("-manifest");
}

/// Whether `directory` is `above` or lies in it; both without links.
bool lies_in(const fs::path& directory, const fs::path& above) {
  return std::mismatch(above.begin(), above.end(), directory.begin(), directory.end()).first ==
         above.end();
}

/// The value of ";label_size=1" among a type's parameters; empty when it is not there.
std::string parameter(std::string_view content_type, std::string_view wanted) {
  for (size_t at = content_type.find(';'); at != std::string_view::npos;) {
    const size_t end = content_type.find(';', at + 1);
    const std::string_view item = content_type.substr(at + 1, end - at - 1);
    const size_t equals = item.find('=');
    if (equals != std::string_view::npos &&
        base::lowercase(base::trimmed(item.substr(0, equals))) == wanted) {
      return std::string(base::trimmed(item.substr(equals + 1)));
    }
    at = end;
  }
  return {};
}

/// Whether it may be read is for those who open it to say.
base::Result<DataFile> single_file(const std::string& path, std::string_view shown,
                                   fs::file_status status) {
  if (!fs::is_regular_file(status)) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{} is {}", path,
                            fs::is_fifo(status) ? "a pipe; a regular file is needed"
                                                : "neither a regular file nor a directory"));
  }
  std::error_code error;
  const size_t bytes = fs::file_size(path, error);
  if (bytes == 0) {
    return fail(ErrorCode::kInvalidInput, fmt::format("{} has no rows of data", shown));
  }
  return DataFile{path, std::string(shown), error ? 0 : bytes};
}

}  // namespace

base::Result<std::vector<DataFile>> list_files(const std::string& path, std::string_view shown,
                                               std::string_view source) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    return fail(ErrorCode::kNotFound,
                status.type() == fs::file_type::not_found
                    ? fmt::format("{} has no data: {} does not exist", source, path)
                    : fmt::format("cannot look at {}: {}", path, error.message()));
  }
  if (!fs::is_directory(status)) {
    RM_ASSIGN(DataFile file, single_file(path, shown, status));
    return std::vector<DataFile>{std::move(file)};
  }
  while (shown.size() > 1 && shown.ends_with('/')) {
    shown.remove_suffix(1);
  }
  std::vector<DataFile> files;
  // Where the walk is, without links: one a level.
  std::vector<fs::path> inside{fs::canonical(path, error)};
  fs::recursive_directory_iterator walk(path, fs::directory_options::follow_directory_symlink,
                                        error);
  for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error)) {
    const std::string name = walk->path().filename().string();
    std::error_code look;
    const fs::file_status kind = walk->status(look);
    if (!is_data_name(name)) {
      if (fs::is_directory(kind)) {
        walk.disable_recursion_pending();
      }
      continue;
    }
    const std::string below = walk->path().lexically_relative(path).string();
    if (fs::is_directory(kind)) {
      inside.resize(static_cast<size_t>(walk.depth()) + 1);
      const fs::path target = fs::canonical(walk->path(), look);
      const auto loops = [&](const fs::path& directory) { return lies_in(directory, target); };
      if (!look && std::ranges::any_of(inside, loops)) {
        return fail(ErrorCode::kInvalidInput,
                    fmt::format("{}/{} is a link to {}, in which it lies, and the data would never "
                                "end; remove the link",
                                shown, below, target.string()));
      }
      inside.push_back(target);
      continue;
    }
    if (kind.type() == fs::file_type::not_found) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("{}/{} is a link to what does not exist", shown, below));
    }
    if (!fs::is_regular_file(kind)) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("{}/{} is neither a regular file nor a directory", shown, below));
    }
    if (const size_t bytes = walk->file_size(look); bytes > 0) {
      files.push_back({walk->path().string(), fmt::format("{}/{}", shown, below), bytes});
    }
  }
  if (error) {
    return fail(base::system_error(error.value(), fmt::format("cannot list {}", path)));
  }
  if (files.empty()) {
    return fail(ErrorCode::kNotFound,
                fmt::format("{} is empty: there is no data file below {}", source, path));
  }
  std::sort(files.begin(), files.end(),
            [](const DataFile& a, const DataFile& b) { return a.path < b.path; });
  return files;
}

base::Result<void> check_channel(const config::InputChannel& channel) {
  const std::string mode = base::lowercase(channel.input_mode);
  if (mode == "pipe") {
    return fail(ErrorCode::kUnsupported,
                fmt::format("the {} channel uses Pipe mode, which is not supported; use File or "
                            "FastFile",
                            channel.name));
  }
  if (mode != "file" && mode != "fastfile") {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("the {} channel's TrainingInputMode is \"{}\"; use File or FastFile",
                            channel.name, channel.input_mode));
  }
  if (base::lowercase(channel.record_wrapper) == "recordio") {
    return fail(ErrorCode::kUnsupported,
                fmt::format("the {} channel is wrapped in RecordIO, which is not supported; use "
                            "RecordWrapperType None",
                            channel.name));
  }
  const std::string_view content(channel.content_type);
  const std::string type = base::lowercase(base::trimmed(content.substr(0, content.find(';'))));
  if (!type.empty() && type != "text/csv" && type != "csv") {
    return fail(ErrorCode::kUnsupported,
                fmt::format("the {} channel holds {}, which is not supported; training reads "
                            "text/csv, so convert the data to CSV",
                            channel.name, type));
  }
  const std::string label_size = parameter(content, "label_size");
  if (!label_size.empty() && label_size != "1") {
    return fail(ErrorCode::kUnsupported,
                fmt::format("the {} channel says label_size={}; training needs one label column, "
                            "so use label_size=1",
                            channel.name, label_size));
  }
  return {};
}

}  // namespace ringmaker::train
