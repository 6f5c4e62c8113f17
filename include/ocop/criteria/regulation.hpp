/// \file regulation.hpp
/// A regulation (quyết định): its scorecards and the rules around them, each with its source.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/base/date.hpp"
#include "ocop/base/level.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/base/stars.hpp"
#include "ocop/base/status.hpp"
#include "ocop/criteria/application.hpp"
#include "ocop/criteria/scorecard.hpp"

namespace ocop {

/// The decision that a regulation is.
struct decision {
    std::string number;  ///< "26/2026/QĐ-TTg"
    std::optional<date> signed_on;
    label text;
    status known = status::verified;
    std::string source;

    friend bool operator==(const decision&, const decision&) = default;
};

/// A document that facts were read in.
struct source {
    std::string id;
    std::string what;
    std::string where;
    std::string kind;
    std::string limits;

    friend bool operator==(const source&, const source&) = default;
};

/// Which dossiers a regulation is for.
struct validity {
    std::optional<date> filed_from;    ///< first day of filing; nothing: no limit
    std::optional<date> filed_before;  ///< day from which filings fall under another regulation
    /// Last day of assessment by kind of application; nothing: no limit.
    std::array<std::optional<date>, names<application>::all.size()> assessed_until;
    status known = status::verified;
    std::string source;

    friend bool operator==(const validity&, const validity&) = default;
};

/// A band of totals: \ref stars from \ref from on, below the next band's.
struct band {
    ocop::stars stars{1};
    points from;
    std::optional<points> below;
    std::string printed;  ///< as the decision prints it, where it differs: "70-89"
    status known = status::verified;

    friend bool operator==(const band&, const band&) = default;
};

/// A council that a regulation knows, while it exists, and its rule on spread.
struct council_rule {
    council_level level = council_level::province;
    std::optional<date> from;
    std::optional<date> until;
    std::optional<points> spread;  ///< most that two members' totals may differ
    std::string members;           ///< size as the decision gives it: "9-11"
    status known = status::verified;
    std::string source;

    friend bool operator==(const council_rule&, const council_rule&) = default;
};

/// Who recognises products of \ref stars, and in which time.
struct recognition_rule {
    ocop::stars stars{3};
    council_level by = council_level::province;
    std::optional<date> from;
    std::optional<date> until;
    status known = status::verified;
    std::string source;

    friend bool operator==(const recognition_rule&, const recognition_rule&) = default;
};

/// From which mean a council sends on what it cannot recognise.
struct forwarding_rule {
    points from{90};
    status known = status::verified;
    std::string source;

    friend bool operator==(const forwarding_rule&, const forwarding_rule&) = default;
};

/// How the regulation's star marks are read.
struct mark_rule {
    label text;
    status known = status::inferred;
    std::string source;

    friend bool operator==(const mark_rule&, const mark_rule&) = default;
};

/// A later decision that changes this one.
struct amendment {
    std::string decision;
    std::optional<date> from;
    bool applied = false;  ///< whether the bundled text has it
    label text;
    status known = status::verified;

    friend bool operator==(const amendment&, const amendment&) = default;
};

/// A group of products: the sets that score it.
struct product_group {
    std::string no;
    label text;
    std::vector<int> sets;

    friend bool operator==(const product_group&, const product_group&) = default;
};

/// A sector of products.
struct product_sector {
    std::string no;
    label text;
    std::vector<product_group> groups;

    friend bool operator==(const product_sector&, const product_sector&) = default;
};

/// The five half-open bands that all three regulations are read with: 5 stars from 90, 4 from 70,
/// 3 from 50, 2 from 30, 1 below (26/2026/QĐ-TTg art. 3; 1048/QĐ-TTg as a reading).
[[nodiscard]] inline std::vector<band> half_open_bands() {
    return {{stars(5), points{90}, std::nullopt, "", status::verified},
            {stars(4), points{70}, points{90}, "", status::verified},
            {stars(3), points{50}, points{70}, "", status::verified},
            {stars(2), points{30}, points{50}, "", status::verified},
            {stars(1), points{0}, points{30}, "", status::verified}};
}

/// A regulation as written.
struct regulation_document {
    std::string id;  ///< "26-2026"
    ocop::decision decision;
    std::vector<source> sources;
    validity in_force;
    std::vector<band> bands = half_open_bands();
    std::optional<mark_rule> star_marks;
    std::vector<council_rule> councils;
    std::vector<recognition_rule> recognition;
    std::optional<forwarding_rule> forwarding;
    std::vector<amendment> amendments;
    std::vector<ground> grounds;  ///< every knock-out and gate with its label
    std::vector<product_sector> sectors;
    std::string
        remarks;  ///< further findings of the sources' reader, as JSON text; not interpreted
    std::vector<scorecard_document> scorecards;

