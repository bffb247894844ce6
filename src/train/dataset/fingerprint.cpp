#include "train/dataset/fingerprint.h"

#include <fmt/core.h>

#include <cstdint>
#include <span>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace ringmaker::train {
namespace {

/// Everything goes in with its length first, so that no two data sets run into the same bytes.
class Hash {
 public:
  Hash() { XXH3_64bits_reset(&state_); }

  void add(uint64_t number) { XXH3_64bits_update(&state_, &number, sizeof number); }
  template <class T>
  void add(std::span<const T> values) {
    add(values.size());
    XXH3_64bits_update(&state_, values.data(), values.size_bytes());
  }
  void add(const std::vector<std::string>& texts) {
    add(texts.size());
    for (const std::string& text : texts) {
      add(std::span<const char>(text));
    }
  }
  [[nodiscard]] uint64_t value() const { return XXH3_64bits_digest(&state_); }

 private:
  XXH3_state_t state_;
};

}  // namespace

std::string fingerprint(const Dataset& dataset) {
  Hash hash;
  const data::DenseView rows = dataset.features.view();
  hash.add(uint64_t{rows.rows});
  hash.add(uint64_t{rows.columns});
  hash.add(std::span<const float>(rows.values, rows.rows * rows.columns));
  hash.add(std::span<const double>(dataset.labels));
  hash.add(std::span<const float>(dataset.weights));
  hash.add(dataset.schema.feature_names);
  hash.add(dataset.output.class_names);
  return fmt::format("xxh3:{:016x}", hash.value());
}

}  // namespace ringmaker::train
