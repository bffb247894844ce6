// Pieces: what losses of one number (a residual, a margin) are made of.
#pragma once

#include "train/objective/loss.h"

namespace ringmaker::train {

/// A value and its derivative.
struct Piece {
  double value = 0;
  double slope = 0;
};

/// max(-down * at, up * at) with down, up >= 0, smoothed to `width` (its Moreau envelope): a
/// parabola of curvature 1 / width between -down * width and up * width.
[[nodiscard]] inline Piece kink(double at, double down, double up, double width) noexcept {
  if (at > up * width) {
    return {up * (at - up * width / 2), up};
  }
  if (at < -down * width) {
    return {-down * (at + down * width / 2), -down};
  }
  return width > 0 ? Piece{at * at / (2 * width), at / width} : Piece{};
}

/// Sums piece(residual) over the rows; a residual is raw minus label.
template <class PieceOf>
[[nodiscard]] double sum_over_residuals(const LossBlock& block, PieceOf&& piece_of) noexcept {
  double total = 0;
  for (size_t i = 0; i < block.rows; ++i) {
    const Piece piece = piece_of(block.raw[i] - block.labels[i]);
    total += block.share(i) * piece.value;
    block.slopes[i] = static_cast<float>(block.share(i) * piece.slope);
  }
  return total;
}

}  // namespace ringmaker::train