    friend bool operator==(const regulation_document&, const regulation_document&) = default;
};

/// Lists what is wrong with \p regulation in \p found: its bands, dates, sectors, and each of its
/// scorecards.
inline void validate(const regulation_document& regulation, problems& found);

/// A regulation whose invariants hold. A regular value.
class regulation {
public:
    /// \throws error with every problem of \p document.
    explicit regulation(regulation_document document) {
        problems found;
        if (!build(std::move(document), found)) throw error(std::move(found));
        warnings_ = std::move(found);
    }

    /// The regulation of \p document, or nothing and every problem in \p found; warnings are added
    /// to \p found in both cases.
    [[nodiscard]] static std::optional<regulation> try_make(regulation_document document,
                                                            problems& found) {
        regulation made;
        problems mine;
        const bool good = made.build(std::move(document), mine);
        for (const problem& p : mine) found.push_back(p);
        if (!good) return std::nullopt;
        made.warnings_ = std::move(mine);
        return made;
    }

    [[nodiscard]] const std::string& id() const noexcept { return document_.id; }
    /// Everything but the scorecards (which stand in scorecards()).
    [[nodiscard]] const regulation_document& document() const noexcept { return document_; }
    /// The scorecards in the order of the document.
    [[nodiscard]] const std::vector<scorecard>& scorecards() const noexcept { return scorecards_; }
    /// What the validator told without refusing: nodes whose sources disagree.
    [[nodiscard]] const problems& warnings() const noexcept { return warnings_; }

    /// The scorecard of \p set, or null.
    [[nodiscard]] const scorecard* find(int set) const noexcept {
        for (const scorecard& card : scorecards_)
            if (card.set() == set) return &card;
        return nullptr;
    }
    /// The scorecard of \p set. \throws error when there is none.
    [[nodiscard]] const scorecard& card(int set) const {
        if (const scorecard* found = find(set)) return *found;
        throw error(no_card(std::to_string(set)));
    }
    /// The name of a scorecard over all regulations: "26-2026/18".
    [[nodiscard]] std::string card_id(int set) const { return id() + "/" + std::to_string(set); }

    /// The problem that \p set is no scorecard of this regulation.
    [[nodiscard]] problem no_card(const std::string& set) const {
        const std::string range = scorecards_.empty()
                                      ? std::string()
                                      : std::to_string(scorecards_.front().set()) + "–" +
                                            std::to_string(scorecards_.back().set());
        return detail::make_problem(
            problem_code::unknown_scorecard, "/set", set,
            detail::told("quyết định {0} không có bộ \"{1}\"; có các bộ {2}",
                         "regulation {0} has no set \"{1}\"; it has {2}",
                         {id(), detail::shown(set), range}));
    }

    /// The council rule of \p level on \p day, or null. Without a day, the first of the level.
    [[nodiscard]] const council_rule* council(council_level level,
                                              const std::optional<date>& day) const noexcept {
        for (const council_rule& rule : document_.councils)
            if (rule.level == level && holds_on(rule, day)) return &rule;
        return nullptr;
    }

    friend bool operator==(const regulation&, const regulation&) = default;

    /// Whether a rule with `from` and `until` holds on \p day; without a day, always.
    template <class Rule>
    [[nodiscard]] static bool holds_on(const Rule& rule, const std::optional<date>& day) noexcept {
        return !day || ((!rule.from || *rule.from <= *day) && (!rule.until || *day <= *rule.until));
    }

private:
    regulation() = default;

    bool build(regulation_document document, problems& found) {
        validate(document, found);
        std::vector<scorecard_document> cards = std::move(document.scorecards);
        document.scorecards.clear();
        for (std::size_t i = 0; i < cards.size(); ++i)
            if (auto card = scorecard::try_make(std::move(cards[i]), found,
                                                "/scorecards/" + std::to_string(i)))
                scorecards_.push_back(std::move(*card));
        document_ = std::move(document);
        return !has_errors(found);
    }

