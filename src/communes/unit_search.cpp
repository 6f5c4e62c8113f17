#include "ocop/communes/unit_search.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "ocop/base/fold.hpp"
#include "ocop/communes/bundled_units.hpp"

namespace ocop {
namespace {

/// A longer text is no name of a place.
constexpr std::size_t most_bytes = 1000;
constexpr std::size_t most_parts = 8;

// Prefixes as bits, so that a short form may be several.
using prefix_set = std::uint16_t;

struct prefix_word {
    std::string_view full;    ///< as names have it
    std::string_view folded;  ///< without accents
};
constexpr std::array<prefix_word, 9> prefix_words{{{"Tỉnh", "tinh"},
                                                   {"Thành phố", "thanh pho"},
                                                   {"Quận", "quan"},
                                                   {"Huyện", "huyen"},
                                                   {"Thị xã", "thi xa"},
                                                   {"Xã", "xa"},
                                                   {"Phường", "phuong"},
                                                   {"Thị trấn", "thi tran"},
                                                   {"Đặc khu", "dac khu"}}};
constexpr prefix_set bit(std::size_t word) { return static_cast<prefix_set>(1U << word); }

struct short_prefix {
    std::string_view folded;
    std::size_t word;
};
constexpr std::array<short_prefix, 10> short_prefixes{{{"t", 0},
                                                       {"tp", 1},
                                                       {"q", 2},
                                                       {"h", 3},
                                                       {"tx", 4},
                                                       {"x", 5},
                                                       {"p", 6},
                                                       {"tt", 7},
                                                       {"ttr", 7},
                                                       {"dk", 8}}};

constexpr std::array<unit_alias, 5> aliases{
    {{"Bắc Cạn", "Bắc Kạn", unit_level::province, status::inferred,
      "spelling in use before; reading of this library"},
     {"Đắc Lắc", "Đắk Lắk", unit_level::province, status::inferred,
      "spelling in use before; reading of this library"},
     {"Đắc Nông", "Đắk Nông", unit_level::province, status::inferred,
      "spelling in use before; reading of this library"},
     {"HCM", "Hồ Chí Minh", unit_level::province, status::inferred,
      "shortened in writing; reading of this library"},
     {"TPHCM", "Hồ Chí Minh", unit_level::province, status::inferred,
      "shortened in writing; reading of this library"}}};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80U;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view word_at(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && is_letter(text[end])) ++end;
    return text.substr(at, end - at);
}

/// \p key with leading zeros of its numbers taken off: "phuong 07" as "phuong 7".
std::string plain_numbers(const std::string& key) {
    std::string made;
    made.reserve(key.size());
    for (std::size_t i = 0; i < key.size(); ++i) {
        const bool starts = is_digit(key[i]) && (i == 0 || key[i - 1] == ' ');
        while (starts && key[i] == '0' && i + 1 < key.size() && is_digit(key[i + 1])) ++i;
        made += key[i];
    }
    return made;
}

std::string without_blanks(const std::string& key) {
    std::string made;
    for (char c : key)
        if (c != ' ') made += c;
    return made;
}

/// A prefix at the head of a text, and where the name starts behind it.
struct prefix_reading {
    prefix_set set;
    std::size_t rest;
    bool sure;  ///< a whole word or with a stop: it may also start a part in the middle of a text
};

/// Whether \p written is \p full, or \p full without any accent.
bool is_prefix_word(std::string_view written, const prefix_word& word) {
    const std::string folded = search_key(written);
    if (folded != word.folded) return false;
    const std::string spelled = spelling_key(written);
    return spelled == folded || spelled == spelling_key(word.full);
}

/// How \p text (NFC) may start with a prefix; the longest forms are among them, as "T.P" is.
std::vector<prefix_reading> read_prefix(std::string_view text) {
    std::vector<prefix_reading> all;
    const std::string_view first = word_at(text, 0);
    if (first.empty() || first.size() > 16) return all;
    const auto rest_from = [text](std::size_t at) {
        while (at < text.size() && (text[at] == ' ' || text[at] == '.' || text[at] == ':')) ++at;
        return at;
    };
    const auto add = [&](std::size_t word, std::size_t end, bool sure) {
        const std::size_t rest = rest_from(end);
        if (rest < text.size()) all.push_back({bit(word), rest, sure});
    };
    for (std::size_t w = 0; w < prefix_words.size(); ++w) {
        const prefix_word& word = prefix_words[w];
        const bool two = word.folded.find(' ') != std::string_view::npos;
        std::size_t end = first.size();
        if (two) {
            if (end >= text.size() || text[end] != ' ') continue;
            end += 1 + word_at(text, end + 1).size();
        }
        if (is_prefix_word(text.substr(0, end), word)) add(w, end, true);
    }
    const std::string folded = search_key(first);
    const char after = first.size() < text.size() ? text[first.size()] : '\0';
    if (after == '.' || after == ' ' || is_digit(after))
        for (const short_prefix& s : short_prefixes)
            if (s.folded == folded) add(s.word, first.size(), after == '.' || folded.size() > 1);
    if (after == '.') {  // "T.P"
        const std::string_view second = word_at(text, first.size() + 1);
        const std::size_t end = first.size() + 1 + second.size();
        const char last = end < text.size() ? text[end] : '\0';
        if (!second.empty() && second.size() <= 2 && (last == '.' || last == ' '))
            for (const short_prefix& s : short_prefixes)
                if (s.folded.size() == 2 && s.folded == folded + search_key(second))
                    add(s.word, end, true);
    }
    return all;
}

/// One way to read a part: which prefixes it may have and what the name behind them is.
struct reading {
    prefix_set prefixes = 0;  ///< 0: none was written, any will do
    std::string bare;         ///< NFC
    std::string spelling;
    std::string key;
    bool accented = false;
    bool is_alias = false;
    std::optional<unit_level> level;
};

/// A part of a text: a code, or a name in all its readings.
struct part {
    std::optional<unit_code> code;
    std::vector<reading> readings;
};

reading make_reading(std::string_view bare, prefix_set prefixes) {
    reading r;
    r.prefixes = prefixes;
    r.bare = std::string(bare);
    r.spelling = plain_numbers(spelling_key(bare));
    r.key = plain_numbers(search_key(bare));
    r.accented = r.spelling != r.key;
    return r;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

part make_part(std::string_view written) {
    part made;
    const std::string_view text = trimmed(written);
    if (all_digits(text)) {
        made.code = unit_code::from(text);
        return made;
    }
    if (all_digits(search_key(text))) return made;  // "-1": no name, and no code
    const auto add = [&made](reading r) {
        if (r.key.empty()) return;
        for (const unit_alias& a : aliases)
            if (plain_numbers(search_key(a.written)) == r.key) {
                reading other = make_reading(a.name, r.prefixes);
                other.is_alias = true;
                other.level = a.level;
                made.readings.push_back(std::move(other));
            }
        made.readings.push_back(std::move(r));
    };
    add(make_reading(text, 0));
    for (const prefix_reading& p : read_prefix(text)) add(make_reading(text.substr(p.rest), p.set));
    return made;
}

/// How a part fits a name; penalty 1 where accents that were written are not those of the name, 2
/// where blanks had to be forgotten.
struct fit {
    match_kind how = match_kind::exact;
    int penalty = 0;

    friend bool operator<(const fit& a, const fit& b) {
        return std::tuple(a.penalty, a.how) < std::tuple(b.penalty, b.how);
    }
};

fit worse(fit a, fit b) { return {std::max(a.how, b.how), std::max(a.penalty, b.penalty)}; }

/// Where a text may be split: for good, or perhaps.
struct break_at {
    std::size_t from;  ///< the separator's bytes
    std::size_t to;
    bool hard;
};

std::vector<break_at> breaks_of(std::string_view text) {
    std::vector<break_at> all;
    std::size_t start_of_word = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == ',' || c == ';' || c == '|' || c == '/' || c == '(' || c == ')') {
            all.push_back({i, i + 1, true});
        } else if (c == '-') {
            all.push_back({i, i + 1, false});
        } else if (is_letter(c) && (i == 0 || text[i - 1] == ' ') && i != start_of_word) {
            for (const prefix_reading& p : read_prefix(text.substr(i)))
                if (p.sure) {
                    all.push_back({i, i, false});
                    break;
                }
        }
    }
    return all;
}

