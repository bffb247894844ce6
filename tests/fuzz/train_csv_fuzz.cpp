// The training CSV reader: the same table, or the same error, for every block size and number of
// threads; and what is in a table is finite or missing. The first byte picks the options, the rest
// is one file, or two, cut at the first zero byte.
#include "base/check.h"
#include "train/reader/csv_table.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace ringmaker;

/// A file that is only in memory.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view text) : descriptor_(::memfd_create("csv", MFD_CLOEXEC)) {
    RM_CHECK(descriptor_ >= 0);
    RM_CHECK(::write(descriptor_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

/// Everything a table says, or its error, as bytes.
std::string reading(const std::vector<train::DataFile>& files, const train::CsvOptions& options,
                    const train::ReadOptions& read) {
  const auto table = train::read_csv_table(files, options, read);
  if (!table) {
    return table.error().message();
  }
  const data::DenseView view = table->features.view();
  RM_CHECK(view.rows == table->labels.size());
  RM_CHECK(view.columns == table->layout.feature_names.size());
  std::string bytes;
  for (size_t i = 0; i < view.rows * view.columns; ++i) {
    RM_CHECK(!std::isinf(view.values[i]));
  }
  for (const double label : table->labels) {
    RM_CHECK(std::isfinite(label));
    RM_CHECK(table->label_texts.empty() || label < static_cast<double>(table->label_texts.size()));
  }
  bytes.append(reinterpret_cast<const char*>(view.values),
               view.rows * view.columns * sizeof(float));
  bytes.append(reinterpret_cast<const char*>(table->labels.data()),
               table->labels.size() * sizeof(double));
  bytes.append(reinterpret_cast<const char*>(table->weights.data()),
               table->weights.size() * sizeof(float));
  for (const auto* names : {&table->label_texts, &table->layout.names}) {
    for (const std::string& name : *names) {
      bytes += name + '\n';
    }
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) {
    return 0;
  }
  const uint8_t choice = data[0];
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  train::CsvOptions options;
  options.label = (choice & 1U) != 0 ? "1" : "";
  options.weights = (choice & 2U) != 0;
  if ((choice & 4U) != 0) {
    options.missing_markers = {"-999", "?"};
  }
  if ((choice & 8U) != 0) {
    options.drop_columns = {"2"};
  }
  const size_t cut = text.find('\0');
  const MemoryFile first(text.substr(0, cut));
  const MemoryFile second(cut == std::string_view::npos ? "" : text.substr(cut + 1));
  const std::vector<train::DataFile> files{{first.path(), "a.csv", size},
                                           {second.path(), "b.csv", size}};
  const std::string expected = reading(files, options, {.threads = 1});
  RM_CHECK(expected == reading(files, options, {.threads = 1, .block_bytes = 2}));
  RM_CHECK(expected ==
           reading(files, options, {.threads = 2, .block_bytes = 13, .headroom_bytes = 5}));
  RM_CHECK(expected ==
           reading(files, options, {.threads = 3, .block_bytes = 64, .headroom_bytes = 64}));
  return 0;
}
