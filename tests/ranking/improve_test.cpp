// The cheapest way to a higher star, against every combination of options on small random cards.
#include "ocop/ranking/improve.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "../support.hpp"
#include "ocop/exchange/bundled.hpp"

using ocop::answer;
using ocop::assessment;
using ocop::outcome;
using ocop::points;
using ocop::readings;
using ocop::regulation;
using ocop::score_sheet;
using ocop::scorecard;
using ocop::stars;

namespace {

/// A small generator of its own (splitmix64), so that a seed means the same on every platform.
class dice {
public:
    explicit dice(std::uint64_t seed) : state_(seed) {}
    int below(int n) {
        state_ += 0x9E3779B97F4A7C15U;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        return static_cast<int>((z ^ (z >> 31)) % static_cast<std::uint64_t>(n));
    }

private:
    std::uint64_t state_;
};

/// A criterion of exactly \p most points: two to four options, sometimes marked.
ocop::criterion random_criterion(dice& die, const std::string& code, int most) {
    std::vector<int> values;
    const int count = 1 + die.below(3);
    for (int i = 0; i < count; ++i) values.push_back(die.below(most + 1));
    std::sort(values.begin(), values.end());
    values.push_back(most);
    std::vector<int> marks(values.size(), 0);
    if (die.below(2) == 0) {
        const int first = die.below(static_cast<int>(values.size()));
        if (values[static_cast<std::size_t>(first)] > 0)
            marks[static_cast<std::size_t>(first)] = 3 + die.below(3);
    }
    return support::criterion(code, values, marks);
}

/// Six criteria: a story with two tied to it, one of ticks, two plain ones.
ocop::scorecard_document random_card(dice& die) {
    ocop::criterion a1 = random_criterion(die, "A1", 15);
    ocop::criterion a2 = random_criterion(die, "A2", 25);
    ocop::criterion story = random_criterion(die, "B1", 15);
    story.options.front().points = points{0};
    story.options.front().minimum_for.reset();
    story.id = "story";
    ocop::criterion b2 = random_criterion(die, "B2", 6);
    ocop::criterion b3 = random_criterion(die, "B3", 4);
    const ocop::condition tied{"has_story", "story", {"có chuyện", "it has a story"}, {}};
    b2.applies_if = tied;
    b3.applies_if = tied;
    ocop::criterion ticks = support::criterion("C1", {5, 10, 20});
    ticks.choose = ocop::choice::any;
    ticks.max = points{35};
    return support::card(support::part("A", {a1, a2}), support::part("B", {story, b2, b3}),
                         support::part("C", {ticks}));
}

score_sheet random_sheet(dice& die, const scorecard& card, const std::string& member) {
    score_sheet sheet(card, member);
    std::vector<std::int32_t> row(card.size(), 0);
    for (std::size_t i = 0; i < card.size(); ++i) {
        const auto condition = card.condition_of(i);
        if (condition && row[*condition] == 0) continue;
        const int options = static_cast<int>(card.option_count(i));
        if (card.at(i).choose == ocop::choice::any)
            sheet.set(card, i,
                      answer::of_bits(static_cast<std::uint32_t>(die.below(1 << options))));
        else
            sheet.choose(card, card.at(i).code, die.below(options + 1));
        row[i] = card.points_for(i, sheet.at(i).bits()).value();
    }
    return sheet;
}

/// Effort of an answer: any function will do, as long as it is not negative.
struct odd_effort {
    std::uint64_t seed;
    std::uint64_t operator()(std::size_t criterion, answer to) const {
        std::uint64_t z = seed + criterion * 977 + to.bits() * 131;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        return (z >> 40) % 7;  // 0 to 6: free changes too
    }
};

/// The least effort over every combination: per criterion keep, or move all to one answer; tied
/// criteria are left out, kept or answered as validity asks.
template <class Effort>
std::optional<std::uint64_t> by_brute_force(const regulation& rules, const scorecard& card,
                                            const ocop::council& sitting,
                                            const std::vector<score_sheet>& sheets, stars target,
                                            const readings& by, const Effort& effort) {
    std::vector<std::vector<std::optional<answer>>> choices(card.size());
    for (std::size_t i = 0; i < card.size(); ++i) {
        choices[i].push_back(std::nullopt);
        if (card.at(i).choose == ocop::choice::any)
            for (std::uint32_t bits = 0; bits < 8; ++bits)
                choices[i].push_back(answer::of_bits(bits));
        else {
            choices[i].push_back(answer::none());
            for (std::size_t k = 1; k <= card.option_count(i); ++k)
                choices[i].push_back(answer::option(k));
        }
    }
    std::optional<std::uint64_t> best;
    std::vector<std::size_t> at(card.size(), 0);
    for (;;) {
        std::uint64_t cost = 0;
        bool changed = true;  // a change that changes nothing is none
        std::vector<score_sheet> moved = sheets;
        for (std::size_t i = 0; i < card.size(); ++i) {
            const auto& choice = choices[i][at[i]];
            if (!choice) continue;
            bool differs = false;
            for (score_sheet& sheet : moved) {
                differs = differs || sheet.at(i) != *choice;
                sheet.set(card, i, *choice);
            }
            changed = changed && differs;
            cost += effort(i, *choice);
        }
        if (changed && (!best || cost < *best)) {
            ocop::council free_spread = sitting;
            free_spread.spread = ocop::spread_rule::off();
            const assessment a = ocop::assess(rules, card, free_spread, moved, {}, by);
            if (a.outcome == outcome::ranked && *a.stars >= target) best = cost;
        }
        std::size_t i = 0;
        while (i < at.size() && ++at[i] == choices[i].size()) at[i++] = 0;
        if (i == at.size()) return best;
    }
}

template <class Effort>
void compare(std::uint64_t seed, const readings& by, const Effort& effort) {
    dice die(seed);
    const regulation rules(support::rules_of(random_card(die)));
    const scorecard& card = rules.card(1);
    const std::size_t members = 1 + static_cast<std::size_t>(die.below(3));
    const ocop::council sitting = support::council_of(members);
    std::vector<score_sheet> sheets;
    for (std::size_t m = 0; m < members; ++m)
        sheets.push_back(random_sheet(die, card, "m" + std::to_string(m + 1)));
    const assessment a = ocop::assess(rules, card, sitting, sheets, {}, by, effort);
    REQUIRE(a.outcome == outcome::ranked);
    REQUIRE(a.to_reach.size() == static_cast<std::size_t>(5 - a.stars->value()));
    if (a.to_reach.empty()) return;
    // One target a card keeps the search short; all are reached over the seeds.
    const ocop::way_up& way =
        a.to_reach[static_cast<std::size_t>(die.below(static_cast<int>(a.to_reach.size())))];
    const auto least = by_brute_force(rules, card, sitting, sheets, way.stars, by, effort);
    CAPTURE(seed);
    CAPTURE(way.stars.value());
    REQUIRE(way.reachable == least.has_value());
    if (!least) return;
    CHECK(way.effort == *least);
    // The way does what it says: valid sheets, and the star.
    std::vector<score_sheet> moved = sheets;
    std::uint64_t cost = 0;
    for (const ocop::change& c : way.changes) {
        REQUIRE(c.from.size() == members);
        cost += effort(c.criterion, c.to);
        for (std::size_t m = 0; m < members; ++m) {
            CHECK(c.from[m] == sheets[m].at(c.criterion));
            moved[m].set(card, c.criterion, c.to);
        }
    }
    CHECK(cost == way.effort);
    const assessment after = ocop::assess(rules, card, sitting, moved, {}, by);
    REQUIRE(after.outcome == outcome::ranked);
    CHECK(*after.stars >= way.stars);
    CHECK((way.missing > points{0}) == (*a.band < way.stars));
}

/// Efforts from 0 to \p most, or 1 each.
struct scaled_effort {
    std::uint64_t most;
    std::uint64_t operator()(std::size_t criterion, answer to) const {
        std::uint64_t z = (criterion + 1) * 0x9E3779B97F4A7C15U + to.bits() * 0x94D049BB133111EBU;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        return most == 1 ? 1 : (z >> 16) % (most + 1);
    }
};

/// The least effort for \p target on a card of any size, by a table over all gains: criterion by
/// criterion the least effort for every sum of points, nothing left out. Marks by the mean, no
/// criterion tied to another.
template <class Effort>
std::optional<std::uint64_t> by_full_table(const scorecard& card, const assessment& a, stars target,
                                           const Effort& effort) {
    constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();
    const std::int64_t n = a.total->count();
    const std::int64_t from[] = {0, 0, 30, 50, 70, 90};
    const std::int64_t missing = from[target.value()] * n - a.total->sum();
    const auto wanted = static_cast<std::size_t>(missing > 0 ? missing : 0);
    std::vector<std::uint64_t> least(wanted + 1, never);
    least[0] = 0;
    for (std::size_t i = 0; i < card.size(); ++i) {
        points needed;
        bool met = true;
        for (const ocop::mark_result& m : a.marks)
            if (m.mark.criterion == i && m.mark.stars <= target) {
                needed = std::max(needed, m.mark.needed);
                met = met && m.reached;
            }
        std::vector<std::uint64_t> next(wanted + 1, never);
        const auto take = [&](std::int64_t gain, std::uint64_t cost) {
            for (std::size_t g = 0; g <= wanted; ++g) {
                if (least[g] == never) continue;
                const std::size_t to = std::min(wanted, g + static_cast<std::size_t>(gain));
                next[to] = std::min(next[to], least[g] + cost);
            }
        };
        if (met) take(0, 0);
        for (std::size_t k = 1; k <= card.option_count(i); ++k) {
            const points value = card.points_for(i, answer::option(k).bits());
            const std::int64_t gain = value.value() * n - a.criteria[i].sum();
            if (gain >= 0 && value >= needed) take(gain, effort(i, answer::option(k)));
        }
        least = std::move(next);
    }
    if (least[wanted] == never) return std::nullopt;
    return least[wanted];
}

}  // namespace

