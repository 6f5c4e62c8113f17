// What a registry holds: tables of records, histories of certificates, and columns and indexes that are
// worked out from them.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "ocop/registry/registry.hpp"
#include "registry/name_index.hpp"

namespace ocop::detail {

/// Whether \p code is of a year before the first edition: of units that were gone by then nothing is
/// known.
[[nodiscard]] inline bool before_editions(const product_code& code) {
    return code.year() < static_cast<int>(first_day(edition::e2023_01).year());
}

inline constexpr std::uint32_t no_slot = std::numeric_limits<std::uint32_t>::max();

[[nodiscard]] constexpr std::uint64_t mixed(std::uint64_t x) noexcept {
    x ^= x >> 32U;
    x *= 0xd6e8feb86659fd93U;
    x ^= x >> 32U;
    x *= 0xd6e8feb86659fd93U;
    return x ^ x >> 32U;
}

/// Places in a list by a key that the list can tell: open addressing.
class place_index {
public:
    /// The place for which \p same holds, or no_slot.
    template <class Same>
    [[nodiscard]] std::uint32_t find(std::uint64_t hash, const Same& same) const noexcept {
        if (cells_.empty()) return no_slot;
        const std::size_t last = cells_.size() - 1;
        for (std::size_t cell = hash & last; cells_[cell] != no_slot; cell = (cell + 1) & last)
            if (same(cells_[cell])) return cells_[cell];
        return no_slot;
    }
    /// Adds \p place; `hash_of(place)` gives the hash of any place in it.
    template <class Hash>
    void add(std::uint32_t place, const Hash& hash_of) {
        if ((count_ + 1) * 2 > cells_.size()) reserve(count_ * 2 + 8, hash_of);
        insert(place, hash_of(place));
        ++count_;
    }
    /// Takes \p place out; those behind it move up, so that no chain breaks.
    template <class Hash>
    void drop(std::uint32_t place, const Hash& hash_of) noexcept {
        const std::size_t last = cells_.size() - 1;
        std::size_t hole = hash_of(place) & last;
        while (cells_[hole] != place) hole = (hole + 1) & last;
        for (std::size_t cell = (hole + 1) & last; cells_[cell] != no_slot;
             cell = (cell + 1) & last) {
            const std::size_t home = hash_of(cells_[cell]) & last;
            if (((cell - home) & last) < ((cell - hole) & last)) continue;
            cells_[hole] = cells_[cell];
            hole = cell;
        }
        cells_[hole] = no_slot;
        --count_;
    }
    template <class Hash>
    void reserve(std::size_t count, const Hash& hash_of) {
        std::size_t size = 16;
        while (size < count * 2) size *= 2;
        if (size <= cells_.size()) return;
        std::vector<std::uint32_t> old(size, no_slot);
        old.swap(cells_);
        for (std::uint32_t place : old)
            if (place != no_slot) insert(place, hash_of(place));
    }
    [[nodiscard]] std::size_t memory() const noexcept {
        return cells_.capacity() * sizeof(std::uint32_t);
    }

private:
    void insert(std::uint32_t place, std::uint64_t hash) noexcept {
        const std::size_t last = cells_.size() - 1;
        std::size_t cell = hash & last;
        while (cells_[cell] != no_slot) cell = (cell + 1) & last;
        cells_[cell] = place;
    }
    std::vector<std::uint32_t> cells_;
    std::size_t count_ = 0;
};

/// The records of one kind, in the order in which they were made: a record's place is its slot. A
/// removed record keeps its slot, so that its number is known to have been used.
template <class Value>
struct table {
    std::vector<std::uint64_t> ids;
    std::vector<kept<Value>> values;
    std::vector<std::uint32_t> versions;
    std::vector<std::uint32_t> events;  ///< places in the journal of their last changes
    std::vector<std::uint32_t> uses;    ///< how many references lead to it
    std::vector<bool> gone;
    /// Places in the journal of all changes but the last, of records that were changed.
    std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> earlier;
    place_index index;
    std::size_t alive = 0;

