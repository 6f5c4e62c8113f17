/// \file gazetteer.hpp
/// The units of all editions, and what became of them: successors and predecessors across July 2025.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ocop/communes/unit.hpp"

namespace ocop {

/// How the successor of a unit is known, or why there is none.
enum class succession : std::uint8_t {
    itself,           ///< its own edition was asked for
    same_code,        ///< no reform in between: the same code is the same unit, perhaps renamed
    main_successor,   ///< listed for July 2025; of a commune that was split, the main one alone
    by_communes,      ///< a province: the one in which the successors of all its communes lie
    gone,             ///< no such code in the next edition and nothing says what became of it
    no_districts,     ///< a district, and the edition asked for has none
    several,          ///< a province whose communes went to more than one
    not_listed,       ///< a commune of 2025-03 that the list of successors leaves out
    earlier_edition,  ///< the edition asked for is before the unit's own: ask for predecessors
    unknown_unit      ///< there is no such unit in its edition
};

template <>
struct names<succession> {
    static constexpr std::array<std::string_view, 10> all{
        "itself",       "same_code", "main_successor", "by_communes",     "gone",
        "no_districts", "several",   "not_listed",     "earlier_edition", "unknown_unit"};
};
template <>
struct terms<succession> {
    static constexpr std::array<term, 10> all{
        {{"chính đơn vị này", "the unit itself"},
         {"cùng mã, cùng đơn vị", "the same code is the same unit"},
         {"đơn vị kế thừa chính từ 01/7/2025 (xã bị chia tách chỉ ghi một)",
          "main successor of 1 July 2025 (of a commune that was split, one)"},
         {"tỉnh có các xã kế thừa", "the province of its communes' successors"},
         {"không còn trong danh mục 03/2025; chưa rõ nhập vào đâu",
          "not in the list of March 2025; what it became is unknown"},
         {"cấp huyện đã bãi bỏ từ 01/7/2025", "districts were abolished on 1 July 2025"},
         {"các xã thuộc nhiều tỉnh kế thừa", "its communes went to several provinces"},
         {"không có trong danh sách đơn vị kế thừa", "not in the list of successors"},
         {"danh mục được hỏi có trước danh mục của đơn vị",
          "the edition asked for is before the unit's own"},
         {"không có đơn vị này trong danh mục", "there is no such unit in its edition"}}};
};

/// What became of a unit.
struct unit_successor {
    std::optional<unit_ref> unit;  ///< none where \ref how tells why
    succession how = succession::unknown_unit;
    status known = status::verified;  ///< the weakest step on the way
    bool renamed = false;             ///< its name is not the one that the unit had
    bool moved = false;  ///< the same code came under another parent (2023-01 to 2025-03)

    friend bool operator==(const unit_successor&, const unit_successor&) = default;
};

/// Where a unit of any edition lies today, in latest_edition. The province is known even where the
/// commune is not: no commune left its province before July 2025, and no province was split then.
struct unit_today {
    unit_successor province;
    std::optional<unit_successor> commune;  ///< nothing where the unit asked for is no commune

    friend bool operator==(const unit_today&, const unit_today&) = default;
};

/// A unit with those above it; null where it has none of that level.
struct unit_chain {
    const unit* province = nullptr;
    const unit* district = nullptr;
    const unit* commune = nullptr;

    friend bool operator==(const unit_chain&, const unit_chain&) = default;
};

/// A row to make a gazetteer of: one unit, in all editions in which it has this parent and this name.
struct unit_row {
    unit_code code;
    std::optional<unit_code> parent;
    std::string_view name;                    ///< copied
    std::array<bool, edition_count> holds{};  ///< by edition
};

/// What became of a commune of 2025-03 on 1 July 2025.
struct succession_row {
    unit_code from;
    unit_code to;
    status known = status::secondary;
};

/// Immutable lists of units with their links. Copies share the data and cost as much as a pointer; a
/// pointer, span or name that it gives lives as long as any copy. Safe to read from many threads.
///
/// Lookups by code take the same few nanoseconds whatever the edition holds.
class gazetteer {
public:
    /// \throws error with every problem of the rows; see try_make().
    gazetteer(std::span<const unit_row> units, std::span<const succession_row> links) {
        problems found;
        data_ = build(units, links, found);
        if (!data_) throw error(std::move(found));
    }
    // Copies alone: a gazetteer is never without its data.
    gazetteer(const gazetteer&) = default;
    gazetteer& operator=(const gazetteer&) = default;
    ~gazetteer() = default;

