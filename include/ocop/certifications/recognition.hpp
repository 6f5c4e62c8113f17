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

/// A star that belongs to a lower level and was given by a higher council, to which the dossier had
/// been forwarded.
struct forwarded_result_rule {
    std::string_view regulation;
    int stars = least_recognised_stars;
    council_level instead_of = council_level::district;
    council_level by = council_level::province;
    status known = status::inferred;
    std::string_view source;
};
/// 148's text is not known: who recognises 3 stars that a higher council gave to what the district
/// forwarded is a reading, without which nobody could.
inline constexpr std::array forwarded_result_rules{
    forwarded_result_rule{"148-2023", 3, council_level::district, council_level::province,
                          status::inferred, "148/QĐ-TTg Annex II"}};

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
                         recognition_document document,
                         overrun_reading overrun = overrun_reading::file_anew)
        : result_(on_result) {
        problems found;
        auto made = try_make(under, on_result, std::move(document), found, overrun);
        if (!made) throw error(std::move(found));
        *this = std::move(*made);
    }
    /// The decision, or nothing and every problem in \p found: the level must be the one that
    /// recognises that star on the day of signing, and have the result of its own council, or the
    /// central one where the centre gave less than its star. "Proposed 5 stars" is not 5 stars. It
    /// is on the session's product, and signed while dossiers may be assessed under \p under;
    /// \p overrun lifts the last day (26/2026/QĐ-TTg art. 12.2).
    [[nodiscard]] static std::optional<recognition_decision> try_make(
        const regulation& under, const session_result& on_result, recognition_document document,
        problems& found, overrun_reading overrun = overrun_reading::file_anew) {
        problems mine;
        check(under, on_result, document, overrun, mine);
        const bool good = mine.empty();
        for (problem& p : mine) found.push_back(std::move(p));
        if (!good) return std::nullopt;
        recognition_decision made(on_result);
        made.document_ = std::move(document);
        made.stars_ = *on_result.stars();
        return made;
    }

    [[nodiscard]] const recognition_document& document() const noexcept { return document_; }
    /// The result of the council on which it rests: the centre's where it gave less than its star.
    [[nodiscard]] const session_result& result() const noexcept { return result_; }
    [[nodiscard]] const std::string& regulation_id() const noexcept { return result_.regulation(); }
    [[nodiscard]] const std::string& dossier() const noexcept { return result_.dossier(); }
    [[nodiscard]] const std::string& product() const noexcept { return result_.product(); }
    [[nodiscard]] ocop::application application() const noexcept { return result_.application(); }
    [[nodiscard]] ocop::stars stars() const noexcept { return stars_; }
    [[nodiscard]] council_level council() const noexcept { return result_.level(); }
    /// The day on which that council concluded.
    [[nodiscard]] const date& concluded_on() const noexcept { return result_.concluded_on(); }

    friend bool operator==(const recognition_decision&, const recognition_decision&) = default;

private:
    explicit recognition_decision(const session_result& on_result) : result_(on_result) {}

    static void check(const regulation& under, const session_result& result,
                      const recognition_document& d, overrun_reading overrun, problems& mine) {
        if (d.number.empty())
            detail::need("/number", "quyết định cần số hiệu", "a decision needs its number", mine);
        if (result.regulation() != under.id())
            mine.push_back(
                detail::make_problem(problem_code::contradiction, "/regulation", under.id(),
                                     detail::told("phiên họp chấm theo {0}, không phải {1}",
                                                  "the session scored under {0}, not {1}",
                                                  {result.regulation(), under.id()})));
        if (result.product() != d.product)
            mine.push_back(detail::make_problem(
                problem_code::contradiction, "/product", d.product,
                detail::told("phiên họp chấm sản phẩm \"{0}\", không phải \"{1}\"",
                             "the session was on the product \"{0}\", not on \"{1}\"",
                             {detail::shown(result.product()), detail::shown(d.product)})));
        if (!detail::check_day(d.signed_on, result.concluded_on(), mine)) return;
        const validity& in_force = under.document().in_force;
        if (in_force.filed_from && d.signed_on < *in_force.filed_from)
            mine.push_back(detail::make_problem(
                problem_code::regulation_contradicts_dates, "/on", to_string(d.signed_on),
                detail::told(
                    "{0} chỉ nhận hồ sơ từ {1}; không thể ký ngày {2}",
                    "{0} takes dossiers from {1} on; nothing is signed on {2}",
                    {under.id(), to_string(*in_force.filed_from), to_string(d.signed_on)})));
        detail::check_last_day(in_force, under.id(), result.application(), d.signed_on, overrun,
                               mine);
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
        if (may != d.by && !(may && forwarded(under.id(), *result.stars(), *may, d.by, result)))
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

    /// Whether \p by may give what is \p usual 's, since \p usual had forwarded it.
    [[nodiscard]] static bool forwarded(std::string_view regulation, ocop::stars of,
                                        council_level usual, council_level by,
                                        const session_result& result) {
        for (const forwarded_result_rule& rule : forwarded_result_rules)
            if (rule.regulation == regulation && rule.stars == of.value() &&
                rule.instead_of == usual && rule.by == by && result.level() != usual)
                return true;
        return false;
    }

    recognition_document document_;
    session_result result_;
    ocop::stars stars_{least_recognised_stars};
};

}  // namespace ocop
