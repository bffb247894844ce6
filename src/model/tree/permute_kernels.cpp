#include "model/tree/permute_kernels.h"

namespace ringmaker::model {
#if defined(__x86_64__)
namespace permute_avx512 {
extern const PermuteKernels kKernels;
}
#endif

const PermuteKernels* permute_kernels(base::InstructionSet set) noexcept {
#if defined(__x86_64__)
  if (set == base::InstructionSet::kAvx512 && base::has_byte_permutes()) {
    return &permute_avx512::kKernels;
  }
#endif
  static_cast<void>(set);
  return nullptr;
}

}  // namespace ringmaker::model