/// \p text with white space as blanks (line ends as commas), dashes and quotes plain, in NFC.
std::string prepared(std::string_view text) {
    std::string made;
    const std::string composed = nfc(text);
    for (std::size_t i = 0; i < composed.size(); ++i) {
        const std::string_view rest = std::string_view(composed).substr(i);
        const auto is = [rest](std::string_view what) {
            return rest.substr(0, what.size()) == what;
        };
        if (composed[i] == '\n' || composed[i] == '\r') {
            made += ',';
        } else if (static_cast<unsigned char>(composed[i]) < 0x20U) {
            made += ' ';
        } else if (is("\xC2\xA0")) {
            made += ' ';
            i += 1;
        } else if (is("\xE2\x80\x90") || is("\xE2\x80\x91") || is("\xE2\x80\x92") ||
                   is("\xE2\x80\x93") || is("\xE2\x80\x94")) {
            made += '-';
            i += 2;
        } else if (is("\xE2\x80\x98") || is("\xE2\x80\x99")) {
            made += '\'';
            i += 2;
        } else if (is("\xE2\x80\x8B") || is("\xEF\xBB\xBF")) {
            i += 2;
        } else if (!(composed[i] == ' ' && !made.empty() && made.back() == ' ')) {
            made += composed[i];
        }
    }
    return std::string(trimmed(made));
}

