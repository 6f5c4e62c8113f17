// A batch says of every product what assess() says of it alone: on all bundled scorecards, with
// every kernel, packing and number of threads, for right and wrong answers.
#include "ocop/ranking/batch.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "../support.hpp"
#include "instruction_sets.hpp"
#include "ocop/exchange/bundled.hpp"
#include "ocop/ranking/fast.hpp"

namespace {

/// All columns of a batch.
struct columns {
    std::vector<std::uint8_t> outcome, stars, band, sheets;
    std::vector<std::uint16_t> total, spread, sums;
    std::vector<std::array<std::uint16_t, ocop::part_count>> parts;
    std::vector<std::uint64_t> missed;

    columns(std::size_t products, std::size_t criteria)
        : outcome(products, 77),
          stars(products, 77),
          band(products, 77),
          sheets(products, 77),
          total(products, 7777),
          spread(products, 7777),
          sums(products * criteria, 7777),
          parts(products),
          missed(products, 7777) {}
    ocop::batch_columns spans() {
        return {outcome, stars, band, sheets, total, parts, spread, missed, sums};
    }
    friend bool operator==(const columns&, const columns&) = default;
};

/// A council's policies and everything else that a verdict depends on.
struct setting {
    ocop::council sitting;
    ocop::circumstances given;
    ocop::readings by;
};

struct random_batch {
    std::vector<std::uint8_t> answers;
    std::vector<std::uint8_t> sheets;
    std::size_t products = 0;
    std::size_t members = 0;

