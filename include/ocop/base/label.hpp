/// \file label.hpp
/// Texts in the programme's two languages.
#pragma once

#include <string>

namespace ocop {

/// The languages of every text this library gives.
enum class language { vi, en };

/// A text in Vietnamese and English.
struct label {
    std::string vi;
    std::string en;

    /// The text in \p which language.
    [[nodiscard]] const std::string& in(language which) const noexcept {
        return which == language::vi ? vi : en;
    }
    friend bool operator==(const label&, const label&) = default;
};

}  // namespace ocop
