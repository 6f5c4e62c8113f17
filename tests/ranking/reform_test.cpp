// Sheets carried between scorecards, and batches under two of them: against filling every criterion
// that is judged anew by hand and asking assess().
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "../support.hpp"
#include "ocop/exchange/bundled.hpp"
#include "ocop/ranking/fast.hpp"
#include "ocop/ranking/reform.hpp"

using ocop::answer;
using ocop::answer_code;
using ocop::bundled_regulations;
using ocop::carry_pair;
using ocop::carry_plan;
using ocop::carry_reading;
using ocop::carry_reason;
using ocop::carry_rules;
using ocop::outcome;
using ocop::points;
using ocop::reform_change;
using ocop::reform_rules;
using ocop::reform_summary;
using ocop::regulation;
using ocop::score_sheet;
using ocop::scorecard;
using ocop::standing;
using ocop::verdict_tables;

namespace {

using random_source = std::mt19937_64;

std::size_t below(random_source& random, std::size_t limit) { return random() % limit; }

/// A valid sheet; \p good of ten answers are the best option.
score_sheet random_sheet(random_source& random, const scorecard& card, std::string member,
                         std::size_t good, const ocop::readings& by = {}) {
    score_sheet sheet(card, std::move(member));
    for (std::size_t i = 0; i < card.size(); ++i) {
        const auto on = card.condition_of(i);
        if (on && by.conditions_bind && card.points_for(*on, sheet.at(*on).bits()) == points{0})
            continue;
        const std::size_t options = card.option_count(i);
        if (card.at(i).choose == ocop::choice::any)
            sheet.set(card, i,
                      answer::of_bits(
                          static_cast<std::uint32_t>(below(random, std::size_t{1} << options))));
        else
            sheet.choose(card, card.at(i).code,
                         static_cast<std::int64_t>(
                             below(random, 10) < good ? options : below(random, options + 1)));
    }
    return sheet;
}

enum class filling { lowest, highest, random };

/// \p carried with an answer wherever one is wanted.
score_sheet filled(random_source& random, const scorecard& card, const ocop::carried_sheet& carried,
                   filling how, const ocop::readings& by = {}) {
    score_sheet sheet = carried.sheet;
    for (std::size_t j : carried.judged_anew) {
        const auto on = card.condition_of(j);
        if (on && by.conditions_bind && card.points_for(*on, sheet.at(*on).bits()) == points{0})
            continue;
        const std::size_t options = card.option_count(j);
        std::uint32_t best = 0;
        const auto try_bits = [&](std::uint32_t bits) {
            if (card.points_for(j, bits) > card.points_for(j, best)) best = bits;
        };
        if (card.at(j).choose == ocop::choice::any)
            for (std::uint32_t bits = 0; bits < (1U << options); ++bits) try_bits(bits);
        else
            for (std::size_t k = 0; k < options; ++k) try_bits(1U << k);
        if (how == filling::lowest) best = 0;
        if (how == filling::random)
            best = card.at(j).choose == ocop::choice::any
                       ? static_cast<std::uint32_t>(below(random, std::size_t{1} << options))
                       : (1U << below(random, options + 1)) >> 1;
        sheet.set(card, j, answer::of_bits(best));
    }
    return sheet;
}

standing standing_of(const ocop::assessment& a) {
    return ocop::standing_of(a.outcome, a.stars ? static_cast<std::uint8_t>(a.stars->value())
                                                : std::uint8_t{0});
}

/// Products with up to \p members sheets each, and their sheets as assess() takes them.
struct made_batch {
    std::vector<answer_code> answers;
    std::vector<std::uint8_t> counts;
    std::vector<std::vector<score_sheet>> sheets;
    std::size_t members = 0;

    made_batch(random_source& random, const scorecard& card, std::size_t products,
               std::size_t slots, const ocop::readings& by = {})
        : answers(products * slots * card.size(), 0xEE), members(slots) {
        for (std::size_t p = 0; p < products; ++p) {
            const std::size_t good = below(random, 12);
            const std::size_t count = below(random, 9) == 0 ? below(random, slots + 1) : slots;
            counts.push_back(static_cast<std::uint8_t>(count));
            sheets.emplace_back();
            for (std::size_t m = 0; m < count; ++m) {
                score_sheet one = random_sheet(random, card, "m" + std::to_string(m + 1), good, by);
                if (below(random, 40) == 0) one.clear(below(random, card.size()));
                ocop::encode(
                    card, one,
                    std::span(answers).subspan((p * slots + m) * card.size(), card.size()));
                sheets.back().push_back(std::move(one));
            }
        }
    }
    [[nodiscard]] ocop::sheet_batch batch() const {
        return {answers, counts.size(), members, counts, ocop::packing::bytes};
    }
};

/// Columns that own their memory.
struct owned {
    std::vector<std::uint8_t> outcome, stars, band, sheets;
    std::vector<std::uint16_t> total, spread, sums;
    std::vector<std::array<std::uint16_t, 3>> parts;
    std::vector<std::uint64_t> missed;

    owned(std::size_t n, std::size_t criteria)
        : outcome(n),
          stars(n),
          band(n),
          sheets(n),
          total(n),
          spread(n),
          sums(n * criteria),
          parts(n),
          missed(n) {}
    [[nodiscard]] ocop::batch_columns columns() {
        return {outcome, stars, band, sheets, total, parts, spread, missed, sums};
    }
    friend bool operator==(const owned&, const owned&) = default;
};

struct compared {
    std::vector<standing> was, low, high;
    std::vector<reform_change> change;
    owned from, lowest, highest;
    reform_summary summary;

