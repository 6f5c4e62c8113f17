/// \file participation.hpp
/// Who may take part under each regulation (chủ thể tham gia).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ocop/base/label.hpp"
#include "ocop/base/names.hpp"
#include "ocop/base/status.hpp"
#include "ocop/producers/producer.hpp"
#include "ocop/producers/producer_kind.hpp"

namespace ocop {

/// Whether a producer may take part.
enum class admission : std::uint8_t {
    yes,
    with_condition,  ///< if the condition holds, of which nothing is declared
    no,
    unknown  ///< the regulation's text, as far as known, does not say
};

template <>
struct names<admission> {
    static constexpr std::array<std::string_view, 4> all{"yes", "with_condition", "no", "unknown"};
};
template <>
struct terms<admission> {
    static constexpr std::array<term, 4> all{
        {{"được tham gia", "may take part"},
         {"được tham gia nếu đủ điều kiện", "may take part if a condition holds"},
         {"không được tham gia", "may not take part"},
         {"chưa rõ", "not known"}}};
};

/// On what the admission of a kind hangs.
enum class admission_condition : std::uint8_t {
    none,
    not_large,     ///< small and medium enterprises alone are listed
    tourism_only,  ///< listed for the tourism group alone
    registered     ///< listed where it has a business registration
};

template <>
struct names<admission_condition> {
    static constexpr std::array<std::string_view, 4> all{"none", "not_large", "tourism_only",
                                                         "registered"};
};

/// One row of the rules: a kind under a regulation.
struct participation_rule {
    std::string_view regulation;
    producer_kind kind;
    admission answer;               ///< where the condition holds, or there is none
    admission_condition condition;  ///< otherwise the answer is `otherwise`
    admission otherwise;
    status known;
    status otherwise_known;
    std::string_view source;
    term why;
};

namespace detail {

inline constexpr std::string_view listed_1048 =
    "1048/QĐ-TTg: kinds of producer; A3.1 of its scorecards";
inline constexpr std::string_view card_148 =
    "148/QĐ-TTg, A3.1 of its scorecards; the article was not read";
inline constexpr std::string_view listed_26 = "26/2026/QĐ-TTg art. 2.3";

inline constexpr term listed{"được liệt kê", "it is listed"};
inline constexpr term scored{
    "phiếu đánh giá (A3.1) có chấm loại hình này; chưa đọc được điều khoản về chủ thể",
    "the scorecard (A3.1) scores this kind; the article on producers was not read"};
inline constexpr term not_listed{"không được liệt kê; chưa rõ danh sách có đóng hay không",
                                 "it is not listed, and whether the list is closed is not known"};
inline constexpr term small_only{"doanh nghiệp nhỏ và vừa được liệt kê, doanh nghiệp lớn thì không",
                                 "small and medium enterprises are listed, large ones are not"};
inline constexpr term tourism{"chỉ được liệt kê đối với nhóm dịch vụ du lịch (bộ 26)",
                              "it is listed for the tourism group (set 26) alone"};
inline constexpr term registered_card{
    "phiếu đánh giá (A3.1) chấm hộ có đăng ký kinh doanh; chưa đọc được điều khoản về chủ thể",
    "the scorecard (A3.1) scores households with business registration; the article on producers "
    "was not read"};

}  // namespace detail

/// The rules, in no order that matters. What a regulation's known text does not list is `unknown`, not
/// refused; a reading refuses large enterprises under 26/2026, and its text refuses associations and
/// operating centres outside tourism. Federations (liên hiệp) have no kind of their own.
inline constexpr auto participation_rules = [] {
    using k = producer_kind;
    using a = admission;
    using c = admission_condition;
    using s = status;
    namespace d = detail;
    return std::array<participation_rule, 39>{{
        {"1048-2019", k::cooperative, a::yes, c::none, a::no, s::verified, s::verified,
         d::listed_1048, d::listed},
        {"1048-2019", k::cooperative_group, a::yes, c::none, a::no, s::verified, s::verified,
         d::listed_1048, d::listed},
        {"1048-2019", k::single_member_llc, a::yes, c::none, a::no, s::verified, s::verified,
         d::listed_1048, d::listed},
        {"1048-2019", k::multi_member_llc, a::yes, c::none, a::no, s::verified, s::verified,
         d::listed_1048, d::listed},
        {"1048-2019", k::joint_stock_company, a::yes, c::none, a::no, s::verified, s::verified,
         d::listed_1048, d::listed},
        {"1048-2019", k::private_enterprise, a::yes, c::none, a::no, s::verified, s::verified,
         d::listed_1048, d::listed},
        {"1048-2019", k::enterprise, a::yes, c::none, a::no, s::verified, s::verified,
         d::listed_1048, d::listed},
        {"1048-2019", k::farm, a::unknown, c::none, a::unknown, s::inferred, s::inferred,
         d::listed_1048, d::not_listed},
        {"1048-2019", k::business_household, a::yes, c::none, a::no, s::verified, s::verified,
         d::listed_1048, d::listed},
        {"1048-2019", k::producing_household, a::yes, c::none, a::no, s::verified, s::verified,
         d::listed_1048, d::listed},
        {"1048-2019", k::establishment, a::unknown, c::none, a::unknown, s::inferred, s::inferred,
         d::listed_1048, d::not_listed},
        {"1048-2019", k::association, a::unknown, c::none, a::unknown, s::inferred, s::inferred,
         d::listed_1048, d::not_listed},
        {"1048-2019", k::operating_centre, a::unknown, c::none, a::unknown, s::inferred,
         s::inferred, d::listed_1048, d::not_listed},
        {"148-2023", k::cooperative, a::yes, c::none, a::unknown, s::inferred, s::inferred,
         d::card_148, d::scored},
        {"148-2023", k::cooperative_group, a::yes, c::none, a::unknown, s::inferred, s::inferred,
         d::card_148, d::scored},
        {"148-2023", k::single_member_llc, a::yes, c::none, a::unknown, s::inferred, s::inferred,
         d::card_148, d::scored},
        {"148-2023", k::multi_member_llc, a::yes, c::none, a::unknown, s::inferred, s::inferred,
         d::card_148, d::scored},
        {"148-2023", k::joint_stock_company, a::yes, c::none, a::unknown, s::inferred, s::inferred,
         d::card_148, d::scored},
        {"148-2023", k::private_enterprise, a::yes, c::none, a::unknown, s::inferred, s::inferred,
         d::card_148, d::scored},
        {"148-2023", k::enterprise, a::yes, c::none, a::unknown, s::inferred, s::inferred,
         d::card_148, d::scored},
        {"148-2023", k::farm, a::yes, c::none, a::unknown, s::inferred, s::inferred, d::card_148,
         d::scored},
        {"148-2023", k::business_household, a::yes, c::none, a::unknown, s::inferred, s::inferred,
         d::card_148, d::registered_card},
        {"148-2023", k::producing_household, a::yes, c::registered, a::unknown, s::inferred,
         s::inferred, d::card_148, d::registered_card},
        {"148-2023", k::establishment, a::unknown, c::none, a::unknown, s::inferred, s::inferred,
         d::card_148, d::not_listed},
        {"148-2023", k::association, a::unknown, c::none, a::unknown, s::inferred, s::inferred,
         d::card_148, d::not_listed},
        {"148-2023", k::operating_centre, a::yes, c::tourism_only, a::unknown, s::inferred,
         s::inferred, d::card_148, d::tourism},
        {"26-2026", k::cooperative, a::yes, c::none, a::no, s::verified, s::verified, d::listed_26,
         d::listed},
        {"26-2026", k::cooperative_group, a::yes, c::none, a::no, s::verified, s::verified,
         d::listed_26, d::listed},
        {"26-2026", k::single_member_llc, a::yes, c::not_large, a::no, s::verified, s::inferred,
         d::listed_26, d::small_only},
        {"26-2026", k::multi_member_llc, a::yes, c::not_large, a::no, s::verified, s::inferred,
         d::listed_26, d::small_only},
        {"26-2026", k::joint_stock_company, a::yes, c::not_large, a::no, s::verified, s::inferred,
         d::listed_26, d::small_only},
        {"26-2026", k::private_enterprise, a::yes, c::not_large, a::no, s::verified, s::inferred,
         d::listed_26, d::small_only},
        {"26-2026", k::enterprise, a::yes, c::not_large, a::no, s::verified, s::inferred,
         d::listed_26, d::small_only},
        {"26-2026", k::farm, a::yes, c::none, a::no, s::verified, s::verified, d::listed_26,
         d::listed},
        {"26-2026", k::business_household, a::yes, c::none, a::no, s::verified, s::verified,
         d::listed_26, d::listed},
        {"26-2026", k::producing_household, a::yes, c::none, a::no, s::verified, s::verified,
         d::listed_26, d::listed},
        {"26-2026", k::establishment, a::unknown, c::none, a::unknown, s::inferred, s::inferred,
         d::listed_26, d::not_listed},
        {"26-2026", k::association, a::yes, c::tourism_only, a::no, s::verified, s::verified,
         d::listed_26, d::tourism},
        {"26-2026", k::operating_centre, a::yes, c::tourism_only, a::no, s::verified, s::verified,
         d::listed_26, d::tourism},
    }};
}();

/// The set of tourism services: 26 in each regulation.
inline constexpr int tourism_set = 26;

/// What is declared of a producer that may decide its admission; nothing: not declared.
struct participation_facts {
    std::optional<bool> large = {};
    std::optional<bool> business_registered = {};

