// PredictInput: the text that `predict` scores, from a file or standard input, plain or compressed,
// whichever its first bytes say; in pieces, or line by line where rows must be told apart.
#pragma once

#include "base/result.h"
#include "wire/inflater.h"

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::cli {

class PredictInput {
 public:
  /// `path` "-": standard input. kInvalidInput for a directory.
  [[nodiscard]] static base::Result<PredictInput> open(const std::string& path, bool by_line);

  /// "rows.csv", "standard input".
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// The next piece, valid until the next call; empty at the end. A line break within quotes does
  /// not end a line; a last line without its end is given one.
  [[nodiscard]] base::Result<std::string_view> next();
  /// It is the file that `path` names.
  [[nodiscard]] bool is_file(const std::string& path) const noexcept;

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const noexcept {
      if (file != stdin) {
        std::fclose(file);
      }
    }
  };
  using File = std::unique_ptr<std::FILE, CloseFile>;

  PredictInput(File file, std::string name, bool by_line);
  /// Reads on; false at the end.
  [[nodiscard]] base::Result<bool> fill();
  [[nodiscard]] base::Result<void> read();
  [[nodiscard]] base::Result<void> recognise_coding();

  File file_;
  std::string name_;
  bool by_line_;
  std::unique_ptr<wire::Inflater> inflater_;  // null: plain
  std::vector<char> coded_;
  std::string_view coded_left_;
  bool file_ended_ = false;
  bool started_ = false;
  std::vector<char> plain_;
  std::string_view left_;  // plain text not handed out yet
  std::string piece_;
};

}  // namespace ringmaker::cli
