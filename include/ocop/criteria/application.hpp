/// \file application.hpp
/// Kinds of application (loại hồ sơ).
#pragma once

#include "ocop/base/names.hpp"

namespace ocop {

/// What a producer applies for: a first evaluation, a higher star, or re-evaluation at expiry
/// (26/2026/QĐ-TTg form 01 has a box for each).
enum class application { first, upgrade, renewal };

template <>
struct names<application> {
    static constexpr std::array<std::string_view, 3> all{"first", "upgrade", "renewal"};
};
template <>
struct terms<application> {
    static constexpr std::array<term, 3> all{{{"đánh giá lần đầu", "first evaluation"},
                                              {"nâng hạng", "upgrade"},
                                              {"đánh giá lại", "renewal"}}};
};

}  // namespace ocop
