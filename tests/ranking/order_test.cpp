// The order of products: against comparisons by cross multiplication and plain re-sorting.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "../support.hpp"
#include "ocop/exchange/bundled.hpp"
#include "ocop/ranking/batch.hpp"
#include "ocop/ranking/order.hpp"

using ocop::leaderboard;
using ocop::mean_points;
using ocop::order_columns;
using ocop::order_key;
using ocop::order_policy;
using ocop::placed;
using ocop::points;
using ocop::stars;
using ocop::top_k;
using ocop::verdict;

namespace {

/// Columns that own their memory.
struct table {
    std::vector<std::uint8_t> stars;
    std::vector<std::uint8_t> sheets;
    std::vector<std::uint16_t> total;
    std::vector<std::array<std::uint16_t, 3>> parts;

    void add(unsigned star, unsigned count, unsigned a, unsigned b, unsigned c) {
        stars.push_back(static_cast<std::uint8_t>(star));
        sheets.push_back(static_cast<std::uint8_t>(count));
        total.push_back(static_cast<std::uint16_t>(a + b + c));
        parts.push_back({static_cast<std::uint16_t>(a), static_cast<std::uint16_t>(b),
                         static_cast<std::uint16_t>(c)});
    }
    [[nodiscard]] order_columns columns() const { return {stars, sheets, total, parts}; }
    [[nodiscard]] std::size_t size() const { return stars.size(); }
    [[nodiscard]] verdict told(std::size_t p) const {
        verdict v;
        v.outcome = stars[p] == 0 ? ocop::outcome::rejected : ocop::outcome::ranked;
        v.stars = stars[p];
        v.sheets = sheets[p];
        v.total = total[p];
        v.parts = parts[p];
        return v;
    }
};

/// Positive where product \p a is better than \p b, 0 where they are equal: by cross products of
/// the sums, as the rules say it.
int compare(const table& t, std::size_t a, std::size_t b, const order_policy& by) {
    if (by.by_stars && t.stars[a] != t.stars[b]) return t.stars[a] > t.stars[b] ? 1 : -1;
    const auto means = [&](std::int64_t one, std::int64_t other) {
        const std::int64_t left = one * t.sheets[b];
        const std::int64_t right = other * t.sheets[a];
        return left > right ? 1 : left < right ? -1 : 0;
    };
    if (const int c = means(t.total[a], t.total[b]); c != 0) return c;
    for (std::size_t k = 0; k < by.tie_count; ++k)
        if (const int c = means(t.parts[a][by.ties[k]], t.parts[b][by.ties[k]]); c != 0) return c;
    return 0;
}

struct ordered {
    std::vector<std::uint32_t> order;
    std::vector<std::uint32_t> ranks;
    std::size_t ranked = 0;
};

/// std::sort by cross products, and ranks by counting.
ordered sorted_apart(const table& t, const order_policy& by) {
    ordered made;
    made.ranks.resize(t.size());
    for (std::uint32_t p = 0; p < t.size(); ++p)
        if (t.stars[p] != 0) made.order.push_back(p);
    made.ranked = made.order.size();
    std::sort(made.order.begin(), made.order.end(), [&](std::uint32_t a, std::uint32_t b) {
        const int c = compare(t, a, b, by);
        return c != 0 ? c > 0 : a < b;
    });
    for (std::size_t i = 0; i < made.ranked; ++i)
        made.ranks[made.order[i]] = i != 0 && compare(t, made.order[i - 1], made.order[i], by) == 0
                                        ? made.ranks[made.order[i - 1]]
                                        : static_cast<std::uint32_t>(i + 1);
    for (std::uint32_t p = 0; p < t.size(); ++p)
        if (t.stars[p] == 0) made.order.push_back(p);
    return made;
}

ordered sorted_here(const table& t, const order_policy& by) {
    ordered made;
    made.order.resize(t.size());
    made.ranks.resize(t.size());
    made.ranked = order_products(t.columns(), by, made.order, made.ranks);
    return made;
}

/// Products over councils of \p counts sheets; every tenth is not ranked. Points are drawn from
/// few values, so that ties are many.
table random_table(std::mt19937_64& random, std::size_t size, const std::vector<unsigned>& counts,
                   unsigned most) {
    table t;
    const auto draw = [&](unsigned below) { return static_cast<unsigned>(random() % below); };
    for (std::size_t p = 0; p < size; ++p) {
        const unsigned n = counts[draw(static_cast<unsigned>(counts.size()))];
        const unsigned a = draw(most * n + 1);
        const unsigned b = draw(most * n / 2 + 1);
        const unsigned c = draw(3) * n;
        t.add(draw(10) == 0 ? 0 : 1 + draw(5), n, a, b, c);
    }
    return t;
}

const std::vector<order_policy>& policies() {
    static const std::vector<order_policy> all = [] {
        std::vector<order_policy> list{order_policy{}};
        for (const char* text : {"", "A", "B,C", "A,B,C"}) list.push_back(ocop::parse_ties(text));
        list.push_back(order_policy{});
        list.back().by_stars = false;
        return list;
    }();
    return all;
}

/// What the radix sorts see: one council size; few; many; up to 250, where keys exceed a word; and
/// sums of a host's own points.
std::vector<table> tables(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<unsigned> many;
    std::vector<unsigned> all;
    for (unsigned n = 1; n <= 45; ++n) many.push_back(n);
    for (unsigned n = 1; n <= 250; ++n) all.push_back(n);
    return {random_table(random, 3000, {7}, 40),
            random_table(random, 3000, {5, 6, 7}, 6),
            random_table(random, 3000, {7, 9, 11}, 40),
            random_table(random, 3000, many, 4),
            random_table(random, 3000, all, 4),
            random_table(random, 3000, all, 90),
            random_table(random, 1500, {1, 2, 3}, 12000),
            random_table(random, 40, {3}, 1),
            random_table(random, 1, {3}, 1),
            table{}};
}

}  // namespace

