#include "train/reader/file_format.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace ringmaker::train {
namespace {

TEST(FileFormat, FilesThatAreNoCsvAreKnownByTheirFirstBytes) {
  using std::string_view_literals::operator""sv;
  const std::string tar = "model.bin" + std::string(248, '\0') + "ustar";
  for (const auto& [start, format] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"\x0a\x23\xd7\xce\x10\0\0\0"sv, "recordio-protobuf"},
           {"\x93NUMPY\1\0"sv, "an npy array of NumPy"},
           {"\x80\4\x95\0"sv, "a pickle of Python"},
           {"PK\x03\x04\x14"sv, "a zip archive, as .npz and .xlsx are"},
           {"\x1f\x8b\x08"sv, "gzip within gzip"},
           {"BZh91AY&SY"sv, "bzip2"},
           {"PAR1\x15\x04"sv, "Parquet"},
           {tar, "a tar archive"},
           {"{\"a\": 1}\n"sv, "JSON"},
           {"\n[[1, 2], [3, 4]]"sv, "JSON"},
           {"\xEF\xBB\xBF[ {\"a\": 1}]"sv, "JSON"},
           {"<!DOCTYPE html>"sv, "HTML or XML"},
           {"<?xml version=\"1.0\"?><Error>"sv, "HTML or XML"}}) {
    EXPECT_EQ(foreign_format(start), format) << start;
  }
}

TEST(FileFormat, TextsThatBeginLikeThemAreCsv) {
  for (const std::string_view start :
       {"", "1,2\n", "\n\n", "\n#", "[id],[name]\n", "[", "{", "{x},y", "<5,6", "PK,1", "BZh,2",
        "Object,1", "\"{\"\"a\"\":1}\",2"}) {
    EXPECT_EQ(foreign_format(start), "") << start;
  }
}

}  // namespace
}  // namespace ringmaker::train
