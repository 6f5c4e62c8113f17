/// \file order.hpp
/// The order of products (rules §8): by stars, by the exact mean total, by the tie-breaks that the
/// host names. Whole rankings, the first k of a stream, the rank of one, rankings within groups, and
/// a board that takes one result at a time. Equal products share a rank: 1, 2, 2, 4.
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/base/points.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/base/stars.hpp"
#include "ocop/criteria/scorecard.hpp"
#include "ocop/ranking/assessment.hpp"
#include "ocop/ranking/verdict.hpp"

namespace ocop {

/// What products are ordered by, first to last: stars, mean total, means of the parts in \ref ties.
/// Source: rules §8; the tie-breaks are the host's, no decision names any.
struct order_policy {
    /// Parts that break ties (0, 1, 2 for A, B, C), of which the first \ref tie_count count.
    std::array<std::uint8_t, part_count> ties{2, 0, 1};
    std::size_t tie_count = part_count;
    /// Whether stars come before points; if not, points alone order what is ranked.
    bool by_stars = true;

    friend bool operator==(const order_policy&, const order_policy&) = default;
};

/// What is wrong with \p policy: more tie-breaks than parts, a part that is none, a part twice.
inline void validate(const order_policy& policy, problems& found) {
    bool good = policy.tie_count <= part_count;
    for (std::size_t k = 0; good && k < policy.tie_count; ++k) {
        good = policy.ties[k] < part_count;
        for (std::size_t earlier = 0; earlier < k; ++earlier)
            good = good && policy.ties[earlier] != policy.ties[k];
    }
    if (!good)
        found.push_back(detail::make_problem(
            problem_code::bad_value, "/ties", std::to_string(policy.tie_count),
            {"tiêu chí phụ là các phần 0, 1, 2 (A, B, C), mỗi phần nhiều nhất một lần",
             "tie-breaks are the parts 0, 1, 2 (A, B, C), each at most once"}));
}

/// The policy whose tie-breaks are written in \p text: letters of parts, separated by commas, each
/// at most once ("C,A,B"); an empty text names none. Nothing, and bad_value in \p found, for any
/// other text.
[[nodiscard]] inline std::optional<order_policy> try_parse_ties(std::string_view text,
                                                                problems& found) {
    order_policy made;
    made.tie_count = 0;
    bool good = text.empty() || text.size() % 2 == 1;
    for (std::size_t i = 0; good && i < text.size(); ++i) {
        if (i % 2 == 1) {
            good = text[i] == ',';
            continue;
        }
        good = text[i] >= 'A' && text[i] <= 'C' && made.tie_count < part_count;
        if (good) made.ties[made.tie_count++] = static_cast<std::uint8_t>(text[i] - 'A');
    }
    problems wrong;
    if (good) validate(made, wrong);
    if (!good || !wrong.empty()) {
        found.push_back(detail::make_problem(
            problem_code::bad_value, "/ties", std::string(text),
            detail::told("\"{0}\" không phải thứ tự phân hạng khi bằng điểm: ghi các chữ A, B, C, "
                         "cách nhau bằng dấu phẩy, mỗi chữ nhiều nhất một lần, ví dụ \"C,A,B\"",
                         "\"{0}\" does not say what breaks ties: give letters of A, B, C with "
                         "commas between them, each at most once, as in \"C,A,B\"",
                         {detail::shown(text)})));
        return std::nullopt;
    }
    // What does not count is left as in the default, so that equal policies compare equal.
    std::size_t next = made.tie_count;
    for (std::uint8_t part : order_policy{}.ties) {
        bool named = false;
        for (std::size_t k = 0; k < made.tie_count; ++k) named = named || made.ties[k] == part;
        if (!named) made.ties[next++] = part;
    }
    return made;
}

/// As try_parse_ties(). \throws error for a text that is no list of parts.
[[nodiscard]] inline order_policy parse_ties(std::string_view text) {
    problems found;
    const auto made = try_parse_ties(text, found);
    if (!made) throw error(std::move(found));
    return *made;
}

/// The tie-breaks of \p policy as parse_ties() reads them: "C,A,B".
[[nodiscard]] inline std::string ties_text(const order_policy& policy) {
    std::string text;
    for (std::size_t k = 0; k < policy.tie_count && k < part_count; ++k) {
        if (k != 0) text += ',';
        text += static_cast<char>('A' + policy.ties[k]);
    }
    return text;
}

/// All that orders a product, as one value: the better product compares greater, equal products
/// compare equal, and a product that is not ranked is below every ranked one.
///
/// Keys are exact without fractions. Two different means over at most 2^20 sheets differ by at
/// least 2^-40, so the whole part of mean × 2^40 tells them apart and is the same for equal means.
/// Keys of different policies do not compare.
class order_key {
public:
    /// The most sheets (or the largest denominator) of a mean in a key.
    static constexpr std::int64_t most_count = std::int64_t{1} << 20;
    /// Means in a key lie below this.
    static constexpr std::int64_t mean_limit = std::int64_t{1} << 20;

    /// A product that is not ranked.
    constexpr order_key() noexcept = default;

    /// The key of a ranked product.
    /// \throws error for a bad policy, for means that are negative, 2^20 or above or over more than
    ///         2^20 sheets, and for parts that do not make the total.
    order_key(ocop::stars stars, const mean_points& total,
              const std::array<mean_points, part_count>& parts, const order_policy& by = {})
        : order_key(stars, total, by, &parts) {
        if (parts[0] + parts[1] + parts[2] != total) reject_sum(exact_text(total));
    }
    /// The key of a ranked product whose parts are not known.
    /// \throws error as above, and where \p by has tie-breaks.
    order_key(ocop::stars stars, const mean_points& total, const order_policy& by)
        : order_key(stars, total, by, nullptr) {}

    /// The key of \p told: not ranked unless its outcome is.
    /// \throws error for a bad policy and for parts that do not make the total.
    [[nodiscard]] static order_key of(const verdict& told, const order_policy& by = {}) {
        if (told.outcome != outcome::ranked) return {};
        check(by);
        if (told.parts[0] + told.parts[1] + told.parts[2] != told.total || told.sheets == 0)
            reject_sum(std::to_string(told.total));
        return of_sums(told.stars, told.sheets, told.total, told.parts, by);
    }

    /// The key of \p told: not ranked unless its outcome is and its stars are known (published
    /// points without sheets tell none).
    /// \throws error as the constructors.
    [[nodiscard]] static order_key of(const assessment& told, const order_policy& by = {}) {
        if (told.outcome != outcome::ranked || !told.stars || !told.total) return {};
        if (told.parts) return {*told.stars, *told.total, *told.parts, by};
        return {*told.stars, *told.total, by};
    }

    /// Whether it is the key of a ranked product.
    [[nodiscard]] constexpr bool ranked() const noexcept { return first_ != 0; }

    /// The better product compares greater.
    friend constexpr auto operator<=>(const order_key&, const order_key&) noexcept = default;

