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
  const bool shed = static_cast<bool>(
      Descriptor(::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)));
  descriptor_ = open_reserve();
  return shed;
}

}  // namespace ringmaker::io
