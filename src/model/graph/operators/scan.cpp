// Scan: a graph that runs once for each slice of a known array, as converters write the distances
// of nearest neighbours.
#include "model/graph/operators/operators.h"

#include <algorithm>
#include <cstring>

namespace ringmaker::model::operators {
namespace {

constexpr size_t kDepthMax = 4;

/// A value that goes into the body, or out of it.
struct Passed {
  ValueId outside = 0;
  ValueId inside = 0;
  Shape shape;       // inside
  size_t bytes = 0;  // of a value
};

void copy(const Passed& one, const Frame& from, ValueId source, const Frame& to, ValueId target) {
  const size_t bytes = one.shape.elements_of(from.rows) * one.bytes;
  if (bytes > 0) {
    std::memcpy(to.write<std::byte>(target), from.read<std::byte>(source), bytes);
  }
}

/// The state that a body hands to its next run is as large as what it was given.
Result<void> expect_same(OperatorContext& node, const Value& given, const Value& made) {
  if (given.type != made.type || given.shape != made.shape) {
    return node.refuse("a state of {} becomes {}", text_of(given.shape), text_of(made.shape));
  }
  return {};
}

}  // namespace

Result<void> scan(OperatorContext& node) {
  const Graph* body = node.graph("body");
  RM_TRY(node.failed());
  const int64_t scanned = node.integer("num_scan_inputs", 0);
  const auto inputs = static_cast<int64_t>(node.input_count());
  if (body == nullptr || scanned < 1 || scanned > inputs || node.opset() < 9) {
    return node.unsupported("it has {} inputs of which {} are scanned, and {} body", inputs,
                            scanned, body == nullptr ? "no" : "a");
  }
  for (const std::string_view name :
       {"scan_input_axes", "scan_output_axes", "scan_input_directions", "scan_output_directions"}) {
    const std::vector<int64_t> values = node.integers(name);
    if (std::ranges::any_of(values, [](int64_t value) { return value != 0; })) {
      return node.unsupported("attribute \"{}\" is not 0, which is not read", name);
    }
  }
  if (node.builder().depth() >= kDepthMax) {
    return node.unsupported("graphs lie within graphs too deep");
  }
  const auto states = static_cast<size_t>(inputs - scanned);
  const auto count = static_cast<size_t>(inputs);
  if (body->inputs.size() != count || body->outputs.size() != node.node().outputs.size() ||
      body->outputs.size() < states) {
    return node.refuse("its body has {} inputs and {} outputs", body->inputs.size(),
                       body->outputs.size());
  }
  ProgramBuilder inner(node.builder().settings(), node.builder().depth() + 1);
  std::vector<Passed> in(count);
  int64_t length = -1;
  for (size_t i = 0; i < count; ++i) {
    const Value& given = node.in(i);
    Passed& passed = in[i];
    passed = {
        .outside = node.input(i), .shape = given.shape, .bytes = bytes_of(storage_of(given.type))};
    if (i >= states) {
      if (given.shape.rank() == 0 || given.shape.batched() ||
          (length >= 0 && given.shape.dims[0] != length)) {
        return node.unsupported("it scans {}; only known arrays of one length are read",
                                text_of(given.shape));
      }
      length = given.shape.dims[0];
      passed.shape.dims.erase(passed.shape.dims.begin());
    }
    RM_ASSIGN(passed.inside, inner.add_input(body->inputs[i].name, given.type, passed.shape));
  }
  const auto within = [&](const Result<void>& done) {
    return done ? Result<void>() : Result<void>(node.refuse("{}", done.error().message()));
  };
  RM_TRY(within(inner.add(*body)));
  auto finished = inner.finish(body->outputs);
  if (!finished) {
    return node.refuse("{}", finished.error().message());
  }
  auto program = std::make_shared<Program>(std::move(*finished));
  std::vector<Passed> out(body->outputs.size());
  for (size_t i = 0; i < out.size(); ++i) {
    const ValueId made = program->outputs()[i];
    const Value& value = program->value(made);
    Passed& passed = out[i];
    passed = {.inside = made, .shape = value.shape, .bytes = bytes_of(storage_of(value.type))};
    Shape outside = value.shape;
    if (i < states) {
      RM_TRY(expect_same(node, node.in(i), value));
    } else {
      outside.dims.insert(outside.dims.begin(), length);
      outside.batch_axis =
          value.shape.batched() ? std::optional(*value.shape.batch_axis + 1) : std::nullopt;
    }
    RM_ASSIGN(passed.outside, node.output(i, value.type, outside));
  }
  // The body's own memory. Each of its values is rounded up to 64 bytes.
  program->place(1);
  const size_t doubles = program->memory_bytes() / sizeof(double) + 64;
  RM_ASSIGN(const ValueId memory,
            node.scratch(ElementType::kDouble,
                         Shape{.dims = {static_cast<int64_t>(doubles)}, .batch_axis = 0}));
  node.builder().add_body(program);
  node.run([=](const Frame& frame) {
    std::byte* bytes = frame.write<std::byte>(memory);
    Frame own = program->frame(bytes, frame.rows);
    own.spoiled = frame.spoiled;
    for (size_t i = 0; i < states; ++i) {
      copy(in[i], frame, in[i].outside, own, in[i].inside);
    }
    for (int64_t step = 0; step < length; ++step) {
      for (size_t i = states; i < in.size(); ++i) {
        const size_t slice = in[i].shape.elements() * in[i].bytes;
        if (slice > 0) {
          std::memcpy(own.write<std::byte>(in[i].inside),
                      frame.read<std::byte>(in[i].outside) + static_cast<size_t>(step) * slice,
                      slice);
        }
      }
      program->run(own);
      for (size_t i = states; i < out.size(); ++i) {
        const size_t slice = out[i].shape.elements_of(frame.rows) * out[i].bytes;
        if (slice > 0) {
          std::memcpy(frame.write<std::byte>(out[i].outside) + static_cast<size_t>(step) * slice,
                      own.read<std::byte>(out[i].inside), slice);
        }
      }
      // All states are read before any is written; the outside holds them in between.
      for (size_t i = 0; i < states; ++i) {
        copy(out[i], own, out[i].inside, frame, out[i].outside);
      }
      for (size_t i = 0; i < states; ++i) {
        copy(out[i], frame, out[i].outside, own, in[i].inside);
      }
    }
    if (length == 0) {
      for (size_t i = 0; i < states; ++i) {
        copy(in[i], frame, in[i].outside, frame, out[i].outside);
      }
    }
  });
  return {};
}

}  // namespace ringmaker::model::operators