    template <class Executor = ocop::in_this_thread>
    compared(const reform_rules& rules, const ocop::sheet_batch& batch, const Executor& run = {})
        : was(batch.products),
          low(batch.products),
          high(batch.products),
          change(batch.products),
          from(batch.products, rules.from().size()),
          lowest(batch.products, rules.low().size()),
          highest(batch.products, rules.low().size()) {
        const ocop::reform_columns out{
            was, low, high, change, from.columns(), lowest.columns(), highest.columns()};
        summary = ocop::compare_batch(rules, batch, out, run);
    }
    friend bool operator==(const compared&, const compared&) = default;
};

/// A column of verdicts beside an assessment of the same product; marks of both in printed order.
void check_same(const ocop::assessment& a, const owned& column, std::size_t p) {
    REQUIRE(column.outcome[p] == static_cast<std::uint8_t>(a.outcome));
    if (a.outcome == outcome::incomplete) return;
    REQUIRE(column.total[p] == a.total->sum());
    REQUIRE(column.sheets[p] == a.counted_sheets);
    REQUIRE(column.band[p] == a.band->value());
    for (std::size_t k = 0; k < 3; ++k) REQUIRE(column.parts[p][k] == (*a.parts)[k].sum());
    REQUIRE(column.stars[p] == (a.stars ? a.stars->value() : 0));
    std::uint64_t missed = 0;
    std::size_t bit = 0;
    for (const ocop::mark_result& m : a.marks) {
        if (!m.binds) continue;
        if (!m.reached) missed |= std::uint64_t{1} << bit;
        ++bit;
    }
    REQUIRE(column.missed[p] == missed);
    const std::size_t criteria = column.sums.size() / column.total.size();
    for (std::size_t j = 0; j < criteria; ++j)
        REQUIRE(column.sums[p * criteria + j] == a.criteria[j].sum());
}

/// Everything of a comparison that can be asked of assess().
void check_against_assess(random_source& random, const regulation& old_rules,
                          const scorecard& old_card, const regulation& new_rules,
                          const scorecard& new_card, const carry_plan& plan,
                          const ocop::council& old_council, const ocop::council& new_council,
                          std::size_t products, const ocop::readings& by = {}) {
    const std::size_t members = old_council.members.size();
    const made_batch made(random, old_card, products, members, by);
    const reform_rules rules(plan, verdict_tables::from(old_rules, old_card, old_council, {}, by),
                             verdict_tables::from(new_rules, new_card, new_council, {}, by));
    const compared got(rules, made.batch());
    const bool limited = rules.low().tables().spread.has_value();
    for (std::size_t p = 0; p < products; ++p) {
        const auto old_one = assess(old_rules, old_card, old_council, made.sheets[p], {}, by);
        check_same(old_one, got.from, p);
        REQUIRE(got.was[p] == standing_of(old_one));
        if (old_one.outcome == outcome::incomplete) {
            REQUIRE(got.change[p] == reform_change::undecided);
            continue;
        }
        const auto under_new = [&](filling how) {
            std::vector<score_sheet> sheets;
            for (const score_sheet& s : made.sheets[p])
                sheets.push_back(
                    filled(random, new_card, carry(plan, old_card, new_card, s, by), how, by));
            return assess(new_rules, new_card, new_council, sheets, {}, by);
        };
        const auto low = under_new(filling::lowest);
        const auto high = under_new(filling::highest);
        check_same(low, got.lowest, p);
        check_same(high, got.highest, p);
        if (!limited) {
            REQUIRE(got.low[p] == standing_of(low));
            REQUIRE(got.high[p] == standing_of(high));
        }
        REQUIRE(got.low[p] <= got.high[p]);
        REQUIRE(got.change[p] == ocop::change_of(got.was[p], got.low[p], got.high[p]));
        for (int k = 0; k < 3; ++k) {
            const standing now = standing_of(under_new(filling::random));
            REQUIRE(got.low[p] <= now);
            REQUIRE(now <= got.high[p]);
            if (got.change[p] == reform_change::falls) REQUIRE(now < got.was[p]);
            if (got.change[p] == reform_change::rises) REQUIRE(now > got.was[p]);
            if (got.change[p] == reform_change::stays) REQUIRE(now == got.was[p]);
        }
    }
    // The summary is the columns counted.
    reform_summary counted = ocop::detail::empty_summary(rules);
    for (std::size_t p = 0; p < products; ++p) {
        ++counted.products;
        ++counted.cross[static_cast<std::size_t>(got.was[p])][static_cast<std::size_t>(got.low[p])]
                       [static_cast<std::size_t>(got.high[p])];
        auto& share = counted.shares[static_cast<std::size_t>(got.change[p])];
        ++share.products;
        const auto incomplete = static_cast<std::uint8_t>(outcome::incomplete);
        if (got.from.outcome[p] == incomplete || got.lowest.outcome[p] == incomplete) continue;
        share.sheets += got.from.sheets[p];
        const auto asked = [](const ocop::verdict_rules& of, std::size_t mark, int stars) {
            if (of.tables().by.missed_mark == ocop::missed_mark::told) return false;
            const int level = of.tables().marks[mark].stars.value();
            return of.tables().by.lower_marks_bind ? level <= stars : level == stars;
        };
        if (const int now = ocop::stars_of(got.low[p]); now != 0) {
            share.held_by_points += got.from.band[p] < now ? 1U : 0U;
            for (std::size_t k = 0; k < share.held_by_marks.size(); ++k)
                if ((got.from.missed[p] >> k & 1U) != 0 && asked(rules.from(), k, now))
                    ++share.held_by_marks[k];
        }
        if (const int had = ocop::stars_of(got.was[p]); had != 0) {
            const owned& bound = got.change[p] == reform_change::falls ? got.highest : got.lowest;
            share.lowered_by_points += bound.band[p] < had ? 1U : 0U;
            bool blamed = bound.band[p] < had;
            for (std::size_t k = 0; k < share.lowered_by_marks.size(); ++k)
                if ((bound.missed[p] >> k & 1U) != 0 && asked(rules.low(), k, had)) {
                    ++share.lowered_by_marks[k];
                    blamed = true;
                }
            // A product that falls has a reason, unless it is rejected.
            if (got.change[p] == reform_change::falls && got.high[p] != standing::rejected)
                REQUIRE(blamed);
        }
        for (std::size_t i = 0; i < share.before.size(); ++i)
            share.before[i] += got.from.sums[p * share.before.size() + i];
        for (std::size_t j = 0; j < share.least.size(); ++j) {
            share.least[j] += got.lowest.sums[p * share.least.size() + j];
            share.most[j] += got.highest.sums[p * share.least.size() + j];
        }
    }
    CHECK(counted == got.summary);
}

ocop::council without_spread(std::size_t members) {
    ocop::council sitting = support::council_of(members);
    sitting.spread = ocop::spread_rule::off();
    return sitting;
}

/// Pairs of sets that score the same products: equal numbers under 148 and 26/2026, equal names
/// where 1048 is one of the two.
std::vector<std::pair<const scorecard*, const scorecard*>> same_sets(const regulation& old_rules,
                                                                     const regulation& new_rules) {
    const bool by_name = old_rules.id() == "1048-2019" || new_rules.id() == "1048-2019";
    std::vector<std::pair<const scorecard*, const scorecard*>> list;
    for (const scorecard& to : new_rules.scorecards())
        for (const scorecard& from : old_rules.scorecards())
            if (by_name ? from.document().text.vi == to.document().text.vi : from.set() == to.set())
                list.emplace_back(&from, &to);
    return list;
}

carry_reason reason_of(const carry_plan& plan, const scorecard& card, const char* id) {
    for (const ocop::carry_line& line : plan.lines)
        if (card.at(line.to).id == id) return line.reason;
    FAIL("no criterion ", id);
    return {};
}

/// support::fine_card() with labels that hold numbers.
ocop::scorecard_document numbered_card() {
    ocop::scorecard_document d = support::fine_card();
    auto& c2 = d.parts[2].sections[0].criteria[1].options;
    c2[1].text.vi = "Từ 50% đến dưới 75%, ổn định 12 tháng";
    return d;
}

ocop::criterion& criterion_at(ocop::scorecard_document& d, std::size_t part, std::size_t index) {
    return d.parts[part].sections[0].criteria[index];
}

}  // namespace

