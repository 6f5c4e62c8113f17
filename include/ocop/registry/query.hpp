/// \file query.hpp
/// What can be asked of a registry: which products, as of which day, counted by what.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ocop/base/date.hpp"
#include "ocop/base/id.hpp"
#include "ocop/base/names.hpp"
#include "ocop/base/stars.hpp"
#include "ocop/communes/unit.hpp"
#include "ocop/producers/producer_kind.hpp"
#include "ocop/products/classification.hpp"

namespace ocop {

/// The state of a product on a day: that of its certificate (certifications/certificate.hpp), and
/// `unknown` where all that is known of its recognition has no day.
enum class product_state {
    none,           ///< no certificate yet
    proposed,       ///< proposed to a higher level, no certificate
    valid,          ///< a certificate is in force
    filing_window,  ///< in force, and its renewal may be filed
    expired,        ///< its last certificate ran out
    grace,          ///< past its last day and valid until the result of its renewal
    withdrawn,      ///< its certificate was withdrawn
    unknown         ///< it is said to be recognised, and no day is told
};

template <>
struct names<product_state> {
    static constexpr std::array<std::string_view, 8> all{
        "none", "proposed", "valid", "filing_window", "expired", "grace", "withdrawn", "unknown"};
};
template <>
struct terms<product_state> {
    static constexpr std::array<term, 8> all{
        {{"chưa có giấy chứng nhận", "no certificate"},
         {"được đề nghị", "proposed"},
         {"còn hiệu lực", "valid"},
         {"trong thời gian nộp hồ sơ đánh giá lại", "in the filing window"},
         {"hết hạn", "expired"},
         {"được gia hạn chờ kết quả", "in grace"},
         {"bị thu hồi", "withdrawn"},
         {"không rõ", "unknown"}}};
};

/// A set of enumerators, at most 32.
template <class Enum>
class enum_set {
public:
    constexpr enum_set() noexcept = default;
    constexpr enum_set(std::initializer_list<Enum> members) noexcept {
        for (Enum one : members) insert(one);
    }
    constexpr void insert(Enum one) noexcept { bits_ |= bit(one); }
    [[nodiscard]] constexpr bool contains(Enum one) const noexcept {
        return (bits_ & bit(one)) != 0;
    }
    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
    [[nodiscard]] constexpr std::uint32_t bits() const noexcept { return bits_; }

    friend constexpr bool operator==(enum_set, enum_set) noexcept = default;

private:
    static_assert(names<Enum>::all.size() <= 32);
    static constexpr std::uint32_t bit(Enum one) noexcept {
        return std::uint32_t{1} << static_cast<unsigned>(one);
    }
    std::uint32_t bits_ = 0;
};

/// The states in which a star may be shown (rules §9).
inline constexpr enum_set<product_state> states_in_force{
    product_state::valid, product_state::filing_window, product_state::grace};

/// A stretch of days, both ends in it.
struct period {
    date first;
    date last;

    friend bool operator==(const period&, const period&) = default;
};

/// A question. Every part that is left empty asks nothing; all that are given must hold. What the
/// certificate says (state, star, year, producer after a transfer) is as of `as_of`; names, set,
/// place and the producer's flags are those of the records as they stand now.
struct query {
    /// \p day: the day asked about; must be a day (the answer is an error, 110, otherwise).
    explicit query(const date& day) : as_of(day) {}

    date as_of;
    enum_set<product_state> states;
    /// Stars of the certificate in force: a product without one has none.
    std::vector<stars> with_stars;
    /// Certificates in force whose last valid day is at most so many days after `as_of`; 0: today.
    std::optional<std::uint32_t> expiring_within;
    /// Withdrawn (thu hồi) on a day of this period, whatever came after.
    std::optional<period> withdrawn;
    /// The programme's year of the certificate (or proposal) that the state rests on; where none is
    /// told, the year of its day.
    std::vector<std::int32_t> years;
    /// Sets of products, in the generation that the record names. For a sector, give all its sets.
    std::vector<product_set> sets;
    /// Products of this unit or of a unit in it. A place of an older edition is carried on to the
    /// edition asked by the successors of units, so that today's unit holds what was certified
    /// under old ones; a commune whose successor is unknown still counts in its province. A place of a
    /// newer edition is carried back only where codes kept their meaning (not across July 2025). Must
    /// be a unit (the answer is an error, 501, otherwise).
    std::optional<unit_ref> within;
    std::vector<producer_kind> kinds;
    std::optional<bool> youth_led;       ///< true: declared; false: declared not to be
    std::optional<bool> women_led;       ///< the legal representative is a woman, as declared
    std::optional<bool> ethnic_led;      ///< … of an ethnic minority
    std::optional<bool> disability_led;  ///< … a person with a disability
    std::optional<producer_id> producer;
    /// Words of the product's, a variant's or the producer's name: all that search() finds, those too
    /// whose accents differ.
    std::string text;

