/// \file product_code_explained.hpp
/// What a product code says: its units at the time, where they lie today, and whether all of it fits.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/base/label.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/base/status.hpp"
#include "ocop/communes/gazetteer.hpp"
#include "ocop/communes/unit.hpp"
#include "ocop/products/product_code.hpp"

namespace ocop {

/// A unit of today with its name.
struct unit_now {
    unit_code code;
    std::string name;
    succession how = succession::itself;  ///< how it is known to follow the unit of the code
    status known = status::verified;

    friend bool operator==(const unit_now&, const unit_now&) = default;
};

/// A product code read against the units of its time.
struct code_explanation {
    product_code code;
    /// The edition that its units were read in: the code holds a year alone, so that of the editions
    /// of its year the first is taken in which all units fit.
    edition in = edition::e2023_01;
    bool before_first = false;  ///< the year lies before the first edition; read in that one
    bool after_latest = false;  ///< the year lies after the latest edition's; read in that one
    std::optional<std::string> province;  ///< names at that time; nothing: no such unit, or none in
    std::optional<std::string> district;  ///< the code
    std::optional<std::string> commune;
    std::optional<unit_now> province_today;
    std::optional<unit_now> commune_today;
    /// Why a unit of today is not told; nothing where both are.
    std::optional<label> today_reason;
    /// Units that do not exist (501), that lie elsewhere (502), a year that cannot be (504); a doubtful
    /// year is a warning.
    problems found;

