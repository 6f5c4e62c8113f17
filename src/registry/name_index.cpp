#include "registry/name_index.hpp"

#include <algorithm>

#include "ocop/base/fold.hpp"

namespace ocop::detail {
namespace {

constexpr char separator = '\x1f';  // never in a key: controls are folded to blanks
constexpr std::size_t least_inside = 3;

/// FNV-1a.
std::uint32_t hash_of(std::string_view word) noexcept {
    std::uint32_t hash = 2166136261U;
    for (char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return hash ^ hash >> 15U;
}

/// Asks the memory for what is at \p place, where the compiler knows how.
void fetch([[maybe_unused]] const void* place) noexcept {
#if defined(__GNUC__)
    __builtin_prefetch(place);
#endif
}

/// Cuts \p text at \p mark and hands each piece on.
template <class Take>
void each_piece(std::string_view text, char mark, const Take& take) {
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t end = std::min(text.find(mark, from), text.size());
        take(text.substr(from, end - from));
        from = end + 1;
    }
}

template <class Take>
void each_word(std::string_view keys, const Take& take) {
    each_piece(keys, separator, [&](std::string_view key) {
        each_piece(key, ' ', [&](std::string_view word) {
            if (!word.empty()) take(word);
        });
    });
}

/// Whether \p word stands in \p key as a word, or begins one where \p start.
bool has_word(std::string_view key, std::string_view word, bool start) noexcept {
    for (std::size_t at = key.find(word); at != std::string_view::npos;
         at = key.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if ((at == 0 || key[at - 1] == ' ') && (start || end == key.size() || key[end] == ' '))
            return true;
    }
    return false;
}

/// Slots in any of \p lists, ascending.
word_lists::list united(std::vector<const word_lists::list*>& lists) {
    if (lists.empty()) return {};
    const auto longest = std::max_element(lists.begin(), lists.end(),
                                          [](auto* a, auto* b) { return a->size() < b->size(); });
    if (lists.size() == 1) return *lists.front();
    std::iter_swap(lists.begin(), longest);
    word_lists::list others;
    for (std::size_t i = 1; i < lists.size(); ++i)
        others.insert(others.end(), lists[i]->begin(), lists[i]->end());
    std::sort(others.begin(), others.end());
    word_lists::list all;
    all.reserve(others.size() + lists.front()->size());
    std::set_union(lists.front()->begin(), lists.front()->end(), others.begin(), others.end(),
                   std::back_inserter(all));
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

/// Keeps those of \p some that stand in \p list. Steps double, so that a long list costs little.
void keep_common(word_lists::list& some, const word_lists::list& list) {
    std::size_t kept_count = 0;
    auto from = list.begin();
    for (std::uint32_t slot : some) {
        std::ptrdiff_t step = 1;
        while (step < list.end() - from && from[step] < slot) step *= 2;
        from =
            std::lower_bound(from + step / 2, from + std::min(step + 1, list.end() - from), slot);
        if (from == list.end()) break;
        if (*from == slot) some[kept_count++] = slot;
    }
    some.resize(kept_count);
}

}  // namespace

void word_lists::add(std::string_view word, std::uint32_t slot) {
    if ((begins_.size() + 1) * 2 > cells_.size()) grow();
    const std::size_t cell = cell_of(word);
    if (cells_[cell] == 0) {
        begins_.push_back(static_cast<std::uint32_t>(text_.size()));
        text_ += word;
        text_ += separator;
        lists_.emplace_back();
        cells_[cell] = static_cast<std::uint32_t>(begins_.size());
    }
    list& slots = lists_[cells_[cell] - 1];
    if (slots.empty() || slots.back() < slot) {
        slots.push_back(slot);
    } else {
        const auto at = std::lower_bound(slots.begin(), slots.end(), slot);
        if (*at != slot) slots.insert(at, slot);
    }
}

void word_lists::remove(std::string_view word, std::uint32_t slot) {
    const std::size_t cell = cells_.empty() ? 0 : cell_of(word);
    if (cells_.empty() || cells_[cell] == 0) return;
    list& slots = lists_[cells_[cell] - 1];
    const auto at = std::lower_bound(slots.begin(), slots.end(), slot);
    if (at != slots.end() && *at == slot) slots.erase(at);
}

const word_lists::list& word_lists::find(std::string_view word) const noexcept {
    static const list none;
    if (cells_.empty()) return none;
    const std::size_t cell = cell_of(word);
    return cells_[cell] == 0 ? none : lists_[cells_[cell] - 1];
}

std::size_t word_lists::memory() const noexcept {
    std::size_t bytes = text_.capacity() + begins_.capacity() * sizeof(std::uint32_t) +
                        cells_.capacity() * sizeof(std::uint32_t) +
                        lists_.capacity() * sizeof(list);
    for (const list& one : lists_) bytes += one.capacity() * sizeof(std::uint32_t);
    return bytes;
}

std::string_view word_lists::word_of(std::size_t word) const noexcept {
    const std::size_t end = word + 1 < begins_.size() ? begins_[word + 1] : text_.size();
    return std::string_view(text_).substr(begins_[word], end - begins_[word] - 1);
}

std::size_t word_lists::word_at(std::size_t at) const noexcept {
    return static_cast<std::size_t>(std::upper_bound(begins_.begin(), begins_.end(), at) -
                                    begins_.begin()) -
           1;
}

std::size_t word_lists::cell_of(std::string_view word) const noexcept {
    const std::size_t last = cells_.size() - 1;
    for (std::size_t cell = hash_of(word) & last;; cell = (cell + 1) & last)
        if (cells_[cell] == 0 || word_of(cells_[cell] - 1) == word) return cell;
}

void word_lists::grow() {
    constexpr std::size_t least = 64;
    cells_.assign(std::max(least, cells_.size() * 2), 0);
    for (std::size_t word = 0; word < begins_.size(); ++word)
        cells_[cell_of(word_of(word))] = static_cast<std::uint32_t>(word + 1);
}

name_question::name_question(std::string_view text)
    : folded(search_key(text)), spelled(spelling_key(text)) {
    accents = spelled != folded;
    inside = folded.size() >= least_inside;
}

std::optional<match_grade> grade_of(std::string_view key, std::string_view asked,
                                    bool inside) noexcept {
    if (asked.empty()) return std::nullopt;
    bool somewhere = false;
    for (std::size_t at = key.find(asked); at != std::string_view::npos;
         at = key.find(asked, at + 1)) {
        if (at == 0) return key.size() == asked.size() ? match_grade::whole : match_grade::start;
        if (key[at - 1] == ' ') return match_grade::phrase;
        somewhere = true;
    }
    bool all = true;
    for (std::size_t from = 0; from <= asked.size() && all;) {
        const std::size_t end = std::min(asked.find(' ', from), asked.size());
        all = has_word(key, asked.substr(from, end - from), end == asked.size());
        from = end + 1;
    }
    if (all) return match_grade::words;
    if (somewhere && inside) return match_grade::substring;
    return std::nullopt;
}

void name_index::put(std::uint32_t slot, std::span<const std::string_view> names) {
    if (parts_.size() <= slot) parts_.resize(slot + 1);
    std::string spelled;
    part made;
    made.begin = text_.size();
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) {
            text_ += separator;
            spelled += separator;
        }
        text_ += search_key(names[i]);
        spelled += spelling_key(names[i]);
    }
    made.folded = static_cast<std::uint32_t>(text_.size() - made.begin);
    const std::string_view folded = std::string_view(text_).substr(made.begin);
    if (folded != spelled) {
        made.spelled = static_cast<std::uint32_t>(spelled.size());
        text_ += spelled;
    }
    parts_[slot] = made;
    each_word(keys(slot), [&](std::string_view word) { words_.add(word, slot); });
}

