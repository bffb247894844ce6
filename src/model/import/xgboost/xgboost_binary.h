// XgboostBinary: the model files of XGBoost before JSON, which libraries up to 3.0 read.
//
//   ["binf"]
//   136 bytes  f32 base_score | u32 features | i32 classes | i32 has_attributes | i32 has_metrics
//              | u32 major | u32 minor | u32 targets | i32 boost_from_average | 100 reserved
//   text objective, text booster          text: u64 length, bytes
//   gbtree, dart:
//     160 bytes  i32 trees | i32 parallel trees | i32 | i32 | i64 | i32 outputs | i32 leaf width |
//     .. trees x: 148 bytes  i32 roots | i32 nodes | ..
//              nodes x 20: i32 parent | i32 left | i32 right | u32 feature, bit 31: missing left
//                          | f32 threshold or leaf
//              nodes x 16: f32 gain | f32 cover | f32 weight | i32 leaves below
//     trees x i32 output; dart: u64 count, count x f32 weight
//   gblinear: 136 bytes, u64 count, count x f32
//   attributes: u64 count, count x (text, text); metrics follow and are not read
//
// All little-endian. Models of before 1.0 (major 0) store base_score as a margin.
#pragma once

#include "base/result.h"
#include "model/import/xgboost/xgboost_file.h"

#include <cstddef>
#include <span>

namespace ringmaker::model {

/// Whether the bytes can be such a file: there is no mark to know it by, but its objective and
/// booster are names at known places.
[[nodiscard]] bool is_xgboost_binary(std::span<const std::byte> bytes) noexcept;

/// Bytes behind the model are not looked at: a snapshot has more. kCorrupt where the bytes end too
/// early, kInvalidInput for a field that cannot be.
[[nodiscard]] base::Result<XgboostFile> read_xgboost_binary(std::span<const std::byte> bytes);

}  // namespace ringmaker::model
