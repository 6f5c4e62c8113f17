#include "ocop/exchange/certificate_json.hpp"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "json_document.hpp"
#include "ocop/certifications/level_check.hpp"
#include "ocop/exchange/bundled.hpp"
#include "wording.hpp"

namespace ocop {
namespace {

using detail::is_list;
using detail::json_node;
using detail::json_path;
using detail::object_reader;
using nlohmann::ordered_json;

class history_reader {
public:
    explicit history_reader(problems& found) : found_(found) {}

    /// Whether every event could be read.
    bool read(const json_node& root) {
        const std::size_t before = found_.size();
        object_reader top(root, json_path(), found_);
        if (!top.is_object()) return false;
        top.string("product");
        top.string("producer");
        top.string("note");
        if (const json_node* list = top.require("events")) {
            const json_path at = top.at("events");
            if (is_list(*list, at, found_))
                for (std::size_t i = 0; i < list->children.size(); ++i)
                    read_event(list->children[i], json_path(at, i), i);
        }
        top.finish();
        return found_.size() == before;
    }

    [[nodiscard]] std::vector<certificate_event>& events() noexcept { return events_; }
    [[nodiscard]] const std::vector<std::size_t>& places() const noexcept { return places_; }

private:
    void read_event(const json_node& node, const json_path& at, std::size_t place) {
        object_reader in(node, at, found_);
        if (!in.is_object()) return;
        certificate_event e;
        const auto kind = in.one_of<certificate_event_kind>("kind", true);
        const json_node* day = in.require("on");
        const auto on =
            day != nullptr ? object_reader::day_of(*day, in.at("on"), found_) : std::nullopt;
        e.stars = read_stars(in);
        // Stars that could not be read are told; they are not missing besides.
        if (!e.stars && in.has("stars")) e.stars = stars(least_recognised_stars);
        e.decision = in.string("decision").value_or("");
        e.ground = in.one_of<withdrawal_ground>("ground");
        e.level = in.one_of<council_level>("level");
        e.application = in.one_of<application>("application");
        e.last_valid_day = in.day("last_valid_day");
        const auto months = in.integer("months");
        const auto to = in.string("to");
        const auto producer = in.string("producer");
        in.string("note");
        in.finish();
        if (to && producer)
            found_.push_back(
                detail::make_problem(problem_code::exclusive_keys, in.at("to").text(), *to,
                                     {"\"to\" và \"producer\" là một: chỉ ghi một",
                                      "\"to\" and \"producer\" are the same: give one of them"}));
        e.producer = to ? *to : producer.value_or("");
        if (!kind || !on) return;
        e.kind = *kind;
        e.on = *on;
        if (to && e.kind != certificate_event_kind::transferred)
            found_.push_back(detail::make_problem(
                problem_code::contradiction, in.at("to").text(), *to,
                detail::told("chỉ \"transferred\" có \"to\"; đây là \"{0}\"",
                             "only \"transferred\" has \"to\"; this is \"{0}\"",
                             {name_of(e.kind)})));
        if (months) read_months(in, *months, e);
        if (e.level) check_level(bundled_regulations(), e, *e.level, in.at("level").text(), found_);
        events_.push_back(std::move(e));
        places_.push_back(place);
    }

    std::optional<stars> read_stars(object_reader& in) {
        const auto number = in.integer("stars");
        if (!number) return std::nullopt;
        const auto value = stars::from(*number);
        if (!value) {
            const std::string text = std::to_string(*number);
            found_.push_back(
                detail::make_problem(problem_code::bad_value, in.at("stars").text(), text,
                                     detail::told("số sao {0} không hợp lệ: từ 3 đến 5",
                                                  "{0} stars do not exist: give 3 to 5", {text})));
        }
        return value;
    }

