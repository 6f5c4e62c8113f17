/// \file sheets_reform.hpp
/// What another regulation makes of a text of score sheets: docs/rank.md.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ocop/base/label.hpp"
#include "ocop/config.hpp"
#include "ocop/criteria/regulation.hpp"
#include "ocop/criteria/scorecard.hpp"
#include "ocop/exchange/sheets_csv.hpp"
#include "ocop/ranking/reform.hpp"

namespace ocop {

/// What a reform does to one product.
struct product_reform {
    standing was = standing::incomplete;
    standing low = standing::incomplete;   ///< after it at least this
    standing high = standing::incomplete;  ///< and at most this
    reform_change change = reform_change::undecided;

    friend bool operator==(const product_reform&, const product_reform&) = default;
};

/// What a reform does to the products of a text of sheets.
struct sheets_reform {
    std::vector<product_reform> products;  ///< by their number in the reader
    /// Products that are incomplete, or have more than 250 sheets, are undecided in it.
    reform_summary summary;
};

/// Compares the products that \p from has read to the end under both sides of \p rules, whose old card
/// is that of the sheets. Depends on the sheets alone, not on \p threads (0: as many as the machine
/// has). \throws error where \p from does not keep answers.
[[nodiscard]] OCOP_API sheets_reform reform_sheets(const sheets_csv_reader& from,
                                                   const reform_rules& rules,
                                                   std::size_t threads = 1);

/// The two scorecards of a comparison, for its text forms.
struct reform_sides {
    const regulation* from = nullptr;
    const scorecard* old_card = nullptr;
    const regulation* to = nullptr;
    const scorecard* new_card = nullptr;
};

/// The comparison for people: what is carried and what must be judged anew, the changes, the cross
/// table, and the criteria and points that products rise and fall through. Ends with a newline.
[[nodiscard]] OCOP_API std::string reform_text(const sheets_reform& told, const reform_rules& rules,
                                               const reform_sides& sides, language lang);

/// The same as one line of JSON, `{"compare": {…}}`, with its newline.
[[nodiscard]] OCOP_API std::string reform_json(const sheets_reform& told, const reform_rules& rules,
                                               const reform_sides& sides);

}  // namespace ocop