    friend bool operator==(const query&, const query&) = default;
};

/// What products can be counted by.
enum class group_key {
    state,
    stars,           ///< of the certificate in force, else none
    province,        ///< of the place in its own edition
    district,        ///< of the place in its own edition; none from July 2025 on
    commune,         ///< of the place in its own edition
    province_today,  ///< where the place lies now
    commune_today,   ///< where the place lies now
    set,             ///< the product set
    kind,            ///< kind of producer
    producer,        ///< number of the producer
    year,            ///< see query::years
    youth_led,       ///< yes, no or not declared
    women_led,
    ethnic_led
};

template <>
struct names<group_key> {
    static constexpr std::array<std::string_view, 14> all{
        "state", "stars", "province", "district", "commune",   "province_today", "commune_today",
        "set",   "kind",  "producer", "year",     "youth_led", "women_led",      "ethnic_led"};
};

/// One value that products are grouped by. A group of products that have no such value (no
/// producer, no star in force, place not known) is empty: it stands last.
struct group_value {
    /// "valid", "3", "12", "cooperative", "yes". Codes of districts and communes, which mean
    /// another place in another edition, with it: "2025-07/03388"; so those of provinces, except
    /// today's. Sets with their generation: "2023/18".
    std::string code;
    label name;  ///< in words: the unit's name, the state's term …

    [[nodiscard]] bool empty() const noexcept { return code.empty(); }
    friend bool operator==(const group_value&, const group_value&) = default;
};

/// The products that agree in every key, and their exact share.
struct group_count {
    std::vector<group_value> values;  ///< one for each key asked
    std::uint64_t count = 0;
    std::uint64_t of = 0;  ///< all that were counted: the share is count / of

    friend bool operator==(const group_count&, const group_count&) = default;
};

/// What a product is on a day, for a table of changes: its star while a certificate is in force,
/// otherwise why there is none.
enum class star_class { none, proposed, three, four, five, expired, withdrawn, unknown, other };

template <>
struct names<star_class> {
    static constexpr std::array<std::string_view, 9> all{
        "none", "proposed", "3", "4", "5", "expired", "withdrawn", "unknown", "other"};
};
template <>
struct terms<star_class> {
    static constexpr std::array<term, 9> all{
        {{"chưa có", "none"},
         {"được đề nghị", "proposed"},
         {"3 sao", "3 stars"},
         {"4 sao", "4 stars"},
         {"5 sao", "5 stars"},
         {"hết hạn", "expired"},
         {"bị thu hồi", "withdrawn"},
         {"không rõ", "unknown"},
         {"có hiệu lực, không rõ sao", "in force, star not told"}}};
};

/// How many products went from one class to another between two days.
struct transition_table {
    static constexpr std::size_t size = names<star_class>::all.size();
    std::array<std::array<std::uint64_t, size>, size> counts{};  ///< [from][to]

    [[nodiscard]] std::uint64_t at(star_class from, star_class to) const noexcept {
        return counts[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)];
    }
    friend bool operator==(const transition_table&, const transition_table&) = default;
};

/// How sure it is that two records are one.
enum class duplicate_degree { certain, likely };

template <>
struct names<duplicate_degree> {
    static constexpr std::array<std::string_view, 2> all{"certain", "likely"};
};

/// Products that seem to be one (at least two, by id), with the reason.
struct duplicate_group {
    duplicate_degree degree = duplicate_degree::likely;
    std::vector<product_id> products;
    label reason;

    friend bool operator==(const duplicate_group&, const duplicate_group&) = default;
};

/// How well a name fits what was searched, best first.
enum class match_grade {
    whole,     ///< it is the name
    start,     ///< the name begins with it
    phrase,    ///< its words stand together in the name; the last may be the start of a word
    words,     ///< all its words stand in the name in any order
    substring  ///< it stands inside the name, anywhere
};

template <>
struct names<match_grade> {
    static constexpr std::array<std::string_view, 5> all{"whole", "start", "phrase", "words",
                                                         "substring"};
};

/// A product or a producer that was found by name.
struct search_hit {
    /// One of the two.
    std::optional<product_id> product;
    std::optional<producer_id> producer;
    std::uint32_t variant = 0;  ///< 0: the product's own name; n: its nth variant
    match_grade grade = match_grade::substring;
    /// The accents fit too. Always so where the text has none that the name lacks.
    bool accents = false;

    friend bool operator==(const search_hit&, const search_hit&) = default;
};

/// What to search.
struct search_options {
    bool products = true;  ///< names of products and of their variants
    bool producers = true;
    std::size_t most = 20;  ///< hits that are given back, the best ones

    friend bool operator==(const search_options&, const search_options&) = default;
};

}  // namespace ocop