TEST_CASE("whole scorecards: as cheap as the full table, whatever the size of the efforts") {
    const regulation& rules = ocop::bundled_regulations().at("26-2026");
    const ocop::council sitting = support::council_of(7);
    readings by;
    by.conditions_bind = false;
    dice die(3);
    int ways = 0;
    for (const scorecard& card : rules.scorecards())
        for (const int lowest : {1, 2, 4}) {
            std::vector<score_sheet> sheets;
            for (const ocop::council_member& m : sitting.members) {
                sheets.emplace_back(card, m.id);
                for (std::size_t i = 0; i < card.size(); ++i) {
                    const int options = static_cast<int>(card.option_count(i));
                    const int option = options - die.below(std::min(options, lowest));
                    sheets.back().set(card, i, answer::option(static_cast<std::size_t>(option)));
                }
            }
            for (const std::uint64_t most : {std::uint64_t{1}, std::uint64_t{97},
                                             std::uint64_t{1000000}, ocop::largest_effort}) {
                const scaled_effort effort{most};
                const assessment a = ocop::assess(rules, card, sitting, sheets, {}, by, effort);
                REQUIRE(a.outcome == outcome::ranked);
                for (const ocop::way_up& way : a.to_reach) {
                    const auto least = by_full_table(card, a, way.stars, effort);
                    CAPTURE(card.set());
                    CAPTURE(most);
                    REQUIRE(way.reachable == least.has_value());
                    if (least) CHECK(way.effort == *least);
                    ++ways;
                }
            }
        }
    CHECK(ways > 300);
}