TEST_CASE("numbers are read out of labels") {
    using list = std::vector<std::string>;
    CHECK(ocop::detail::numbers_in("Trồng trong xã 50–<75%") == list{"50", "75"});
    CHECK(ocop::detail::numbers_in("Trồng tại xã: 50% đến dưới 75%") == list{"50", "75"});
    CHECK(ocop::detail::numbers_in("không").empty());
    CHECK(ocop::detail::numbers_in("1.000 cây, 12.500.000 đồng") == list{"1000", "12500000"});
    CHECK(ocop::detail::numbers_in("0,5 ha; 1.25; 007") == list{"0.5", "1.25", "7"});
    CHECK(ocop::detail::numbers_in("36.") == list{"36"});
    CHECK(ocop::detail::numbers_in("10,5,2") == list{"10.5", "2"});
    CHECK(ocop::detail::numbers_in("0") == list{"0"});
}

TEST_CASE("each reason not to carry is told") {
    const scorecard old_card(numbered_card());
    const auto reason = [&](const ocop::scorecard_document& d, const char* id,
                            const carry_rules& by = {}) {
        const scorecard card(d);
        return reason_of(plan_carry(old_card, card, by), card, id);
    };
    const auto changed = [](auto change) {
        ocop::scorecard_document d = numbered_card();
        change(d);
        return d;
    };
    const auto same = numbered_card();
    for (const char* id : {"id_A1", "id_B1", "id_C1", "id_C2"})
        CHECK(reason(same, id) == carry_reason::carried);

    const auto renamed = changed([](auto& d) { criterion_at(d, 2, 1).id = "other"; });
    CHECK(reason(renamed, "other") == carry_reason::not_there);
    const auto repeated = changed([](auto& d) { criterion_at(d, 2, 1).id = "id_C1"; });
    CHECK(reason(repeated, "id_C1") == carry_reason::repeated_id);
    const auto fewer = changed([](auto& d) {
        criterion_at(d, 2, 1).options.erase(criterion_at(d, 2, 1).options.begin() + 1);
    });
    CHECK(reason(fewer, "id_C2") == carry_reason::other_options);
    const auto other_points = changed([](auto& d) {
        std::swap(criterion_at(d, 2, 1).options[0].points, criterion_at(d, 2, 1).options[1].points);
    });
    CHECK(reason(other_points, "id_C2") == carry_reason::other_points);
    const auto cases = changed([](auto& d) {
        criterion_at(d, 2, 1).cases = {{"a", {"Một", "One"}, {}, {}},
                                       {"b", {"Hai", "Two"}, {}, {}}};
        for (std::size_t k = 0; k < 6; ++k)
            criterion_at(d, 2, 1).options[k].case_key = k < 3 ? "a" : "b";
    });
    CHECK(reason(cases, "id_C2") == carry_reason::other_cases);
    const auto moved = changed([](auto& d) {
        criterion_at(d, 2, 1).options[1].text.vi = "Từ 50% đến dưới 75%, ổn định 24 tháng";
    });
    CHECK(reason(moved, "id_C2") == carry_reason::other_thresholds);
    carry_rules by;
    by.reading = carry_reading::points;
    CHECK(reason(moved, "id_C2", by) == carry_reason::carried);
    const auto reworded =
        changed([](auto& d) { criterion_at(d, 2, 1).options[1].text.vi = "50–<75%, ≥12 tháng"; });
    CHECK(reason(reworded, "id_C2") == carry_reason::carried);
    by.reading = carry_reading::labels;
    CHECK(reason(reworded, "id_C2", by) == carry_reason::other_labels);
    CHECK(reason(same, "id_C2", by) == carry_reason::carried);
    by = {};
    by.only_pairs = true;
    by.pairs = {{"C1", "C1", {}}};
    CHECK(reason(same, "id_C2", by) == carry_reason::left_out);
    CHECK(reason(same, "id_C1", by) == carry_reason::carried);
    by = {};
    by.pairs = {{"", "C2", {}}};
    CHECK(reason(same, "id_C2", by) == carry_reason::left_out);
    CHECK(reason(same, "id_C1", by) == carry_reason::carried);

    ocop::condition on_story;
    on_story.id = "has_c1";
    on_story.criterion_id = "id_C1";
    on_story.text = {"có C1", "there is C1"};
    const auto conditional = changed([&](auto& d) { criterion_at(d, 2, 1).applies_if = on_story; });
    CHECK(reason(conditional, "id_C2") == carry_reason::other_condition);
    CHECK(reason_of(plan_carry(scorecard(conditional), scorecard(conditional)),
                    scorecard(conditional), "id_C2") == carry_reason::carried);
    // The condition itself must be carried too.
    auto new_document = conditional;
    criterion_at(new_document, 2, 0).options[3].text.vi = "Từ 3 đại lý";
    const scorecard new_card(new_document);
    const carry_plan plan = plan_carry(scorecard(conditional), new_card);
    CHECK(reason_of(plan, new_card, "id_C1") == carry_reason::other_thresholds);
    CHECK(reason_of(plan, new_card, "id_C2") == carry_reason::other_condition);
    CHECK(plan.judged_anew() == std::vector<std::size_t>{2, 3});
    CHECK(plan.fallen == std::vector<std::size_t>{2, 3});
    CHECK(why_fallen(plan, 2) == carry_reason::other_thresholds);
    CHECK(why_fallen(plan_carry(old_card, scorecard(renamed)), 3) == carry_reason::not_there);
}

