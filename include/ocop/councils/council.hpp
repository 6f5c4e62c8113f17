/// \file council.hpp
/// A council (hội đồng): its members, their roles, its quorum and its rule on spread.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ocop/base/names.hpp"
#include "ocop/base/points.hpp"
#include "ocop/base/problem.hpp"

namespace ocop {

/// What somebody does in a council.
enum class council_role {
    chair,                 ///< chủ tịch
    vice_chair,            ///< phó chủ tịch
    member,                ///< ủy viên
    secretary,             ///< thư ký; does not score
    advisory_team_member,  ///< tổ tư vấn; does not score
    observer               ///< does not score
};

template <>
struct names<council_role> {
    static constexpr std::array<std::string_view, 6> all{
        "chair", "vice_chair", "member", "secretary", "advisory_team_member", "observer"};
};
template <>
struct terms<council_role> {
    static constexpr std::array<term, 6> all{{{"Chủ tịch", "Chair"},
                                              {"Phó chủ tịch", "Vice chair"},
                                              {"Ủy viên", "Member"},
                                              {"Thư ký", "Secretary"},
                                              {"Tổ tư vấn", "Advisory team"},
                                              {"Quan sát viên", "Observer"}}};
};

/// Whether sheets of \p role count in the council's mean (rules §4).
[[nodiscard]] constexpr bool counts(council_role role) noexcept {
    return role == council_role::chair || role == council_role::vice_chair ||
           role == council_role::member;
}

/// Somebody who sits in a council.
struct council_member {
    std::string id;
    council_role role = council_role::member;

    friend bool operator==(const council_member&, const council_member&) = default;
};

/// The least part of the counting members that must have a sheet: a number, or a share of them.
/// Default: none, since 26/2026/QĐ-TTg leaves it to the council's own regulation.
class quorum {
public:
    /// No quorum.
    constexpr quorum() noexcept = default;
    /// At least \p members of the counting members. \throws error unless \p members is 1 or more.
    [[nodiscard]] static constexpr quorum of(std::int32_t members) {
        if (members < 1) reject(std::to_string(members));
        return quorum(members, 0);
    }
    /// At least \p part / \p whole of the counting members. \throws error unless
    /// 0 < part <= whole.
    [[nodiscard]] static constexpr quorum share(std::int32_t part, std::int32_t whole) {
        if (part < 1 || part > whole) reject(std::to_string(part) + "/" + std::to_string(whole));
        return quorum(part, whole);
    }
    /// The quorum written as "p/q"; nothing for any other text.
    [[nodiscard]] static constexpr std::optional<quorum> parse_share(std::string_view text) {
        const std::size_t slash = text.find('/');
        if (slash == std::string_view::npos) return std::nullopt;
        const std::int32_t part = number(text.substr(0, slash));
        const std::int32_t whole = number(text.substr(slash + 1));
        if (part < 1 || part > whole) return std::nullopt;
        return quorum(part, whole);
    }

    /// Whether \p present of \p counting members are enough.
    [[nodiscard]] constexpr bool reached(std::size_t present, std::size_t counting) const noexcept {
        if (part_ == 0) return true;
        const auto have = static_cast<std::int64_t>(present);
        if (whole_ == 0) return have >= part_;
        return have * whole_ >= static_cast<std::int64_t>(counting) * part_;
    }

    /// "5", "2/3", or "" for none.
    [[nodiscard]] std::string text() const {
        if (part_ == 0) return {};
        std::string written = std::to_string(part_);
        if (whole_ != 0) written += "/" + std::to_string(whole_);
        return written;
    }

    friend constexpr bool operator==(const quorum&, const quorum&) noexcept = default;

private:
    constexpr quorum(std::int32_t part, std::int32_t whole) noexcept : part_(part), whole_(whole) {}

    [[nodiscard]] static constexpr std::int32_t number(std::string_view digits) noexcept {
        if (digits.empty() || digits.size() > 4) return -1;
        std::int32_t value = 0;
        for (char c : digits) {
            if (c < '0' || c > '9') return -1;
            value = value * 10 + (c - '0');
        }
        return value;
    }
    [[noreturn]] static void reject(const std::string& value) {
        throw error(detail::make_problem(
            problem_code::bad_value, "/council/quorum", value,
            detail::told(
                "số tối thiểu \"{0}\" không hợp lệ: số nguyên từ 1, hoặc phần p/q với 0 < p ≤ q",
                "quorum \"{0}\" is not valid: give 1 or more, or a share p/q, 0 < p <= q",
                {value})));
    }

    std::int32_t part_ = 0;
    std::int32_t whole_ = 0;
};

/// Which difference blocks: above the limit ("not more than 10"), or the limit itself too.
enum class spread_comparison { above, at_or_above };

template <>
struct names<spread_comparison> {
    static constexpr std::array<std::string_view, 2> all{">", ">="};
};

/// The limit on the difference between two counting members.
struct spread_rule {
    enum class from { regulation, nowhere, host };
    /// Whence the limit: the regulation's for the level (default), no rule, or \ref limit.
    from source = from::regulation;
    points limit;
    spread_comparison blocks = spread_comparison::above;

    /// A limit of the host's own.
    [[nodiscard]] static constexpr spread_rule of(points limit) noexcept {
        return {from::host, limit, spread_comparison::above};
    }
    /// No rule on spread.
    [[nodiscard]] static constexpr spread_rule off() noexcept {
        return {from::nowhere, points{}, spread_comparison::above};
    }
    friend bool operator==(const spread_rule&, const spread_rule&) = default;
};

/// A council as it sat.
struct council {
    /// The most members a council may have here; the largest of the regulations' is 11.
    static constexpr std::size_t most_members = 500;

    std::vector<council_member> members;
    ocop::quorum quorum;
    spread_rule spread;

    friend bool operator==(const council&, const council&) = default;
};

/// Lists in \p found members without a name, members of one name, and too many of them.
/// Quadratic in the members, of whom there are at most council::most_members.
inline void validate(const council& sitting, problems& found) {
    if (sitting.members.size() > council::most_members) {
        const std::string count = std::to_string(sitting.members.size());
        const std::string most = std::to_string(council::most_members);
        found.push_back(detail::make_problem(
            problem_code::too_many, "/council/members", count,
            detail::told("hội đồng có {0} thành viên; nhiều nhất là {1}",
                         "the council has {0} members; at most {1} are taken", {count, most})));
        return;
    }
    const auto stands_before = [&sitting](std::size_t i) {
        for (std::size_t k = 0; k < i; ++k)
            if (sitting.members[k].id == sitting.members[i].id) return true;
        return false;
    };
    for (std::size_t i = 0; i < sitting.members.size(); ++i) {
        const std::string& id = sitting.members[i].id;
        const std::string at = "/council/members/" + std::to_string(i) + "/id";
        if (id.empty())
            found.push_back(detail::make_problem(
                problem_code::empty_name, at, id,
                {"thành viên cần một mã không trống", "a member needs an id that is not empty"}));
        else if (stands_before(i))
            found.push_back(detail::make_problem(
                problem_code::repeated_member, at, id,
                detail::told("hai thành viên cùng mã \"{0}\": mỗi người một mã riêng",
                             "two members are called \"{0}\": give each an id of its own",
                             {detail::shown(id)})));
    }
}

}  // namespace ocop
