// JsonSplitter: cuts a JSON payload, as it arrives, into parts small enough to parse one by one.
//
// It knows brackets, strings, commas and the outermost level, and nothing else: a payload is an
// array, or an object whose members are arrays or something else. Arrays at that level are cut at
// their commas. Everything between two cuts goes to the real parser, byte for byte; keys are read
// here. The objects of one array, where the caller wants that, are cut as the payload is.
//
//   [ e , e ]                      begin_array  element  element  end_array
//   {"k": [ e , e ], "l": v }      begin_array(k)  element  element  end_array  value(l)
//   {"k": [{"l": v}, {}]}          begin_array(k), descend()  begin_object  value(l)  end_object
//                                  begin_object  end_object  end_array
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ringmaker::codec {

class JsonSplitter {
 public:
  /// Of arrays and objects, counted over the whole payload.
  static constexpr size_t kDepthMax = 64;
  static constexpr size_t kKeyBytesMax = 1024;

  enum class Token : uint8_t {
    kNeedMore,    // all of the piece was taken
    kBeginArray,  // key() says of which member; "" for the payload itself
    kElement,     // the content ends here
    kEndArray,
    kValue,        // the content of a member that is no array ends here
    kBeginObject,  // of an array that the caller descends into, as the next one
    kEndObject,
    kSyntaxError,
    kDepthError,
    kNotAContainer,  // the payload, or what is descended into, is a string or number or the like
  };

  /// A token and the part of the piece, before it, that is content of an element or value.
  struct Step {
    Token token = Token::kNeedMore;
    std::string_view content;
  };

  void reset() noexcept;

  /// Goes on in `piece` at `at`, which it moves to behind what was taken. For errors `at` is the
  /// offending byte.
  Step next(std::string_view piece, size_t& at);

  /// To be called after kBeginArray: an array whose first element is no array and no object is one
  /// element itself.
  void keep_flat_array_whole() noexcept { whole_if_flat_ = true; }
  /// The same, but an array whose first element is a text is cut as ever: commas may be text.
  void keep_array_of_numbers_whole() noexcept {
    whole_if_flat_ = true;
    cut_if_texts_ = true;
  }
  /// The same: the array's elements are objects whose members are to be told. Not inside of one.
  void descend() noexcept { state_ = State::kFirstObject; }
  /// The element just told is the whole array.
  [[nodiscard]] bool is_whole_array() const noexcept { return whole_; }

  /// The member's key.
  [[nodiscard]] const std::string& key() const noexcept { return plain_key_ ? key_ : read_key_; }
  /// The same as it stands in the payload, escapes and all.
  [[nodiscard]] const std::string& written_key() const noexcept { return key_; }
  /// The payload is an object, and what is told are its members.
  [[nodiscard]] bool in_object() const noexcept { return in_object_; }
  /// What is told are members of an object that was descended into.
  [[nodiscard]] bool descended() const noexcept { return descended_; }
  [[nodiscard]] bool in_element() const noexcept { return state_ == State::kElement; }
  [[nodiscard]] bool at_start() const noexcept { return state_ == State::kStart; }
  [[nodiscard]] bool complete() const noexcept { return state_ == State::kEnd; }

 private:
  enum class State : uint8_t {
    kStart,
    kFirstKey,  // a key or the end of the object
    kNextKey,
    kKey,
    kColon,
    kMember,
    kArrayStart,
    kElement,
    kArrayClose,
    kValue,
    kAfterMember,
    kFirstObject,  // an object or the end of the array
    kNextObject,
    kAfterObject,
    kEnd,
  };

  [[nodiscard]] Step outer_step(char c, size_t& at);
  [[nodiscard]] Step start_step(char c, size_t& at);
  [[nodiscard]] Step member_step(char c);
  [[nodiscard]] Step key_step(char c);
  [[nodiscard]] bool read_key();
  [[nodiscard]] Step object_step(char c);
  [[nodiscard]] Step close_object();
  [[nodiscard]] Step content_step(std::string_view piece, size_t& at);
  [[nodiscard]] Token boundary(char c, size_t& at);
  void begin_content(State state) noexcept;
  [[nodiscard]] size_t outer_depth() const noexcept { return descended_ ? 4 : in_object_ ? 2 : 1; }

  State state_ = State::kStart;
  std::string key_;        // as written
  std::string read_key_;   // its text, where that differs or had to be looked at
  bool plain_key_ = true;  // it is its text
  size_t depth_ = 0;       // inside the content
  uint8_t mark_bytes_ = 0;
  bool in_object_ = false;
  bool descended_ = false;
  bool quoted_ = false;
  bool escaped_ = false;
  bool blank_ = true;  // nothing but white space in the content
  bool whole_if_flat_ = false;
  bool cut_if_texts_ = false;
  bool whole_ = false;
};

}  // namespace ringmaker::codec
