// Zipped: ZIP archives put together by hand, in every way that writers have.
#pragma once

#include "tests/support/coded.h"
#include "wire/inflater.h"
#include "wire/little_endian.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::test {

struct ZipMember {
  std::string name;
  std::string content;
  bool deflated = false;
  bool descriptor = false;      // sizes stand behind the content
  bool descriptor_mark = true;  // which has its mark
  bool wide = false;            // sizes of 64 bits
  uint32_t crc_change = 0;      // of what is said
  uint64_t size_change = 0;
  uint16_t flags = 0;
  uint16_t method_change = 0;
};

template <class T>
void append_little_endian(std::string& out, T value) {
  char bytes[sizeof(T)];
  wire::store_little_endian(bytes, value);
  out.append(bytes, sizeof bytes);
}

/// `wide_end`: the directory's end has its form of 64 bits too.
inline std::string zipped(const std::vector<ZipMember>& members, bool wide_end = false,
                          std::string_view comment = "") {
  std::string archive;
  std::string directory;
  for (const ZipMember& member : members) {
    const std::string coded = member.deflated ? bare_deflate(member.content) : member.content;
    const uint32_t crc = wire::crc32(0, member.content) + member.crc_change;
    const uint64_t size = member.content.size() + member.size_change;
    const auto sizes = [&](std::string& out, bool known, bool elsewhere) {
      append_little_endian<uint32_t>(out, known ? crc : 0);
      append_little_endian<uint32_t>(out, elsewhere ? UINT32_MAX
                                          : known   ? static_cast<uint32_t>(coded.size())
                                                    : 0);
      append_little_endian<uint32_t>(out, elsewhere ? UINT32_MAX
                                          : known   ? static_cast<uint32_t>(size)
                                                    : 0);
    };
    const auto head = [&](std::string& out, bool known) {
      append_little_endian<uint16_t>(out, member.wide ? 45 : 20);
      append_little_endian<uint16_t>(out, member.flags | (member.descriptor ? 8 : 0));
      append_little_endian<uint16_t>(out, (member.deflated ? 8 : 0) + member.method_change);
      append_little_endian<uint32_t>(out, 0);  // time
      sizes(out, known, member.wide && &out == &archive);
      append_little_endian<uint16_t>(out, static_cast<uint16_t>(member.name.size()));
    };
    const auto begun = static_cast<uint32_t>(archive.size());
    archive += "PK\x03\x04";
    head(archive, !member.descriptor);
    append_little_endian<uint16_t>(archive, member.wide ? 4 + 5 + 20 : 0);
    archive += member.name;
    if (member.wide) {
      // Another extra field stands before the one of sizes.
      archive.append("\x55\x54\x05\x00", 4).append(5, 'x');
      append_little_endian<uint16_t>(archive, 1);
      append_little_endian<uint16_t>(archive, 16);
      append_little_endian<uint64_t>(archive, member.descriptor ? 0 : size);
      append_little_endian<uint64_t>(archive, member.descriptor ? 0 : coded.size());
    }
    archive += coded;
    if (member.descriptor) {
      archive += member.descriptor_mark ? "PK\x07\x08" : "";
      append_little_endian(archive, crc);
      if (member.wide) {
        append_little_endian<uint64_t>(archive, coded.size());
        append_little_endian<uint64_t>(archive, size);
      } else {
        append_little_endian(archive, static_cast<uint32_t>(coded.size()));
        append_little_endian(archive, static_cast<uint32_t>(size));
      }
    }
    directory += "PK\x01\x02";
    append_little_endian<uint16_t>(directory, 20);
    head(directory, true);
    append_little_endian<uint16_t>(directory, 0);  // extra
    append_little_endian<uint16_t>(directory, 0);  // comment
    directory.append(8, '\0');
    append_little_endian(directory, begun);
    directory += member.name;
  }
  const auto directory_at = static_cast<uint32_t>(archive.size());
  archive += directory;
  if (wide_end) {
    archive += "PK\x06\x06";
    append_little_endian<uint64_t>(archive, 44);
    archive.append(44, '\0');
    archive += "PK\x06\x07";
    archive.append(16, '\0');
  }
  archive += "PK\x05\x06";
  archive.append(4, '\0');
  append_little_endian(archive, static_cast<uint16_t>(members.size()));
  append_little_endian(archive, static_cast<uint16_t>(members.size()));
  append_little_endian(archive, static_cast<uint32_t>(directory.size()));
  append_little_endian(archive, directory_at);
  append_little_endian(archive, static_cast<uint16_t>(comment.size()));
  return archive.append(comment);
}

}  // namespace ringmaker::test
