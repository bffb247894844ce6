// Training files in a directory of their own, and the table that is read from them.
#pragma once

#include "tests/support/program.h"
#include "train/reader/csv_table.h"

#include <string>
#include <utility>
#include <vector>

namespace ringmaker::train {

class TableFiles {
 public:
  TableFiles& add(const std::string& name, const std::string& text) {
    directory_.write(name, text);
    files_.push_back({directory_.path(name), name, text.size()});
    return *this;
  }
  [[nodiscard]] base::Result<CsvTable> read(const CsvOptions& options = {},
                                            const ReadOptions& read = {},
                                            const CsvLayout* of = nullptr) const {
    return read_csv_table(files_, options, read, of);
  }
  /// The sentence of a failed reading; empty when it did not fail.
  [[nodiscard]] std::string error(const CsvOptions& options = {}, const ReadOptions& read = {},
                                  const CsvLayout* of = nullptr) const {
    const auto table = this->read(options, read, of);
    return table ? "" : table.error().message();
  }
  [[nodiscard]] const std::vector<DataFile>& list() const { return files_; }

 private:
  test::TemporaryDirectory directory_;
  std::vector<DataFile> files_;
};

inline std::vector<float> values(const CsvTable& table) {
  const data::DenseView view = table.features.view();
  return {view.values, view.values + view.rows * view.columns};
}

}  // namespace ringmaker::train
