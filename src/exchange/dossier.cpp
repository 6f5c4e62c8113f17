#include "ocop/exchange/dossier.hpp"

#include <cstdint>
#include <utility>

#include "json_document.hpp"
#include "text_table.hpp"

namespace ocop {
namespace {

using detail::is_list;
using detail::json_node;
using detail::json_path;
using detail::object_reader;

/// Reads a dossier, going on past each problem; remembers which pieces are whole, so that what
/// remains can be judged without problems that only follow from others.
class dossier_reader {
public:
    dossier_reader(const timeline& regulations, problems& found)
        : regulations_(regulations), found_(found) {}

    void read(const json_node& root) {
        object_reader top(root, json_path(), found_);
        if (!top.is_object()) return;
        read_readings(top);
        read_product(top);
        grounds_whole_ = whole([&] { read_grounds(top); });
        facts_whole_ = whole([&] { read_facts(top); });
        read_notes(top);
        if (const auto level = top.one_of<council_level>("level")) out_.given.level = *level;
        const json_node* published = top.take("published");
        read_regulation(top);
        read_card(top, published != nullptr);
        if (published != nullptr) {
            published_whole_ = whole([&] { read_published(top, *published); });
        } else {
            council_whole_ = whole([&] { read_council(top); });
            read_sheets(top);
        }
        top.finish();
    }

    [[nodiscard]] dossier& result() noexcept { return out_; }

    /// What can still be judged of a dossier that was not read whole.
    void judge_the_rest() {
        if (out_.published) {
            if (out_.under == nullptr) return;
            if (!published_whole_) {
                check_parts_read();
                return;
            }
            if (!grounds_whole_) out_.given.grounds.clear();
            if (!facts_whole_) out_.given.facts.clear();
            take(assess_published(*out_.under, out_.card, *out_.published, out_.given, out_.by));
            return;
        }
        check_members();
        if (council_whole_ && sheets_whole_ && out_.sitting.members.size() <= council::most_members)
            check_quorum();
        if (out_.card == nullptr) return;
        for (std::size_t i = 0; i < out_.sheets.size(); ++i) judge(out_.sheets[i], bad_answers_[i]);
        assessment scratch;
        if (grounds_whole_) detail::read_grounds(*out_.card, out_.given, scratch);
        if (facts_whole_) detail::check_facts(*out_.under, out_.card, out_.given, scratch.errors);
        take(std::move(scratch));
    }

private:
    /// Members of one name, told also where other members could not be read.
    void check_members() {
        problems mine;
        validate(out_.sitting, mine);
        for (problem& p : mine)
            if (p.code != problem_code::empty_name || ids_known_) found_.push_back(std::move(p));
    }

    void take(assessment&& judged) {
        for (problem& p : judged.errors) found_.push_back(std::move(p));
    }

    /// The maxima of those published parts that could be read.
    void check_parts_read() {
        const scorecard* bounds = detail::bounds_of(*out_.under, out_.card);
        for (std::size_t p = 0; bounds != nullptr && p < part_count; ++p) {
            const part& one = bounds->document().parts[p];
            if (!parts_read_[p]) continue;
            if (auto found = detail::above_maximum(*parts_read_[p], one.max, one.code))
                found_.push_back(std::move(*found));
        }
    }

    /// The quorum by who has a sheet at all, whatever stands on it.
    void check_quorum() {
        assessment scratch;
        for (const council_member& m : out_.sitting.members) {
            if (!counts(m.role)) continue;
            ++scratch.counting_members;
            for (const std::string& id : sheet_ids_)
                if (id == m.id) {
                    ++scratch.counted_sheets;
                    break;
                }
        }
        detail::check_quorum(out_.sitting, scratch);
        take(std::move(scratch));
    }

    template <class Read>
    bool whole(Read read) {
        const std::size_t before = found_.size();
        read();
        return found_.size() == before;
    }

    void read_product(object_reader& top) {
        const json_node* node = top.take("product");
        if (node == nullptr) return;
        object_reader o(*node, top.at("product"), found_);
        out_.product.name = o.string("name").value_or("");
        out_.product.code = o.string("code").value_or("");
        out_.product.producer = o.string("producer").value_or("");
        out_.given.producer = o.one_of<producer_kind>("producer_kind");
        o.finish();
    }

