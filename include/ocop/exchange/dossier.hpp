/// \file dossier.hpp
/// A dossier (hồ sơ) to assess, as a JSON document: docs/dossier-format.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ocop/base/problem.hpp"
#include "ocop/config.hpp"
#include "ocop/councils/council.hpp"
#include "ocop/councils/score_sheet.hpp"
#include "ocop/criteria/timeline.hpp"
#include "ocop/ranking/assess.hpp"

namespace ocop {

/// The product that a dossier is about, as far as it is told.
struct dossier_product {
    std::string name;
    std::string code;
    std::string producer;

    friend bool operator==(const dossier_product&, const dossier_product&) = default;
};

/// Everything that assess() needs of one dossier. Regulation and scorecard belong to the timeline
/// it was read with, which must outlive it.
struct dossier {
    const regulation* under = nullptr;
    const scorecard* card = nullptr;  ///< null where published points come without a set
    dossier_product product;
    circumstances given;
    council sitting;
    std::vector<score_sheet> sheets;
    std::optional<published_points> published;  ///< instead of council and sheets
    readings by;
    std::vector<std::string> notes;  ///< whatever the dossier says of itself
};

/// The dossier that \p json describes, or nothing and every problem in \p found: of syntax, keys,
/// types, dates, the choice of the regulation, and each wrong answer. Missing answers are assess()'s
/// to tell. Linear in the text.
[[nodiscard]] OCOP_API std::optional<dossier> try_read_dossier(std::string_view json,
                                                               const timeline& regulations,
                                                               problems& found);

/// As above. \throws error with every problem.
[[nodiscard]] OCOP_API dossier read_dossier(std::string_view json, const timeline& regulations);

/// Assesses \p d.
[[nodiscard]] OCOP_API assessment assess(const dossier& d);

/// A dossier as far as it could be read, and what came of it.
struct dossier_assessment {
    dossier read;
    assessment result;
};

/// Reads and assesses in one step. Where the document is wrong the outcome is `incomplete`, and
/// `errors` holds every problem of the document and, as far as they can still be judged, of its
/// sheets, grounds and council. \p file names the document in each problem's place.
[[nodiscard]] OCOP_API dossier_assessment assess_dossier(std::string_view json,
                                                         const timeline& regulations,
                                                         std::string_view file = {});

}  // namespace ocop
