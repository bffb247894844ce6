#include "serve/model_files.h"

#include "base/text.h"
#include "model/artifact.h"
#include "model/foreign_format.h"
#include "model/import/import_format.h"
#include "serve/opened_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <string_view>
#include <utility>

namespace ringmaker::serve {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDigits = "0123456789";

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
  std::ranges::transform(entries, std::back_inserter(names),
                         [](const auto& entry) { return entry.path().filename().string(); });
  constexpr size_t kShown = 5;
  return "it holds " + listed(names, kShown);
}

/// What a listing does not show, of shells and of Hadoop and Spark (_SUCCESS).
bool is_hidden(const std::string& name) {
  return name.starts_with('.') || (name.starts_with('_') && !name.starts_with("__"));
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
    if (fs::is_regular_file(status) && !is_hidden(entry.path().filename().string())) {
      files.push_back(entry.path().string());
    }
  }
  return files;
}

std::string name_of(const std::string& path) { return fs::path(path).filename().string(); }

/// What editors and careful people leave beside a file that they change.
bool is_copy(const std::string& path) {
  return path.ends_with('~') || path.ends_with(".bak") || path.ends_with(".orig");
}

/// ".json"; nothing of "xgboost-model" and "model.0".
std::string extension_of(const std::string& path) {
  const std::string extension = fs::path(path).extension().string();
  const bool counts = extension.find_first_not_of(kDigits, 1) == std::string::npos;
  return counts ? std::string() : extension;
}

/// What members of an ensemble have in common: "xgboost-model" of "xgboost-model-1.ubj".
std::string family_of(const std::string& path) {
  std::string name = name_of(path);
  name.resize(name.size() - extension_of(path).size());
  std::erase_if(name, [](char c) { return kDigits.find(c) != std::string_view::npos; });
  return name.substr(0, name.find_last_not_of("-_. ") + 1);
}

/// What people write beside a model.
bool is_text_for_people(const std::string& path) {
  constexpr std::array<std::string_view, 15> kExtensions{
      ".cfg", ".csv", ".html", ".ini",  ".ipynb", ".json", ".log", ".md",
      ".py",  ".rst", ".sh",   ".toml", ".txt",   ".yaml", ".yml"};
  return std::ranges::find(kExtensions, extension_of(path)) != kExtensions.end();
}

/// Whether the names differ in digits alone, and in the case of their extensions.
bool is_called_like(const std::string& path, const std::string& model) {
  const auto kind_of = [](const std::string& file) {
    std::string extension = base::lowercase(extension_of(file));
    std::erase_if(extension, [](char c) { return kDigits.find(c) != std::string_view::npos; });
    return extension;
  };
  return family_of(path) == family_of(model) && kind_of(path) == kind_of(model);
}

struct Stranger {
  std::string path;
  uint64_t size = 0;
  bool is_json = false;
  std::string format;  // a sentence about what it is, where that is known
};

/// What is wrong with a file that is no model and lies beside some.
base::Result<void> check_companion(const Stranger& file, const std::vector<std::string>& models) {
  const auto like = std::ranges::find_if(
      models, [&](const auto& model) { return is_called_like(file.path, model); });
  if (like == models.end() && (is_text_for_people(file.path) || file.is_json)) {
    return {};
  }
  if (file.size == 0) {
    return base::fail(base::ErrorCode::kCorrupt,
                      fmt::format("{} is empty, and lies beside the model {}", file.path,
                                  name_of(models.front())));
  }
  if (!file.format.empty()) {
    return base::fail(base::ErrorCode::kUnsupported, fmt::format("{}: {}", file.path, file.format));
  }
  if (like != models.end()) {
    return base::fail(base::ErrorCode::kCorrupt,
                      fmt::format("{} is called like the model {}, but its first bytes are of no "
                                  "model: it is damaged, or belongs elsewhere",
                                  file.path, name_of(*like)));
  }
  return {};
}

