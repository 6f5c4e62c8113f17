/// \file procedure.hpp
/// How a dossier runs under each regulation: who acts, and the rules of a step as data.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ocop/base/date.hpp"
#include "ocop/base/level.hpp"
#include "ocop/base/names.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/base/status.hpp"

namespace ocop {

/// Who takes a step.
enum class process_actor : std::uint8_t {
    producer,       ///< chủ thể
    commune,        ///< UBND cấp xã
    district,       ///< UBND cấp huyện and its office
    province,       ///< UBND cấp tỉnh and its office
    ministry,       ///< the ministry and its office
    working_group,  ///< tổ tư vấn
    chair,          ///< chủ tịch hội đồng
    secretary,      ///< thư ký hội đồng
    member          ///< thành viên hội đồng
};

template <>
struct names<process_actor> {
    static constexpr std::array<std::string_view, 9> all{"producer", "commune",   "district",
                                                         "province", "ministry",  "working_group",
                                                         "chair",    "secretary", "member"};
};
template <>
struct terms<process_actor> {
    static constexpr std::array<term, 9> all{{{"chủ thể", "producer"},
                                              {"UBND cấp xã", "commune"},
                                              {"UBND cấp huyện", "district"},
                                              {"UBND cấp tỉnh", "province"},
                                              {"Bộ", "ministry"},
                                              {"tổ tư vấn", "working group"},
                                              {"chủ tịch hội đồng", "chair"},
                                              {"thư ký hội đồng", "secretary"},
                                              {"thành viên hội đồng", "council member"}}};
};

/// The ways that dossiers run.
enum class procedure : std::uint8_t {
    by_1048,      ///< 1048/QĐ-TTg: district, province, centre
    by_148,       ///< 148/QĐ-TTg until 2025-07-05: the district recognises 3 stars
    by_148_1489,  ///< 148/QĐ-TTg as amended by 1489/QĐ-TTg, from 2025-07-06: commune, no district
    by_26         ///< 26/2026/QĐ-TTg: commune, province, centre
};

template <>
struct names<procedure> {
    static constexpr std::array<std::string_view, 4> all{"1048", "148", "148+1489", "26"};
};
template <>
struct terms<procedure> {
    static constexpr std::array<term, 4> all{
        {{"theo 1048/QĐ-TTg", "by 1048/QĐ-TTg"},
         {"theo 148/QĐ-TTg", "by 148/QĐ-TTg"},
         {"theo 148/QĐ-TTg và 1489/QĐ-TTg", "by 148/QĐ-TTg and 1489/QĐ-TTg"},
         {"theo 26/2026/QĐ-TTg", "by 26/2026/QĐ-TTg"}}};
};

/// The first day of 1489/QĐ-TTg.
inline constexpr day_count first_day_of_1489 = count_of(2025, 7, 6);

/// How a dossier under \p regulation runs on \p day. Nothing for a regulation that is not bundled:
/// a problem in \p found.
[[nodiscard]] inline std::optional<procedure> procedure_of(std::string_view regulation,
                                                           const date& day, problems& found) {
    if (regulation == "1048-2019") return procedure::by_1048;
    if (regulation == "26-2026") return procedure::by_26;
    if (regulation == "148-2023")
        return count_of(day) < first_day_of_1489 ? procedure::by_148 : procedure::by_148_1489;
    found.push_back(detail::make_problem(
        problem_code::unknown_regulation, "/regulation", std::string(regulation),
        detail::told(
            "không biết quy trình của quyết định \"{0}\"; có: 1048-2019, 148-2023, 26-2026",
            "how dossiers run under \"{0}\" is not known; known: 1048-2019, 148-2023, "
            "26-2026",
            {detail::shown(regulation)})));
    return std::nullopt;
}

namespace detail {

/// A set of enumerators, as bits.
template <class... Enum>
[[nodiscard]] constexpr std::uint16_t bits_of(Enum... values) noexcept {
    return static_cast<std::uint16_t>(((1U << static_cast<unsigned>(values)) | ... | 0U));
}
template <class Enum>
[[nodiscard]] constexpr bool has_bit(std::uint16_t bits, Enum value) noexcept {
    return ((static_cast<unsigned>(bits) >> static_cast<unsigned>(value)) & 1U) != 0;
}

}  // namespace detail

/// A step that may be taken: from where to where, by whom, under which procedures and at which
/// levels.
template <class Action, class State>
struct step_rule {
    Action action{};
    State from{};
    State to{};
    std::uint16_t actors = 0;      ///< bits of process_actor
    std::uint16_t procedures = 0;  ///< bits of procedure
    std::uint16_t levels = 0;      ///< bits of council_level; 0: whatever the level
    status known = status::verified;
    std::string_view source{};