    [[nodiscard]] ocop::sheet_batch view() const {
        return {answers, products, members, sheets, ocop::packing::bytes};
    }
};

/// Answers of which most are right: a few are missing, surplus or no option. \p height: how high
/// members choose, out of 100.
random_batch make_batch(const ocop::scorecard& card, const ocop::verdict_rules& rules,
                        std::size_t products, std::size_t members, bool ragged, int wrong,
                        std::mt19937& random) {
    random_batch made;
    made.products = products;
    made.members = members;
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    for (std::size_t p = 0; p < products; ++p) {
        const std::size_t count = ragged ? below(members + 1) : members;
        if (ragged) made.sheets.push_back(static_cast<std::uint8_t>(count));
        const std::size_t height = below(100);
        for (std::size_t m = 0; m < members; ++m) {
            std::vector<std::uint8_t> row(card.size());
            for (std::size_t i = 0; i < card.size(); ++i) {
                const std::size_t top = rules.highest_code(i);
                std::size_t code =
                    below(100) < height ? top - below(top < 2 ? 1 : 2) : below(top + 1);
                if (rules.value(i, static_cast<std::uint8_t>(code)) < 0) code = 0;
                row[i] = static_cast<std::uint8_t>(code);
                const auto on = rules.tables().criteria[i].condition;
                if (on && rules.value(*on, row[*on]) <= 0) row[i] = ocop::no_answer;
                if (wrong != 0 && below(static_cast<std::size_t>(wrong)) == 0)
                    row[i] = std::array<std::uint8_t, 5>{ocop::no_answer, 0, 15, 16, 200}[below(5)];
            }
            // A slot without a sheet may hold anything.
            if (m >= count)
                for (std::uint8_t& code : row) code = static_cast<std::uint8_t>(random());
            made.answers.insert(made.answers.end(), row.begin(), row.end());
        }
    }
    return made;
}

/// What assess() says of product \p p.
ocop::assessment alone(const ocop::regulation& under, const ocop::scorecard& card,
                       const setting& in, const ocop::sheet_batch& batch, std::size_t p,
                       ocop::problems& unknown) {
    const auto sheets = sheets_of(card, batch, p, unknown);
    return ocop::assess(under, card, in.sitting, sheets, in.given, in.by);
}

void compare(const ocop::regulation& under, const ocop::scorecard& card, const setting& in,
             const ocop::verdict_rules& rules, const random_batch& made, const columns& got,
             std::size_t p) {
    ocop::problems unknown;
    const ocop::assessment told = alone(under, card, in, made.view(), p, unknown);
    CAPTURE(p);
    const std::size_t sheets = made.sheets.empty() ? made.members : made.sheets[p];
    CHECK(got.sheets[p] == sheets);
    if (!unknown.empty() || told.outcome == ocop::outcome::incomplete) {
        CHECK(got.outcome[p] == static_cast<int>(ocop::outcome::incomplete));
        CHECK(got.stars[p] == 0);
        CHECK(got.band[p] == 0);
        CHECK(got.total[p] == 0);
        CHECK(got.missed[p] == 0);
        return;
    }
    CHECK(got.outcome[p] == static_cast<int>(told.outcome));
    CHECK(got.stars[p] == (told.stars ? told.stars->value() : 0));
    CHECK(got.band[p] == told.band->value());
    CHECK(ocop::mean_points(got.total[p], got.sheets[p]) == *told.total);
    for (std::size_t k = 0; k < ocop::part_count; ++k)
        CHECK(ocop::mean_points(got.parts[p][k], got.sheets[p]) == (*told.parts)[k]);
    for (std::size_t i = 0; i < card.size(); ++i)
        CHECK(ocop::mean_points(got.sums[p * card.size() + i], got.sheets[p]) == told.criteria[i]);
    std::uint64_t missed = 0;
    for (const ocop::mark_result& m : told.marks_missed())
        for (std::size_t k = 0; k < rules.tables().marks.size(); ++k)
            if (rules.tables().marks[k] ==
                ocop::verdict_tables::mark{m.mark.criterion, m.mark.stars, m.mark.needed})
                missed |= std::uint64_t{1} << k;
    CHECK(got.missed[p] == missed);
    int most = 0;
    for (const auto& a : told.members)
        for (const auto& b : told.members) {
            most = std::max(most, (a.total - b.total).value());
            for (std::size_t k = 0; in.by.spread == ocop::spread_measure::parts && k < 3; ++k)
                most = std::max(most, (a.parts[k] - b.parts[k]).value());
        }
    CHECK(got.spread[p] == most);
}

columns run(const ocop::verdict_rules& rules, const ocop::sheet_batch& batch,
            ocop::batch_kernel kernel, std::size_t threads = 1) {
    columns made(batch.products, rules.size());
    assess_batch(rules, batch, made.spans(), ocop::in_threads(threads), kernel);
    return made;
}

setting council_of(std::size_t members) {
    setting made;
    // sheets_of() calls the members 1, 2, …
    for (std::size_t m = 1; m <= members; ++m)
        made.sitting.members.push_back({std::to_string(m), ocop::council_role::member});
    return made;
}

/// The settings that each card is tried with in turn.
setting some_setting(std::size_t which, std::size_t members) {
    setting in = council_of(members);
    switch (which % 9) {
    case 1:
        in.sitting.quorum = ocop::quorum::share(2, 3);
        break;
    case 2:
        in.sitting.spread = ocop::spread_rule::of(ocop::points{8});
        in.sitting.spread.blocks = ocop::spread_comparison::at_or_above;
        break;
    case 3:
        in.by.marks = ocop::mark_measure::majority;
        in.by.lower_marks_bind = false;
        break;
    case 4:
        in.by.marks = ocop::mark_measure::every_member;
        in.by.zero_points = ocop::zero_reading::any_member;
        break;
    case 5:
        in.by.missed_mark = ocop::missed_mark::told;
        in.by.title_mark = ocop::title_mark_reading::smallest;
        in.by.gap = ocop::gap_reading::upper;
        break;
    case 6:
        in.by.spread = ocop::spread_measure::parts;
        in.by.zero_points = ocop::zero_reading::majority;
        in.sitting.spread = ocop::spread_rule::of(ocop::points{5});
        break;
    case 7:
        in.by.conditions_bind = false;
        in.given.level = ocop::council_level::district;
        in.given.facts = {};
        in.sitting.quorum = ocop::quorum::of(3);
        break;
    case 8:
        in.by.lower_marks_bind = false;
        in.given.producer = ocop::producer_kind::cooperative;
        in.sitting.spread = ocop::spread_rule::off();
        break;
    default:
        break;
    }
    return in;
}

}  // namespace

