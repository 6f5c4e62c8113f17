/// \file level.hpp
/// The levels at which a council (hội đồng) sits.
#pragma once

#include "ocop/base/names.hpp"

namespace ocop {

/// Level of a council: district "cấp huyện", province "cấp tỉnh", centre "cấp trung ương".
enum class council_level { district, province, centre };

template <>
struct names<council_level> {
    static constexpr std::array<std::string_view, 3> all{"district", "province", "centre"};
};
template <>
struct terms<council_level> {
    static constexpr std::array<term, 3> all{
        {{"cấp huyện", "district"}, {"cấp tỉnh", "province"}, {"cấp trung ương", "centre"}}};
};

}  // namespace ocop
