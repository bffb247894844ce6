#include "http/websocket_reader.h"

#include "base/check.h"

#include <wslay/wslay.h>

#include <algorithm>
#include <new>

namespace ringmaker::http {
namespace {

constexpr std::string_view kTooLarge = "the message is larger than this server accepts";
constexpr std::string_view kNotUtf8 = "a text message is not UTF-8";

bool is_control(uint8_t opcode) noexcept { return (opcode & 8U) != 0; }

/// Codes that may stand in a close frame.
bool is_code(uint16_t code) noexcept {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
         (code >= 3000 && code <= 4999);
}

}  // namespace

void WebsocketReader::FreeContext::operator()(wslay_frame_context* context) const noexcept {
  ::wslay_frame_context_free(context);
}

WebsocketReader::WebsocketReader() = default;
WebsocketReader::~WebsocketReader() = default;

void WebsocketReader::open(uint64_t message_bytes_max) {
  // A context has no way back to its beginning.
  const wslay_frame_callbacks callbacks{nullptr, &WebsocketReader::receive, nullptr};
  wslay_frame_context* context = nullptr;
  if (::wslay_frame_context_init(&context, &callbacks, this) != 0) {
    throw std::bad_alloc();
  }
  context_.reset(context);
  input_ = {};
  message_bytes_max_ = message_bytes_max;
  frame_.reset();
  frame_ungiven_ = 0;
  frame_begun_ = false;
  in_message_ = false;
  ended_ = false;
}

/// The frame reader wants bytes. Zero means that there are none yet.
ssize_t WebsocketReader::receive(uint8_t* to, size_t size, int /*flags*/, void* self) noexcept {
  auto& reader = *static_cast<WebsocketReader*>(self);
  size_t given = 0;
  if (!reader.frame_.complete()) {
    // A head is shorter than the room that there is between two frames.
    given = reader.frame_.take(reader.input_.substr(0, size));
    std::copy_n(reader.input_.data(), given, to);
    reader.input_.remove_prefix(given);
    reader.frame_ungiven_ = reader.frame_.complete() ? reader.frame_.payload_bytes() : 0;
  }
  const auto more = static_cast<size_t>(
      std::min<uint64_t>({size - given, reader.input_.size(), reader.frame_ungiven_}));
  std::copy_n(reader.input_.data(), more, to + given);
  reader.input_.remove_prefix(more);
  reader.frame_ungiven_ -= more;
  return static_cast<ssize_t>(given + more);
}

WebsocketReader::Event WebsocketReader::fail(uint16_t code, std::string_view reason) noexcept {
  ended_ = true;
  in_message_ = false;
  input_ = {};
  return {.kind = Kind::kFailed, .code = code, .data = reason};
}

WebsocketReader::Event WebsocketReader::next() {
  RM_CHECK(context_ != nullptr);
  while (!ended_) {
    wslay_frame_iocb frame{};
    const ssize_t size = ::wslay_frame_recv(context_.get(), &frame);
    if (size < 0 && size != WSLAY_ERR_WANT_READ) {
      return fail(websocket_code::kProtocolError, "a frame's length or kind is wrong");
    }
    if (!frame_begun_ && frame_.complete()) {
      if (const char* const mistake = begin_frame()) {
        return fail(websocket_code::kProtocolError, mistake);
      }
      if (message_bytes_ > message_bytes_max_) {
        return fail(websocket_code::kTooLarge, kTooLarge);
      }
    }
    if (size == WSLAY_ERR_WANT_READ) {
      return {};
    }
    const std::string_view piece(reinterpret_cast<const char*>(frame.data), frame.data_length);
    frame_left_ -= piece.size();
    if (frame_left_ == 0) {
      frame_.reset();
      frame_begun_ = false;
    }
    if (!is_control(frame.opcode)) {
      return data_of(frame, piece);
    }
    std::copy(piece.begin(), piece.end(), control_.begin() + control_size_);
    control_size_ += piece.size();
    if (!frame_begun_) {
      return control_of(frame);
    }
  }
  input_ = {};
  return {};
}

/// What is wrong with its coming here, if anything.
const char* WebsocketReader::begin_frame() noexcept {
  if (frame_.reserved_bits() != 0) {
    return "a reserved bit is set though no extension was agreed upon";
  }
  if (!frame_.masked()) {
    return "a frame of a client is not masked";
  }
  frame_begun_ = true;
  frame_left_ = frame_.payload_bytes();
  switch (frame_.opcode()) {
    case WSLAY_TEXT_FRAME:
    case WSLAY_BINARY_FRAME:
      if (in_message_) {
        return "a message begins before the last frame of the one before it";
      }
      first_ = true;
      text_ = frame_.opcode() == WSLAY_TEXT_FRAME;
      utf8_.reset();
      message_bytes_ = frame_left_;
      return nullptr;
    case WSLAY_CONTINUATION_FRAME:
      if (!in_message_) {
        return "a frame goes on with a message that has not begun";
      }
      // Does not overflow: what came before is within the limit, and this below 2^63.
      message_bytes_ += frame_left_;
      return nullptr;
    case WSLAY_CONNECTION_CLOSE:
    case WSLAY_PING:
    case WSLAY_PONG:
      control_size_ = 0;
      return nullptr;
    default:
      return "a frame has a reserved opcode";
  }
}

WebsocketReader::Event WebsocketReader::data_of(const wslay_frame_iocb& frame,
                                                std::string_view piece) noexcept {
  Event event{.kind = Kind::kData,
              .text = text_,
              .first = first_,
              .last = frame.fin != 0 && !frame_begun_,
              .data = piece};
  first_ = false;
  if (text_ && (!utf8_.take(piece) || (event.last && !utf8_.whole()))) {
    return fail(websocket_code::kNotText, kNotUtf8);
  }
  in_message_ = !event.last;
  return event;
}

WebsocketReader::Event WebsocketReader::control_of(const wslay_frame_iocb& frame) noexcept {
  const std::string_view payload(control_.data(), control_size_);
  switch (frame.opcode) {
    case WSLAY_PING:
      return {.kind = Kind::kPing, .data = payload};
    case WSLAY_PONG:
      return {.kind = Kind::kPong, .data = payload};
    default:
      return close_of(payload);
  }
}

WebsocketReader::Event WebsocketReader::close_of(std::string_view payload) noexcept {
  Event event{.kind = Kind::kClose, .code = websocket_code::kNone, .data = {}};
  if (!payload.empty()) {
    if (payload.size() < 2) {
      return fail(websocket_code::kProtocolError, "a close frame holds half a code");
    }
    event.code = static_cast<uint16_t>(static_cast<uint8_t>(payload[0]) << 8U |
                                       static_cast<uint8_t>(payload[1]));
    event.data = payload.substr(2);
    if (!is_code(event.code)) {
      return fail(websocket_code::kProtocolError, "a close frame's code is none");
    }
    utf8_.reset();
    if (!utf8_.take(event.data) || !utf8_.whole()) {
      return fail(websocket_code::kNotText, "the reason in a close frame is not UTF-8");
    }
  }
  ended_ = true;
  in_message_ = false;
  return event;
}

}  // namespace ringmaker::http
