/// \file assessment_json.hpp
/// Results as JSON: docs/result-format.md.
#pragma once

#include <string>

#include "ocop/base/label.hpp"
#include "ocop/config.hpp"
#include "ocop/ranking/assessment.hpp"

namespace ocop {

/// \p result as one line of JSON without a newline, keys in a fixed order, texts in \p lang.
/// \p card is the scorecard of the result, or null where none is known. Points are strings with two
/// decimals; `total_exact` is `[sum, sheets]`.
[[nodiscard]] OCOP_API std::string to_json(const assessment& result, const scorecard* card,
                                           language lang = language::vi);

/// \p p as one JSON object.
[[nodiscard]] OCOP_API std::string to_json(const problem& p, language lang = language::vi);

}  // namespace ocop
