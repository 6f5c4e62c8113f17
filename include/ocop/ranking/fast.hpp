/// \file fast.hpp
/// The kernel of the compiled library for assess_batch(): the widest vectors of the processor that
/// runs it, chosen at run time, the same verdicts as portable_kernel().
#pragma once

#include "ocop/config.hpp"
#include "ocop/ranking/batch.hpp"

namespace ocop {

/// As portable_kernel(), many products at a time. Batches that its bytes cannot hold (more than 15
/// members, sums above 255 at one criterion, readings other than the mean) are decided by
/// portable_kernel().
OCOP_API void fast_kernel(std::span<const batch_job> jobs, const sheet_batch& batch,
                          std::size_t first, std::size_t last);

/// The instruction set that fast_kernel() runs on here: "AVX3", "SSE4", "NEON", …
[[nodiscard]] OCOP_API const char* fast_kernel_target();

}  // namespace ocop
