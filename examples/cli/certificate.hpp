// `ocop certificate`.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "tool.hpp"

/// The arguments of `ocop certificate` as they were given.
struct certificate_arguments {
    std::string file;
    std::string on;
};

/// Adds the command to \p app; what is given for it comes into \p to.
CLI::App* add_certificate(CLI::App& app, certificate_arguments& to);

/// Runs it.
int run_certificate(const tool::settings& set, const certificate_arguments& given);