    /// The gazetteer of \p units and \p links; their order does not matter. Nothing, and every problem,
    /// where a code stands twice in an edition (repeated_record), a parent is missing
    /// (unknown_unit) or of a level that cannot be one, a district stands in an edition without
    /// districts (contradiction), a name is empty or a row in no edition (bad_value), a link names a
    /// unit that is not there (unknown_unit) or a commune twice (repeated_record). Linear.
    [[nodiscard]] static std::optional<gazetteer> try_make(std::span<const unit_row> units,
                                                           std::span<const succession_row> links,
                                                           problems& found) {
        auto data = build(units, links, found);
        if (!data) return std::nullopt;
        return gazetteer(std::move(data));
    }

    /// The unit \p code of \p in; null where there is none. O(1).
    [[nodiscard]] const unit* find(edition in, unit_code code) const noexcept {
        const level_data& list = data_->at(in, code.level());
        const std::uint32_t position = list.position(code);
        return position == none ? nullptr : &list.units[position];
    }
    [[nodiscard]] const unit* find(const unit_ref& ref) const noexcept {
        return find(ref.in, ref.code);
    }
    /// As find(). \throws error (unknown_unit) where there is none.
    [[nodiscard]] const unit& at(const unit_ref& ref) const {
        if (const unit* u = find(ref)) return *u;
        throw error(unknown(ref));
    }
    /// The problem that \p ref is no unit: names code and edition, and the editions that have it.
    [[nodiscard]] problem unknown(const unit_ref& ref, std::string pointer = {}) const {
        std::string others;
        for (edition e : all_editions)
            if (find(e, ref.code) != nullptr) {
                if (!others.empty()) others += ", ";
                others += name_of(e);
            }
        const std::string code = to_string(ref.code);
        const std::string_view in = name_of(ref.in);
        return others.empty()
                   ? detail::make_problem(
                         problem_code::unknown_unit, std::move(pointer), code,
                         detail::told("không có đơn vị mã {0} trong danh mục nào; hãy xem lại mã",
                                      "there is no unit {0} in any edition; check the code",
                                      {code}))
                   : detail::make_problem(
                         problem_code::unknown_unit, std::move(pointer), code,
                         detail::told(
                             "không có đơn vị mã {0} trong danh mục {1}; mã này có trong {2}",
                             "there is no unit {0} in edition {1}; the code is one of {2}",
                             {code, in, others}));
    }

    /// The units of \p in and \p level, ordered by parent, then code.
    [[nodiscard]] std::span<const unit> units(edition in, unit_level level) const noexcept {
        return data_->at(in, level).units;
    }
    [[nodiscard]] std::size_t count(edition in, unit_level level) const noexcept {
        return units(in, level).size();
    }

    /// The units right below \p of, by code: of a province its districts, or its communes in an
    /// edition without districts. Empty for a commune and where there is no such unit. O(1).
    [[nodiscard]] std::span<const unit> children(const unit_ref& of) const noexcept {
        if (of.code.level() == unit_level::commune) return {};
        const bool districts =
            of.code.level() == unit_level::province && has_level(of.in, unit_level::district);
        return units_under(of, districts ? unit_level::district : unit_level::commune);
    }
    /// All units of \p level below \p of, or \p of itself if it is of that level; ordered by parent,
    /// then code. O(1).
    [[nodiscard]] std::span<const unit> units_under(const unit_ref& of,
                                                    unit_level level) const noexcept {
        const unit* top = find(of);
        if (top == nullptr || level < of.code.level()) return {};
        if (level == of.code.level()) return {top, 1};
        const level_data& list = data_->at(of.in, level);
        const auto from_parent = [&](std::uint32_t begin, std::uint32_t end) {
            return std::span<const unit>(list.units)
                .subspan(list.first[begin], list.first[end] - list.first[begin]);
        };
        std::uint32_t begin = data_->at(of.in, of.code.level()).position(of.code);
        std::uint32_t end = begin + 1;
        if (of.code.level() == unit_level::province && level == unit_level::commune &&
            has_level(of.in, unit_level::district)) {
            const level_data& districts = data_->at(of.in, unit_level::district);
            begin = districts.first[begin];
            end = districts.first[end];
        }
        return from_parent(begin, end);
    }

