/// \file value_chain_json.hpp
/// Value chains as JSON: docs/products.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ocop/base/problem.hpp"
#include "ocop/config.hpp"
#include "ocop/products/value_chain.hpp"

namespace ocop {

/// The value chain that \p json describes, or nothing. \p found takes every problem with its JSON
/// pointer: syntax, unknown, repeated and missing keys, wrong types, shares that are no percentage, and
/// all that validate() checks. Whether a unit exists is not asked here. Linear in the text; at most
/// 16 MiB and 64 levels.
[[nodiscard]] OCOP_API std::optional<value_chain> try_read_value_chain(std::string_view json,
                                                                       problems& found);
/// As above. \throws error with every problem.
[[nodiscard]] OCOP_API value_chain read_value_chain(std::string_view json);

/// \p chain as one line of JSON that try_read_value_chain() reads back; what is not told is left out.
[[nodiscard]] OCOP_API std::string to_json(const value_chain& chain);

}  // namespace ocop