TEST_CASE("unit efforts: as few changes as the best of all combinations") {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) compare(seed, {}, ocop::one_per_criterion{});
}

TEST_CASE("any efforts: as cheap as the best of all combinations") {
    for (std::uint64_t seed = 100; seed < 112; ++seed) compare(seed, {}, odd_effort{seed});
}

TEST_CASE("other readings of the marks") {
    for (std::uint64_t seed = 200; seed < 208; ++seed) {
        readings by;
        by.marks = seed % 2 == 0 ? ocop::mark_measure::every_member : ocop::mark_measure::majority;
        by.lower_marks_bind = seed % 3 != 0;
        compare(seed, by, odd_effort{seed});
    }
}

TEST_CASE("points that are asked for are no more than needed") {
    const regulation rules(support::rules_of(
        support::card(support::part("A", {support::criterion("A1", {0, 10, 20, 40})}),
                      support::part("B", {support::criterion("B1", {0, 25})}),
                      support::part("C", {support::criterion("C1", {0, 35})}))));
    const scorecard& card = rules.card(1);
    const score_sheet sheet(card, "m1", {{"A1", 1}, {"B1", 2}, {"C1", 2}});  // 60
    const assessment a = ocop::assess(rules, card, support::council_of(1), {&sheet, 1});
    REQUIRE(a.to_reach.size() == 2);
    CHECK(to_string(a.to_reach[0].missing) == "10.00");
    REQUIRE(a.to_reach[0].changes.size() == 1);
    CHECK(a.to_reach[0].changes[0].to == answer::option(2));  // 10 points, not 40
    CHECK(a.to_reach[1].changes[0].to == answer::option(4));
}