std::vector<part> parts_of(std::string_view text, const std::vector<break_at>& breaks,
                           const std::vector<bool>& taken) {
    std::vector<part> all;
    std::size_t from = 0;
    const auto add = [&](std::size_t to) {
        const std::string_view piece = trimmed(text.substr(from, to - from));
        if (search_key(piece).empty()) return;
        // The country, behind a place
        if (!all.empty() && (search_key(piece) == "viet nam" || search_key(piece) == "vietnam"))
            return;
        all.push_back(make_part(piece));
    };
    for (std::size_t b = 0; b < breaks.size(); ++b) {
        if (!taken[b]) continue;
        add(breaks[b].from);
        from = breaks[b].to;
    }
    add(text.size());
    return all;
}

/// Edit distance of \p a and \p b (letters put in, left out, changed), or \p most + 1 if larger.
std::size_t distance(std::string_view a, std::string_view b, std::size_t most) {
    if (a.size() > b.size()) std::swap(a, b);
    if (b.size() - a.size() > most) return most + 1;
    std::vector<std::size_t> row(a.size() + 1);
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
        std::size_t corner = row[0];
        row[0] = j;
        std::size_t least = j;
        for (std::size_t i = 1; i <= a.size(); ++i) {
            const std::size_t kept = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
            corner = row[i];
            row[i] = std::min({kept, row[i] + 1, row[i - 1] + 1});
            least = std::min(least, row[i]);
        }
        if (least > most) return most + 1;
    }
    return row[a.size()];
}

bool passes(const gazetteer& units, const unit& u, const unit_filter& filter) {
    if (filter.in && *filter.in != u.in) return false;
    if (filter.level && *filter.level != u.level) return false;
    return !filter.within || units.lies_in(u.ref(), {*filter.within, u.in});
}

}  // namespace

struct unit_index::data {
    /// A full name that units have.
    struct name_entry {
        std::string_view full;
        std::string_view bare;
        prefix_set prefix;
        std::string spelling;
        std::string key;
        std::vector<const unit*> units;
    };
    struct key_entry {
        std::string key;
        std::uint32_t name;
        bool is_alias;

        friend bool operator<(const key_entry& a, const key_entry& b) {
            return std::tie(a.key, a.name, a.is_alias) < std::tie(b.key, b.name, b.is_alias);
        }
    };

    explicit data(const gazetteer& from) : units(from) {
        std::unordered_map<std::string_view, std::uint32_t> known;
        for (edition e : all_editions)
            for (std::size_t l = 0; l < names<unit_level>::all.size(); ++l) {
                const std::span<const unit> list = units.units(e, static_cast<unit_level>(l));
                std::vector<std::uint32_t>& ids = name_ids[index_of(e, static_cast<unit_level>(l))];
                ids.reserve(list.size());
                for (const unit& u : list) {
                    const auto [at, added] =
                        known.try_emplace(u.name, static_cast<std::uint32_t>(entries.size()));
                    if (added) add(u.name);
                    entries[at->second].units.push_back(&u);
                    ids.push_back(at->second);
                }
            }
        std::sort(by_key.begin(), by_key.end());
        std::sort(by_joined.begin(), by_joined.end());
    }