TEST_CASE("products are ordered as rules say it, by every policy and council") {
    for (const table& t : tables(1))
        for (const order_policy& by : policies()) {
            const ordered want = sorted_apart(t, by);
            const ordered got = sorted_here(t, by);
            CHECK(got.ranked == want.ranked);
            CHECK(got.order == want.order);
            CHECK(got.ranks == want.ranks);

            // Keys say the same: the twin of the packed sort.
            std::vector<order_key> keys;
            for (std::size_t p = 0; p < t.size(); ++p) keys.push_back(order_key::of(t.told(p), by));
            std::vector<std::uint32_t> order(t.size());
            std::vector<std::uint32_t> ranks(t.size());
            CHECK(ocop::order_products(keys, order, ranks) == want.ranked);
            CHECK(order == want.order);
            CHECK(ranks == want.ranks);
            ocop::order_workspace work;
            CHECK(ocop::detail::order_checked(t.columns(), by, order, ranks, work, false) ==
                  want.ranked);
            CHECK(order == want.order);
            CHECK(ranks == want.ranks);
        }
}

TEST_CASE("means that differ by the least there is are told apart, equal ones are not") {
    // All fractions of up to 60 sheets within one point, and the last two sheets counts of a key.
    std::vector<mean_points> means;
    for (std::int64_t n = 1; n <= 60; ++n)
        for (std::int64_t sum = 71 * n; sum <= 72 * n; ++sum) means.emplace_back(sum, n);
    constexpr std::int64_t largest = order_key::most_count;
    means.emplace_back(71 * largest + 1, largest);
    means.emplace_back(71 * (largest - 1) + 1, largest - 1);
    means.emplace_back(71 * (largest - 1) + 2, largest - 1);
    const order_policy none = ocop::parse_ties("");
    std::vector<order_key> keys;
    for (const mean_points& m : means) keys.emplace_back(stars(4), m, none);
    std::size_t wrong = 0;
    for (std::size_t a = 0; a < means.size(); ++a)
        for (std::size_t b = 0; b < means.size(); ++b) {
            const auto fractions = means[a] <=> means[b];
            const auto numbers = keys[a] <=> keys[b];
            if ((fractions > 0) != (numbers > 0) || (fractions < 0) != (numbers < 0)) ++wrong;
        }
    CHECK(wrong == 0);
    CHECK(order_key(stars(5), {90, 1}, none) > order_key(stars(4), {99, 1}, none));
    CHECK(order_key(stars(1), {0, 1}, none) > order_key());
    CHECK_FALSE(order_key().ranked());
}

