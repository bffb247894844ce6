// Huge pages: large memory that comes from the kernel in pieces of 2 MiB instead of 4 KiB.
//
// Filling fresh memory costs a fault a page, which is a fifth of the time of loading a large model
// or a large payload; and what is walked at random misses fewer translations. A request that the
// kernel does not grant changes nothing.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace ringmaker::base {

/// Asks for huge pages within [memory, memory + bytes), best before it is first written to. Nothing
/// is asked for less than 8 MiB, of which it would be too large a share to round up.
void prefer_huge_pages(void* memory, size_t bytes) noexcept;

/// Reserves memory for `size` values, on huge pages where it is large.
template <class T>
void reserve_huge(std::vector<T>& values, size_t size) {
  if (size <= values.capacity()) {
    return;
  }
  std::vector<T> grown;
  grown.reserve(size);
  prefer_huge_pages(grown.data(), size * sizeof(T));
  grown.insert(grown.end(), values.begin(), values.end());
  values = std::move(grown);
}

/// The same for `more` values behind those that are there; where memory has to grow, by at least
/// half, so that any number of calls copies each value a few times only.
template <class T>
void make_room(std::vector<T>& values, size_t more) {
  const size_t needed = values.size() + more;
  if (needed > values.capacity()) {
    reserve_huge(values, std::max(needed, values.size() / 2 * 3));
  }
}

}  // namespace ringmaker::base