    static std::size_t index_of(edition e, unit_level level) {
        return static_cast<std::size_t>(e) * names<unit_level>::all.size() +
               static_cast<std::size_t>(level);
    }
    void add(std::string_view full) {
        const auto id = static_cast<std::uint32_t>(entries.size());
        name_entry entry{full, full, 0, {}, {}, {}};
        for (std::size_t w = 0; w < prefix_words.size(); ++w) {
            const std::string_view word = prefix_words[w].full;
            if (full.size() > word.size() + 1 && full.substr(0, word.size()) == word &&
                full[word.size()] == ' ') {
                entry.bare = full.substr(word.size() + 1);
                entry.prefix = bit(w);
            }
        }
        entry.spelling = plain_numbers(spelling_key(entry.bare));
        entry.key = plain_numbers(search_key(entry.bare));
        by_key.push_back({entry.key, id, false});
        if (const std::string joined = without_blanks(entry.key); joined != entry.key)
            by_joined.push_back({joined, id, false});
        // "NT" is "nông trường", a state farm: the tables have both.
        constexpr std::string_view farm = "nong truong ";
        if (entry.key.rfind("nt ", 0) == 0)
            by_key.push_back({std::string(farm) + entry.key.substr(3), id, true});
        else if (entry.key.rfind(farm, 0) == 0)
            by_key.push_back({"nt " + entry.key.substr(farm.size()), id, true});
        entries.push_back(std::move(entry));
    }
    [[nodiscard]] static std::span<const key_entry> named(const std::vector<key_entry>& list,
                                                          const std::string& key) {
        struct by_text {
            bool operator()(const key_entry& e, const std::string& k) const { return e.key < k; }
            bool operator()(const std::string& k, const key_entry& e) const { return k < e.key; }
        };
        const auto [first, last] = std::equal_range(list.begin(), list.end(), key, by_text{});
        return {first, last};
    }
    [[nodiscard]] const name_entry& name_of_unit(const unit& u) const {
        const std::span<const unit> list = units.units(u.in, u.level);
        return entries[name_ids[index_of(u.in, u.level)]
                               [static_cast<std::size_t>(&u - list.data())]];
    }

    /// How \p r fits \p entry, whose key it has (with blanks, or without if \p joined).
    [[nodiscard]] static std::optional<fit> fits(const reading& r, const name_entry& entry,
                                                 bool short_name, bool joined) {
        if (r.prefixes != 0 && (r.prefixes & entry.prefix) == 0) return std::nullopt;
        if (joined) return fit{match_kind::folded, 2};
        if (r.is_alias || short_name) return fit{match_kind::alias, 0};
        if (r.bare == entry.bare) return fit{match_kind::exact, 0};
        if (r.spelling == entry.spelling) return fit{match_kind::spelling, 0};
        return fit{match_kind::folded, r.accented ? 1 : 0};
    }
    /// How \p p fits the unit \p u, a unit above the one that is looked for.
    [[nodiscard]] std::optional<fit> fits(const part& p, const unit& u, bool joined) const {
        if (p.code) return *p.code == u.code ? std::optional<fit>(fit{}) : std::nullopt;
        const name_entry& entry = name_of_unit(u);
        std::optional<fit> best;
        for (const reading& r : p.readings) {
            if (r.level && *r.level != u.level) continue;
            const bool same = r.key == entry.key;
            if (!same && !(joined && without_blanks(r.key) == without_blanks(entry.key))) continue;
            const std::optional<fit> one = fits(r, entry, false, !same);
            if (one && (!best || *one < *best)) best = one;
        }
        return best;
    }
    [[nodiscard]] bool passes(const unit& u, const unit_filter& filter) const {
        return ocop::passes(units, u, filter);
    }

