/// \file sheets_agreement.hpp
/// How far the members agree who scored a text of sheets, who is harsh, which sheets stand out, what
/// lies between two such texts; and the text forms of all that: docs/agreement.md.
///
/// Statistics in floating point, information only: stars follow from the raw means by law.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ocop/ranking/agreement.hpp"
#include "ocop/ranking/many_facet.hpp"
#include "ocop/ranking/severity.hpp"

#include "ocop/base/label.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/config.hpp"
#include "ocop/criteria/regulation.hpp"
#include "ocop/criteria/scorecard.hpp"
#include "ocop/exchange/sheets_csv.hpp"
#include "ocop/exchange/sheets_ranking.hpp"
#include "ocop/ranking/verdict.hpp"

namespace ocop {

/// What agreement_of_sheets() and drift_of_sheets() compute, and how.
struct sheets_agreement_options {
    std::string file;  ///< names the text in a problem's place
    severity_options severity;
    outlier_options outliers;
    double confidence = 0.95;  ///< of all intervals
    bool facets = false;       ///< the many-facet model too
    many_facet_options facet;
    /// The many-facet model is refused for more answers: it takes tens to hundreds of rounds.
    std::size_t most_facet_answers = 1'000'000;
    std::size_t threads = 1;  ///< 0: as many as the machine has. Changes no result

    friend bool operator==(const sheets_agreement_options&,
                           const sheets_agreement_options&) = default;
};

/// Agreement of the members on totals, or on the points of one criterion.
struct agreement_measures {
    alpha_result ordinal;   ///< Krippendorff's alpha by ranks
    alpha_result interval;  ///< and by squared differences of points
    icc_result icc;         ///< of the products that every member scored

    friend bool operator==(const agreement_measures&, const agreement_measures&) = default;
};

/// A set of members who scored two products or more together, nobody else being there.
struct council_agreement {
    std::vector<std::uint32_t> members;   ///< places in sheets_agreement::members, ascending
    std::vector<std::uint32_t> products;  ///< likewise in sheets_agreement::products
    agreement_measures totals;
    std::vector<agreement_measures> criteria;  ///< in the card's order

    friend bool operator==(const council_agreement&, const council_agreement&) = default;
};

/// All that is told of one text of sheets. Units, members and criteria of the statistics are places
/// in products, members and criteria.
struct sheets_agreement {
    std::string file;
    std::vector<std::string> products;  ///< by name, bytewise; without the incomplete ones
    std::vector<std::string> left_out;  ///< incomplete products, likewise
    std::vector<std::string> members;   ///< with a sheet that counts, likewise
    std::vector<std::string> criteria;  ///< codes, in the card's order
    std::size_t sheets = 0;             ///< of these products

    agreement_measures totals;
    /// ICC of totals from variance components: all ratings, for councils of \ref usual_sheets.
    component_icc components;
    std::uint32_t usual_sheets = 0;               ///< mean sheets of a product, rounded
    std::vector<agreement_measures> criteria_of;  ///< in the card's order
    /// Councils of two products or more: those with most products first, then by first product.
    std::vector<council_agreement> councils;
    std::size_t single_councils = 0;  ///< sets of members who scored one product together

    severity_estimate model;                ///< of totals
    std::vector<left_out_summary> without;  ///< by member
    /// By product, member and reason. Numbers of alone_at_other_end are points.
    std::vector<outlier> outliers;
    std::optional<many_facet_model> facets;  ///< categories are points

    friend bool operator==(const sheets_agreement&, const sheets_agreement&) = default;
};

/// What lies between two texts, on the products that both scored: differences are second less first.
struct sheets_drift {
    std::string first;  ///< names of the texts
    std::string second;
    std::vector<std::string> products;  ///< of both, by name
    std::size_t only_first = 0;         ///< complete products that the other text has not
    std::size_t only_second = 0;
    std::vector<paired_score> means;  ///< of totals; units are places in products
    drift_result totals;
    std::vector<drift_result> criteria;  ///< in the card's order; left out counts as 0 points

    friend bool operator==(const sheets_drift&, const sheets_drift&) = default;
};

/// The agreement of the members whose sheets \p from has read to the end on \p card, decided under
/// \p rules. Sheets of products that are incomplete are left out. The order of the rows, and the
/// number of threads, change nothing.
///
/// Adds to \p found and returns nothing where no product has two sheets (not_enough_data), where the
/// many-facet model is asked for more answers than it takes (too_many), or where \p from does not
/// keep answers (not_enough_data). n log n in the sheets of each criterion.
[[nodiscard]] OCOP_API std::optional<sheets_agreement> try_agreement_of_sheets(
    const sheets_csv_reader& from, const scorecard& card, const verdict_rules& rules,
    problems& found, const sheets_agreement_options& how = {});
/// As try_agreement_of_sheets(). \throws error with every problem.
[[nodiscard]] OCOP_API sheets_agreement
agreement_of_sheets(const sheets_csv_reader& from, const scorecard& card,
                    const verdict_rules& rules, const sheets_agreement_options& how = {});

/// The drift between two readers' council means on the same card, the lower level first.
///
/// Adds to \p found and returns nothing where fewer than two complete products stand in both
/// (not_enough_data), or where a reader does not keep answers (not_enough_data).
[[nodiscard]] OCOP_API std::optional<sheets_drift> try_drift_of_sheets(
    const sheets_csv_reader& first, const sheets_csv_reader& second, const verdict_rules& rules,
    problems& found, const sheets_agreement_options& how = {}, const std::string& second_file = "");
/// As try_drift_of_sheets(). \throws error with every problem.
[[nodiscard]] OCOP_API sheets_drift drift_of_sheets(const sheets_csv_reader& first,
                                                    const sheets_csv_reader& second,
                                                    const verdict_rules& rules,
                                                    const sheets_agreement_options& how = {},
                                                    const std::string& second_file = "");

/// \p told, and \p between where it is not null, in a text form: a report of at most 100 columns that
/// shows at most 60 products, 60 members and 60 sheets; CSV, a row a number (docs/agreement.md has
/// the columns); or one line of JSON. Numbers have fixed decimals; what is undefined is empty in CSV
/// and null in JSON, with the reason. CSV does not depend on \p lang. Ends with a newline.
[[nodiscard]] OCOP_API std::string agreement_report(const regulation& under, const scorecard& card,
                                                    const sheets_agreement& told,
                                                    const sheets_drift* between, ranking_form form,
                                                    language lang);

}  // namespace ocop
