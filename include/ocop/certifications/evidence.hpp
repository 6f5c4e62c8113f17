/// \file evidence.hpp
/// What a dossier (hồ sơ) must hold, by regulation and kind of application: one table.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ocop/base/label.hpp"
#include "ocop/base/level.hpp"
#include "ocop/base/names.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/base/status.hpp"
#include "ocop/criteria/application.hpp"

namespace ocop {

/// Whether a dossier is turned back without an item.
enum class evidence_need : std::uint8_t {
    mandatory,
    if_applicable,  ///< where the producer or product has it ("nếu có")
    supporting      ///< evidence (tài liệu minh chứng) for the points of criteria
};

template <>
struct names<evidence_need> {
    static constexpr std::array<std::string_view, 3> all{"mandatory", "if_applicable",
                                                         "supporting"};
};
template <>
struct terms<evidence_need> {
    static constexpr std::array<term, 3> all{{{"bắt buộc", "mandatory"},
                                              {"nếu có", "if applicable"},
                                              {"minh chứng", "supporting evidence"}}};
};

/// An item of a checklist.
struct evidence_item {
    std::string_view id;
    std::string_view regulation;
    std::string_view vi;
    std::string_view en;
    evidence_need need = evidence_need::mandatory;
    status known = status::verified;
    std::string_view source{};
    /// Kinds of application that it is for, as bits of 1 << application; 0: all.
    std::uint8_t applications = 0;
    /// The level that it is handed to: the one where the producer files, or the centre.
    bool to_centre = false;
    /// A sample of a product: none for services (tourism).
    bool sample = false;

    [[nodiscard]] label text() const { return {std::string(vi), std::string(en)}; }

