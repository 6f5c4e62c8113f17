/// \file text.hpp
/// Abbreviations of Vietnamese lists (chữ viết tắt), and the kind of producer that a name tells.
/// Normal forms and folding stand in base/fold.hpp.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ocop/base/names.hpp"
#include "ocop/config.hpp"
#include "ocop/producers/producer_kind.hpp"

namespace ocop {

/// What a text is about, where an abbreviation means different things: "TT" is a town (thị trấn)
/// before a unit's name, "TM" trade (thương mại) within a company's.
enum class text_about { anything, producer, unit };

/// An abbreviation and what it stands for.
struct abbreviation {
    std::string_view brief;  ///< "HTX"
    std::string_view full;   ///< "hợp tác xã"
    /// The only texts in which it is sure to mean that; anything: everywhere.
    text_about within = text_about::anything;
};

/// Every abbreviation that is known, in the order of the text: docs/wordings.md.
[[nodiscard]] OCOP_API std::span<const abbreviation> known_abbreviations() noexcept;

/// \p text with abbreviations written out: "Cty TNHH MTV SX-TM A" as "công ty trách nhiệm hữu hạn một
/// thành viên sản xuất - thương mại A". Letters that are no whole word, and what is not known, stay.
/// The result is in NFC. Linear.
[[nodiscard]] OCOP_API std::string expand_abbreviations(std::string_view text,
                                                        text_about about = text_about::anything);

/// How sure a reading of a name is.
enum class name_certainty {
    sure,       ///< the name says it in full or by its usual abbreviation
    near_miss,  ///< it seems misspelt: "CÔNG TY THHH"; a person must look
    untold      ///< the name tells no kind
};

template <>
struct names<name_certainty> {
    static constexpr std::array<std::string_view, 3> all{"sure", "near_miss", "untold"};
};

/// The kind of producer that a name tells.
struct producer_name_reading {
    std::optional<producer_kind> kind;
    /// The name without its legal form: "chè Hảo Đạt". The whole name where no form is told.
    std::string rest;
    name_certainty certainty = name_certainty::untold;
    /// What is misspelt, and how it is usually written; empty where nothing is.
    std::string found;
    std::string meant;
    bool branch = false;  ///< a branch (chi nhánh) of the enterprise

    friend bool operator==(const producer_name_reading&, const producer_name_reading&) = default;
};

/// Reads the legal form at the beginning of \p name: "HTX chè Hảo Đạt" is a cooperative. "Công ty TNHH"
/// alone may have one member or more: enterprise. "Hộ kinh doanh", "Hộ SXKD" are households with a
/// business registration, "hộ sản xuất" without. A form with one letter wrong or missing is a near
/// miss, told and not taken for sure. Linear.
[[nodiscard]] OCOP_API producer_name_reading producer_kind_of_name(std::string_view name);

/// Kinds that a name cannot tell apart belong to one family: "Công ty" may be any of the enterprises,
/// and lists use both kinds of household for both.
[[nodiscard]] OCOP_API bool same_family(producer_kind a, producer_kind b) noexcept;

}  // namespace ocop
