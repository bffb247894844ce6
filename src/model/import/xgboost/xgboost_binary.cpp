#include "model/import/xgboost/xgboost_binary.h"

#include "model/import/xgboost/xgboost_tree.h"
#include "wire/little_endian.h"
#include "wire/number_parse.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace ringmaker::model {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using wire::LittleEndianReader;

constexpr size_t kHeaderBytes = 136;
constexpr size_t kTreesHeaderBytes = 160;
constexpr size_t kTreeHeaderBytes = 148;
constexpr size_t kNodeBytes = 36;  // 20 and, behind all of those, 16
constexpr size_t kLinearHeaderBytes = 136;
constexpr uint64_t kNameMax = 256;
constexpr uint32_t kDeleted = 0xFFFFFFFF;

auto cut_off(std::string_view where) {
  return fail(ErrorCode::kCorrupt,
              fmt::format("the binary model is cut off or damaged within {}", where));
}

std::span<const std::byte> without_mark(std::span<const std::byte> bytes) {
  LittleEndianReader reader(bytes);
  return reader.take_text(4) == "binf" ? bytes.subspan(4) : bytes;
}

Result<std::string_view> read_text(LittleEndianReader& reader, std::string_view what) {
  const auto length = reader.read<uint64_t>();
  const std::string_view text = reader.take_text(length);
  if (reader.failed()) {
    return cut_off(what);
  }
  return text;
}

/// The header is a group of fields and a reserve: what is read of it, and what is passed over.
class Group {
 public:
  Group(LittleEndianReader& reader, size_t bytes) : fields_(reader.take(bytes)) {}

  template <class T>
  T read() noexcept {
    return fields_.read<T>();
  }
  void skip(size_t bytes) noexcept { fields_.skip(bytes); }

 private:
  LittleEndianReader fields_;
};

class BinaryReader {
 public:
  explicit BinaryReader(std::span<const std::byte> bytes)
      : reader_(without_mark(bytes)), translator_(file_, bytes.size()) {}

  Result<XgboostFile> read() {
    RM_TRY(read_header());
    if (file_.booster == "gblinear") {
      RM_TRY(read_linear());
    } else if (file_.booster == "gbtree" || file_.booster == "dart") {
      RM_TRY(read_trees());
    } else {
      return fail(ErrorCode::kUnsupported,
                  fmt::format("the binary model's booster is \"{}\", expected gbtree, dart or "
                              "gblinear",
                              file_.booster.substr(0, 64)));
    }
    RM_TRY(read_attributes());
    return std::move(file_);
  }