    regulation_document document_;
    std::vector<scorecard> scorecards_;
    problems warnings_;
};

namespace detail {

/// Bands: five, from 5 stars down to 1, each ending where the one above begins, the last from 0.
inline void check_bands(const std::vector<band>& bands, problems& found) {
    bool good = bands.size() == static_cast<std::size_t>(stars::highest);
    for (std::size_t i = 0; good && i < bands.size(); ++i) {
        const band& b = bands[i];
        good = b.stars.value() == stars::highest - static_cast<int>(i) && b.from.value() >= 0 &&
               b.from.value() <= 100;
        good = good && (i == 0 ? !b.below : b.below == bands[i - 1].from && b.from < *b.below);
    }
    good = good && bands.back().from == points{0};
    if (!good)
        found.push_back(make_problem(
            problem_code::bad_bands, "/bands", "",
            {"các khung điểm phải gồm năm khung liền nhau, từ 5 sao xuống 1 sao, khung cuối từ 0",
             "bands must be five, adjoining, from 5 stars down to 1, the last from 0"}));
}

inline void check_validity(const validity& v, problems& found) {
    if (v.filed_from && v.filed_before && *v.filed_from >= *v.filed_before)
        found.push_back(make_problem(
            problem_code::bad_dates, "/in_force/filed_before", to_string(*v.filed_before),
            detail::told("ngày kết thúc {0} phải sau ngày bắt đầu nhận hồ sơ {1}",
                         "filed_before {0} must lie after filed_from {1}",
                         {to_string(*v.filed_before), to_string(*v.filed_from)})));
    for (std::size_t i = 0; i < v.assessed_until.size(); ++i)
        if (v.assessed_until[i] && v.filed_from && *v.assessed_until[i] < *v.filed_from)
            found.push_back(make_problem(
                problem_code::bad_dates,
                "/in_force/assessed_until" + pointer_step(names<application>::all[i]),
                to_string(*v.assessed_until[i]),
                detail::told("hạn đánh giá {0} đứng trước ngày bắt đầu nhận hồ sơ {1}",
                             "the last day of assessment {0} lies before filed_from {1}",
                             {to_string(*v.assessed_until[i]), to_string(*v.filed_from)})));
}

/// Rules in time do not end before they begin.
template <class Rule>
void check_ranges(const std::vector<Rule>& rules, const std::string& at, problems& found) {
    for (std::size_t i = 0; i < rules.size(); ++i)
        if (rules[i].from && rules[i].until && *rules[i].until < *rules[i].from)
            found.push_back(
                make_problem(problem_code::bad_dates, at + "/" + std::to_string(i) + "/until",
                             to_string(*rules[i].until),
                             told("ngày kết thúc {0} đứng trước ngày bắt đầu {1}",
                                  "it ends on {0}, before it begins on {1}",
                                  {to_string(*rules[i].until), to_string(*rules[i].from)})));
}

inline void check_forwarding(const std::optional<forwarding_rule>& rule, problems& found) {
    if (!rule || (rule->from.value() >= 0 && rule->from.value() <= 100)) return;
    found.push_back(
        make_problem(problem_code::points_out_of_range, "/forwarding/from", to_string(rule->from),
                     told("{0} điểm không nằm trong 0 đến 100",
                          "{0} points are not within 0 to 100", {to_string(rule->from)})));
}

/// Sectors and scorecards agree on which set belongs where.
inline void check_sectors(const regulation_document& r, problems& found) {
    if (r.sectors.empty()) return;
    for (std::size_t i = 0; i < r.scorecards.size(); ++i) {
        const scorecard_document& card = r.scorecards[i];
        bool listed = false;
        for (const product_sector& sector : r.sectors)
            for (const product_group& group : sector.groups)
                for (int set : group.sets)
                    listed = listed || (set == card.set && sector.no == card.sector &&
                                        group.no == card.group);
        if (!listed)
            found.push_back(make_problem(
                problem_code::unknown_reference, "/scorecards/" + std::to_string(i) + "/group",
                card.sector + "." + card.group,
                detail::told("\"sectors\" không xếp bộ {0} vào ngành {1} nhóm {2}",
                             "\"sectors\" does not list set {0} under sector {1}, group {2}",
                             {std::to_string(card.set), shown(card.sector), shown(card.group)})));
    }
}

}  // namespace detail

inline void validate(const regulation_document& regulation, problems& found) {
    if (regulation.id.empty())
        found.push_back(detail::make_problem(problem_code::empty_name, "/id", "",
                                             {"quyết định cần một mã, ví dụ \"26-2026\"",
                                              "a regulation needs an id like \"26-2026\""}));
    detail::check_bands(regulation.bands, found);
    detail::check_validity(regulation.in_force, found);
    detail::check_sectors(regulation, found);
    detail::check_ranges(regulation.councils, "/councils", found);
    detail::check_ranges(regulation.recognition, "/recognition", found);
    detail::check_forwarding(regulation.forwarding, found);
    if (regulation.scorecards.empty())
        found.push_back(detail::make_problem(
            problem_code::empty_list, "/scorecards", "",
            {"cần ít nhất một bảng chấm", "a regulation needs at least one scorecard"}));
    for (std::size_t i = 0; i < regulation.scorecards.size(); ++i)
        for (std::size_t k = 0; k < i; ++k)
            if (regulation.scorecards[i].set == regulation.scorecards[k].set) {
                const std::string set = std::to_string(regulation.scorecards[i].set);
                found.push_back(detail::make_problem(
                    problem_code::repeated_code, "/scorecards/" + std::to_string(i) + "/set", set,
                    detail::told("bộ {0} lặp lại", "set {0} is repeated", {set})));
                break;
            }
}

}  // namespace ocop
