/// \file validation.hpp
/// The one validator of scorecards, for the bundled ones and for a host's own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ocop/base/problem.hpp"
#include "ocop/criteria/criterion.hpp"

namespace ocop {

/// Bounds that keep every sum exact and every sheet small. Far above anything printed.
namespace scorecard_limits {
inline constexpr std::size_t criteria = 250;        ///< criteria of one scorecard
inline constexpr std::size_t options = 30;          ///< options of one criterion
inline constexpr std::size_t ticked_options = 10;   ///< options where any number may be ticked
inline constexpr std::int32_t option_points = 100;  ///< points of one option
}  // namespace scorecard_limits

namespace detail {

/// Walks a scorecard_document and lists what is wrong with it.
class scorecard_checker {
public:
    scorecard_checker(const scorecard_document& card, std::string_view pointer, problems& found)
        : card_(card), pointer_(pointer), found_(found) {}

    void check() {
        if (card_.set < 1)
            add(problem_code::bad_value, pointer_ + "/set", std::to_string(card_.set),
                detail::told("số bộ {0} phải từ 1", "set {0} must be 1 or more",
                             {std::to_string(card_.set)}));
        if (card_.samples < 0)
            add(problem_code::bad_value, pointer_ + "/samples", std::to_string(card_.samples),
                detail::told("số mẫu {0} không hợp lệ: phải từ 0",
                             "{0} samples are not possible: give 0 or more",
                             {std::to_string(card_.samples)}));
        check_repeated_grounds(card_.knockouts, pointer_, "/knockouts");
        check_parts();
    }

private:
    using code = problem_code;

    void check_parts() {
        std::string letters;
        std::int64_t total = 0;
        for (const part& p : card_.parts) {
            if (!letters.empty()) letters += ", ";
            letters += p.code;
            total += p.max.value();
        }
        if (letters != "A, B, C")
            add(code::bad_parts, pointer_ + "/parts", letters,
                detail::told("phải có đúng ba phần A, B, C theo thứ tự; ở đây là: {0}",
                             "there must be exactly the parts A, B, C, in this order; here: {0}",
                             {letters}));
        else if (total != 100)
            sum(pointer_ + "/parts", total, 100, card_.known, "A + B + C", "A + B + C");
        std::int64_t reachable = 0;
        for (std::size_t i = 0; i < card_.parts.size(); ++i)
            reachable += check_part(card_.parts[i], pointer_ + "/parts/" + std::to_string(i));
        if (criteria_.size() > scorecard_limits::criteria)
            add(code::too_many, pointer_ + "/parts", std::to_string(criteria_.size()),
                detail::told("một bảng chấm có nhiều nhất {0} tiêu chí",
                             "a scorecard has at most {0} criteria",
                             {std::to_string(scorecard_limits::criteria)}));
        check_reachable(card_.reachable, reachable, pointer_, "/reachable");
        check_conditions();
    }

    std::int64_t check_part(const part& p, const std::string& at) {
        std::int64_t total = 0;
        std::int64_t reachable = 0;
        if (p.sections.empty()) empty(at + "/sections", "mục", "sections");
        for (std::size_t i = 0; i < p.sections.size(); ++i) {
            const section& s = p.sections[i];
            total += s.max.value();
            reachable += check_section(s, p.code, at + "/sections/" + std::to_string(i));
        }
        if (!p.sections.empty() && total != p.max.value())
            sum(at + "/max", p.max.value(), total, p.known, "các mục của phần " + p.code,
                "the sections of part " + p.code);
        return reachable;
    }

    std::int64_t check_section(const section& s, const std::string& part_code,
                               const std::string& at) {
        std::int64_t total = 0;
        std::int64_t reachable = 0;
        if (s.criteria.empty()) empty(at + "/criteria", "tiêu chí", "criteria");
        for (std::size_t i = 0; i < s.criteria.size(); ++i) {
            const criterion& c = s.criteria[i];
            const std::string here = at + "/criteria/" + std::to_string(i);
            total += c.max.value();
            reachable += check_criterion(c, part_code, here);
        }
        if (!s.criteria.empty() && total != s.max.value())
            sum(at + "/max", s.max.value(), total, status::verified, "các tiêu chí của mục " + s.no,
                "the criteria of section " + s.no);
        check_parents(s, at);
        return reachable;
    }