    /// The key of sums over \p sheets sheets (1 or more) that are known to be in order: the policy
    /// valid, the parts making the total. No checks, for those who made them before.
    [[nodiscard]] static constexpr order_key of_sums(
        std::uint8_t stars, std::uint32_t sheets, std::uint32_t total,
        const std::array<std::uint16_t, part_count>& parts, const order_policy& by) noexcept {
        order_key made;
        made.first_ = head(by.by_stars ? stars : 0U, scaled(total, sheets));
        // The third tie-break follows from the total and the other two.
        if (by.tie_count > 0) made.second_ = scaled(parts[by.ties[0]], sheets);
        if (by.tie_count > 1) made.third_ = scaled(parts[by.ties[1]], sheets);
        return made;
    }

    /// A number b such that a product of `stars` (0 where the policy leaves them out) and `total`
    /// points over `sheets` sheets, at most 255, is below this key wherever
    /// `(stars * sheets * 2^16 + total) * 2^32 < b * sheets`: told without a division.
    [[nodiscard]] constexpr std::uint64_t bar() const noexcept {
        // Stars, and the mean rounded down to 2^-32: sums of 16 bits have means below 2^16, so that
        // a larger one stands above them all.
        constexpr std::uint64_t most = std::uint64_t{1} << 48;
        const std::uint64_t points = (first_ & ((std::uint64_t{1} << 60) - 1)) >> 8;
        return ((first_ >> 60 & 7U) << 48) + (points < most ? points : most);
    }

private:
    static constexpr unsigned fraction_bits = 40;

    order_key(ocop::stars stars, const mean_points& total, const order_policy& by,
              const std::array<mean_points, part_count>* parts) {
        check(by);
        const unsigned level = by.by_stars ? static_cast<unsigned>(stars.value()) : 0U;
        first_ = head(level, scaled(total));
        if (by.tie_count == 0) return;
        if (parts == nullptr)
            throw error(detail::make_problem(
                problem_code::bad_value, "/ties", ties_text(by),
                detail::told("tiêu chí phụ {0} cần điểm từng phần; nếu không biết, bỏ tiêu chí phụ",
                             "the tie-breaks {0} need the points of the parts; where these are not "
                             "known, name no tie-breaks",
                             {ties_text(by)})));
        second_ = scaled((*parts)[by.ties[0]]);
        if (by.tie_count > 1) third_ = scaled((*parts)[by.ties[1]]);
    }

    [[nodiscard]] static constexpr std::uint64_t head(unsigned stars,
                                                      std::uint64_t total) noexcept {
        return std::uint64_t{1} << 63 | static_cast<std::uint64_t>(stars) << 60 | total;
    }
    [[nodiscard]] static constexpr std::uint64_t scaled(std::uint64_t sum,
                                                        std::uint64_t count) noexcept {
        return (sum / count << fraction_bits) + (sum % count << fraction_bits) / count;
    }
    [[nodiscard]] static std::uint64_t scaled(const mean_points& mean) {
        if (mean.sum() < 0 || mean.count() > most_count || mean.sum() / mean.count() >= mean_limit)
            throw error(detail::make_problem(
                problem_code::bad_value, "/points", exact_text(mean),
                detail::told("điểm bình quân {0} không xếp thứ tự được: từ 0 đến dưới 2^20, trên "
                             "nhiều nhất 2^20 phiếu",
                             "the mean {0} cannot be ordered: give 0 to below 2^20, over at most "
                             "2^20 sheets",
                             {exact_text(mean)})));
        return scaled(static_cast<std::uint64_t>(mean.sum()),
                      static_cast<std::uint64_t>(mean.count()));
    }
    static void check(const order_policy& by) {
        problems found;
        validate(by, found);
        if (!found.empty()) throw error(std::move(found));
    }
    [[noreturn]] static void reject_sum(const std::string& total) {
        throw error(detail::make_problem(
            problem_code::bad_value, "/total", total,
            detail::told("tổng {0} khác A + B + C, hoặc không có phiếu",
                         "the total {0} is not A + B + C, or there is no sheet", {total})));
    }

    // Ranked (a bit), stars (3 bits), mean total (20 bits and 40 behind the point); two tie-breaks.
    std::uint64_t first_ = 0;
    std::uint64_t second_ = 0;
    std::uint64_t third_ = 0;
};

/// The columns of verdicts that order products, one entry a product: those of assess_batch().
struct order_columns {
    std::span<const std::uint8_t> stars;  ///< 0: not ranked
    std::span<const std::uint8_t> sheets;
    std::span<const std::uint16_t> total;  ///< sums over the sheets
    /// Sums over the sheets, which make the total; may be empty where no tie-breaks are named.
    std::span<const std::array<std::uint16_t, part_count>> parts;

    [[nodiscard]] std::size_t size() const noexcept { return stars.size(); }
};

/// A product in its place.
struct placed {
    std::uint64_t id = 0;
    std::uint64_t rank = 0;  ///< one more than there are better products
    order_key key;