TEST_CASE("one option against any number of them is another choice") {
    auto any = numbered_card();
    // Points that any sum of ticks keeps within the maximum.
    auto& c2 = criterion_at(any, 2, 1);
    c2.choose = ocop::choice::any;
    c2.options.resize(2);
    c2.options[0].points = points{2};
    c2.options[1].points = points{3};
    auto one = any;
    criterion_at(one, 2, 1).choose = ocop::choice::one;
    criterion_at(one, 2, 1).options[1].points = points{5};
    const scorecard any_card(any);
    const scorecard one_card(one);
    CHECK(reason_of(plan_carry(any_card, one_card), one_card, "id_C2") ==
          carry_reason::other_choice);
    carry_rules by;
    by.pairs = {{"C2", "C2", {1, 2}}};
    ocop::problems found;
    CHECK_FALSE(try_plan_carry(any_card, one_card, found, by));
    CHECK(support::codes(found) == std::vector<int>{109});
    // The other way a host may say so: one option is one tick.
    const carry_plan plan = plan_carry(one_card, any_card, by);
    score_sheet sheet = support::last_options(one_card);
    CHECK(carry(plan, one_card, any_card, sheet).sheet.at(3) == answer::of_bits(2));

    random_source random(3);
    auto old_document = support::rules_of(one);
    auto new_document = support::rules_of(any);
    const regulation old_rules(old_document);
    const regulation new_rules(new_document);
    check_against_assess(random, old_rules, old_rules.card(1), new_rules, new_rules.card(1), plan,
                         without_spread(3), without_spread(3), 300);
    const carry_plan same = plan_carry(any_card, any_card);
    CHECK(same.judged_anew().empty());
    check_against_assess(random, new_rules, new_rules.card(1), new_rules, new_rules.card(1), same,
                         without_spread(3), without_spread(3), 300);
}

