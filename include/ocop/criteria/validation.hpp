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
                {"số bộ " + std::to_string(card_.set) + " phải từ 1",
                 "set " + std::to_string(card_.set) + " must be 1 or more"});
        if (card_.samples < 0)
            add(problem_code::bad_value, pointer_ + "/samples", std::to_string(card_.samples),
                {"số mẫu " + std::to_string(card_.samples) + " không hợp lệ: phải từ 0",
                 std::to_string(card_.samples) + " samples are not possible: give 0 or more"});
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
                {"phải có đúng ba phần A, B, C theo thứ tự; ở đây là: " + letters,
                 "there must be exactly the parts A, B, C, in this order; here: " + letters});
        else if (total != 100)
            sum(pointer_ + "/parts", total, 100, card_.known, "A + B + C", "A + B + C");
        std::int64_t reachable = 0;
        for (std::size_t i = 0; i < card_.parts.size(); ++i)
            reachable += check_part(card_.parts[i], pointer_ + "/parts/" + std::to_string(i));
        if (criteria_.size() > scorecard_limits::criteria)
            add(code::too_many, pointer_ + "/parts", std::to_string(criteria_.size()),
                {"một bảng chấm có nhiều nhất " + std::to_string(scorecard_limits::criteria) +
                     " tiêu chí",
                 "a scorecard has at most " + std::to_string(scorecard_limits::criteria) +
                     " criteria"});
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
                {"mã tiêu chí \"" + shown(c.code) + "\" phải bắt đầu bằng mã phần \"" + part_code +
                     "\" và chỉ gồm chữ, số, dấu chấm",
                 "criterion code \"" + shown(c.code) + "\" must begin with its part's \"" +
                     part_code + "\" and hold only letters, digits and dots"});
        for (std::size_t k = 0; k + 1 < criteria_.size(); ++k)
            if (criteria_[k].node->code == c.code) {
                add(code::repeated_code, at + "/code", c.code,
                    {"mã tiêu chí \"" + shown(c.code) + "\" đã dùng ở " + criteria_[k].pointer,
                     "criterion code \"" + shown(c.code) + "\" is already used at " +
                         criteria_[k].pointer});
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
        if (c.options.size() > most)
            add(code::too_many, at + "/options", std::to_string(c.options.size()),
                {"tiêu chí này có nhiều nhất " + std::to_string(most) + " mức điểm",
                 "this criterion may have at most " + std::to_string(most) + " options"});
        std::int64_t best = 0;
        std::int64_t all = 0;
        for (std::size_t i = 0; i < c.options.size(); ++i) {
            const option& o = c.options[i];
            const auto here = [&] { return at + "/options/" + std::to_string(i) + "/points"; };
            if (out_of_range(o.points))
                refuse_points(o.points, here());
            else if (o.points > c.max)
                add(code::points_out_of_range, here(), to_string(o.points),
                    {"mức " + to_string(o.points) + " điểm vượt tối đa " + to_string(c.max) +
                         " của tiêu chí " + c.code,
                     "an option of " + to_string(o.points) + " exceeds the maximum " +
                         to_string(c.max) + " of criterion " + c.code});
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
                    {"trường hợp \"" + shown(key) + "\" không có trong \"cases\" của tiêu chí " +
                         c.code,
                     "case \"" + shown(key) + "\" is not among the \"cases\" of criterion " +
                         c.code});
        }
        for (std::size_t a = 0; a < c.cases.size(); ++a) {
            const criterion_case& one = c.cases[a];
            std::int64_t best = -1;
            for (const option& o : c.options)
                if (o.case_key == one.key && o.points.value() > best) best = o.points.value();
            if (best < 0)
                add(code::unknown_reference, at + "/cases" + pointer_step(one.key), one.key,
                    {"trường hợp \"" + shown(one.key) + "\" không có mức điểm nào",
                     "case \"" + shown(one.key) + "\" has no option"});
            else
                check_reachable(one.reachable, best, at,
                                "/reachable_by_case" + pointer_step(one.key));
            for (std::size_t b = 0; b < a; ++b)
                for (producer_kind kind : one.kinds)
                    for (producer_kind other : c.cases[b].kinds)
                        if (kind == other)
                            add(code::repeated_code, at + "/case_kinds" + pointer_step(one.key),
                                std::string(name_of(kind)),
                                {"loại chủ thể \"" + std::string(name_of(kind)) +
                                     "\" đứng trong hai trường hợp",
                                 "producer kind \"" + std::string(name_of(kind)) +
                                     "\" stands in two cases"});
        }
    }

    /// Marks: at most one option a star, points rising with the star.
    void check_marks(const criterion& c, const std::string& at) {
        for (std::size_t i = 0; i < c.options.size(); ++i) {
            if (!c.options[i].minimum_for) continue;
            const stars mark = *c.options[i].minimum_for;
            const auto here = [&] { return at + "/options/" + std::to_string(i) + "/minimum_for"; };
            if (mark < stars(3))
                add(code::unordered_marks, here(), std::to_string(mark.value()),
                    {"dấu " + std::to_string(mark.value()) + " sao không có: chỉ 3, 4 hoặc 5",
                     "a mark for " + std::to_string(mark.value()) +
                         " stars does not exist: give 3, 4 or 5"});
            for (std::size_t k = 0; k < c.options.size(); ++k) {
                if (k == i || !c.options[k].minimum_for) continue;
                const stars other = *c.options[k].minimum_for;
                const bool same = other == mark && k < i;
                const bool falls = other < mark && c.options[k].points > c.options[i].points;
                if (same || falls) {
                    add(code::unordered_marks, here(), std::to_string(mark.value()),
                        {"dấu " + std::to_string(mark.value()) + " sao của tiêu chí " + c.code +
                             " lặp lại hoặc thấp điểm hơn dấu của sao thấp hơn",
                         "the " + std::to_string(mark.value()) + "-star mark of criterion " +
                             c.code + " is repeated or has fewer points than a lower star's"});
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
                    {"dấu " + std::to_string(c.mark_on_criterion->stars.value()) +
                         " sao không có: chỉ 3, 4 hoặc 5",
                     "a mark for " + std::to_string(c.mark_on_criterion->stars.value()) +
                         " stars does not exist: give 3, 4 or 5"});
            for (points p : c.mark_on_criterion->candidates)
                if (p.value() < 1 || p > c.max)
                    add(code::points_out_of_range, here + "/candidates", to_string(p),
                        {to_string(p) + " điểm không nằm trong 1 đến " + to_string(c.max),
                         to_string(p) + " points are not within 1 to " + to_string(c.max)});
        }
    }

    /// A condition names one earlier criterion of the card that is itself unconditional.
    void check_conditions() {
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
                    {"điều kiện \"" + shown(wanted->id) +
                         "\" cần đúng một tiêu chí đứng trước có id \"" +
                         shown(wanted->criterion_id) + "\" và không có điều kiện",
                     "condition \"" + shown(wanted->id) +
                         "\" needs exactly one earlier, unconditional criterion with id \"" +
                         shown(wanted->criterion_id) + "\""});
        }
    }

    void check_repeated_grounds(const std::vector<ground>& grounds, const std::string& owner,
                                const char* step) {
        for (std::size_t i = 0; i < grounds.size(); ++i)
            for (std::size_t k = 0; k < i; ++k)
                if (grounds[k].id == grounds[i].id) {
                    add(code::repeated_code, owner + step + "/" + std::to_string(i), grounds[i].id,
                        {"\"" + shown(grounds[i].id) + "\" lặp lại",
                         "\"" + shown(grounds[i].id) + "\" is repeated"});
                    break;
                }
    }

    void check_reachable(const std::optional<points>& told, std::int64_t counted,
                         const std::string& at, const std::string& step) {
        if (told && told->value() != counted)
            add(code::wrong_reachable, at + step, to_string(*told),
                {"ghi đạt được " + to_string(*told) + " nhưng các mức điểm cho " +
                     std::to_string(counted),
                 "reachable says " + to_string(*told) + " but the options give " +
                     std::to_string(counted)});
    }

    [[nodiscard]] static bool out_of_range(points p) {
        return p.value() < 0 || p.value() > scorecard_limits::option_points;
    }
    void refuse_points(points p, std::string at) {
        add(code::points_out_of_range, std::move(at), to_string(p),
            {to_string(p) + " điểm không nằm trong 0 đến 100",
             to_string(p) + " points are not within 0 to 100"});
    }

    /// A sum that disagrees: an error, or a warning where the node says that its source disagrees.
    void sum(const std::string& at, std::int64_t printed, std::int64_t counted, status known,
             const std::string& vi, const std::string& en) {
        const bool told = known == status::conflict;
        add(told ? code::conflict : code::wrong_sum, at, std::to_string(printed),
            {"ghi " + std::to_string(printed) + " nhưng " + vi + " là " + std::to_string(counted) +
                 (told ? "; nguồn ghi như vậy, giữ nguyên"
                       : "; hãy sửa, hoặc đánh dấu \"conflict\""),
             "says " + std::to_string(printed) + " but " + en + " make " + std::to_string(counted) +
                 (told ? "; the source prints it so, kept" : "; mend it, or mark it \"conflict\"")},
            told ? severity::warning : severity::error);
    }

    void empty(const std::string& at, const std::string& vi, const std::string& en) {
        add(code::empty_list, at, "",
            {"danh sách " + vi + " trống: cần ít nhất một", "the list of " + en + " is empty"});
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