void name_index::drop(std::uint32_t slot) {
    each_word(keys(slot), [&](std::string_view word) { words_.remove(word, slot); });
    idle_ += parts_[slot].folded + parts_[slot].spelled;
    parts_[slot] = {};
    constexpr std::uint64_t worth = 1 << 16;
    if (idle_ > worth && idle_ > text_.size() / 2) compact();
}

void name_index::reserve(std::size_t slots) {
    constexpr std::size_t usual = 56;
    parts_.reserve(slots);
    text_.reserve(slots * usual);
}

void name_index::compact() {
    std::string text;
    text.reserve(text_.size() - idle_);
    for (part& one : parts_) {
        const std::size_t begin = text.size();
        text.append(text_, one.begin, one.folded + one.spelled);
        one.begin = begin;
    }
    text_ = std::move(text);
    idle_ = 0;
}

std::string_view name_index::keys(std::uint32_t slot) const noexcept {
    if (slot >= parts_.size()) return {};
    return std::string_view(text_).substr(parts_[slot].begin, parts_[slot].folded);
}

std::string_view name_index::spelled_keys(std::uint32_t slot) const noexcept {
    const part& one = parts_[slot];
    if (one.spelled == 0) return keys(slot);
    return std::string_view(text_).substr(one.begin + one.folded, one.spelled);
}