TEST_CASE("a host's pairs are checked") {
    const scorecard card(numbered_card());
    const auto codes = [&](std::vector<carry_pair> pairs) {
        carry_rules by;
        by.pairs = std::move(pairs);
        ocop::problems found;
        const auto plan = try_plan_carry(card, card, found, by);
        CHECK(plan.has_value() == found.empty());
        if (!found.empty()) CHECK_THROWS_AS((void)plan_carry(card, card, by), ocop::error);
        return support::codes(found);
    };
    CHECK(codes({{"C2", "C2", {1, 2, 3, 4, 5, 6}}}).empty());
    CHECK(codes({{"C2", "C2", {0, 0, 0, 6, 6, 6}}}).empty());
    CHECK(codes({{"C9", "C2", {}}}) == std::vector<int>{305});
    CHECK(codes({{"C2", "C9", {}}}) == std::vector<int>{305});
    CHECK(codes({{"C2", "C2", {}}, {"C1", "C2", {}}}) == std::vector<int>{109});
    CHECK(codes({{"C2", "C2", {1, 2, 3}}}) == std::vector<int>{109});
    CHECK(codes({{"C2", "C2", {1, 2, 3, 4, 5, 7}}}) == std::vector<int>{109});
    CHECK(codes({{"C2", "C1", {}}}) == std::vector<int>{109});
    CHECK(codes({{"C9", "C2", {}}, {"C2", "C8", {}}}) == std::vector<int>{305, 305});
}

TEST_CASE("a card carries to itself, on all 78") {
    random_source random(1);
    for (const char* id : {"1048-2019", "148-2023", "26-2026"}) {
        const regulation& rules = bundled_regulations().at(id);
        for (const scorecard& card : rules.scorecards()) {
            const carry_plan plan = plan_carry(card, card);
            REQUIRE(plan.judged_anew().empty());
            REQUIRE(plan.fallen.empty());
            for (int k = 0; k < 5; ++k) {
                const score_sheet sheet = random_sheet(random, card, "m1", 3);
                const auto carried = carry(plan, card, card, sheet);
                REQUIRE(carried.sheet == sheet);
                REQUIRE(carried.judged_anew.empty());
            }
        }
    }
}

TEST_CASE("what the three decisions carry") {
    // Counted by a script of its own over the documents in data/regulations.
    struct counts {
        const char* from;
        const char* to;
        std::size_t pairs;
        std::map<carry_reason, std::size_t> reasons;
    };
    const std::vector<counts> expected{{"148-2023",
                                        "26-2026",
                                        26,
                                        {{carry_reason::carried, 370},
                                         {carry_reason::not_there, 54},
                                         {carry_reason::other_options, 116},
                                         {carry_reason::other_points, 118},
                                         {carry_reason::other_condition, 50},
                                         {carry_reason::other_thresholds, 79}}},
                                       {"26-2026",
                                        "148-2023",
                                        26,
                                        {{carry_reason::carried, 370},
                                         {carry_reason::not_there, 62},
                                         {carry_reason::other_options, 116},
                                         {carry_reason::other_points, 118},
                                         {carry_reason::other_condition, 50},
                                         {carry_reason::other_thresholds, 79}}},
                                       {"1048-2019",
                                        "148-2023",
                                        10,
                                        {{carry_reason::carried, 81},
                                         {carry_reason::not_there, 52},
                                         {carry_reason::other_options, 77},
                                         {carry_reason::other_points, 91},
                                         {carry_reason::other_thresholds, 10}}},
                                       {"1048-2019",
                                        "26-2026",
                                        12,
                                        {{carry_reason::carried, 79},
                                         {carry_reason::not_there, 92},
                                         {carry_reason::other_options, 95},
                                         {carry_reason::other_points, 77},
                                         {carry_reason::other_thresholds, 28}}}};
    for (const counts& want : expected) {
        const auto pairs =
            same_sets(bundled_regulations().at(want.from), bundled_regulations().at(want.to));
        CHECK(pairs.size() == want.pairs);
        std::map<carry_reason, std::size_t> reasons;
        for (const auto& [from, to] : pairs) {
            const carry_plan plan = plan_carry(*from, *to);
            CHECK(plan.fits(*from, *to));
            for (const ocop::carry_line& line : plan.lines) ++reasons[line.reason];
        }
        CHECK(reasons == want.reasons);
    }
    // Some of them as read in the decisions: origin has other points in 26/2026, the story's
    // criteria other options, and what is carried is carried option by option.
    const scorecard& old_card = bundled_regulations().at("148-2023").card(1);
    const scorecard& new_card = bundled_regulations().at("26-2026").card(1);
    const carry_plan plan = plan_carry(old_card, new_card);
    CHECK(reason_of(plan, new_card, "product_origin") == carry_reason::other_points);
    CHECK(reason_of(plan, new_card, "area_certification") == carry_reason::not_there);
    CHECK(reason_of(plan, new_card, "production_linkage") == carry_reason::carried);
    CHECK(reason_of(plan, new_card, "business_type") == carry_reason::other_thresholds);
    CHECK(reason_of(plan, new_card, "product_story") == carry_reason::other_options);
    CHECK(reason_of(plan, new_card, "story_structure") == carry_reason::other_condition);
}