    [[nodiscard]] std::uint32_t size() const noexcept {
        return static_cast<std::uint32_t>(ids.size());
    }
    /// The slot of \p id, removed or not; no_slot where there was none.
    [[nodiscard]] std::uint32_t slot(std::uint64_t id) const noexcept {
        return index.find(mixed(id), [&](std::uint32_t at) { return ids[at] == id; });
    }
    [[nodiscard]] std::uint32_t living(std::uint64_t id) const noexcept {
        const std::uint32_t at = slot(id);
        return at != no_slot && gone[at] ? no_slot : at;
    }
    void add(std::uint64_t id, kept<Value> value, std::uint32_t at) {
        ids.push_back(id);
        values.push_back(std::move(value));
        versions.push_back(1);
        events.push_back(at);
        uses.push_back(0);
        gone.push_back(false);
        index.add(size() - 1, [this](std::uint32_t place) { return mixed(ids[place]); });
        ++alive;
    }
    void drop_last() {
        index.drop(size() - 1, [this](std::uint32_t place) { return mixed(ids[place]); });
        ids.pop_back();
        values.pop_back();
        versions.pop_back();
        events.pop_back();
        uses.pop_back();
        gone.pop_back();
        --alive;
    }
    void next_version(std::uint32_t slot, std::uint32_t at) {
        earlier[slot].push_back(events[slot]);
        events[slot] = at;
        ++versions[slot];
    }
    /// Back to the version before; the place in the journal that it came from.
    std::uint32_t last_version(std::uint32_t slot) {
        auto& places = earlier[slot];
        const std::uint32_t at = places.back();
        places.pop_back();
        if (places.empty()) earlier.erase(slot);
        events[slot] = at;
        --versions[slot];
        return at;
    }
    void reserve(std::size_t count) {
        ids.reserve(count);
        values.reserve(count);
        versions.reserve(count);
        events.reserve(count);
        uses.reserve(count);
        gone.reserve(count);
        index.reserve(count, [this](std::uint32_t place) { return mixed(ids[place]); });
    }
    [[nodiscard]] std::size_t memory() const noexcept {
        return ids.capacity() * (sizeof(std::uint64_t) + 3 * sizeof(std::uint32_t)) +
               values.capacity() * sizeof(kept<Value>) + ids.capacity() / 8 + index.memory();
    }
    friend bool operator==(const table& a, const table& b) {
        return a.ids == b.ids && a.values == b.values && a.versions == b.versions &&
               a.events == b.events && a.uses == b.uses && a.gone == b.gone &&
               a.earlier == b.earlier && a.alive == b.alive;
    }
};

/// A place that products have, worked out once.
struct place_facts {
    unit_ref at;
    std::optional<unit_code> province;  ///< in its own edition, as the next two
    std::optional<unit_code> district;
    std::optional<unit_code> commune;
    std::optional<unit_code> province_today;
    std::optional<unit_code> commune_today;
};

/// The states of a product through time, in a row that fits a cache line: stretch k holds from
/// from[k - 1] on; stretch 0 before. Days are counted from 2000-01-01; what does not fit is worked out
/// from the events each time.
struct state_row {
    static constexpr std::size_t stretches = 8;
    static constexpr std::int16_t never = std::numeric_limits<std::int16_t>::max();

    /// The last is no stretch's: 0 where the row fits, 1 where it does not.
    std::array<std::int16_t, stretches> from;
    std::array<std::uint8_t, stretches> code;  ///< packed state and star

    /// Whether the states do not fit and stand nowhere here.
    [[nodiscard]] bool slow() const noexcept { return from[stretches - 1] != 0; }

    friend bool operator==(const state_row&, const state_row&) = default;
};
/// What goes with the stretches and is asked more seldom.
struct state_more {
    std::array<std::int16_t, state_row::stretches> last;  ///< last valid day; `never`: none
    std::array<std::uint8_t, state_row::stretches> year;  ///< since 1900; 0: none

    friend bool operator==(const state_more&, const state_more&) = default;
};

/// A stretch of days in force of a product whose certificate then ends on one day.
struct expiry {
    std::uint32_t slot;
    std::int16_t from;
    std::int16_t to;  ///< the first day that is none of it; `never`: all that follow

    friend bool operator==(const expiry&, const expiry&) = default;
};

/// State and star in one number below 64.
struct state_code {
    [[nodiscard]] static constexpr std::uint8_t pack(product_state state,
                                                     std::uint8_t star) noexcept {
        return static_cast<std::uint8_t>(static_cast<unsigned>(state) | unsigned{star} << 3U);
    }
    [[nodiscard]] static constexpr product_state state(std::uint8_t code) noexcept {
        return static_cast<product_state>(code & 7U);
    }
    [[nodiscard]] static constexpr std::uint8_t star(std::uint8_t code) noexcept {
        return static_cast<std::uint8_t>(code >> 3U);
    }
    static constexpr std::size_t count = 64;
};

/// The stretch of \p row on a day.
[[nodiscard]] inline std::size_t stretch_on(const state_row& row, std::int16_t day) noexcept {
    // from[] ascends but for its last: the first that is later ends the stretch.
#if defined(__SSE2__)
    const __m128i from = _mm_loadu_si128(reinterpret_cast<const __m128i*>(row.from.data()));
    const auto later =
        static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpgt_epi16(from, _mm_set1_epi16(day))));
    return static_cast<std::size_t>(std::countr_zero(later | 1U << 14U)) / 2;