TEST_CASE("published decimals make keys, and stand beside sums of sheets") {
    const order_policy none = ocop::parse_ties("");
    CHECK(order_key(stars(3), *ocop::parse_mean("69.5"), none) ==
          order_key(stars(3), {139, 2}, none));
    CHECK(order_key(stars(3), *ocop::parse_mean("69.666667"), none) >
          order_key(stars(3), {209, 3}, none));
    CHECK(order_key(stars(3), *ocop::parse_mean("69.666666"), none) <
          order_key(stars(3), {209, 3}, none));
}

TEST_CASE("what cannot be a key is refused") {
    const order_policy none = ocop::parse_ties("");
    CHECK_THROWS_AS(order_key(stars(3), mean_points(-1, 2), none), ocop::error);
    CHECK_THROWS_AS(order_key(stars(3), mean_points(1 << 20, 1), none), ocop::error);
    CHECK_THROWS_AS(order_key(stars(3), mean_points(50, (1 << 20) + 1), none), ocop::error);
    CHECK_THROWS_AS(order_key(stars(3), mean_points(50, 1), order_policy{}), ocop::error);
    CHECK_THROWS_AS(order_key(stars(3), {50, 1}, {{{20, 1}, {20, 1}, {11, 1}}}), ocop::error);
    CHECK_NOTHROW(order_key(stars(3), {50, 1}, {{{20, 1}, {20, 1}, {10, 1}}}));
    order_policy twice;
    twice.ties = {2, 2, 0};
    CHECK_THROWS_AS(order_key(stars(3), {50, 1}, {{{20, 1}, {20, 1}, {10, 1}}}, twice),
                    ocop::error);
    verdict broken;
    broken.outcome = ocop::outcome::ranked;
    broken.stars = 3;
    broken.sheets = 2;
    broken.total = 120;
    broken.parts = {40, 40, 41};
    CHECK_THROWS_AS((void)order_key::of(broken), ocop::error);

    table t;
    t.add(3, 2, 40, 40, 40);
    t.add(3, 2, 40, 40, 40);
    t.total[1] = 119;
    std::vector<std::uint32_t> order(2);
    CHECK_THROWS_AS(order_products(t.columns(), {}, order, {}), ocop::error);
    top_k best(1);
    CHECK_THROWS_AS(best.push_all(t.columns(), {}), ocop::error);
    t.total[1] = 120;
    std::vector<std::uint32_t> short_one(1);
    CHECK_THROWS_AS(order_products(t.columns(), {}, short_one, {}), ocop::error);
    order_columns ragged = t.columns();
    ragged.sheets = ragged.sheets.first(1);
    CHECK_THROWS_AS(order_products(ragged, {}, order, {}), ocop::error);
    ragged = t.columns();
    ragged.parts = {};
    CHECK_THROWS_AS(order_products(ragged, {}, order, {}), ocop::error);
    CHECK(order_products(ragged, none, order, {}) == 2);
    CHECK_THROWS_AS((void)rank_of(t.columns(), {}, 2), ocop::error);
    t.stars[0] = 6;
    CHECK_THROWS_AS(order_products(t.columns(), {}, order, {}), ocop::error);
    t.stars[0] = 5;
    t.sheets[0] = 0;
    CHECK_THROWS_AS(order_products(t.columns(), {}, order, {}), ocop::error);
}

TEST_CASE("tie-breaks are read from text") {
    CHECK(ocop::parse_ties("C,A,B") == order_policy{});
    CHECK(ocop::ties_text(ocop::parse_ties("B,A")) == "B,A");
    CHECK(ocop::parse_ties("").tie_count == 0);
    for (const char* bad :
         {"c", "A,A", "A,", ",A", "AB", "A;B", "D", "A,B,C,A", "A, B", " ", "A "}) {
        ocop::problems found;
        CHECK_FALSE(ocop::try_parse_ties(bad, found));
        REQUIRE(found.size() == 1);
        CHECK(found[0].code == ocop::problem_code::bad_value);
        CHECK(found[0].value == bad);
        CHECK_THROWS_AS((void)ocop::parse_ties(bad), ocop::error);
    }
}

