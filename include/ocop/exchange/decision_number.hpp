/// \file decision_number.hpp
/// Numbers of decisions (số quyết định) as they are written: "3981/QĐ-UBND", "26/2026/QĐ-TTg".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ocop/base/date.hpp"
#include "ocop/base/level.hpp"
#include "ocop/base/names.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/config.hpp"

namespace ocop {

/// Who issued a decision, as far as its number tells.
enum class decision_issuer {
    peoples_committee,  ///< UBND: of a province or a district, which the number does not tell
    prime_minister,     ///< TTg
    ministry,           ///< BNN, BNNMT, BNNPTNT …: a ministry
    other               ///< a department, a steering committee …
};

template <>
struct names<decision_issuer> {
    static constexpr std::array<std::string_view, 4> all{"peoples_committee", "prime_minister",
                                                         "ministry", "other"};
};
template <>
struct terms<decision_issuer> {
    static constexpr std::array<term, 4> all{{{"Ủy ban nhân dân", "People's Committee"},
                                              {"Thủ tướng Chính phủ", "Prime Minister"},
                                              {"bộ", "ministry"},
                                              {"cơ quan khác", "other body"}}};
};

/// The number of a decision. A regular value.
struct decision_number {
    std::int32_t number = 0;           ///< from 1
    std::string letter;                ///< behind the number, "a" in "12a/QĐ-UBND"; else empty
    std::optional<std::int32_t> year;  ///< of normative acts: "26/2026/QĐ-TTg"
    std::string suffix;                ///< in its standard spelling: "QĐ-UBND", "QĐ-BNN-VPĐP"
    std::optional<date> signed_on;     ///< where the text goes on "ngày 05/8/2026"

    /// Who issued it, by its suffix.
    [[nodiscard]] OCOP_API decision_issuer issuer() const;
    /// The centre for the prime minister and the ministries; nothing for a People's Committee, since
    /// provinces and districts number alike, and for other bodies.
    [[nodiscard]] OCOP_API std::optional<council_level> level() const;

    friend bool operator==(const decision_number&, const decision_number&) = default;
};

/// \p decision in its standard form, without its day: "3981/QĐ-UBND"; a number below 10 with a leading
/// 0 ("01/QĐ-BCĐTW").
[[nodiscard]] OCOP_API std::string to_string(const decision_number& decision);

/// Reads a decision's number: with or without "Quyết định", "QĐ", "số" before and "ngày …" behind,
/// with or without accents ("3981/QD-UBND"), in any case, blanks around `/` and `-`, typographic
/// dashes. Nothing and problems where the number or the suffix is missing ("QĐ-UBND", "3981"), where it
/// is of another kind of document (a plan "KH", a notice "TB"), or where more text follows. Linear.
[[nodiscard]] OCOP_API std::optional<decision_number> try_read_decision_number(
    std::string_view text, problems& found);
/// As above. \throws error.
[[nodiscard]] OCOP_API decision_number read_decision_number(std::string_view text);

}  // namespace ocop
