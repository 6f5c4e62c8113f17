// `ocop stats`.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "tool.hpp"

/// The arguments of `ocop stats` as they were given.
struct stats_arguments {
    std::string file;
    std::string on;
    std::string since;
    std::vector<std::string> by;
    std::vector<std::string> merged;
    bool split = false;
};

/// Adds the command to \p app; what is given for it comes into \p to.
CLI::App* add_stats(CLI::App& app, stats_arguments& to);

/// Runs it.
int run_stats(const tool::settings& set, const stats_arguments& given);
