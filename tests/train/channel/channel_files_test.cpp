#include "train/channel/channel_files.h"

#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

namespace ringmaker::train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ListFiles, FindsDataAtAnyDepthInTheOrderOfPaths) {
  const test::TemporaryDirectory directory;
  for (const char* name : {"b.csv", "a/2.csv", "a/1.csv", "a/b/c/d/deep.csv", "_SUCCESS", ".crc",
                           "_temporary/0.csv", ".git/x.csv", "train-manifest"}) {
    directory.write(name, "1,2\n");
  }
  directory.write("empty.csv", "");
  const auto files = list_files(directory.path(), "train", "the train channel");
  ASSERT_TRUE(files) << files.error().message();
  std::vector<std::string> names;
  for (const DataFile& file : *files) {
    names.push_back(file.name);
    EXPECT_EQ(file.bytes, 4U);
  }
  EXPECT_THAT(names, ElementsAre("train/a/1.csv", "train/a/2.csv", "train/a/b/c/d/deep.csv",
                                 "train/b.csv"));
}

TEST(ListFiles, NamesAreThoseOfThePathAsItIsShown) {
  const test::TemporaryDirectory directory;
  directory.write("d/a.csv", "1,2\n");
  const auto name = [&](const std::string& path, std::string_view shown) {
    return list_files(directory.path(path), shown, "--data")->front().name;
  };
  EXPECT_EQ(name("d", "x/d"), "x/d/a.csv");
  EXPECT_EQ(name("d", "x/d//"), "x/d/a.csv");
  EXPECT_EQ(name("d/a.csv", "x/d/a.csv"), "x/d/a.csv");
}

TEST(ListFiles, WhatHoldsNoDataIsAnError) {
  const test::TemporaryDirectory directory;
  EXPECT_THAT(list_files(directory.path("none"), "train", "the train channel").error().message(),
              HasSubstr("the train channel has no data"));
  EXPECT_EQ(list_files("/none.csv", "train", "--data").error().message(),
            "--data has no data: /none.csv does not exist");
  directory.write("_SUCCESS", "");
  EXPECT_THAT(list_files(directory.path(), "train", "the train channel").error().message(),
              HasSubstr("the train channel is empty"));
  ASSERT_EQ(::mkfifo(directory.path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(list_files(directory.path(), "train", "the train channel").error().message(),
            "train/pipe is neither a regular file nor a directory");
}

TEST(ListFiles, APathThatIsNoDirectoryIsARegularFileWithData) {
  const test::TemporaryDirectory directory;
  const auto error = [](const std::string& path) {
    return list_files(path, "train", "the train channel").error().message();
  };
  ASSERT_EQ(::mkfifo(directory.path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(error(directory.path("pipe")),
            directory.path("pipe") + " is a pipe; a regular file is needed");
  EXPECT_EQ(error("/dev/null"), "/dev/null is neither a regular file nor a directory");
  directory.write("empty", "");
  EXPECT_EQ(error(directory.path("empty")), "train has no rows of data");
}

TEST(ListFiles, ALinkToADirectoryAboveItIsNamed) {
  for (const char* target : {".", "..", "../.."}) {
    const test::TemporaryDirectory directory;
    directory.write("train/a/b.csv", "1,2\n");
    std::filesystem::create_directory_symlink(target, directory.path("train/a/loop"));
    EXPECT_THAT(list_files(directory.path("train"), "train", "the train channel").error().message(),
                HasSubstr("train/a/loop is a link to "))
        << target;
  }
}

TEST(ListFiles, LinksThatLeadToEachOtherAreALoop) {
  const test::TemporaryDirectory directory;
  directory.write("train/a.csv", "1,2\n");
  directory.write("one/b.csv", "1,2\n");
  directory.write("two/c.csv", "1,2\n");
  std::filesystem::create_directory_symlink("../one", directory.path("train/one"));
  EXPECT_EQ(list_files(directory.path("train"), "train", "the train channel")->size(), 2U)
      << "a link is followed";
  std::filesystem::create_directory_symlink("../two", directory.path("one/two"));
  EXPECT_EQ(list_files(directory.path("train"), "train", "the train channel")->size(), 3U);
  std::filesystem::create_directory_symlink("../one", directory.path("two/one"));
  EXPECT_THAT(list_files(directory.path("train"), "train", "the train channel").error().message(),
              HasSubstr("train/one/two/one is a link to " + directory.path("one")));
}

TEST(CheckChannel, WhatCannotBeReadIsToldWithWhatCan) {
  struct Case {
    config::InputChannel channel;
    std::string error;
  };
  const std::vector<Case> cases{
      {{"train", "File", "", "FullyReplicated", "None"}, ""},
      {{"train", "FastFile", "text/csv; label_size=1", "FullyReplicated", "None"}, ""},
      {{"train", "File", "CSV;charset=utf-8", "FullyReplicated", "None"}, ""},
      {{"train", "Pipe", "", "FullyReplicated", "None"}, "use File or FastFile"},
      {{"train", "Ftp", "", "FullyReplicated", "None"}, "TrainingInputMode is \"Ftp\""},
      {{"train", "File", "text/csv;label_size=0", "FullyReplicated", "None"}, "use label_size=1"},
      {{"train", "File", "text/csv", "FullyReplicated", "RecordIO"}, "RecordWrapperType None"},
      {{"train", "File", "text/libsvm", "FullyReplicated", "None"}, "convert the data to CSV"},
      {{"train", "File", "application/x-recordio-protobuf", "FullyReplicated", "None"},
       "holds application/x-recordio-protobuf"},
      {{"train", "File", "application/x-parquet", "FullyReplicated", "None"},
       "holds application/x-parquet"},
  };
  for (const Case& c : cases) {
    const auto checked = check_channel(c.channel);
    EXPECT_EQ(checked.has_value(), c.error.empty()) << c.channel.content_type;
    if (!checked) {
      EXPECT_THAT(checked.error().message(), HasSubstr(c.error));
    }
  }
}

}  // namespace
}  // namespace ringmaker::train
