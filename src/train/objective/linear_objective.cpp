#include "train/objective/linear_objective.h"

#include <algorithm>
#include <atomic>
#include <cmath>
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
        exponentials(kBlockRows * outputs),
        slopes(kBlockRows * outputs),
        gradient(outputs * stride) {}
  std::vector<float> raw;
  std::vector<float> exponentials;
  std::vector<float> slopes;  // of the loss by raw, times the row's share
  std::vector<float> gradient;
};

LinearObjective::LinearObjective(Loss loss, data::DenseView rows, std::span<const double> labels,
                                 std::span<const float> weights, size_t outputs, double wd,
                                 size_t threads)
    : loss_(loss),
      rows_(rows),
      labels_(labels),
      weights_(weights),
      outputs_(outputs),
      wd_(wd),
      weight_sum_(weights.empty() ? static_cast<double>(rows.rows)
                                  : std::accumulate(weights.begin(), weights.end(), 0.0)),
      kernels_(model::linear_kernels(base::detect_instruction_set())),
      stride_(model::padded_to_lanes(rows.columns)),
      threads_(threads),
      padded_((outputs + 1) * stride_),
      no_bias_(outputs),
      raw_(rows.rows * outputs),
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
  for (size_t t = 1; t < std::min(threads_, chunks_.size()); ++t) {
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
  for (size_t i = 0; i < outputs_ * rows_.columns; ++i) {
    value += wd_ / 2 * x[i] * x[i];
    gradient[i] += wd_ * x[i];
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
  chunk.loss += losses_of(first, rows, scratch);
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

double LinearObjective::losses_of(size_t first, size_t rows, Scratch& scratch) {
  switch (loss_) {
    case Loss::kSquared:
      return squared_losses(first, rows, scratch);
    case Loss::kLogistic:
      return logistic_losses(first, rows, scratch);
    case Loss::kSoftmax:
      return softmax_losses(first, rows, scratch);
  }
  return 0;
}

double LinearObjective::squared_losses(size_t first, size_t rows, Scratch& scratch) {
  double total = 0;
  for (size_t i = 0; i < rows; ++i) {
    const double error = raw_[first + i] - labels_[first + i];
    total += share(first + i) * error * error / 2;
    scratch.slopes[i] = static_cast<float>(share(first + i) * error);
  }
  return total;
}

/// With e = exp(-|z|): log(1 + exp(z)) = max(z, 0) + log(1 + e), and the probability of class 1 is
/// 1 / (1 + e) or e / (1 + e). Rows of equal weight need one logarithm a block: that of the
/// product of their 1 + e, at most 2^256.
double LinearObjective::logistic_losses(size_t first, size_t rows, Scratch& scratch) {
  for (size_t i = 0; i < rows; ++i) {
    scratch.exponentials[i] = -static_cast<float>(std::abs(raw_[first + i]));
  }
  kernels_.exponential(scratch.exponentials.data(), rows);
  double total = 0;
  double product = 1;
  for (size_t i = 0; i < rows; ++i) {
    const double z = raw_[first + i];
    const double label = labels_[first + i];
    const double e = static_cast<double>(scratch.exponentials[i]);
    const double weight = share(first + i);
    const double above = z > 0 ? z : 0.0;
    total += weight * (above - label * z);
    if (weights_.empty()) {
      product *= 1 + e;
    } else {
      total += weight * std::log1p(e);
    }
    const double probability = (z > 0 ? 1.0 : e) / (1 + e);
    scratch.slopes[i] = static_cast<float>(weight * (probability - label));
  }
  return total + std::log(product) / weight_sum_;
}

double LinearObjective::softmax_losses(size_t first, size_t rows, Scratch& scratch) {
  const double* raw = raw_.data() + first * outputs_;
  for (size_t i = 0; i < rows; ++i) {
    const double greatest = *std::max_element(raw + i * outputs_, raw + (i + 1) * outputs_);
    for (size_t k = 0; k < outputs_; ++k) {
      scratch.exponentials[i * outputs_ + k] = static_cast<float>(raw[i * outputs_ + k] - greatest);
    }
  }
  std::vector<float>& exponentials = scratch.exponentials;
  double total = 0;
  for (size_t i = 0; i < rows; ++i) {
    const auto label = static_cast<size_t>(labels_[first + i]);
    total -= share(first + i) * static_cast<double>(exponentials[i * outputs_ + label]);
  }
  kernels_.exponential(exponentials.data(), rows * outputs_);
  for (size_t i = 0; i < rows; ++i) {
    const float* e = exponentials.data() + i * outputs_;
    const double sum = std::accumulate(e, e + outputs_, 0.0);
    const auto label = static_cast<size_t>(labels_[first + i]);
    total += share(first + i) * std::log(sum);
    for (size_t k = 0; k < outputs_; ++k) {
      const double probability = static_cast<double>(e[k]) / sum;
      scratch.slopes[i * outputs_ + k] =
          static_cast<float>(share(first + i) * (probability - (k == label ? 1.0 : 0.0)));
    }
  }
  return total;
}

}  // namespace ringmaker::train