    struct hit {
        const unit* which;
        fit how;
    };
    /// Adds \p u where it passes and each later part fits a unit above it.
    void consider(const unit& u, fit how, const std::vector<part>& parts, const unit_filter& filter,
                  bool joined, std::vector<hit>& to) const {
        if (!passes(u, filter)) return;
        for (std::size_t p = 1; p < parts.size(); ++p) {
            std::optional<fit> best;
            for (const unit* above = units.parent(u); above != nullptr;
                 above = units.parent(*above))
                if (const auto one = fits(parts[p], *above, joined); one && (!best || *one < *best))
                    best = one;
            if (!best) return;
            how = worse(how, *best);
        }
        to.push_back({&u, how});
    }
    void collect(const std::vector<part>& parts, const unit_filter& filter, bool joined,
                 std::vector<hit>& to) const {
        if (parts.empty() || parts.size() > most_parts) return;
        const part& first = parts.front();
        if (first.code) {
            for (edition e : all_editions)
                if (const unit* u = units.find(e, *first.code))
                    consider(*u, {}, parts, filter, joined, to);
            return;
        }
        for (const reading& r : first.readings) {
            const auto take = [&](std::span<const key_entry> found, bool blanks_forgotten) {
                for (const key_entry& k : found) {
                    const name_entry& entry = entries[k.name];
                    const std::optional<fit> how = fits(r, entry, k.is_alias, blanks_forgotten);
                    if (!how) continue;
                    for (const unit* u : entry.units)
                        if (!r.level || *r.level == u->level)
                            consider(*u, *how, parts, filter, joined, to);
                }
            };
            take(named(by_key, r.key), false);
            if (!joined) continue;
            const std::string key = without_blanks(r.key);
            take(named(by_joined, key), true);
            if (key != r.key) take(named(by_key, key), true);
        }
    }
    /// The hits of \p text; \p joined forgets blanks.
    [[nodiscard]] std::vector<hit> search(std::string_view text, const unit_filter& filter,
                                          bool joined) const {
        const std::vector<break_at> breaks = breaks_of(text);
        std::vector<std::size_t> soft;
        std::vector<bool> taken(breaks.size());
        for (std::size_t b = 0; b < breaks.size(); ++b) {
            taken[b] = breaks[b].hard;
            if (!breaks[b].hard) soft.push_back(b);
        }
        std::vector<hit> hits;
        // As few splits as will do: "Chân Mây - Lăng Cô" is one name, "Tân Phong - Lai Châu" two.
        constexpr std::size_t most_soft = 5;
        const bool each = soft.size() <= most_soft;
        const std::size_t counts = each ? soft.size() + 1 : 2;
        for (std::size_t count = 0; count < counts && hits.empty(); ++count) {
            if (!each) {
                for (std::size_t s : soft) taken[s] = count != 0;
                collect(parts_of(text, breaks, taken), filter, joined, hits);
                continue;
            }
            for (std::size_t set = 0; set < std::size_t{1} << soft.size(); ++set) {
                std::size_t ones = 0;
                for (std::size_t s = 0; s < soft.size(); ++s) {
                    taken[soft[s]] = (set >> s & 1U) != 0;
                    ones += set >> s & 1U;
                }
                if (ones == count) collect(parts_of(text, breaks, taken), filter, joined, hits);
            }
        }
        return hits;
    }

    gazetteer units;
    std::vector<name_entry> entries;
    std::vector<key_entry> by_key;
    std::vector<key_entry> by_joined;
    std::array<std::vector<std::uint32_t>, edition_count * 3> name_ids;
};

namespace {

/// "Phường 7, Thành phố Bến Tre, Tỉnh Bến Tre"
std::string path_of(const gazetteer& units, const unit& u) {
    std::string text(u.name);
    for (const unit* above = units.parent(u); above != nullptr; above = units.parent(*above)) {
        text += ", ";
        text += above->name;
    }
    return text;
}

/// \p text for a message, which is UTF-8 whatever was given.
std::string shown_text(std::string_view text) {
    return detail::shown(is_utf8(text) ? std::string(text) : fold(text));
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        if (!text.empty()) text += "; ";
        text += name;
    }
    return text;
}

}  // namespace

std::vector<unit_alias> unit_aliases() { return {aliases.begin(), aliases.end()}; }

unit_index::unit_index(const gazetteer& from) : data_(std::make_shared<const data>(from)) {}

