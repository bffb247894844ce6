#include "model/import/onnx/onnx_file.h"

#include "model/import/onnx/onnx_tensor.h"
#include "tests/model/graph/graph_test_support.h"
#include "wire/little_endian.h"

#include <fmt/core.h>
#include <protozero/pbf_writer.hpp>

#include <chrono>

namespace ringmaker::model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string small_file() {
  return OnnxWriter()
      .input("x", kOnnxFloat, {-1, 2})
      .constant("c", floats({1, 2}))
      .node("Add", {"x", "c"}, {"y"}, {{"unused", std::vector<int64_t>{1, -2}}})
      .output("y")
      .file();
}

std::string tensor_error(const std::string& bytes) {
  const auto tensor = read_onnx_tensor(bytes);
  return tensor ? std::string() : tensor.error().message();
}

TEST(OnnxFile, IsKnownByItsFields) {
  const std::string file = small_file();
  const auto known = [](std::string_view text) {
    return is_onnx(source_of(std::as_bytes(std::span(text)))).value();
  };
  EXPECT_TRUE(known(file));
  EXPECT_TRUE(known(file.substr(0, 30))) << "cut off";
  for (const std::string text : {"", "tree\n", "{\"a\":1}", "\x08", "PK\x03\x04", "\x08\x00"}) {
    EXPECT_FALSE(known(text)) << text;
  }
  // The order of fields is free.
  std::string turned;
  protozero::pbf_writer writer(turned);
  writer.add_string(2, "somebody");
  writer.add_int64(1, 8);
  EXPECT_TRUE(known(turned));
  // Of a file with many small fields the first hundred thousand bytes tell.
  for (int i = 0; i < 100'000; ++i) {
    writer.add_string(14, "property");
  }
  EXPECT_TRUE(known(turned));
}

TEST(OnnxFile, InitializersAreNoInputsHoweverMany) {
  OnnxWriter graph;
  graph.input("x", kOnnxFloat, {-1, 1});
  for (int i = 0; i < 20'000; ++i) {
    graph.input(fmt::format("c{}", i), kOnnxFloat, {1})
        .constant(fmt::format("c{}", i), floats({1}));
  }
  const std::string file = graph.node("Relu", {"x"}, {"y"}).output("y").file();
  const auto begun = std::chrono::steady_clock::now();
  const auto read = read_onnx(bytes_of_text(file));
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->graph.inputs.size(), 1U);
  // Comparing each with each takes minutes here.
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
}

TEST(OnnxFile, IsReadFieldByField) {
  const std::string bytes = small_file();
  const auto file = read_onnx(bytes_of_text(bytes));
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(file->ir_version, 8);
  ASSERT_EQ(file->opsets.size(), 2U);
  EXPECT_EQ(file->opsets[1].domain, "ai.onnx.ml");
  const Graph& graph = file->graph;
  ASSERT_EQ(graph.nodes.size(), 1U);
  EXPECT_THAT(graph.nodes[0].inputs, ElementsAre("x", "c"));
  ASSERT_EQ(graph.nodes[0].attributes.size(), 1U);
  EXPECT_THAT(graph.nodes[0].attributes[0].integers, ElementsAre(1, -2));
  EXPECT_THAT(graph.constants[0].floats, ElementsAre(1, 2));
  EXPECT_THAT(graph.inputs[0].dims, ElementsAre(-1, 2));
}

TEST(OnnxFile, InputsThatAreConstantsNeedNotBeGiven) {
  OnnxWriter graph;
  graph.input("c", kOnnxFloat, {2}).constant("c", floats({1, 2})).input("x", kOnnxFloat, {-1, 2});
  const std::string bytes = graph.file();
  const auto file = read_onnx(bytes_of_text(bytes));
  ASSERT_TRUE(file);
  ASSERT_EQ(file->graph.inputs.size(), 1U);
  EXPECT_EQ(file->graph.inputs[0].name, "x");
}

