/// \file level_check.hpp
/// Whether a level may recognise a star on a day, under any regulation that could then apply: for
/// certificates that are told without the dossier and the regulation behind them.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "ocop/base/date.hpp"
#include "ocop/base/level.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/base/stars.hpp"
#include "ocop/certifications/certificate.hpp"
#include "ocop/certifications/recognition.hpp"
#include "ocop/criteria/timeline.hpp"

namespace ocop {

/// Whether some regulation of \p known, of those that a dossier decided on \p on may have been filed
/// under, lets \p level recognise \p of. False for 1 and 2 stars, which nobody recognises, and for days
/// before the first regulation.
[[nodiscard]] inline bool may_recognise(const timeline& known, council_level level, stars of,
                                        const date& on) {
    for (const regulation& r : known.regulations()) {
        const auto& from = r.document().in_force.filed_from;
        if (from && on < *from) continue;
        if (recognising_level(r, of, on) == level) return true;
    }
    return false;
}

/// Tells in \p found, at \p pointer, where \p level, the one said to have decided, may not give the
/// certificate that \p e issues (605). Events that issue none, or whose stars nobody recognises, which is
/// another problem, are let pass.
inline void check_level(const timeline& known, const certificate_event& e, council_level level,
                        std::string pointer, problems& found) {
    if (!e.stars || !issues(e.kind) || e.on.is_special() ||
        e.stars->value() < least_recognised_stars || may_recognise(known, level, *e.stars, e.on))
        return;
    found.push_back(detail::make_problem(
        problem_code::wrong_level, std::move(pointer), std::string(name_of(level)),
        detail::told("ngày {0} \"{1}\" không được công nhận {2} sao",
                     "on {0} \"{1}\" may not recognise {2} stars",
                     {to_string(e.on), name_of(level), std::to_string(e.stars->value())})));
}

}  // namespace ocop