    /// Sub-criteria under one printed heading sum to the heading's maximum, where it has one.
    void check_parents(const section& s, const std::string& at) {
        if (s.criteria.size() > scorecard_limits::criteria) return;
        for (std::size_t i = 0; i < s.criteria.size(); ++i) {
            const auto& heading = s.criteria[i].parent;
            if (!heading || !heading->max) continue;
            bool first = true;
            std::int64_t total = 0;
            for (std::size_t k = 0; k < s.criteria.size(); ++k) {
                const auto& other = s.criteria[k].parent;
                if (!other || other->no != heading->no) continue;
                if (k < i) first = false;
                total += s.criteria[k].max.value();
            }
            if (first && total != heading->max->value())
                sum(at + "/criteria/" + std::to_string(i) + "/parent/max", heading->max->value(),
                    total, s.criteria[i].known, "các tiêu chí dưới đề mục " + heading->no,
                    "the criteria under heading " + heading->no);
        }
    }

    std::int64_t check_criterion(const criterion& c, const std::string& part_code,
                                 const std::string& at) {
        criteria_.push_back({&c, at});
        if (c.code.size() <= part_code.size() || c.code.substr(0, part_code.size()) != part_code ||
            !plain_code(c.code))
            add(code::bad_code, at + "/code", c.code,
                detail::told("mã tiêu chí \"{0}\" phải bắt đầu bằng mã phần \"{1}\" và chỉ gồm "
                             "chữ, số, dấu chấm",
                             "criterion code \"{0}\" must begin with its part's \"{1}\" and hold "
                             "only letters, digits and dots",
                             {shown(c.code), part_code}));
        // Beyond the limit, which is told, no search for repeated codes.
        for (std::size_t k = 0;
             k + 1 < criteria_.size() && criteria_.size() <= scorecard_limits::criteria; ++k)
            if (criteria_[k].node->code == c.code) {
                add(code::repeated_code, at + "/code", c.code,
                    detail::told("mã tiêu chí \"{0}\" đã dùng ở {1}",
                                 "criterion code \"{0}\" is already used at {1}",
                                 {shown(c.code), criteria_[k].pointer}));
                break;
            }
        if (out_of_range(c.max)) refuse_points(c.max, at + "/max");
        check_repeated_grounds(c.gates, at, "/gates");
        if (c.options.empty()) {
            empty(at + "/options", "mức điểm", "options");
            return 0;
        }
        const std::size_t most =
            c.choose == choice::any ? scorecard_limits::ticked_options : scorecard_limits::options;
        if (c.options.size() > most) {
            add(code::too_many, at + "/options", std::to_string(c.options.size()),
                detail::told("tiêu chí này có nhiều nhất {0} mức điểm",
                             "this criterion may have at most {0} options",
                             {std::to_string(most)}));
            return c.max.value();  // what a list beyond measure holds is not walked
        }
        std::int64_t best = 0;
        std::int64_t all = 0;
        for (std::size_t i = 0; i < c.options.size(); ++i) {
            const option& o = c.options[i];
            const auto here = [&] { return at + "/options/" + std::to_string(i) + "/points"; };
            if (out_of_range(o.points))
                refuse_points(o.points, here());
            else if (o.points > c.max)
                add(code::points_out_of_range, here(), to_string(o.points),
                    detail::told("mức {0} điểm vượt tối đa {1} của tiêu chí {2}",
                                 "an option of {0} exceeds the maximum {1} of criterion {2}",
                                 {to_string(o.points), to_string(c.max), c.code}));
            if (o.points.value() > best) best = o.points.value();
            all += o.points.value();
        }
        const std::int64_t reachable = c.choose == choice::any ? all : best;
        if (reachable < c.max.value() || (c.choose == choice::any && reachable > c.max.value()))
            sum(at + "/max", c.max.value(), reachable, c.known,
                "mức cao nhất đạt được của tiêu chí " + c.code,
                "the most that the options of criterion " + c.code + " allow");
        check_reachable(c.reachable, reachable, at, "/reachable");
        check_cases(c, at);
        check_marks(c, at);
        return reachable;
    }

