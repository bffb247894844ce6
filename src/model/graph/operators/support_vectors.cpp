// Support vector machines, as the reference runtime computes them: kernels in float32, sums over
// vectors in double, classes by votes.
#include "model/graph/dense_step.h"
#include "model/graph/operators/ml_operators.h"
#include "model/graph/operators/operators.h"
#include "model/support_vectors/kernel_rows.h"

#include <algorithm>
#include <cmath>
#include <memory>

namespace ringmaker::model::operators {
namespace {

Result<KernelFunction> read_kernel(OperatorContext& node) {
  const std::string type = node.text("kernel_type", "LINEAR");
  const std::vector<float> parameters = node.reals("kernel_params");
  RM_TRY(node.failed());
  KernelFunction kernel;
  if (type == "LINEAR") {
    kernel.type = KernelType::kLinear;
  } else if (type == "POLY") {
    kernel.type = KernelType::kPoly;
  } else if (type == "RBF") {
    kernel.type = KernelType::kRbf;
  } else if (type == "SIGMOID") {
    kernel.type = KernelType::kSigmoid;
  } else {
    return node.refuse("attribute \"kernel_type\" is \"{}\"", type);
  }
  if (parameters.size() == 3) {
    kernel.gamma = parameters[0];
    kernel.coef0 = parameters[1];
    kernel.degree = parameters[2];
  } else if (!parameters.empty() || kernel.type != KernelType::kLinear) {
    return node.refuse("attribute \"kernel_params\" has {} values, expected 3", parameters.size());
  }
  return kernel;
}

/// What a machine consists of.
struct Machine {
  KernelFunction kernel;
  size_t features = 0;
  size_t count = 0;  // of vectors
  std::vector<float> vectors;
  std::vector<float> coefficients;
  std::vector<float> rho;
  std::vector<float> prob_a;
  std::vector<float> prob_b;
  std::vector<size_t> begins;  // of each class's vectors, and the end
};

Result<Machine> read_machine(OperatorContext& node) {
  Machine machine;
  RM_ASSIGN(machine.kernel, read_kernel(node));
  RM_ASSIGN(machine.features, read_columns(node, 0));
  machine.vectors = node.reals("support_vectors");
  machine.coefficients = node.reals("coefficients");
  machine.rho = node.reals("rho");
  machine.prob_a = node.reals("prob_a");
  machine.prob_b = node.reals("prob_b");
  RM_TRY(node.failed());
  return machine;
}

}  // namespace

Result<void> svm_regressor(OperatorContext& node) {
  RM_ASSIGN(Machine read, read_machine(node));
  const int64_t count = node.integer("n_supports", 0);
  const bool one_class = node.integer("one_class", 0) != 0;
  RM_ASSIGN(const PostTransform transform, read_transform(node));
  RM_TRY(node.failed());
  if (count < 0 || read.rho.empty()) {
    return node.refuse("it has {} vectors and {} values of \"rho\"", count, read.rho.size());
  }
  read.count = static_cast<size_t>(count);
  if (read.count > 0) {
    RM_TRY(expect_size(node, "coefficients", read.coefficients.size(), read.count));
    if (read.features == 0 || read.vectors.size() % read.features != 0 ||
        read.vectors.size() / read.features != read.count) {
      return node.refuse("attribute \"support_vectors\" has {} values, expected {} x {}",
                         read.vectors.size(), read.count, read.features);
    }
  } else {
    RM_TRY(expect_size(node, "coefficients", read.coefficients.size(), read.features));
    if (read.features == 0) {
      return node.refuse("it has neither vectors nor columns");
    }
    read.kernel.type = KernelType::kLinear;
  }
  RM_ASSIGN(const ValueId in, as_floats(node, 0));
  RM_ASSIGN(const ValueId out, node.output(0, ElementType::kFloat, rows_of(1)));
  // Without vectors the coefficients are the one there is, and weigh 1.
  const std::vector<float>& vectors = read.count > 0 ? read.vectors : read.coefficients;
  const auto machine =
      std::make_shared<const KernelRows>(kernels_of(node), read.kernel, vectors, read.features);
  RM_ASSIGN(const ValueId values, node.scratch(ElementType::kFloat, rows_of(machine->count())));
  std::vector<float> weights = read.count > 0 ? read.coefficients : std::vector<float>{1};
  node.run([=, weighted_sum = kernels_of(node).weighted_sum, rho = static_cast<double>(read.rho[0]),
            weights = std::make_shared<const std::vector<float>>(std::move(weights))](
               const Frame& frame) {
    float* similar = frame.write<float>(values);
    machine->evaluate(frame.read<float>(in), frame.rows, similar);
    float* y = frame.write<float>(out);
    for (size_t i = 0; i < frame.rows; ++i, similar += weights->size()) {
      const double sum = weighted_sum(weights->data(), similar, weights->size()) + rho;
      y[i] = one_class ? (sum > 0 ? 1.0F : -1.0F) : static_cast<float>(sum);
      if (transform == PostTransform::kProbit) {
        y[i] = probit(y[i]);  // of one target, all others are left out
      }
    }
  });
  return {};
}

namespace {

/// Probabilities of k classes from those of each pair; r[i * k + j] = P(i | i or j). Source: Wu,
/// Lin, Weng, "Probability Estimates for Multi-class Classification by Pairwise Coupling", 2004,
/// method 2, in the order of updates that libsvm has.
void couple_pairs(const float* r, size_t k, float* q, float* qp, float* p) {
  for (size_t t = 0; t < k; ++t) {
    p[t] = 1.0F / static_cast<float>(k);
    q[t * k + t] = 0;
    for (size_t j = 0; j < k; ++j) {
      if (j != t) {
        q[t * k + t] += r[j * k + t] * r[j * k + t];
        q[t * k + j] = j < t ? q[j * k + t] : -r[j * k + t] * r[t * k + j];
      }
    }
  }
  const float enough = 0.005F / static_cast<float>(k);
  for (size_t sweep = 0; sweep < 100; ++sweep) {
    float pqp = 0;
    for (size_t t = 0; t < k; ++t) {
      qp[t] = 0;
      for (size_t j = 0; j < k; ++j) {
        qp[t] += q[t * k + j] * p[j];
      }
      pqp += p[t] * qp[t];
    }
    float error = 0;
    for (size_t t = 0; t < k; ++t) {
      error = std::max(error, std::fabs(qp[t] - pqp));
    }
    if (error < enough) {
      return;
    }
    for (size_t t = 0; t < k; ++t) {
      const float step = (-qp[t] + pqp) / q[t * k + t];
      p[t] += step;
      pqp = (pqp + step * (step * q[t * k + t] + 2 * qp[t])) / (1 + step) / (1 + step);
      for (size_t j = 0; j < k; ++j) {
        qp[j] = (qp[j] + step * q[t * k + j]) / (1 + step);
        p[j] /= (1 + step);
      }
    }
  }
}

/// Sums of each pair of classes, and how many pairs each class has won.
void score_pairs(const Machine& m, const DenseKernels& kernels, size_t classes,
                 const float* similar, float* sums, int64_t* votes) {
  const auto sum_of = [&](const float* coefficients, size_t of_class) {
    const size_t begin = m.begins[of_class];
    return kernels.weighted_sum(coefficients + begin, similar + begin,
                                m.begins[of_class + 1] - begin);
  };
  std::fill_n(votes, classes, int64_t{0});
  size_t pair = 0;
  for (size_t i = 0; i + 1 < classes; ++i) {
    for (size_t j = i + 1; j < classes; ++j, ++pair) {
      const double sum = sum_of(m.coefficients.data() + (j - 1) * m.count, i) +
                         sum_of(m.coefficients.data() + i * m.count, j) +
                         static_cast<double>(m.rho[pair]);
      sums[pair] = static_cast<float>(sum);
      ++votes[sum > 0 ? i : j];
    }
  }
}

float pair_probability(float sum, float a, float b) {
  const float raw = sum * a + b;
  const float p = raw >= 0 ? std::exp(-raw) / (1 + std::exp(-raw)) : 1 / (1 + std::exp(raw));
  return std::min(std::max(p, 1e-7F), 1 - 1e-7F);
}

Result<void> svm_linear_classifier(OperatorContext& node, const Machine& read,
                                   const std::shared_ptr<const ClassList>& classes,
                                   PostTransform transform) {
  const size_t count = classes->names.size();
  RM_TRY(expect_size(node, "coefficients", read.coefficients.size(), count * read.features));
  if (read.rho.empty() || read.features == 0) {
    return node.refuse("attribute \"rho\" or a column is missing");
  }
  const bool positive =
      std::ranges::all_of(read.coefficients, [](float value) { return value >= 0; });
  RM_ASSIGN(const ValueId in, as_floats(node, 0));
  RM_ASSIGN(const ValueId label,
            node.output(0, label_type(*classes), Shape{.dims = {1}, .batch_axis = 0}));
  RM_ASSIGN(const ValueId scores, node.output(1, ElementType::kFloat, rows_of(count)));
  node.value(label).classes = classes;
  node.value(label).chosen_from = scores;
  node.value(scores).margins = transform == PostTransform::kNone;
  // Labels of two classes have a rule of their own.
  node.value(scores).of_pairs = count == 2 || !keeps_order(transform);
  node.value(scores).not_negative = makes_shares(transform);
  const KernelFunction linear{};
  const auto machine = std::make_shared<const KernelRows>(kernels_of(node), linear,
                                                          read.coefficients, read.features);
  node.run([=, rho = read.rho[0]](const Frame& frame) {
    float* y = frame.write<float>(scores);
    machine->evaluate(frame.read<float>(in), frame.rows, y);
    auto* chosen = frame.write<int64_t>(label);
    for (size_t i = 0; i < frame.rows; ++i, y += count) {
      for (size_t c = 0; c < count; ++c) {
        y[c] += rho;
      }
      const auto best = static_cast<size_t>(std::max_element(y, y + count) - y);
      const bool second = positive ? y[best] >= 0.5F : y[best] > 0;
      chosen[i] = classes->codes[count == 2 && second ? 1 : best];
      apply_post_transform(transform, y, count);
    }
  });
  return {};
}

/// What the reference runtime makes of the one sum of two classes.
void write_pair(PostTransform transform, float sum, float* y) noexcept {
  switch (transform) {
    case PostTransform::kNone:
      y[0] = -sum;
      y[1] = sum;
      return;
    case PostTransform::kLogistic:
      y[0] = logistic(-sum);
      y[1] = logistic(sum);
      return;
    case PostTransform::kProbit:
      y[0] = probit(sum);
      y[1] = 0;
      return;
    default:
      y[0] = 1 - sum;
      y[1] = sum;
  }
}

}  // namespace

Result<void> svm_classifier(OperatorContext& node) {
  RM_ASSIGN(Machine read, read_machine(node));
  RM_ASSIGN(auto classes, read_classes(node, "classlabels_ints", "classlabels_strings"));
  RM_ASSIGN(const PostTransform transform, read_transform(node));
  const std::vector<int64_t> per_class = node.integers("vectors_per_class");
  RM_TRY(node.failed());
  const size_t k = classes->names.size();
  if (k < 2 || k > 1024) {
    return node.refuse("it has {} classes, from 2 to 1024 are read", k);
  }
  read.begins = {0};
  for (const int64_t count : per_class) {
    if (count < 0 || count > (1 << 30)) {
      return node.refuse("attribute \"vectors_per_class\" holds {}", count);
    }
    read.begins.push_back(read.begins.back() + static_cast<size_t>(count));
  }
  read.count = read.begins.back();
  if (read.count == 0) {
    return svm_linear_classifier(node, read, classes, transform);
  }
  const size_t pairs = k * (k - 1) / 2;
  RM_TRY(expect_size(node, "vectors_per_class", per_class.size(), k));
  RM_TRY(expect_size(node, "coefficients", read.coefficients.size(), (k - 1) * read.count));
  RM_TRY(expect_size(node, "rho", read.rho.size(), pairs));
  if (read.features == 0 || read.vectors.size() % read.features != 0 ||
      read.vectors.size() / read.features != read.count) {
    return node.refuse("attribute \"support_vectors\" has {} values, expected {} x {}",
                       read.vectors.size(), read.count, read.features);
  }
  const bool probabilities = !read.prob_a.empty();
  if (probabilities) {
    RM_TRY(expect_size(node, "prob_a", read.prob_a.size(), pairs));
    RM_TRY(expect_size(node, "prob_b", read.prob_b.size(), pairs));
  }
  const size_t width = probabilities || k == 2 ? k : pairs;
  RM_ASSIGN(const ValueId in, as_floats(node, 0));
  RM_ASSIGN(const ValueId label,
            node.output(0, label_type(*classes), Shape{.dims = {1}, .batch_axis = 0}));
  RM_ASSIGN(const ValueId scores, node.output(1, ElementType::kFloat, rows_of(width)));
  node.value(label).classes = classes;
  node.value(label).chosen_from = scores;
  const bool as_they_are = transform == PostTransform::kNone;
  node.value(scores).of_pairs = !probabilities || !keeps_order(transform);
  node.value(scores).not_negative = probabilities && (as_they_are || makes_shares(transform));
  node.value(scores).complementary =
      probabilities && k == 2 && (as_they_are || transform == PostTransform::kSoftmax);
  const auto scratch = [&](ElementType type, size_t count) {
    return node.scratch(type, Shape{.dims = {static_cast<int64_t>(count)}});
  };
  RM_ASSIGN(const ValueId values, node.scratch(ElementType::kFloat, rows_of(read.count)));
  RM_ASSIGN(const ValueId sums, scratch(ElementType::kFloat, pairs));
  RM_ASSIGN(const ValueId votes, scratch(ElementType::kInt64, k));
  RM_ASSIGN(const ValueId of_pairs, scratch(ElementType::kFloat, probabilities ? k * k : 1));
  RM_ASSIGN(const ValueId q, scratch(ElementType::kFloat, probabilities ? k * k : 1));
  RM_ASSIGN(const ValueId qp, scratch(ElementType::kFloat, k));
  const DenseKernels& kernels = kernels_of(node);
  const auto machine =
      std::make_shared<const KernelRows>(kernels, read.kernel, read.vectors, read.features);
  read.vectors = {};
  node.run([=, &kernels, m = std::make_shared<const Machine>(std::move(read))](const Frame& frame) {
    float* y = frame.write<float>(scores);
    auto* chosen = frame.write<int64_t>(label);
    float* similar = frame.write<float>(values);
    machine->evaluate(frame.read<float>(in), frame.rows, similar);
    float* sum = frame.write<float>(sums);
    auto* vote = frame.write<int64_t>(votes);
    float* r = frame.write<float>(of_pairs);
    for (size_t i = 0; i < frame.rows; ++i, similar += m->count, y += width) {
      score_pairs(*m, kernels, k, similar, sum, vote);
      chosen[i] = classes->codes[static_cast<size_t>(std::max_element(vote, vote + k) - vote)];
      if (probabilities) {
        for (size_t a = 0, pair = 0; a < k; ++a) {
          for (size_t b = a + 1; b < k; ++b, ++pair) {
            const float p = pair_probability(sum[pair], m->prob_a[pair], m->prob_b[pair]);
            r[a * k + b] = p;
            r[b * k + a] = 1 - p;
          }
        }
        couple_pairs(r, k, frame.write<float>(q), frame.write<float>(qp), y);
        apply_post_transform(transform, y, k);
      } else if (k == 2) {
        write_pair(transform, sum[0], y);
      } else {
        std::copy_n(sum, pairs, y);
        apply_post_transform(transform, y, pairs);
      }
    }
  });
  return {};
}

}  // namespace ringmaker::model::operators
