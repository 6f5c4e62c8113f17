// The smallest change that flips a star, against every combination of answers on small random
// cards.
#include "ocop/ranking/flip.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include "../support.hpp"
#include "generators.hpp"

using ocop::answer_change;
using ocop::answer_code;
using ocop::flip_counts;
using ocop::no_answer;
using ocop::outcome;
using ocop::points;
using ocop::sheet_batch;
using ocop::smallest_flips;
using ocop::star_flip;
using ocop::stars;
using ocop::verdict;
using ocop::verdict_rules;
using ocop::verdict_tables;

using support::dice;

namespace {

/// Small rules; \p conditions: 0 none, 1 one or two tied to the first, 2 a chain.
verdict_tables random_tables(dice& die, std::size_t criteria, int conditions) {
    verdict_tables made;
    std::size_t most = 0;
    for (std::size_t c = 0; c < criteria; ++c) {
        verdict_tables::criterion one;
        one.part = die.below(3);
        const bool from_zero = conditions > 0 || die.below(3) != 0;
        one.values.emplace_back(points{from_zero ? 0 : static_cast<int>(die.below(3))});
        const std::size_t options = 1 + die.below(3);
        int highest = one.values[0]->value();
        for (std::size_t k = 0; k < options; ++k) {
            const int value = static_cast<int>(die.below(9));
            one.values.emplace_back(points{value});
            highest = std::max(highest, value);
        }
        if (die.below(4) == 0 && one.values.size() > 2) one.values[2].reset();
        most += static_cast<std::size_t>(highest);
        if (conditions == 1 && c > 0 && die.below(2) == 0) one.condition = 0;
        if (conditions == 2 && c > 0 && die.below(3) != 0) one.condition = die.below(c);
        one.stops_at_zero = die.below(8) == 0;
        made.criteria.push_back(one);
        while (die.below(5) < 2)
            made.marks.push_back({c, stars(static_cast<int>(3 + die.below(3))),
                                  points{static_cast<int>(die.below(8))}});
    }
    for (std::size_t i = 0; i < 4; ++i)
        made.bands[i] = {ocop::mean_points(static_cast<std::int64_t>((i + 1) * most), 5),
                         die.below(4) == 0};
    if (die.below(3) == 0) made.spread = points{static_cast<int>(die.below(8))};
    made.by.marks = static_cast<ocop::mark_measure>(die.below(3));
    made.by.zero_points = static_cast<ocop::zero_reading>(die.below(3));
    made.by.lower_marks_bind = die.below(3) != 0;
    if (die.below(8) == 0) made.by.missed_mark = ocop::missed_mark::told;
    return made;
}

bool open_at(const verdict_rules& rules, const answer_code* sheet, std::size_t c) {
    const auto& condition = rules.tables().criteria[c].condition;
    return !condition ||
           (sheet[*condition] != no_answer && rules.value(*condition, sheet[*condition]) > 0);
}

std::vector<answer_code> random_sheets(dice& die, const verdict_rules& rules, std::size_t sheets) {
    std::vector<answer_code> codes;
    for (std::size_t m = 0; m < sheets; ++m) {
        std::vector<answer_code> sheet(rules.size(), no_answer);
        for (std::size_t c = 0; c < rules.size(); ++c)
            while (open_at(rules, sheet.data(), c) && rules.value(c, sheet[c]) < 0)
                sheet[c] = static_cast<answer_code>(
                    die.below(3) == 0 ? 0 : die.below(rules.highest_code(c) + 1));
        codes.insert(codes.end(), sheet.begin(), sheet.end());
    }
    return codes;
}

/// Stars by band and marks alone, by their definition (rules §5).
int star_of(const verdict_rules& rules, const verdict& told) {
    const verdict_tables& t = rules.tables();
    for (int level = told.band; level > 1; --level) {
        bool holds = true;
        for (std::size_t k = 0; k < t.marks.size(); ++k) {
            const int of = t.marks[k].stars.value();
            const bool asked = t.by.missed_mark == ocop::missed_mark::lowers &&
                               (t.by.lower_marks_bind ? of <= level : of == level);
            if (asked && (told.missed >> k & 1U) != 0) holds = false;
        }
        if (holds) return level;
    }
    return 1;
}

verdict decide(const verdict_rules& rules, const std::vector<answer_code>& codes) {
    std::vector<std::uint16_t> tally(rules.tally_size());
    rules.clear(tally.data());
    for (std::size_t i = 0; i < codes.size(); i += rules.size())
        REQUIRE(rules.add(tally.data(), codes.data() + i));
    return rules.decide(tally.data());
}

/// All valid sheets, each with what it costs to come to it from \p sheet: a changed answer costs 1;
/// left out because its condition fell, or "none" because its condition rose, costs nothing.
struct reached_sheet {
    std::vector<answer_code> codes;
    std::size_t cost;
};
std::vector<reached_sheet> all_sheets(const verdict_rules& rules, const answer_code* sheet) {
    std::vector<reached_sheet> list{{std::vector<answer_code>(rules.size(), no_answer), 0}};
    for (std::size_t c = 0; c < rules.size(); ++c) {
        std::vector<reached_sheet> next;
        for (const reached_sheet& one : list) {
            if (!open_at(rules, one.codes.data(), c)) {
                next.push_back(one);
                continue;
            }
            for (std::size_t code = 0; code <= rules.highest_code(c); ++code) {
                const std::int32_t value = rules.value(c, static_cast<answer_code>(code));
                if (value < 0) continue;
                reached_sheet more = one;
                more.codes[c] = static_cast<answer_code>(code);
                const bool same = sheet[c] == no_answer ? value == 0 : sheet[c] == code;
                if (!same) ++more.cost;
                next.push_back(more);
            }
        }
        list = std::move(next);
    }
    return list;
}

/// The least changes up and down over all combinations of valid sheets; 0: there are none.
std::pair<std::size_t, std::size_t> by_brute_force(const verdict_rules& rules,
                                                   const std::vector<answer_code>& codes, int now) {
    const std::size_t n = codes.size() / rules.size();
    std::vector<std::vector<reached_sheet>> choices;
    for (std::size_t m = 0; m < n; ++m)
        choices.push_back(all_sheets(rules, codes.data() + m * rules.size()));
    std::vector<std::vector<std::vector<std::uint16_t>>> tallies(n);
    for (std::size_t m = 0; m < n; ++m)
        for (const reached_sheet& one : choices[m]) {
            tallies[m].emplace_back(rules.tally_size());
            rules.clear(tallies[m].back().data());
            REQUIRE(rules.add(tallies[m].back().data(), one.codes.data()));
        }
    std::pair<std::size_t, std::size_t> best{0, 0};
    std::vector<std::size_t> at(n, 0);
    std::vector<std::uint16_t> tally(rules.tally_size());
    for (;;) {
        std::size_t cost = 0;
        for (std::size_t m = 0; m < n; ++m) cost += choices[m][at[m]].cost;
        const bool may_help =
            best.first == 0 || best.second == 0 || cost < best.first || cost < best.second;
        if (cost > 0 && may_help) {
            rules.clear(tally.data());
            for (std::size_t m = 0; m < n; ++m) rules.merge(tally.data(), tallies[m][at[m]].data());
            const int then = star_of(rules, rules.decide(tally.data()));
            if (then > now && (best.first == 0 || cost < best.first)) best.first = cost;
            if (then < now && (best.second == 0 || cost < best.second)) best.second = cost;
        }
        std::size_t m = 0;
        while (m < n && ++at[m] == choices[m].size()) at[m++] = 0;
        if (m == n) return best;
    }
}

/// The changes of \p flip made on \p codes, with what follows at the criteria tied to others.
std::vector<answer_code> made(const verdict_rules& rules, std::vector<answer_code> codes,
                              const star_flip& flip) {
    for (const answer_change& one : flip.changes) {
        answer_code& code = codes[one.member * rules.size() + one.criterion];
        CHECK(code == one.from);
        CHECK(code != one.to);
        code = one.to;
    }
    for (std::size_t i = 0; i < codes.size(); i += rules.size())
        for (std::size_t c = 0; c < rules.size(); ++c) {
            answer_code& code = codes[i + c];
            if (!open_at(rules, codes.data() + i, c))
                code = no_answer;
            else if (code == no_answer)
                while (rules.value(c, code) != 0) ++code;  // wraps around from no_answer to 0
        }
    return codes;
}

sheet_batch batch_of(const std::vector<answer_code>& codes, std::size_t products,
                     std::size_t members) {
    sheet_batch batch;
    batch.answers = codes;
    batch.products = products;
    batch.members = members;
    return batch;
}

/// Random products: counts, changes and margins against every combination.
void compare(std::uint64_t seed, int rounds, std::size_t members, std::size_t criteria,
             int conditions) {
    dice die(seed);
    int ups = 0;
    int downs = 0;
    int larger = 0;
    for (int round = 0; round < rounds; ++round) {
        const verdict_rules rules(random_tables(die, criteria, conditions));
        const std::vector<answer_code> codes = random_sheets(die, rules, members);
        const verdict now = decide(rules, codes);
        const int level = star_of(rules, now);
        const auto [up, down] = by_brute_force(rules, codes, level);
        const smallest_flips told = ocop::find_flips(rules, batch_of(codes, 1, members), 0);
        INFO("seed ", seed, " round ", round);
        CHECK(told.counts.stars == level);
        CHECK(told.counts.up == up);
        CHECK(told.counts.down == down);
        REQUIRE(told.up.has_value() == (up != 0));
        REQUIRE(told.down.has_value() == (down != 0));
        if (told.up) {
            ++ups;
            if (up > 1) ++larger;
            CHECK(told.up->changes.size() == up);
            const verdict then = decide(rules, made(rules, codes, *told.up));
            CHECK(then == told.up->after);
            CHECK(star_of(rules, then) > level);
            CHECK(star_of(rules, then) == told.up->stars);
        }
        if (told.down) {
            ++downs;
            if (down > 1) ++larger;
            CHECK(told.down->changes.size() == down);
            const verdict then = decide(rules, made(rules, codes, *told.down));
            CHECK(then == told.down->after);
            CHECK(star_of(rules, then) < level);
            CHECK(star_of(rules, then) == told.down->stars);
        }
        std::vector<flip_counts> counts(1);
        ocop::count_flips(rules, batch_of(codes, 1, members), counts);
        CHECK(counts[0] == told.counts);
        if (level < 5) {
            const std::uint32_t next =
                rules.least_total(static_cast<std::size_t>(level) + 1, members);
            CHECK(told.counts.points_missing == (next > now.total ? next - now.total : 0));
        }
    }
    CHECK(ups > rounds / 4);
    CHECK(downs > rounds / 8);
    CHECK(larger > rounds / 8);
}

}  // namespace

