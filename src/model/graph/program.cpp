#include "model/graph/program.h"

#include <algorithm>
#include <utility>

namespace ringmaker::model {
namespace {

constexpr size_t kAlignment = 64;

size_t aligned(size_t bytes) { return (bytes + kAlignment - 1) & ~(kAlignment - 1); }

}  // namespace

const std::string& Program::text(int64_t number) const noexcept {
  static const std::string kNone;
  const bool known =
      texts_ != nullptr && number >= 0 && static_cast<uint64_t>(number) < texts_->size();
  return known ? (*texts_)[static_cast<size_t>(number)] : kNone;
}

Program::Needs Program::needs_of(const std::vector<ValueId>& wanted) const {
  std::vector<bool> values(values_.size(), false);
  std::vector<bool> steps(steps_.size(), false);
  for (const ValueId id : wanted) {
    values[id] = true;
  }
  // Aliases come behind what they are, and values behind what they are made of.
  const auto need_aliased = [&](ValueId begin, ValueId end) {
    for (ValueId id = end; id-- > begin;) {
      if (values[id] && values_[id].alias_of) {
        values[*values_[id].alias_of] = true;
      }
    }
  };
  auto end = static_cast<ValueId>(values_.size());
  for (size_t i = steps_.size(); i-- > 0;) {
    const Step& step = steps_[i];
    need_aliased(std::min(step.makes_begin, end), end);
    end = std::min(step.makes_begin, end);
    for (ValueId id = step.makes_begin; id < step.makes_end; ++id) {
      steps[i] = steps[i] || values[id];
    }
    if (steps[i]) {
      for (const ValueId id : step.reads) {
        values[id] = true;
      }
    }
  }
  need_aliased(0, end);
  return {.values = std::move(values), .steps = std::move(steps)};
}

std::vector<bool> Program::steps_for(const std::vector<ValueId>& wanted) const {
  return needs_of(wanted).steps;
}

void Program::place(size_t rows_max) {
  rows_max_ = rows_max;
  places_.assign(values_.size(), {});
  size_t offset = 0;
  for (ValueId id = 0; id < values_.size(); ++id) {
    const Value& value = values_[id];
    if (value.constant != nullptr) {
      places_[id].fixed = value.constant->data();
    } else if (value.alias_of) {
      places_[id] = places_[*value.alias_of];  // an earlier value
    } else {
      places_[id].offset = offset;
      offset += aligned(value.shape.elements_of(rows_max) * bytes_of(storage_of(value.type)));
    }
  }
  memory_bytes_ = offset;
  for (const auto& body : bodies_) {
    body->place(rows_max);
  }
}

}  // namespace ringmaker::model
