// Requests as whole byte strings, built once before a run and sent as they are.
//
// Feature values are drawn from a seeded generator and written with six significant digits, the way
// the usual CSV writers print them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ringmaker::latency {

struct RowShape {
  size_t rows = 1;
  size_t features = 1;
  uint64_t seed = 1;
};

/// Rows joined by commas, each line ended by LF.
[[nodiscard]] std::string csv_body(const RowShape& shape);
/// As many whole rows of `features` values as fit into `bytes`, at least one.
[[nodiscard]] std::string csv_body_of_size(size_t bytes, size_t features, uint64_t seed);
/// {"instances":[{"features":[...]},...]}
[[nodiscard]] std::string json_body(const RowShape& shape);

[[nodiscard]] std::string get_request(std::string_view path);
[[nodiscard]] std::string post_request(std::string_view path, std::string_view content_type,
                                       std::string_view body);

}  // namespace ringmaker::latency
