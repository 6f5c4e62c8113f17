/// \file journal.hpp
/// The events of a registry in the order in which they were taken in. Only ever grows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ocop/registry/event.hpp"

namespace ocop {

/// Events in order. A regular value; iterates as a range of const event. The first event has the
/// sequence number 1.
class journal {
public:
    using value_type = event;
    using const_iterator = std::vector<event>::const_iterator;

    [[nodiscard]] std::size_t size() const noexcept { return events_.size(); }
    [[nodiscard]] bool empty() const noexcept { return events_.empty(); }
    [[nodiscard]] const_iterator begin() const noexcept { return events_.begin(); }
    [[nodiscard]] const_iterator end() const noexcept { return events_.end(); }
    /// The event with sequence number \p i + 1; \p i below size().
    [[nodiscard]] const event& operator[](std::size_t i) const noexcept { return events_[i]; }

    /// Puts \p one at the end. What it means is checked by the registry that takes it in.
    void append(event one) { events_.push_back(std::move(one)); }
    /// Makes room for \p count events in all.
    void reserve(std::size_t count) { events_.reserve(count); }

    friend bool operator==(const journal&, const journal&) = default;

private:
    friend class registry;
    void drop_last() noexcept { events_.pop_back(); }

    std::vector<event> events_;
};

}  // namespace ocop
