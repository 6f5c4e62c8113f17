/// \file score_sheet.hpp
/// A score sheet (phiếu đánh giá): one member's choice of options on one scorecard.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/base/points.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/criteria/scorecard.hpp"

namespace ocop {

/// The answer to one criterion: nothing yet, "none of the options", or the ticked options.
class answer {
public:
    /// No answer. A missing answer is an error where the criterion applies.
    constexpr answer() noexcept = default;
    /// "None of the options": an answer of 0 points that meets no mark (rules §3).
    [[nodiscard]] static constexpr answer none() noexcept { return answer(0); }
    /// The option numbered \p number, from 1 in printed order.
    /// \throws error unless it is 1 to scorecard_limits::options.
    [[nodiscard]] static constexpr answer option(std::size_t number) {
        if (number < 1 || number > scorecard_limits::options) reject(number);
        return answer(std::uint32_t{1} << (number - 1));
    }
    /// The options of a bit set: bit n-1 for option n.
    /// \throws error for a bit beyond scorecard_limits::options.
    [[nodiscard]] static constexpr answer of_bits(std::uint32_t bits) {
        if (bits >> scorecard_limits::options != 0) reject(scorecard_limits::options + 1);
        return answer(bits);
    }

    [[nodiscard]] constexpr bool given() const noexcept { return bits_ != missing; }
    /// The ticked options as a bit set (bit n-1 for option n); 0 when nothing is ticked.
    [[nodiscard]] constexpr std::uint32_t bits() const noexcept { return given() ? bits_ : 0; }
    [[nodiscard]] constexpr bool has(std::size_t number) const noexcept {
        return number >= 1 && number <= scorecard_limits::options &&
               (bits() >> (number - 1) & 1U) != 0;
    }
    /// The ticked option of a `choose: one` criterion; 0 for none and for no answer.
    [[nodiscard]] constexpr std::size_t number() const noexcept {
        return bits() == 0 ? 0 : static_cast<std::size_t>(std::countr_zero(bits())) + 1;
    }
    /// The numbers of all ticked options, ascending.
    [[nodiscard]] std::vector<std::size_t> numbers() const {
        std::vector<std::size_t> list;
        for (std::uint32_t rest = bits(); rest != 0; rest &= rest - 1)
            list.push_back(static_cast<std::size_t>(std::countr_zero(rest)) + 1);
        return list;
    }

    friend constexpr bool operator==(answer, answer) noexcept = default;

private:
    [[noreturn]] static void reject(std::size_t number) {
        const std::string value = std::to_string(number);
        throw error(detail::make_problem(
            problem_code::unknown_option, "", value,
            detail::told("không bảng chấm nào có mức {0}: từ 1 đến {1}",
                         "no scorecard has an option {0}: they run from 1 to {1}",
                         {value, std::to_string(scorecard_limits::options)})));
    }

    static constexpr std::uint32_t missing = std::uint32_t{1} << 31;
    constexpr explicit answer(std::uint32_t bits) noexcept : bits_(bits) {}
    std::uint32_t bits_ = missing;
};

/// A criterion's code and the number of the chosen option (0: none of them).
struct entry {
    std::string_view code;
    std::int64_t option;
};

/// One member's sheet. Every answer it holds is one that its scorecard offers; whether all that
/// must be answered is, is asked of assess(), which names each gap.
class score_sheet {
public:
    /// An empty sheet of \p member on \p card.
    score_sheet(const scorecard& card, std::string member)
        : member_(std::move(member)), layout_(card.layout()), answers_(card.size()) {}

    /// A filled sheet. \throws error naming every unknown criterion, unknown option and second
    /// answer among \p entries.
    score_sheet(const scorecard& card, std::string member, std::initializer_list<entry> entries)
        : score_sheet(card, std::move(member)) {
        problems found;
        for (const entry& e : entries) try_choose(card, e.code, e.option, found);
        if (!found.empty()) throw error(std::move(found));
    }

    /// The member whose sheet it is.
    [[nodiscard]] const std::string& member() const noexcept { return member_; }
    /// Whether the sheet was made for \p card, or for one that is scored alike.
    [[nodiscard]] bool fits(const scorecard& card) const noexcept {
        return layout_ == card.layout() && answers_.size() == card.size();
    }
    /// How many criteria its scorecard has.
    [[nodiscard]] std::size_t size() const noexcept { return answers_.size(); }
    [[nodiscard]] answer at(std::size_t criterion) const noexcept { return answers_[criterion]; }

    /// Chooses the option numbered \p number (from 1; 0: none of the options) at the criterion
    /// \p code; where any number may be ticked, ticks one more.
    /// \throws error for an unknown criterion or option and for a second answer.
    void choose(const scorecard& card, std::string_view code, std::int64_t number) {
        problems found;
        if (!try_choose(card, code, number, found)) throw error(std::move(found));
    }

    /// As choose(): false and the problem in \p found instead of an exception.
    bool try_choose(const scorecard& card, std::string_view code, std::int64_t number,
                    problems& found) {
        const auto index = card.find(code);
        if (!index) {
            found.push_back(unknown_criterion(card, code));
            return false;
        }
        return try_choose(card, *index, number, found);
    }