TEST_CASE("a star that no choice reaches is told as such") {
    ocop::scorecard_document card =
        support::card(support::part("A", {support::criterion("A1", {0, 40})}),
                      support::part("B", {support::criterion("B1", {0, 25})}),
                      support::part("C", {support::criterion("C1", {0, 35})}));
    card.parts[0].sections[0].criteria[0].options[1].points = points{25};  // the card reaches 85
    card.parts[0].sections[0].criteria[0].known = ocop::status::conflict;
    const regulation rules(support::rules_of(card));
    const score_sheet sheet(rules.card(1), "m1", {{"A1", 2}, {"B1", 2}, {"C1", 2}});
    const assessment a = ocop::assess(rules, rules.card(1), support::council_of(1), {&sheet, 1});
    REQUIRE(a.to_reach.size() == 1);
    CHECK_FALSE(a.to_reach[0].reachable);
    CHECK(to_string(a.to_reach[0].missing) == "5.00");
}

TEST_CASE("the spread after the changes is told") {
    ocop::regulation_document d = support::rules_of(support::fine_card());
    d.councils = {{ocop::council_level::province, {}, {}, points{10}, "", {}, ""}};
    const regulation rules(d);
    const scorecard& card = rules.card(1);
    // m1 is 20 higher at A1 and 20 lower at B1: once A1 is moved, the rest shows.
    const std::vector<score_sheet> sheets{
        score_sheet(card, "m1", {{"A1", 7}, {"B1", 1}, {"C1", 5}, {"C2", 1}}),
        score_sheet(card, "m2", {{"A1", 3}, {"B1", 5}, {"C1", 5}, {"C2", 1}})};
    const assessment a = ocop::assess(rules, card, support::council_of(2), sheets);
    REQUIRE(a.outcome == outcome::ranked);
    bool some_blocked = false;
    for (const ocop::way_up& way : a.to_reach) {
        CHECK(way.spread_blocks == (way.spread_after > points{10}));
        some_blocked = some_blocked || way.spread_blocks;
    }
    CHECK(some_blocked);
}

TEST_CASE("an effort that could overflow is refused") {
    const regulation rules(support::rules_of(support::fine_card()));
    const score_sheet sheet(rules.card(1), "m1", {{"A1", 1}, {"B1", 1}, {"C1", 1}, {"C2", 1}});
    const auto huge = [](std::size_t, answer) { return std::numeric_limits<std::uint64_t>::max(); };
    CHECK_THROWS_AS(static_cast<void>(ocop::assess(rules, rules.card(1), support::council_of(1),
                                                   {&sheet, 1}, {}, {}, huge)),
                    ocop::error);
}

TEST_CASE("no way up ends in a rejection, or asks for a mark that a fact lifts") {
    ocop::criterion stop = support::criterion("C2", {0, 5});
    stop.gates = {{"stop_if_zero_points", {"dừng", "stop"}, ocop::ground_kind::points, ""}};
    ocop::criterion lifted = support::criterion("B1", {0, 25}, {0, 3});
    lifted.gates = {
        {"only_if", {"chỉ khi", "only if"}, ocop::ground_kind::fact, "declaration_required"}};
    const regulation rules(support::rules_of(support::card(
        support::part("A", {support::criterion("A1", {0, 40})}), support::part("B", {lifted}),
        support::part("C", {support::criterion("C1", {0, 30}), stop}))));
    const scorecard& card = rules.card(1);
    // Changes are free: nothing but the rules keeps C2 from 0.
    const auto free_of_charge = [](std::size_t, answer) { return std::uint64_t{0}; };
    const score_sheet sheet(card, "m1", {{"A1", 2}, {"B1", 1}, {"C1", 1}, {"C2", 2}});  // 45
    ocop::circumstances given;
    given.facts = {{"declaration_required", false}};
    const assessment a =
        ocop::assess(rules, card, support::council_of(1), {&sheet, 1}, given, {}, free_of_charge);
    CHECK(a.stars == stars(2));
    for (const ocop::way_up& way : a.to_reach)
        for (const ocop::change& c : way.changes)
            if (c.criterion == 3) CHECK(card.points_for(3, c.to.bits()) > points{0});
    // Three stars by C1 alone: B1's mark is lifted. With the mark, B1 must be moved.
    const assessment unit = ocop::assess(rules, card, support::council_of(1), {&sheet, 1}, given);
    REQUIRE(unit.to_reach[0].changes.size() == 1);
    const score_sheet high(card, "m1", {{"A1", 2}, {"B1", 1}, {"C1", 2}, {"C2", 2}});  // 75
    const assessment bound = ocop::assess(rules, card, support::council_of(1), {&high, 1});
    CHECK(bound.stars == stars(2));
    REQUIRE(bound.to_reach[0].changes.size() == 1);
    CHECK(bound.to_reach[0].changes[0].criterion == 1);
    CHECK(ocop::assess(rules, card, support::council_of(1), {&high, 1}, given).stars == stars(4));
}
