// `ocop code`.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "tool.hpp"

/// The arguments of `ocop code` as they were given.
struct code_arguments {
    std::vector<std::string> codes;
};

/// Adds the command to \p app; what is given for it comes into \p to.
CLI::App* add_code(CLI::App& app, code_arguments& to);

/// Runs it.
int run_code(const tool::settings& set, const code_arguments& given);
