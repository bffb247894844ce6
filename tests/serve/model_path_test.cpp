// What a path below /models names, byte for byte.
#include "serve/model_path.h"

#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

using Kind = ModelPath::Kind;

TEST(ModelPathTest, PathsAndWhatTheyName) {
  const struct {
    const char* path;
    Kind kind;
    const char* name;
  } rows[] = {
      {"/models", Kind::kAll, ""},
      {"/models/a", Kind::kOne, "a"},
      {"/models/a%2Fb", Kind::kOne, "a%2Fb"},
      {"/models/invoke", Kind::kOne, "invoke"},
      {"/models/a/invoke", Kind::kInvoke, "a"},
      {"/models/invoke/invoke", Kind::kInvoke, "invoke"},
      {"/models/", Kind::kNone, ""},
      {"/models//invoke", Kind::kNone, ""},
      {"/models/a/", Kind::kNone, ""},
      {"/models/a/b", Kind::kNone, ""},
      {"/models/a/b/invoke", Kind::kNone, ""},
      {"/models/a/invoke/", Kind::kNone, ""},
      {"/modelsa", Kind::kNone, ""},
      {"/model", Kind::kNone, ""},
      {"", Kind::kNone, ""},
  };
  for (const auto& row : rows) {
    const ModelPath path = parse_model_path(row.path);
    EXPECT_EQ(path.kind, row.kind) << row.path;
    EXPECT_EQ(path.name, row.name) << row.path;
  }
}

TEST(ModelPathTest, NamesAreDecodedOnce) {
  EXPECT_EQ(percent_decoded("plain"), "plain");
  EXPECT_EQ(percent_decoded("a%2Fb%2f"), "a/b/");
  EXPECT_EQ(percent_decoded("%2541"), "%41");
  EXPECT_EQ(percent_decoded("a+b"), "a+b");
  for (const char* broken : {"%", "%4", "a%", "%zz", "%4z", "%+1", "% 1"}) {
    EXPECT_EQ(percent_decoded(broken), std::nullopt) << broken;
  }
}

TEST(ModelPathTest, ValuesOfAQuery) {
  EXPECT_EQ(query_value("limit=5&next_page_token=ab", "limit"), "5");
  EXPECT_EQ(query_value("limit=5&next_page_token=ab", "next_page_token"), "ab");
  EXPECT_EQ(query_value("limit", "limit"), "");
  EXPECT_EQ(query_value("limit=", "limit"), "");
  EXPECT_EQ(query_value("limits=5", "limit"), std::nullopt);
  EXPECT_EQ(query_value("", "limit"), std::nullopt);
  EXPECT_EQ(query_value("a=1&&limit=2", "limit"), "2");
  EXPECT_EQ(query_value("Limit=5", "limit"), "5");
  EXPECT_EQ(query_value("limit=%31%30", "limit"), "10");
  EXPECT_EQ(query_value("limit=%3", "limit"), "%3") << "left as it is";
}

}  // namespace
}  // namespace ringmaker::serve
