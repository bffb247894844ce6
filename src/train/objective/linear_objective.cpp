#include "train/objective/linear_objective.h"

#include "base/parallel.h"

#include <algorithm>
#include <numeric>

namespace ringmaker::train {
namespace {

/// As many rows as stay in the cache with their scores. A function of the outputs alone, as the
/// chunks' length is one of the problem alone: the sums do not depend on the machine.
size_t rows_of_block(size_t outputs) noexcept {
  constexpr size_t kRows = 256;
  constexpr size_t kScores = size_t{1} << 16U;
  constexpr size_t kRowsMin = 8;
  return std::clamp(kScores / outputs, kRowsMin, kRows);
}

/// Each chunk has a gradient of its own, so that there are few of them where gradients are long.
size_t rows_of_chunk(size_t rows, size_t parameters) noexcept {
  constexpr size_t kRowsMin = 8192;
  constexpr size_t kChunksMax = 64;
  constexpr size_t kGradientsMax = size_t{1} << 22U;
  const size_t chunks = std::clamp<size_t>(kGradientsMax / parameters, 1, kChunksMax);
  return std::max(kRowsMin, (rows + chunks - 1) / chunks);
}

}  // namespace

/// What one thread needs.
struct LinearObjective::Scratch {
  explicit Scratch(const LinearObjective& objective)
      : raw(objective.block_rows_ * objective.outputs_),
        of_loss(raw.size()),
        slopes(raw.size()),
        gradient(objective.outputs_ * objective.stride_) {}
  std::vector<double> raw;
  std::vector<float> of_loss;
  std::vector<float> slopes;  // of the loss by raw, times the row's share
  std::vector<float> gradient;
};

LinearObjective::LinearObjective(const Loss& loss, data::DenseView rows,
                                 std::span<const double> labels, std::span<const float> weights,
                                 const LinearObjectiveOptions& options)
    : loss_(loss),
      rows_(rows),
      labels_(labels),
      weights_(weights),
      options_(options),
      outputs_(options.outputs),
      weight_sum_(weights.empty() ? static_cast<double>(rows.rows)
                                  : std::accumulate(weights.begin(), weights.end(), 0.0)),
      kernels_(model::linear_kernels(base::detect_instruction_set())),
      scores_(exact_scores(base::detect_instruction_set())),
      stride_(model::padded_to_lanes(rows.columns)),
      block_rows_(rows_of_block(outputs_)),
      chunk_rows_(rows_of_chunk(rows.rows, parameters())),
      no_fill_(stride_),
      exact_stride_(padded_to_exact_lanes(rows.columns)),
      padded_(outputs_ * exact_stride_),
      bias_(outputs_),
      raw_(outputs_ == 1 ? rows.rows : 0),
      chunks_(std::max<size_t>(1, (rows.rows + chunk_rows_ - 1) / chunk_rows_)) {}

double LinearObjective::evaluate(std::span<const double> x, std::span<double> gradient) {
  for (size_t k = 0; k < outputs_; ++k) {
    std::copy_n(x.data() + k * rows_.columns, rows_.columns, padded_.data() + k * exact_stride_);
    bias_[k] = x[outputs_ * rows_.columns + k];
  }
  base::for_each_index(options_.threads, chunks_.size(),
                       [&](size_t chunk) { evaluate_chunk(chunk); });
  double value = 0;
  std::fill(gradient.begin(), gradient.end(), 0.0);
  for (const Chunk& chunk : chunks_) {
    value += chunk.loss;
    for (size_t i = 0; i < gradient.size(); ++i) {
      gradient[i] += chunk.gradient[i];
    }
  }
  return value + add_penalties(x, gradient);
}

double LinearObjective::add_penalties(std::span<const double> x,
                                      std::span<double> gradient) const noexcept {
  const size_t weights = outputs_ * rows_.columns;
  double value = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const double wd = i < weights ? options_.wd : options_.bias_wd;
    value += wd / 2 * x[i] * x[i];
    gradient[i] += wd * x[i];
  }
  if (!options_.use_bias) {
    std::fill(gradient.begin() + static_cast<ptrdiff_t>(weights), gradient.end(), 0.0);
  }
  return value;
}

