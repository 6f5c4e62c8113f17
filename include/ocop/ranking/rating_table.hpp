/// \file rating_table.hpp
/// Ratings of units (products, or one criterion of them) by members, some of them missing: the one
/// shape that every statistic of agreement, severity and drift reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ocop/base/problem.hpp"

namespace ocop {

/// One answer: \p member gave \p unit the \p value. A missing answer is a rating that is not there.
struct rating {
    std::uint32_t unit = 0;    ///< the host's index of the product, from 0
    std::uint32_t member = 0;  ///< the host's index of the member, from 0
    double value = 0.0;        ///< points, or the number of an option

    friend bool operator==(const rating&, const rating&) = default;
};

/// One answer of a sheet: the option that \p member chose for \p unit at \p criterion.
struct facet_rating {
    std::uint32_t unit = 0;
    std::uint32_t member = 0;
    std::uint32_t criterion = 0;
    std::int32_t category = 0;  ///< number of the option, in ascending order of its points

    friend bool operator==(const facet_rating&, const facet_rating&) = default;
};

/// Checked ratings, by unit and within a unit by member. Indices without a rating are allowed: they
/// are units or members that nothing is known of.
class rating_table {
public:
    /// The ratings of one unit: members in ascending order and, beside them, their values.
    struct row_view {
        std::span<const std::uint32_t> members;
        std::span<const double> values;
    };

    /// Indices lie below this; larger ones are taken for a mistake rather than for memory to get.
    static constexpr std::uint32_t index_limit = std::uint32_t{1} << 24;

    rating_table() = default;

    /// \p list in any order. O(ratings + units + members). \throws error with every rating whose
    /// value is not a finite number (bad_number), whose index is too large (too_many), or that
    /// answers a second time for the same unit and member (second_answer).
    explicit rating_table(std::span<const rating> list) {
        problems found;
        std::optional<rating_table> made = try_make(list, found);
        if (!made) throw error(std::move(found));
        *this = std::move(*made);
    }

    /// As the constructor; adds to \p found and returns nothing where there is an error.
    [[nodiscard]] static std::optional<rating_table> try_make(std::span<const rating> list,
                                                              problems& found) {
        const std::size_t before = found.size();
        std::uint32_t units = 0;
        std::uint32_t members = 0;
        if (list.size() >= std::numeric_limits<std::uint32_t>::max()) {
            found.push_back(detail::make_problem(
                problem_code::too_many, "", std::to_string(list.size()),
                detail::told("quá nhiều điểm chấm ({0}); chia thành nhiều bảng",
                             "too many ratings ({0}); split them into several tables",
                             {std::to_string(list.size())})));
            return std::nullopt;
        }
        for (std::size_t i = 0; i < list.size(); ++i) {
            const rating& one = list[i];
            if (one.unit >= index_limit || one.member >= index_limit) {
                const std::uint32_t wrong = one.unit >= index_limit ? one.unit : one.member;
                found.push_back(detail::make_problem(
                    problem_code::too_many, place_of(i), std::to_string(wrong),
                    detail::told("chỉ số {0} quá lớn; đánh số sản phẩm và thành viên liên tiếp từ "
                                 "0, dưới {1}",
                                 "index {0} is too large; number products and members from 0 "
                                 "onwards, below {1}",
                                 {std::to_string(wrong), std::to_string(index_limit)})));
                continue;
            }
            if (!(one.value - one.value == 0.0)) {  // neither an infinity nor a NaN
                found.push_back(detail::make_problem(
                    problem_code::bad_number, place_of(i),
                    one.value > 0.0   ? "inf"
                    : one.value < 0.0 ? "-inf"
                                      : "nan",
                    detail::told("điểm của sản phẩm {0} do thành viên {1} chấm không phải là số "
                                 "hữu hạn; điểm còn thiếu thì bỏ trống cả dòng",
                                 "the value that member {1} gave product {0} is not a finite "
                                 "number; leave out the whole rating where an answer is missing",
                                 {std::to_string(one.unit), std::to_string(one.member)})));
                continue;
            }
            if (one.unit >= units) units = one.unit + 1;
            if (one.member >= members) members = one.member + 1;
        }
        if (found.size() != before) return std::nullopt;

        // Two stable passes of counting: by member, then by unit.
        rating_table table;
        table.members_ = members;
        table.starts_.assign(std::size_t{units} + 1, 0);
        std::vector<std::uint32_t> at(std::size_t{members} + 1, 0);
        for (const rating& one : list) {
            ++at[one.member + 1];
            ++table.starts_[one.unit + 1];
        }
        for (std::size_t m = 0; m < members; ++m) at[m + 1] += at[m];
        for (std::size_t u = 0; u < units; ++u) table.starts_[u + 1] += table.starts_[u];
        std::vector<std::uint32_t> by_member(list.size());
        for (std::size_t i = 0; i < list.size(); ++i)
            by_member[at[list[i].member]++] = static_cast<std::uint32_t>(i);
        std::vector<std::uint32_t> next(table.starts_.begin(), table.starts_.end() - 1);
        table.ids_.resize(list.size());
        table.values_.resize(list.size());
        for (std::uint32_t i : by_member) {
            const std::uint32_t to = next[list[i].unit]++;
            if (to > table.starts_[list[i].unit] && table.ids_[to - 1] == list[i].member) {
                found.push_back(detail::make_problem(
                    problem_code::second_answer, place_of(i), std::to_string(list[i].value),
                    detail::told("thành viên {1} đã chấm sản phẩm {0}; chỉ giữ một điểm",
                                 "member {1} has already rated product {0}; keep one rating",
                                 {std::to_string(list[i].unit), std::to_string(list[i].member)})));
            }
            table.ids_[to] = list[i].member;
            table.values_[to] = list[i].value;
        }
        if (found.size() != before) return std::nullopt;
        return table;
    }

    /// One more than the largest index of a unit.
    [[nodiscard]] std::size_t units() const noexcept {
        return starts_.empty() ? 0 : starts_.size() - 1;
    }
    /// One more than the largest index of a member.
    [[nodiscard]] std::size_t members() const noexcept { return members_; }
    /// How many ratings there are.
    [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }
    /// The ratings of \p unit, which is below units().
    [[nodiscard]] row_view row(std::size_t unit) const noexcept {
        const std::size_t from = starts_[unit];
        const std::size_t count = starts_[unit + 1] - from;
        return {{ids_.data() + from, count}, {values_.data() + from, count}};
    }

    friend bool operator==(const rating_table&, const rating_table&) = default;

private:
    [[nodiscard]] static std::string place_of(std::size_t index) {
        return "/ratings/" + std::to_string(index);
    }

    std::uint32_t members_ = 0;
    std::vector<std::uint32_t> starts_;
    std::vector<std::uint32_t> ids_;
    std::vector<double> values_;
};

}  // namespace ocop