TEST_CASE("every product of a batch is what assess says, on all 78 cards") {
    std::mt19937 random(20260522);
    std::size_t which = 0;
    for (const ocop::regulation& under : ocop::bundled_regulations().regulations())
        for (const ocop::scorecard& card : under.scorecards()) {
            CAPTURE(under.card_id(card.set()));
            for (std::size_t round = 0; round < 2; ++round, ++which) {
                const std::size_t members = std::array<std::size_t, 5>{7, 5, 9, 1, 3}[which % 5];
                const setting in = some_setting(which, members);
                CAPTURE(which);
                const ocop::verdict_rules rules(under, card, in.sitting, in.given, in.by);
                const bool ragged = which % 3 == 0;
                const random_batch made =
                    make_batch(card, rules, 70, members, ragged, which % 4 == 0 ? 200 : 0, random);
                const columns plain = run(rules, made.view(), ocop::portable_kernel);
                CHECK(run(rules, made.view(), ocop::fast_kernel) == plain);
                for (std::size_t p = 0; p < made.products; p += 3)
                    compare(under, card, in, rules, made, plain, p);
            }
        }
}

TEST_CASE("default readings on all cards: the fast kernel takes them whole, wrong answers too") {
    std::mt19937 random(7);
    for (const ocop::regulation& under : ocop::bundled_regulations().regulations())
        for (const ocop::scorecard& card : under.scorecards()) {
            CAPTURE(under.card_id(card.set()));
            for (const bool ragged : {false, true})
                for (const int wrong : {0, 300}) {
                    const setting in = council_of(7);
                    const ocop::verdict_rules rules(under, card, in.sitting, in.given, in.by);
                    const random_batch made =
                        make_batch(card, rules, 331, 7, ragged, wrong, random);
                    const columns plain = run(rules, made.view(), ocop::portable_kernel);
                    CHECK(run(rules, made.view(), ocop::fast_kernel) == plain);
                    CHECK(run(rules, made.view(), ocop::fast_kernel, 2) == plain);
                    CHECK(run(rules, made.view(), ocop::portable_kernel, 5) == plain);
                }
        }
}

TEST_CASE("each instruction set that this machine has gives the same verdicts") {
    std::mt19937 random(31);
    const std::size_t tried = support::on_each_instruction_set([&] {
        CAPTURE(std::string(ocop::fast_kernel_target()));
        for (const int set : {1, 13, 26})
            for (const ocop::regulation& under : ocop::bundled_regulations().regulations()) {
                const ocop::scorecard& card = under.card(set);
                for (const bool ragged : {false, true})
                    for (const std::size_t members : {1U, 7U, 9U, 14U}) {
                        setting in = council_of(members);
                        in.sitting.spread = ocop::spread_rule::of(ocop::points{12});
                        const ocop::verdict_rules rules(under, card, in.sitting);
                        const random_batch made =
                            make_batch(card, rules, 97, members, ragged, 900, random);
                        CHECK(run(rules, made.view(), ocop::fast_kernel) ==
                              run(rules, made.view(), ocop::portable_kernel));
                    }
            }
    });
    CHECK(tried >= 1);
    MESSAGE("instruction sets: " << tried
                                 << ", chosen here: " << std::string(ocop::fast_kernel_target()));
}

