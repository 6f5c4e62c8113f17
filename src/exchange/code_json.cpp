#include "ocop/exchange/code_json.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "ocop/exchange/assessment_json.hpp"
#include "ocop/products/product_code_explained.hpp"

namespace ocop {
namespace {

using nlohmann::ordered_json;

template <class Value, class Write>
ordered_json or_null(const std::optional<Value>& value, Write write) {
    return value ? ordered_json(write(*value)) : ordered_json(nullptr);
}

ordered_json code_json(const std::optional<unit_code>& code) {
    return or_null(code, [](unit_code c) { return to_string(c); });
}

ordered_json name_json(const std::optional<std::string>& name) {
    return or_null(name, [](const std::string& n) { return n; });
}

ordered_json now_json(const std::optional<unit_now>& u) {
    if (!u) return nullptr;
    return {{"code", to_string(u->code)},
            {"name", u->name},
            {"how", name_of(u->how)},
            {"status", name_of(u->known)}};
}

ordered_json problems_json(const problems& found, severity grade, language lang) {
    ordered_json list = ordered_json::array();
    for (const problem& p : found)
        if (p.grade == grade) list.push_back(ordered_json::parse(to_json(p, lang)));
    return list;
}

/// What is to be known of how the units were read.
std::vector<label> notes_of(const code_explanation& e) {
    std::vector<label> notes;
    const std::string in(name_of(e.in));
    if (e.before_first)
        notes.push_back({"đơn vị được đọc theo danh mục " + in + ", danh mục sớm nhất có được",
                         "units are read in edition " + in + ", the earliest there is"});
    if (e.after_latest)
        notes.push_back({"đơn vị được đọc theo danh mục " + in + ", danh mục mới nhất có được",
                         "units are read in edition " + in + ", the latest there is"});
    if (e.commune_today && e.commune_today->how == succession::main_successor)
        notes.push_back({"xã bị chia tách chỉ ghi đơn vị kế thừa chính",
                         "of a commune that was split, only the main successor is told"});
    return notes;
}

/// What was told of an unreadable code, or of one that was read.
std::string line_of(std::string_view text, const std::optional<code_explanation>& e,
                    const problems& found, language lang) {
    const auto part = [&](auto get) { return e ? ordered_json(get(*e)) : ordered_json(nullptr); };
    ordered_json j;
    j["code"] = text;
    j["valid"] = e && !has_errors(found);
    j["generation"] = part([](const auto& x) { return name_of(x.code.generation()); });
    j["written"] = part([](const auto& x) { return to_string(x.code); });
    j["province"] = part([](const auto& x) { return code_json(x.code.province()); });
    j["district"] = part([](const auto& x) { return code_json(x.code.district()); });
    j["commune"] = part([](const auto& x) { return code_json(x.code.commune()); });
    j["serial"] = part([](const auto& x) { return x.code.serial(); });
    j["year"] = part([](const auto& x) { return x.code.year(); });
    j["edition"] = part([](const auto& x) { return name_of(x.in); });
    j["names"] = {{"province", part([](const auto& x) { return name_json(x.province); })},
                  {"district", part([](const auto& x) { return name_json(x.district); })},
                  {"commune", part([](const auto& x) { return name_json(x.commune); })}};
    j["today"] = {{"province", part([](const auto& x) { return now_json(x.province_today); })},
                  {"commune", part([](const auto& x) { return now_json(x.commune_today); })}};
    const label unread = {"mã không đọc được", "the code cannot be read"};
    if (!e)
        j["today"]["reason"] = unread.in(lang);
    else if (e->today_reason)
        j["today"]["reason"] = e->today_reason->in(lang);
    j["notes"] = ordered_json::array();
    if (e)
        for (const label& note : notes_of(*e)) j["notes"].push_back(note.in(lang));
    j["errors"] = problems_json(found, severity::error, lang);
    j["warnings"] = problems_json(found, severity::warning, lang);
    return j.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string text_of(std::string_view text, const std::optional<code_explanation>& e,
                    const problems& found, language lang) {
    const bool vi = lang == language::vi;
    std::string out = detail::printable(text.substr(0, text.size() < 80 ? text.size() : 80));
    if (!e) {
        out += vi ? ": không đọc được\n" : ": cannot be read\n";
    } else {
        out += ": " + label_of(e->code.generation()).in(lang);
        out += has_errors(found) ? (vi ? ", sai\n" : ", wrong\n") : "\n";
        std::string at;
        for (const auto* name : {&e->commune, &e->district, &e->province})
            if (*name) at += (at.empty() ? "" : ", ") + **name;
        if (!at.empty())
            out += "  " + at + (vi ? "; danh mục " : "; units of ") + std::string(name_of(e->in)) +
                   "\n";
        const std::string serial = std::to_string(e->code.serial());
        const std::string year = std::to_string(e->code.year());
        out += vi ? "  sản phẩm thứ " + serial + " của năm " + year + "\n"
                  : "  product number " + serial + " of " + year + "\n";
        std::string now;
        for (const auto* u : {&e->commune_today, &e->province_today})
            if (*u)
                now += (now.empty() ? "" : ", ") + (*u)->name + " (" + to_string((*u)->code) + ")";
        if (!now.empty()) out += (vi ? "  nay là " : "  today ") + now + "\n";
        if (e->today_reason)
            out += (vi ? "  chưa rõ nay ở đâu: " : "  today not all known: ") +
                   e->today_reason->in(lang) + "\n";
    }
    return out;
}

}  // namespace

code_answer explain_code(std::string_view text, const gazetteer& units, language lang,
                         std::string_view pointer) {
    code_answer made;
    const std::string at(pointer);
    const std::optional<product_code> code = product_code::try_parse(text, made.found, at);
    std::optional<code_explanation> explained;
    if (code) {
        explained = explain(*code, units);
        for (problem p : explained->found) {
            p.where.pointer.insert(0, at);
            made.found.push_back(std::move(p));
        }
    }
    made.valid = code && !has_errors(made.found);
    made.json = line_of(text, explained, made.found, lang);
    made.text = text_of(text, explained, made.found, lang);
    return made;
}

}  // namespace ocop
