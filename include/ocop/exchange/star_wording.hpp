/// \file star_wording.hpp
/// How people write a star: "hạng ba (03 sao)", "4*", "tiềm năng 5 sao", "hết hạn (3 sao)".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ocop/base/label.hpp"
#include "ocop/base/names.hpp"
#include "ocop/base/stars.hpp"
#include "ocop/config.hpp"

namespace ocop {

/// What a wording says of a star. Only awarded and upgraded say that a product has one.
enum class star_kind {
    awarded,          ///< ranked with this star
    proposed,         ///< proposed, potential, planned: no star
    minimum,          ///< this star or more: no star of its own
    range,            ///< somewhere between two stars
    list,             ///< several stars, of several products
    expired,          ///< its term has run out
    revoked,          ///< withdrawn
    upgraded,         ///< raised to this star
    not_ocop,         ///< stars of hotels, prizes, customers' ratings
    score_band_only,  ///< a score or its band: no star follows from points alone
    none,             ///< says that there is no star, or says nothing
    invalid           ///< cannot be read, or names what does not exist (6 stars, 3.5 stars)
};

template <>
struct names<star_kind> {
    static constexpr std::array<std::string_view, 12> all{
        "awarded", "proposed", "minimum",  "range",           "list", "expired",
        "revoked", "upgraded", "not_ocop", "score_band_only", "none", "invalid"};
};
template <>
struct terms<star_kind> {
    static constexpr std::array<term, 12> all{{{"được công nhận", "awarded"},
                                               {"đề nghị", "proposed"},
                                               {"tối thiểu", "minimum"},
                                               {"khoảng", "range"},
                                               {"nhiều hạng", "list"},
                                               {"hết hạn", "expired"},
                                               {"thu hồi", "revoked"},
                                               {"nâng hạng", "upgraded"},
                                               {"không phải OCOP", "not OCOP"},
                                               {"chỉ có điểm", "score only"},
                                               {"chưa có sao", "none"},
                                               {"không đọc được", "invalid"}}};
};

/// The reading of a wording. A regular value.
struct star_wording {
    star_kind kind = star_kind::none;
    /// One star; the lower and the higher of a range; each of a list, ascending; none otherwise.
    /// Wordings that are proposed, expired or revoked may tell a range or a list too.
    std::vector<ocop::stars> stars;
    bool is_range = false;                ///< stars are the ends of a range
    std::optional<ocop::stars> former;    ///< of upgraded, or of a lowered one: the star before
    std::optional<ocop::stars> proposed;  ///< beside the star that the product has
    /// What the reading rests on or what is wrong, in both languages; empty where the wording is plain.
    label why;

    /// The star that the product has by this wording: of awarded and upgraded, where it is one.
    [[nodiscard]] std::optional<ocop::stars> held() const {
        const bool has = kind == star_kind::awarded || kind == star_kind::upgraded;
        return has && stars.size() == 1 ? std::optional(stars.front()) : std::nullopt;
    }
    friend bool operator==(const star_wording&, const star_wording&) = default;
};

/// Reads \p text: Vietnamese with or without accents, English, digits, words and symbols of stars.
/// Never fails: what cannot be read is invalid, with the reason. 1 and 2 stars are ranks without a
/// certificate (26/2026/QĐ-TTg art. 4.1a), awarded all the same. docs/wordings.md tells every rule.
/// Linear.
[[nodiscard]] OCOP_API star_wording read_star_wording(std::string_view text);

/// The reading of \p text as one line of JSON: `text`, `stars` (a number, [low, high] of a range or list,
/// or null), `kind`, `listed` (each star of a list, or null), `former` and `proposed` (numbers or null), `why` in \p lang.
[[nodiscard]] OCOP_API std::string to_json(const star_wording& reading, std::string_view text,
                                           language lang);

}  // namespace ocop