TEST_CASE("each answer code at each criterion, one at a time, is right or wrong in both kernels") {
    const ocop::regulation& under = ocop::bundled_regulations().at("26-2026");
    const ocop::scorecard& card = under.card(3);
    const setting in = council_of(1);
    const ocop::verdict_rules rules(under, card, in.sitting);
    std::vector<std::uint8_t> good(card.size());
    for (std::size_t i = 0; i < card.size(); ++i)
        good[i] = static_cast<std::uint8_t>(rules.highest_code(i));
    random_batch made;
    made.members = 1;
    for (std::size_t i = 0; i < card.size(); ++i)
        for (unsigned code = 0; code < 256; ++code) {
            std::vector<std::uint8_t> row = good;
            row[i] = static_cast<std::uint8_t>(code);
            made.answers.insert(made.answers.end(), row.begin(), row.end());
            ++made.products;
        }
    const columns plain = run(rules, made.view(), ocop::portable_kernel);
    CHECK(run(rules, made.view(), ocop::fast_kernel) == plain);
    std::size_t complete = 0;
    for (std::uint8_t o : plain.outcome)
        complete += o != static_cast<int>(ocop::outcome::incomplete) ? 1U : 0U;
    std::size_t options = 0;
    for (std::size_t i = 0; i < card.size(); ++i) options += card.option_count(i) + 1;
    // The story's 0 points leave its dependent criterion a surplus answer.
    std::size_t closing = 0;
    for (std::size_t i = 0; i < card.size(); ++i)
        if (const auto on = card.condition_of(i))
            for (std::size_t code = 0; code <= card.option_count(*on); ++code)
                closing += rules.value(*on, static_cast<std::uint8_t>(code)) == 0 ? 1U : 0U;
    CHECK(complete == options - closing);
}

TEST_CASE("half-byte answers give the verdicts of whole bytes") {
    std::mt19937 random(11);
    for (const int set : {1, 3, 13, 26}) {
        const ocop::regulation& under = ocop::bundled_regulations().at("148-2023");
        const ocop::scorecard& card = under.card(set);
        const setting in = council_of(7);
        const ocop::verdict_rules rules(under, card, in.sitting);
        for (const bool ragged : {false, true}) {
            const random_batch made = make_batch(card, rules, 150, 7, ragged, 0, random);
            const std::size_t bytes = (card.size() + 1) / 2;
            std::vector<std::uint8_t> packed(150 * 7 * bytes);
            for (std::size_t s = 0; s < 150 * 7; ++s)
                for (std::size_t i = 0; i < card.size(); ++i) {
                    const std::uint8_t code = made.answers[s * card.size() + i];
                    const unsigned half = code == ocop::no_answer ? 15U : code & 15U;
                    packed[s * bytes + i / 2] =
                        static_cast<std::uint8_t>(packed[s * bytes + i / 2] | half << (i % 2 * 4));
                }
            ocop::sheet_batch half = made.view();
            half.answers = packed;
            half.packed = ocop::packing::nibbles;
            const columns whole = run(rules, made.view(), ocop::portable_kernel);
            CHECK(run(rules, half, ocop::portable_kernel) == whole);
            CHECK(run(rules, half, ocop::fast_kernel) == whole);
        }
    }
}

TEST_CASE("several sets of rules are decided in one pass as each alone") {
    std::mt19937 random(5);
    const ocop::regulation& under = ocop::bundled_regulations().at("26-2026");
    const ocop::scorecard& card = under.card(18);
    const setting in = council_of(9);
    std::vector<ocop::verdict_rules> all;
    for (std::size_t k = 0; k < 6; ++k) {
        ocop::verdict_tables tables = ocop::verdict_tables::from(under, card, in.sitting);
        if (k % 2 == 1) tables.spread = ocop::points{static_cast<std::int32_t>(4 + k)};
        if (k == 2) tables.by.marks = ocop::mark_measure::majority;
        if (k == 3) tables.criteria[0].values[1] = ocop::points{3};
        if (k == 4) tables.criteria[1].values.pop_back();
        all.emplace_back(tables);
    }
    const random_batch made = make_batch(card, all[0], 400, 9, false, 500, random);
    for (const ocop::batch_kernel kernel : {ocop::portable_kernel, ocop::fast_kernel}) {
        std::vector<columns> together(all.size(), columns(made.products, card.size()));
        std::vector<ocop::batch_job> jobs;
        for (std::size_t k = 0; k < all.size(); ++k) jobs.push_back({&all[k], together[k].spans()});
        assess_batch(std::span<const ocop::batch_job>(jobs), made.view(), ocop::in_threads(2),
                     kernel);
        for (std::size_t k = 0; k < all.size(); ++k)
            CHECK(together[k] == run(all[k], made.view(), ocop::portable_kernel));
    }
}

