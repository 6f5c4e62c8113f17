/// \file unit_search.hpp
/// Units by name, as people write them: with and without accents, with and without prefix, in old
/// spellings, alone or with the units above ("Phường 7, TP Bến Tre, Bến Tre").
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ocop/base/problem.hpp"
#include "ocop/communes/gazetteer.hpp"
#include "ocop/config.hpp"

namespace ocop {

/// How well a name fits, best first.
enum class match_kind : std::uint8_t {
    exact,     ///< the name as it is written, in Unicode's normal form
    spelling,  ///< but for case, punctuation and the place of the tone
    alias,     ///< an older or shorter name of the table of aliases
    folded     ///< without accents
};

template <>
struct names<match_kind> {
    static constexpr std::array<std::string_view, 4> all{"exact", "spelling", "alias", "folded"};
};
template <>
struct terms<match_kind> {
    static constexpr std::array<term, 4> all{{{"đúng tên", "the very name"},
                                              {"khác cách viết", "another spelling"},
                                              {"tên khác", "another name"},
                                              {"không dấu", "without accents"}}};
};

/// A unit that a text may mean.
struct unit_match {
    unit which;
    match_kind how = match_kind::exact;  ///< the weakest fit of all the parts of the text

    friend bool operator==(const unit_match&, const unit_match&) = default;
};

/// What a search may be narrowed to.
struct unit_filter {
    std::optional<edition> in;        ///< nothing: all editions
    std::optional<unit_level> level;  ///< nothing: all levels
    std::optional<unit_code> within;  ///< units in this one, or it itself, in the edition looked at

    friend bool operator==(const unit_filter&, const unit_filter&) = default;
};

/// Another name of a unit that no edition carries.
struct unit_alias {
    std::string_view written;  ///< "Đắc Lắc"
    std::string_view name;     ///< the bare name that an edition carries: "Đắk Lắk"
    unit_level level;
    status known;
    std::string_view source;
};

/// The aliases that find() knows: few, of provinces, each with its status.
[[nodiscard]] OCOP_API std::vector<unit_alias> unit_aliases();

/// An index of all names of a gazetteer. Immutable; copies share it; safe to read from many threads.
///
/// How a text is read:
/// - Parts are separated by commas, semicolons, line ends, "|", "/" or " - "; the first part names the
///   unit, each later one a unit above it (of any level, in order or not). "Chân Mây - Lăng Cô" is tried
///   as one name first. A text of 2, 3 or 5 digits in any part is a code.
/// - A prefix may be written in full (xã, phường, thị trấn, đặc khu, quận, huyện, thị xã, thành phố,
///   tỉnh), with or without accents, or shortened (X., P., TT., ĐK., Q., H., TX., TP., T.), with or
///   without stop and blank ("P7", "TP.Huế"). A prefix must be the unit's own; a short one may be
///   several ("T." tỉnh; "TT" thị trấn). A name without prefix fits units of every prefix.
/// - Numbers may have leading zeros: "Phường 07" is "Phường 7".
/// - A part with accents is compared with accents; only if nothing fits so, without. A part without any
///   accent fits names with and without. If nothing fits at all, blanks are forgotten ("Daklak").
/// - Digits alone are a code or nothing: "7" is neither code nor name.
class unit_index {
public:
    /// The index of \p from, which is kept. n log n in its names.
    OCOP_API explicit unit_index(const gazetteer& from);

    /// The units that \p text may mean, by code or by name. Order: kind of match (best first), edition
    /// (oldest first), level (province first), code. Empty where nothing fits, whatever the bytes.
    /// Some microseconds and the matches.
    [[nodiscard]] OCOP_API std::vector<unit_match> find(std::string_view text,
                                                        const unit_filter& filter = {}) const;

    /// The one unit of \p in that \p text means. Nothing and one problem at \p pointer where there
    /// is none (unknown_unit, with names that are near) or, among those that match best, more than
    /// one (ambiguous_unit, with what would tell them apart).
    [[nodiscard]] OCOP_API std::optional<unit> try_find_one(std::string_view text, edition in,
                                                            problems& found,
                                                            const unit_filter& filter = {},
                                                            std::string_view pointer = {}) const;

    /// Full names that are near \p text, at most \p most, nearest first; the few letters that
    /// differ are counted without accents. Linear in the names: for messages.
    [[nodiscard]] OCOP_API std::vector<std::string> near(std::string_view text,
                                                         const unit_filter& filter = {},
                                                         std::size_t most = 3) const;

    /// The problem that \p text means no unit, with near names.
    [[nodiscard]] OCOP_API problem unknown(std::string_view text, const unit_filter& filter = {},
                                           std::string_view pointer = {}) const;

    [[nodiscard]] OCOP_API const gazetteer& units() const noexcept;

private:
    struct data;
    std::shared_ptr<const data> data_;
};

/// The index of bundled_units(), made on the first call, which threads may make at the same time.
[[nodiscard]] OCOP_API const unit_index& bundled_unit_index();

/// As bundled_unit_index().find(); a code alone is found without making the index.
[[nodiscard]] OCOP_API std::vector<unit_match> find_units(std::string_view text,
                                                          const unit_filter& filter = {});

}  // namespace ocop
