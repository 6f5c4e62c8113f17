// What several tests build: small scorecards, full sheets, councils.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ocop/ocop.hpp"

namespace support {

/// A criterion with options of the given points; option k is marked for marks[k] stars where that
/// is not 0.
inline ocop::criterion criterion(std::string code, std::vector<int> option_points,
                                 std::vector<int> marks = {}) {
    ocop::criterion c;
    c.id = "id_" + code;
    c.no = code.substr(1);
    c.code = std::move(code);
    c.text = {"Tiêu chí", "Criterion"};
    int most = 0;
    for (std::size_t k = 0; k < option_points.size(); ++k) {
        ocop::option o;
        o.points = ocop::points{option_points[k]};
        o.text = {"Mức", "Option"};
        if (k < marks.size() && marks[k] != 0) o.minimum_for = ocop::stars(marks[k]);
        c.options.push_back(std::move(o));
        if (option_points[k] > most) most = option_points[k];
    }
    c.max = ocop::points{most};
    return c;
}

/// A part with one section of the given criteria.
inline ocop::part part(std::string code, std::vector<ocop::criterion> criteria) {
    ocop::part p;
    ocop::section s;
    s.no = "1";
    s.id = "section";
    s.text = {"Mục", "Section"};
    for (const ocop::criterion& c : criteria) s.max += c.max;
    p.max = s.max;
    s.criteria = std::move(criteria);
    p.sections.push_back(std::move(s));
    p.code = std::move(code);
    return p;
}

/// A card of three parts; their maxima must make 100.
inline ocop::scorecard_document card(ocop::part a, ocop::part b, ocop::part c) {
    ocop::scorecard_document d;
    d.set = 1;
    d.text = {"Bộ thử", "Test set"};
    d.parts = {std::move(a), std::move(b), std::move(c)};
    return d;
}

/// 40 + 25 + 35: four criteria a caller can steer totals with, from 0 to 100 in ones.
inline ocop::scorecard_document fine_card() {
    std::vector<int> forty{0, 5, 10, 15, 20, 25, 30, 35, 40};
    std::vector<int> fives{0, 5, 10, 15, 20, 25};
    std::vector<int> thirty{0, 5, 10, 15, 20, 25, 30};
    std::vector<int> ones{0, 1, 2, 3, 4, 5};
    return card(part("A", {criterion("A1", forty)}), part("B", {criterion("B1", fives)}),
                part("C", {criterion("C1", thirty), criterion("C2", ones)}));
}

/// A sheet of m1 that takes the last option everywhere, but \p option at criterion \p except.
inline ocop::score_sheet last_options(const ocop::scorecard& card,
                                      std::optional<std::size_t> except = std::nullopt,
                                      std::int64_t option = 0) {
    ocop::score_sheet sheet(card, "m1");
    for (std::size_t i = 0; i < card.size(); ++i) {
        ocop::problems none;
        sheet.try_choose(
            card, i, i == except ? option : static_cast<std::int64_t>(card.option_count(i)), none);
    }
    return sheet;
}

/// A regulation of one card; no dates, no councils, no recognition.
inline ocop::regulation_document rules_of(ocop::scorecard_document card) {
    ocop::regulation_document d;
    d.id = "test";
    d.decision.number = "1/TEST";
    d.scorecards.push_back(std::move(card));
    return d;
}

/// Members m1, m2, … of the given roles.
inline ocop::council council(const std::vector<ocop::council_role>& roles) {
    ocop::council made;
    for (std::size_t i = 0; i < roles.size(); ++i)
        made.members.push_back({"m" + std::to_string(i + 1), roles[i]});
    return made;
}

/// \p count members who all count.
inline ocop::council council_of(std::size_t count) {
    return council(std::vector<ocop::council_role>(count, ocop::council_role::member));
}

inline ocop::date day(const char* text) { return ocop::parse_date(text).value(); }

/// The codes of a list of problems, in order.
inline std::vector<int> codes(const ocop::problems& list) {
    std::vector<int> result;
    for (const ocop::problem& p : list) result.push_back(static_cast<int>(p.code));
    return result;
}

}  // namespace support