    friend bool operator==(const placed&, const placed&) = default;
};

/// Memory that rankings of many products need while they run (about 16 to 64 bytes a product).
/// Handing in the same one again spares its allocation; what it holds means nothing between calls.
class order_workspace {
public:
    struct pair {
        std::uint64_t key;
        std::uint32_t index;
    };
    struct wide {
        order_key key;
        std::uint32_t index;
    };
    std::vector<std::uint64_t> words, spare_words;
    std::vector<pair> pairs, spare_pairs;
    std::vector<wide> wides, spare_wides;
};

namespace detail {

/// Sorts \p items ascending by the number that \p key takes of them, of which the \p bits from
/// \p from on may differ; stable. Linear: one pass for every 11 bits.
template <class Item, class Key>
void radix_sort(std::vector<Item>& items, std::vector<Item>& spare, unsigned from, unsigned bits,
                const Key& key) {
    constexpr unsigned widest = 11;
    if (bits == 0 || items.empty()) return;
    const unsigned passes = (bits + widest - 1) / widest;
    const unsigned width = (bits + passes - 1) / passes;
    const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
    spare.resize(items.size());
    std::vector<std::uint32_t> starts(passes << width);
    for (const Item& one : items)
        for (unsigned pass = 0; pass < passes; ++pass)
            ++starts[(pass << width) + (key(one) >> (from + pass * width) & mask)];
    for (unsigned pass = 0; pass < passes; ++pass) {
        std::uint32_t* start = starts.data() + (pass << width);
        const unsigned shift = from + pass * width;
        // A digit that all items share moves none of them.
        if (start[key(items[0]) >> shift & mask] == items.size()) continue;
        std::uint32_t sum = 0;
        for (std::uint64_t digit = 0; digit <= mask; ++digit) {
            const std::uint32_t count = start[digit];
            start[digit] = sum;
            sum += count;
        }
        Item* to = spare.data();
        for (const Item& one : items) to[start[key(one) >> shift & mask]++] = one;
        items.swap(spare);
    }
}

/// Sorts \p items so that `before(a, b)` puts a ahead of b; stable, n log n.
template <class Item, class Before>
void merge_sort(std::vector<Item>& items, std::vector<Item>& spare, const Before& before) {
    constexpr std::size_t run = 16;
    const std::size_t n = items.size();
    for (std::size_t first = 0; first < n; first += run)
        for (std::size_t i = first + 1; i < n && i < first + run; ++i) {
            Item one = items[i];
            std::size_t at = i;
            for (; at > first && before(one, items[at - 1]); --at) items[at] = items[at - 1];
            items[at] = one;
        }
    spare.resize(n);
    for (std::size_t width = run; width < n; width *= 2) {
        for (std::size_t first = 0; first < n; first += 2 * width) {
            const std::size_t middle = first + width < n ? first + width : n;
            const std::size_t last = middle + width < n ? middle + width : n;
            std::size_t a = first;
            std::size_t b = middle;
            for (std::size_t to = first; to < last; ++to)
                spare[to] = b == last || (a < middle && !before(items[b], items[a])) ? items[a++]
                                                                                     : items[b++];
        }
        items.swap(spare);
    }
}

/// What is wrong with the shape of \p in, and with sizes that should be those of its products.
inline void check_order(const order_columns& in, const order_policy& by, problems& found) {
    validate(by, found);
    const auto column = [&](const char* at, std::size_t have) {
        if (have == in.size()) return;
        found.push_back(make_problem(
            problem_code::wrong_size, at, std::to_string(have),
            told("{0} có kích thước {1}, cần {2}", "{0} has size {1} where {2} is needed",
                 {at + 1, std::to_string(have), std::to_string(in.size())})));
    };
    column("/sheets", in.sheets.size());
    column("/total", in.total.size());
    if (!in.parts.empty() || by.tie_count > 0) column("/parts", in.parts.size());
}

/// Refuses more products than ranks have numbers for, and results of another size than \p size.
inline void check_places(std::size_t size, std::span<const std::uint32_t> order,
                         std::span<const std::uint32_t> ranks, problems& found) {
    if (size >= 0xFFFFFFFFU)
        found.push_back(make_problem(problem_code::too_many, "/products", std::to_string(size),
                                     told("{0} sản phẩm; xếp hạng nhiều nhất 2^32 - 2",
                                          "{0} products; at most 2^32 - 2 are ranked",
                                          {std::to_string(size)})));
    const auto column = [&](const char* at, std::size_t have) {
        if (have == 0 || have == size) return;
        found.push_back(make_problem(problem_code::wrong_size, at, std::to_string(have),
                                     told("{0} có kích thước {1}, cần {2}",
                                          "{0} has size {1} where {2} is needed",
                                          {at + 1, std::to_string(have), std::to_string(size)})));
    };
    column("/order", order.size());
    column("/ranks", ranks.size());
}

[[noreturn]] inline void reject_product(const order_columns& in, std::size_t product) {
    const std::string which = std::to_string(product);
    throw error(make_problem(
        problem_code::bad_value, "/products/" + which, std::to_string(in.total[product]),
        told("sản phẩm {0}: số sao quá 5, không có phiếu, hoặc tổng khác A + B + C",
             "product {0}: more than 5 stars, no sheet, or a total that is not A + B + C",
             {which})));
}

/// Refuses ranked products that no key can be made of.
inline void check_products(const order_columns& in) {
    // Without a branch for each, so that compilers may take many at once.
    constexpr std::uint8_t most = stars::highest;
    const bool parts = !in.parts.empty();
    const auto wrong = [](const order_columns& of, std::size_t p) {
        return static_cast<unsigned>(of.stars[p] != 0) &
               (static_cast<unsigned>(of.sheets[p] == 0) |
                static_cast<unsigned>(of.stars[p] > most));
    };
    const auto wrong_sum = [](const order_columns& of, std::size_t p) {
        const auto& got = of.parts[p];
        return static_cast<unsigned>(of.stars[p] != 0) &
               static_cast<unsigned>(got[0] + got[1] + got[2] != of.total[p]);
    };
    unsigned bad = 0;
    const std::size_t size = in.size();
    for (std::size_t p = 0; p < size; ++p) bad |= wrong(in, p);
    if (parts)
        for (std::size_t p = 0; p < size; ++p) bad |= wrong_sum(in, p);
    if (bad == 0) return;
    for (std::size_t p = 0; p < size; ++p)
        if ((wrong(in, p) | (parts ? wrong_sum(in, p) : 0U)) != 0) reject_product(in, p);
}

[[nodiscard]] inline order_key key_at(const order_columns& in, std::size_t product,
                                      const order_policy& by) noexcept {
    if (in.stars[product] == 0) return {};
    return order_key::of_sums(
        in.stars[product], in.sheets[product], in.total[product],
        in.parts.empty() ? std::array<std::uint16_t, part_count>{} : in.parts[product], by);
}

/// How the keys of one set of columns are packed into a word: every mean as the whole part of
/// mean × scale, in as many bits as the largest needs.
struct packed_layout {
    std::array<std::uint32_t, 256> factor{};  ///< scale / sheets, where that is whole
    unsigned shift = 0;                       ///< else the scale is 2^shift
    bool whole = true;
    unsigned star_bits = 0;
    std::array<unsigned, 3> bits{};  ///< of the total and two tie-breaks
    std::size_t ranked = 0;

