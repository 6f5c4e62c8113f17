#include "ocop/exchange/unit_json.hpp"

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

namespace ocop {
namespace {

using nlohmann::ordered_json;

ordered_json plain_json(const unit& u) {
    return {{"level", name_of(u.level)}, {"code", to_string(u.code)}, {"name", u.name}};
}

ordered_json parents_json(const unit& u, const gazetteer& from) {
    ordered_json list = ordered_json::array();
    for (const unit* above = from.parent(u); above != nullptr; above = from.parent(*above))
        list.push_back(plain_json(*above));
    return list;
}

ordered_json whole_json(const unit& u, const gazetteer& from) {
    ordered_json j{{"edition", name_of(u.in)}};
    j.update(plain_json(u));
    j["parents"] = parents_json(u, from);
    return j;
}

ordered_json or_null(const std::optional<unit_ref>& ref, const gazetteer& from) {
    return ref ? whole_json(from.at(*ref), from) : ordered_json(nullptr);
}

ordered_json list_json(const std::vector<unit_ref>& refs, const gazetteer& from) {
    ordered_json list = ordered_json::array();
    for (const unit_ref& ref : refs) {
        ordered_json one{{"edition", name_of(ref.in)}};
        one.update(plain_json(from.at(ref)));
        list.push_back(std::move(one));
    }
    return list;
}

/// The last edition with districts: what units after it came from.
constexpr edition before_reform = edition::e2025_03;

/// "Phường 7 (28780)"
std::string named(const unit& u) { return std::string(u.name) + " (" + to_string(u.code) + ")"; }

std::string named_with_parents(const unit& u, const gazetteer& from) {
    std::string text = named(u);
    for (const unit* above = from.parent(u); above != nullptr; above = from.parent(*above))
        text += ", " + named(*above);
    return text;
}

std::string listed(const std::vector<unit_ref>& refs, const gazetteer& from) {
    std::string text;
    for (const unit_ref& ref : refs) text += (text.empty() ? "" : ", ") + named(from.at(ref));
    return text;
}

}  // namespace

std::string to_json(const unit_match& found, const gazetteer& from, language lang) {
    const unit& u = found.which;
    ordered_json j{{"edition", name_of(u.in)}};
    j.update(plain_json(u));
    j["match"] = name_of(found.how);
    j["parents"] = parents_json(u, from);
    if (u.in <= before_reform) {
        const unit_successor s = from.successor(u.ref());
        j["successor"] = or_null(s.unit, from);
        j["successor_how"] = name_of(s.how);
        j["successor_status"] = s.unit ? ordered_json(name_of(s.known)) : ordered_json(nullptr);
        j["successor_reason"] = label_of(s.how).in(lang);
        j["renamed"] = s.renamed;
        j["moved"] = s.moved;
        const std::optional<unit_ref> province = from.today(u.ref()).province.unit;
        j["province_today"] = province ? plain_json(from.at(*province)) : ordered_json(nullptr);
        if (u.level == unit_level::district)
            j["communes_today"] = list_json(from.communes_after(u.ref()), from);
    } else {
        j["predecessors"] = list_json(from.predecessors(u.ref(), before_reform), from);
    }
    return j.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string unit_text(const unit_match& found, const gazetteer& from, language lang) {
    const bool vi = lang == language::vi;
    const unit& u = found.which;
    std::string text = std::string(name_of(u.in)) + "  " + named_with_parents(u, from) + "  [" +
                       label_of(u.level).in(lang) + "; " + label_of(found.how).in(lang) + "]\n";
    if (u.in <= before_reform) {
        const unit_successor s = from.successor(u.ref());
        text += vi ? "    nay: " : "    today: ";
        if (s.unit) {
            text += named_with_parents(from.at(*s.unit), from) + "; " + label_of(s.how).in(lang);
        } else {
            text += label_of(s.how).in(lang);
            if (const auto province = from.today(u.ref()).province.unit)
                text += (vi ? "; thuộc " : "; lies in ") + named(from.at(*province));
            if (u.level == unit_level::district)
                text += (vi ? "; các xã nay thuộc: " : "; its communes are now in: ") +
                        listed(from.communes_after(u.ref()), from);
        }
        text += '\n';
    } else {
        const std::vector<unit_ref> before = from.predecessors(u.ref(), before_reform);
        text += vi ? "    trước 01/7/2025: " : "    before 1 July 2025: ";
        text += before.empty() ? (vi ? "không có đơn vị tiền thân cùng cấp trong danh sách"
                                     : "no unit of its level is listed")
                               : listed(before, from);
        text += '\n';
    }
    return text;
}

}  // namespace ocop