TEST_CASE("a carried sheet holds the old answers and names the rest") {
    random_source random(2);
    for (const auto& [old_id, new_id] :
         {std::pair{"148-2023", "26-2026"}, std::pair{"1048-2019", "148-2023"}})
        for (const auto& [from, to] :
             same_sets(bundled_regulations().at(old_id), bundled_regulations().at(new_id))) {
            const carry_plan plan = plan_carry(*from, *to);
            for (int k = 0; k < 10; ++k) {
                score_sheet sheet = random_sheet(random, *from, "m1", 5);
                if (k % 3 == 0) sheet.clear(below(random, from->size()));
                const auto carried = carry(plan, *from, *to, sheet);
                CHECK(carried.sheet.member() == "m1");
                std::size_t next = 0;
                for (std::size_t j = 0; j < to->size(); ++j) {
                    const auto& line = plan.lines[j];
                    const bool anew =
                        next < carried.judged_anew.size() && carried.judged_anew[next] == j;
                    if (anew) ++next;
                    if (carried.sheet.at(j).given()) {
                        REQUIRE_FALSE(anew);
                        REQUIRE(line.carried());
                        REQUIRE(carried.sheet.at(j) == sheet.at(*line.from));
                        REQUIRE(from->at(*line.from).id == to->at(j).id);
                    } else {
                        // Without an answer it is judged anew, or left out under its condition.
                        const auto on = to->condition_of(j);
                        const bool left_out =
                            on && plan.lines[*on].carried() && carried.sheet.at(*on).given() &&
                            to->points_for(*on, carried.sheet.at(*on).bits()) == points{0};
                        REQUIRE(anew != left_out);
                    }
                }
                REQUIRE(next == carried.judged_anew.size());
            }
        }
    const scorecard& one = bundled_regulations().at("26-2026").card(1);
    const scorecard& two = bundled_regulations().at("26-2026").card(2);
    const score_sheet sheet(one, "m1");
    CHECK_THROWS_AS((void)carry(plan_carry(one, one), one, two, sheet), ocop::error);
    CHECK_THROWS_AS((void)carry(plan_carry(two, one), two, one, sheet), ocop::error);
}

TEST_CASE("real cards: what is certain holds whatever is judged anew") {
    random_source random(4);
    for (const auto& [old_id, new_id] :
         {std::pair{"148-2023", "26-2026"}, std::pair{"26-2026", "148-2023"},
          std::pair{"1048-2019", "148-2023"}, std::pair{"148-2023", "1048-2019"},
          std::pair{"1048-2019", "26-2026"}}) {
        const regulation& old_rules = bundled_regulations().at(old_id);
        const regulation& new_rules = bundled_regulations().at(new_id);
        for (const auto& [from, to] : same_sets(old_rules, new_rules)) {
            const carry_plan plan = plan_carry(*from, *to);
            const std::size_t members = 1 + below(random, 5);
            check_against_assess(random, old_rules, *from, new_rules, *to, plan,
                                 without_spread(members), without_spread(members), 25);
            // With the limits on spread of the decisions, 10 points under 1048.
            check_against_assess(random, old_rules, *from, new_rules, *to, plan,
                                 support::council_of(members), support::council_of(members), 10);
        }
    }
}

TEST_CASE("real cards: every card against itself and under other readings") {
    random_source random(5);
    ocop::readings strict;
    strict.marks = ocop::mark_measure::every_member;
    strict.zero_points = ocop::zero_reading::any_member;
    strict.spread = ocop::spread_measure::parts;
    ocop::readings loose;
    loose.lower_marks_bind = false;
    loose.conditions_bind = false;
    loose.marks = ocop::mark_measure::majority;
    ocop::readings told;
    told.missed_mark = ocop::missed_mark::told;
    carry_rules by_points;
    by_points.reading = carry_reading::points;
    ocop::council strict_council = support::council_of(4);
    strict_council.quorum = ocop::quorum::of(3);
    strict_council.spread = ocop::spread_rule::of(points{30});
    const regulation& old_rules = bundled_regulations().at("148-2023");
    const regulation& new_rules = bundled_regulations().at("26-2026");
    for (const auto& [from, to] : same_sets(old_rules, new_rules)) {
        const carry_plan plan = plan_carry(*from, *to, by_points);
        for (const ocop::readings& by : {strict, loose, told})
            check_against_assess(random, old_rules, *from, new_rules, *to, plan, strict_council,
                                 strict_council, 8, by);
    }
    for (const char* id : {"1048-2019", "148-2023", "26-2026"}) {
        const regulation& rules = bundled_regulations().at(id);
        for (const scorecard& card : rules.scorecards()) {
            const carry_plan plan = plan_carry(card, card);
            check_against_assess(random, rules, card, rules, card, plan, without_spread(3),
                                 without_spread(3), 8);
            const made_batch made(random, card, 50, 3);
            const verdict_tables tables = verdict_tables::from(rules, card, without_spread(3));
            const compared got(reform_rules(plan, tables, tables), made.batch());
            CHECK(got.from == got.lowest);
            CHECK(got.from == got.highest);
            CHECK(got.summary[reform_change::stays].products +
                      got.summary[reform_change::undecided].products ==
                  50);
        }
    }
}