/// Why the one that was meant to be the model is none, where that can be told.
std::string why_none(const std::vector<Stranger>& strangers,
                     const std::vector<fs::directory_entry>& entries) {
  const auto known =
      std::ranges::find_if(strangers, [](const auto& s) { return !s.format.empty(); });
  if (known != strangers.end()) {
    return fmt::format("; {}: {}", name_of(known->path), known->format);
  }
  auto meant = std::ranges::find_if(
      strangers, [](const auto& s) { return !is_text_for_people(s.path) && !s.is_json; });
  if (meant == strangers.end() && strangers.size() == 1 && strangers.front().is_json) {
    meant = strangers.begin();
  }
  if (meant != strangers.end()) {
    return fmt::format("; {} {}", name_of(meant->path),
                       meant->size == 0 ? "is empty"
                                        : "does not begin as any model does that is read here: it "
                                          "is damaged, or of another format");
  }
  const auto special = std::ranges::find_if(entries, [](const fs::directory_entry& entry) {
    std::error_code error;
    return entry.is_other(error) && !is_hidden(entry.path().filename().string());
  });
  return special == entries.end()
             ? std::string()
             : fmt::format("; {} is not a regular file", name_of(special->path().string()));
}

base::Result<ModelFiles> importable_files(const std::string& directory) {
  RM_ASSIGN(const std::vector<fs::directory_entry> entries, entries_of(directory));
  RM_ASSIGN(const std::vector<std::string> candidates, plain_files(entries));
  ModelFiles files;
  std::vector<Stranger> strangers;
  const bool copies_alone = std::ranges::all_of(candidates, is_copy);
  for (const std::string& path : candidates) {
    if (is_copy(path) && !copies_alone) {
      files.passed_over.push_back(name_of(path));
      continue;
    }
    RM_ASSIGN(const OpenedFile file, open_file(path));
    const model::ByteSource source = file.source();
    RM_ASSIGN(const auto format, model::import_format(source));
    if (format) {
      files.served.push_back(path);
      continue;
    }
    RM_ASSIGN(const auto start, source.read(0, model::kForeignFormatBytes));
    strangers.push_back({.path = path,
                         .size = file.size,
                         .is_json = model::is_json(start),
                         .format = std::string(model::foreign_format(start).value_or(""))});
    files.passed_over.push_back(name_of(path));
  }
  if (files.served.empty()) {
    return base::fail(
        base::ErrorCode::kNotFound,
        fmt::format("there is no {} in {} and no model to import; {}{}", model::kArtifactFileName,
                    directory, contents(entries), why_none(strangers, entries)));
  }
  for (const Stranger& stranger : strangers) {
    RM_TRY(check_companion(stranger, files.served));
  }
  return files;
}

}  // namespace

base::Result<ModelFiles> find_model_files(const std::string& path) {
  RM_ASSIGN(const fs::file_type type, type_of(path));
  if (type == fs::file_type::not_found) {
    return base::fail(base::ErrorCode::kNotFound,
                      fmt::format("the model directory {} does not exist", path));
  }
  if (type != fs::file_type::directory) {
    return ModelFiles{.served = {path}};
  }
  const std::string file = path + "/" + std::string(model::kArtifactFileName);
  RM_ASSIGN(const fs::file_type of_artifact, type_of(file));
  if (of_artifact != fs::file_type::not_found) {
    return ModelFiles{.served = {file}};
  }
  return importable_files(path);
}

base::Result<std::vector<std::string>> model_files(const std::string& path) {
  RM_ASSIGN(ModelFiles files, find_model_files(path));
  return std::move(files.served);
}

std::string place_of_model(const std::string& path) {
  const auto files = model_files(path);
  return files && files->size() == 1 ? files->front() : path;
}

std::string listed(const std::vector<std::string>& names, size_t shown_max) {
  const std::vector<std::string> shown(
      names.begin(), names.begin() + static_cast<ptrdiff_t>(std::min(names.size(), shown_max)));
  const std::string more = names.size() > shown.size()
                               ? fmt::format(" and {} more", names.size() - shown.size())
                               : std::string();
  return fmt::format("{}{}", fmt::join(shown, ", "), more);
}

}  // namespace ringmaker::serve