    [[nodiscard]] unsigned key_bits() const noexcept {
        return star_bits + bits[0] + bits[1] + bits[2];
    }
    [[nodiscard]] std::uint64_t scaled(std::uint32_t sum, std::uint32_t sheets) const noexcept {
        if (whole) return std::uint64_t{sum} * factor[sheets];
        return (std::uint64_t{sum} << shift) / sheets;
    }
    /// The better product has the smaller key.
    [[nodiscard]] std::uint64_t key(const order_columns& in, std::size_t p,
                                    const order_policy& by) const noexcept {
        const std::uint32_t n = in.sheets[p];
        std::uint64_t made = by.by_stars ? in.stars[p] : 0U;
        made = made << bits[0] | scaled(in.total[p], n);
        if (by.tie_count > 0) made = made << bits[1] | scaled(in.parts[p][by.ties[0]], n);
        if (by.tie_count > 1) made = made << bits[2] | scaled(in.parts[p][by.ties[1]], n);
        const unsigned all = key_bits();
        return ~made & (all < 64 ? (std::uint64_t{1} << all) - 1 : ~std::uint64_t{0});
    }
};

/// Reads \p in once: is it in order, and how do its keys pack?
[[nodiscard]] inline packed_layout lay_out_keys(const order_columns& in, const order_policy& by) {
    // The largest sums by number of sheets.
    std::array<std::array<std::uint16_t, 3>, 256> most{};
    std::array<bool, 256> seen{};
    packed_layout made;
    unsigned stars_seen = 0;
    for (std::size_t p = 0; p < in.size(); ++p) {
        const unsigned stars = in.stars[p];
        if (stars == 0) continue;
        const std::size_t n = in.sheets[p];
        const std::uint16_t total = in.total[p];
        std::array<std::uint16_t, 3>& m = most[n];
        bool good = n != 0 && stars <= 5;
        if (!in.parts.empty()) {
            const auto& parts = in.parts[p];
            good = good && parts[0] + parts[1] + parts[2] == total;
            const std::uint16_t one = parts[by.ties[0]];
            const std::uint16_t two = parts[by.ties[1]];
            if (one > m[1]) m[1] = one;
            if (two > m[2]) m[2] = two;
        }
        if (!good) reject_product(in, p);
        if (total > m[0]) m[0] = total;
        seen[n] = true;
        stars_seen |= stars;
        ++made.ranked;
    }
    // The least scale that makes every mean whole; where it is large, one fine enough to tell
    // means over at most n sheets apart: two of them differ by at least 1 / n².
    constexpr std::size_t largest_whole = 1U << 11;
    std::size_t scale = 1;
    std::size_t largest = 1;
    for (std::size_t n = 1; n < seen.size(); ++n) {
        if (!seen[n]) continue;
        largest = n;
        // The least common multiple, found among the first n multiples of the scale.
        std::size_t multiple = scale;
        while (scale <= largest_whole && multiple % n != 0) multiple += scale;
        scale = multiple;
    }
    made.whole = scale <= largest_whole;
    made.shift = static_cast<unsigned>(std::bit_width(largest * largest - 1));
    for (std::size_t n = 1; n < seen.size(); ++n)
        made.factor[n] = made.whole && seen[n] ? static_cast<std::uint32_t>(scale / n) : 0;
    made.star_bits = by.by_stars ? static_cast<unsigned>(std::bit_width(stars_seen)) : 0;
    for (std::size_t n = 1; n < seen.size(); ++n) {
        if (!seen[n]) continue;
        for (std::size_t field = 0; field < 3; ++field) {
            if (field > by.tie_count) continue;
            const auto wide = static_cast<unsigned>(
                std::bit_width(made.scaled(most[n][field], static_cast<std::uint32_t>(n))));
            if (wide > made.bits[field]) made.bits[field] = wide;
        }
    }
    return made;
}

/// Writes order and ranks of sorted \p items; `index(item)` is a product, `same(a, b)` whether two
/// share a rank.
template <class Item, class Index, class Same>
void write_places(const std::vector<Item>& items, const Index& index, const Same& same,
                  std::span<std::uint32_t> order, std::span<std::uint32_t> ranks) {
    std::uint32_t rank = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i == 0 || !same(items[i - 1], items[i])) rank = static_cast<std::uint32_t>(i + 1);
        const std::uint32_t product = index(items[i]);
        if (!order.empty()) order[i] = product;
        if (!ranks.empty()) ranks[product] = rank;
    }
}

/// The products that are not ranked: behind the others, in their own order, with rank 0.
template <class Ranked>
void write_unranked(std::size_t size, std::size_t next, const Ranked& ranked,
                    std::span<std::uint32_t> order, std::span<std::uint32_t> ranks) {
    if (next == size) return;
    for (std::size_t p = 0; p < size; ++p) {
        if (ranked(p)) continue;
        if (!order.empty()) order[next++] = static_cast<std::uint32_t>(p);
        if (!ranks.empty()) ranks[p] = 0;
    }
}

inline std::size_t order_wides(order_workspace& work, std::span<std::uint32_t> order,
                               std::span<std::uint32_t> ranks) {
    using wide = order_workspace::wide;
    merge_sort(work.wides, work.spare_wides,
               [](const wide& a, const wide& b) { return a.key > b.key; });
    write_places(
        work.wides, [](const wide& one) { return one.index; },
        [](const wide& a, const wide& b) { return a.key == b.key; }, order, ranks);
    return work.wides.size();
}

inline std::size_t order_checked(const order_columns& in, const order_policy& by,
                                 std::span<std::uint32_t> order, std::span<std::uint32_t> ranks,
                                 order_workspace& work, bool packed) {
    const packed_layout layout = lay_out_keys(in, by);
    const unsigned key_bits = layout.key_bits();
    const auto index_bits = static_cast<unsigned>(std::bit_width(in.size()));
    const auto each = [&](const auto& take) {
        for (std::size_t p = 0; p < in.size(); ++p)
            if (in.stars[p] != 0) take(p);
    };
    if (packed && key_bits + index_bits <= 64) {
        // Key and product in one word.
        work.words.resize(layout.ranked);
        std::uint64_t* to = work.words.data();
        each([&](std::size_t p) { *to++ = layout.key(in, p, by) << index_bits | p; });
        radix_sort(work.words, work.spare_words, index_bits, key_bits,
                   [](std::uint64_t word) { return word; });
        const std::uint64_t mask = (std::uint64_t{1} << index_bits) - 1;
        write_places(
            work.words,
            [mask](std::uint64_t word) { return static_cast<std::uint32_t>(word & mask); },
            [index_bits](std::uint64_t a, std::uint64_t b) {
                return a >> index_bits == b >> index_bits;
            },
            order, ranks);
    } else if (packed && key_bits <= 64) {
        using pair = order_workspace::pair;
        work.pairs.resize(layout.ranked);
        pair* to = work.pairs.data();
        each([&](std::size_t p) {
            *to++ = {layout.key(in, p, by), static_cast<std::uint32_t>(p)};
        });
        radix_sort(work.pairs, work.spare_pairs, 0, key_bits,
                   [](const pair& one) { return one.key; });
        write_places(
            work.pairs, [](const pair& one) { return one.index; },
            [](const pair& a, const pair& b) { return a.key == b.key; }, order, ranks);
    } else {
        work.wides.resize(layout.ranked);
        order_workspace::wide* to = work.wides.data();
        each([&](std::size_t p) { *to++ = {key_at(in, p, by), static_cast<std::uint32_t>(p)}; });
        order_wides(work, order, ranks);
    }
    write_unranked(
        in.size(), layout.ranked, [&](std::size_t p) { return in.stars[p] != 0; }, order, ranks);
    return layout.ranked;
}

}  // namespace detail

/// Orders all products of \p in.
///
/// \param order  products best first, equal ones by their number; behind them those that are not
///               ranked. Empty: not written.
/// \param ranks  rank by product: one more than there are better products; 0: not ranked. Empty:
///               not written.
/// \returns how many products are ranked.
/// \throws error for sizes that differ, a bad policy, and for ranked products without sheets or
///         whose parts do not make the total.
///
/// Linear for councils of up to about a hundred sheets (means packed into a word and sorted by
/// digits), else n log n.
inline std::size_t order_products(const order_columns& in, const order_policy& by,
                                  std::span<std::uint32_t> order, std::span<std::uint32_t> ranks,
                                  order_workspace& work) {
    problems found;
    detail::check_order(in, by, found);
    detail::check_places(in.size(), order, ranks, found);
    if (!found.empty()) throw error(std::move(found));
    return detail::order_checked(in, by, order, ranks, work, true);
}
/// As above, with memory of its own.
inline std::size_t order_products(const order_columns& in, const order_policy& by,
                                  std::span<std::uint32_t> order, std::span<std::uint32_t> ranks) {
    order_workspace work;
    return order_products(in, by, order, ranks, work);
}
/// As above, for keys of one policy, whatever they were made of. n log n.
inline std::size_t order_products(std::span<const order_key> keys, std::span<std::uint32_t> order,
                                  std::span<std::uint32_t> ranks) {
    problems found;
    detail::check_places(keys.size(), order, ranks, found);
    if (!found.empty()) throw error(std::move(found));
    order_workspace work;
    for (std::size_t p = 0; p < keys.size(); ++p)
        if (keys[p].ranked()) work.wides.push_back({keys[p], static_cast<std::uint32_t>(p)});
    const std::size_t ranked = detail::order_wides(work, order, ranks);
    detail::write_unranked(
        keys.size(), ranked, [&](std::size_t p) { return keys[p].ranked(); }, order, ranks);
    return ranked;
}