TEST_CASE("conditions and own pairs: cards made for it") {
    // C2 and C3 only with points at C1; the new card asks C1 otherwise.
    const auto made = [](std::vector<int> c1) {
        ocop::scorecard_document d =
            support::card(support::part("A", {support::criterion("A1", {0, 20, 40})}),
                          support::part("B", {support::criterion("B1", {0, 10, 25}, {0, 3, 5})}),
                          support::part("C", {support::criterion("C1", std::move(c1)),
                                              support::criterion("C2", {0, 5, 10}),
                                              support::criterion("C3", {0, 2, 5}, {0, 0, 5})}));
        ocop::condition on;
        on.text = {"có", "there is"};
        on.id = "has_c1";
        on.criterion_id = "id_C1";
        criterion_at(d, 2, 1).applies_if = on;
        criterion_at(d, 2, 2).applies_if = on;
        return d;
    };
    const regulation old_rules(support::rules_of(made({0, 10, 20})));
    random_source random(6);
    const auto check = [&](const regulation& new_rules, const carry_rules& by,
                           const std::vector<std::size_t>& anew) {
        const carry_plan plan = plan_carry(old_rules.card(1), new_rules.card(1), by);
        CHECK(plan.judged_anew() == anew);
        check_against_assess(random, old_rules, old_rules.card(1), new_rules, new_rules.card(1),
                             plan, without_spread(3), without_spread(3), 200);
        ocop::council narrow = support::council_of(3);
        narrow.spread = ocop::spread_rule::of(points{25});
        check_against_assess(random, old_rules, old_rules.card(1), new_rules, new_rules.card(1),
                             plan, narrow, narrow, 200);
        ocop::readings by_parts;
        by_parts.spread = ocop::spread_measure::parts;
        check_against_assess(random, old_rules, old_rules.card(1), new_rules, new_rules.card(1),
                             plan, narrow, narrow, 200, by_parts);
    };
    check(old_rules, {}, {});
    const regulation other_root(support::rules_of(made({0, 5, 20})));
    check(other_root, {}, {2, 3, 4});
    carry_rules by;
    // Answers at C1 that keep their zeros carry the conditions with them.
    by.pairs = {{"C1", "C1", {1, 2, 3}}};
    check(other_root, by, {});
    by.pairs = {{"C1", "C1", {1, 1, 3}}};
    check(other_root, by, {3, 4});
    by.pairs = {{"", "C2", {}}};
    check(old_rules, by, {3});
    by.pairs = {{"", "C1", {}}};
    check(old_rules, by, {2, 3, 4});
    by.pairs = {{"", "C3", {}}, {"A1", "A1", {2, 2, 1}}};
    check(old_rules, by, {4});
    by.pairs = {{"A1", "C1", {0, 3, 3}}, {"B1", "A1", {1, 3, 3}}};
    check(old_rules, by, {3, 4});
}

TEST_CASE("a comparison does not depend on threads, packing or cut") {
    const regulation& old_rules = bundled_regulations().at("148-2023");
    const regulation& new_rules = bundled_regulations().at("26-2026");
    const scorecard& from = old_rules.card(7);
    const scorecard& to = new_rules.card(7);
    const ocop::council sitting = support::council_of(5);
    const reform_rules rules(plan_carry(from, to), verdict_tables::from(old_rules, from, sitting),
                             verdict_tables::from(new_rules, to, sitting));
    random_source random(7);
    const made_batch made(random, from, 3000, 5);
    const ocop::sheet_batch batch = made.batch();
    const compared whole(rules, batch);
    CHECK(whole.summary.products == 3000);
    for (std::size_t threads : {std::size_t{1}, std::size_t{2}, std::size_t{5}})
        CHECK(compared(rules, batch, ocop::in_threads(threads)) == whole);
    CHECK(ocop::compare_batch(rules, batch) == whole.summary);
    CHECK(ocop::compare_batch(rules, batch, {}, ocop::in_threads(2), ocop::fast_kernel) ==
          whole.summary);

    // Halves add up.
    const std::size_t cut = 1234;
    ocop::sheet_batch first = batch;
    first.products = cut;
    first.answers = batch.answers.first(cut * 5 * from.size());
    first.sheets = batch.sheets.first(cut);
    ocop::sheet_batch second = batch;
    second.products = 3000 - cut;
    second.answers = batch.answers.subspan(cut * 5 * from.size());
    second.sheets = batch.sheets.subspan(cut);
    reform_summary sum;
    sum += ocop::compare_batch(rules, first);
    sum += ocop::compare_batch(rules, second);
    CHECK(sum == whole.summary);

    const std::size_t half = (from.size() + 1) / 2;
    std::vector<std::uint8_t> packed(3000 * 5 * half);
    for (std::size_t s = 0; s < 3000 * 5; ++s)
        for (std::size_t i = 0; i < from.size(); ++i) {
            const unsigned code = made.answers[s * from.size() + i] & 0xFU;
            packed[s * half + i / 2] =
                static_cast<std::uint8_t>(packed[s * half + i / 2] | code << (i % 2 * 4));
        }
    ocop::sheet_batch nibbles = batch;
    nibbles.answers = packed;
    nibbles.packed = ocop::packing::nibbles;
    CHECK(compared(rules, nibbles) == whole);

    SUBCASE("sizes that do not fit are refused") {
        std::vector<standing> few(2999);
        ocop::reform_columns out;
        out.low = few;
        CHECK_THROWS_AS(ocop::compare_batch(rules, batch, out), ocop::error);
        std::vector<std::uint16_t> sums(3000 * to.size() + 1);
        out = {};
        out.lowest.sums = sums;
        CHECK_THROWS_AS(ocop::compare_batch(rules, batch, out), ocop::error);
        ocop::sheet_batch shorter = batch;
        shorter.answers = batch.answers.first(17);
        CHECK_THROWS_AS(ocop::compare_batch(rules, shorter), ocop::error);
        reform_summary other = ocop::detail::empty_summary(
            reform_rules(plan_carry(from, from), verdict_tables::from(old_rules, from, sitting),
                         verdict_tables::from(old_rules, from, sitting)));
        CHECK_THROWS_AS(other += whole.summary, ocop::error);
    }
    SUBCASE("tables of other cards are refused") {
        const verdict_tables old_tables = verdict_tables::from(old_rules, from, sitting);
        const verdict_tables new_tables = verdict_tables::from(new_rules, to, sitting);
        CHECK_THROWS_AS(reform_rules(plan_carry(from, to), new_tables, old_tables), ocop::error);
        ocop::readings by;
        by.conditions_bind = false;
        CHECK_THROWS_AS(reform_rules(plan_carry(from, to), old_tables,
                                     verdict_tables::from(new_rules, to, sitting, {}, by)),
                        ocop::error);
        CHECK(reform_rules(plan_carry(from, to), old_tables, new_tables) == rules);
    }
    SUBCASE("no product is no comparison") {
        const ocop::sheet_batch none{{}, 0, 5, {}, ocop::packing::bytes};
        CHECK(ocop::compare_batch(rules, none) == ocop::detail::empty_summary(rules));
    }
}

