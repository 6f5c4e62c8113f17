/// \file regulation_json.hpp
/// Regulations as JSON documents of the format `ocop-regulation/1` (docs/regulation-format.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ocop/base/problem.hpp"
#include "ocop/config.hpp"
#include "ocop/criteria/regulation.hpp"

namespace ocop {

/// The regulation that \p json describes, or nothing. \p found takes every problem: syntax (row and
/// column), unknown, repeated and missing keys, wrong types, and all that validate() checks, each
/// with its JSON pointer; warnings are added also where the regulation is good.
/// Linear in the text; at most 16 MiB and 64 levels.
[[nodiscard]] OCOP_API std::optional<regulation> try_read_regulation(std::string_view json,
                                                                     problems& found);

/// As above. \throws error with every problem.
[[nodiscard]] OCOP_API regulation read_regulation(std::string_view json);

/// One scorecard as JSON with the names of the regulation format, options numbered from 1, and the
/// status of every option. Ends without a newline.
[[nodiscard]] OCOP_API std::string to_json(const regulation& from, const scorecard& card);

/// The regulation's number, dates in force and sets, as JSON.
[[nodiscard]] OCOP_API std::string to_json(const regulation& from);

}  // namespace ocop
