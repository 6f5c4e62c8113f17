// Checks of arguments that the commands share.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

namespace tool {

/// A whole number in plain digits from \p least to \p most: no sign, no leading zero (which would be
/// read as octal), nothing clamped.
inline CLI::Validator whole_number(std::uint64_t least, std::uint64_t most) {
    const std::string range = std::to_string(least) + " to " + std::to_string(most);
    return CLI::Validator(
        [least, most, range](std::string& text) {
            const std::string wrong = "\"" + text + "\" is no whole number from " + range;
            if (text.empty() || (text.size() > 1 && text.front() == '0')) return wrong;
            std::uint64_t value = 0;
            for (char c : text) {
                if (c < '0' || c > '9') return wrong;
                const auto digit = static_cast<std::uint64_t>(c - '0');
                if (value > (most - digit) / 10) return wrong;
                value = value * 10 + digit;
            }
            return value < least ? wrong : std::string();
        },
        range);
}

/// Not the empty text, which a script leaves behind where a variable is not set.
inline CLI::Validator not_empty() {
    return CLI::Validator(
        [](std::string& text) {
            return text.empty() ? std::string("the value is empty; leave the option out instead")
                                : std::string();
        },
        "");
}

}  // namespace tool
