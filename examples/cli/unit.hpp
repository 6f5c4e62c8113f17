// `ocop unit`: administrative units by code or name, and what became of them.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "tool.hpp"

/// The arguments of `ocop unit` as they were given.
struct unit_arguments {
    std::vector<std::string> words;  ///< one code or name; a name need not be quoted
    std::string edition;             ///< empty: all
};

/// Adds the command to \p app; what is given for it comes into \p to.
CLI::App* add_unit(CLI::App& app, unit_arguments& to);

/// Runs it.
int run_unit(const tool::settings& set, const unit_arguments& given);