template <class Take>
void LinearObjective::for_each_block(size_t chunk, Take take) const {
  const size_t first = chunk * chunk_rows_;
  const size_t end = std::min(rows_.rows, first + chunk_rows_);
  for (size_t row = first; row < end; row += block_rows_) {
    take(Block{.first = row, .rows = std::min(block_rows_, end - row)});
  }
}

void LinearObjective::evaluate_chunk(size_t index) {
  Chunk& chunk = chunks_[index];
  chunk.loss = 0;
  chunk.gradient.assign(parameters(), 0.0);
  Scratch scratch(*this);
  for_each_block(index, [&](const Block& block) { evaluate_block(block, scratch, chunk); });
}

void LinearObjective::evaluate_block(const Block& block, Scratch& scratch, Chunk& chunk) {
  double* raw = outputs_ == 1 ? raw_.data() + block.first : scratch.raw.data();
  score(block, raw);
  chunk.loss += loss_.evaluate(loss_block(block, raw, scratch, width_));
  std::fill(scratch.gradient.begin(), scratch.gradient.end(), 0.0F);
  kernels_.accumulate(task_of(block), scratch.slopes.data(), scratch.gradient.data());
  const size_t columns = rows_.columns;
  for (size_t k = 0; k < outputs_; ++k) {
    for (size_t j = 0; j < columns; ++j) {
      chunk.gradient[k * columns + j] += static_cast<double>(scratch.gradient[k * stride_ + j]);
    }
  }
  for (size_t i = 0; i < block.rows * outputs_; ++i) {
    chunk.gradient[outputs_ * columns + i % outputs_] += static_cast<double>(scratch.slopes[i]);
  }
}

model::LinearTask LinearObjective::task_of(const Block& block) const noexcept {
  return {.rows = rows_.row(block.first),
          .row_count = block.rows,
          .features = rows_.columns,
          .fill = no_fill_.data(),
          .outputs = outputs_,
          .stride = stride_};
}

void LinearObjective::score(const Block& block, double* raw) const noexcept {
  scores_({.rows = rows_.row(block.first),
           .row_count = block.rows,
           .features = rows_.columns,
           .weights = padded_.data(),
           .bias = bias_.data(),
           .outputs = outputs_,
           .stride = exact_stride_},
          raw);
}

LossBlock LinearObjective::loss_block(const Block& block, const double* raw, Scratch& scratch,
                                      double width) const noexcept {
  return {.rows = block.rows,
          .outputs = outputs_,
          .raw = raw,
          .labels = labels_.data() + block.first,
          .weights = weights_.empty() ? nullptr : weights_.data() + block.first,
          .weight_sum = weight_sum_,
          .width = width,
          .slopes = scratch.slopes.data(),
          .scratch = scratch.of_loss.data(),
          .kernels = &kernels_};
}

void LinearObjective::visit_raw(
    const std::function<void(size_t first, std::span<const double> raw)>& visit) const {
  if (outputs_ == 1) {
    visit(0, raw_);
    return;
  }
  base::for_each_index(options_.threads, chunks_.size(), [&](size_t chunk) {
    Scratch scratch(*this);
    for_each_block(chunk, [&](const Block& block) {
      score(block, scratch.raw.data());
      visit(block.first, std::span(scratch.raw).first(block.rows * outputs_));
    });
  });
}

double LinearObjective::exact_loss() const {
  std::vector<double> of_chunks(chunks_.size());
  base::for_each_index(options_.threads, chunks_.size(), [&](size_t chunk) {
    Scratch scratch(*this);
    for_each_block(chunk, [&](const Block& block) {
      score(block, scratch.raw.data());
      of_chunks[chunk] += loss_.evaluate(loss_block(block, scratch.raw.data(), scratch, 0));
    });
  });
  return std::accumulate(of_chunks.begin(), of_chunks.end(), 0.0);
}

}  // namespace ringmaker::train