/// Products of one group, as they stand in an order by groups.
struct group_slice {
    std::uint32_t group = 0;
    std::size_t first = 0;  ///< index into the order
    std::size_t count = 0;

    friend bool operator==(const group_slice&, const group_slice&) = default;
};

/// Rearranges an order of products into groups: ranks restart in each. What a group is (the set, a
/// unit at any level, the kind of producer, the year) is the host's, as are the numbers in
/// \p groups, one a product.
///
/// \param order   an order that order_products() wrote: then group by group, ascending, in each
///                best first; products that are not ranked stay last
/// \param ranks   the ranks it wrote: then ranks within the group
/// \param ranked  how many it ranked
/// \returns the groups that have ranked products, as they stand in \p order.
/// \throws error for sizes that differ.
///
/// Linear; to rank by several kinds of group, copy one order and ranks and call it for each.
inline std::vector<group_slice> split_by_group(std::span<const std::uint32_t> groups,
                                               std::span<std::uint32_t> order,
                                               std::span<std::uint32_t> ranks, std::size_t ranked) {
    problems found;
    if (order.size() != groups.size() || ranks.size() != groups.size() || ranked > groups.size())
        found.push_back(detail::make_problem(
            problem_code::wrong_size, "/groups", std::to_string(groups.size()),
            detail::told("có {0} nhóm, {1} sản phẩm trong thứ tự, {2} hạng: ba số phải bằng nhau",
                         "{0} groups, {1} products in order, {2} ranks: the three must be equal",
                         {std::to_string(groups.size()), std::to_string(order.size()),
                          std::to_string(ranks.size())})));
    for (std::size_t i = 0; found.empty() && i < order.size(); ++i)
        if (order[i] >= groups.size())
            found.push_back(detail::make_problem(
                problem_code::bad_value, "/order/" + std::to_string(i), std::to_string(order[i]),
                detail::told("không có sản phẩm {0}", "there is no product {0}",
                             {std::to_string(order[i])})));
    if (!found.empty()) throw error(std::move(found));
    std::uint32_t all = 0;
    std::vector<std::uint64_t> items(ranked);
    for (std::size_t i = 0; i < ranked; ++i) {
        const std::uint32_t group = groups[order[i]];
        all |= group;
        items[i] = std::uint64_t{group} << 32 | order[i];
    }
    std::vector<std::uint64_t> spare;
    detail::radix_sort(items, spare, 32, static_cast<unsigned>(std::bit_width(all)),
                       [](std::uint64_t item) { return item; });
    std::vector<group_slice> slices;
    std::uint32_t overall = 0;
    std::uint32_t rank = 0;
    for (std::size_t i = 0; i < ranked; ++i) {
        const auto group = static_cast<std::uint32_t>(items[i] >> 32);
        const auto product = static_cast<std::uint32_t>(items[i]);
        const bool opens = slices.empty() || slices.back().group != group;
        if (opens) slices.push_back({group, i, 0});
        group_slice& slice = slices.back();
        // Equal before the split is equal within the group.
        if (opens || ranks[product] != overall) rank = static_cast<std::uint32_t>(slice.count + 1);
        overall = ranks[product];
        ranks[product] = rank;
        order[i] = product;
        ++slice.count;
    }
    return slices;
}

/// The rank of \p product among all of \p in: one more than there are better ones; 0 when it is not
/// ranked. Linear, without sorting and without memory.
/// \throws error as order_products(), and for a product that is not there.
[[nodiscard]] inline std::size_t rank_of(const order_columns& in, const order_policy& by,
                                         std::size_t product) {
    problems found;
    detail::check_order(in, by, found);
    if (product >= in.size())
        found.push_back(detail::make_problem(
            problem_code::bad_value, "/product", std::to_string(product),
            detail::told("không có sản phẩm {0}; có {1}", "there is no product {0} among {1}",
                         {std::to_string(product), std::to_string(in.size())})));
    if (!found.empty()) throw error(std::move(found));
    detail::check_products(in);
    if (in.stars[product] == 0) return 0;
    const order_key mine = detail::key_at(in, product, by);
    const std::uint32_t my_stars = by.by_stars ? in.stars[product] : 0U;
    const std::uint32_t my_total = in.total[product];
    const std::uint32_t my_sheets = in.sheets[product];
    std::size_t better = 0;
    for (std::size_t p = 0; p < in.size(); ++p) {
        if (in.stars[p] == 0) continue;
        const std::uint32_t stars = by.by_stars ? in.stars[p] : 0U;
        if (stars != my_stars) {
            better += stars > my_stars ? 1U : 0U;
            continue;
        }
        const std::uint32_t theirs = in.total[p] * my_sheets;
        const std::uint32_t here = my_total * in.sheets[p];
        if (theirs > here || (theirs == here && detail::key_at(in, p, by) > mine)) ++better;
    }
    return better + 1;
}

/// The first k products of a stream, in memory that grows with k alone. What it holds depends on
/// the products that were pushed, not on their order.
class top_k {
public:
    /// Keeps \p k products.
    explicit top_k(std::size_t k) : k_(k) {}

    /// A product, by a number that is its own: of equal products the lower numbers are kept.
    /// Products that are not ranked are passed over. Constant for most of a long stream, else
    /// logarithmic in k. \returns whether it was taken.
    bool push(const order_key& key, std::uint64_t id) {
        if (!key.ranked()) return false;
        ++ranked_;
        if (kept_.size() < k_) {
            kept_.push_back({key, id});
            rise(kept_.size() - 1);
            return true;
        }
        if (k_ == 0 || key < kept_[0].key) return false;
        const item worst = kept_[0];
        const item one{key, id};
        if (key == worst.key) ++tied_outside_;
        if (!one.before(worst)) return false;
        kept_[0] = one;
        sink(0);
        if (key != worst.key) tied_outside_ = kept_[0].key == worst.key ? tied_outside_ + 1 : 0;
        return true;
    }

    /// Adds the products that were pushed to \p other: parts of a stream, in any order and cut.
    /// \throws error where the two keep different numbers of products.
    void merge(const top_k& other) {
        if (other.k_ != k_)
            throw error(detail::make_problem(
                problem_code::wrong_size, "/k", std::to_string(other.k_),
                detail::told("hai danh sách giữ {0} và {1} sản phẩm: phải bằng nhau",
                             "the two keep {0} and {1} products: they must keep as many",
                             {std::to_string(k_), std::to_string(other.k_)})));
        if (k_ == 0) {
            ranked_ += other.ranked_;
            return;
        }
        // Of a copy, since a part may be added to itself.
        const top_k part = other;
        const std::uint64_t before = ranked_;
        for (const item& one : part.kept_) push(one.key, one.id);
        // What the part left out is behind k others; it counts where the last place is tied.
        if (part.tied_outside_ != 0 && kept_[0].key == part.kept_[0].key)
            tied_outside_ += part.tied_outside_;
        ranked_ = before + part.ranked_;
    }

