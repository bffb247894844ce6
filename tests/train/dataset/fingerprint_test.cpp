#include "train/dataset/fingerprint.h"

#include "tests/train/reader/table_files.h"
#include "train/dataset/build_dataset.h"

#include <gtest/gtest.h>

namespace ringmaker::train {
namespace {

std::string fingerprint_of(const TableFiles& files, const ReadOptions& read = {}) {
  return fingerprint(*build_training_set(*files.read({}, read), data::Task::kRegression));
}

TEST(Fingerprint, IsOfTheDataAndNotOfItsSpelling) {
  const std::string expected = fingerprint_of(TableFiles().add("a.csv", "y,a\n1.5,2\n3,4.50\n"));
  EXPECT_EQ(expected.size(), 21U);
  EXPECT_EQ(fingerprint_of(TableFiles().add("a.csv", "y;a\r\n1.50;\"2\"\r\n3;4.5")), expected);
  EXPECT_EQ(fingerprint_of(TableFiles().add("a.csv", "y,a\n1.5,2\n").add("b.csv", "3,4.5\n")),
            expected);
  EXPECT_EQ(fingerprint_of(TableFiles().add("a.csv", "y,a\n1.5,2\n3,4.5\n"),
                           {.threads = 3, .block_bytes = 4}),
            expected);
}

TEST(Fingerprint, EveryDifferenceShows) {
  const std::string base = fingerprint_of(TableFiles().add("a.csv", "y,a\n1.5,2\n3,4\n"));
  for (const char* text : {"y,a\n3,4\n1.5,2\n", "y,b\n1.5,2\n3,4\n", "y,a\n1.5,2\n3,5\n",
                           "y,a\n1.5,2\n4,4\n", "y,a\n1.5,2\n3,\n", "y,a\n1.5,2\n3,4\n3,4\n"}) {
    EXPECT_NE(fingerprint_of(TableFiles().add("a.csv", text)), base) << text;
  }
}

}  // namespace
}  // namespace ringmaker::train