    /// Whether nothing contradicts the code.
    [[nodiscard]] bool valid() const noexcept { return !has_errors(found); }
    friend bool operator==(const code_explanation&, const code_explanation&) = default;
};

namespace detail {

/// The editions that a code of \p generation and \p year may have taken its units from, best first.
/// Codes hold a year alone, and no edition shows the days of changes between 2023-01 and 2025-03.
[[nodiscard]] inline std::vector<edition> editions_of(code_generation generation, int year) {
    if (!rule_of(generation).with_district) return {latest_edition};
    constexpr int first_year = 2023;
    constexpr int merged_year = 2025;
    if (year < first_year) return {edition::e2023_01};
    if (year < merged_year) return {edition::e2023_01, edition::e2025_03};
    return {edition::e2025_03, edition::e2023_01};
}

/// A unit with its code, for messages: "Phường 7 (28780)".
[[nodiscard]] inline std::string with_code(const unit& u) {
    return std::string(u.name) + " (" + to_string(u.code) + ")";
}

/// \p u lies in another unit than the code says: names where it really is.
inline void tell_elsewhere(const gazetteer& units, const unit& u, unit_code given,
                           const std::string& pointer, problems& found) {
    std::string true_place;
    for (const unit* above = units.parent(u); above != nullptr; above = units.parent(*above)) {
        if (!true_place.empty()) true_place += ", ";
        true_place += with_code(*above);
    }
    const unit* wrong = units.find(u.in, given);
    const std::string not_in = wrong != nullptr ? with_code(*wrong) : to_string(given);
    found.push_back(make_problem(
        problem_code::unit_elsewhere, pointer, to_string(u.code),
        told("{0} thuộc {1}, không thuộc {2} (danh mục {3}); hãy sửa một trong hai phần của mã",
             "{0} lies in {1}, not in {2} (edition {3}); correct one of the two parts of the code",
             {with_code(u), true_place, not_in, name_of(u.in)})));
}

/// Whether the units of \p code exist in \p in and lie in each other; what is wrong in \p found.
inline void check_units(const product_code& code, edition in, const gazetteer& units,
                        problems& found) {
    const unit* province = units.find(in, code.province());
    if (province == nullptr) found.push_back(units.unknown({code.province(), in}, "/province"));
    if (code.district()) {
        const unit* district = units.find(in, *code.district());
        if (district == nullptr)
            found.push_back(units.unknown({*code.district(), in}, "/district"));
        else if (district->parent != code.province())
            tell_elsewhere(units, *district, code.province(), "/district", found);
    }
    if (code.commune()) {
        const unit_code above = code.district() ? *code.district() : code.province();
        const unit* commune = units.find(in, *code.commune());
        if (commune == nullptr)
            found.push_back(units.unknown({*code.commune(), in}, "/commune"));
        else if (commune->parent != above)
            tell_elsewhere(units, *commune, above, "/commune", found);
    }
}

/// The year of \p code against its generation.
inline void check_year(const product_code& code, problems& found) {
    const code_rule& rule = rule_of(code.generation());
    const int year = code.year();
    const bool impossible = year < rule.first_year || year > rule.last_year;
    if (!impossible && year >= rule.sure_from && year <= rule.sure_until) return;
    const std::string text = std::to_string(year);
    const label form = label_of(code.generation());
    const std::string from = std::to_string(impossible ? rule.first_year : rule.sure_from);
    const bool open = rule.last_year == 9999;
    const std::string until = std::to_string(impossible ? rule.last_year : rule.sure_until);
    label message = {"năm " + text + (impossible ? " không thể có trong " : " đáng ngờ trong ") +
                         form.vi + (open ? ": từ năm " + from : ": từ " + from + " đến " + until) +
                         " (" + std::string(rule.years_source.vi) + ")",
                     "the year " + text + (impossible ? " cannot be in a " : " is doubtful in a ") +
                         form.en + (open ? ": from " + from : ": from " + from + " to " + until) +
                         " (" + std::string(rule.years_source.en) + ")"};
    found.push_back(make_problem(problem_code::year_outside, "/year", text, std::move(message),
                                 impossible ? severity::error : severity::warning));
}

}  // namespace detail

/// Reads \p code against the units of its time, and tells where it lies today (in latest_edition).
/// Never fails: what does not fit stands in `found`. Where the units do not fit no unit of today is told.
/// Of a 1048 code the commune is not known; its district was abolished on 2025-07-01. Constant time.
[[nodiscard]] inline code_explanation explain(const product_code& code, const gazetteer& units) {
    code_explanation made{.code = code,
                          .province = {},
                          .district = {},
                          .commune = {},
                          .province_today = {},
                          .commune_today = {},
                          .today_reason = {},
                          .found = {}};
    const std::vector<edition> editions = detail::editions_of(code.generation(), code.year());
    problems first;
    bool fits = false;
    for (std::size_t i = 0; i < editions.size() && !fits; ++i) {
        problems here;
        detail::check_units(code, editions[i], units, here);
        fits = here.empty();
        if (fits) made.in = editions[i];
        if (i == 0) first = std::move(here);
    }
    if (!fits) {
        made.in = editions.front();
        made.found = std::move(first);
    }
    made.before_first = code.year() < static_cast<int>(first_day(edition::e2023_01).year()) &&
                        made.in == edition::e2023_01;
    made.after_latest = made.in == latest_edition &&
                        code.year() > static_cast<int>(first_day(latest_edition).year());
    detail::check_year(code, made.found);

    const auto name = [&](const std::optional<unit_code>& part) -> std::optional<std::string> {
        const unit* u = part ? units.find(made.in, *part) : nullptr;
        if (u == nullptr) return std::nullopt;
        return std::string(u->name);
    };
    made.province = name(code.province());
    made.district = name(code.district());
    made.commune = name(code.commune());
    if (!fits) {
        made.today_reason = {"các đơn vị trong mã không khớp nhau",
                             "the units of the code do not fit together"};
        return made;
    }
    const unit_code smallest = code.commune() ? *code.commune() : *code.district();
    const unit_today now = units.today({smallest, made.in});
    const auto named = [&](const std::optional<unit_successor>& s) -> std::optional<unit_now> {
        const unit* u = s && s->unit ? units.find(*s->unit) : nullptr;
        if (u == nullptr) return std::nullopt;
        return unit_now{u->code, std::string(u->name), s->how, s->known};
    };
    made.province_today = named(now.province);
    made.commune_today = named(now.commune);
    if (!code.commune())
        made.today_reason = {"mã không ghi xã, và cấp huyện đã bãi bỏ từ 01/7/2025",
                             "the code has no commune, and districts were abolished on 2025-07-01"};
    else if (!made.commune_today)
        made.today_reason = label_of(now.commune ? now.commune->how : succession::unknown_unit);
    if (!made.province_today) made.today_reason = label_of(now.province.how);
    return made;
}

}  // namespace ocop
