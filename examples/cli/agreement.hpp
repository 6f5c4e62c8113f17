// `ocop agreement`: how far the members agree who scored many products (CSV).
#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <cstdint>
#include <string>

#include "tool.hpp"

/// The arguments of `ocop agreement` as they were given.
struct agreement_arguments {
    std::string file;
    std::string regulation;
    std::string set;
    std::string against;
    std::string level;
    std::uint32_t least_ratings = 10;
    std::size_t threads = 1;
    bool facets = false;
};

/// Adds the command to \p app; what is given for it comes into \p to.
CLI::App* add_agreement(CLI::App& app, agreement_arguments& to);

/// Runs it.
int run_agreement(const tool::settings& set, const agreement_arguments& given);
