// The vector kernels on every instruction set that this machine has, not only on its best.
#pragma once

#include <cstddef>
#include <cstdint>
#include <hwy/targets.h>

namespace support {

/// Calls \p use once for each instruction set while kernels run on it; \returns how many there are.
template <class Use>
std::size_t on_each_instruction_set(const Use& use) {
    const std::int64_t all = hwy::SupportedTargets();
    std::size_t tried = 0;
    for (int bit = 0; bit < 63; ++bit) {
        const std::int64_t one = std::int64_t{1} << bit;
        if ((all & one) == 0) continue;
        hwy::SetSupportedTargetsForTest(one);
        hwy::GetChosenTarget().Update(one);
        ++tried;
        use();
    }
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    return tried;
}

}  // namespace support