TEST_CASE("a change is certain only where both bounds say so") {
    using s = standing;
    using c = reform_change;
    CHECK(ocop::change_of(s::four_stars, s::three_stars, s::three_stars) == c::falls);
    CHECK(ocop::change_of(s::four_stars, s::rejected, s::three_stars) == c::falls);
    CHECK(ocop::change_of(s::four_stars, s::three_stars, s::four_stars) == c::open);
    CHECK(ocop::change_of(s::four_stars, s::four_stars, s::four_stars) == c::stays);
    CHECK(ocop::change_of(s::four_stars, s::four_stars, s::five_stars) == c::open);
    CHECK(ocop::change_of(s::three_stars, s::four_stars, s::five_stars) == c::rises);
    CHECK(ocop::change_of(s::rejected, s::one_star, s::five_stars) == c::rises);
    CHECK(ocop::change_of(s::rejected, s::rejected, s::rejected) == c::stays);
    CHECK(ocop::change_of(s::four_stars, s::score_again, s::three_stars) == c::open);
    CHECK(ocop::change_of(s::four_stars, s::score_again, s::score_again) == c::open);
    CHECK(ocop::change_of(s::score_again, s::four_stars, s::four_stars) == c::undecided);
    CHECK(ocop::change_of(s::incomplete, s::four_stars, s::four_stars) == c::undecided);
    CHECK(ocop::change_of(s::four_stars, s::incomplete, s::incomplete) == c::undecided);
    CHECK(ocop::standing_of(outcome::ranked, 5) == s::five_stars);
    CHECK(ocop::standing_of(outcome::score_again, 0) == s::score_again);
    CHECK(ocop::stars_of(s::one_star) == 1);
    CHECK(ocop::stars_of(s::score_again) == 0);
}

TEST_CASE("a product falls through a mark, another through points") {
    // The new card has a 4-star mark that the old one lacks, and takes points off an option of B1.
    auto old_document = support::rules_of(support::fine_card());
    auto new_document = old_document;
    auto& card = new_document.scorecards[0];
    criterion_at(card, 2, 1).options[3].minimum_for = ocop::stars(4);
    const regulation old_rules(old_document);
    const regulation new_rules(new_document);
    const scorecard& from = old_rules.card(1);
    const scorecard& to = new_rules.card(1);
    carry_rules by;
    by.pairs = {{"B1", "B1", {1, 1, 1, 1, 1, 1}}};
    const carry_plan plan = plan_carry(from, to, by);
    const ocop::council sitting = support::council_of(1);
    const reform_rules rules(plan, verdict_tables::from(old_rules, from, sitting),
                             verdict_tables::from(new_rules, to, sitting));
    // A1, B1, C1, C2: 75 points with C2 of 0; 70 with 25 at B1; 75 without B1 and C2 of 5.
    const std::vector<answer_code> answers{9, 2, 7, 1, 9, 6, 1, 6, 9, 1, 7, 6};
    const ocop::sheet_batch batch{answers, 3, 1, {}, ocop::packing::bytes};
    const compared got(rules, batch);
    CHECK(got.from.total == std::vector<std::uint16_t>{75, 70, 75});
    CHECK(got.lowest.total == std::vector<std::uint16_t>{70, 45, 75});
    CHECK(got.change == std::vector<reform_change>{reform_change::falls, reform_change::falls,
                                                   reform_change::stays});
    CHECK(got.low ==
          std::vector<standing>{standing::three_stars, standing::two_stars, standing::four_stars});
    const ocop::reform_share& falls = got.summary[reform_change::falls];
    CHECK(falls.products == 2);
    CHECK(falls.lowered_by_points == 1);
    CHECK(falls.lowered_by_marks == std::vector<std::uint64_t>{1});
    CHECK(falls.before == std::vector<std::uint64_t>{80, 30, 30, 5});
    CHECK(falls.least == std::vector<std::uint64_t>{80, 0, 30, 5});
    CHECK(falls.most == falls.least);
    CHECK(got.summary.certain(standing::four_stars, standing::three_stars) == 1);
    CHECK(got.summary.certain(standing::four_stars, standing::two_stars) == 1);
    CHECK(got.summary.certain(standing::four_stars, standing::four_stars) == 1);
}
