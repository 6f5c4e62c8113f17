// Names that can be found by their words, with and without accents, and that may change.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ocop/registry/query.hpp"

namespace ocop::detail {

/// The words of all names, each with the slots whose names hold it.
class word_lists {
public:
    using list = std::vector<std::uint32_t>;

    /// \p slot holds \p word; a second time changes nothing.
    void add(std::string_view word, std::uint32_t slot);
    void remove(std::string_view word, std::uint32_t slot);
    /// The slots of \p word, ascending.
    [[nodiscard]] const list& find(std::string_view word) const noexcept;
    /// Calls `take(word, slots)` for every word that contains \p piece.
    template <class Take>
    void containing(std::string_view piece, const Take& take) const {
        for (std::size_t at = text_.find(piece); at != std::string::npos;
             at = text_.find(piece, at)) {
            const std::size_t word = word_at(at);
            if (!lists_[word].empty()) take(word_of(word), lists_[word]);
            if (word + 1 == begins_.size()) break;
            at = begins_[word + 1];
        }
    }
    [[nodiscard]] std::size_t memory() const noexcept;

private:
    [[nodiscard]] std::string_view word_of(std::size_t word) const noexcept;
    [[nodiscard]] std::size_t word_at(std::size_t at) const noexcept;
    [[nodiscard]] std::size_t cell_of(std::string_view word) const noexcept;
    void grow();

    std::string text_;                   ///< every word, each with a separator behind it
    std::vector<std::uint32_t> begins_;  ///< of each word in text_
    std::vector<list> lists_;
    std::vector<std::uint32_t> cells_;  ///< 1 + number of a word; 2^n of them
};

/// A name that fits.
struct name_match {
    std::uint32_t slot = 0;
    std::uint32_t piece = 0;   ///< which of the slot's names
    std::uint32_t length = 0;  ///< of its folded key
    match_grade grade = match_grade::substring;
    bool accents = false;
};

/// What is searched, in the forms that are compared.
struct name_question {
    explicit name_question(std::string_view text);

    std::string folded;
    std::string spelled;
    bool accents = false;  ///< the text has accents
    bool inside = false;   ///< long enough to stand anywhere inside a word
};

/// How well \p key, a search or spelling key, fits \p asked, one of the same kind; nothing where it
/// does not.
[[nodiscard]] std::optional<match_grade> grade_of(std::string_view key, std::string_view asked,
                                                  bool inside) noexcept;

/// The names of many things. Each slot has one name or more.
class name_index {
public:
    /// Gives \p slot its names; it must have none.
    void put(std::uint32_t slot, std::span<const std::string_view> names);
    /// Takes the names of \p slot away.
    void drop(std::uint32_t slot);
    void reserve(std::size_t slots);

    /// Every slot with a name that fits, each once with its best name; ascending by slot.
    [[nodiscard]] std::vector<name_match> find(const name_question& asked) const;
    /// The folded key of the first name of \p slot; valid until the next change.
    [[nodiscard]] std::string_view key(std::uint32_t slot) const noexcept;
    /// All folded keys of \p slot with separators between; valid until the next change.
    [[nodiscard]] std::string_view keys(std::uint32_t slot) const noexcept;
    [[nodiscard]] std::size_t memory() const noexcept;
    /// Whether \p slot is found by each of its words.
    [[nodiscard]] bool listed(std::uint32_t slot) const;

private:
    struct part {
        std::uint64_t begin = 0;
        std::uint32_t folded = 0;   ///< bytes of the folded keys
        std::uint32_t spelled = 0;  ///< bytes of the spelling keys, which follow; 0: the same
    };
    [[nodiscard]] std::string_view spelled_keys(std::uint32_t slot) const noexcept;
    [[nodiscard]] std::optional<name_match> match(std::uint32_t slot,
                                                  const name_question& asked) const noexcept;
    void compact();

    std::vector<part> parts_;
    std::string text_;        ///< folded keys, then spelling keys, of slot after slot
    std::uint64_t idle_ = 0;  ///< bytes of text_ that belong to no slot any more
    word_lists words_;
};

}  // namespace ocop::detail