TEST_CASE("equal products share a rank: 1 2 2 4") {
    table t;
    t.add(3, 3, 100, 50, 30);
    t.add(4, 3, 90, 60, 75);
    t.add(0, 0, 0, 0, 0);
    t.add(4, 6, 180, 120, 150);  // as the second, over twice the sheets
    t.add(5, 3, 110, 70, 95);
    const ordered got = sorted_here(t, {});
    CHECK(got.order == std::vector<std::uint32_t>{4, 1, 3, 0, 2});
    CHECK(got.ranks == std::vector<std::uint32_t>{4, 2, 0, 2, 1});
    CHECK(got.ranked == 4);
}

TEST_CASE("ranks do not depend on the order of the input") {
    std::mt19937_64 random(5);
    for (const table& t : tables(2)) {
        const ordered first = sorted_here(t, {});
        std::vector<std::uint32_t> from(t.size());
        for (std::uint32_t p = 0; p < t.size(); ++p) from[p] = p;
        std::shuffle(from.begin(), from.end(), random);
        table shuffled;
        for (std::uint32_t p : from)
            shuffled.add(t.stars[p], t.sheets[p], t.parts[p][0], t.parts[p][1], t.parts[p][2]);
        const ordered second = sorted_here(shuffled, {});
        for (std::size_t i = 0; i < from.size(); ++i)
            REQUIRE(second.ranks[i] == first.ranks[from[i]]);
    }
}

TEST_CASE("the rank of one is that of the whole order") {
    for (const table& t : tables(3))
        for (const order_policy& by : policies()) {
            const ordered want = sorted_apart(t, by);
            for (std::size_t p = 0; p < t.size(); p += 97)
                CHECK(rank_of(t.columns(), by, p) == want.ranks[p]);
        }
}

TEST_CASE("the first k of a stream are the first k of the order, whatever its order and cut") {
    std::mt19937_64 random(11);
    for (const table& t : tables(4))
        for (const order_policy& by : policies()) {
            const ordered want = sorted_apart(t, by);
            for (std::size_t k : {std::size_t{0}, std::size_t{1}, std::size_t{10}, std::size_t{333},
                                  t.size(), t.size() + 5}) {
                top_k all(k);
                all.push_all(t.columns(), by, 1000);
                const std::size_t held = std::min(k, want.ranked);
                const std::vector<placed> list = all.list();
                REQUIRE(list.size() == held);
                CHECK(all.ranked() == want.ranked);
                for (std::size_t i = 0; i < held; ++i) {
                    REQUIRE(list[i].id == 1000 + want.order[i]);
                    REQUIRE(list[i].rank == want.ranks[want.order[i]]);
                }
                if (held != 0) {
                    const auto last = want.ranks[want.order[held - 1]];
                    std::uint64_t sharing = 0;
                    for (std::uint32_t rank : want.ranks) sharing += rank == last ? 1U : 0U;
                    CHECK(all.sharing_last() == sharing);
                    CHECK(all.tied_outside() ==
                          sharing - static_cast<std::uint64_t>(std::count_if(
                                        list.begin(), list.end(),
                                        [&](const placed& one) { return one.rank == last; })));
                }
                // Pushed one by one in another order, and in three parts that are merged.
                std::vector<std::size_t> from(t.size());
                for (std::size_t p = 0; p < from.size(); ++p) from[p] = p;
                std::shuffle(from.begin(), from.end(), random);
                top_k shuffled(k);
                std::array<top_k, 3> cut{top_k(k), top_k(k), top_k(k)};
                for (std::size_t p : from) {
                    const order_key key = order_key::of(t.told(p), by);
                    shuffled.push(key, 1000 + p);
                    cut[random() % 3].push(key, 1000 + p);
                }
                CHECK(shuffled == all);
                cut[1].merge(cut[2]);
                cut[0].merge(cut[1]);
                CHECK(cut[0] == all);
            }
        }
    CHECK_THROWS_AS(top_k(3).merge(top_k(4)), ocop::error);
}