std::vector<unit_match> unit_index::find(std::string_view text, const unit_filter& filter) const {
    std::vector<unit_match> made;
    if (text.size() > most_bytes) return made;
    const std::string plain = prepared(text);
    std::vector<data::hit> hits = data_->search(plain, filter, false);
    if (hits.empty()) hits = data_->search(plain, filter, true);
    if (hits.empty()) return made;
    int least = 2;
    for (const data::hit& h : hits) least = std::min(least, h.how.penalty);
    const auto rank = [](const data::hit& h) {
        return std::tuple(h.how.how, h.which->in, h.which->level, h.which->code);
    };
    // One hit for each unit, the best: units by place first, then by fit.
    std::sort(hits.begin(), hits.end(), [](const data::hit& a, const data::hit& b) {
        return std::tuple(a.which->ref(), a.how) < std::tuple(b.which->ref(), b.how);
    });
    hits.erase(
        std::unique(hits.begin(), hits.end(),
                    [](const data::hit& a, const data::hit& b) { return a.which == b.which; }),
        hits.end());
    std::sort(hits.begin(), hits.end(),
              [rank](const data::hit& a, const data::hit& b) { return rank(a) < rank(b); });
    for (const data::hit& h : hits)
        if (h.how.penalty == least) made.push_back({*h.which, h.how.how});
    return made;
}

std::optional<unit> unit_index::try_find_one(std::string_view text, edition in, problems& found,
                                             const unit_filter& filter,
                                             std::string_view pointer) const {
    unit_filter narrowed = filter;
    narrowed.in = in;
    std::vector<unit_match> all = find(text, narrowed);
    if (all.empty()) {
        found.push_back(unknown(text, narrowed, pointer));
        return std::nullopt;
    }
    const match_kind best = all.front().how;
    std::erase_if(all, [best](const unit_match& m) { return m.how != best; });
    if (all.size() == 1) return all.front().which;
    constexpr std::size_t most_told = 4;
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < all.size() && i < most_told; ++i)
        paths.push_back(path_of(units(), all[i].which));
    const std::string list = listed(paths) + (all.size() > most_told ? "; …" : "");
    const std::string count = std::to_string(all.size());
    found.push_back(detail::make_problem(
        problem_code::ambiguous_unit, std::string(pointer), std::string(text),
        detail::told(
            "\"{0}\" có thể là {1} đơn vị trong danh mục {2} ({3}); hãy ghi thêm loại đơn vị "
            "và đơn vị cấp trên, hoặc ghi mã",
            "\"{0}\" may be {1} units of edition {2} ({3}); add the kind of unit and the unit "
            "above it, or give the code",
            {shown_text(text), count, name_of(in), list})));
    return std::nullopt;
}

std::vector<std::string> unit_index::near(std::string_view text, const unit_filter& filter,
                                          std::size_t most) const {
    std::vector<std::string> made;
    if (text.size() > most_bytes || most == 0) return made;
    const std::string plain = prepared(text);
    const std::vector<break_at> breaks = breaks_of(plain);
    std::vector<bool> taken(breaks.size());
    for (std::size_t b = 0; b < breaks.size(); ++b) taken[b] = breaks[b].hard;
    const std::vector<part> parts = parts_of(plain, breaks, taken);
    if (parts.empty() || parts.front().readings.empty()) return made;
    const auto add = [&](std::string name) {
        if (made.size() < most && std::find(made.begin(), made.end(), name) == made.end())
            made.push_back(std::move(name));
    };
    // The name is right and a unit above it is not: where units of this name do lie, newest first.
    if (parts.size() > 1) {
        std::vector<data::hit> hits;
        data_->collect({parts.front()}, filter, false, hits);
        std::stable_sort(hits.begin(), hits.end(), [](const data::hit& a, const data::hit& b) {
            return std::tuple(a.how, b.which->in, a.which->code) <
                   std::tuple(b.how, a.which->in, b.which->code);
        });
        for (const data::hit& h : hits) add(path_of(units(), *h.which));
        if (!made.empty()) return made;
    }
    struct candidate {
        std::size_t far;
        bool other_prefix;
        std::uint32_t name;
    };
    std::vector<candidate> candidates;
    for (const reading& r : parts.front().readings) {
        if (r.prefixes == 0 && parts.front().readings.size() > 1) continue;
        const std::size_t limit = r.key.size() <= 6 ? 1 : r.key.size() <= 12 ? 2 : 3;
        for (std::size_t n = 0; n < data_->entries.size(); ++n) {
            const data::name_entry& entry = data_->entries[n];
            const std::size_t far = distance(r.key, entry.key, limit);
            if (far > limit) continue;
            const bool passes =
                std::any_of(entry.units.begin(), entry.units.end(),
                            [&](const unit* u) { return data_->passes(*u, filter); });
            if (passes)
                candidates.push_back({far, r.prefixes != 0 && (r.prefixes & entry.prefix) == 0,
                                      static_cast<std::uint32_t>(n)});
        }
    }
    std::sort(candidates.begin(), candidates.end(), [](const candidate& a, const candidate& b) {
        return std::tuple(a.far, a.other_prefix, a.name) <
               std::tuple(b.far, b.other_prefix, b.name);
    });
    for (const candidate& c : candidates) add(std::string(data_->entries[c.name].full));
    return made;
}