    /// The products of \p in, numbered from \p first_id on. Linear: most are turned away by their
    /// stars and total alone, without a division.
    /// \throws error as order_products().
    void push_all(const order_columns& in, const order_policy& by, std::uint64_t first_id = 0) {
        problems found;
        detail::check_order(in, by, found);
        if (!found.empty()) throw error(std::move(found));
        detail::check_products(in);
        std::uint64_t bar = threshold().bar();
        std::uint64_t turned_away = 0;
        const std::uint8_t* const stars = in.stars.data();
        const std::uint8_t* const sheets = in.sheets.data();
        const std::uint16_t* const total = in.total.data();
        const std::uint64_t star_unit = by.by_stars ? std::uint64_t{1} << 16 : 0U;
        const std::size_t size = in.size();
        for (std::size_t p = 0; p < size; ++p) {
            const std::uint64_t n = sheets[p];
            if ((stars[p] * n * star_unit + total[p]) << 32 < bar * n) {
                turned_away += stars[p] != 0 ? 1U : 0U;
                continue;
            }
            if (stars[p] == 0) continue;
            if (push(detail::key_at(in, p, by), first_id + p)) bar = threshold().bar();
        }
        ranked_ += turned_away;
    }

    /// How many products it keeps at most.
    [[nodiscard]] std::size_t k() const noexcept { return k_; }
    /// How many it holds.
    [[nodiscard]] std::size_t size() const noexcept { return kept_.size(); }
    /// How many ranked products were pushed.
    [[nodiscard]] std::uint64_t ranked() const noexcept { return ranked_; }
    /// The key that a product must reach to be taken or to tie with the last; one that is not
    /// ranked while there is room.
    [[nodiscard]] order_key threshold() const noexcept {
        return kept_.size() < k_ || k_ == 0 ? order_key() : kept_[0].key;
    }
    /// How many products share the rank of the last one held but were left out.
    [[nodiscard]] std::uint64_t tied_outside() const noexcept { return tied_outside_; }
    /// How many products of all that were pushed share the rank of the last one held.
    [[nodiscard]] std::uint64_t sharing_last() const noexcept {
        std::uint64_t count = tied_outside_;
        for (const item& one : kept_) count += one.key == kept_[0].key ? 1U : 0U;
        return count;
    }

    /// The products held, best first, equal ones by number; their ranks are those among all that
    /// were pushed. n log n.
    [[nodiscard]] std::vector<placed> list() const {
        std::vector<item> items = kept_;
        std::vector<item> spare;
        detail::merge_sort(items, spare, [](const item& a, const item& b) { return a.before(b); });
        std::vector<placed> made;
        made.reserve(items.size());
        for (std::size_t i = 0; i < items.size(); ++i) {
            const bool equal = i != 0 && items[i].key == items[i - 1].key;
            made.push_back({items[i].id, equal ? made.back().rank : i + 1, items[i].key});
        }
        return made;
    }

    /// Whether both hold the same after the same number of ranked products.
    friend bool operator==(const top_k& a, const top_k& b) {
        return a.k_ == b.k_ && a.ranked_ == b.ranked_ && a.tied_outside_ == b.tied_outside_ &&
               a.list() == b.list();
    }

private:
    struct item {
        order_key key;
        std::uint64_t id;
        [[nodiscard]] bool before(const item& other) const noexcept {
            return key != other.key ? key > other.key : id < other.id;
        }
    };