    /// The unit above \p u, null for a province. O(1).
    [[nodiscard]] const unit* parent(const unit& u) const noexcept {
        return u.parent ? find(u.in, *u.parent) : nullptr;
    }
    /// \p ref with those above it; all null where there is no such unit. O(1).
    [[nodiscard]] unit_chain chain(const unit_ref& ref) const noexcept {
        unit_chain all;
        for (const unit* u = find(ref); u != nullptr; u = parent(*u)) {
            if (u->level == unit_level::province)
                all.province = u;
            else if (u->level == unit_level::district)
                all.district = u;
            else
                all.commune = u;
        }
        return all;
    }
    /// Whether \p inner lies in \p outer or is it; both must be of the same edition, else false.
    [[nodiscard]] bool lies_in(const unit_ref& inner, const unit_ref& outer) const noexcept {
        if (inner.in != outer.in) return false;
        for (const unit* u = find(inner); u != nullptr; u = parent(*u))
            if (u->code == outer.code) return true;
        return false;
    }

    /// What became of \p ref in edition \p to. Between 2023-01 and 2025-03, and between 2025-07 and
    /// 2026-04, the same code is the same unit; across July 2025 only the list of successors counts, and
    /// for provinces where their communes went (computed). Source of the list: maps of 19/2025/QĐ-TTg
    /// (secondary); 23938 inferred. Never fails: an unknown unit is told in `how`. O(1).
    [[nodiscard]] unit_successor successor(const unit_ref& ref,
                                           edition to = latest_edition) const noexcept {
        unit_successor made;
        const unit* from = find(ref);
        if (from == nullptr) return made;
        if (to < ref.in) {
            made.how = succession::earlier_edition;
            return made;
        }
        if (!has_level(to, from->level)) {
            made.how = succession::no_districts;
            return made;
        }
        made.how = succession::itself;
        const unit* now = from;
        for (edition e = ref.in; e != to; e = next(e)) {
            now = step(*now, made);
            if (now == nullptr) return made;
        }
        made.unit = now->ref();
        made.renamed = now->name != from->name;
        return made;
    }
    /// Where \p ref lies today. O(1).
    [[nodiscard]] unit_today today(const unit_ref& ref) const noexcept {
        unit_today made;
        const unit_chain all = chain(ref);
        if (all.province == nullptr) return made;
        made.province = successor(all.province->ref());
        if (all.commune == nullptr) return made;
        made.commune = successor(ref);
        if (made.commune->unit) {
            // The commune knows best, also in a host's list that moves one across provinces.
            const unit* now = chain(*made.commune->unit).province;
            if (!made.province.unit || made.province.unit->code != now->code) {
                made.province = *made.commune;
                made.province.unit = now->ref();
                made.province.renamed = now->name != all.province->name;
            }
        }
        return made;
    }
    /// The units of edition \p in of which \p ref is the successor, by code; empty where none is known:
    /// communes of 2023-01 that were gone in 2025-03 appear nowhere, and of a commune that was split
    /// only the main successor has it. An edition after the unit's own gives nothing.
    [[nodiscard]] std::vector<unit_ref> predecessors(const unit_ref& ref, edition in) const {
        std::vector<unit_ref> made;
        if (find(ref) == nullptr || in > ref.in) return made;
        made.push_back(ref);
        for (edition e = ref.in; e != in; e = before(e)) {
            std::vector<unit_ref> earlier;
            for (const unit_ref& r : made) add_step_back(r, earlier);
            made = std::move(earlier);
        }
        return made;
    }
    /// The communes of edition \p to in which the communes of \p ref live on, each once, ordered by
    /// parent, then code: what is left of a district. Communes whose successor is unknown are not
    /// among them. Linear in the communes of \p ref and of \p to.
    [[nodiscard]] std::vector<unit_ref> communes_after(const unit_ref& ref,
                                                       edition to = latest_edition) const {
        std::vector<unit_ref> made;
        const level_data& target = data_->at(to, unit_level::commune);
        std::vector<bool> hit(target.units.size(), false);
        for (const unit& u : units_under(ref, unit_level::commune))
            if (const unit_successor s = successor(u.ref(), to); s.unit)
                hit[target.position(s.unit->code)] = true;
        for (std::size_t i = 0; i < hit.size(); ++i)
            if (hit[i]) made.push_back(target.units[i].ref());
        return made;
    }

