/// \file fast_robustness.hpp
/// The kernel of the compiled library for simulations: the widest vectors of the processor that
/// runs it, chosen at run time, the same bits as portable_step_kernel().
#pragma once

#include "ocop/config.hpp"
#include "ocop/ranking/simulation.hpp"

namespace ocop {

/// As portable_step_kernel(), many replications at a time. Plans whose members are drawn again, or
/// without steps, or of very many different points or thresholds, go to portable_step_kernel().
OCOP_API void fast_step_kernel(const detail::step_plan& plan, std::uint32_t first,
                               std::span<replicate> out);

/// The instruction set that fast_step_kernel() runs on here: "AVX3", "SSE4", "NEON", …
[[nodiscard]] OCOP_API const char* fast_step_kernel_target();

}  // namespace ocop