TEST_CASE("a stream of chunks holds what the whole does") {
    std::mt19937_64 random(12);
    const table t = random_table(random, 5000, {5, 7, 9}, 20);
    top_k whole(50);
    whole.push_all(t.columns(), {});
    top_k chunks(50);
    for (std::size_t first = 0; first < t.size(); first += 700) {
        const std::size_t count = std::min<std::size_t>(700, t.size() - first);
        const order_columns in = t.columns();
        chunks.push_all({in.stars.subspan(first, count), in.sheets.subspan(first, count),
                         in.total.subspan(first, count), in.parts.subspan(first, count)},
                        {}, first);
    }
    CHECK(chunks == whole);
    // A bar that no sums of columns reach turns all of them away but those of more stars.
    const order_policy none = ocop::parse_ties("");
    top_k high(1);
    high.push(order_key(stars(4), {1'000'000, 1}, none), 99'999);
    high.push_all(t.columns(), none);
    std::size_t five = 0;
    for (std::uint8_t s : t.stars) five += s == 5 ? 1U : 0U;
    REQUIRE(five > 0);
    CHECK(t.stars[high.list()[0].id] == 5);
}

TEST_CASE("within groups ranks restart") {
    std::mt19937_64 random(21);
    for (const table& t : tables(6)) {
        std::vector<std::uint32_t> groups(t.size());
        for (std::uint32_t& g : groups)
            g = random() % 2 == 0 ? static_cast<std::uint32_t>(random() % 5)
                                  : 4'000'000'000U + static_cast<std::uint32_t>(random() % 3);
        ordered got = sorted_here(t, {});
        const auto slices = ocop::split_by_group(groups, got.order, got.ranks, got.ranked);
        const ordered whole = sorted_apart(t, {});
        std::vector<std::uint32_t> names(groups);
        std::sort(names.begin(), names.end());
        names.erase(std::unique(names.begin(), names.end()), names.end());
        std::size_t next = 0;
        std::size_t slice = 0;
        for (std::uint32_t g : names) {
            // The group alone, ranked by itself.
            table alone;
            std::vector<std::uint32_t> of;
            for (std::uint32_t p = 0; p < t.size(); ++p)
                if (groups[p] == g) {
                    of.push_back(p);
                    alone.add(t.stars[p], t.sheets[p], t.parts[p][0], t.parts[p][1], t.parts[p][2]);
                }
            const ordered want = sorted_apart(alone, {});
            for (std::size_t i = 0; i < of.size(); ++i) REQUIRE(got.ranks[of[i]] == want.ranks[i]);
            if (want.ranked == 0) continue;
            REQUIRE(slice < slices.size());
            CHECK(slices[slice] == ocop::group_slice{g, next, want.ranked});
            for (std::size_t i = 0; i < want.ranked; ++i)
                REQUIRE(got.order[next + i] == of[want.order[i]]);
            next += want.ranked;
            ++slice;
        }
        CHECK(slice == slices.size());
        for (std::size_t i = next; i < t.size(); ++i) REQUIRE(got.order[i] == whole.order[i]);
    }
    std::vector<std::uint32_t> two(2);
    std::vector<std::uint32_t> three(3);
    CHECK_THROWS_AS(ocop::split_by_group(two, three, three, 2), ocop::error);
}

namespace {

/// A board as a sorted vector.
struct plain_board {
    std::vector<std::pair<order_key, std::uint64_t>> rows;

    void put(std::uint64_t id, const order_key& key) {
        withdraw(id);
        if (!key.ranked()) return;
        const std::pair<order_key, std::uint64_t> one{key, id};
        rows.insert(std::lower_bound(rows.begin(), rows.end(), one,
                                     [](const auto& a, const auto& b) {
                                         return a.first != b.first ? a.first > b.first
                                                                   : a.second < b.second;
                                     }),
                    one);
    }
    bool withdraw(std::uint64_t id) {
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (rows[i].second == id) {
                rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(i));
                return true;
            }
        return false;
    }
    [[nodiscard]] std::size_t rank_of(std::uint64_t id) const {
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (rows[i].second == id) {
                while (i != 0 && rows[i - 1].first == rows[i].first) --i;
                return i + 1;
            }
        return 0;
    }
    [[nodiscard]] std::vector<placed> page(std::size_t first, std::size_t count) const {
        std::vector<placed> made;
        for (std::size_t i = first - 1; i < rows.size() && made.size() < count; ++i)
            made.push_back({rows[i].second, rank_of(rows[i].second), rows[i].first});
        return made;
    }
};

order_key random_key(std::mt19937_64& random, unsigned spread) {
    const auto n = static_cast<std::int64_t>(5 + random() % 3);
    const auto a = static_cast<std::int64_t>(random() % spread);
    const auto b = static_cast<std::int64_t>(random() % 3);
    return {stars(1 + static_cast<int>(random() % 5)), {a + b + n, n}, {{{a, n}, {b, n}, {1, 1}}}};
}

}  // namespace