    void read_notes(object_reader& top) {
        const json_node* node = top.take("note");
        if (node == nullptr) return;
        const json_path at = top.at("note");
        if (node->type == json_node::kind::array) {
            for (std::size_t i = 0; i < node->children.size(); ++i)
                if (auto text =
                        object_reader::string_of(node->children[i], json_path(at, i), found_))
                    out_.notes.push_back(std::move(*text));
        } else if (auto text = object_reader::string_of(*node, at, found_)) {
            out_.notes.push_back(std::move(*text));
        }
    }

    void read_grounds(object_reader& top) {
        const json_node* node = top.take("knockouts");
        const json_path at = top.at("knockouts");
        if (node == nullptr || !is_list(*node, at, found_)) return;
        for (std::size_t i = 0; i < node->children.size(); ++i)
            if (auto text = object_reader::string_of(node->children[i], json_path(at, i), found_))
                out_.given.grounds.push_back(std::move(*text));
    }

    void read_facts(object_reader& top) {
        const json_node* node = top.take("facts");
        if (node == nullptr) return;
        object_reader o(*node, top.at("facts"), found_);
        if (!o.is_object()) return;
        for (const json_node& child : node->children)
            if (!child.repeated)
                if (const auto holds = object_reader::boolean_of(child, o.at(child.key), found_))
                    out_.given.facts.push_back({child.key, *holds});
    }

    void read_readings(object_reader& top) {
        const json_node* node = top.take("readings");
        if (node == nullptr) return;
        object_reader o(*node, top.at("readings"), found_);
        readings& r = out_.by;
        r.marks = o.one_of<mark_measure>("marks").value_or(r.marks);
        r.lower_marks_bind = o.boolean("lower_marks_bind").value_or(r.lower_marks_bind);
        r.missed_mark = o.one_of<missed_mark>("missed_mark").value_or(r.missed_mark);
        r.title_mark = o.one_of<title_mark_reading>("title_mark").value_or(r.title_mark);
        r.zero_points = o.one_of<zero_reading>("zero_points").value_or(r.zero_points);
        r.overrun = o.one_of<overrun_reading>("overrun").value_or(r.overrun);
        r.forwarding = o.one_of<forwarding_reading>("forwarding").value_or(r.forwarding);
        r.gap = o.one_of<gap_reading>("gap").value_or(r.gap);
        r.spread = o.one_of<spread_measure>("spread").value_or(r.spread);
        r.conditions_bind = o.boolean("conditions_bind").value_or(r.conditions_bind);
        r.producer_decides_case =
            o.boolean("producer_decides_case").value_or(r.producer_decides_case);
        o.finish();
    }

    /// The regulation: as named, or by the dates and the kind of application (rules §2).
    void read_regulation(object_reader& top) {
        dossier_dates& dates = out_.given.dates;
        std::optional<std::string> named;
        const bool dates_whole = whole([&] {
            dates.filed = top.day("filed");
            dates.assessed = top.day("assessed");
            dates.application = top.one_of<application>("application");
        });
        const bool name_whole = whole([&] { named = top.string("regulation"); });
        if (!name_whole) return;
        if (named) {
            const regulation* found = regulations_.find(*named);
            if (found == nullptr) {
                found_.push_back(regulations_.unknown(*named));
                return;
            }
            out_.under = found;
            if (dates_whole) regulations_.check(*found, dates, found_, out_.by.overrun);
            return;
        }
        if (!dates_whole) return;
        if (!dates.filed && !dates.assessed && !dates.application) {
            found_.push_back(detail::make_problem(problem_code::missing_key, "/regulation", "",
                                                  {"thiếu \"regulation\"; hoặc ghi nó, hoặc ghi đủ "
                                                   "\"filed\", \"assessed\", \"application\"",
                                                   "\"regulation\" is missing; give it, or all of "
                                                   "\"filed\", \"assessed\", \"application\""}));
            return;
        }
        const auto need = [&](bool given, const char* name) {
            if (given) return true;
            found_.push_back(detail::make_problem(
                problem_code::missing_key, std::string("/") + name, "",
                detail::told(
                    "thiếu \"{0}\": không có \"regulation\" thì cần nó để biết áp dụng quyết định "
                    "nào",
                    "\"{0}\" is missing: without \"regulation\" it decides which one applies",
                    {name})));
            return false;
        };
        const bool filed = need(dates.filed.has_value(), "filed");
        const bool assessed = need(dates.assessed.has_value(), "assessed");
        const bool kind = need(dates.application.has_value(), "application");
        if (filed && assessed && kind)
            out_.under = regulations_.try_applicable(*dates.filed, *dates.application,
                                                     *dates.assessed, found_, out_.by.overrun);
    }

