#include "serve/model_table.h"

#include "base/check.h"

#include <algorithm>

namespace ringmaker::serve {
namespace {

/// The one model of an endpoint has room for whole batches from the start, so that no request
/// allocates. Of many models each begins with a few rows: it must cost little to have a lane.
constexpr ModelLane::Room kRoomOfOwn{.batch_rows = SIZE_MAX, .blocks_kept_max = 32};
constexpr ModelLane::Room kRoomOfOneOfMany{.batch_rows = 64, .blocks_kept_max = 4};

}  // namespace

ModelTable::ModelTable(const model::Predictor* own, const batch::BatchPolicy& policy)
    : policy_(policy) {
  if (own != nullptr) {
    take_own(*own);
  }
}

void ModelTable::take_own(const model::Predictor& own) {
  own_.reset(new ShardModel(own));
  own_->lane_ = std::make_unique<ModelLane>(own, policy_, kRoomOfOwn, lent_);
}

ShardModel* ModelTable::find(std::string_view name) noexcept {
  const auto found = models_.find(name);
  return found == models_.end() ? nullptr : found->second.get();
}

std::vector<std::string_view> ModelTable::names() const {
  std::vector<std::string_view> names;
  names.reserve(models_.size());
  for (const auto& [name, model] : models_) {
    names.push_back(name);
  }
  std::ranges::sort(names);
  return names;
}

void ModelTable::apply(ModelChange& change) {
  const LoadedModel& model = change.model();
  if (model.name.empty()) {
    RM_CHECK(own_ == nullptr && !change.leaves());
    take_own(*model.predictor);
    change.done();
    return;
  }
  if (!change.leaves()) {
    auto [place, fresh] =
        models_.emplace(model.name, std::unique_ptr<ShardModel>(new ShardModel(*model.predictor)));
    RM_CHECK(fresh);
    change.done();
    return;
  }
  const auto found = models_.find(model.name);
  RM_CHECK(found != models_.end());
  found->second->leaving_ = &change;
  leaving_.push_back(std::move(found->second));
  models_.erase(found);
}

void ModelTable::enter(ShardModel& model) {
  if (model.lane_ == nullptr) {
    model.lane_ = std::make_unique<ModelLane>(model.predictor_, policy_, kRoomOfOneOfMany, lent_);
  }
  ++model.invocations_;
  rouse(model);
}

void ModelTable::leave(ShardModel& model) noexcept {
  RM_CHECK(model.invocations_ > 0);
  if (--model.invocations_ == 0 && model.leaving_ == nullptr && &model != own_.get()) {
    rest(model);
  }
}

void ModelTable::rest(ShardModel& model) {
  model.listed_ = true;
  model.bytes_resting_ = model.lane_->bytes_held();
  bytes_resting_ += model.bytes_resting_;
  resting_.push_back(&model);
}

void ModelTable::rouse(ShardModel& model) noexcept {
  if (model.listed_) {
    model.listed_ = false;
    bytes_resting_ -= model.bytes_resting_;
    std::erase(resting_, &model);
  }
}

/// A batch may still hold rows of invocations that were abandoned: its lane waits for its turn.
void ModelTable::tidy_now() {
  const auto idle = [](const ShardModel& model) {
    return model.invocations_ == 0 && (model.lane_ == nullptr || model.lane_->batcher().empty());
  };
  for (size_t i = 0; i < leaving_.size();) {
    if (!idle(*leaving_[i])) {
      ++i;
      continue;
    }
    rouse(*leaving_[i]);
    ModelChange& change = *leaving_[i]->leaving_;
    leaving_.erase(leaving_.begin() + static_cast<ptrdiff_t>(i));
    change.done();
  }
  const auto too_many = [this] {
    return resting_.size() > kLanesKeptMax || bytes_resting_ > kLaneBytesKeptMax;
  };
  for (size_t i = 0; too_many() && i + 1 < resting_.size();) {
    ShardModel& model = *resting_[i];
    if (!idle(model)) {
      ++i;
      continue;
    }
    rouse(model);
    model.lane_.reset();
  }
}

}  // namespace ringmaker::serve