    friend bool operator==(const step_rule&, const step_rule&) = default;
};

namespace detail {

inline constexpr std::uint16_t old_ways = bits_of(procedure::by_1048, procedure::by_148);
inline constexpr std::uint16_t new_ways = bits_of(procedure::by_148_1489, procedure::by_26);
inline constexpr std::uint16_t all_ways =
    bits_of(procedure::by_1048, procedure::by_148, procedure::by_148_1489, procedure::by_26);

/// A list of names: "commune, province".
inline void add_name(std::string& list, std::string_view name) {
    if (list.find(name) != std::string::npos) return;
    if (!list.empty()) list += ", ";
    list += name;
}

/// The rule of a step, or null and what is wrong with it: the step itself (601) or who takes it (602).
template <class Action, class State>
[[nodiscard]] const step_rule<Action, State>* find_step(
    std::span<const step_rule<Action, State>> rules, Action action, State from, process_actor by,
    std::optional<procedure> under, std::optional<council_level> level, problems& found) {
    const step_rule<Action, State>* near = nullptr;
    std::string others;
    std::string actors;
    for (const auto& rule : rules) {
        if (rule.from != from || (under && !has_bit(rule.procedures, *under)) ||
            (rule.levels != 0 && !(level && has_bit(rule.levels, *level))))
            continue;
        add_name(others, name_of(rule.action));
        if (rule.action != action) continue;
        if (has_bit(rule.actors, by)) return &rule;
        near = &rule;
        for (std::size_t i = 0; i < names<process_actor>::all.size(); ++i)
            if (has_bit(rule.actors, static_cast<process_actor>(i)))
                add_name(actors, names<process_actor>::all[i]);
    }
    if (near != nullptr) {
        found.push_back(make_problem(problem_code::wrong_actor, "/by", std::string(name_of(by)),
                                     told("bước \"{0}\" không do \"{1}\" thực hiện mà do: {2}",
                                          "\"{0}\" is not for \"{1}\" to do but for: {2}",
                                          {name_of(action), name_of(by), actors})));
    } else {
        if (others.empty()) others = "-";
        found.push_back(make_problem(problem_code::step_not_allowed, "/action",
                                     std::string(name_of(action)),
                                     told("không thể \"{0}\" khi đang ở \"{1}\"; có thể: {2}",
                                          "\"{0}\" cannot follow \"{1}\"; what can: {2}",
                                          {name_of(action), name_of(from), others})));
    }
    return nullptr;
}

/// Steps are taken in the order of time; special values are no days.
inline bool check_day(const date& on, const std::optional<date>& last, problems& found) {
    if (on.is_special()) {
        found.push_back(make_problem(problem_code::bad_date, "/on", "",
                                     {"một bước cần một ngày", "a step needs a day"}));
        return false;
    }
    if (last && on < *last) {
        found.push_back(make_problem(problem_code::wrong_order, "/on", to_string(on),
                                     told("ngày {0} đứng trước bước vừa rồi, ngày {1}",
                                          "{0} lies before the step taken last, on {1}",
                                          {to_string(on), to_string(*last)})));
        return false;
    }
    return true;
}

inline void need(std::string_view key, std::string_view vi, std::string_view en, problems& found) {
    found.push_back(make_problem(problem_code::need_missing, std::string(key), "",
                                 {std::string(vi), std::string(en)}));
}

}  // namespace detail
}  // namespace ocop