TEST_CASE("Flips against every combination: no conditions") {
    compare(1, 250, 2, 3, 0);
    compare(2, 40, 3, 3, 0);
}
TEST_CASE("Flips against every combination: a story and what is tied to it") {
    compare(3, 300, 2, 3, 1);
    compare(4, 60, 3, 3, 1);
    compare(5, 40, 2, 4, 1);
}
TEST_CASE("Flips against every combination: chains of conditions") {
    compare(6, 250, 2, 3, 2);
    compare(7, 60, 2, 4, 2);
    compare(8, 40, 3, 3, 2);
}

TEST_CASE("A mark and a band, by hand") {
    verdict_tables tables;
    for (std::size_t c = 0; c < 4; ++c) {
        verdict_tables::criterion one;
        one.part = c < 3 ? c : 2;
        for (int v = 0; v <= 25; v += 5) one.values.emplace_back(points{v});
        tables.criteria.push_back(one);
    }
    tables.marks = {{0, stars(4), points{15}}};
    const int from[] = {30, 50, 70, 90};
    for (std::size_t i = 0; i < 4; ++i) tables.bands[i] = {ocop::mean_points(from[i], 1), false};
    const verdict_rules rules(tables);
    // Three members of 10 + 25 + 20 + 20 = 75: four stars but for the mark, which lacks 15 points:
    // one answer to 25.
    std::vector<answer_code> codes;
    for (int m = 0; m < 3; ++m)
        for (int code : {2, 5, 4, 4}) codes.push_back(static_cast<answer_code>(code));
    const smallest_flips told = ocop::find_flips(rules, batch_of(codes, 1, 3), 0);
    CHECK(told.counts.stars == 3);
    CHECK(told.counts.up == 1);
    REQUIRE(told.up);
    CHECK(told.up->stars == 4);
    CHECK(told.up->changes == std::vector<answer_change>{{0, 0, 2, 5}});
    CHECK(told.counts.points_missing == 0);
    CHECK(told.counts.points_spare == 225 - 150);
    // Down: more than 75 points must go; answers of 25 first: four of them.
    CHECK(told.counts.down == 4);
    REQUIRE(told.down);
    CHECK(told.down->stars == 2);
    CHECK(told.down->after.total == 145);
}

