// What the commands of the tool share: exit codes, streams, problems on standard error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "ocop/base/label.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/criteria/regulation.hpp"
#include "ocop/exchange/sheets_csv.hpp"

namespace tool {

enum exit_code : int { done = 0, wrong_input = 1, wrong_usage = 2, machine_failed = 3 };

enum class format { text, json, csv };

/// The machine failed: a disk, a stream.
struct machine_failure {
    std::string what;
};

struct settings {
    ocop::language lang = ocop::language::vi;
    format as = format::text;
    bool as_given = false;  ///< whether --format stands on the command line
};

/// Writes to standard output.
void print(std::string_view text);
/// Everything printed so far reached its place, or the machine failed.
void flush();
/// A line on standard error.
void print_error(std::string_view line);
void print_problems(const ocop::problems& list, ocop::language lang);

/// The bytes of \p file ("-": standard input). Nothing and a problem where there is no such file;
/// a read that fails midway is the machine's failure. Stops beyond the size that readers take.
std::optional<std::string> read_file(const std::string& file, ocop::problems& found);

/// The digits of \p text as a number up to \p most, below 10000.
std::optional<std::int32_t> number(const std::string& text, std::int32_t most);

/// The bundled regulation \p id and its scorecard \p set; a null card and a problem where there is no
/// such regulation or set.
struct card_choice {
    const ocop::regulation* under = nullptr;
    const ocop::scorecard* card = nullptr;
};
card_choice find_card(const std::string& id, const std::string& set, ocop::problems& found);

/// What a reader found, on standard error.
void print_problems(const ocop::sheets_csv_reader& read, ocop::language lang);

/// Hands the bytes of \p file to \p take, \p block at a time, until it returns false. False and a
/// problem where there is no such file.
bool read_blocks(const std::string& file, std::size_t block, ocop::problems& found,
                 const std::function<bool(std::string_view)>& take);

}  // namespace tool
