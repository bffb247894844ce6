// refuse_uring ERRNO CALL -- COMMAND...: runs COMMAND with one io_uring system call refused, the
// way container profiles do it. ERRNO: EPERM, ENOSYS, EINVAL, ENOMEM or EMFILE; CALL: setup, enter,
// register, or large_setup, which is setup of more than 128 entries. A seccomp filter of this
// process and its children; nothing else on the machine notices.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string_view>

namespace {

std::optional<unsigned> error_number(std::string_view name) {
  if (name == "EPERM") return EPERM;
  if (name == "ENOSYS") return ENOSYS;
  if (name == "EINVAL") return EINVAL;
  if (name == "ENOMEM") return ENOMEM;
  if (name == "EMFILE") return EMFILE;
  return std::nullopt;
}

std::optional<unsigned> call_number(std::string_view name) {
  if (name == "setup" || name == "large_setup") return __NR_io_uring_setup;
  if (name == "enter") return __NR_io_uring_enter;
  if (name == "register") return __NR_io_uring_register;
  return std::nullopt;
}

}  // namespace

int main(int argc, char** argv) {
  const auto error = argc > 4 ? error_number(argv[1]) : std::nullopt;
  const auto call = argc > 4 ? call_number(argv[2]) : std::nullopt;
  if (!error || !call || std::string_view(argv[3]) != "--") {
    std::fprintf(stderr,
                 "usage: refuse_uring ERRNO setup|large_setup|enter|register -- COMMAND...\n");
    return 2;
  }
  // The first argument of setup is the number of entries; its low half comes first in memory.
  const unsigned entries_allowed = std::string_view(argv[2]) == "large_setup" ? 128 : 0;
  const uint8_t look_at_entries = entries_allowed > 0 ? 0 : 2;
  std::array<sock_filter, 6> filter{{
      {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
      {BPF_JMP | BPF_JEQ | BPF_K, look_at_entries, 3, *call},
      {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, args)},
      {BPF_JMP | BPF_JGT | BPF_K, 0, 1, entries_allowed},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | *error},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
  }};
  const sock_fprog program{filter.size(), filter.data()};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
    std::perror("refuse_uring: seccomp");
    return 3;
  }
  ::execvp(argv[4], argv + 4);
  std::perror(argv[4]);
  return 127;
}
