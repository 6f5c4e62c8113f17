/// \file parallel.hpp
/// Work in parts: the host chooses who runs them. Every function that takes an executor gives the
/// same result with any of them.
#pragma once

#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace ocop {

/// Runs everything in the calling thread. An executor is a callable `(std::size_t parts, part)`
/// that calls `part(i)` once for each i below \p parts, in any order and any thread, and returns
/// when all are done.
struct in_this_thread {
    /// Into how many parts work is best cut.
    [[nodiscard]] std::size_t width() const noexcept { return 1; }
    template <class Part>
    void operator()(std::size_t parts, Part&& part) const {
        for (std::size_t i = 0; i < parts; ++i) part(i);
    }
};

/// Runs the parts in \ref count threads, the calling one among them, started for each call.
/// Exceptions of a part reach the caller once all threads have ended.
class in_threads {
public:
    /// \p count threads; 0: as many as the machine has.
    explicit in_threads(std::size_t count)
        : count_(count != 0 ? count : std::thread::hardware_concurrency()) {
        if (count_ == 0) count_ = 1;
    }
    [[nodiscard]] std::size_t width() const noexcept { return count_; }

    template <class Part>
    void operator()(std::size_t parts, Part&& part) const {
        const std::size_t workers = parts < count_ ? parts : count_;
        if (workers <= 1) {
            in_this_thread()(parts, part);
            return;
        }
        std::exception_ptr failure;
        std::mutex guard;
        const auto run = [&](std::size_t worker) {
            try {
                for (std::size_t i = worker; i < parts; i += workers) part(i);
            } catch (...) {
                const std::lock_guard<std::mutex> lock(guard);
                if (!failure) failure = std::current_exception();
            }
        };
        {
            std::vector<std::jthread> threads;
            threads.reserve(workers - 1);
            for (std::size_t worker = 1; worker < workers; ++worker)
                threads.emplace_back(run, worker);
            run(0);
        }
        if (failure) std::rethrow_exception(failure);
    }

private:
    std::size_t count_;
};

}  // namespace ocop
