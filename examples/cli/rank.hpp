// `ocop rank`: score sheets of many products, as CSV, into an order.
#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "tool.hpp"

/// The arguments of `ocop rank` as they were given.
struct rank_arguments {
    std::string file;
    std::string regulation;
    std::string set;
    std::string level;
    std::string quorum;
    std::string spread;
    std::string spread_comparison;
    std::string assessed;
    std::optional<std::string> ties;
    std::optional<std::string> by;
    std::optional<std::string> compare;
    std::size_t members = 0;
    std::size_t threads = 1;
    std::size_t top = 0;
    std::uint32_t robust = 0;  ///< replications; 0: not asked for
    std::uint64_t seed = 1;
};

/// Adds the command to \p app; what is given for it comes into \p to.
CLI::App* add_rank(CLI::App& app, rank_arguments& to);

/// Runs it.
int run_rank(const tool::settings& set, const rank_arguments& given);