    void check_cases(const criterion& c, const std::string& at) {
        for (std::size_t i = 0; i < c.options.size(); ++i) {
            const std::string& key = c.options[i].case_key;
            bool known = c.cases.empty() && key.empty();
            for (const criterion_case& one : c.cases) known = known || one.key == key;
            if (!known)
                add(code::unknown_reference, at + "/options/" + std::to_string(i) + "/case", key,
                    detail::told("trường hợp \"{0}\" không có trong \"cases\" của tiêu chí {1}",
                                 "case \"{0}\" is not among the \"cases\" of criterion {1}",
                                 {shown(key), c.code}));
        }
        for (std::size_t a = 0; a < c.cases.size(); ++a) {
            const criterion_case& one = c.cases[a];
            std::int64_t best = -1;
            for (const option& o : c.options)
                if (o.case_key == one.key && o.points.value() > best) best = o.points.value();
            if (best < 0)
                add(code::unknown_reference, at + "/cases" + pointer_step(one.key), one.key,
                    detail::told("trường hợp \"{0}\" không có mức điểm nào",
                                 "case \"{0}\" has no option", {shown(one.key)}));
            else
                check_reachable(one.reachable, best, at,
                                "/reachable_by_case" + pointer_step(one.key));
            for (std::size_t b = 0; b < a; ++b)
                for (producer_kind kind : one.kinds)
                    for (producer_kind other : c.cases[b].kinds)
                        if (kind == other)
                            add(code::repeated_code, at + "/case_kinds" + pointer_step(one.key),
                                std::string(name_of(kind)),
                                detail::told("loại chủ thể \"{0}\" đứng trong hai trường hợp",
                                             "producer kind \"{0}\" stands in two cases",
                                             {std::string(name_of(kind))}));
        }
    }

    /// Marks: at most one option a star, points rising with the star.
    void check_marks(const criterion& c, const std::string& at) {
        for (std::size_t i = 0; i < c.options.size(); ++i) {
            if (!c.options[i].minimum_for) continue;
            const stars mark = *c.options[i].minimum_for;
            const auto here = [&] { return at + "/options/" + std::to_string(i) + "/minimum_for"; };
            if (c.options[i].points.value() <= 0)
                add(code::unordered_marks, here(), std::to_string(mark.value()),
                    detail::told(
                        "dấu {0} sao ở mức 0 điểm: ai cũng đạt, nên không phải mức tối thiểu",
                        "a mark for {0} stars on an option of 0 points: everybody reaches it",
                        {std::to_string(mark.value())}));
            if (mark < stars(3))
                add(code::unordered_marks, here(), std::to_string(mark.value()),
                    detail::told("dấu {0} sao không có: chỉ 3, 4 hoặc 5",
                                 "a mark for {0} stars does not exist: give 3, 4 or 5",
                                 {std::to_string(mark.value())}));
            for (std::size_t k = 0; k < c.options.size(); ++k) {
                if (k == i || !c.options[k].minimum_for) continue;
                const stars other = *c.options[k].minimum_for;
                const bool same = other == mark && k < i;
                const bool falls = other < mark && c.options[k].points > c.options[i].points;
                if (same || falls) {
                    add(code::unordered_marks, here(), std::to_string(mark.value()),
                        detail::told("dấu {0} sao của tiêu chí {1} lặp lại hoặc thấp điểm hơn dấu "
                                     "của sao thấp hơn",
                                     "the {0}-star mark of criterion {1} is repeated or has fewer "
                                     "points than a lower star's",
                                     {std::to_string(mark.value()), c.code}));
                    break;
                }
            }
        }
        if (c.mark_on_criterion) {
            const std::string here = at + "/mark_on_criterion";
            if (c.mark_on_criterion->candidates.empty())
                empty(here + "/candidates", "mức điểm", "points");
            if (c.mark_on_criterion->stars < stars(3))
                add(code::unordered_marks, here + "/stars",
                    std::to_string(c.mark_on_criterion->stars.value()),
                    detail::told("dấu {0} sao không có: chỉ 3, 4 hoặc 5",
                                 "a mark for {0} stars does not exist: give 3, 4 or 5",
                                 {std::to_string(c.mark_on_criterion->stars.value())}));
            for (const option& o : c.options)
                if (o.minimum_for == c.mark_on_criterion->stars)
                    add(code::unordered_marks, here + "/stars",
                        std::to_string(c.mark_on_criterion->stars.value()),
                        detail::told(
                            "dấu {0} sao vừa ở tên tiêu chí vừa ở một mức: chỉ giữ một",
                            "the {0}-star mark stands on the title and on an option: keep one",
                            {std::to_string(c.mark_on_criterion->stars.value())}));
            for (points p : c.mark_on_criterion->candidates)
                if (p.value() < 1 || p > c.max)
                    add(code::points_out_of_range, here + "/candidates", to_string(p),
                        detail::told("{0} điểm không nằm trong 1 đến {1}",
                                     "{0} points are not within 1 to {1}",
                                     {to_string(p), to_string(c.max)}));
        }
    }

