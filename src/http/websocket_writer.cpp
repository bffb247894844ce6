#include "http/websocket_writer.h"

#include "base/check.h"
#include "http/websocket_code.h"

#include <wslay/wslay.h>

#include <new>

namespace ringmaker::http {

void WebsocketWriter::FreeContext::operator()(wslay_frame_context* context) const noexcept {
  ::wslay_frame_context_free(context);
}

WebsocketWriter::WebsocketWriter() {
  const wslay_frame_callbacks callbacks{&WebsocketWriter::send, nullptr, nullptr};
  wslay_frame_context* context = nullptr;
  if (::wslay_frame_context_init(&context, &callbacks, this) != 0) {
    throw std::bad_alloc();
  }
  context_.reset(context);
}

ssize_t WebsocketWriter::send(const uint8_t* bytes, size_t size, int /*flags*/, void* self) {
  static_cast<WebsocketWriter*>(self)->out_->append(reinterpret_cast<const char*>(bytes), size);
  return static_cast<ssize_t>(size);
}

void WebsocketWriter::append(std::string& out, WebsocketOpcode opcode, std::string_view payload,
                             bool last) {
  out_ = &out;
  wslay_frame_iocb frame{};
  frame.fin = last ? 1 : 0;
  frame.opcode = static_cast<uint8_t>(opcode);
  frame.payload_length = payload.size();
  frame.data = reinterpret_cast<const uint8_t*>(payload.data());
  frame.data_length = payload.size();
  // A string takes all that it is given, so that a frame is sent in one call.
  const ssize_t sent = ::wslay_frame_send(context_.get(), &frame);
  RM_CHECK(sent == static_cast<ssize_t>(payload.size()));
}

void WebsocketWriter::append_close(std::string& out, uint16_t code, std::string_view reason) {
  constexpr size_t kReasonMax = 123;
  if (code == websocket_code::kNone) {
    append(out, WebsocketOpcode::kClose, {});
    return;
  }
  std::string payload{static_cast<char>(code >> 8U), static_cast<char>(code & 0xFFU)};
  payload += reason.substr(0, kReasonMax);
  append(out, WebsocketOpcode::kClose, payload);
}

}  // namespace ringmaker::http