 private:
  Result<void> read_header() {
    Group header(reader_, kHeaderBytes);
    file_.base_scores = {header.read<float>()};
    file_.features = header.read<uint32_t>();
    const auto classes = header.read<int32_t>();
    has_attributes_ = header.read<int32_t>() != 0;
    header.skip(4);  // has_metrics
    file_.version[0] = header.read<uint32_t>();
    file_.version[1] = header.read<uint32_t>();
    file_.patch_known = false;
    file_.base_is_margin = file_.version[0] == 0;
    file_.targets = header.read<uint32_t>();
    if (reader_.failed()) {
      return cut_off("its header");
    }
    if (classes < 0) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("the binary model's num_class is {}", classes));
    }
    file_.classes = static_cast<uint64_t>(classes);
    if (!std::isfinite(file_.base_scores[0])) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("the binary model's base_score is {}", file_.base_scores[0]));
    }
    RM_ASSIGN(file_.objective, read_text(reader_, "the name of its objective"));
    RM_ASSIGN(file_.booster, read_text(reader_, "the name of its booster"));
    return {};
  }

  Result<void> read_trees() {
    Group header(reader_, kTreesHeaderBytes);
    const auto trees = header.read<int32_t>();
    const auto parallel = header.read<int32_t>();
    if (reader_.failed()) {
      return cut_off("gbtree_model_param");
    }
    if (trees < 0 || static_cast<size_t>(trees) > reader_.remaining() / kTreeHeaderBytes) {
      return fail(ErrorCode::kCorrupt,
                  fmt::format("gbtree_model_param.num_trees is {}, more than the {} bytes left can "
                              "hold",
                              trees, reader_.remaining()));
    }
    file_.parallel_trees = static_cast<uint64_t>(std::max(parallel, 1));
    for (int32_t t = 0; t < trees; ++t) {
      RM_TRY(read_tree(t));
    }
    if (trees == 0) {
      return {};
    }
    for (int32_t t = 0; t < trees; ++t) {
      file_.tree_outputs.push_back(reader_.read<uint32_t>());
    }
    if (file_.booster == "dart") {
      RM_TRY(read_floats("weight_drop", file_.tree_weights));
    }
    return reader_.failed() ? Result<void>(cut_off("tree_info")) : Result<void>();
  }

  Result<void> read_tree(int32_t number) {
    Group header(reader_, kTreeHeaderBytes);
    header.skip(4);  // roots
    const auto nodes = header.read<int32_t>();
    if (reader_.failed() || nodes < 0 ||
        static_cast<size_t>(nodes) > reader_.remaining() / kNodeBytes) {
      return cut_off(fmt::format("trees[{}], which has {} nodes", number, nodes));
    }
    tree_.clear();
    for (int32_t n = 0; n < nodes; ++n) {
      read_node();
    }
    for (int32_t n = 0; n < nodes; ++n) {
      tree_.loss_changes.push_back(reader_.read<float>());
      tree_.sum_hessian.push_back(reader_.read<float>());
      reader_.skip(8);  // weight, leaves below
    }
    return translator_.append(tree_);
  }

  void read_node() {
    reader_.skip(4);  // parent
    tree_.left_children.push_back(reader_.read<int32_t>());
    tree_.right_children.push_back(reader_.read<int32_t>());
    const auto split = reader_.read<uint32_t>();
    tree_.split_conditions.push_back(reader_.read<float>());
    // A deleted node is reached by nobody; its fields are leftovers.
    const bool deleted = split == kDeleted;
    tree_.split_indices.push_back(deleted ? 0 : static_cast<int32_t>(split & 0x7FFFFFFFU));
    tree_.default_left.push_back(static_cast<int32_t>(split >> 31U));
  }

  Result<void> read_linear() {
    reader_.skip(kLinearHeaderBytes);
    return read_floats("the weights of gblinear", file_.linear_weights);
  }

  Result<void> read_floats(std::string_view what, std::vector<float>& values) {
    const auto count = reader_.read<uint64_t>();
    if (reader_.failed() || count > reader_.remaining() / sizeof(float)) {
      return cut_off(what);
    }
    for (uint64_t i = 0; i < count; ++i) {
      values.push_back(reader_.read<float>());
    }
    return {};
  }

  Result<void> read_attributes() {
    if (!has_attributes_) {
      return {};
    }
    const auto count = reader_.read<uint64_t>();
    for (uint64_t i = 0; i < count; ++i) {
      RM_ASSIGN(const std::string_view key, read_text(reader_, "its attributes"));
      RM_ASSIGN(const std::string_view value, read_text(reader_, "its attributes"));
      if ((key != "best_iteration" && key != "best_ntree_limit") ||
          (key == "best_iteration" && value == kBeforeFirstRound)) {
        continue;
      }
      const auto number = wire::parse_double(value);
      if (!number.ok() || !(number.value >= 0 && number.value < 1e15)) {
        return fail(ErrorCode::kInvalidInput,
                    fmt::format("attributes.{} is \"{}\", expected a whole number", key,
                                value.substr(0, 64)));
      }
      (key == "best_iteration" ? file_.best_iteration : file_.best_ntree_limit) =
          static_cast<uint64_t>(number.value);
    }
    return reader_.failed() ? Result<void>(cut_off("its attributes")) : Result<void>();
  }

  LittleEndianReader reader_;
  XgboostFile file_;
  XgboostTree tree_;
  XgboostTreeTranslator translator_;
  bool has_attributes_ = false;
};

}  // namespace

bool is_xgboost_binary(std::span<const std::byte> bytes) noexcept {
  LittleEndianReader reader(without_mark(bytes));
  if (reader.remaining() < bytes.size()) {
    return true;  // the mark was there
  }
  reader.skip(kHeaderBytes);
  const auto objective = reader.read<uint64_t>();
  if (reader.failed() || objective == 0 || objective > kNameMax) {
    return false;
  }
  reader.skip(objective);
  const auto length = reader.read<uint64_t>();
  const std::string_view booster = reader.take_text(std::min(length, kNameMax));
  return booster == "gbtree" || booster == "dart" || booster == "gblinear";
}

Result<XgboostFile> read_xgboost_binary(std::span<const std::byte> bytes) {
  return BinaryReader(bytes).read();
}

}  // namespace ringmaker::model