    // A heap with the last product in front.
    void rise(std::size_t at) noexcept {
        const item one = kept_[at];
        while (at != 0 && kept_[(at - 1) / 2].before(one)) {
            kept_[at] = kept_[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        kept_[at] = one;
    }
    void sink(std::size_t at) noexcept {
        const item one = kept_[at];
        while (true) {
            std::size_t child = 2 * at + 1;
            if (child >= kept_.size()) break;
            if (child + 1 < kept_.size() && kept_[child].before(kept_[child + 1])) ++child;
            if (!one.before(kept_[child])) break;
            kept_[at] = kept_[child];
            at = child;
        }
        kept_[at] = one;
    }

    std::size_t k_;
    std::vector<item> kept_;
    std::uint64_t ranked_ = 0;
    std::uint64_t tied_outside_ = 0;
};

/// Products in their order, one result at a time: a new, changed or withdrawn result, the rank of a
/// product, the product at a place, all in O(log n) (finding a product by its number: constant on
/// average). A regular value; equal boards hold the same results, however they came there.
/// Memory: about 100 bytes a product.
///
/// A host keeps a board for each group (set, unit, kind of producer, year) that it ranks within.
class leaderboard {
public:
    /// The most products of one board.
    static constexpr std::size_t most_products = 0xFFFFFFFEU;

    /// Puts the result of product \p id, in place of an earlier one. A key that is not ranked
    /// withdraws it. \returns whether the board had no result of it before.
    /// \throws error for one product too many.
    bool put(std::uint64_t id, const order_key& key) {
        if (!key.ranked()) return !withdraw(id);
        const std::size_t slot = slot_of(id);
        const bool known = !slots_.empty() && slots_[slot].key.ranked();
        if (known) {
            if (slots_[slot].key == key) return false;
            erase({slots_[slot].key, id});
            slots_[slot].key = key;
            insert({key, id});
            return false;
        }
        if (size() >= most_products)
            throw error(detail::make_problem(problem_code::too_many, "/products",
                                             std::to_string(size()),
                                             detail::told("một bảng giữ nhiều nhất {0} sản phẩm",
                                                          "a board holds at most {0} products",
                                                          {std::to_string(most_products)})));
        grow();
        slots_[slot_of(id)] = {key, id};
        insert({key, id});
        return true;
    }

    /// Takes the result of product \p id off the board. \returns whether there was one.
    bool withdraw(std::uint64_t id) {
        if (slots_.empty()) return false;
        std::size_t hole = slot_of(id);
        if (!slots_[hole].key.ranked()) return false;
        erase(slots_[hole]);
        // Later slots of the same run move up, so that no search stops short at the hole.
        const std::size_t mask = slots_.size() - 1;
        for (std::size_t next = (hole + 1) & mask; slots_[next].key.ranked();
             next = (next + 1) & mask) {
            const std::size_t home = mixed(slots_[next].id) & mask;
            if (((next - home) & mask) < ((next - hole) & mask)) continue;
            slots_[hole] = slots_[next];
            hole = next;
        }
        slots_[hole] = {};
        return true;
    }

    [[nodiscard]] std::size_t size() const noexcept {
        // Of a board that was moved from, height and root mean nothing.
        if (leaves_.empty()) return 0;
        if (height_ == 0) return leaves_[root_].used;
        std::size_t all = 0;
        for (std::uint32_t i = 0; i < inners_[root_].used; ++i) all += inners_[root_].count[i];
        return all;
    }

    /// The result of product \p id; one that is not ranked where the board has none.
    [[nodiscard]] order_key find(std::uint64_t id) const noexcept {
        return slots_.empty() ? order_key() : slots_[slot_of(id)].key;
    }
    /// The rank of product \p id; 0 where the board has no result of it.
    [[nodiscard]] std::size_t rank_of(std::uint64_t id) const noexcept {
        const order_key key = find(id);
        return key.ranked() ? rank_of_key(key) : 0;
    }
    /// The rank that a product of \p key has, or would have, on the board: one more than there are
    /// better products.
    [[nodiscard]] std::size_t rank_of_key(const order_key& key) const noexcept {
        return ahead_of({key, 0}) + 1;
    }
    /// How many products of the board have \p key, and so share its rank.
    [[nodiscard]] std::size_t sharing(const order_key& key) const noexcept {
        const row last{key, ~std::uint64_t{0}};
        const bool there = find(last.id) == key;
        return ahead_of(last) - ahead_of({key, 0}) + (there && key.ranked() ? 1 : 0);
    }

    /// The product at \p place, from 1: best first, equal ones by number. The place that is a rank
    /// holds the first product of that rank. Nothing beyond the last.
    [[nodiscard]] std::optional<placed> at(std::size_t place) const {
        std::vector<placed> one = page(place, 1);
        if (one.empty()) return std::nullopt;
        return one.front();
    }
    /// At most \p count products from \p first on (a place, from 1), with their ranks.
    /// O(log n + count).
    [[nodiscard]] std::vector<placed> page(std::size_t first, std::size_t count) const {
        std::vector<placed> made;
        if (first == 0 || first > size() || count == 0) return made;
        const std::size_t rest = size() - first + 1;
        made.reserve(count < rest ? count : rest);
        collect(root_, height_, first - 1, count < rest ? count : rest, made);
        std::size_t rank = rank_of_key(made.front().key);
        for (std::size_t i = 0; i < made.size(); ++i) {
            if (i != 0 && made[i].key != made[i - 1].key) rank = first + i;
            made[i].rank = rank;
        }
        return made;
    }

    friend bool operator==(const leaderboard& a, const leaderboard& b) noexcept {
        if (a.size() != b.size()) return false;
        for (const row& one : a.slots_)
            if (one.key.ranked() && b.find(one.id) != one.key) return false;
        return true;
    }

private:
    struct row {
        order_key key;
        std::uint64_t id = 0;
        [[nodiscard]] bool before(const row& other) const noexcept {
            return key != other.key ? key > other.key : id < other.id;
        }
    };
    // A B+ tree whose inner nodes know how many products are below each child. Nodes lie in two
    // vectors and name each other by number, so that copies are copies.
    static constexpr std::uint32_t leaf_rows = 64;
    static constexpr std::uint32_t inner_children = 32;
    struct leaf {
        std::uint32_t used = 0;
        std::array<row, leaf_rows> rows{};
    };
    struct inner {
        std::uint32_t used = 0;
        std::array<std::uint32_t, inner_children> child{};
        std::array<std::uint32_t, inner_children> count{};
        /// No row below a child is before its own; of the first child nothing is said.
        std::array<row, inner_children> from{};
    };

    [[nodiscard]] static std::size_t mixed(std::uint64_t id) noexcept {
        id = (id ^ id >> 30) * 0xBF58476D1CE4E5B9U;
        id = (id ^ id >> 27) * 0x94D049BB133111EBU;
        return static_cast<std::size_t>(id ^ id >> 31);
    }
    /// The slot of \p id, or the free one where it would stand.
    [[nodiscard]] std::size_t slot_of(std::uint64_t id) const noexcept {
        if (slots_.empty()) return 0;
        const std::size_t mask = slots_.size() - 1;
        std::size_t slot = mixed(id) & mask;
        while (slots_[slot].key.ranked() && slots_[slot].id != id) slot = (slot + 1) & mask;
        return slot;
    }
    void grow() {
        if (4 * (size() + 1) <= 3 * slots_.size()) return;
        std::vector<row> old = std::move(slots_);
        slots_ = std::vector<row>(old.empty() ? 16 : 2 * old.size());
        for (const row& one : old)
            if (one.key.ranked()) slots_[slot_of(one.id)] = one;
    }

    [[nodiscard]] std::uint32_t take_leaf() {
        if (free_leaves_.empty()) {
            leaves_.emplace_back();
            return static_cast<std::uint32_t>(leaves_.size() - 1);
        }
        const std::uint32_t node = free_leaves_.back();
        free_leaves_.pop_back();
        return node;
    }
    [[nodiscard]] std::uint32_t take_inner() {
        if (free_inners_.empty()) {
            inners_.emplace_back();
            return static_cast<std::uint32_t>(inners_.size() - 1);
        }
        const std::uint32_t node = free_inners_.back();
        free_inners_.pop_back();
        return node;
    }
    void give_back(std::uint32_t node, unsigned level) {
        (level == 0 ? leaves_[node].used : inners_[node].used) = 0;
        (level == 0 ? free_leaves_ : free_inners_).push_back(node);
    }
    [[nodiscard]] std::uint32_t used(std::uint32_t node, unsigned level) const noexcept {
        return level == 0 ? leaves_[node].used : inners_[node].used;
    }
    [[nodiscard]] static std::uint32_t capacity(unsigned level) noexcept {
        return level == 0 ? leaf_rows : inner_children;
    }

    /// The child of \p node below which \p one stands, or would stand.
    [[nodiscard]] static std::uint32_t child_for(const inner& node, const row& one) noexcept {
        std::uint32_t low = 0;
        std::uint32_t high = node.used;
        while (high - low > 1) {
            const std::uint32_t middle = (low + high) / 2;
            (one.before(node.from[middle]) ? high : low) = middle;
        }
        return low;
    }
    /// How many rows of \p node are before \p one.
    [[nodiscard]] static std::uint32_t place_in(const leaf& node, const row& one) noexcept {
        std::uint32_t low = 0;
        std::uint32_t high = node.used;
        while (low < high) {
            const std::uint32_t middle = (low + high) / 2;
            if (node.rows[middle].before(one))
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
    [[nodiscard]] std::size_t ahead_of(const row& one) const noexcept {
        std::size_t ahead = 0;
        if (leaves_.empty()) return ahead;
        std::uint32_t node = root_;
        for (unsigned level = height_; level > 0; --level) {
            const inner& here = inners_[node];
            const std::uint32_t to = child_for(here, one);
            for (std::uint32_t i = 0; i < to; ++i) ahead += here.count[i];
            node = here.child[to];
        }
        return ahead + place_in(leaves_[node], one);
    }
    void collect(std::uint32_t node, unsigned level, std::size_t skip, std::size_t count,
                 std::vector<placed>& made) const {
        const std::size_t wanted = made.size() + count;
        if (level == 0) {
            const leaf& here = leaves_[node];
            for (std::size_t i = skip; i < here.used && made.size() < wanted; ++i)
                made.push_back({here.rows[i].id, 0, here.rows[i].key});
            return;
        }
        const inner& here = inners_[node];
        for (std::uint32_t i = 0; i < here.used && made.size() < wanted; ++i) {
            if (skip >= here.count[i]) {
                skip -= here.count[i];
                continue;
            }
            collect(here.child[i], level - 1, skip, wanted - made.size(), made);
            skip = 0;
        }
    }

    /// Makes rows or children \p from to \p to (exclusive) of \p node follow each other from
    /// \p at on.
    template <class Values>
    static void slide(Values& values, std::uint32_t from, std::uint32_t to,
                      std::uint32_t at) noexcept {
        if (at < from)
            for (std::uint32_t i = from; i < to; ++i) values[at + i - from] = values[i];
        else
            for (std::uint32_t i = to; i-- > from;) values[at + i - from] = values[i];
    }
    static void slide(inner& node, std::uint32_t from, std::uint32_t to,
                      std::uint32_t at) noexcept {
        slide(node.child, from, to, at);
        slide(node.count, from, to, at);
        slide(node.from, from, to, at);
    }
    static void copy_child(const inner& node, std::uint32_t i, inner& to,
                           std::uint32_t at) noexcept {
        to.child[at] = node.child[i];
        to.count[at] = node.count[i];
        to.from[at] = node.from[i];
    }

    /// Moves rows or children between the neighbours \p i and i + 1 of \p parent until the left one
    /// has \p wanted of them.
    void share_out(std::uint32_t parent, std::uint32_t i, unsigned level, std::uint32_t wanted) {
        inner& above = inners_[parent];
        const std::uint32_t left = above.child[i];
        const std::uint32_t right = above.child[i + 1];
        std::uint32_t moved = 0;
        const std::uint32_t have = used(left, level);
        const bool leftwards = have < wanted;
        const std::uint32_t count = leftwards ? wanted - have : have - wanted;
        if (level == 0) {
            leaf& a = leaves_[left];
            leaf& b = leaves_[right];
            if (leftwards) {
                for (std::uint32_t k = 0; k < count; ++k) a.rows[have + k] = b.rows[k];
                slide(b.rows, count, b.used, 0);
            } else {
                slide(b.rows, 0, b.used, count);
                for (std::uint32_t k = 0; k < count; ++k) b.rows[k] = a.rows[wanted + k];
            }
            moved = count;
            b.used = leftwards ? b.used - count : b.used + count;
            a.used = wanted;
            if (b.used != 0) above.from[i + 1] = b.rows[0];
        } else {
            inner& a = inners_[left];
            inner& b = inners_[right];
            b.from[0] = above.from[i + 1];
            if (leftwards) {
                for (std::uint32_t k = 0; k < count; ++k) {
                    copy_child(b, k, a, have + k);
                    moved += b.count[k];
                }
                slide(b, count, b.used, 0);
            } else {
                slide(b, 0, b.used, count);
                for (std::uint32_t k = 0; k < count; ++k) {
                    copy_child(a, wanted + k, b, k);
                    moved += b.count[k];
                }
            }
            b.used = leftwards ? b.used - count : b.used + count;
            a.used = wanted;
            if (b.used != 0) above.from[i + 1] = b.from[0];
        }
        above.count[i] = leftwards ? above.count[i] + moved : above.count[i] - moved;
        above.count[i + 1] = leftwards ? above.count[i + 1] - moved : above.count[i + 1] + moved;
    }
    /// Gives child \p i of \p parent, which is full, an empty neighbour and half of its content.
    void split(std::uint32_t parent, std::uint32_t i, unsigned level) {
        const std::uint32_t fresh = level == 0 ? take_leaf() : take_inner();
        inner& above = inners_[parent];
        slide(above, i + 1, above.used, i + 2);
        ++above.used;
        above.child[i + 1] = fresh;
        above.count[i + 1] = 0;
        share_out(parent, i, level, capacity(level) / 2);
    }
    /// Gives child \p i of \p parent, which has few rows or children, some of a neighbour's, or
    /// makes one of the two.
    void fill_up(std::uint32_t parent, std::uint32_t i, unsigned level) {
        const std::uint32_t first = i == 0 ? 0 : i - 1;
        inner& above = inners_[parent];
        const std::uint32_t right = above.child[first + 1];
        const std::uint32_t both = used(above.child[first], level) + used(right, level);
        if (both > capacity(level) / 4 * 3) {
            share_out(parent, first, level, both / 2);
            return;
        }
        share_out(parent, first, level, both);
        slide(above, first + 2, above.used, first + 1);
        --above.used;
        give_back(right, level);
    }

    void insert(const row& one) {
        if (leaves_.empty()) {
            height_ = 0;
            root_ = take_leaf();
        }
        const std::size_t rows = size();
        if (used(root_, height_) == capacity(height_)) {
            const std::uint32_t top = take_inner();
            inners_[top].used = 1;
            inners_[top].child[0] = root_;
            inners_[top].count[0] = static_cast<std::uint32_t>(rows);
            root_ = top;
            ++height_;
            split(top, 0, height_ - 1);
        }
        std::uint32_t node = root_;
        for (unsigned level = height_; level > 0; --level) {
            std::uint32_t to = child_for(inners_[node], one);
            if (used(inners_[node].child[to], level - 1) == capacity(level - 1)) {
                split(node, to, level - 1);
                to = child_for(inners_[node], one);
            }
            ++inners_[node].count[to];
            node = inners_[node].child[to];
        }
        leaf& here = leaves_[node];
        const std::uint32_t at = place_in(here, one);
        slide(here.rows, at, here.used, at + 1);
        here.rows[at] = one;
        ++here.used;
    }
    /// Takes out \p one, which is there.
    void erase(const row& one) {
        std::uint32_t node = root_;
        for (unsigned level = height_; level > 0; --level) {
            std::uint32_t to = child_for(inners_[node], one);
            if (inners_[node].used > 1 &&
                used(inners_[node].child[to], level - 1) <= capacity(level - 1) / 4) {
                fill_up(node, to, level - 1);
                to = child_for(inners_[node], one);
            }
            --inners_[node].count[to];
            node = inners_[node].child[to];
        }
        leaf& here = leaves_[node];
        const std::uint32_t at = place_in(here, one);
        slide(here.rows, at + 1, here.used, at);
        --here.used;
        while (height_ > 0 && inners_[root_].used == 1) {
            const std::uint32_t old = root_;
            root_ = inners_[old].child[0];
            give_back(old, height_);
            --height_;
        }
    }
    std::vector<leaf> leaves_;
    std::vector<inner> inners_;
    std::vector<std::uint32_t> free_leaves_;
    std::vector<std::uint32_t> free_inners_;
    std::uint32_t root_ = 0;
    unsigned height_ = 0;     ///< levels of inner nodes
    std::vector<row> slots_;  ///< by number of the product; a power of two, at most 3/4 full
};

}  // namespace ocop