#else
    std::size_t k = row.from[3] <= day ? 4 : 0;
    k += row.from[k + 1] <= day ? 2U : 0U;
    k += row.from[k] <= day ? 1U : 0U;
    return k;
#endif
}

/// What is known of a product on a day, in numbers.
struct product_reading {
    product_state state = product_state::none;
    std::uint8_t star = 0;  ///< in force
    std::uint8_t former = 0;
    std::uint8_t claimed = 0;
    std::int32_t year = 0;       ///< 0: none
    std::uint32_t producer = 0;  ///< 1 + slot, where an event named it; 0: as the record says
    certificate_reading certificate;

    /// What the columns keep of it.
    [[nodiscard]] bool same_stretch(const product_reading& other) const noexcept {
        return state == other.state && star == other.star && year == other.year &&
               certificate.last_valid_day == other.certificate.last_valid_day;
    }
};

enum product_flag : std::uint8_t {
    slow_states = 1,  ///< the row does not fit
    was_transferred = 2,
    was_withdrawn = 4,  ///< a dated withdrawal stands in the history
};

/// Flags of a producer as declared, two bits each: 0 not told, 1 no, 2 yes.
[[nodiscard]] constexpr std::uint8_t told_bits(std::optional<bool> fact) noexcept {
    return static_cast<std::uint8_t>(!fact ? 0 : *fact ? 2 : 1);
}

/// Where a product's entries stand in the pool.
struct entry_list {
    std::uint32_t begin = 0;
    std::uint16_t count = 0;
    std::uint16_t capacity = 0;
};

struct registry_data {
    explicit registry_data(gazetteer list, registry_rules by) : units(std::move(list)), rules(by) {}

    gazetteer units;
    registry_rules rules;
    ocop::journal log;
    place_index log_index;

    table<producer> producers;
    table<product> products;
    table<decision_record> decisions;
    table<dossier_record> dossiers;
    table<organisation> organisations;
    table<campaign> campaigns;
    table<training> trainings;
    table<startup_idea> ideas;

    // By product's slot.
    std::vector<entry_list> entries;
    std::vector<compact_event> pool;       ///< dated entries, in the order of time
    std::vector<std::uint32_t> pool_from;  ///< their places in the journal
    std::unordered_map<std::uint32_t, std::vector<std::uint32_t>>
        claims;  ///< places in the journal
    std::size_t entry_count = 0;

    // Columns, by product's slot.
    std::vector<state_row> rows;
    std::vector<state_more> more;
    std::vector<std::uint32_t> place_of;     ///< 1 + place in `places`; 0: none
    std::vector<std::uint32_t> producer_of;  ///< slot
    std::vector<std::uint8_t> set_of;        ///< 0: none; number + 32 for the generation of 2023
    std::vector<std::uint8_t> flags;
    /// Stretches in force by the last valid day of the certificate, and products whose rows do not fit.
    std::unordered_map<std::int16_t, std::vector<expiry>> ends;
    std::vector<std::uint32_t> slow_slots;
    /// Where a product's first stretch in force stands in its list of ends; by product's slot.
    std::vector<std::uint32_t> end_places;
    /// The same of further stretches, by (slot, number of the stretch in force).
    std::unordered_map<std::uint64_t, std::uint32_t> more_end_places;
    // By producer's slot.
    std::vector<std::uint8_t> kind_of;                ///< 1 + kind; 0: not told
    std::vector<std::uint8_t> declared_of;            ///< youth, woman, ethnic minority, disability
    std::vector<std::vector<std::uint32_t>> made_by;  ///< slots of products, ascending
    // Places, only ever more of them.
    std::vector<place_facts> places;
    std::unordered_map<unit_ref, std::uint32_t> place_index_of;
    std::vector<std::vector<std::uint32_t>> made_at;  ///< slots of products, ascending

    name_index product_names;
    name_index producer_names;

