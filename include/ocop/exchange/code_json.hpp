/// \file code_json.hpp
/// Product codes as JSON: docs/products.md.
#pragma once

#include <string>
#include <string_view>

#include "ocop/base/label.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/communes/gazetteer.hpp"
#include "ocop/config.hpp"

namespace ocop {

/// A code as text, read and checked.
struct code_answer {
    bool valid = false;
    problems found;    ///< errors and warnings, as they stand in the JSON
    std::string json;  ///< one line without a newline, keys in a fixed order
    std::string text;  ///< for people, lines that end with a newline
};

/// Reads \p text as a product code against \p units and says what it means, in \p lang. Never fails: what
/// is wrong stands in `found`, in `errors` and `warnings`. Places are pointers to the code's part
/// ("/district") below \p pointer.
[[nodiscard]] OCOP_API code_answer explain_code(std::string_view text, const gazetteer& units,
                                                language lang = language::vi,
                                                std::string_view pointer = {});

}  // namespace ocop