    /// Whether both hold the same units and links.
    [[nodiscard]] friend bool operator==(const gazetteer& a, const gazetteer& b) {
        if (a.data_ == b.data_) return true;
        for (std::size_t i = 0; i < list_count; ++i)
            if (a.data_->lists[i].units != b.data_->lists[i].units) return false;
        return a.data_->commune_link == b.data_->commune_link &&
               a.data_->commune_known == b.data_->commune_known;
    }

private:
    static constexpr std::uint32_t none = 0xFFFFFFFFU;
    static constexpr std::size_t level_count = 3;
    static constexpr std::size_t list_count = edition_count * level_count;

    /// The units of one level of one edition.
    struct level_data {
        std::vector<unit> units;           ///< by parent, then code
        std::vector<std::uint32_t> where;  ///< position in units, by number of the code
        std::vector<std::uint32_t> first;  ///< by position of the parent; one more at the end

        [[nodiscard]] std::uint32_t position(unit_code code) const noexcept {
            return code.number() < where.size() ? where[code.number()] : none;
        }
    };
    /// Positions in 2025-07 by position in 2025-03, and the way back.
    struct link_data {
        std::vector<std::uint32_t> to;
        std::vector<std::uint32_t> first;  ///< by position in 2025-07; one more at the end
        std::vector<std::uint32_t> from;

        friend bool operator==(const link_data&, const link_data&) = default;
    };
    struct gazetteer_data {
        std::string text;  ///< all names
        std::array<level_data, list_count> lists;
        link_data commune_link;
        link_data province_link;
        std::vector<status> commune_known;
        std::vector<bool> province_split;

        [[nodiscard]] level_data& at(edition in, unit_level level) noexcept {
            return lists[static_cast<std::size_t>(in) * level_count +
                         static_cast<std::size_t>(level)];
        }
        [[nodiscard]] const level_data& at(edition in, unit_level level) const noexcept {
            return lists[static_cast<std::size_t>(in) * level_count +
                         static_cast<std::size_t>(level)];
        }
    };

    explicit gazetteer(std::shared_ptr<const gazetteer_data> data) : data_(std::move(data)) {}

    [[nodiscard]] static constexpr edition next(edition e) noexcept {
        return static_cast<edition>(static_cast<unsigned>(e) + 1);
    }
    [[nodiscard]] static constexpr edition before(edition e) noexcept {
        return static_cast<edition>(static_cast<unsigned>(e) - 1);
    }
    static void weaken(unit_successor& s, status known) noexcept {
        if (s.known < known) s.known = known;
    }
    static void advance(unit_successor& s, succession how) noexcept {
        if (s.how < how) s.how = how;
    }

    /// The unit of the next edition that \p u became, null where unknown; tells \p told how.
    [[nodiscard]] const unit* step(const unit& u, unit_successor& told) const noexcept {
        const edition to = next(u.in);
        if (to != edition::e2025_07) {
            const unit* same = find(to, u.code);
            if (same == nullptr) {
                told.how = succession::gone;
                return nullptr;
            }
            // The reform of 2026 says that the codes stay; for 2025-03 the table alone shows it.
            weaken(told, to == edition::e2025_03 ? status::inferred : status::verified);
            advance(told, succession::same_code);
            if (same->parent != u.parent) told.moved = true;
            return same;
        }
        const bool commune = u.level == unit_level::commune;
        const std::uint32_t at = data_->at(u.in, u.level).position(u.code);
        const std::uint32_t by = commune ? data_->commune_link.to[at] : data_->province_link.to[at];
        if (by == none) {
            told.how = !commune && data_->province_split[at] ? succession::several
                                                             : succession::not_listed;
            return nullptr;
        }
        weaken(told, commune ? data_->commune_known[at] : status::inferred);
        advance(told, commune ? succession::main_successor : succession::by_communes);
        return &data_->at(to, u.level).units[by];
    }
    /// Adds the units of the edition before that became \p ref, by code.
    void add_step_back(const unit_ref& ref, std::vector<unit_ref>& to) const {
        const edition in = before(ref.in);
        if (ref.in != edition::e2025_07) {
            if (find(in, ref.code) != nullptr) to.push_back({ref.code, in});
            return;
        }
        const unit_level level = ref.code.level();
        const link_data& link =
            level == unit_level::commune ? data_->commune_link : data_->province_link;
        const std::uint32_t at = data_->at(ref.in, level).position(ref.code);
        const level_data& list = data_->at(in, level);
        for (std::uint32_t i = link.first[at]; i < link.first[at + 1]; ++i)
            to.push_back(list.units[link.from[i]].ref());
    }