TEST_CASE("a board after thousands of operations is what sorting makes of them") {
    // Few products (a lone leaf), some hundreds, and thousands with phases of growth and of decay,
    // so that nodes split, share and join on every level.
    const auto play = [](std::uint64_t seed, std::uint64_t products, std::size_t steps,
                         unsigned spread, std::size_t look) {
        std::mt19937_64 random(seed);
        leaderboard board;
        plain_board plain;
        for (std::size_t step = 0; step < steps; ++step) {
            const bool decay = step / (steps / 6 + 1) % 2 == 1;
            const std::uint64_t id = random() % products * 0x9E3779B97F4A7C15U;
            const bool known = plain.rank_of(id) != 0;
            if (random() % 10 < (decay ? 8U : 2U)) {
                CHECK(board.withdraw(id) == known);
                plain.withdraw(id);
            } else {
                const order_key key = random() % 50 == 0 ? order_key() : random_key(random, spread);
                CHECK(board.put(id, key) == !known);
                plain.put(id, key);
            }
            REQUIRE(board.size() == plain.rows.size());
            REQUIRE(board.rank_of(id) == plain.rank_of(id));
            if (step % look != 0) continue;
            REQUIRE(board.page(1, board.size()) == plain.page(1, plain.rows.size()));
            if (plain.rows.empty()) continue;
            const std::size_t place = 1 + random() % plain.rows.size();
            CHECK(board.page(place, 10) == plain.page(place, 10));
            CHECK(board.at(place)->id == plain.rows[place - 1].second);
            const order_key& key = plain.rows[place - 1].first;
            CHECK(board.rank_of_key(key) == plain.rank_of(plain.rows[place - 1].second));
            CHECK(board.sharing(key) == static_cast<std::size_t>(std::count_if(
                                            plain.rows.begin(), plain.rows.end(),
                                            [&](const auto& one) { return one.first == key; })));
        }
        CHECK_FALSE(board.at(board.size() + 1));
        CHECK_FALSE(board.at(0));
        return std::pair(board, plain);
    };
    play(1, 20, 3000, 4, 10);
    play(2, 700, 8000, 30, 100);
    play(3, 6000, 30'000, 1000, 3000);
    const auto [board, plain] = play(4, 6000, 12'000, 3, 2000);

    SUBCASE("boards of the same results are equal, however they came there") {
        leaderboard other;
        for (auto row = plain.rows.rbegin(); row != plain.rows.rend(); ++row)
            other.put(row->second, row->first);
        CHECK(other == board);
        leaderboard copy = other;
        REQUIRE(copy.size() > 2);
        copy.withdraw(copy.at(1)->id);
        CHECK(copy != board);
        CHECK(other == board);
        const leaderboard moved = std::move(other);
        CHECK(moved == board);
        // NOLINTNEXTLINE(bugprone-use-after-move): a board that was moved from is an empty one.
        CHECK(other.size() == 0);
        CHECK(other.put(5, order_key(stars(3), {60, 1}, ocop::parse_ties(""))));
        CHECK(other.rank_of(5) == 1);
    }
    SUBCASE("emptied it is an empty board") {
        leaderboard emptied = board;
        for (const auto& row : plain.rows) CHECK(emptied.withdraw(row.second));
        CHECK(emptied == leaderboard());
        CHECK(emptied.page(1, 10).empty());
        CHECK(emptied.rank_of(1) == 0);
        CHECK_FALSE(emptied.withdraw(1));
    }
}

TEST_CASE("a board of many products grows and shrinks through all its levels") {
    std::mt19937_64 random(9);
    const order_policy none = ocop::parse_ties("");
    std::vector<std::pair<order_key, std::uint64_t>> rows;
    for (std::uint64_t id = 0; id < 60'000; ++id)
        rows.emplace_back(order_key(stars(1 + static_cast<int>(random() % 5)),
                                    {static_cast<std::int64_t>(random() % 70'000), 700}, none),
                          id);
    leaderboard board;
    for (const auto& [key, id] : rows) board.put(id, key);
    std::shuffle(rows.begin(), rows.end(), random);
    while (!rows.empty()) {
        std::vector<std::pair<order_key, std::uint64_t>> sorted = rows;
        std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
            return a.first != b.first ? a.first > b.first : a.second < b.second;
        });
        const std::vector<placed> page = board.page(1, sorted.size() + 1);
        REQUIRE(page.size() == sorted.size());
        std::size_t rank = 1;
        for (std::size_t i = 0; i < sorted.size(); ++i) {
            if (i != 0 && sorted[i].first != sorted[i - 1].first) rank = i + 1;
            REQUIRE(page[i] == placed{sorted[i].second, rank, sorted[i].first});
            if (i % 101 == 0) REQUIRE(board.rank_of(sorted[i].second) == rank);
        }
        const std::size_t keep = rows.size() * 2 / 3;
        while (rows.size() > keep) {
            REQUIRE(board.withdraw(rows.back().second));
            rows.pop_back();
        }
    }
    CHECK(board.size() == 0);
}

TEST_CASE("ids at both ends of their range stand on a board") {
    leaderboard board;
    const order_key key(stars(3), {60, 1}, ocop::parse_ties(""));
    CHECK(board.put(0, key));
    CHECK(board.put(~std::uint64_t{0}, key));
    CHECK_FALSE(board.put(0, key));
    CHECK(board.rank_of(0) == 1);
    CHECK(board.rank_of(~std::uint64_t{0}) == 1);
    CHECK(board.sharing(key) == 2);
    CHECK(board.at(2)->id == ~std::uint64_t{0});
    CHECK(board.at(2)->rank == 1);
    CHECK(board.sharing(order_key()) == 0);
}

TEST_CASE("keys of assessments order as those of verdicts on real cards") {
    const ocop::regulation& rules = ocop::bundled_regulations().at("26-2026");
    std::mt19937_64 random(8);
    for (int set : {1, 13, 20, 26}) {
        const ocop::scorecard& card = rules.card(set);
        const ocop::council sitting = support::council_of(3);
        const ocop::verdict_rules tables(rules, card, sitting);
        std::vector<std::uint16_t> tally(tables.tally_size());
        for (int round = 0; round < 40; ++round) {
            std::vector<ocop::score_sheet> sheets;
            tables.clear(tally.data());
            for (int m = 1; m <= 3; ++m) {
                ocop::score_sheet sheet(card, "m" + std::to_string(m));
                for (std::size_t i = 0; i < card.size(); ++i) {
                    const auto on = card.condition_of(i);
                    if (on && card.points_for(*on, sheet.at(*on).bits()) == points{0}) continue;
                    ocop::problems none;
                    const std::size_t options = card.option_count(i);
                    sheet.try_choose(card, i, static_cast<std::int64_t>(random() % (options + 1)),
                                     none);
                }
                std::vector<ocop::answer_code> codes(card.size());
                ocop::encode(card, sheet, codes);
                REQUIRE(tables.add(tally.data(), codes.data()));
                sheets.push_back(std::move(sheet));
            }
            const ocop::assessment a = ocop::assess(rules, card, sitting, sheets);
            CHECK(order_key::of(a) == order_key::of(tables.decide(tally.data())));
            CHECK(order_key::of(a).ranked() == (a.outcome == ocop::outcome::ranked));
        }
    }
    ocop::published_points published;
    published.total = ocop::parse_mean("72.80");
    CHECK_FALSE(order_key::of(ocop::assess_published(rules, nullptr, published)).ranked());
}
