/// \file bundled.hpp
/// The three regulations that come with the library.
#pragma once

#include "ocop/config.hpp"
#include "ocop/criteria/timeline.hpp"

namespace ocop {

/// The regulations `1048-2019`, `148-2023` and `26-2026`, 26 scorecards each, in the order of time.
///
/// The texts are compiled in (from data/regulations/) and read once, on the first call, which
/// threads may make at the same time; afterwards the call costs nothing. The result lives as long
/// as the program. Source: 1048/QĐ-TTg, 148/QĐ-TTg, 26/2026/QĐ-TTg, with the status of each value.
[[nodiscard]] OCOP_API const timeline& bundled_regulations();

}  // namespace ocop
