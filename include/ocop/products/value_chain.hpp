/// \file value_chain.hpp
/// Where a product's materials come from, who is bound to its maker by contract, and who works there:
/// what criteria 1.1, 1.2, 1.5 and 3.3 of part A ask.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/base/date.hpp"
#include "ocop/base/names.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/base/share.hpp"
#include "ocop/communes/unit.hpp"
#include "ocop/producers/producer.hpp"

namespace ocop {

/// Certificate of a raw-material area (chứng nhận vùng nguyên liệu; 26/2026, `area_certification`).
enum class area_certificate : std::uint8_t {
    none,
    national,      ///< to a national standard (VietGAP, organic)
    international  ///< to an international one (GlobalGAP, organic, ASC, GACP-WHO …)
};

template <>
struct names<area_certificate> {
    static constexpr std::array<std::string_view, 3> all{"none", "national", "international"};
};
template <>
struct terms<area_certificate> {
    static constexpr std::array<term, 3> all{
        {{"không có chứng nhận", "no certificate"},
         {"chứng nhận theo tiêu chuẩn quốc gia", "certificate to a national standard"},
         {"chứng nhận theo tiêu chuẩn quốc tế", "certificate to an international standard"}}};
};

/// A raw-material area (vùng nguyên liệu): part of the volume that the product is made of.
struct material_area {
    std::string material;
    share of_volume;  ///< of all material of the product
    std::optional<unit_ref> place =
        {};                 ///< the smallest unit known; nothing: not told, or imported
    bool imported = false;  ///< from another country
    std::optional<area_certificate> certificate = {};

    friend bool operator==(const material_area&, const material_area&) = default;
};

/// Which way a linkage goes.
enum class linkage_side : std::uint8_t {
    output,  ///< someone buys what the producer sells (148: sets 1-4 and 23-25)
    input    ///< the producer buys its materials from someone (148: the other sets)
};

template <>
struct names<linkage_side> {
    static constexpr std::array<std::string_view, 2> all{"output", "input"};
};
template <>
struct terms<linkage_side> {
    static constexpr std::array<term, 2> all{
        {{"sản lượng bán ra", "output sold"}, {"nguyên liệu đầu vào", "input materials"}}};
};

/// A linkage (liên kết) by contract.
struct linkage {
    std::string partner;
    linkage_side side = linkage_side::output;
    share of_volume;                                ///< of the side's volume
    std::optional<std::uint32_t> term_months = {};  ///< as the contract says
    std::optional<date> from = {};                  ///< first day
    std::optional<date> until = {};                 ///< last day

    friend bool operator==(const linkage&, const linkage&) = default;
};

/// Who works for the producer. Counts include each other: the commune's are the district's too.
struct labour {
    std::optional<std::uint32_t> workers = {};
    std::optional<std::uint32_t> from_commune = {};
    std::optional<std::uint32_t> from_district = {};
    std::optional<std::uint32_t> from_province = {};
    /// Average income reaches the norm of the new rural programme (1048, A3.3).
    std::optional<bool> income_at_norm = {};

    friend bool operator==(const labour&, const labour&) = default;
};

/// The value chain (chuỗi giá trị) of a product. What is not told is nothing.
struct value_chain {
    std::vector<material_area> areas = {};  ///< what they leave of the whole is of unknown origin
    std::optional<std::vector<linkage>> linkages = {};  ///< an empty list: there is none
    ocop::labour labour = {};

    friend bool operator==(const value_chain&, const value_chain&) = default;
};

/// Lists in \p found what is wrong with \p chain, with places below \p pointer: shares that sum to more
/// than the whole, an imported area with a place, periods that end before they begin, more workers of
/// the commune than of the district (610 each, periods 412).
inline void validate(const value_chain& chain, problems& found, const std::string& pointer = "") {
    const auto contradiction = [&found](const std::string& at, const std::string& value,
                                        label text) {
        found.push_back(
            detail::make_problem(problem_code::contradiction, at, value, std::move(text)));
    };
    const auto too_much = [&](const std::string& at, std::int64_t sum) {
        const std::string text = std::to_string(sum / 100) + "." +
                                 std::string(1, static_cast<char>('0' + sum % 100 / 10)) +
                                 static_cast<char>('0' + sum % 10);
        contradiction(at, text,
                      detail::told("tổng các tỷ lệ là {0} %, vượt quá 100 %; hãy sửa các tỷ lệ",
                                   "the shares sum to {0} %, more than the whole; correct them",
                                   {text}));
    };
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < chain.areas.size(); ++i) {
        const material_area& area = chain.areas[i];
        const std::string at = pointer + "/areas/" + std::to_string(i);
        detail::check_name(area.material, at + "/material", found);
        sum += area.of_volume.hundredths();
        if (area.imported && area.place)
            contradiction(
                at + "/imported", "true",
                {"vùng nguyên liệu nhập khẩu không thể có mã đơn vị hành chính trong nước",
                 "an imported material has no unit of this country; drop one of the two"});
    }
    if (sum > share::whole) too_much(pointer + "/areas", sum);
    if (chain.linkages)
        for (std::size_t side = 0; side < names<linkage_side>::all.size(); ++side) {
            sum = 0;
            for (const linkage& l : *chain.linkages)
                if (l.side == static_cast<linkage_side>(side)) sum += l.of_volume.hundredths();
            // Contracts of different years may cover the same volume: only those that run together
            // are summed, and without days they are taken to.
            bool dated = false;
            for (const linkage& l : *chain.linkages) dated = dated || l.from || l.until;
            if (sum > share::whole && !dated) too_much(pointer + "/linkages", sum);
        }
    if (chain.linkages)
        for (std::size_t i = 0; i < chain.linkages->size(); ++i) {
            const std::string at = pointer + "/linkages/" + std::to_string(i);
            detail::check_name((*chain.linkages)[i].partner, at + "/partner", found);
            detail::check_period((*chain.linkages)[i].from, (*chain.linkages)[i].until, at, found);
        }
    const auto at_most = [&](const char* key, const std::optional<std::uint32_t>& part,
                             const std::optional<std::uint32_t>& whole) {
        if (part && whole && *part > *whole)
            contradiction(
                pointer + "/labour" + key, std::to_string(*part),
                detail::told("{0} người nhiều hơn {1} người của phạm vi rộng hơn; hãy sửa",
                             "{0} workers are more than the {1} that include them; correct "
                             "one of them",
                             {std::to_string(*part), std::to_string(*whole)}));
    };
    const labour& work = chain.labour;
    at_most("/from_commune", work.from_commune, work.from_district);
    at_most("/from_commune", work.from_commune, work.from_province);
    at_most("/from_district", work.from_district, work.from_province);
    at_most("/from_commune", work.from_commune, work.workers);
    at_most("/from_district", work.from_district, work.workers);
    at_most("/from_province", work.from_province, work.workers);
}

}  // namespace ocop