problem unit_index::unknown(std::string_view text, const unit_filter& filter,
                            std::string_view pointer) const {
    const std::string plain = prepared(text.substr(0, most_bytes));
    const std::string shown = shown_text(text);
    const auto made = [&](label message) {
        return detail::make_problem(problem_code::unknown_unit, std::string(pointer),
                                    std::string(text), std::move(message));
    };
    if (all_digits(plain)) {
        const std::optional<unit_code> code = unit_code::from(plain);
        if (!code)
            return made(detail::told("\"{0}\" không phải mã đơn vị (2, 3 hoặc 5 chữ số, kể cả số 0 "
                                     "ở đầu); nếu là tên thì "
                                     "ghi cả loại đơn vị, như \"Phường {0}\"",
                                     "\"{0}\" is no code of a unit (2, 3 or 5 digits, leading "
                                     "zeros included); if it is a "
                                     "name, write its kind too, as in \"Phường {0}\"",
                                     {shown}));
        problem p =
            units().unknown({*code, filter.in.value_or(latest_edition)}, std::string(pointer));
        p.value = std::string(text);
        return p;
    }
    if (filter.in) {
        unit_filter anywhere = filter;
        anywhere.in.reset();
        std::string others;
        std::array<bool, edition_count> has{};
        for (const unit_match& m : find(text, anywhere))
            has[static_cast<std::size_t>(m.which.in)] = true;
        for (edition e : all_editions)
            if (has[static_cast<std::size_t>(e)]) {
                if (!others.empty()) others += ", ";
                others += name_of(e);
            }
        if (!others.empty())
            return made(detail::told("đơn vị \"{0}\" không có trong danh mục {1}, mà có trong {2}",
                                     "unit \"{0}\" is not in edition {1}, but in {2}",
                                     {shown, name_of(*filter.in), others}));
    }
    const std::string names = listed(near(text, filter));
    const std::string_view in = filter.in ? name_of(*filter.in) : std::string_view();
    if (names.empty())
        return made(filter.in
                        ? detail::told("không tìm thấy đơn vị \"{0}\" trong danh mục {1}; hãy "
                                       "xem lại tên, loại đơn vị và đơn vị cấp trên",
                                       "no unit \"{0}\" is found in edition {1}; check the name, "
                                       "its kind and the unit above it",
                                       {shown, in})
                        : detail::told("không tìm thấy đơn vị \"{0}\"; hãy xem lại tên, loại đơn "
                                       "vị và đơn vị cấp trên",
                                       "no unit \"{0}\" is found; check the name, its kind and "
                                       "the unit above it",
                                       {shown}));
    return made(
        filter.in ? detail::told("không tìm thấy đơn vị \"{0}\" trong danh mục {1}; gần giống: {2}",
                                 "no unit \"{0}\" is found in edition {1}; near it: {2}",
                                 {shown, in, names})
                  : detail::told("không tìm thấy đơn vị \"{0}\"; gần giống: {1}",
                                 "no unit \"{0}\" is found; near it: {1}", {shown, names}));
}

const gazetteer& unit_index::units() const noexcept { return data_->units; }

const unit_index& bundled_unit_index() {
    static const unit_index& all = *new unit_index(bundled_units());  // never destroyed
    return all;
}

std::vector<unit_match> find_units(std::string_view text, const unit_filter& filter) {
    // A code needs no names, and their index costs more than all else.
    const std::optional<unit_code> code = unit_code::from(trimmed(text));
    if (!code) return bundled_unit_index().find(text, filter);
    std::vector<unit_match> made;
    for (edition e : all_editions)
        if (const unit* u = bundled_units().find(e, *code);
            u != nullptr && passes(bundled_units(), *u, filter))
            made.push_back({*u, match_kind::exact});
    return made;
}

}  // namespace ocop