    [[nodiscard]] static std::shared_ptr<const gazetteer_data> build(
        std::span<const unit_row> rows, std::span<const succession_row> links, problems& found) {
        const std::size_t before_count = found.size();
        auto data = std::make_shared<gazetteer_data>();
        std::size_t bytes = 0;
        for (const unit_row& row : rows) {
            check(row, found);
            bytes += row.name.size();
        }
        if (found.size() != before_count) return nullptr;
        data->text.reserve(bytes);  // names must not move while views are taken
        std::vector<std::string_view> names_of;
        names_of.reserve(rows.size());
        for (const unit_row& row : rows) {
            const std::size_t at = data->text.size();
            data->text += row.name;
            names_of.push_back(std::string_view(data->text).substr(at, row.name.size()));
        }
        for (edition e : all_editions)
            for (std::size_t l = 0; l < level_count; ++l)
                fill(*data, e, static_cast<unit_level>(l), rows, names_of, found);
        if (found.size() != before_count) return nullptr;
        connect(*data, links, found);
        if (found.size() != before_count) return nullptr;
        return data;
    }
    static void check(const unit_row& row, problems& found) {
        const std::string code = to_string(row.code);
        bool anywhere = false;
        for (bool holds : row.holds) anywhere = anywhere || holds;
        if (row.name.empty() || !anywhere)
            found.push_back(detail::make_problem(
                problem_code::bad_value, "", code,
                detail::told("đơn vị {0} không có tên hoặc không thuộc danh mục nào",
                             "unit {0} has no name or belongs to no edition", {code})));
        if ((row.code.level() == unit_level::province) == row.parent.has_value())
            found.push_back(detail::make_problem(
                problem_code::contradiction, "", code,
                detail::told(
                    "đơn vị {0}: tỉnh không có đơn vị cấp trên, huyện và xã phải có",
                    "unit {0}: a province has no parent, a district and a commune need one",
                    {code})));
    }
    /// The units of one level, by parent and code: the codes are walked upwards twice, once to count.
    static void fill(gazetteer_data& data, edition in, unit_level level,
                     std::span<const unit_row> rows, const std::vector<std::string_view>& names_of,
                     problems& found) {
        std::vector<std::uint32_t> row_of;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const unit_row& row = rows[i];
            if (!row.holds[static_cast<std::size_t>(in)] || row.code.level() != level) continue;
            const std::uint32_t number = row.code.number();
            if (number >= row_of.size()) row_of.resize(number + 1, none);
            if (row_of[number] != none) {
                const std::string code = to_string(row.code);
                found.push_back(detail::make_problem(
                    problem_code::repeated_record, "", code,
                    detail::told("đơn vị {0} có hai lần trong danh mục {1}",
                                 "unit {0} stands twice in edition {1}", {code, name_of(in)})));
                continue;
            }
            row_of[number] = static_cast<std::uint32_t>(i);
        }
        level_data& list = data.at(in, level);
        list.where.assign(row_of.size(), none);
        const unit_level above = level == unit_level::commune && has_level(in, unit_level::district)
                                     ? unit_level::district
                                     : unit_level::province;
        const std::size_t parents =
            level == unit_level::province ? 1 : data.at(in, above).units.size();
        list.first.assign(parents + 1, 0);
        std::vector<std::uint32_t> under(row_of.size(), none);
        std::size_t count = 0;
        for (std::size_t number = 0; number < row_of.size(); ++number) {
            if (row_of[number] == none) continue;
            const unit_row& row = rows[row_of[number]];
            std::uint32_t at = 0;
            if (level != unit_level::province) {
                at = row.parent->level() == above ? data.at(in, above).position(*row.parent) : none;
                if (at == none || !has_level(in, level)) {
                    wrong_parent(row, in, level, found);
                    continue;
                }
            }
            under[number] = at;
            ++list.first[at + 1];
            ++count;
        }
        for (std::size_t p = 0; p < parents; ++p) list.first[p + 1] += list.first[p];
        std::vector<std::uint32_t> next_at(list.first.begin(), list.first.end() - 1);
        std::vector<std::uint32_t> row_at(count);
        for (std::size_t number = 0; number < row_of.size(); ++number) {
            if (under[number] == none) continue;
            const std::uint32_t position = next_at[under[number]]++;
            list.where[number] = position;
            row_at[position] = row_of[number];
        }
        list.units.reserve(count);
        for (std::uint32_t i : row_at)
            list.units.push_back({level, rows[i].code, rows[i].parent, names_of[i], in});
    }
    static void wrong_parent(const unit_row& row, edition in, unit_level level, problems& found) {
        const std::string code = to_string(row.code);
        const std::string parent = to_string(*row.parent);
        if (!has_level(in, level))
            found.push_back(detail::make_problem(
                problem_code::contradiction, "", code,
                detail::told("danh mục {0} không có cấp huyện, nhưng có đơn vị {1}",
                             "edition {0} has no districts, but there is a unit {1}",
                             {name_of(in), code})));
        else
            found.push_back(detail::make_problem(
                problem_code::unknown_unit, "", parent,
                detail::told(
                    "đơn vị cấp trên {0} của {1} không có trong danh mục {2}, hoặc sai cấp",
                    "unit {0}, the parent of {1}, is not in edition {2} or of a wrong level",
                    {parent, code, name_of(in)})));
    }
    static void connect(gazetteer_data& data, std::span<const succession_row> links,
                        problems& found) {
        const level_data& old = data.at(edition::e2025_03, unit_level::commune);
        const level_data& now = data.at(edition::e2025_07, unit_level::commune);
        data.commune_link.to.assign(old.units.size(), none);
        data.commune_known.assign(old.units.size(), status::verified);
        for (const succession_row& row : links) {
            const bool communes =
                row.from.level() == unit_level::commune && row.to.level() == unit_level::commune;
            const std::uint32_t from = communes ? old.position(row.from) : none;
            const std::uint32_t to = communes ? now.position(row.to) : none;
            const std::string one = to_string(row.from);
            const std::string other = to_string(row.to);
            if (from == none || to == none) {
                found.push_back(detail::make_problem(
                    problem_code::unknown_unit, "", from == none ? one : other,
                    detail::told("kế thừa {0} → {1}: không có xã {2} trong danh mục {3}",
                                 "successor {0} → {1}: there is no commune {2} in edition {3}",
                                 {one, other, from == none ? one : other,
                                  name_of(from == none ? edition::e2025_03 : edition::e2025_07)})));
            } else if (data.commune_link.to[from] != none) {
                found.push_back(detail::make_problem(
                    problem_code::repeated_record, "", one,
                    detail::told("xã {0} có hai đơn vị kế thừa; chỉ ghi đơn vị chính",
                                 "commune {0} has two successors; give the main one alone",
                                 {one})));
            } else {
                data.commune_link.to[from] = to;
                data.commune_known[from] = row.known;
            }
        }
        turn(data.commune_link, old, now.units.size());
        connect_provinces(data);
    }
    static void connect_provinces(gazetteer_data& data) {
        const level_data& provinces = data.at(edition::e2025_03, unit_level::province);
        const level_data& districts = data.at(edition::e2025_03, unit_level::district);
        const level_data& communes = data.at(edition::e2025_03, unit_level::commune);
        const level_data& new_provinces = data.at(edition::e2025_07, unit_level::province);
        const level_data& new_communes = data.at(edition::e2025_07, unit_level::commune);
        data.province_link.to.assign(provinces.units.size(), none);
        data.province_split.assign(provinces.units.size(), false);
        for (std::size_t i = 0; i < communes.units.size(); ++i) {
            const std::uint32_t to = data.commune_link.to[i];
            if (to == none) continue;
            const std::uint32_t district = districts.position(*communes.units[i].parent);
            const std::uint32_t from = provinces.position(*districts.units[district].parent);
            const std::uint32_t by = new_provinces.position(*new_communes.units[to].parent);
            if (data.province_split[from]) continue;
            if (data.province_link.to[from] != none && data.province_link.to[from] != by) {
                data.province_split[from] = true;
                data.province_link.to[from] = none;
            } else {
                data.province_link.to[from] = by;
            }
        }
        turn(data.province_link, provinces, new_provinces.units.size());
    }
    /// Fills the way back of \p link, each group by code of the \p old units.
    static void turn(link_data& link, const level_data& old, std::size_t targets) {
        link.first.assign(targets + 1, 0);
        for (std::uint32_t to : link.to)
            if (to != none) ++link.first[to + 1];
        for (std::size_t t = 0; t < targets; ++t) link.first[t + 1] += link.first[t];
        link.from.resize(link.first[targets]);
        std::vector<std::uint32_t> next_at(link.first.begin(), link.first.end() - 1);
        for (std::uint32_t position : old.where)
            if (position != none && link.to[position] != none)
                link.from[next_at[link.to[position]]++] = position;
    }

    std::shared_ptr<const gazetteer_data> data_;
};

}  // namespace ocop
