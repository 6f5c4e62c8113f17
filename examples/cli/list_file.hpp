// A list of products from a file, for `ocop import` and `ocop stats`.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "ocop/exchange/product_list.hpp"
#include "tool.hpp"

namespace tool {

/// A day written YYYY-MM-DD.
CLI::Validator whole_day();

/// The list in \p file, units looked up. Nothing where there is no such file, which is told on
/// standard error.
std::optional<ocop::product_list> read_list(const std::string& file,
                                            const std::vector<std::string>& merged, bool split,
                                            ocop::language lang);

}  // namespace tool