TEST(OnnxFile, GraphsWithinGraphsEnd) {
  OnnxWriter inner;
  inner.node("Relu", {"x"}, {"y"});
  for (int depth = 0; depth < 20; ++depth) {
    OnnxWriter outer;
    outer.node("If", {"x"}, {"y"}, {{"then_branch", inner.body()}});
    inner = outer;
  }
  const std::string bytes = inner.file();
  const auto file = read_onnx(bytes_of_text(bytes));
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().message(), HasSubstr("graphs lie within graphs, 8 deep at most"));
}

TEST(OnnxFile, DamageAndWhatIsNotReadAreTold) {
  const std::string bytes = small_file();
  const auto cut = read_onnx(bytes_of_text(bytes).first(bytes.size() / 2));
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code(), base::ErrorCode::kCorrupt);
  EXPECT_THAT(cut.error().message(), HasSubstr("is cut off or no message of protobuf"));
  const std::string sparse = OnnxWriter().graph_field(15, "").file();
  EXPECT_THAT(error_of(sparse), HasSubstr("the graph has sparse tensors, which are not read"));
  std::string functions = bytes;
  protozero::pbf_writer(functions).add_message(25, std::string());
  EXPECT_THAT(error_of(functions), HasSubstr("defines functions of its own"));
}

TEST(OnnxFile, TextsAreUtf8) {
  const auto error = [](const std::string& text) {
    return error_of(one_node("ai.onnx.ml:OneHotEncoder", 1,
                             {{"cats_strings", std::vector<std::string>{"red", text}}}));
  };
  EXPECT_THAT(error("cr\xC3"),
              HasSubstr("attribute \"cats_strings\" holds a text that is no UTF-8"));
  EXPECT_THAT(error("cr\xC3\xA8me"), testing::Not(HasSubstr("UTF-8")));
}

TEST(OnnxTensor, ValuesLieInOneOfSeveralPlaces) {
  std::string raw;
  protozero::pbf_writer writer(raw);
  writer.add_int64(1, 2);
  writer.add_int32(2, 7);
  std::string values(16, '\0');
  wire::store_little_endian<int64_t>(values.data(), -5);
  wire::store_little_endian<int64_t>(values.data() + 8, int64_t{1} << 40);
  writer.add_bytes(9, values);
  const auto tensor = read_onnx_tensor(raw);
  ASSERT_TRUE(tensor) << tensor.error().message();
  EXPECT_THAT(tensor->integers, ElementsAre(-5, int64_t{1} << 40));
  // Small integers and truth values come as int32, negative ones with ten bytes.
  std::string small;
  protozero::pbf_writer of_int8(small);
  of_int8.add_int64(1, 2);
  of_int8.add_int32(2, 3);
  of_int8.add_int32(5, -3);
  of_int8.add_int32(5, 4);
  const auto narrow = read_onnx_tensor(small);
  ASSERT_TRUE(narrow) << narrow.error().message();
  EXPECT_THAT(narrow->integers, ElementsAre(-3, 4));
}

TEST(OnnxTensor, WhatContradictsItselfIsRefusedByItsName) {
  EXPECT_THAT(tensor_error(floats({1, 2}, {3}).bytes("w")),
              HasSubstr("tensor \"w\": it has 2 values, its dims ask for 3"));
  EXPECT_THAT(tensor_error(floats({1}, {-1}).bytes("w")), HasSubstr("its dims are -1"));
  EXPECT_THAT(tensor_error(floats({1}, {int64_t{1} << 40, int64_t{1} << 40}).bytes("w")),
              HasSubstr("too many values"));
  std::string external = floats({}, {2}).bytes("w");
  protozero::pbf_writer(external).add_int32(14, 1);
  EXPECT_THAT(tensor_error(external),
              HasSubstr("tensor \"w\": its data lies in another file, which is not read"));
  std::string half = floats({}, {2}).bytes("w");
  protozero::pbf_writer(half).add_bytes(9, "1234567");
  EXPECT_THAT(tensor_error(half), HasSubstr("its raw_data has 7 bytes"));
  std::string odd;
  protozero::pbf_writer(odd).add_int32(2, 10);
  EXPECT_THAT(tensor_error(odd), HasSubstr("it holds float16, which is not read"));
}

}  // namespace
}  // namespace ringmaker::model