    /// `set`: a number, or a scorecard's id as "26-2026/18".
    void read_card(object_reader& top, bool published) {
        const json_node* node = published ? top.take("set") : top.require("set");
        if (node == nullptr) return;
        const json_path at = top.at("set");
        std::int64_t set = 0;
        std::string given;
        if (node->type == json_node::kind::integer) {
            set = node->integer;
            given = std::to_string(set);
        } else if (node->type == json_node::kind::string) {
            given = node->text;
            if (!read_card_id(given, at, set)) return;
        } else {
            object_reader::wrong_type(*node, at,
                                      {"số của bộ (1–26) hoặc mã như \"26-2026/18\"",
                                       "the number of the set (1–26) or an id like \"26-2026/18\""},
                                      found_);
            return;
        }
        if (out_.under == nullptr) return;
        out_.card =
            set >= 1 && set <= INT32_MAX ? out_.under->find(static_cast<int>(set)) : nullptr;
        if (out_.card == nullptr) found_.push_back(out_.under->no_card(given));
    }

    bool read_card_id(const std::string& id, const json_path& at, std::int64_t& set) {
        const std::size_t slash = id.rfind('/');
        const std::string name = slash == std::string::npos ? "" : id.substr(0, slash);
        const std::string number = slash == std::string::npos ? "" : id.substr(slash + 1);
        bool digits = !number.empty() && number.size() <= 4 && number.front() != '0';
        for (char c : number) digits = digits && c >= '0' && c <= '9';
        if (!digits || regulations_.find(name) == nullptr) {
            found_.push_back(detail::make_problem(
                problem_code::unknown_scorecard, at.text(), id,
                detail::told(
                    "\"{0}\" không phải mã bảng chấm; viết như \"26-2026/18\" hoặc số của bộ",
                    "\"{0}\" is no scorecard id; write it like \"26-2026/18\", or give the set's "
                    "number",
                    {detail::shown(id)})));
            return false;
        }
        if (out_.under != nullptr && name != out_.under->id()) {
            found_.push_back(detail::make_problem(
                problem_code::scorecard_of_another_regulation, at.text(), id,
                detail::told(
                    "bảng chấm \"{0}\" thuộc quyết định khác; hồ sơ này theo {1}",
                    "scorecard \"{0}\" belongs to another regulation; this dossier is under {1}",
                    {detail::shown(id), out_.under->id()})));
            return false;
        }
        set = 0;
        for (char c : number) set = set * 10 + (c - '0');
        return true;
    }

    void read_published(object_reader& top, const json_node& node) {
        for (const char* key : {"council", "sheets"})
            if (top.take(key) != nullptr)
                found_.push_back(detail::make_problem(
                    problem_code::exclusive_keys, top.at(key).text(), key,
                    detail::told("\"{0}\" không đi cùng \"published\": chỉ giữ một",
                                 "\"{0}\" does not go with \"published\": keep one of them",
                                 {key})));
        object_reader o(node, top.at("published"), found_);
        if (!o.is_object()) return;
        published_points points;
        points.total = mean(o, "total");
        auto& parts = parts_read_;
        bool any = false;
        constexpr std::array<std::string_view, part_count> codes{"A", "B", "C"};
        for (std::string_view code : codes) any = any || o.has(code);
        bool all = true;
        for (std::size_t p = 0; p < part_count; ++p) {
            if (any && !o.has(codes[p])) static_cast<void>(o.require(codes[p]));
            parts[p] = mean(o, codes[p]);
            all = all && parts[p].has_value();
        }
        if (all) points.parts = {*parts[0], *parts[1], *parts[2]};
        if (!any && !o.has("total"))
            found_.push_back(
                detail::make_problem(problem_code::missing_key, o.path().text(), "",
                                     {"cần \"total\" hoặc cả ba phần \"A\", \"B\", \"C\"",
                                      "give \"total\", or all of \"A\", \"B\" and \"C\""}));
        o.finish();
        out_.published = points;
    }

