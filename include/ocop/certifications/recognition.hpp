/// \file recognition.hpp
/// The decision that recognises (quyết định công nhận): who may give which star on which day (rules
/// §6). Without one there is no certificate.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/certifications/session.hpp"
#include "ocop/criteria/regulation.hpp"
#include "ocop/ranking/assess.hpp"

namespace ocop {

/// The least star that is recognised: 1 and 2 have no decision and no certificate (26/2026/QĐ-TTg
/// art. 4.1a).
inline constexpr int least_recognised_stars = 3;

/// What follows where the centre gives less than its star to what a province forwarded.
struct central_result_rule {
    std::string_view regulation;
    bool province_certifies = true;  ///< 3 or 4 stars, by the central council's result
    bool province_may_assess_again = false;
    status known = status::verified;
    std::string_view source;
};
/// 148's text is not known; it is read as 1048's.
inline constexpr std::array central_result_rules{
    central_result_rule{"1048-2019", true, false, status::verified, "1048/QĐ-TTg"},
    central_result_rule{"148-2023", true, false, status::inferred, "1048/QĐ-TTg"},
    central_result_rule{"26-2026", true, true, status::verified, "26/2026/QĐ-TTg art. 7.4g"}};

[[nodiscard]] constexpr const central_result_rule* find_central_result_rule(
    std::string_view regulation) noexcept {
    for (const central_result_rule& rule : central_result_rules)
        if (rule.regulation == regulation) return &rule;
    return nullptr;
}

/// The level that recognises \p of under \p under on \p on: the rule that assess() applies. Nothing
/// for 1 and 2 stars.
[[nodiscard]] inline std::optional<council_level> recognising_level(const regulation& under,
                                                                    stars of, const date& on) {
    if (of.value() < least_recognised_stars) return std::nullopt;
    const circumstances given;
    const readings by;
    std::vector<note> list;
    detail::note_writer notes(under, given, by, list);
    return detail::recogniser(under, of, on, notes);
}

/// What a decision says.
struct recognition_document {
    std::string number;  ///< "1045/QĐ-UBND"
    council_level by = council_level::province;
    date signed_on;
    std::string product;

    friend bool operator==(const recognition_document&, const recognition_document&) = default;
};

/// A decision that recognises a product with 3, 4 or 5 stars, given by a level that may, on the result
/// of a concluded session. A regular value; there is no other way to make one.
class recognition_decision {
public:
    /// \throws error with every problem.
    recognition_decision(const regulation& under, const session_result& on_result,
                         recognition_document document) {
        problems found;
        auto made = try_make(under, on_result, std::move(document), found);
        if (!made) throw error(std::move(found));
        *this = std::move(*made);
    }
    /// The decision, or nothing and every problem in \p found: the level must be the one that
    /// recognises that star on the day of signing, and have the result of its own council, or the
    /// central one where the centre gave less than its star. "Proposed 5 stars" is not 5 stars.
    [[nodiscard]] static std::optional<recognition_decision> try_make(
        const regulation& under, const session_result& on_result, recognition_document document,
        problems& found) {
        problems mine;
        check(under, on_result, document, mine);
        const bool good = mine.empty();
        for (problem& p : mine) found.push_back(std::move(p));
        if (!good) return std::nullopt;
        recognition_decision made;
        made.document_ = std::move(document);
        made.regulation_ = under.id();
        made.dossier_ = on_result.dossier();
        made.application_ = on_result.application();
        made.stars_ = *on_result.stars();
        made.council_ = on_result.level();
        made.concluded_on_ = on_result.concluded_on();
        return made;
    }

    [[nodiscard]] const recognition_document& document() const noexcept { return document_; }
    [[nodiscard]] const std::string& regulation_id() const noexcept { return regulation_; }
    [[nodiscard]] const std::string& dossier() const noexcept { return dossier_; }
    [[nodiscard]] ocop::application application() const noexcept { return application_; }
    [[nodiscard]] ocop::stars stars() const noexcept { return stars_; }
    /// The council on whose result it rests: the centre's where it gave less than its star.
    [[nodiscard]] council_level council() const noexcept { return council_; }
    /// The day on which that council concluded.
    [[nodiscard]] const date& concluded_on() const noexcept { return concluded_on_; }

    friend bool operator==(const recognition_decision&, const recognition_decision&) = default;

private:
    recognition_decision() = default;

    static void check(const regulation& under, const session_result& result,
                      const recognition_document& d, problems& mine) {
        if (d.number.empty())
            detail::need("/number", "quyết định cần số hiệu", "a decision needs its number", mine);
        if (result.regulation() != under.id())
            mine.push_back(
                detail::make_problem(problem_code::contradiction, "/regulation", under.id(),
                                     detail::told("phiên họp chấm theo {0}, không phải {1}",
                                                  "the session scored under {0}, not {1}",
                                                  {result.regulation(), under.id()})));
        if (!detail::check_day(d.signed_on, result.concluded_on(), mine)) return;
        if (!result.stars()) {
            mine.push_back(detail::make_problem(
                problem_code::not_recognisable, "/stars", std::string(name_of(result.outcome())),
                {"hội đồng đã loại sản phẩm: không có gì để công nhận",
                 "the council rejected the product: there is nothing to recognise"}));
            return;
        }
        const std::string star = std::to_string(result.stars()->value());
        if (result.stars()->value() < least_recognised_stars) {
            mine.push_back(detail::make_problem(
                problem_code::not_recognisable, "/stars", star,
                detail::told(
                    "{0} sao không được công nhận và không có giấy chứng nhận: từ 3 sao",
                    "{0} stars are not recognised and have no certificate: from 3 stars on",
                    {star})));
            return;
        }
        const auto may = recognising_level(under, *result.stars(), d.signed_on);
        if (may != d.by)
            mine.push_back(detail::make_problem(
                problem_code::wrong_level, "/by", std::string(name_of(d.by)),
                detail::told("{0} sao ngày {1} do \"{2}\" công nhận, không phải \"{3}\"",
                             "{0} stars are for \"{2}\" to recognise on {1}, not for \"{3}\"",
                             {star, to_string(d.signed_on),
                              may ? name_of(*may) : std::string_view("-"), name_of(d.by)})));
        const central_result_rule* rule = find_central_result_rule(under.id());
        const bool central = result.level() == council_level::centre &&
                             d.by == council_level::province && rule != nullptr &&
                             rule->province_certifies;
        if (result.level() != d.by && !central)
            mine.push_back(detail::make_problem(
                problem_code::wrong_level, "/council", std::string(name_of(result.level())),
                detail::told("\"{0}\" cần kết quả của hội đồng cấp mình, đây là của \"{1}\"",
                             "\"{0}\" needs the result of its own council; this is of \"{1}\"",
                             {name_of(d.by), name_of(result.level())})));
    }

    recognition_document document_;
    std::string regulation_;
    std::string dossier_;
    ocop::application application_ = ocop::application::first;
    ocop::stars stars_{least_recognised_stars};
    council_level council_ = council_level::province;
    date concluded_on_;
};

}  // namespace ocop