TEST_CASE("Spread and gates are told beside, and decide nothing here") {
    verdict_tables tables;
    for (std::size_t c = 0; c < 2; ++c) {
        verdict_tables::criterion one;
        one.part = c;
        one.values = {points{0}, points{50}};
        tables.criteria.push_back(one);
    }
    tables.criteria[1].stops_at_zero = true;
    const int from[] = {30, 50, 70, 90};
    for (std::size_t i = 0; i < 4; ++i) tables.bands[i] = {ocop::mean_points(from[i], 1), false};
    tables.spread = points{10};
    const verdict_rules rules(tables);
    const std::vector<answer_code> codes{1, 1, 1, 1};
    const smallest_flips told = ocop::find_flips(rules, batch_of(codes, 1, 2), 0);
    CHECK(told.counts.stars == 5);
    CHECK_FALSE(told.up);
    CHECK(told.counts.up == 0);
    REQUIRE(told.down);
    CHECK(told.down->stars == 4);
    CHECK(told.down->after.outcome == outcome::score_again);
    CHECK(told.down->after.stars == 0);
    const std::vector<answer_code> wrong{1, 7, 1, 1};
    CHECK(ocop::find_flips(rules, batch_of(wrong, 1, 2), 0) == smallest_flips{});
}

TEST_CASE("Flips of many products do not depend on threads") {
    dice die(19);
    const verdict_rules rules(random_tables(die, 12, 1));
    std::vector<answer_code> codes;
    for (int p = 0; p < 101; ++p)
        for (answer_code code : random_sheets(die, rules, 7)) codes.push_back(code);
    const sheet_batch batch = batch_of(codes, 101, 7);
    std::vector<flip_counts> one(101);
    ocop::count_flips(rules, batch, one);
    for (std::size_t p = 0; p < 101; ++p) CHECK(one[p] == ocop::find_flips(rules, batch, p).counts);
    for (std::size_t threads : {2U, 5U}) {
        std::vector<flip_counts> other(101);
        ocop::count_flips(rules, batch, other, ocop::in_threads(threads));
        CHECK(other == one);
    }
    std::vector<flip_counts> few(3);
    CHECK_THROWS_AS(ocop::count_flips(rules, batch, few), ocop::error);
}

TEST_CASE("A criterion with a condition must allow 0 points") {
    verdict_tables tables;
    for (std::size_t c = 0; c < 2; ++c) {
        verdict_tables::criterion one;
        one.values = {points{static_cast<int>(c)}, points{50}};
        tables.criteria.push_back(one);
    }
    tables.criteria[1].condition = 0;
    const verdict_rules rules(tables);
    const std::vector<answer_code> codes{1, 1};
    CHECK_THROWS_AS(static_cast<void>(ocop::find_flips(rules, batch_of(codes, 1, 1), 0)),
                    ocop::error);
}
