/// \file support.hpp
/// Organisations that support the programme, and what they did: campaigns, trainings, start-up ideas
/// and the producers and products that came of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ocop/base/date.hpp"
#include "ocop/base/id.hpp"
#include "ocop/base/names.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/communes/unit.hpp"
#include "ocop/producers/producer.hpp"

namespace ocop {

/// Kinds of supporting organisation.
enum class organisation_kind {
    youth_union,           ///< Đoàn Thanh niên
    womens_union,          ///< Hội Liên hiệp Phụ nữ
    coordination_office,   ///< văn phòng điều phối
    cooperative_alliance,  ///< liên minh hợp tác xã
    other
};

template <>
struct names<organisation_kind> {
    static constexpr std::array<std::string_view, 5> all{
        "youth_union", "womens_union", "coordination_office", "cooperative_alliance", "other"};
};
template <>
struct terms<organisation_kind> {
    static constexpr std::array<term, 5> all{{{"Đoàn Thanh niên", "Youth Union"},
                                              {"Hội Liên hiệp Phụ nữ", "Women's Union"},
                                              {"văn phòng điều phối", "coordination office"},
                                              {"liên minh hợp tác xã", "cooperative alliance"},
                                              {"tổ chức khác", "another organisation"}}};
};

/// The six steps of the programme's yearly cycle (chu trình OCOP). Secondary: ocop.gov.vn and press;
/// neither 1048 nor 26/2026 prints it.
enum class programme_step {
    guidance,         ///< 1 propaganda and guidance
    ideas,            ///< 2 product ideas are received
    business_plans,   ///< 3 business plans are received
    carrying_out,     ///< 4 plans are carried out
    evaluation,       ///< 5 products are evaluated and ranked
    trade_promotion,  ///< 6 trade is promoted
};

template <>
struct names<programme_step> {
    static constexpr std::array<std::string_view, 6> all{
        "guidance", "ideas", "business_plans", "carrying_out", "evaluation", "trade_promotion"};
};
template <>
struct terms<programme_step> {
    static constexpr std::array<term, 6> all{
        {{"tuyên truyền, hướng dẫn", "propaganda and guidance"},
         {"nhận đăng ký ý tưởng sản phẩm", "product ideas received"},
         {"nhận phương án, kế hoạch kinh doanh", "business plans received"},
         {"triển khai phương án, kế hoạch kinh doanh", "business plans carried out"},
         {"đánh giá và xếp hạng sản phẩm", "products evaluated and ranked"},
         {"xúc tiến thương mại", "trade promotion"}}};
};

/// The number of \p step in the cycle, 1 to 6.
[[nodiscard]] constexpr int number_of(programme_step step) noexcept {
    return static_cast<int>(step) + 1;
}

/// An organisation (tổ chức hỗ trợ).
struct organisation {
    std::string name;
    organisation_kind kind = organisation_kind::other;
    std::optional<unit_ref> unit = {};  ///< where it works; nothing: the whole country, or not told

    friend bool operator==(const organisation&, const organisation&) = default;
};

/// A campaign (đợt vận động) of an organisation.
struct campaign {
    std::string name;
    organisation_id organisation;
    std::optional<programme_step> step = {};
    std::optional<unit_ref> unit = {};
    std::optional<date> from = {};
    std::optional<date> until = {};  ///< last day

    friend bool operator==(const campaign&, const campaign&) = default;
};

/// A training (lớp tập huấn).
struct training {
    std::string topic;
    organisation_id organisation;
    std::optional<unit_ref> unit = {};
    std::optional<date> from = {};
    std::optional<date> until = {};                  ///< last day
    std::optional<std::uint32_t> attendees = {};     ///< people; nothing: not counted
    std::vector<producer_id> producers = {};         ///< those that took part
    std::optional<ocop::campaign_id> campaign = {};  ///< of which it was a part

    friend bool operator==(const training&, const training&) = default;
};

/// A start-up idea (ý tưởng khởi nghiệp) and what came of it.
struct startup_idea {
    std::string title;
    std::string proposed_by =
        {};  ///< a group, a school, a union's branch: as given, no person's name
    std::optional<organisation_id> supported_by = {};
    std::optional<ocop::campaign_id> campaign = {};
    std::optional<unit_ref> unit = {};
    std::optional<date> on = {};
    std::optional<producer_id> became_producer = {};
    std::vector<product_id> became_products = {};

    /// Whether a producer or a product came of it.
    [[nodiscard]] bool realised() const noexcept {
        return became_producer.has_value() || !became_products.empty();
    }
    friend bool operator==(const startup_idea&, const startup_idea&) = default;
};

namespace detail {

/// An id that a list holds twice is told. Quadratic: such lists are short.
template <class Id>
void check_repeats(const std::vector<Id>& ids, const std::string& pointer, problems& found) {
    for (std::size_t i = 0; i < ids.size(); ++i)
        for (std::size_t k = 0; k < i; ++k)
            if (ids[k] == ids[i]) {
                found.push_back(
                    make_problem(problem_code::repeated_record, pointer + "/" + std::to_string(i),
                                 to_string(ids[i]),
                                 told("bản ghi {0} được ghi hai lần; hãy bỏ một",
                                      "record {0} stands twice; keep one", {to_string(ids[i])})));
                break;
            }
}

}  // namespace detail

/// Lists in \p found what is wrong with \p o: an empty name.
inline void validate(const organisation& o, problems& found, const std::string& pointer = "") {
    detail::check_name(o.name, pointer + "/name", found);
}
/// Lists in \p found what is wrong with \p c: an empty name, a period that ends before it begins.
inline void validate(const campaign& c, problems& found, const std::string& pointer = "") {
    detail::check_name(c.name, pointer + "/name", found);
    detail::check_period(c.from, c.until, pointer, found);
}
/// Lists in \p found what is wrong with \p t: an empty topic, a period that ends before it begins, a
/// producer listed twice (702), more producers than attendees (610).
inline void validate(const training& t, problems& found, const std::string& pointer = "") {
    detail::check_name(t.topic, pointer + "/topic", found);
    detail::check_period(t.from, t.until, pointer, found);
    detail::check_repeats(t.producers, pointer + "/producers", found);
    if (t.attendees && t.producers.size() > *t.attendees)
        found.push_back(detail::make_problem(
            problem_code::contradiction, pointer + "/attendees", std::to_string(*t.attendees),
            detail::told("có {0} người dự nhưng ghi {1} chủ thể; hãy sửa một trong hai",
                         "{0} people attended but {1} producers are listed; correct one of them",
                         {std::to_string(*t.attendees), std::to_string(t.producers.size())})));
}
/// Lists in \p found what is wrong with \p i: an empty title, no day, a product listed twice.
inline void validate(const startup_idea& i, problems& found, const std::string& pointer = "") {
    detail::check_name(i.title, pointer + "/title", found);
    if (i.on) detail::check_day(*i.on, pointer + "/on", found);
    detail::check_repeats(i.became_products, pointer + "/became_products", found);
}

}  // namespace ocop
