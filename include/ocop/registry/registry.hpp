/// \file registry.hpp
/// The registry (sổ đăng ký) of the programme: every record of a province or of the country, in
/// memory, always sound, answering as of any day. See docs/registry.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ocop/base/date.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/certifications/certificate.hpp"
#include "ocop/communes/gazetteer.hpp"
#include "ocop/config.hpp"
#include "ocop/registry/event.hpp"
#include "ocop/registry/journal.hpp"
#include "ocop/registry/query.hpp"
#include "ocop/registry/records.hpp"

namespace ocop {

namespace detail {
struct registry_data;
}

/// What a registry takes for right.
struct registry_rules {
    /// Terms, windows and grace of certificates.
    certificate_rules certificates;
    /// Whether a product's history must be whole, or may begin anywhere, as lists tell it.
    history_extent histories = history_extent::whole;

    friend bool operator==(const registry_rules&, const registry_rules&) = default;
};

/// What taking an event in did.
enum class applied {
    changed,  ///< the registry is another one now
    repeated  ///< the same event had been taken in before: nothing changed
};

/// A product on a day.
struct product_standing {
    product_state state = product_state::none;
    std::optional<ocop::stars> stars;    ///< of the certificate in force; nothing else is shown
    std::optional<ocop::stars> claimed;  ///< of a proposal, or of what is said without a day
    std::optional<ocop::stars> former_stars;  ///< of the last certificate, no longer in force
    std::optional<date> first_day;            ///< of the last certificate
    std::optional<date> last_valid_day;
    std::optional<date> filing_from;
    std::optional<date> filing_until;
    std::optional<std::int32_t> year;  ///< see query::years
    std::optional<producer_id> producer;

    friend bool operator==(const product_standing&, const product_standing&) = default;
};

/// How many records there are of each kind, removed ones not counted.
struct registry_sizes {
    std::size_t producers = 0;
    std::size_t products = 0;
    std::size_t certificate_entries = 0;  ///< certificate events and claims
    std::size_t decisions = 0;
    std::size_t dossiers = 0;
    std::size_t organisations = 0;
    std::size_t campaigns = 0;
    std::size_t trainings = 0;
    std::size_t ideas = 0;
    std::size_t events = 0;

    friend bool operator==(const registry_sizes&, const registry_sizes&) = default;
};

/// An entry of a product's history as it was taken in.
struct history_entry {
    const event* told = nullptr;  ///< the event, valid as const event& of the journal
    const certificate_recorded* certificate = nullptr;  ///< one of the two
    const claim_recorded* claim = nullptr;
};

/// All records with integrity: every reference leads to a record, every unit exists, every history
/// holds together, after every change. A regular value: copies are independent and share what never
/// changes. Reading from many threads is safe as long as none changes it.
class registry {
public:
    /// An empty registry over \p units (shared, not copied).
    OCOP_API explicit registry(gazetteer units, registry_rules rules = {});
    OCOP_API registry(const registry&);
    OCOP_API registry(registry&&) noexcept;  ///< The other one may only be assigned or destroyed.
    OCOP_API registry& operator=(const registry&);
    OCOP_API registry& operator=(registry&&) noexcept;
    OCOP_API ~registry();

    // Changes

    /// Takes \p one in. \throws error with every problem, and then nothing has changed: 702 the
    /// record exists; 701 it or one that it refers to does not; 703 it has another version than
    /// expected; 704 the number stands for another event; 705 it is referred to and cannot be
    /// removed; 501 no such unit, 502 the units of a product's code do not lie in each other; 605 a
    /// level that may not give the certificate; 608 dated before the record's last change, a dossier's
    /// last step or its decision's signing; 610 a certificate and its decision's record differ, a
    /// dossier is another one; and what the record's own checks say (a history's: 6xx). Where memory
    /// runs out in the middle of the change, the registry may only be destroyed.
    OCOP_API applied apply(event one);
    /// As apply(): nothing, and the problems in \p found, where it cannot be taken in. Warnings come
    /// to \p found in both cases.
    [[nodiscard]] OCOP_API std::optional<applied> try_apply(event one, problems& found);
    /// All of \p batch in order or, where one fails, none. How many changed something; nothing, and
    /// the problems of the first that failed, with "/<its place>" before each pointer.
    [[nodiscard]] OCOP_API std::optional<std::size_t> try_apply(std::span<const event> batch,
                                                                problems& found);
    /// The registry that \p events make. \throws error where they are not a journal of such a
    /// registry.
    [[nodiscard]] OCOP_API static registry replay(const journal& events, gazetteer units,
                                                  registry_rules rules = {});
    /// Makes room for so many records, to import faster.
    OCOP_API void reserve(const registry_sizes& sizes);

    // Records

    /// Every event that changed something, in order.
    [[nodiscard]] OCOP_API const ocop::journal& journal() const noexcept;
    [[nodiscard]] OCOP_API const gazetteer& units() const noexcept;
    [[nodiscard]] OCOP_API const registry_rules& rules() const noexcept;
    [[nodiscard]] OCOP_API registry_sizes sizes() const noexcept;

