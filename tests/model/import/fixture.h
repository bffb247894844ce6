// Fixture: a model file of another library, rows, and what that library answered to them.
#pragma once

#include "model/import/importer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

namespace ringmaker::model {

namespace fs = std::filesystem;

/// A model file, in the folder that holds its input.csv and expected.csv.
struct Fixture {
  fs::path file;

  [[nodiscard]] std::string name() const {
    return file.parent_path().filename().string() + "/" + file.filename().string();
  }
  friend std::ostream& operator<<(std::ostream& out, const Fixture& f) { return out << f.name(); }
};

/// Those of the folders below `root` whose names begin with one of `prefixes`.
inline std::vector<Fixture> fixtures(const fs::path& root, std::vector<std::string> prefixes) {
  std::vector<Fixture> found;
  std::error_code error;
  for (const auto& folder : fs::directory_iterator(root, error)) {
    const std::string name = folder.path().filename().string();
    const bool wanted = std::ranges::any_of(
        prefixes, [&](const std::string& prefix) { return name.starts_with(prefix); });
    if (!wanted || !folder.is_directory()) {
      continue;
    }
    for (const auto& file : fs::directory_iterator(folder.path())) {
      const std::string stem = file.path().stem().string();
      if (stem == "model" || stem == "xgboost-model") {
        found.push_back({file.path()});
      }
    }
  }
  std::ranges::sort(found, {}, &Fixture::name);
  return found;
}

inline std::vector<std::byte> file_bytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

/// The bytes as a file of their own: what is read behind them, a sanitizer sees.
inline base::Result<Model> imported(std::span<const std::byte> bytes) {
  std::vector<std::byte> padded(bytes.begin(), bytes.end());
  padded.resize(bytes.size() + kImportPadding);
  return import_model(std::span(padded).first(bytes.size()));
}

/// A CSV file with a header; fields may be in quotes.
struct Table {
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> rows;

  [[nodiscard]] size_t first(std::string_view prefix) const {
    size_t k = 0;
    while (k < names.size() && !names[k].starts_with(prefix)) {
      ++k;
    }
    return k;
  }
};

inline std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') {
      if (quoted && i + 1 < line.size() && line[i + 1] == '"') {
        fields.back() += line[++i];
      } else {
        quoted = !quoted;
      }
    } else if (line[i] == ',' && !quoted) {
      fields.emplace_back();
    } else if (line[i] != '\r') {
      fields.back() += line[i];
    }
  }
  return fields;
}

inline Table read_table(const fs::path& path) {
  Table table;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (table.names.empty()) {
      table.names = fields_of(line);
    } else {
      table.rows.push_back(fields_of(line));
    }
  }
  return table;
}

inline float number_of(const std::string& text) {
  return text.empty() ? std::numeric_limits<float>::quiet_NaN()
                      : std::strtof(text.c_str(), nullptr);
}

/// The input's rows behind each other; texts of categories as their codes.
inline std::vector<float> rows_of(const Table& input, const data::Schema& schema) {
  std::vector<float> values;
  for (const auto& row : input.rows) {
    for (size_t j = 0; j < row.size(); ++j) {
      const bool texts = j < schema.category_names.size() && !schema.category_names[j].empty();
      if (texts && !row[j].empty()) {
        // A name that the file has cut off is as long, and begins the same.
        const auto& names = schema.category_names[j];
        const auto at = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
          const size_t lost = name.find("\uFFFD");
          return name == row[j] ||
                 (lost != std::string::npos && row[j].starts_with(name.substr(0, lost)));
        });
        EXPECT_TRUE(at != names.end()) << row[j];
        values.push_back(static_cast<float>(at - names.begin()));
      } else {
        values.push_back(number_of(row[j]));
      }
    }
  }
  return values;
}

}  // namespace ringmaker::model