    friend bool operator==(const evidence_item&, const evidence_item&) = default;
};

namespace detail {

inline constexpr std::string_view source_1048 = "1048/QĐ-TTg";
inline constexpr std::string_view source_148 = "148/QĐ-TTg Annex II";
inline constexpr std::string_view source_26 = "26/2026/QĐ-TTg";
inline constexpr std::uint8_t upgrade_only = 1U << static_cast<unsigned>(application::upgrade);

}  // namespace detail

/// Every item known of the three regulations. Of 148 only a summary is known; that it asked for
/// samples is read from its scorecards.
inline constexpr std::array evidence_items{
    // 1048/QĐ-TTg: forms 01 to 04 and the business registration, then thirteen kinds of evidence.
    evidence_item{"registration_slip", "1048-2019",
                  "phiếu đăng ký (mẫu 01, hoặc 02 nếu sản phẩm đã có)",
                  "registration slip (form 01, or 02 for an existing product)",
                  evidence_need::mandatory, status::verified, detail::source_1048},
    evidence_item{"business_plan", "1048-2019", "phương án sản xuất kinh doanh (mẫu 03)",
                  "business plan (form 03)", evidence_need::mandatory, status::verified,
                  detail::source_1048},
    evidence_item{"organisation", "1048-2019", "giới thiệu bộ máy tổ chức (mẫu 04)",
                  "organisation (form 04)", evidence_need::mandatory, status::verified,
                  detail::source_1048},
    evidence_item{"business_registration", "1048-2019", "giấy đăng ký kinh doanh",
                  "business registration", evidence_need::if_applicable, status::verified,
                  detail::source_1048},
    evidence_item{"samples", "1048-2019", "5 đơn vị sản phẩm mẫu", "5 samples of the product",
                  evidence_need::mandatory, status::verified, detail::source_1048, 0, false, true},
    evidence_item{"production_eligibility", "1048-2019", "giấy chứng nhận đủ điều kiện sản xuất",
                  "certificate of eligibility to produce", evidence_need::supporting,
                  status::verified, detail::source_1048},
    evidence_item{"quality_declaration", "1048-2019", "công bố chất lượng", "quality declaration",
                  evidence_need::supporting, status::verified, detail::source_1048},
    evidence_item{"product_standard", "1048-2019", "tiêu chuẩn sản phẩm", "product standard",
                  evidence_need::supporting, status::verified, detail::source_1048},
    evidence_item{"food_safety_test", "1048-2019", "phiếu kiểm nghiệm an toàn thực phẩm",
                  "food-safety test report", evidence_need::supporting, status::verified,
                  detail::source_1048},
    evidence_item{"marks_and_traceability", "1048-2019",
                  "mã vạch, truy xuất nguồn gốc, sở hữu trí tuệ, chỉ dẫn địa lý",
                  "barcode, traceability, intellectual property, geographical indication",
                  evidence_need::supporting, status::verified, detail::source_1048},
    evidence_item{"material_origin", "1048-2019", "nguồn gốc nguyên liệu, hợp đồng liên kết",
                  "origin of materials, linkage contracts", evidence_need::supporting,
                  status::verified, detail::source_1048},
    evidence_item{"environment", "1048-2019", "bảo vệ môi trường", "environment",
                  evidence_need::supporting, status::verified, detail::source_1048},
    evidence_item{"quality_management", "1048-2019", "hệ thống quản lý chất lượng",
                  "quality-management system", evidence_need::supporting, status::verified,
                  detail::source_1048},
    evidence_item{"accounting", "1048-2019", "kế toán", "accounting", evidence_need::supporting,
                  status::verified, detail::source_1048},
    evidence_item{"market_and_promotion", "1048-2019", "thị trường, xúc tiến thương mại",
                  "market and promotion", evidence_need::supporting, status::verified,
                  detail::source_1048},
    evidence_item{"product_story", "1048-2019", "câu chuyện sản phẩm", "product story",
                  evidence_need::supporting, status::verified, detail::source_1048},
    evidence_item{"quality_control", "1048-2019", "kế hoạch kiểm soát chất lượng, hồ sơ lô",
                  "quality-control plan and batch records", evidence_need::supporting,
                  status::verified, detail::source_1048},
    evidence_item{"awards", "1048-2019", "giải thưởng", "awards", evidence_need::supporting,
                  status::verified, detail::source_1048},
    // 148/QĐ-TTg: cut to slip and self-assessment.
    evidence_item{"registration_slip", "148-2023", "phiếu đăng ký", "registration slip",
                  evidence_need::mandatory, status::secondary, detail::source_148},
    evidence_item{"self_assessment", "148-2023", "báo cáo tự đánh giá kèm minh chứng",
                  "self-assessment report with evidence", evidence_need::mandatory,
                  status::secondary, detail::source_148},
    evidence_item{"samples", "148-2023", "5 đơn vị sản phẩm mẫu", "5 samples of the product",
                  evidence_need::mandatory, status::inferred, detail::source_148, 0, false, true},
    // 26/2026/QĐ-TTg: forms 01 to 03, and what the province hands to the centre.
    evidence_item{"registration_slip", "26-2026", "phiếu đăng ký (mẫu 01)",
                  "registration slip (form 01)", evidence_need::mandatory, status::verified,
                  detail::source_26},
    evidence_item{"self_assessment", "26-2026", "bản tự đánh giá kèm bảng minh chứng (mẫu 02)",
                  "self-assessment with the table of evidence (form 02)", evidence_need::mandatory,
                  status::verified, detail::source_26},
    evidence_item{"evidence_of_change", "26-2026", "minh chứng những thay đổi",
                  "evidence of what has changed", evidence_need::mandatory, status::verified,
                  detail::source_26, detail::upgrade_only},
    evidence_item{"samples", "26-2026", "5 đơn vị sản phẩm mẫu", "5 samples of the product",
                  evidence_need::mandatory, status::verified, detail::source_26, 0, false, true},
    evidence_item{"business_registration", "26-2026", "giấy đăng ký kinh doanh",
                  "business registration", evidence_need::if_applicable, status::verified,
                  detail::source_26},
    evidence_item{"letter_to_centre", "26-2026", "văn bản đề nghị của tỉnh",
                  "the province's letter", evidence_need::mandatory, status::verified,
                  detail::source_26, 0, true},
    evidence_item{"working_group_report", "26-2026", "báo cáo của tổ tư vấn",
                  "report of the working group", evidence_need::mandatory, status::verified,
                  detail::source_26, 0, true},
    evidence_item{"council_report", "26-2026", "báo cáo của hội đồng", "report of the council",
                  evidence_need::mandatory, status::verified, detail::source_26, 0, true},
    evidence_item{"approval_decision", "26-2026", "quyết định phê duyệt kết quả",
                  "decision that approves the result", evidence_need::mandatory, status::verified,
                  detail::source_26, 0, true},
    evidence_item{"dossier", "26-2026", "hồ sơ của chủ thể", "the producer's dossier",
                  evidence_need::mandatory, status::verified, detail::source_26, 0, true},
    evidence_item{"extra_tests", "26-2026", "kết quả kiểm nghiệm bổ sung", "further tests",
                  evidence_need::if_applicable, status::verified, detail::source_26, 0, true},
    evidence_item{"samples", "26-2026", "5 đơn vị sản phẩm mẫu", "5 samples of the product",
                  evidence_need::mandatory, status::verified, detail::source_26, 0, true, true}};

/// The items for \p kind of application under \p regulation: those that the producer files, or
/// with \p level centre those that the province hands to the centre (known of 26/2026 only). A
/// service has no samples: \p samples tells how many the scorecard asks for. Empty for a regulation
/// that is not bundled.
[[nodiscard]] inline std::vector<evidence_item> checklist(
    std::string_view regulation, application kind, int samples = 5,
    council_level level = council_level::province) {
    const auto bit = static_cast<unsigned>(1U << static_cast<unsigned>(kind));
    std::vector<evidence_item> items;
    for (const evidence_item& item : evidence_items)
        if (item.regulation == regulation && item.to_centre == (level == council_level::centre) &&
            (item.applications == 0 || (item.applications & bit) != 0) &&
            !(item.sample && samples <= 0))
            items.push_back(item);
    return items;
}

/// The mandatory items of \p list that \p filed (ids) does not hold, in the list's order.
[[nodiscard]] inline std::vector<evidence_item> missing_items(
    const std::vector<evidence_item>& list, const std::vector<std::string>& filed) {
    std::vector<evidence_item> missing;
    for (const evidence_item& item : list) {
        bool there = item.need != evidence_need::mandatory;
        for (const std::string& id : filed) there = there || id == item.id;
        if (!there) missing.push_back(item);
    }
    return missing;
}

/// Lists in \p found each mandatory item that is missing, and each id that the list does not have.
inline void check_items(const std::vector<evidence_item>& list,
                        const std::vector<std::string>& filed, problems& found,
                        std::string_view at = "/items") {
    for (const evidence_item& item : missing_items(list, filed))
        found.push_back(detail::make_problem(
            problem_code::need_missing, std::string(at), std::string(item.id),
            {"hồ sơ thiếu \"" + std::string(item.id) + "\": " + std::string(item.vi),
             "the dossier lacks \"" + std::string(item.id) + "\": " + std::string(item.en)}));
    for (std::size_t i = 0; i < filed.size(); ++i) {
        bool known = false;
        for (const evidence_item& item : list) known = known || item.id == filed[i];
        if (known) continue;
        std::string ids;
        for (const evidence_item& item : list)
            ids += (ids.empty() ? "" : ", ") + std::string(item.id);
        found.push_back(detail::make_problem(
            problem_code::bad_value, std::string(at) + "/" + std::to_string(i), filed[i],
            detail::told("không có tài liệu \"{0}\" trong danh mục; có: {1}",
                         "there is no item \"{0}\" in the checklist; there are: {1}",
                         {detail::shown(filed[i]), ids})));
    }
}

}  // namespace ocop