    /// The record, or null. Valid until the next change. O(1).
    template <class Value>
    [[nodiscard]] OCOP_API const Value* find(id_of<Value> id) const noexcept;
    /// The record as it was on \p on, by the days of its changes; null before its first.
    template <class Value>
    [[nodiscard]] OCOP_API const Value* find(id_of<Value> id, const date& on) const noexcept;
    /// The record's version: 1 when it was made, one more with each change; 0 where there is none.
    template <class Value>
    [[nodiscard]] OCOP_API std::uint32_t version(id_of<Value> id) const noexcept;
    /// Where the record's present value comes from; empty where there is none.
    template <class Value>
    [[nodiscard]] OCOP_API provenance origin(id_of<Value> id) const;
    /// Whether a record has, or had, the number \p id. O(1).
    template <class Value>
    [[nodiscard]] OCOP_API bool used(id_of<Value> id) const noexcept;
    /// The greatest number that a record of a kind has, or had: a removed one is not used again. Linear.
    template <class Value>
    [[nodiscard]] OCOP_API std::optional<id_of<Value>> greatest() const;
    /// Numbers of all records of a kind, ascending.
    template <class Value>
    [[nodiscard]] OCOP_API std::vector<id_of<Value>> all() const;

    [[nodiscard]] const ocop::producer* find(producer_id id) const noexcept {
        return find<ocop::producer>(id);
    }
    [[nodiscard]] const ocop::product* find(product_id id) const noexcept {
        return find<ocop::product>(id);
    }

    /// Number of entries in the product's history of certificates: the version that the next entry
    /// must expect.
    [[nodiscard]] OCOP_API std::uint32_t history_version(product_id id) const noexcept;
    /// The entries of the product's history, dated ones in the order of time, then claims.
    [[nodiscard]] OCOP_API std::vector<history_entry> entries(product_id id) const;
    /// The dated entries as a history that gives its reasons; producers by their names. Empty where
    /// an entry tells no star, which only histories that may begin anywhere allow.
    [[nodiscard]] OCOP_API certificate_history history(product_id id) const;
    /// Products of \p id as their records name it, ascending.
    [[nodiscard]] OCOP_API std::vector<product_id> products_of(producer_id id) const;

    // Questions. Each is an error (110) where its day is none; else nothing throws but for memory.

    /// What \p id is on \p on, whatever was or will be recorded for later days. Its state is `none`
    /// where there is no such product.
    [[nodiscard]] OCOP_API product_standing standing(product_id id, const date& on) const;
    /// The products that \p asked describes, ascending.
    [[nodiscard]] OCOP_API std::vector<product_id> select(const query& asked) const;
    [[nodiscard]] OCOP_API std::size_t count(const query& asked) const;
    /// The products that \p asked describes, by the given keys: groups that have products, ordered by
    /// their values key by key (states and kinds in their order, the rest by code; empty ones last).
    [[nodiscard]] OCOP_API std::vector<group_count> count_by(const query& asked,
                                                             std::span<const group_key> keys) const;
    [[nodiscard]] std::vector<group_count> count_by(const query& asked,
                                                    std::initializer_list<group_key> keys) const {
        return count_by(asked, std::span<const group_key>(keys.begin(), keys.size()));
    }
    /// What became until \p later of products as they were on the day of \p asked, which chooses
    /// them.
    [[nodiscard]] OCOP_API transition_table transitions(const query& asked,
                                                        const date& later) const;
    /// Products whose records seem to be one, by their first id. Certain: the same name (without
    /// accents, case and punctuation), the same producer and the same place. Likely: the same name and
    /// producer, other places or places not told; or the same name and place, and producers of the
    /// same name. Likely groups name the first product alone of those that are certainly one. The same
    /// name of two producers in one place is no duplicate. n log n.
    [[nodiscard]] OCOP_API std::vector<duplicate_group> duplicates() const;
    /// Names that fit \p text, best first: by whether the accents fit too (where \p text has any), by
    /// grade, by length, products before producers, by id. Case never matters; `đ` is `d` where
    /// accents do not count; the last word may be the start of one. Empty for a text without
    /// letters and digits.
    [[nodiscard]] OCOP_API std::vector<search_hit> search(std::string_view text,
                                                          const search_options& options = {}) const;

    /// Everything that is derived (columns, indexes, counts of references) is worked out again from the
    /// records and compared: what differs, a line each. Empty, or there is a fault in this library.
    [[nodiscard]] OCOP_API std::vector<std::string> check() const;
    /// About how many bytes it holds, of all kinds, the journal's among them.
    [[nodiscard]] OCOP_API std::size_t memory() const noexcept;

    /// The same rules, units, records, versions and journal.
    friend OCOP_API bool operator==(const registry& a, const registry& b);

private:
    std::unique_ptr<detail::registry_data> data_;
};

}  // namespace ocop
