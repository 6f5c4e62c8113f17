/// \file status.hpp
/// How well a fact is known; every bundled value carries one.
#pragma once

#include "ocop/base/names.hpp"

namespace ocop {

/// How a value came to be known.
enum class status {
    verified,   ///< read in a copy of the decision
    secondary,  ///< a summary, a news item or another system says so
    inferred,   ///< repaired or filled in, with the reason beside it
    conflict    ///< the source's own sums disagree; kept as printed
};

template <>
struct names<status> {
    static constexpr std::array<std::string_view, 4> all{"verified", "secondary", "inferred",
                                                         "conflict"};
};
template <>
struct terms<status> {
    static constexpr std::array<term, 4> all{{{"đã kiểm chứng", "verified"},
                                              {"nguồn thứ cấp", "secondary"},
                                              {"suy luận", "inferred"},
                                              {"nguồn mâu thuẫn", "conflict"}}};
};

}  // namespace ocop
