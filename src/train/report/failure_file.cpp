#include "train/report/failure_file.h"

#include "base/atomic_file.h"
#include "wire/utf8.h"

#include <algorithm>
#include <filesystem>

namespace ringmaker::train {

std::string failure_text(const base::Error& error) {
  std::string text = error.message().substr(0, kFailureBytesMax);
  std::replace(text.begin(), text.end(), '\n', ' ');
  const bool cut = text.size() < error.message().size();
  constexpr size_t kCharacterBytesMax = 4;
  std::string whole = text;
  for (size_t i = 1; cut && i < kCharacterBytesMax && !wire::is_utf8(whole); ++i) {
    whole.pop_back();  // no half character at the end
  }
  if (!wire::is_utf8(whole)) {
    std::replace_if(
        whole.begin(), whole.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; },
        '?');
  }
  return whole;
}

base::Result<void> write_failure_file(const std::string& path, const base::Error& error) {
  return base::write_file_atomically(path, failure_text(error));
}

void remove_failure_file(const std::string& path) noexcept {
  std::error_code error;
  const auto kind = std::filesystem::symlink_status(path, error).type();
  if (kind == std::filesystem::file_type::regular || kind == std::filesystem::file_type::symlink) {
    std::filesystem::remove(path, error);
  }
}

}  // namespace ringmaker::train