    /// The term that a decision states, in months.
    void read_months(object_reader& in, std::int64_t months, certificate_event& e) {
        constexpr std::int64_t most = 1200;
        const std::string text = std::to_string(months);
        const std::string at = in.at("months").text();
        if (e.last_valid_day) {
            found_.push_back(detail::make_problem(
                problem_code::exclusive_keys, at, text,
                {"\"months\" và \"last_valid_day\" cùng nói về thời hạn: chỉ ghi một",
                 "\"months\" and \"last_valid_day\" both tell the term: give one of them"}));
            return;
        }
        const auto last = months < 1 || months > most
                              ? std::nullopt
                              : add_months(e.on, static_cast<std::int32_t>(months));
        if (!last)
            found_.push_back(detail::make_problem(
                problem_code::bad_term, at, text,
                detail::told("thời hạn {0} tháng không hợp lệ: từ 1 đến 1200, trong năm 9999",
                             "a term of {0} months is not valid: give 1 to 1200, within the year "
                             "9999",
                             {text})));
        e.last_valid_day = last;
    }

    problems& found_;
    std::vector<certificate_event> events_;
    std::vector<std::size_t> places_;
};

ordered_json day_json(const std::optional<date>& day) {
    return day ? ordered_json(to_string(*day)) : ordered_json(nullptr);
}

ordered_json stars_json(const std::optional<stars>& value) {
    return value ? ordered_json(value->value()) : ordered_json(nullptr);
}

class standing_report : detail::wording {
public:
    explicit standing_report(language lang) : wording(lang) {}

    [[nodiscard]] std::string write(const certificate_standing& s, const date& on) const {
        std::string text = to_string(on) + ": " + called(s.state);
        if (s.stars) text += ", " + std::to_string(s.stars->value()) + say(" sao", " stars");
        text += '\n';
        if (!s.producer.empty())
            text += say("  chủ thể: ", "  producer: ") + detail::printable(s.producer) + '\n';
        for (const note& reason : s.reasons) {
            text += "  - " + say(reason.text);
            // What the history tells names its decision already.
            const bool named = reason.text.vi.find(reason.source) != std::string::npos;
            std::string from = named ? std::string() : reason.source;
            if (!named && reason.known != status::verified)
                from += (from.empty() ? "" : ", ") + called(reason.known);
            if (!from.empty()) text += " [" + detail::printable(from) + "]";
            text += '\n';
        }
        return text;
    }
};

}  // namespace

std::optional<certificate_history> try_read_certificate_history(std::string_view json,
                                                                problems& found) {
    const std::size_t before = found.size();
    const auto root = detail::parse_json(json, found);
    if (!root) return std::nullopt;
    const bool parsed = found.size() == before;
    history_reader reader(found);
    const bool whole = reader.read(*root);
    if (whole) {
        auto made = certificate_history::try_make(std::move(reader.events()), found);
        if (!parsed) return std::nullopt;
        return made;
    }
    // Events are missing: those that were read are checked one by one.
    std::vector<compact_event> read;
    for (const certificate_event& e : reader.events()) read.push_back(compact(e));
    const certificate_rules by;
    detail::history_checker(read, reader.places(), "/events", history_extent::part, by, found)
        .check_each();
    return std::nullopt;
}

certificate_history read_certificate_history(std::string_view json) {
    problems found;
    auto made = try_read_certificate_history(json, found);
    if (!made) throw error(std::move(found));
    return std::move(*made);
}

std::string to_json(const certificate_standing& s, language lang) {
    ordered_json j;
    j["state"] = name_of(s.state);
    j["stars"] = stars_json(s.stars);
    j["first_day"] = day_json(s.first_day);
    j["last_valid_day"] = day_json(s.last_valid_day);
    j["filing_from"] = day_json(s.filing_from);
    j["filing_until"] = day_json(s.filing_until);
    j["grace_until"] = day_json(s.grace_until);
    j["proposed"] = stars_json(s.proposed);
    j["former_stars"] = stars_json(s.former_stars);
    j["producer"] = s.producer.empty() ? ordered_json(nullptr) : ordered_json(s.producer);
    j["reasons"] = ordered_json::array();
    for (const note& reason : s.reasons)
        j["reasons"].push_back({{"id", reason.id},
                                {"status", name_of(reason.known)},
                                {"source", reason.source},
                                {"text", reason.text.in(lang)}});
    return j.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string report(const certificate_standing& standing, const date& on, language lang) {
    return standing_report(lang).write(standing, on);
}

}  // namespace ocop
