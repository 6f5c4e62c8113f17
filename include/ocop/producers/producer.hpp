/// \file producer.hpp
/// Producers (chủ thể) and what a score may ask of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ocop/base/date.hpp"
#include "ocop/base/id.hpp"
#include "ocop/base/names.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/base/share.hpp"
#include "ocop/communes/unit.hpp"
#include "ocop/producers/producer_kind.hpp"

namespace ocop {

/// Facts about the legal representative (người đại diện theo pháp luật) that score, as declared
/// (26/2026/QĐ-TTg form 02 records gender and ethnicity). Nothing: not declared, which is not "no".
/// No name is kept.
struct legal_representative {
    std::optional<bool> woman;
    std::optional<bool> ethnic_minority;
    std::optional<bool> disability;

    friend bool operator==(const legal_representative&, const legal_representative&) = default;
};

/// A producer. What is not known is nothing, never a default.
struct producer {
    std::string name;
    std::optional<producer_kind> kind;
    std::optional<unit_ref> seat;  ///< where it is registered; the smallest unit known
    legal_representative representative = {};
    std::optional<bool> youth_led = {};  ///< led by young people (thanh niên làm chủ), as declared
    std::optional<std::uint32_t> members =
        {};  ///< of a cooperative or group; partners of a company
    std::optional<share> community_capital = {};  ///< vốn cộng đồng (1048, 148, 26/2026: A3.1)
    /// Business registration (đăng ký kinh doanh): 26/2026 art. 2.3, 1048 form 01.
    std::optional<bool> business_registered = {};
    std::optional<bool> large = {};  ///< a large enterprise, which 26/2026 art. 2.3 does not list
    std::string registration = {};   ///< number or note of the registration, as given

    friend bool operator==(const producer&, const producer&) = default;
};

/// A product passes from one producer to another; its certificate's term goes on.
struct transfer {
    product_id product;
    producer_id from;
    producer_id to;
    date on;
    std::string decision = {};  ///< number of the decision, empty where none is told

    friend bool operator==(const transfer&, const transfer&) = default;
};

namespace detail {

/// True if \p text holds nothing but ASCII blanks.
[[nodiscard]] constexpr bool is_blank(std::string_view text) noexcept {
    for (char c : text)
        if (c != ' ' && (c < '\t' || c > '\r')) return false;
    return true;
}

/// A name that is empty is told at \p pointer.
inline void check_name(std::string_view name, const std::string& pointer, problems& found) {
    if (is_blank(name))
        found.push_back(make_problem(problem_code::empty_name, pointer, std::string(name),
                                     {"tên để trống; hãy ghi tên", "the name is empty; give one"}));
}

/// A day that is none (Boost's special values) is told at \p pointer.
inline void check_day(const date& day, const std::string& pointer, problems& found) {
    if (day.is_special())
        found.push_back(make_problem(problem_code::bad_date, pointer, "",
                                     {"không phải là một ngày; hãy ghi ngày dạng YYYY-MM-DD",
                                      "it is no day; give one, YYYY-MM-DD"}));
}

/// A period that ends before it begins is told at \p pointer.
inline void check_period(const std::optional<date>& from, const std::optional<date>& until,
                         const std::string& pointer, problems& found) {
    if (from) check_day(*from, pointer + "/from", found);
    if (until) check_day(*until, pointer + "/until", found);
    if (from && until && !from->is_special() && !until->is_special() && *until < *from)
        found.push_back(make_problem(problem_code::bad_dates, pointer + "/until", to_string(*until),
                                     told("ngày kết thúc {0} đứng trước ngày bắt đầu {1}",
                                          "it ends on {0}, before it begins on {1}",
                                          {to_string(*until), to_string(*from)})));
}

}  // namespace detail

/// Lists in \p found what is wrong with \p who, with places below \p pointer: an empty name; a
/// community capital, members or size that contradict the kind (610).
inline void validate(const producer& who, problems& found, const std::string& pointer = "") {
    detail::check_name(who.name, pointer + "/name", found);
    if (!who.kind) return;
    const std::string kind(name_of(*who.kind));
    const auto contradicts = [&](const char* key, std::string value) {
        found.push_back(detail::make_problem(
            problem_code::contradiction, pointer + key, value,
            detail::told("\"{0}\" không thể đi cùng loại hình {1}; hãy sửa một trong hai",
                         "\"{0}\" contradicts the kind {1}; correct one of them", {value, kind})));
    };
    const bool household = *who.kind == producer_kind::business_household ||
                           *who.kind == producer_kind::producing_household;
    if (household && who.large == true) contradicts("/large", "true");
    if (*who.kind == producer_kind::business_household && who.business_registered == false)
        contradicts("/business_registered", "false");
    if (who.members == std::uint32_t{0}) contradicts("/members", "0");
    if (*who.kind == producer_kind::single_member_llc && who.members && *who.members > 1)
        contradicts("/members", std::to_string(*who.members));
}

/// Lists in \p found what is wrong with \p t: the same producer twice (610), no day (110).
inline void validate(const transfer& t, problems& found, const std::string& pointer = "") {
    detail::check_day(t.on, pointer + "/on", found);
    if (t.from == t.to)
        found.push_back(detail::make_problem(
            problem_code::contradiction, pointer + "/to", to_string(t.to),
            detail::told(
                "sản phẩm {0} được chuyển cho chính chủ thể {1}; hãy ghi chủ thể nhận",
                "product {0} passes from producer {1} to itself; give the one that takes it",
                {to_string(t.product), to_string(t.to)})));
}

}  // namespace ocop
