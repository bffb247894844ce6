// The kernels of dense_kernels.h over vectors of any width, for each instruction set's file to
// compile for itself: included inside that file's own unnamed namespace, so that nothing is shared.
// Before it stand Floats and Integers (vectors of kFloats floats and 32-bit integers), HalfFloats
// and Doubles (of half as many), multiply_add(), load_some() and store_some() (the first `count` <=
// kFloats of a vector's floats in memory; the others are 0), folded() (the sum of the lanes: halves
// are added to each other until one is left), and the shape of a tile: kTileRows x kTileVectors
// sums that stay in registers while the columns of the rows go by.

static_assert(kFloats == sizeof(Floats) / sizeof(float));

#include "model/dense/elementary-inl.h"

inline Floats load(const float* from) {
  Floats value;
  __builtin_memcpy(&value, from, sizeof value);
  return value;
}

inline void store(float* to, Floats value) { __builtin_memcpy(to, &value, sizeof value); }

struct Product {
  static Floats add(Floats x, Floats w, Floats sum) { return multiply_add(x, w, sum); }
};

struct SquareDistance {
  static Floats add(Floats x, Floats w, Floats sum) {
    const Floats difference = x - w;
    return multiply_add(difference, difference, sum);
  }
};

/// A tile: some rows, and the columns of a panel.
struct Tile {
  const float* rows;
  unsigned long depth;
  const float* weights;  // of the panel
  const float* start;
  unsigned long start_stride;
  float* out;
  unsigned long out_stride;
  float floor;  // no sum is below it
};

template <class Add, int rows, int vectors>
void add_tile(const Tile& tile) {
  Floats sums[rows][vectors];
#pragma GCC unroll 16
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 16
    for (int v = 0; v < vectors; ++v) {
      sums[i][v] = load(tile.start + i * tile.start_stride + v * kFloats);
    }
  }
  const float* weights = tile.weights;
  for (unsigned long k = 0; k < tile.depth; ++k, weights += vectors * kFloats) {
    Floats w[vectors];
#pragma GCC unroll 16
    for (int v = 0; v < vectors; ++v) {
      w[v] = load(weights + v * kFloats);
    }
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i) {
      const Floats x = all(tile.rows[i * tile.depth + k]);
#pragma GCC unroll 16
      for (int v = 0; v < vectors; ++v) {
        sums[i][v] = Add::add(x, w[v], sums[i][v]);
      }
    }
  }
  const Floats floor = all(tile.floor);
#pragma GCC unroll 16
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 16
    for (int v = 0; v < vectors; ++v) {
      store(tile.out + i * tile.out_stride + v * kFloats, at_least(sums[i][v], floor));
    }
  }
}

template <class Add, int vectors>
void add_rows(const Tile& tile, unsigned long rows) {
  static_assert(kTileRows <= 6);
  switch (rows) {
    case 1:
      return add_tile<Add, 1, vectors>(tile);
    case 2:
      return add_tile<Add, 2, vectors>(tile);
    case 3:
      return add_tile<Add, 3, vectors>(tile);
    case 4:
      return add_tile<Add, 4, vectors>(tile);
    case 5:
      return add_tile < Add, kTileRows<5 ? 1 : 5, vectors>(tile);
    default:
      return add_tile < Add, kTileRows<6 ? 1 : 6, vectors>(tile);
  }
}

/// Rows of `columns` floats; more than vectors - 1 vectors of them.
template <int vectors>
inline void copy_rows(const float* from, unsigned long from_stride, float* to,
                      unsigned long to_stride, unsigned long rows, unsigned long columns) {
  constexpr unsigned long kWhole = (vectors - 1) * kFloats;
  for (unsigned long i = 0; i < rows; ++i, from += from_stride, to += to_stride) {
    for (unsigned long j = 0; j < kWhole; j += kFloats) {
      store(to + j, load(from + j));
    }
    store_some(to + kWhole, load_some(from + kWhole, columns - kWhole), columns - kWhole);
  }
}

