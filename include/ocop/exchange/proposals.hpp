/// \file proposals.hpp
/// Which options of a scorecard a value chain speaks for. The rules are data (data/rules/proposals.json),
/// read from the short labels of the options, so that every proposal is inferred and stays a proposal.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ocop/base/label.hpp"
#include "ocop/base/names.hpp"
#include "ocop/base/problem.hpp"
#include "ocop/base/share.hpp"
#include "ocop/base/status.hpp"
#include "ocop/config.hpp"
#include "ocop/criteria/regulation.hpp"
#include "ocop/products/value_chain_facts.hpp"

namespace ocop {

/// Facts that a condition may ask.
enum class chain_fact : std::uint8_t {
    commune_share,
    province_share,
    output_contract_share,
    input_contract_share,
    commune_labour,
    district_labour,
    province_labour,
    local_labour,
    community_capital,
    linked,  ///< whether any contract is in force
    income_at_norm,
    business_registered,
    area_certificate,
    producer_kind
};

template <>
struct names<chain_fact> {
    static constexpr std::array<std::string_view, 14> all{
        "commune_share",     "province_share",  "output_contract_share", "input_contract_share",
        "commune_labour",    "district_labour", "province_labour",       "local_labour",
        "community_capital", "linked",          "income_at_norm",        "business_registered",
        "area_certificate",  "producer_kind"};
};
template <>
struct terms<chain_fact> {
    static constexpr std::array<term, 14> all{
        {{"tỷ lệ nguyên liệu trong xã (%)", "share of material from the commune (%)"},
         {"tỷ lệ nguyên liệu trong tỉnh (%)", "share of material from the province (%)"},
         {"tỷ lệ sản lượng bán theo hợp đồng (%)", "share of output under contract (%)"},
         {"tỷ lệ nguyên liệu mua theo hợp đồng (%)", "share of input under contract (%)"},
         {"tỷ lệ lao động trong xã (%)", "share of workers from the commune (%)"},
         {"tỷ lệ lao động trong huyện (%)", "share of workers from the district (%)"},
         {"tỷ lệ lao động trong tỉnh (%)", "share of workers from the province (%)"},
         {"tỷ lệ lao động địa phương (%)", "share of local workers (%)"},
         {"vốn cộng đồng (%)", "community capital (%)"},
         {"có hợp đồng liên kết", "a linkage contract in force"},
         {"thu nhập bình quân đạt chuẩn nông thôn mới", "average income at the new rural norm"},
         {"có đăng ký kinh doanh", "business registration"},
         {"chứng nhận vùng nguyên liệu", "certificate of the material areas"},
         {"loại hình chủ thể", "kind of producer"}}};
};

/// A condition on one fact. Of a share the bounds hold that are given; a yes-or-no fact must be \ref is;
/// a fact with names must be one of \ref one_of. Without a fact, an assessor decides.
struct proposal_condition {
    std::optional<chain_fact> fact;
    std::optional<share> from;       ///< this share or more
    std::optional<share> above;      ///< more than this
    std::optional<share> below;      ///< less than this
    std::optional<share> up_to;      ///< this or less
    std::uint32_t least_months = 0;  ///< of shares under contract: counting terms from here
    std::optional<bool> is;
    std::vector<std::string> one_of;  ///< stable names
    label judged;                     ///< where an assessor decides: what

    friend bool operator==(const proposal_condition&, const proposal_condition&) = default;
};

/// When an option may be proposed: all of \ref when hold, or all of \ref or_when (if there are any).
struct option_rule {
    int option = 0;  ///< from 1, in printed order
    std::vector<proposal_condition> when;
    std::vector<proposal_condition> or_when;

    friend bool operator==(const option_rule&, const option_rule&) = default;
};

/// What is known of a criterion in some sets of a regulation.
struct proposal_rule {
    std::string regulation;
    std::vector<int> sets;
    std::string code;  ///< of the criterion in these sets: "A1.1"
    std::string id;    ///< "material_source"
    status known = status::inferred;
    label reading;         ///< how the labels were read, empty where they leave no choice
    label not_proposable;  ///< why nothing can be proposed; then there are no options
    std::vector<option_rule> options;

    friend bool operator==(const proposal_rule&, const proposal_rule&) = default;
};

/// The rules that \p json describes, or nothing and every problem with its JSON pointer.
[[nodiscard]] OCOP_API std::optional<std::vector<proposal_rule>> try_read_proposal_rules(
    std::string_view json, problems& found);
/// As above. \throws error with every problem.
[[nodiscard]] OCOP_API std::vector<proposal_rule> read_proposal_rules(std::string_view json);

/// The rules that come with the library, read once. The result lives as long as the program.
[[nodiscard]] OCOP_API const std::vector<proposal_rule>& bundled_proposal_rules();

/// Lists in \p found which of \p rules name a criterion, an id or an option that \p under does not have
/// (305, 307), or a criterion twice (403). Rules for other regulations are passed over.
OCOP_API void check_proposal_rules(const std::vector<proposal_rule>& rules, const regulation& under,
                                   problems& found);

/// What came of a criterion.
enum class proposal_outcome : std::uint8_t {
    proposed,       ///< exactly one printed option fits
    undecided,      ///< facts are missing, or an assessor decides between the possible options
    no_option,      ///< the labels leave a gap here: no printed option fits
    several,        ///< the labels overlap here: more than one fits
    not_proposable  ///< no fact of a value chain decides it
};

template <>
struct names<proposal_outcome> {
    static constexpr std::array<std::string_view, 5> all{"proposed", "undecided", "no_option",
                                                         "several", "not_proposable"};
};

/// The answer for one criterion.
struct proposal {
    std::string criterion;  ///< code
    std::string id;
    proposal_outcome outcome = proposal_outcome::not_proposable;
    std::optional<int> option;  ///< the number, from 1, where exactly one fits
    std::vector<int> possible;  ///< those that may fit, where more than one may
    label why;
    label reading;
    status known = status::inferred;

    friend bool operator==(const proposal&, const proposal&) = default;
};

/// For every criterion of \p card that \p rules speak of under \p regulation: the option that \p facts
/// prove, or why there is none. Nothing is guessed: where facts are missing, or where the printed labels
/// leave a gap or overlap (exactly 75 % between "50–<75 %" and ">75 %"), no option is proposed and the
/// reason is told. In the order of the scorecard. Linear in the rules.
[[nodiscard]] OCOP_API std::vector<proposal> propose_options(
    const std::vector<proposal_rule>& rules, std::string_view regulation, const scorecard& card,
    const value_chain_facts& facts);

/// \p proposals as one line of JSON without a newline: a list of objects, texts in \p lang.
[[nodiscard]] OCOP_API std::string to_json(const std::vector<proposal>& proposals,
                                           language lang = language::vi);

}  // namespace ocop