    template <class Value>
    [[nodiscard]] table<Value>& of() noexcept;
    template <class Value>
    [[nodiscard]] const table<Value>& of() const noexcept {
        return const_cast<registry_data*>(this)->of<Value>();  // NOLINT: reads only
    }

    [[nodiscard]] std::span<const compact_event> history(std::uint32_t slot) const noexcept {
        return std::span(pool).subspan(entries[slot].begin, entries[slot].count);
    }
    [[nodiscard]] std::span<const std::uint32_t> history_from(std::uint32_t slot) const noexcept {
        return std::span(pool_from).subspan(entries[slot].begin, entries[slot].count);
    }
    [[nodiscard]] const std::vector<std::uint32_t>* claims_of(std::uint32_t slot) const noexcept {
        const auto found = claims.find(slot);
        return found == claims.end() ? nullptr : &found->second;
    }
    [[nodiscard]] std::uint32_t history_version(std::uint32_t slot) const noexcept {
        const auto* undated = claims_of(slot);
        return static_cast<std::uint32_t>(entries[slot].count +
                                          (undated == nullptr ? 0 : undated->size()));
    }

    /// What a product is on a day: the one place where entries become a state.
    [[nodiscard]] product_reading read(std::uint32_t slot, const date& on) const;
    /// The state columns of a product, worked out from its entries.
    struct state_columns {
        state_row row;
        state_more more;
        std::uint8_t flags = 0;

        friend bool operator==(const state_columns&, const state_columns&) = default;
    };
    [[nodiscard]] state_columns work_out(std::uint32_t slot) const;
    void refresh(std::uint32_t slot) {
        const state_columns now = work_out(slot);
        if (now.row == rows[slot] && now.more == more[slot]) {
            flags[slot] = now.flags;
            return;
        }
        list_ends(slot, false);
        rows[slot] = now.row;
        more[slot] = now.more;
        flags[slot] = now.flags;
        list_ends(slot, true);
    }
    /// Puts the stretches in force of a product into the lists of ends, or takes them out.
    void list_ends(std::uint32_t slot, bool in);
    /// Calls `take(number, last, stretch)` for each stretch in force of a product whose row fits.
    template <class Take>
    void each_end(std::uint32_t slot, const Take& take) const;
    /// Where the stretch \p number in force of \p slot stands in its list.
    [[nodiscard]] std::uint32_t& end_place(std::uint32_t slot, std::uint32_t number) {
        if (number == 0) return end_places[slot];
        return more_end_places[std::uint64_t{slot} << 3U | number];
    }
    [[nodiscard]] std::uint32_t place_number(const unit_ref& ref);
    /// The producer that holds a product on a day, by slot.
    [[nodiscard]] std::uint32_t holder(std::uint32_t slot, const date& on) const;
};

/// Keeps ascending lists of slots, which mostly grow at the end.
inline void add_slot(std::vector<std::uint32_t>& list, std::uint32_t slot) {
    list.insert(std::lower_bound(list.begin(), list.end(), slot), slot);
}
inline void drop_slot(std::vector<std::uint32_t>& list, std::uint32_t slot) {
    list.erase(std::lower_bound(list.begin(), list.end(), slot));
}

/// Days since 2000-01-01.
[[nodiscard]] inline std::int32_t short_day(const date& day) {
    constexpr day_count origin = count_of(2000, 1, 1);
    return static_cast<std::int32_t>(count_of(day) - origin);
}
/// The same within what a row can hold: days beyond it are as its ends.
[[nodiscard]] inline std::int16_t row_day(const date& day) {
    constexpr std::int32_t least = std::numeric_limits<std::int16_t>::min();
    constexpr std::int32_t most = state_row::never - 1;
    const std::int32_t count = short_day(day);
    return static_cast<std::int16_t>(count < least ? least : count > most ? most : count);
}

template <>
inline table<producer>& registry_data::of() noexcept {
    return producers;
}
template <>
inline table<product>& registry_data::of() noexcept {
    return products;
}
template <>
inline table<decision_record>& registry_data::of() noexcept {
    return decisions;
}
template <>
inline table<dossier_record>& registry_data::of() noexcept {
    return dossiers;
}
template <>
inline table<organisation>& registry_data::of() noexcept {
    return organisations;
}
template <>
inline table<campaign>& registry_data::of() noexcept {
    return campaigns;
}
template <>
inline table<training>& registry_data::of() noexcept {
    return trainings;
}
template <>
inline table<startup_idea>& registry_data::of() noexcept {
    return ideas;
}

}  // namespace ocop::detail
