/// \file report.hpp
/// Texts an official reads or prints: columns aligned by display width, in either language.
#pragma once

#include <string>

#include "ocop/base/label.hpp"
#include "ocop/config.hpp"
#include "ocop/criteria/timeline.hpp"
#include "ocop/exchange/dossier.hpp"

namespace ocop {

/// The report of an assessment: what was assessed, the council's table, the criteria, the verdict,
/// the marks, what is missing for each higher star, and what was read from where. An incomplete
/// assessment lists its problems. Ends with a newline.
[[nodiscard]] OCOP_API std::string report(const dossier_assessment& assessed, language lang);

/// The regulations with their dates in force.
[[nodiscard]] OCOP_API std::string regulations_text(const timeline& all, language lang);

/// One scorecard with numbered options, points, star marks and statuses.
[[nodiscard]] OCOP_API std::string scorecard_text(const regulation& from, const scorecard& card,
                                                  language lang);

/// The regulations as CSV (RFC 4180, UTF-8): id,number,filed_from,filed_before,… a row each.
[[nodiscard]] OCOP_API std::string regulations_csv(const timeline& all);

/// One scorecard as CSV, a row an option.
[[nodiscard]] OCOP_API std::string scorecard_csv(const regulation& from, const scorecard& card);

/// The header of assessment_csv(), with its newline.
[[nodiscard]] OCOP_API std::string assessment_csv_header();

/// One assessment as a row of CSV, with its newline; \p name is its first column.
[[nodiscard]] OCOP_API std::string assessment_csv(const std::string& name,
                                                  const dossier_assessment& assessed);

}  // namespace ocop
