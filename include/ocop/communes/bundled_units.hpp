/// \file bundled_units.hpp
/// The units that come with the library.
#pragma once

#include "ocop/communes/gazetteer.hpp"
#include "ocop/config.hpp"

namespace ocop {

/// The units of the editions 2023-01 (63 provinces, 705 districts, 10,598 communes), 2025-03 (63, 696,
/// 10,035), 2025-07 and 2026-04 (34 and 3,321), with the successors of July 2025.
///
/// The tables are compiled in (from data/units/) and read once, on the first call, which threads may
/// make at the same time; afterwards the call costs nothing. The result lives as long as the program.
/// Sources and their status: data/units/README.md.
[[nodiscard]] OCOP_API const gazetteer& bundled_units();

}  // namespace ocop
