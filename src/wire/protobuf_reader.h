// ProtobufReader: the fields of one protobuf message, as they lie on the wire.
//
// No schema: the caller knows which field means what. Once bytes cannot be read as a message, or a
// field not as what was asked for, every read gives nothing and failed() stays true.
// Source: Protocol Buffers, "Encoding"; read by protozero.
#pragma once

#include <protozero/pbf_reader.hpp>

#include <cstdint>
#include <string_view>

namespace ringmaker::wire {

class ProtobufReader {
 public:
  explicit ProtobufReader(std::string_view message) noexcept
      : reader_(message.data(), message.size()) {}

  /// Moves to the next field; false at the end, and after a failure.
  [[nodiscard]] bool next() noexcept {
    return guarded([this] { return !failed_ && reader_.next(); });
  }
  [[nodiscard]] uint32_t field() const noexcept { return reader_.tag(); }

  void skip() noexcept {
    guarded([this] {
      reader_.skip();
      return true;
    });
  }
  /// A string, bytes or message field; a view of the message.
  [[nodiscard]] std::string_view bytes() noexcept {
    std::string_view view;
    guarded([&] {
      expect(protozero::pbf_wire_type::length_delimited);
      const protozero::data_view found = reader_.get_view();
      view = {found.data(), found.size()};
      return true;
    });
    return view;
  }

  /// Repeated numbers, packed or one at a time; each(value) is told every one of those that stand
  /// behind each other.
  template <class Each>
  void floats(Each&& each) noexcept {
    repeated([this] { return reader_.get_packed_float(); }, [this] { return reader_.get_float(); },
             protozero::pbf_wire_type::fixed32, each);
  }
  template <class Each>
  void doubles(Each&& each) noexcept {
    repeated([this] { return reader_.get_packed_double(); },
             [this] { return reader_.get_double(); }, protozero::pbf_wire_type::fixed64, each);
  }
  template <class Each>
  void int32s(Each&& each) noexcept {
    repeated([this] { return reader_.get_packed_int32(); }, [this] { return reader_.get_int32(); },
             protozero::pbf_wire_type::varint, each);
  }
  template <class Each>
  void uint64s(Each&& each) noexcept {
    repeated([this] { return reader_.get_packed_uint64(); },
             [this] { return reader_.get_uint64(); }, protozero::pbf_wire_type::varint, each);
  }

  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  /// The library throws; nothing leaves this room that way.
  template <class Read>
  bool guarded(Read&& read) noexcept {
    try {
      return read();
    } catch (const protozero::exception&) {
      failed_ = true;
      return false;
    }
  }
  void expect(protozero::pbf_wire_type type) {
    if (reader_.wire_type() != type) {
      throw protozero::unknown_pbf_wire_type_exception();
    }
  }
  template <class Packed, class Single, class Each>
  void repeated(Packed&& packed, Single&& single, protozero::pbf_wire_type type,
                Each&& each) noexcept {
    guarded([&] {
      if (reader_.wire_type() == protozero::pbf_wire_type::length_delimited) {
        for (const auto value : packed()) {
          each(value);
        }
      } else {
        expect(type);
        each(single());
        // Old writers put a key in front of each number of a list: those that follow at once are
        // read here, too.
        const auto key = static_cast<uint8_t>(field() << 3U | static_cast<uint32_t>(type));
        while (field() < 16 && reader_.length() > 0 &&
               static_cast<uint8_t>(*reader_.data().data()) == key && reader_.next()) {
          each(single());
        }
      }
      return true;
    });
  }

  protozero::pbf_reader reader_;
  bool failed_ = false;
};

}  // namespace ringmaker::wire
