// `ocop import`.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "tool.hpp"

/// The arguments of `ocop import` as they were given.
struct import_arguments {
    std::string file;
    std::string on;
    std::uint32_t expiring = 90;
    std::vector<std::string> merged;
    bool split = false;
    std::string rejected;
};

/// Adds the command to \p app; what is given for it comes into \p to.
CLI::App* add_import(CLI::App& app, import_arguments& to);

/// Runs it.
int run_import(const tool::settings& set, const import_arguments& given);
