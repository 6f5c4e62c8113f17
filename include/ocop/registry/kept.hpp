/// \file kept.hpp
/// A value that is written once and shared: what makes a journal and a registry of a million records
/// cheap to copy.
#pragma once

#include <concepts>
#include <memory>
#include <utility>

namespace ocop {

/// A value that never changes; copies share it. Compares by what it holds. A default kept<T> holds
/// `T()` and allocates nothing; there is none where T has no default. Moving is copying: one that was
/// moved from still holds its value, so that an event that was refused can be given again.
template <class T>
class kept {
public:
    kept() noexcept requires std::default_initializable<T>
    = default;
    kept(const kept&) noexcept = default;
    kept& operator=(const kept&) noexcept = default;
    ~kept() = default;
    kept(T value) : value_(std::make_shared<const T>(std::move(value))) {}  // NOLINT: a T is wanted

    [[nodiscard]] const T& operator*() const noexcept {
        if constexpr (std::default_initializable<T>) {
            if (!value_) return empty();
        }
        return *value_;
    }
    [[nodiscard]] const T* operator->() const noexcept { return &**this; }
    /// Whether it was made from a value.
    [[nodiscard]] bool given() const noexcept { return value_ != nullptr; }

    friend bool operator==(const kept& a, const kept& b) {
        return a.value_ == b.value_ || *a == *b;
    }

private:
    static const T& empty() noexcept requires std::default_initializable<T> {
        static const T none{};
        return none;
    }

    std::shared_ptr<const T> value_;
};

}  // namespace ocop
