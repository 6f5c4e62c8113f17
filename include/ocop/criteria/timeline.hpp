/// \file timeline.hpp
/// Which regulation applies to a dossier: by the day it was filed, the kind of application and the
/// day it is assessed (rules §2).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/base/date.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/criteria/application.hpp"
#include "ocop/criteria/regulation.hpp"

namespace ocop {

/// What to do with a dossier of an older regulation that was not assessed in time. The decision
/// (26/2026/QĐ-TTg art. 12.2) sets the last days and is silent on overruns.
enum class overrun_reading {
    file_anew,  ///< an error: the dossier must be filed anew (default)
    allow       ///< the older regulation still applies
};

template <>
struct names<overrun_reading> {
    static constexpr std::array<std::string_view, 2> all{"file_anew", "allow"};
};

/// What is known of when a dossier was filed and assessed. Members may be missing where the
/// regulation is named instead.
struct dossier_dates {
    std::optional<date> filed;
    std::optional<date> assessed;
    std::optional<ocop::application> application;

    friend bool operator==(const dossier_dates&, const dossier_dates&) = default;
};

/// Regulations in the order of time. A regular value.
class timeline {
public:
    timeline() = default;
    explicit timeline(std::vector<regulation> regulations) : regulations_(std::move(regulations)) {}

    [[nodiscard]] const std::vector<regulation>& regulations() const noexcept {
        return regulations_;
    }

    /// The regulation called \p id, or null.
    [[nodiscard]] const regulation* find(std::string_view id) const noexcept {
        for (const regulation& r : regulations_)
            if (r.id() == id) return &r;
        return nullptr;
    }

    /// The regulation called \p id. \throws error when there is none.
    [[nodiscard]] const regulation& at(std::string_view id) const {
        if (const regulation* found = find(id)) return *found;
        throw error(unknown(id));
    }

    /// The regulation of a dossier: by the day of filing, kind of application and day of assessment.
    /// \throws error when filed before the first regulation, assessed before filed, or assessed
    /// after the last day that the regulation leaves.
    [[nodiscard]] const regulation& applicable(
        const date& filed, application kind, const date& assessed,
        overrun_reading overrun = overrun_reading::file_anew) const {
        problems found;
        const regulation* result = try_applicable(filed, kind, assessed, found, overrun);
        if (result == nullptr) throw error(std::move(found));
        return *result;
    }

    /// As applicable(): null and the reasons in \p found instead of an exception.
    [[nodiscard]] const regulation* try_applicable(
        const date& filed, application kind, const date& assessed, problems& found,
        overrun_reading overrun = overrun_reading::file_anew) const {
        const regulation* by_filing = nullptr;
        for (const regulation& r : regulations_) {
            const validity& v = r.document().in_force;
            if ((!v.filed_from || *v.filed_from <= filed) &&
                (!v.filed_before || filed < *v.filed_before))
                by_filing = &r;
        }
        const std::size_t before = found.size();
        check_order(filed, assessed, found);
        if (by_filing == nullptr)
            found.push_back(nothing_on(filed));
        else if (found.size() == before && overrun == overrun_reading::file_anew)
            check_overrun(*by_filing, kind, assessed, found);
        return found.size() == before ? by_filing : nullptr;
    }

    /// Lists in \p found every way in which \p dates contradict \p named. Dates that are missing
    /// contradict nothing.
    void check(const regulation& named, const dossier_dates& dates, problems& found,
               overrun_reading overrun = overrun_reading::file_anew) const {
        const validity& v = named.document().in_force;
        const std::size_t before = found.size();
        if (dates.filed && dates.assessed) check_order(*dates.filed, *dates.assessed, found);
        if (dates.filed && ((v.filed_from && *dates.filed < *v.filed_from) ||
                            (v.filed_before && *dates.filed >= *v.filed_before)))
            found.push_back(contradiction(named, "/filed", *dates.filed));
        // A dossier is filed no later than it is assessed.
        else if (!dates.filed && dates.assessed && v.filed_from && *dates.assessed < *v.filed_from)
            found.push_back(contradiction(named, "/assessed", *dates.assessed));
        if (found.size() != before || !dates.assessed || overrun == overrun_reading::allow) return;
        if (dates.application) {
            check_overrun(named, *dates.application, *dates.assessed, found);
            return;
        }
        // The kind of application is not known: too late only if too late for every kind.
        std::optional<std::size_t> latest;
        for (std::size_t i = 0; i < v.assessed_until.size(); ++i) {
            if (!v.assessed_until[i]) return;
            if (!latest || *v.assessed_until[*latest] < *v.assessed_until[i]) latest = i;
        }
        if (latest) check_overrun(named, static_cast<application>(*latest), *dates.assessed, found);
    }

