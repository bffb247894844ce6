#include "train/objective/linear_objective.h"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <thread>

namespace ringmaker::train {
namespace {

constexpr size_t kBlockRows = 256;
constexpr size_t kChunkRows = 8192;
constexpr size_t kChunksMax = 64;

/// A function of the rows alone, so that the sums do not depend on the machine.
size_t chunk_rows(size_t rows) noexcept {
  return std::max(kChunkRows, (rows + kChunksMax - 1) / kChunksMax);
}

size_t chunk_count(size_t rows) noexcept {
  return std::max<size_t>(1, (rows + chunk_rows(rows) - 1) / chunk_rows(rows));
}

}  // namespace

/// What one block needs: floats for the kernels.
struct LinearObjective::Scratch {
  Scratch(size_t outputs, size_t stride)
      : raw(kBlockRows * outputs),
        of_loss(kBlockRows * outputs),
        slopes(kBlockRows * outputs),
        gradient(outputs * stride) {}
  std::vector<float> raw;
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
      stride_(model::padded_to_lanes(rows.columns)),
      padded_((outputs_ + 1) * stride_),
      no_bias_(outputs_),
      raw_(rows.rows * outputs_),
      chunks_(chunk_count(rows.rows)) {}

double LinearObjective::evaluate(std::span<const double> x, std::span<double> gradient) {
  for (size_t k = 0; k < outputs_; ++k) {
    for (size_t j = 0; j < rows_.columns; ++j) {
      padded_[k * stride_ + j] = static_cast<float>(x[k * rows_.columns + j]);
    }
  }
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t index = next++; index < chunks_.size(); index = next++) {
      evaluate_chunk(index, x);
    }
  };
  std::vector<std::thread> helpers;
  for (size_t t = 1; t < std::min(options_.threads, chunks_.size()); ++t) {
    helpers.emplace_back(work);
  }
  work();
  for (std::thread& helper : helpers) {
    helper.join();
  }
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

void LinearObjective::evaluate_chunk(size_t index, std::span<const double> x) {
  Chunk& chunk = chunks_[index];
  chunk.loss = 0;
  chunk.gradient.assign(x.size(), 0.0);
  Scratch scratch(outputs_, stride_);
  const size_t first = index * chunk_rows(rows_.rows);
  const size_t end = std::min(rows_.rows, first + chunk_rows(rows_.rows));
  for (size_t row = first; row < end; row += kBlockRows) {
    evaluate_block(row, std::min(kBlockRows, end - row), scratch, chunk, x);
  }
}

void LinearObjective::evaluate_block(size_t first, size_t rows, Scratch& scratch, Chunk& chunk,
                                     std::span<const double> x) {
  const size_t columns = rows_.columns;
  const double* bias = x.data() + outputs_ * columns;
  const model::LinearTask task{.rows = rows_.row(first),
                               .row_count = rows,
                               .features = columns,
                               .weights = padded_.data(),
                               .fill = padded_.data() + outputs_ * stride_,
                               .bias = no_bias_.data(),
                               .outputs = outputs_,
                               .stride = stride_};
  kernels_.score(task, scratch.raw.data());
  double* raw = raw_.data() + first * outputs_;
  for (size_t i = 0; i < rows * outputs_; ++i) {
    raw[i] = bias[i % outputs_] + static_cast<double>(scratch.raw[i]);
  }
  chunk.loss += loss_.evaluate(block_of(first, rows, scratch, width_));
  std::fill(scratch.gradient.begin(), scratch.gradient.end(), 0.0F);
  kernels_.accumulate(task, scratch.slopes.data(), scratch.gradient.data());
  for (size_t k = 0; k < outputs_; ++k) {
    for (size_t j = 0; j < columns; ++j) {
      chunk.gradient[k * columns + j] += static_cast<double>(scratch.gradient[k * stride_ + j]);
    }
  }
  for (size_t i = 0; i < rows * outputs_; ++i) {
    chunk.gradient[outputs_ * columns + i % outputs_] += static_cast<double>(scratch.slopes[i]);
  }
}

LossBlock LinearObjective::block_of(size_t first, size_t rows, Scratch& scratch,
                                    double width) const noexcept {
  return {.rows = rows,
          .outputs = outputs_,
          .raw = raw_.data() + first * outputs_,
          .labels = labels_.data() + first,
          .weights = weights_.empty() ? nullptr : weights_.data() + first,
          .weight_sum = weight_sum_,
          .width = width,
          .slopes = scratch.slopes.data(),
          .scratch = scratch.of_loss.data(),
          .kernels = &kernels_};
}

double LinearObjective::exact_loss() const {
  Scratch scratch(outputs_, stride_);
  double total = 0;
  for (size_t first = 0; first < rows_.rows; first += kBlockRows) {
    const size_t rows = std::min(kBlockRows, rows_.rows - first);
    total += loss_.evaluate(block_of(first, rows, scratch, 0));
  }
  return total;
}

}  // namespace ringmaker::train