    /// As above, for the criterion at \p index of \p card.
    bool try_choose(const scorecard& card, std::size_t index, std::int64_t number,
                    problems& found) {
        if (!fits(card) || index >= card.size()) {
            found.push_back(foreign(card));
            return false;
        }
        const auto options = static_cast<std::int64_t>(card.option_count(index));
        if (number < 0 || number > options) {
            found.push_back(unknown_option(card, index, std::to_string(number)));
            return false;
        }
        answer& mine = answers_[index];
        const answer chosen =
            number == 0 ? answer::none() : answer::option(static_cast<std::size_t>(number));
        const bool any = card.at(index).choose == choice::any;
        if (mine.given() && (!any || number == 0 || mine.bits() == 0 ||
                             mine.has(static_cast<std::size_t>(number)))) {
            found.push_back(second_answer(card, index, number));
            return false;
        }
        mine = any ? answer::of_bits(mine.bits() | chosen.bits()) : chosen;
        return true;
    }

    /// Chooses the option that carries \p value points (the first printed, where several do; 0
    /// where none is printed: none of the options).
    /// \throws error for points that no option carries.
    void choose_points(const scorecard& card, std::string_view code, points value) {
        problems found;
        const auto index = card.find(code);
        if (!index) throw error(unknown_criterion(card, code));
        const auto& options = card.at(*index).options;
        for (std::size_t i = 0; i < options.size(); ++i)
            if (options[i].points == value) {
                choose(card, code, static_cast<std::int64_t>(i) + 1);
                return;
            }
        if (value == points{0}) {
            choose(card, code, 0);
            return;
        }
        const std::string given = to_string(value);
        std::string carried;
        for (const option& o : options)
            carried += (carried.empty() ? "" : ", ") + to_string(o.points);
        throw error(place_it(
            card, *index,
            detail::make_problem(problem_code::no_option_with_points, "", given,
                                 detail::told("không mức nào của {0} có {1} điểm; các mức: {2}",
                                              "no option of {0} carries {1} points; they carry {2}",
                                              {std::string(code), given, carried}))));
    }

    /// Takes back the answer at criterion \p index.
    void clear(std::size_t index) noexcept { answers_[index] = answer(); }
    /// Sets the answer at criterion \p index of \p card as it is.
    /// \throws error when the card does not offer it.
    void set(const scorecard& card, std::size_t index, answer value) {
        if (!fits(card) || index >= card.size()) throw error(foreign(card));
        const bool one = card.at(index).choose == choice::one;
        if (value.bits() >> card.option_count(index) != 0 ||
            (one && std::popcount(value.bits()) > 1)) {
            std::string text;
            for (std::size_t n : value.numbers())
                text += (text.empty() ? "" : ", ") + std::to_string(n);
            throw error(unknown_option(card, index, text));
        }
        answers_[index] = value;
    }

    friend bool operator==(const score_sheet&, const score_sheet&) = default;

    /// The place of criterion \p code on the sheet of \p member.
    [[nodiscard]] static place place_of(std::string_view member, std::string_view code) {
        place where;
        where.sheet = member;
        where.criterion = code;
        where.pointer = "/sheets" + pointer_step(member) + pointer_step(code);
        return where;
    }

    /// The problem that \p given is no option of the criterion at \p index.
    [[nodiscard]] problem unknown_option(const scorecard& card, std::size_t index,
                                         const std::string& given) const {
        const std::string& code = card.at(index).code;
        const std::string count = std::to_string(card.option_count(index));
        const std::string value = detail::shown(given);
        return place_it(
            card, index,
            detail::make_problem(
                problem_code::unknown_option, "", given,
                detail::told(
                    "tiêu chí {0} không có mức {1}; chọn 1 đến {2}, hoặc 0 nếu không mức nào đúng",
                    "criterion {0} has no option {1}; choose 1 to {2}, or 0 for none of them",
                    {code, value, count})));
    }

    /// The problem that \p card has no criterion \p code.
    [[nodiscard]] problem unknown_criterion(const scorecard& card, std::string_view code) const {
        const std::string given = detail::shown(code);
        problem p = detail::make_problem(
            problem_code::unknown_criterion, "", std::string(code),
            detail::told("bộ {0} không có tiêu chí \"{1}\"; các mã từ {2} đến {3}",
                         "set {0} has no criterion \"{1}\"; its codes run from {2} to {3}",
                         {std::to_string(card.set()), given, card.at(0).code,
                          card.at(card.size() - 1).code}));
        p.where = place_of(member_, code);
        return p;
    }

private:
    [[nodiscard]] problem second_answer(const scorecard& card, std::size_t index,
                                        std::int64_t number) const {
        const std::string& code = card.at(index).code;
        return place_it(
            card, index,
            detail::make_problem(
                problem_code::second_answer, "", std::to_string(number),
                detail::told("tiêu chí {0} được trả lời hai lần (lần sau: {1}); chỉ giữ một",
                             "criterion {0} is answered twice (the second: {1}); keep one",
                             {code, std::to_string(number)})));
    }

    [[nodiscard]] problem place_it(const scorecard& card, std::size_t index, problem p) const {
        p.where = place_of(member_, card.at(index).code);
        return p;
    }

    [[nodiscard]] problem foreign(const scorecard& card) const {
        const std::string value = std::to_string(answers_.size());
        problem p = detail::make_problem(
            problem_code::sheet_of_another_scorecard, "/sheets" + pointer_step(member_), value,
            detail::told(
                "phiếu có {0} tiêu chí, bộ {1} có {2}: phiếu của bộ khác",
                "the sheet has {0} criteria, set {1} has {2}: it was made for another scorecard",
                {value, std::to_string(card.set()), std::to_string(card.size())}));
        p.where.sheet = member_;
        return p;
    }

    std::string member_;
    std::uint64_t layout_;
    std::vector<answer> answers_;
};

}  // namespace ocop
