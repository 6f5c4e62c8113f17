/// \file producer_kind.hpp
/// Kinds of producer (chủ thể) of all three regulations.
#pragma once

#include "ocop/base/names.hpp"

namespace ocop {

/// The legal form of a producer. Which of them may take part differs by regulation.
enum class producer_kind {
    cooperative,          ///< hợp tác xã
    cooperative_group,    ///< tổ hợp tác
    single_member_llc,    ///< công ty TNHH một thành viên
    multi_member_llc,     ///< công ty TNHH hai thành viên trở lên
    joint_stock_company,  ///< công ty cổ phần
    private_enterprise,   ///< doanh nghiệp tư nhân
    enterprise,           ///< an enterprise whose form is not known further
    farm,                 ///< trang trại
    business_household,   ///< hộ kinh doanh
    producing_household,  ///< hộ sản xuất
    establishment,        ///< cơ sở sản xuất
    association,          ///< hội, hiệp hội
    operating_centre      ///< trung tâm điều hành
};

template <>
struct names<producer_kind> {
    static constexpr std::array<std::string_view, 13> all{
        "cooperative",         "cooperative_group",   "single_member_llc", "multi_member_llc",
        "joint_stock_company", "private_enterprise",  "enterprise",        "farm",
        "business_household",  "producing_household", "establishment",     "association",
        "operating_centre"};
};
template <>
struct terms<producer_kind> {
    static constexpr std::array<term, 13> all{
        {{"hợp tác xã", "cooperative"},
         {"tổ hợp tác", "cooperative group"},
         {"công ty TNHH một thành viên", "single-member LLC"},
         {"công ty TNHH hai thành viên trở lên", "multi-member LLC"},
         {"công ty cổ phần", "joint-stock company"},
         {"doanh nghiệp tư nhân", "private enterprise"},
         {"doanh nghiệp", "enterprise"},
         {"trang trại", "farm"},
         {"hộ kinh doanh", "business household"},
         {"hộ sản xuất", "producing household"},
         {"cơ sở sản xuất", "establishment"},
         {"hội, hiệp hội", "association"},
         {"trung tâm điều hành", "operating centre"}}};
};

}  // namespace ocop
