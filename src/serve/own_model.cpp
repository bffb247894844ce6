#include "serve/own_model.h"

#include "base/cpu.h"
#include "base/thread.h"
#include "codec/selected/output_selection.h"
#include "io/thread_placement.h"
#include "serve/model_store.h"

#include <filesystem>
#include <new>
#include <string>
#include <utility>

namespace ringmaker::serve {

bool has_own_model(const config::ServeOptions& options) {
  std::error_code error;  // of what may not be looked at, which is there and to be told
  const auto status = std::filesystem::status(options.model_dir, error);
  const bool absent = status.type() == std::filesystem::file_type::not_found;
  return !options.multi_model && (!absent || options.model_dir_is_given);
}

base::Result<OwnModel> load_own_model(const config::ServeOptions& options,
                                      const std::atomic<bool>& cancelled) {
  try {
    RM_ASSIGN(model::Model model, read_model(options.model_dir, {.cancelled = &cancelled,
                                                                 .ensemble = options.ensemble}));
    std::string trained_by = model.provenance.trained_by;
    std::vector<float> example_row = model.provenance.example_row;
    auto prepared = prepare_predictor(std::move(model), base::detect_instruction_set());
    if (!prepared) {
      return base::fail(prepared.error().within(place_of_model(options.model_dir)));
    }
    if (!options.outputs.empty()) {
      RM_ASSIGN(const auto outputs, codec::OutputSelection::parse(options.outputs));
      if (const auto given = outputs.check((*prepared)->output()); !given) {
        return base::fail(given.error().within(options.outputs_origin));
      }
    }
    return OwnModel{std::move(*prepared), std::move(trained_by), std::move(example_row)};
  } catch (const std::bad_alloc&) {
    return base::fail(base::ErrorCode::kExhausted,
                      "the model does not fit into memory; use a machine with more");
  }
}

OwnModelLoading::OwnModelLoading(const config::ServeOptions& options, const io::Signals& signals) {
  const auto end_with = [this, &signals](base::Result<OwnModel> outcome) {
    outcome_.emplace(std::move(outcome));
    over_.store(true, std::memory_order_release);
    signals.wake();
  };
  auto thread = base::start_thread([this, &options, end_with] {
    io::name_this_thread("load-model");
    end_with(load_own_model(options, cancelled_));
  });
  if (thread) {
    thread_ = std::move(*thread);
  } else {
    end_with(base::fail(thread.error()));
  }
}

OwnModelLoading::~OwnModelLoading() {
  cancelled_ = true;
  if (thread_.joinable()) {
    thread_.join();
  }
}

std::optional<base::Result<OwnModel>> OwnModelLoading::take() {
  if (!over_.load(std::memory_order_acquire)) {
    return std::nullopt;
  }
  return std::exchange(outcome_, std::nullopt);
}

}  // namespace ringmaker::serve