/// Of a panel whose last vector has fewer columns than lanes: by way of a whole tile.
template <class Add, int vectors>
void add_edge(const Tile& tile, unsigned long rows, unsigned long columns) {
  constexpr unsigned long kWidth = vectors * kFloats;
  float sums[kTileRows * kWidth];  // NOLINT(cppcoreguidelines-pro-type-member-init)
  copy_rows<vectors>(tile.start, tile.start_stride, sums, kWidth, rows, columns);
  Tile whole = tile;
  whole.start = sums;
  whole.start_stride = kWidth;
  whole.out = sums;
  whole.out_stride = kWidth;
  add_rows<Add, vectors>(whole, rows);
  copy_rows<vectors>(sums, kWidth, tile.out, tile.out_stride, rows, columns);
}

void map(ElementaryFunction function, const float* from, float* to, unsigned long count);

/// What relu does not say with a tile's floor.
void activate(Activation activation, float* out, unsigned long stride, unsigned long rows,
              unsigned long columns) {
  if (activation == Activation::kTanh || activation == Activation::kLogistic) {
    const auto function =
        activation == Activation::kTanh ? ElementaryFunction::kTanh : ElementaryFunction::kLogistic;
    for (unsigned long i = 0; i < rows; ++i) {
      map(function, out + i * stride, out + i * stride, columns);
    }
  }
}

inline float floor_of(Activation activation) {
  return activation == Activation::kRelu ? 0.0F : -__builtin_inff();
}

/// Rows in tiles of nearly the same height: the sums of a flat one wait for each other.
template <class Add, int vectors>
void add_panel(const DenseTask& task, unsigned long first, unsigned long columns) {
  Tile tile{.rows = task.rows,
            .depth = task.depth,
            .weights = task.weights + first * task.depth,
            .start = task.start + first,
            .start_stride = task.start_stride,
            .out = task.out + first,
            .out_stride = task.columns,
            .floor = floor_of(task.activation)};
  unsigned long tiles = (task.row_count + kTileRows - 1) / kTileRows;
  for (unsigned long left = task.row_count; left > 0; --tiles) {
    const unsigned long rows = (left + tiles - 1) / tiles;
    if (columns == vectors * kFloats) {
      add_rows<Add, vectors>(tile, rows);
    } else {
      add_edge<Add, vectors>(tile, rows, columns);
    }
    activate(task.activation, tile.out, task.columns, rows, columns);
    tile.rows += rows * task.depth;
    tile.start += rows * task.start_stride;
    tile.out += rows * task.columns;
    left -= rows;
  }
}

template <class Add>
void add_all(const DenseTask& task) {
  constexpr unsigned long kPanel = kTileVectors * kFloats;
  static_assert(kTileVectors <= 4);
  for (unsigned long first = 0; first < task.columns; first += kPanel) {
    const unsigned long left = task.columns - first;
    const unsigned long columns = left < kPanel ? left : kPanel;
    switch ((columns + kFloats - 1) / kFloats) {
      case 1:
        add_panel<Add, 1>(task, first, columns);
        break;
      case 2:
        add_panel < Add, kTileVectors<2 ? 1 : 2>(task, first, columns);
        break;
      case 3:
        add_panel < Add, kTileVectors<3 ? kTileVectors : 3>(task, first, columns);
        break;
      default:
        add_panel<Add, kTileVectors>(task, first, columns);
        break;
    }
  }
}

void multiply(const DenseTask& task) { add_all<Product>(task); }

void square_distances(const DenseTask& task) { add_all<SquareDistance>(task); }

