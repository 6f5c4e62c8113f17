/// \file fold.hpp
/// Vietnamese text in forms that can be compared: normal form, folded text, search keys.
///
/// The same name is typed in many ways: with composed or combining letters (NFC, NFD), with the tone
/// on either vowel ("hoà", "hòa"), in capitals, without accents, with typographic quotes and blanks.
/// Unicode's tables are those of utf8proc, which no public header shows. Every function takes any
/// bytes, is linear in them, never fails but for memory, and gives the same on every platform.
#pragma once

#include <string>
#include <string_view>

#include "ocop/config.hpp"

namespace ocop {

/// Whether \p text is well-formed UTF-8 (no overlong form, no surrogate, nothing above U+10FFFF).
[[nodiscard]] OCOP_API bool is_utf8(std::string_view text) noexcept;

/// \p text in Unicode's composed normal form (NFC); the form in which texts are kept and printed.
/// Bytes that are no UTF-8 stay as they are: nothing is lost.
[[nodiscard]] OCOP_API std::string nfc(std::string_view text);

/// \p text for comparing without accents: lower case (full case folding), accents removed, đ as d,
/// compatibility forms undone (full-width letters, ligatures), characters without width removed,
/// every run of blanks, line ends and controls one blank and none at the ends, typographic quotes
/// and dashes as ' " and -. Other punctuation stays. Ð (U+00D0) and Ɖ, which look like Đ and are
/// typed for it, count as đ. Each malformed byte sequence becomes U+FFFD, so that the result is always
/// UTF-8. Folding twice changes nothing.
[[nodiscard]] OCOP_API std::string fold(std::string_view text);

/// fold(), then letters and digits only: an apostrophe vanishes ("Cư M'gar" is "cu mgar"), any other
/// run of punctuation is one blank. Empty where \p text holds neither letter nor digit.
[[nodiscard]] OCOP_API std::string search_key(std::string_view text);

/// A key that keeps accents and forgets how they are typed: as search_key(), but only case,
/// punctuation, composition and the place of the tone within the word are forgotten: "Thanh Hoá" and
/// "THANH HÓA" have one key, "Hoà" and "Hoa" two; i and y stay apart. For comparing, not for printing.
[[nodiscard]] OCOP_API std::string spelling_key(std::string_view text);

/// Whether \p a and \p b have the same spelling_key().
[[nodiscard]] OCOP_API bool same_spelling(std::string_view a, std::string_view b);

}  // namespace ocop
