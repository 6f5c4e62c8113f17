/// \file unit_json.hpp
/// Units as JSON and as text: what `ocop unit` prints. See docs/units.md.
#pragma once

#include <string>

#include "ocop/base/label.hpp"
#include "ocop/communes/gazetteer.hpp"
#include "ocop/communes/unit_search.hpp"
#include "ocop/config.hpp"

namespace ocop {

/// \p found of \p from as one line of JSON without a newline, keys in a fixed order, texts in \p lang.
///
/// `edition`, `level`, `code`, `name`, `match` (name of the match_kind), `parents` (nearest first), then for
/// the editions before July 2025 `successor` (today's unit with its parents, or null),
/// `successor_how` and `successor_status` (stable names), `successor_reason` (in words), `renamed`, `moved`,
/// `province_today` and, for a district, `communes_today`; for those after it `predecessors` (units
/// of 2025-03).
[[nodiscard]] OCOP_API std::string to_json(const unit_match& found, const gazetteer& from,
                                           language lang = language::vi);

/// \p found for people, a few lines with a newline at the end.
[[nodiscard]] OCOP_API std::string unit_text(const unit_match& found, const gazetteer& from,
                                             language lang = language::vi);

}  // namespace ocop