    /// The problem that there is no regulation called \p id.
    [[nodiscard]] problem unknown(std::string_view id) const {
        std::string ids;
        for (const regulation& r : regulations_) ids += (ids.empty() ? "" : ", ") + r.id();
        const std::string given = detail::shown(id);
        return detail::make_problem(
            problem_code::unknown_regulation, "/regulation", std::string(id),
            detail::told("không có quyết định \"{0}\"; có: {1}",
                         "there is no regulation \"{0}\"; there are: {1}", {given, ids}));
    }

    friend bool operator==(const timeline&, const timeline&) = default;

private:
    static void check_order(const date& filed, const date& assessed, problems& found) {
        if (assessed < filed)
            found.push_back(detail::make_problem(
                problem_code::assessed_before_filed, "/assessed", to_string(assessed),
                detail::told("ngày đánh giá {0} đứng trước ngày nộp {1}",
                             "assessed on {0}, before it was filed on {1}",
                             {to_string(assessed), to_string(filed)})));
    }

    /// 26/2026/QĐ-TTg art. 12.2: dossiers filed earlier are assessed by the old rules until a day.
    static void check_overrun(const regulation& r, application kind, const date& assessed,
                              problems& found) {
        const auto& until = r.document().in_force.assessed_until[static_cast<std::size_t>(kind)];
        if (!until || assessed <= *until) return;
        found.push_back(detail::make_problem(
            problem_code::assessed_too_late, "/assessed", to_string(assessed),
            detail::told("hồ sơ theo {0} chỉ được đánh giá đến {1}; ngày {2} là quá hạn: hãy nộp "
                         "lại theo quy định hiện hành",
                         "a dossier under {0} may be assessed until {1}; {2} is too late: file "
                         "anew under the regulation in force",
                         {r.id(), to_string(*until), to_string(assessed)})));
    }

    [[nodiscard]] problem nothing_on(const date& filed) const {
        std::string first;
        for (const regulation& r : regulations_) {
            const auto& from = r.document().in_force.filed_from;
            if (from && (first.empty() || to_string(*from) < first)) first = to_string(*from);
        }
        return detail::make_problem(
            problem_code::filed_before_programme, "/filed", to_string(filed),
            detail::told(
                "chưa có bộ tiêu chí quốc gia cho hồ sơ nộp ngày {0}; bộ đầu tiên từ {1}",
                "no national regulation covers a dossier filed on {0}; the first holds from {1}",
                {to_string(filed), first}));
    }

    [[nodiscard]] static problem contradiction(const regulation& named, std::string pointer,
                                               const date& day) {
        const validity& v = named.document().in_force;
        const std::string from = v.filed_from ? to_string(*v.filed_from) : "…";
        const std::string before = v.filed_before ? to_string(*v.filed_before) : "…";
        return detail::make_problem(
            problem_code::regulation_contradicts_dates, std::move(pointer), to_string(day),
            detail::told("ngày {0} trái với quyết định {1} (hồ sơ nộp từ {2} đến trước {3}); hãy "
                         "sửa ngày hoặc bỏ \"regulation\"",
                         "{0} contradicts regulation {1} (dossiers filed from {2} and before {3}); "
                         "mend the date or leave \"regulation\" out",
                         {to_string(day), named.id(), from, before}));
    }

    std::vector<regulation> regulations_;
};

}  // namespace ocop