std::string_view name_index::key(std::uint32_t slot) const noexcept {
    const std::string_view all = keys(slot);
    return all.substr(0, std::min(all.find(separator), all.size()));
}

std::optional<name_match> name_index::match(std::uint32_t slot,
                                            const name_question& asked) const noexcept {
    std::optional<name_match> best;
    const auto better = [&best](const name_match& one) {
        if (!best) return true;
        if (one.accents != best->accents) return one.accents;
        if (one.grade != best->grade) return one.grade < best->grade;
        return one.length < best->length;
    };
    std::string_view folded = keys(slot);
    std::string_view spelled = spelled_keys(slot);
    for (std::uint32_t piece = 0;; ++piece) {
        const std::size_t end = std::min(folded.find(separator), folded.size());
        const std::size_t spelled_end = std::min(spelled.find(separator), spelled.size());
        name_match one{slot, piece, static_cast<std::uint32_t>(end), match_grade::whole, true};
        std::optional<match_grade> grade;
        if (asked.accents)
            grade = grade_of(spelled.substr(0, spelled_end), asked.spelled, asked.inside);
        if (!grade) {
            grade = grade_of(folded.substr(0, end), asked.folded, asked.inside);
            one.accents = !asked.accents;
        }
        if (grade) {
            one.grade = *grade;
            if (better(one)) best = one;
        }
        if (end == folded.size()) return best;
        folded.remove_prefix(end + 1);
        spelled.remove_prefix(std::min(spelled_end + 1, spelled.size()));
    }
}

std::vector<name_match> name_index::find(const name_question& asked) const {
    if (asked.folded.empty()) return {};
    std::vector<std::string_view> words;
    each_word(asked.folded, [&](std::string_view word) { words.push_back(word); });

    // The lists of words that each word of the question may stand for; the place with the fewest slots
    // leads.
    std::vector<std::vector<const word_lists::list*>> places(words.size());
    std::size_t lead = 0;
    std::size_t least = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        const bool last = i + 1 == words.size();
        std::size_t slots = 0;
        const auto take = [&](const word_lists::list& list) {
            places[i].push_back(&list);
            slots += list.size();
        };
        if (!last && (i > 0 || !asked.inside)) {
            take(words_.find(word));
        } else {
            words_.containing(word, [&](std::string_view found, const word_lists::list& list) {
                const bool starts = found.starts_with(word);
                const bool fits = last && i == 0 ? starts || asked.inside
                                  : last         ? starts
                                                 : found.ends_with(word);
                if (fits) take(list);
            });
        }
        if (slots == 0) return {};
        if (i == 0 || slots < least) {
            least = slots;
            lead = i;
        }
    }
    word_lists::list some = united(places[lead]);
    for (std::size_t i = 0; i < places.size(); ++i)
        if (i != lead && places[i].size() == 1) keep_common(some, *places[i].front());

    // Names lie far apart: they are fetched before they are wanted.
    constexpr std::size_t ahead = 12;
    std::vector<name_match> found;
    found.reserve(some.size());
    for (std::size_t i = 0; i < some.size(); ++i) {
        if (i + 2 * ahead < some.size()) fetch(&parts_[some[i + 2 * ahead]]);
        if (i + ahead < some.size()) {
            const char* text = text_.data() + parts_[some[i + ahead]].begin;
            fetch(text);
            fetch(text + 64);
        }
        if (const auto one = match(some[i], asked)) found.push_back(*one);
    }
    return found;
}

std::size_t name_index::memory() const noexcept {
    return parts_.capacity() * sizeof(part) + text_.capacity() + words_.memory();
}

bool name_index::listed(std::uint32_t slot) const {
    bool all = true;
    each_word(keys(slot), [&](std::string_view word) {
        const word_lists::list& slots = words_.find(word);
        all = all && std::binary_search(slots.begin(), slots.end(), slot);
    });
    return all;
}

}  // namespace ocop::detail
