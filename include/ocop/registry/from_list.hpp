/// \file from_list.hpp
/// From rows of a published list to records: producers, products and what happened to their
/// certificates. What each row comes to is told in docs/registry.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ocop/base/date.hpp"
#include "ocop/base/id.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/config.hpp"
#include "ocop/exchange/product_list.hpp"
#include "ocop/registry/registry.hpp"

namespace ocop {

/// How rows become records.
struct from_list_options {
    explicit from_list_options(const date& day) : told_on(day) {}

    /// The day on which the list was told: new records and claims without a day of their own are
    /// dated with it. No state depends on it.
    date told_on;
    /// The first half of the events' numbers: another one for each list.
    std::uint64_t list = 1;
    std::size_t most_problems = 100000;
};

/// What a row came to. Rows of one product share it.
struct imported_row {
    std::uint32_t row = 0;
    std::uint32_t part = 0;
    product_id product;
    std::optional<producer_id> producer;  ///< nothing where the row names none
    bool new_product = false;
    bool new_producer = false;
    /// The row told nothing that an earlier one had not told: the same event of the same product.
    bool repeated = false;

    friend bool operator==(const imported_row&, const imported_row&) = default;
};

/// What import_list() did.
struct list_import {
    std::vector<imported_row> rows;  ///< one for each row given that was taken in, in order
    /// What stood against a row (in place: row, and the column as pointer). A row with an error left
    /// its product and producer, and no event.
    problems found;

    friend bool operator==(const list_import&, const list_import&) = default;
};

/// Takes \p rows into \p into, which should allow histories that begin anywhere
/// (history_extent::part). Producers are one where name (without accents, case and punctuation), kind
/// and province agree; a row without a name, or whose name is withheld or only a kind ("Hộ kinh
/// doanh"), has a producer of its own. Products are one where name, producer and place agree. Numbers
/// of new records follow on the greatest ones. Linear; deterministic in the order of the rows.
OCOP_API list_import import_list(registry& into, std::span<const listed_product> rows,
                                 const from_list_options& options);

/// A registry of \p rows alone: import_list() into an empty one.
struct listed_registry {
    registry made;
    list_import told;
};
[[nodiscard]] OCOP_API listed_registry registry_from_list(std::span<const listed_product> rows,
                                                          gazetteer units,
                                                          const from_list_options& options);

/// What \p row by itself says of its product on \p on: `unknown` where it tells neither the day of a
/// decision nor that of expiry. \throws error (110) where \p on is no day.
[[nodiscard]] OCOP_API product_standing standing_of_row(const listed_product& row, const date& on,
                                                        const gazetteer& units,
                                                        const certificate_rules& by = {});

}  // namespace ocop
