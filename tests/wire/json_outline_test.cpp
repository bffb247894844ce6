#include "wire/json_outline.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringmaker::wire {
namespace {

const std::string kNumbers = "[1, 2,3.5 ,-4e-5,5,6,7,8,9,10,11,12]";

std::string outline_of(const std::string& document) {
  JsonOutline outline;
  outline.draw(document, 0);
  return std::string(outline.text());
}

TEST(JsonOutline, HasBracketsInPlaceOfLongListsOfNumbers) {
  JsonOutline outline;
  const std::string document = R"({"a":)" + kNumbers + R"(,"b":[1,2],"c":[)" + kNumbers + "]}";
  outline.draw(document, 0);
  EXPECT_EQ(outline.text(), R"({"a":[],"b":[1,2],"c":[[]]})");
  ASSERT_EQ(outline.lists().size(), 2U);
  for (const JsonOutline::List& one : outline.lists()) {
    EXPECT_EQ(one.list, kNumbers);
    EXPECT_EQ(outline.text().substr(one.at, 2), "[]");
  }
}

TEST(JsonOutline, KeepsListsOfAnythingElse) {
  for (const std::string& document : std::vector<std::string>{
           R"(["a long text, in which [brackets stand], within a list",1,2,3,4,5,6,7,8,9])",
           R"([{"an object":1,"is":2,"no number":3},{"an object":1,"is":2,"no number":3}])",
           R"([1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,"text"])",
           R"(["\"[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]\\",[],"\\"])",
           "[1,2,3,4,5,6,7,8,9,10,11,12}]", "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,\xff]"}) {
    EXPECT_EQ(outline_of(document), document);
  }
}

TEST(JsonOutline, KeepsWhatIsCutOff) {
  const std::string document = R"({"a\"[":)" + kNumbers + R"(,"b":"[1,2)";
  for (size_t size = 0; size <= document.size(); ++size) {
    const std::string cut = document.substr(0, size);
    const size_t list = document.find(kNumbers);
    EXPECT_EQ(outline_of(cut), size < list + kNumbers.size()
                                   ? cut
                                   : R"({"a\"[":[])" + cut.substr(list + kNumbers.size()));
  }
}

TEST(JsonOutline, KnowsWhereInTheDocumentAByteIs) {
  JsonOutline outline;
  const std::string document = "{\"a\":" + kNumbers + ",\"b\":" + kNumbers + "}";
  outline.draw(document, 0);
  for (size_t at = 0; at < outline.text().size(); ++at) {
    EXPECT_EQ(document[outline.place_of(at)], outline.text()[at]) << at;
  }
  EXPECT_EQ(outline.place_of(outline.text().find('b')), document.find('b'));
  EXPECT_EQ(outline.place_of(outline.text().size()), document.size());
}

}  // namespace
}  // namespace ringmaker::wire
