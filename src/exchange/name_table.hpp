// Names and their numbers, in the order in which they came.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "csv_scan.hpp"

namespace ocop::detail {

/// Bytes that stay where they are.
class text_store {
public:
    [[nodiscard]] std::string_view keep(std::string_view text) {
        if (text.size() > left_) {
            // A text larger than a block gets one of its own; the block at hand stays in use.
            if (text.size() > block / 4) {
                large_.push_back(std::make_unique<char[]>(text.size()));
                std::memcpy(large_.back().get(), text.data(), text.size());
                return {large_.back().get(), text.size()};
            }
            blocks_.push_back(std::make_unique<char[]>(block));
            at_ = blocks_.back().get();
            left_ = block;
        }
        if (text.empty()) return {};
        std::memcpy(at_, text.data(), text.size());
        const std::string_view kept(at_, text.size());
        at_ += text.size();
        left_ -= text.size();
        return kept;
    }
    /// Forgets all texts; the memory of one block stays.
    void clear() noexcept {
        large_.clear();
        if (blocks_.empty()) return;
        blocks_.resize(1);
        at_ = blocks_.front().get();
        left_ = block;
    }

private:
    static constexpr std::size_t block = std::size_t{1} << 16;
    std::vector<std::unique_ptr<char[]>> blocks_;
    std::vector<std::unique_ptr<char[]>> large_;
    char* at_ = nullptr;
    std::size_t left_ = 0;
};

/// A list that grows in pieces: no copy of what is there, and no memory twice as large meanwhile.
template <class Item>
class piece_list {
public:
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] Item& operator[](std::size_t i) noexcept { return pieces_[i / piece][i % piece]; }
    [[nodiscard]] const Item& operator[](std::size_t i) const noexcept {
        return pieces_[i / piece][i % piece];
    }
    /// A new item at the end, as its type makes it.
    Item& add() {
        if (size_ % piece == 0) pieces_.push_back(std::make_unique<Item[]>(piece));
        return (*this)[size_++];
    }

private:
    static constexpr std::size_t piece = 2048;
    std::vector<std::unique_ptr<Item[]>> pieces_;
    std::size_t size_ = 0;
};

/// Numbers names from 0. Names that share a hash on purpose make it a balanced tree.
class name_table {
public:
    static constexpr std::uint32_t none = 0xFFFFFFFFU;

    [[nodiscard]] std::size_t size() const noexcept { return names_.size(); }
    [[nodiscard]] std::string_view name(std::size_t number) const noexcept {
        return names_[number];
    }

    /// The number of \p name, given to it now if it is new.
    [[nodiscard]] std::uint32_t number(std::string_view name) {
        return number(name, hash_of(name));
    }
    /// As above, for a name whose hash_of() is known.
    [[nodiscard]] std::uint32_t number(std::string_view name, std::uint64_t hash) {
        if (2 * (names_.size() + 1) > slots_.size()) grow();
        const auto tag = static_cast<std::uint32_t>(hash >> 32U);
        const std::size_t mask = slots_.size() - 1;
        std::size_t at = tag & mask;
        for (std::size_t tried = 0; tried < most_tries; ++tried, at = (at + 1) & mask) {
            slot& s = slots_[at];
            if (s.number == none) {
                // A name that found no place in a smaller table stands in the tree.
                if (!crowded_.empty()) break;
                s = {tag, add(name)};
                return s.number;
            }
            if (s.tag == tag && same_text(names_[s.number], name)) return s.number;
        }
        const auto found = crowded_.find(name);
        if (found != crowded_.end()) return found->second;
        const std::uint32_t made = add(name);
        crowded_.emplace(names_[made], made);
        return made;
    }

    /// Fetches what number() will look at for a name of \p hash, while there is other work.
    void expect(std::uint64_t hash) const noexcept {
#if defined(__GNUC__)
        if (!slots_.empty()) __builtin_prefetch(&slots_[(hash >> 32U) & (slots_.size() - 1)]);
#else
        static_cast<void>(hash);
#endif
    }

private:
    struct slot {
        std::uint32_t tag = 0;
        std::uint32_t number = none;
    };
    static constexpr std::size_t most_tries = 64;

    std::uint32_t add(std::string_view name) {
        names_.add() = store_.keep(name);
        return static_cast<std::uint32_t>(names_.size() - 1);
    }

    void grow() {
        constexpr std::size_t first = 64;
        std::vector<slot> old(slots_.empty() ? first : slots_.size() * 2);
        old.swap(slots_);
        const std::size_t mask = slots_.size() - 1;
        for (const slot& s : old) {
            if (s.number == none) continue;
            std::size_t at = s.tag & mask;
            std::size_t tried = 0;
            for (; tried < most_tries && slots_[at].number != none; ++tried) at = (at + 1) & mask;
            if (tried < most_tries)
                slots_[at] = s;
            else
                crowded_.emplace(names_[s.number], s.number);
        }
    }

    text_store store_;
    piece_list<std::string_view> names_;
    std::vector<slot> slots_;
    std::map<std::string_view, std::uint32_t> crowded_;
};

}  // namespace ocop::detail
