// Arena: a bump allocator that is emptied all at once.
//
// It keeps the memory it has, so that work repeated after a reset allocates nothing. As a
// std::pmr::memory_resource it serves any pmr container; deallocation is a no-op until reset().
#pragma once

#include <cstddef>
#include <memory>
#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

namespace ringmaker::base {

/// Not thread-safe.
class Arena final : public std::pmr::memory_resource {
 public:
  /// The first block is allocated at once; further blocks are at least as large.
  explicit Arena(size_t block_bytes);
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// A copy of `text` that lives until reset().
  [[nodiscard]] std::string_view copy(std::string_view text);
  /// Uninitialised bytes that live until reset().
  [[nodiscard]] std::span<char> take(size_t bytes);

  /// Forgets everything. Keeps one block, as large as all blocks were together but at most
  /// `kept_bytes_max`, so that one unusual user does not hold memory for ever.
  void reset(size_t kept_bytes_max = SIZE_MAX);

  [[nodiscard]] size_t bytes_held() const noexcept;

 private:
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    size_t size = 0;
  };

  void* do_allocate(size_t bytes, size_t alignment) override;
  void do_deallocate(void* /*pointer*/, size_t /*bytes*/, size_t /*alignment*/) override {}
  [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }
  void add_block(size_t bytes_min);

  std::vector<Block> blocks_;
  size_t block_bytes_;
  size_t offset_ = 0;  // into the last block
};

}  // namespace ringmaker::base