    std::optional<mean_points> mean(object_reader& o, std::string_view name) {
        const json_node* node = o.take(name);
        if (node == nullptr) return std::nullopt;
        const json_path at = o.at(name);
        if (node->type != json_node::kind::string) {
            object_reader::wrong_type(
                *node, at,
                {"chuỗi chữ số như \"31.00\" (số JSON không chính xác)",
                 "a string of digits like \"31.00\" (JSON numbers are not exact)"},
                found_);
            return std::nullopt;
        }
        const auto value = parse_mean(node->text);
        if (!value)
            found_.push_back(detail::make_problem(
                problem_code::bad_number, at.text(), node->text,
                detail::told(
                    "\"{0}\" không phải điểm; viết như \"31.00\", nhiều nhất sáu số lẻ",
                    "\"{0}\" is no number of points; write it like \"31.00\", at most six decimals",
                    {detail::shown(node->text)})));
        return value;
    }

    void read_council(object_reader& top) {
        const json_node* node = top.require("council");
        if (node == nullptr) return;
        object_reader o(*node, top.at("council"), found_);
        if (const json_node* members = o.require("members")) {
            const json_path at = o.at("members");
            ids_known_ = is_list(*members, at, found_);
            if (ids_known_) read_members(*members, at);
        }
        read_quorum(o);
        read_spread(o);
        o.finish();
    }

    void read_members(const json_node& list, const json_path& at) {
        for (std::size_t i = 0; i < list.children.size(); ++i) {
            const json_path here(at, i);
            object_reader m(list.children[i], here, found_);
            const auto id = m.string("id", true);
            const auto role = m.one_of<council_role>("role", true);
            m.finish();
            ids_known_ = ids_known_ && id.has_value();
            out_.sitting.members.push_back(
                {id.value_or(""), role.value_or(council_role::observer)});
        }
    }

    void read_quorum(object_reader& o) {
        const json_node* node = o.take("quorum");
        if (node == nullptr) return;
        if (node->type == json_node::kind::integer && node->integer >= 1 &&
            node->integer <= INT32_MAX) {
            out_.sitting.quorum = quorum::of(static_cast<std::int32_t>(node->integer));
            return;
        }
        if (node->type == json_node::kind::string)
            if (const auto share = quorum::parse_share(node->text)) {
                out_.sitting.quorum = *share;
                return;
            }
        const std::string given = node->shown();
        found_.push_back(detail::make_problem(
            problem_code::bad_value, o.at("quorum").text(), given,
            detail::told("{0} không phải số tối thiểu; ghi số nguyên từ 1 hoặc phần như \"2/3\"",
                         "{0} is no quorum; give an integer from 1, or a share like \"2/3\"",
                         {given})));
    }

    void read_spread(object_reader& o) {
        spread_rule& rule = out_.sitting.spread;
        rule.blocks = o.one_of<spread_comparison>("spread_comparison").value_or(rule.blocks);
        const json_node* node = o.take("spread");
        if (node == nullptr) return;
        constexpr std::int64_t most = 1000;
        if (node->type == json_node::kind::null) {
            rule.source = spread_rule::from::nowhere;
        } else if (node->type == json_node::kind::integer && node->integer >= 0 &&
                   node->integer <= most) {
            rule.source = spread_rule::from::host;
            rule.limit = points{static_cast<std::int32_t>(node->integer)};
        } else {
            const std::string given = node->shown();
            found_.push_back(detail::make_problem(
                problem_code::bad_value, o.at("spread").text(), given,
                detail::told(
                    "{0} không phải độ lệch cho phép; ghi số nguyên 0–1000, hoặc null để bỏ quy "
                    "tắc",
                    "{0} is no limit on spread; give an integer 0–1000, or null for no rule",
                    {given})));
        }
    }

