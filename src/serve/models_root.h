// ModelsRoot: from the url of a load request to a place on disk, or the reason why not.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace ringmaker::serve {

/// Immutable, thread-safe.
class ModelsRoot {
 public:
  /// Models lie below `directory`. The platform calls it /opt/ml/models whatever it is here.
  explicit ModelsRoot(std::string directory) : directory_(std::move(directory)) {}

  /// The real path of `url`, links resolved. kInvalidInput when it is not below the root,
  /// kNotFound when nothing is there.
  [[nodiscard]] base::Result<std::string> resolve(std::string_view url) const;

 private:
  std::string directory_;
};

/// The bytes of a file, or of the files in a directory: what reading the model may take.
[[nodiscard]] uint64_t bytes_on_disk(const std::string& path);

}  // namespace ringmaker::serve
