/// \file names.hpp
/// Stable names of enumerators, as they stand in documents and on the command line.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "ocop/base/label.hpp"

namespace ocop {

/// Specialised beside each enumeration: `static constexpr std::array all{…}` holds the names in the
/// order of the enumerators, which count from 0 without a gap.
template <class Enum>
struct names;

/// A term in Vietnamese and English.
struct term {
    std::string_view vi;
    std::string_view en;
};

/// Specialised beside an enumeration that people read: `static constexpr std::array all{…}` holds
/// a term for each enumerator.
template <class Enum>
struct terms;

/// What \p value is called in each language.
template <class Enum>
[[nodiscard]] label label_of(Enum value) {
    const term& words = terms<Enum>::all[static_cast<std::size_t>(value)];
    return {std::string(words.vi), std::string(words.en)};
}

/// The stable name of \p value.
template <class Enum>
[[nodiscard]] constexpr std::string_view name_of(Enum value) noexcept {
    return names<Enum>::all[static_cast<std::size_t>(value)];
}

/// The enumerator called \p name; nothing if there is none. Linear in the number of enumerators.
template <class Enum>
[[nodiscard]] constexpr std::optional<Enum> from_name(std::string_view name) noexcept {
    for (std::size_t i = 0; i < names<Enum>::all.size(); ++i)
        if (names<Enum>::all[i] == name) return static_cast<Enum>(i);
    return std::nullopt;
}

/// All names of \p Enum, separated by ", ": for messages that tell what would be right.
template <class Enum>
[[nodiscard]] std::string list_of_names() {
    std::string text;
    for (std::string_view name : names<Enum>::all) {
        if (!text.empty()) text += ", ";
        text += name;
    }
    return text;
}

}  // namespace ocop