    void read_sheets(object_reader& top) {
        const json_node* node = top.require("sheets");
        if (node == nullptr) return;
        const json_path at = top.at("sheets");
        object_reader o(*node, at, found_);
        sheets_whole_ = o.is_object();
        if (!sheets_whole_) return;
        if (node->children.size() > council::most_members) {
            sheets_whole_ = false;
            const std::string count = std::to_string(node->children.size());
            const std::string most = std::to_string(council::most_members);
            found_.push_back(detail::make_problem(
                problem_code::too_many, at.text(), count,
                detail::told("có {0} phiếu chấm; nhiều nhất {1}",
                             "{0} sheets are given; at most {1} are taken", {count, most})));
            return;
        }
        for (const json_node& child : node->children) {
            if (child.repeated) continue;
            sheet_ids_.push_back(child.key);
            read_sheet(child, json_path(at, child.key));
        }
    }

    void read_sheet(const json_node& node, const json_path& at) {
        object_reader o(node, at, found_);
        // A council that is too large is refused as such; its strangers are not looked for.
        if (ids_known_ && out_.sitting.members.size() <= council::most_members &&
            !is_member(node.key))
            stranger(node.key);
        if (!o.is_object() || out_.card == nullptr) return;
        const scorecard& card = *out_.card;
        score_sheet sheet(card, node.key);
        std::vector<bool> bad(card.size(), false);
        std::size_t unknown = 0;
        for (const json_node& child : node.children) {
            if (child.repeated) {
                if (const auto index = card.find(child.key)) bad[*index] = true;
                continue;
            }
            const auto index = card.find(child.key);
            const std::size_t before = found_.size();
            if (!index && ++unknown > detail::json_limits::named_keys) continue;
            if (!index)
                found_.push_back(sheet.unknown_criterion(card, child.key));
            else
                read_answer(child, json_path(at, child.key), sheet, *index);
            if (found_.size() != before && index) bad[*index] = true;
        }
        if (unknown > detail::json_limits::named_keys)
            object_reader::more_unknown(unknown - detail::json_limits::named_keys, at, found_);
        out_.sheets.push_back(std::move(sheet));
        bad_answers_.push_back(std::move(bad));
    }

    void read_answer(const json_node& node, const json_path& at, score_sheet& sheet,
                     std::size_t index) {
        const scorecard& card = *out_.card;
        const bool any = card.at(index).choose == choice::any;
        // A number beyond 64 bits is an option that does not exist, not a wrong type.
        const bool huge = node.type == json_node::kind::number &&
                          node.text.find_first_of(".eE") == std::string::npos;
        if (node.type == json_node::kind::array && any) {
            read_ticks(node, at, sheet, index);
        } else if (huge) {
            found_.push_back(sheet.unknown_option(card, index, node.text));
        } else if (node.type == json_node::kind::integer && (!any || node.integer == 0)) {
            sheet.try_choose(card, index, node.integer, found_);
        } else if (any) {
            object_reader::wrong_type(
                node, at,
                {"danh sách các mức, ví dụ [1, 3], hoặc [] nếu không mức nào (tiêu chí này chọn "
                 "nhiều mức)",
                 "a list of options like [1, 3], or [] for none (any number may be ticked here)"},
                found_);
        } else {
            object_reader::wrong_type(node, at,
                                      {"số của một mức (0 nếu không mức nào đúng)",
                                       "the number of one option (0 for none of them)"},
                                      found_);
        }
    }

    void read_ticks(const json_node& node, const json_path& at, score_sheet& sheet,
                    std::size_t index) {
        const scorecard& card = *out_.card;
        if (node.children.empty()) {
            sheet.try_choose(card, index, 0, found_);
            return;
        }
        const std::size_t before = found_.size();
        // One error tells a list that is too long; the first of its ticks are still looked at.
        const std::size_t most = card.option_count(index);
        if (node.children.size() > most) {
            const std::string count = std::to_string(node.children.size());
            found_.push_back(
                detail::make_problem(problem_code::too_many, at.text(), count,
                                     detail::told("ghi {0} mức, tiêu chí chỉ có {1}",
                                                  "{0} options are ticked, the criterion has {1}",
                                                  {count, std::to_string(most)})));
            return;
        }
        for (std::size_t i = 0; i < node.children.size(); ++i) {
            const json_node& tick = node.children[i];
            if (tick.type != json_node::kind::integer)
                object_reader::wrong_type(tick, json_path(at, i),
                                          {"số của một mức", "the number of an option"}, found_);
            else if (tick.integer == 0)
                found_.push_back(sheet.unknown_option(card, index, "0"));
            else
                sheet.try_choose(card, index, tick.integer, found_);
        }
        if (found_.size() != before) sheet.clear(index);
    }

