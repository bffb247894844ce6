#include "codec/tensors/member_text.h"

#include <gtest/gtest.h>

namespace ringmaker::codec {
namespace {

class MemberTextTest : public testing::Test {
 protected:
  wire::JsonEvents events_;
  MemberText text_{events_};
};

TEST_F(MemberTextTest, AMemberIsWholeAfterItsLastPiece) {
  ASSERT_TRUE(text_.append(" \"na", 10));
  ASSERT_TRUE(text_.append("me\" ", 14));
  EXPECT_EQ(text_.text(), "\"name\"");
  EXPECT_EQ(text_.parse(false), DecodeErrorCode::kNone);
  EXPECT_EQ(text_.member().text(), "name");
}

TEST_F(MemberTextTest, TheContentOfAnArrayIsOne) {
  ASSERT_TRUE(text_.append("2, 3", 10));
  EXPECT_EQ(text_.parse(true), DecodeErrorCode::kNone);
  EXPECT_EQ(text_.member().numbers(), (std::vector<uint64_t>{2, 3}));
}

TEST_F(MemberTextTest, AnErrorHasItsPlaceInThePayload) {
  ASSERT_TRUE(text_.append("tru", 100));
  EXPECT_EQ(text_.parse(false), DecodeErrorCode::kJsonSyntax);
  EXPECT_GE(text_.error_byte(), 100U);
  EXPECT_LE(text_.error_byte(), 103U);
}

TEST_F(MemberTextTest, AMemberThatIsTooLongIsNotTaken) {
  EXPECT_TRUE(text_.append(std::string(MemberText::kBytesMax - 1, ' '), 0));
  EXPECT_FALSE(text_.append("x", 0));
  text_.clear();
  EXPECT_TRUE(text_.append("x", 0));
}

}  // namespace
}  // namespace ringmaker::codec
