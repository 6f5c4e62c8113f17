/// \file sheets_ranking.hpp
/// The ranking of all products of a text of score sheets, and its text forms: docs/rank.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ocop/base/label.hpp"
#include "ocop/base/names.hpp"
#include "ocop/config.hpp"
#include "ocop/exchange/sheets_csv.hpp"
#include "ocop/exchange/sheets_reform.hpp"
#include "ocop/ranking/order.hpp"

namespace ocop {

/// A product in its place.
struct ranked_product {
    std::uint32_t product = 0;  ///< its number in the reader
    std::uint32_t rank = 0;     ///< from 1, within its group; 0: not ranked
    verdict told;

    friend bool operator==(const ranked_product&, const ranked_product&) = default;
};

/// The products that \p from has read to the end, best first, equal ones by name, bytewise; behind
/// them by name those that are not ranked. With a group's column the groups follow each other by
/// name, and ranks restart in each. The result does not depend on the order of the rows.
///
/// \param top  keeps products of rank 1 to \p top alone, of each group; 0: all
/// \throws error for a bad policy. n log n in the names, else linear.
[[nodiscard]] OCOP_API std::vector<ranked_product> rank_sheets(const sheets_csv_reader& from,
                                                               const order_policy& by = {},
                                                               std::size_t top = 0);

/// How sure the star of a product is.
struct product_confidence {
    /// Councils that were drawn; 0: no estimate (an incomplete product, or more than 250 sheets).
    std::uint32_t replications = 0;
    std::array<std::uint32_t, stars::highest> ended{};  ///< of them with 1 to 5 stars
    std::uint32_t rejected = 0;
    std::uint32_t score_again = 0;
    /// Wilson's 95 % interval of the share of the present star; 0 to 0 for a product without one.
    double low = 0.0;
    double high = 0.0;
    /// Fewest and most stars when each member in turn is left out; 0: none is ranked then.
    std::uint8_t fewest_without = 0;
    std::uint8_t most_without = 0;
    std::uint16_t flip_up = 0;    ///< least number of answers for a higher star; 0: there is none
    std::uint16_t flip_down = 0;  ///< least number of answers for a lower star; 0: there is none

    friend bool operator==(const product_confidence&, const product_confidence&) = default;
};

/// How sure each product of \p from is, by its number: \p replications councils drawn from its own
/// members with replacement (the bootstrap), each member left out, and the least number of answers
/// that change its star (see flip.hpp). Depends on \p seed, names and sheets alone, not on the order of
/// rows nor on \p threads (0: as many as the machine has).
/// \throws error where \p from does not keep answers.
[[nodiscard]] OCOP_API std::vector<product_confidence> confidence_of_sheets(
    const sheets_csv_reader& from, const verdict_rules& rules, std::uint32_t replications,
    std::uint64_t seed, std::size_t threads = 1);

/// The text form of a ranking.
enum class ranking_form {
    text,  ///< a table for people
    csv,   ///< RFC 4180, the columns of docs/rank.md
    json   ///< one object a line
};
template <>
struct names<ranking_form> {
    static constexpr std::array<std::string_view, 3> all{"text", "csv", "json"};
};

/// What a ranking tells beside it, by the number of the product. What is given adds its columns,
/// also where there is no product to fill them.
struct ranking_extras {
    std::optional<std::span<const product_confidence>> sure;
    std::optional<std::span<const product_reform>> reform;
};

/// Writes a ranking row by row, so that a million products need no memory for their text.
class ranking_writer {
public:
    /// \p from, \p card, \p rules, \p rows and what \p extras names must outlive the writer.
    OCOP_API ranking_writer(const sheets_csv_reader& from, const scorecard& card,
                            const verdict_rules& rules, std::span<const ranked_product> rows,
                            ranking_form form, language lang = language::vi,
                            ranking_extras extras = {});

    /// What stands above the rows.
    [[nodiscard]] OCOP_API std::string header() const;
    /// Appends row \p index of the ranking to \p text, with its newline.
    OCOP_API void append(std::size_t index, std::string& text) const;
    /// What stands below the rows.
    [[nodiscard]] OCOP_API std::string footer() const;

private:
    void append_csv(const ranked_product& row, std::string& text) const;
    void append_json(const ranked_product& row, std::string& text) const;
    void append_text(const ranked_product& row, std::string& text) const;
    [[nodiscard]] std::vector<std::size_t> missed(const verdict& told) const;

    const sheets_csv_reader* from_;
    const scorecard* card_;
    const verdict_rules* rules_;
    std::span<const ranked_product> rows_;
    ranking_extras extras_;
    ranking_form form_;
    language lang_;
    std::size_t name_width_ = 0;
};

}  // namespace ocop
