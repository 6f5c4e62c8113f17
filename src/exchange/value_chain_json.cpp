#include "ocop/exchange/value_chain_json.hpp"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <utility>

#include "json_document.hpp"

namespace ocop {
namespace {

using detail::json_node;
using detail::json_path;
using detail::object_reader;
using nlohmann::ordered_json;

class chain_reader {
public:
    explicit chain_reader(problems& found) : found_(found) {}

    value_chain read(const json_node& root) {
        value_chain chain;
        object_reader top(root, json_path(), found_);
        if (!top.is_object()) return chain;
        each(top, "areas", [&](const json_node& node, const json_path& at) {
            chain.areas.push_back(read_area(node, at));
        });
        if (top.has("linkages")) chain.linkages.emplace();
        each(top, "linkages", [&](const json_node& node, const json_path& at) {
            chain.linkages->push_back(read_linkage(node, at));
        });
        if (const json_node* node = top.take("labour"))
            chain.labour = read_labour(*node, top.at("labour"));
        top.finish();
        return chain;
    }

private:
    template <class Read>
    void each(object_reader& in, std::string_view name, Read read) {
        const json_node* node = in.take(name);
        const json_path list = in.at(name);
        if (node == nullptr || !detail::is_list(*node, list, found_)) return;
        for (std::size_t i = 0; i < node->children.size(); ++i)
            read(node->children[i], json_path(list, i));
    }

    share read_share(object_reader& in) {
        const auto text = in.string("share", true);
        if (!text) return {};
        const auto value = share::parse(*text);
        if (!value)
            found_.push_back(detail::make_problem(
                problem_code::bad_number, in.at("share").text(), *text,
                detail::told(
                    "\"{0}\" không phải tỷ lệ phần trăm; hãy ghi chuỗi từ \"0\" đến \"100\", nhiều "
                    "nhất hai chữ số thập phân",
                    "\"{0}\" is no percentage; give a string from \"0\" to \"100\" with at most "
                    "two decimals",
                    {detail::shown(*text)})));
        return value.value_or(share());
    }

    std::optional<std::uint32_t> read_count(object_reader& in, std::string_view name,
                                            std::int64_t most) {
        const auto value = in.integer(name);
        if (!value) return std::nullopt;
        if (*value >= 0 && *value <= most) return static_cast<std::uint32_t>(*value);
        found_.push_back(detail::make_problem(
            problem_code::bad_number, in.at(name).text(), std::to_string(*value),
            detail::told("{0} không nằm trong 0 đến {1}", "{0} is not within 0 to {1}",
                         {std::to_string(*value), std::to_string(most)})));
        return std::nullopt;
    }

    std::optional<unit_ref> read_place(object_reader& in) {
        const json_node* node = in.take("place");
        if (node == nullptr) return std::nullopt;
        const json_path at = in.at("place");
        object_reader inner(*node, at, found_);
        const auto text = inner.string("code", true);
        const auto edition = inner.one_of<ocop::edition>("edition", true);
        std::optional<unit_code> code;
        if (text) code = unit_code::try_parse(*text, found_, inner.at("code").text());
        inner.finish();
        if (!code || !edition) return std::nullopt;
        return unit_ref{*code, *edition};
    }

    material_area read_area(const json_node& node, const json_path& at) {
        material_area area{.material = {}, .of_volume = {}};
        object_reader in(node, at, found_);
        if (!in.is_object()) return area;
        area.material = in.string("material", true).value_or("");
        area.of_volume = read_share(in);
        area.place = read_place(in);
        area.imported = in.boolean("imported").value_or(false);
        area.certificate = in.one_of<area_certificate>("certificate");
        in.finish();
        return area;
    }

    linkage read_linkage(const json_node& node, const json_path& at) {
        linkage made{.partner = {}, .of_volume = {}};
        object_reader in(node, at, found_);
        if (!in.is_object()) return made;
        made.partner = in.string("partner", true).value_or("");
        made.side = in.one_of<linkage_side>("side", true).value_or(linkage_side::output);
        made.of_volume = read_share(in);
        constexpr std::int64_t most_months = 1200;
        made.term_months = read_count(in, "term_months", most_months);
        made.from = in.day("from");
        made.until = in.day("until");
        in.finish();
        return made;
    }

    labour read_labour(const json_node& node, const json_path& at) {
        labour made;
        object_reader in(node, at, found_);
        if (!in.is_object()) return made;
        constexpr std::int64_t most_people = 100'000'000;
        made.workers = read_count(in, "workers", most_people);
        made.from_commune = read_count(in, "from_commune", most_people);
        made.from_district = read_count(in, "from_district", most_people);
        made.from_province = read_count(in, "from_province", most_people);
        made.income_at_norm = in.boolean("income_at_norm");
        in.finish();
        return made;
    }

    problems& found_;
};

template <class Value>
void put(ordered_json& j, const char* key, const std::optional<Value>& value) {
    if (value) j[key] = *value;
}

void put_day(ordered_json& j, const char* key, const std::optional<date>& day) {
    if (day) j[key] = to_string(*day);
}

}  // namespace

std::optional<value_chain> try_read_value_chain(std::string_view json, problems& found) {
    problems mine;
    std::optional<value_chain> chain;
    if (const auto root = detail::parse_json(json, mine)) {
        chain = chain_reader(mine).read(*root);
        // What could not be read is empty and would be told twice.
        if (!has_errors(mine)) validate(*chain, mine);
    }
    const bool bad = has_errors(mine);
    for (problem& p : mine) found.push_back(std::move(p));
    if (bad) return std::nullopt;
    return chain;
}

value_chain read_value_chain(std::string_view json) {
    problems found;
    auto chain = try_read_value_chain(json, found);
    if (!chain) throw error(std::move(found));
    return *std::move(chain);
}

std::string to_json(const value_chain& chain) {
    ordered_json j;
    j["areas"] = ordered_json::array();
    for (const material_area& area : chain.areas) {
        ordered_json one{{"material", area.material}, {"share", to_string(area.of_volume)}};
        if (area.place)
            one["place"] = {{"code", to_string(area.place->code)},
                            {"edition", name_of(area.place->in)}};
        if (area.imported) one["imported"] = true;
        if (area.certificate) one["certificate"] = name_of(*area.certificate);
        j["areas"].push_back(std::move(one));
    }
    if (chain.linkages) {
        j["linkages"] = ordered_json::array();
        for (const linkage& l : *chain.linkages) {
            ordered_json one{{"partner", l.partner},
                             {"side", name_of(l.side)},
                             {"share", to_string(l.of_volume)}};
            put(one, "term_months", l.term_months);
            put_day(one, "from", l.from);
            put_day(one, "until", l.until);
            j["linkages"].push_back(std::move(one));
        }
    }
    ordered_json work = ordered_json::object();
    put(work, "workers", chain.labour.workers);
    put(work, "from_commune", chain.labour.from_commune);
    put(work, "from_district", chain.labour.from_district);
    put(work, "from_province", chain.labour.from_province);
    put(work, "income_at_norm", chain.labour.income_at_norm);
    j["labour"] = std::move(work);
    return j.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace ocop
