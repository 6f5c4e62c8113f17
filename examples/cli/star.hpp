// `ocop star`.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "tool.hpp"

/// The arguments of `ocop star` as they were given.
struct star_arguments {
    std::vector<std::string> texts;
};

/// Adds the command to \p app; what is given for it comes into \p to.
CLI::App* add_star(CLI::App& app, star_arguments& to);

/// Runs it.
int run_star(const tool::settings& set, const star_arguments& given);
