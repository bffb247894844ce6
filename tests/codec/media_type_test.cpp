#include "codec/media_type.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringmaker::codec {
namespace {

constexpr auto kCsv = Format::kCsv;
constexpr auto kJson = Format::kJson;

TEST(MediaType, ContentTypeChoosesTheRequestFormat) {
  for (const char* text :
       {"text/csv", "TEXT/CSV", "text/csv; charset=utf-8", " text/csv ;header=present",
        "text/csv;label_size=0", "text/csv; header=\"a;b,c\"", ""}) {
    EXPECT_EQ(request_format(text), kCsv) << text;
  }
  for (const char* text : {"application/json", "application/JSON",
                           "application/json; charset=UTF-8", "application/json;"}) {
    EXPECT_EQ(request_format(text), kJson) << text;
  }
  for (const char* text :
       {"text/plain", "csvx", "json", "csv/csv", "*", "text/csvx", "application/jsonline", "text/",
        "/csv", "text csv", "application/x-npzz", "text/csv, text/csv", "*/*", "text/csv/x"}) {
    EXPECT_EQ(request_format(text), std::nullopt) << text;
  }
}

TEST(MediaType, EveryNameInUseIsKnown) {
  for (const char* text : {"application/jsonlines", "application/x-jsonlines; charset=utf-8",
                           "application/x-ndjson", "APPLICATION/NDJSON"}) {
    EXPECT_EQ(request_format(text), Format::kJsonLines) << text;
  }
  EXPECT_EQ(request_format("text/libsvm"), Format::kLibsvm);
  EXPECT_EQ(request_format("text/x-libsvm; index_base=1"), Format::kLibsvm);
  EXPECT_EQ(request_format("application/x-npy"), Format::kNpy);
  EXPECT_EQ(request_format("application/x-npz"), Format::kNpz);
  EXPECT_EQ(request_format("application/x-recordio-protobuf"), Format::kRecordio);
}

TEST(MediaType, TheShortNamesOfSageMakersContainersAreKnown) {
  EXPECT_EQ(request_format("csv"), kCsv);
  EXPECT_EQ(request_format(" CSV; charset=utf-8"), kCsv);
  EXPECT_EQ(request_format("libsvm"), Format::kLibsvm);
  EXPECT_EQ(payload_options("libsvm; index_base=1")->index_base, 1U);
  EXPECT_EQ(request_format("recordio-protobuf"), Format::kRecordio);
}

TEST(MediaType, BytesAreRowsOnlyWhereTheyAreDeclared) {
  for (const char* text : {"application/octet-stream; dtype=float32",
                           "Application/Octet-Stream;x=1; DType=\"FLOAT32\""}) {
    EXPECT_EQ(request_format(text), Format::kFloat32) << text;
  }
  for (const char* text : {"application/octet-stream", "application/octet-stream; dtype=float64",
                           "application/octet-stream; dtype", "text/csv2; dtype=float32"}) {
    EXPECT_EQ(request_format(text), std::nullopt) << text;
  }
  EXPECT_EQ(select_response_format("", std::nullopt, Format::kFloat32), kCsv);
}

TEST(MediaType, TheBaseOfIndicesIsZeroOrOne) {
  EXPECT_EQ(payload_options("text/libsvm")->index_base, std::nullopt);
  EXPECT_EQ(payload_options("text/libsvm; index_base=0")->index_base, 0U);
  EXPECT_EQ(payload_options("text/libsvm; Index_Base=\"1\"")->index_base, 1U);
  EXPECT_FALSE(payload_options("text/libsvm; index_base=2").has_value());
  EXPECT_FALSE(payload_options("text/libsvm; index_base=").has_value());
  EXPECT_TRUE(payload_options("").has_value());
  EXPECT_EQ(payload_options("text/csv")->header, std::nullopt);
  EXPECT_EQ(payload_options("text/csv; charset=utf-8; header=present")->header, true);
  EXPECT_EQ(payload_options("csv; Header=\"Absent\"")->header, false);
  EXPECT_FALSE(payload_options("text/csv; header=yes").has_value());
  EXPECT_EQ(payload_options("text/libsvm; header=yes")->header, std::nullopt);
}

TEST(MediaType, ParametersAreFoundByName) {
  const auto type = parse_media_type("text/csv; Charset=utf-8 ; header=\"a;b\";label_size=0");
  ASSERT_TRUE(type.has_value());
  EXPECT_EQ(type->parameter("charset"), "utf-8");
  EXPECT_EQ(type->parameter("header"), "a;b");
  EXPECT_EQ(type->parameter("LABEL_SIZE"), "0");
  EXPECT_EQ(type->parameter("q"), std::nullopt);
}

TEST(MediaType, AcceptChoosesTheResponseFormat) {
  struct Case {
    const char* accept;
    std::optional<Format> for_csv;
    std::optional<Format> for_json;
  };
  for (const Case& c : std::vector<Case>{
           {"", kCsv, kJson},
           {"  ", kCsv, kJson},
           {"*/*", kCsv, kJson},
           {"text/csv", kCsv, kCsv},
           {"application/json", kJson, kJson},
           {"application/JSON; charset=utf-8", kJson, kJson},
           {"text/csv, application/json", kCsv, kCsv},
           {"application/json, text/csv", kJson, kJson},
           {"text/csv;q=0.5, application/json", kJson, kJson},
           {"text/csv;q=0.5, application/json;q=0.4", kCsv, kCsv},
           {"text/csv;q=0, */*", kJson, kJson},
           {"text/*", kCsv, kCsv},
           {"application/*;q=0.1, text/*;q=0.2", kCsv, kCsv},
           {"text/html, application/xhtml+xml, */*;q=0.8", kCsv, kJson},
           {"text/*;q=0.9, text/csv;q=0.1, application/json;q=0.5", kJson, kJson},
           {"application/json;profile=\"a,b\";q=1, text/csv", kJson, kJson},
           {"text/csv;q=1.000", kCsv, kCsv},
           {"text/html", std::nullopt, std::nullopt},
           {"text/csv;q=0", std::nullopt, std::nullopt},
           {"text/csv;q=0.000, application/json;q=0", std::nullopt, std::nullopt},
           {"text/csv;q=1.5", kCsv, kCsv},
           {"text/csv;q=", kCsv, kCsv},
           {"text/csv;q=abc", kCsv, kCsv},
           {"text/csv;q=nan", kCsv, kCsv},
           {"text/csv;q=0.5x, application/json;q=0.9", kCsv, kCsv},
           {"text/csv;q=.5, application/json;q=.9", kJson, kJson},
           {"text/csv;q=0.0001, text/html", kCsv, kCsv},
           {"text/csv;q=-1", std::nullopt, std::nullopt},
           {"*", kCsv, kJson},
           {"*;q=.2, text/html", kCsv, kJson},
           {"*;q=0", std::nullopt, std::nullopt},
           {"text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", kCsv, kJson},
           {"application/x-npz", std::nullopt, std::nullopt},
           {"text/libsvm", std::nullopt, std::nullopt},
           {"application/x-npy", Format::kNpy, Format::kNpy},
           {"application/jsonlines, text/csv", Format::kJsonLines, Format::kJsonLines},
           {"application/*;q=0.5, text/csv;q=0.4", kJson, kJson},
           {"json", std::nullopt, std::nullopt},
           {"csv;q=0.5, text/html", kCsv, kCsv},
           {",,,", kCsv, kJson},
           {";;;", kCsv, kJson},
           {" ; , ;", kCsv, kJson},
           {",, text/csv ,", kCsv, kCsv}}) {
    EXPECT_EQ(select_response_format(c.accept, std::nullopt, kCsv), c.for_csv) << c.accept;
    EXPECT_EQ(select_response_format(c.accept, std::nullopt, kJson), c.for_json) << c.accept;
  }
}

TEST(MediaType, TheConfiguredDefaultDecidesWhereAcceptDoesNot) {
  for (const char* accept : {"", "*/*", "text/html, */*;q=0.1"}) {
    EXPECT_EQ(select_response_format(accept, kJson, kCsv), kJson) << accept;
    EXPECT_EQ(select_response_format(accept, kCsv, kJson), kCsv) << accept;
  }
  EXPECT_EQ(select_response_format("text/csv", kJson, kJson), kCsv);
}

TEST(MediaType, WhatCannotBeWrittenIsAnsweredInCsv) {
  EXPECT_EQ(select_response_format("", std::nullopt, Format::kLibsvm), kCsv);
  EXPECT_EQ(select_response_format("", std::nullopt, Format::kRecordio), Format::kRecordio);
  EXPECT_EQ(select_response_format("*/*", kJson, Format::kLibsvm), kJson);
}

TEST(MediaType, NamesReadBack) {
  for (size_t i = 0; i < kNamedFormats; ++i) {
    const auto format = static_cast<Format>(i);
    const std::string_view name = media_type_name(format);
    EXPECT_EQ(request_format(name), format);
    EXPECT_NE(readable_media_types().find(name), std::string_view::npos);
    EXPECT_EQ(writable_media_types().find(name) != std::string_view::npos, is_writable(format));
  }
}

}  // namespace
}  // namespace ringmaker::codec