    /// A condition names one earlier criterion of the card that is itself unconditional.
    void check_conditions() {
        if (criteria_.size() > scorecard_limits::criteria) return;
        for (std::size_t i = 0; i < criteria_.size(); ++i) {
            const auto& wanted = criteria_[i].node->applies_if;
            if (!wanted) continue;
            std::size_t matches = 0;
            bool usable = false;
            for (std::size_t k = 0; k < criteria_.size(); ++k)
                if (criteria_[k].node->id == wanted->criterion_id) {
                    ++matches;
                    usable = k < i && !criteria_[k].node->applies_if;
                }
            if (matches != 1 || !usable)
                add(code::bad_condition, criteria_[i].pointer + "/applies_if", wanted->id,
                    detail::told("điều kiện \"{0}\" cần đúng một tiêu chí đứng trước có id \"{1}\" "
                                 "và không có điều kiện",
                                 "condition \"{0}\" needs exactly one earlier, unconditional "
                                 "criterion with id \"{1}\"",
                                 {shown(wanted->id), shown(wanted->criterion_id)}));
        }
    }

    void check_repeated_grounds(const std::vector<ground>& grounds, const std::string& owner,
                                const char* step) {
        for (std::size_t i = 0; i < grounds.size(); ++i)
            for (std::size_t k = 0; k < i; ++k)
                if (grounds[k].id == grounds[i].id) {
                    add(code::repeated_code, owner + step + "/" + std::to_string(i), grounds[i].id,
                        detail::told("\"{0}\" lặp lại", "\"{0}\" is repeated",
                                     {shown(grounds[i].id)}));
                    break;
                }
    }

    void check_reachable(const std::optional<points>& told, std::int64_t counted,
                         const std::string& at, const std::string& step) {
        if (told && told->value() != counted)
            add(code::wrong_reachable, at + step, to_string(*told),
                detail::told("ghi đạt được {0} nhưng các mức điểm cho {1}",
                             "reachable says {0} but the options give {1}",
                             {to_string(*told), std::to_string(counted)}));
    }

    [[nodiscard]] static bool out_of_range(points p) {
        return p.value() < 0 || p.value() > scorecard_limits::option_points;
    }
    void refuse_points(points p, std::string at) {
        add(code::points_out_of_range, std::move(at), to_string(p),
            detail::told("{0} điểm không nằm trong 0 đến 100", "{0} points are not within 0 to 100",
                         {to_string(p)}));
    }

    /// A sum that disagrees: an error, or a warning where the node says that its source disagrees.
    void sum(const std::string& at, std::int64_t printed, std::int64_t counted, status known,
             const std::string& vi, const std::string& en) {
        const bool told = known == status::conflict;
        add(told ? code::conflict : code::wrong_sum, at, std::to_string(printed),
            detail::told("ghi {0} nhưng {1} là {2}{3}", "says {0} but {4} make {2}{5}",
                         {std::to_string(printed), vi, std::to_string(counted),
                          (told ? "; nguồn ghi như vậy, giữ nguyên"
                                : "; hãy sửa, hoặc đánh dấu \"conflict\""),
                          en,
                          (told ? "; the source prints it so, kept"
                                : "; mend it, or mark it \"conflict\"")}),
            told ? severity::warning : severity::error);
    }

    void empty(const std::string& at, const std::string& vi, const std::string& en) {
        add(code::empty_list, at, "",
            detail::told("danh sách {0} trống: cần ít nhất một", "the list of {1} is empty",
                         {vi, en}));
    }

    [[nodiscard]] static bool plain_code(std::string_view text) {
        for (char c : text)
            if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  c == '.'))
                return false;
        return true;
    }

    void add(code which, std::string at, std::string value, label text,
             severity grade = severity::error) {
        found_.push_back(
            make_problem(which, std::move(at), std::move(value), std::move(text), grade));
    }

    struct seen {
        const criterion* node;
        std::string pointer;
    };

    const scorecard_document& card_;
    std::string pointer_;
    problems& found_;
    std::vector<seen> criteria_;
};

}  // namespace detail

/// Lists what is wrong with \p card in \p found, places below \p pointer.
///
/// Checked: parts A, B, C that sum to 100; every sum of children; options within the maximum, and
/// the best of them equal to it; marks 3 to 5, one option a star, rising with the points; codes,
/// cases, conditions and gates that refer to what exists. A wrong sum at a node whose status is
/// `conflict` is a warning, since the source prints it so. Quadratic in the criteria at worst.
inline void validate(const scorecard_document& card, std::string_view pointer, problems& found) {
    detail::scorecard_checker(card, pointer, found).check();
}

}  // namespace ocop
