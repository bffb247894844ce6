#include "io/reserve_descriptor.h"

#include <fcntl.h>
#include <sys/socket.h>

namespace ringmaker::io {
namespace {

Descriptor open_reserve() noexcept { return Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

}  // namespace

ReserveDescriptor::ReserveDescriptor() : descriptor_(open_reserve()) {}

bool ReserveDescriptor::shed_one(int listener) noexcept {
  descriptor_.reset();
  // io_uring's listener is a blocking one, and descriptors also run out while nobody waits at it.
  const int flags = ::fcntl(listener, F_GETFL);
  ::fcntl(listener, F_SETFL, flags | O_NONBLOCK);
  const bool shed = static_cast<bool>(
      Descriptor(::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)));
  ::fcntl(listener, F_SETFL, flags);
  descriptor_ = open_reserve();
  return shed;
}

}  // namespace ringmaker::io