inline float dot_of(const float* x, const float* w, unsigned long depth) {
  Floats sums[4] = {};
  unsigned long k = 0;
  for (; k + 4 * kFloats <= depth; k += 4 * kFloats) {
#pragma GCC unroll 4
    for (int v = 0; v < 4; ++v) {
      sums[v] = multiply_add(load(x + k + v * kFloats), load(w + k + v * kFloats), sums[v]);
    }
  }
  int v = 0;
  for (; k + kFloats <= depth; k += kFloats, ++v) {
    sums[v] = multiply_add(load(x + k), load(w + k), sums[v]);
  }
  if (k < depth) {
    sums[v] = multiply_add(load_some(x + k, depth - k), load(w + k), sums[v]);
  }
  return folded((sums[0] + sums[2]) + (sums[1] + sums[3]));
}

void dot(const DenseTask& task) {
  constexpr unsigned long kPadding = 4 * kFloats;
  const unsigned long stride = (task.depth + kPadding - 1) / kPadding * kPadding;
  const float floor = floor_of(task.activation);
  for (unsigned long i = 0; i < task.row_count; ++i) {
    const float* row = task.rows + i * task.depth;
    float* out = task.out + i * task.columns;
    for (unsigned long j = 0; j < task.columns; ++j) {
      const float sum = task.start[i * task.start_stride + j] +
                        dot_of(row, task.weights + j * stride, task.depth);
      out[j] = sum < floor ? floor : sum;
    }
    activate(task.activation, out, task.columns, 1, task.columns);
  }
}

inline Floats scaled(Floats x, Floats center, Floats factor) {
  // NOLINTNEXTLINE(misc-redundant-expression): NaN, which is missing, is not equal to itself.
  return select(x == x, (x - center) * factor, Floats{});
}

void scale(const float* from, unsigned long row_count, unsigned long columns, const float* center,
           const float* factor, float* to) {
  for (unsigned long i = 0; i < row_count; ++i, from += columns, to += columns) {
    unsigned long j = 0;
    for (; j + kFloats <= columns; j += kFloats) {
      store(to + j, scaled(load(from + j), load(center + j), load(factor + j)));
    }
    if (j < columns) {
      const unsigned long left = columns - j;
      store_some(to + j,
                 scaled(load_some(from + j, left), load_some(center + j, left),
                        load_some(factor + j, left)),
                 left);
    }
  }
}

template <class Function>
void map_all(Function function, const float* from, float* to, unsigned long count) {
  unsigned long i = 0;
  for (; i + kFloats <= count; i += kFloats) {
    store(to + i, function(load(from + i)));
  }
  if (i < count) {
    store_some(to + i, function(load_some(from + i, count - i)), count - i);
  }
}

void map(ElementaryFunction function, const float* from, float* to, unsigned long count) {
  switch (function) {
    case ElementaryFunction::kExponential:
      return map_all([](Floats x) { return exponential(x); }, from, to, count);
    case ElementaryFunction::kLogistic:
      return map_all([](Floats x) { return logistic(x); }, from, to, count);
    case ElementaryFunction::kTanh:
      return map_all([](Floats x) { return hyperbolic_tangent(x); }, from, to, count);
    case ElementaryFunction::kErf:
      return map_all([](Floats x) { return error_function(x); }, from, to, count);
  }
}

double weighted_sum(const float* a, const float* b, unsigned long count) {
  Doubles sums[2] = {};
  unsigned long i = 0;
  for (; i + kFloats <= count; i += kFloats) {
    HalfFloats left[2];
    HalfFloats right[2];
    __builtin_memcpy(left, a + i, sizeof left);
    __builtin_memcpy(right, b + i, sizeof right);
#pragma GCC unroll 2
    for (int h = 0; h < 2; ++h) {
      sums[h] +=
          __builtin_convertvector(left[h], Doubles) * __builtin_convertvector(right[h], Doubles);
    }
  }
  double lanes[kFloats];
  __builtin_memcpy(lanes, sums, sizeof lanes);
  for (unsigned long l = 0; i < count; ++i, ++l) {
    lanes[l] += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  }
  for (int half = kFloats / 2; half > 0; half /= 2) {
    for (int l = 0; l < half; ++l) {
      lanes[l] += lanes[l + half];
    }
  }
  return lanes[0];
}