    [[nodiscard]] bool is_member(const std::string& id) const noexcept {
        for (const council_member& m : out_.sitting.members)
            if (m.id == id) return true;
        return false;
    }

    void stranger(const std::string& id) {
        problem p = detail::sheet_of_stranger(id);
        for (const council_member& m : out_.sitting.members)
            if (detail::same_letters(m.id, id))
                p.message = detail::told("\"{0}\" có phiếu và trong hội đồng có tên trông giống "
                                         "hệt nhưng khác dạng Unicode "
                                         "(dựng sẵn hay tổ hợp); hãy viết hai chỗ cùng một dạng",
                                         "\"{0}\" has a sheet, and the council has a name of the "
                                         "same letters in another "
                                         "Unicode form (composed or not); write both in one form",
                                         {detail::shown(id)});
        found_.push_back(std::move(p));
    }

    /// The gaps and contradictions of a sheet, save where its answer was told as wrong already.
    void judge(const score_sheet& sheet, const std::vector<bool>& bad) {
        std::vector<std::int32_t> row(out_.card->size());
        problems mine;
        detail::score(*out_.card, sheet, out_.given, out_.by, row.data(), mine);
        for (problem& p : mine) {
            const auto index = out_.card->find(p.where.criterion);
            if (!index || !bad[*index]) found_.push_back(std::move(p));
        }
    }

    const timeline& regulations_;
    problems& found_;
    dossier out_;
    /// For each sheet of out_, the criteria whose answer was told as wrong already.
    std::vector<std::vector<bool>> bad_answers_;
    bool ids_known_ = false;  ///< every member's id could be read
    std::array<std::optional<mean_points>, part_count> parts_read_;
    std::vector<std::string> sheet_ids_;
    bool council_whole_ = false;
    bool sheets_whole_ = false;
    bool published_whole_ = false;
    bool grounds_whole_ = false;
    bool facts_whole_ = false;
};

}  // namespace

std::optional<dossier> try_read_dossier(std::string_view json, const timeline& regulations,
                                        problems& found) {
    const std::size_t before = found.size();
    const auto root = detail::parse_json(json, found);
    if (!root) return std::nullopt;
    dossier_reader reader(regulations, found);
    reader.read(*root);
    if (found.size() != before) return std::nullopt;
    return std::move(reader.result());
}

dossier read_dossier(std::string_view json, const timeline& regulations) {
    problems found;
    auto result = try_read_dossier(json, regulations, found);
    if (!result) throw error(std::move(found));
    return std::move(*result);
}

assessment assess(const dossier& d) {
    if (d.under == nullptr || (d.card == nullptr && !d.published)) {
        assessment nothing;
        nothing.errors.push_back(detail::make_problem(
            problem_code::missing_key, d.under == nullptr ? "/regulation" : "/set", "",
            {"hồ sơ chưa được đọc đủ: thiếu quyết định hoặc bảng chấm",
             "the dossier was not read whole: it has no regulation or no scorecard"}));
        return nothing;
    }
    if (d.published) return assess_published(*d.under, d.card, *d.published, d.given, d.by);
    return assess(*d.under, *d.card, d.sitting, d.sheets, d.given, d.by);
}

dossier_assessment assess_dossier(std::string_view json, const timeline& regulations,
                                  std::string_view file) {
    dossier_assessment both;
    problems found;
    if (const auto root = detail::parse_json(json, found)) {
        dossier_reader reader(regulations, found);
        reader.read(*root);
        if (!found.empty()) reader.judge_the_rest();
        both.read = std::move(reader.result());
    }
    if (found.empty()) {
        both.result = assess(both.read);
    } else {
        both.result.errors = std::move(found);
        both.result.published = both.read.published.has_value();
        both.result.level = both.read.given.level;
        if (both.read.under != nullptr) both.result.regulation = both.read.under->id();
        if (both.read.card != nullptr) both.result.set = both.read.card->set();
    }
    for (problem& p : both.result.errors) p.where.file = file;
    return both;
}

}  // namespace ocop