    friend bool operator==(const participation_facts&, const participation_facts&) = default;
};

/// The answer of may_take_part().
struct admission_answer {
    ocop::admission admission = ocop::admission::unknown;
    admission_condition condition = admission_condition::none;  ///< that it hangs on
    status known = status::inferred;
    std::string source;
    label why;

    friend bool operator==(const admission_answer&, const admission_answer&) = default;
};

/// Whether a producer of \p kind may take part under \p regulation ("1048-2019", "148-2023",
/// "26-2026") with a product of \p set. Where a condition decides and nothing is declared of it, the
/// answer is `with_condition`. Unknown for other regulations. Linear in the table.
[[nodiscard]] inline admission_answer may_take_part(std::string_view regulation, producer_kind kind,
                                                    std::optional<int> set = std::nullopt,
                                                    const participation_facts& facts = {}) {
    for (const participation_rule& rule : participation_rules) {
        if (rule.regulation != regulation || rule.kind != kind) continue;
        std::optional<bool> holds = true;
        if (rule.condition == admission_condition::not_large)
            holds = facts.large ? std::optional<bool>(!*facts.large) : std::nullopt;
        else if (rule.condition == admission_condition::tourism_only)
            holds = set ? std::optional<bool>(*set == tourism_set) : std::nullopt;
        else if (rule.condition == admission_condition::registered)
            holds = facts.business_registered;
        const admission answer = !holds   ? admission::with_condition
                                 : *holds ? rule.answer
                                          : rule.otherwise;
        return {answer,
                rule.condition,
                holds == false ? rule.otherwise_known : rule.known,
                std::string(rule.source),
                {std::string(rule.why.vi), std::string(rule.why.en)}};
    }
    return {admission::unknown,
            admission_condition::none,
            status::inferred,
            "",
            {"không có dữ liệu về quyết định này", "nothing is known of this regulation"}};
}

/// As above with what \p who declares; unknown where its kind is not told.
[[nodiscard]] inline admission_answer may_take_part(std::string_view regulation,
                                                    const producer& who,
                                                    std::optional<int> set = std::nullopt) {
    if (who.kind)
        return may_take_part(regulation, *who.kind, set, {who.large, who.business_registered});
    return {admission::unknown,
            admission_condition::none,
            status::inferred,
            "",
            {"chưa rõ loại hình của chủ thể", "the producer's kind is not told"}};
}

}  // namespace ocop