TEST_CASE("columns that are not asked for are not written, shapes that do not fit are refused") {
    const ocop::regulation& under = ocop::bundled_regulations().at("1048-2019");
    const ocop::scorecard& card = under.card(12);
    const setting in = council_of(3);
    const ocop::verdict_rules rules(under, card, in.sitting);
    std::mt19937 random(3);
    const random_batch made = make_batch(card, rules, 65, 3, false, 0, random);
    std::vector<std::uint8_t> stars(65);
    ocop::batch_columns only;
    only.stars = stars;
    for (const ocop::batch_kernel kernel : {ocop::portable_kernel, ocop::fast_kernel}) {
        assess_batch(rules, made.view(), only, ocop::in_this_thread{}, kernel);
        CHECK(stars == run(rules, made.view(), ocop::portable_kernel).stars);
    }

    ocop::sheet_batch wrong = made.view();
    wrong.products = 64;
    stars.resize(60);
    only.stars = stars;
    try {
        assess_batch(rules, wrong, only);
        FAIL("taken");
    } catch (const ocop::error& e) {
        CHECK(support::codes(e.list()) == std::vector<int>{321, 321});
        CHECK(e.list()[0].where.pointer == "/answers");
        CHECK(e.list()[1].where.pointer == "/stars");
    }
    std::vector<std::uint8_t> counts(65, 4);
    ocop::sheet_batch crowded = made.view();
    crowded.sheets = counts;
    CHECK_THROWS_AS(assess_batch(rules, crowded, ocop::batch_columns{}), ocop::error);
    const ocop::sheet_batch none;
    CHECK_NOTHROW(
        assess_batch(rules, none, ocop::batch_columns{}, ocop::in_threads(4), ocop::fast_kernel));
}

TEST_CASE("tables by hand are checked, each problem at its place") {
    ocop::verdict_tables t;
    t.criteria = {{3, {}, 0, false}, {0, {ocop::points{-1}, ocop::points{2000}}, {}, false}};
    t.marks = {{5, ocop::stars(2), ocop::points{-4}}};
    t.bands[0].from = ocop::mean_points(50, 1);
    t.spread = ocop::points{-1};
    try {
        const ocop::verdict_rules rules(t);
        FAIL("taken");
    } catch (const ocop::error& e) {
        std::vector<std::string> places;
        for (const ocop::problem& p : e.list()) places.push_back(p.where.pointer);
        CHECK(places == std::vector<std::string>{
                            "/criteria/0/part", "/criteria/0/values", "/criteria/0/condition",
                            "/criteria/1/values", "/criteria/1/values", "/marks/0/criterion",
                            "/marks/0/stars", "/marks/0/needed", "/bands/1", "/spread"});
    }
}

TEST_CASE("tallies of parts of a council's sheets merge to the tally of all") {
    std::mt19937 random(17);
    for (std::size_t which = 0; which < 9; ++which) {
        const ocop::regulation& under = ocop::bundled_regulations().at("1048-2019");
        const ocop::scorecard& card = under.card(7);
        const setting in = some_setting(which, 7);
        const ocop::verdict_rules rules(under, card, in.sitting, in.given, in.by);
        const random_batch made = make_batch(card, rules, 60, 7, false, 150, random);
        for (std::size_t p = 0; p < 60; ++p) {
            std::vector<std::uint16_t> whole(rules.tally_size());
            std::vector<std::uint16_t> halves[2] = {whole, whole};
            for (std::size_t m = 0; m < 7; ++m) {
                const std::uint8_t* sheet = made.answers.data() + (p * 7 + m) * card.size();
                rules.add(whole.data(), sheet);
                rules.add(halves[(p + m * m) % 2].data(), sheet);
            }
            rules.merge(halves[0].data(), halves[1].data());
            CHECK(rules.decide(halves[0].data()) == rules.decide(whole.data()));
        }
    }
}
