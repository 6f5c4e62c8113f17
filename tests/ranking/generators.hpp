// Random numbers of the tests' own: a seed means the same on every platform.
#pragma once

#include <cstddef>
#include <cstdint>

namespace support {

/// splitmix64.
class dice {
public:
    explicit dice(std::uint64_t seed) : state_(seed) {}
    std::size_t below(std::size_t n) {
        state_ += 0x9E3779B97F4A7C15U;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        return static_cast<std::size_t>((z ^ (z >> 31)) % n);
    }

private:
    std::uint64_t state_;
};

/// Park and Miller's generator (48271), which R and other languages compute alike in doubles.
struct draws {
    std::uint64_t state;
    std::uint32_t below(std::uint32_t n) {
        state = state * 48271U % 2147483647U;
        return static_cast<std::uint32_t>(state % n);
    }
    /// Nearly normal: the sum of twelve.
    double bell() {
        double sum = 0.0;
        for (int i = 0; i < 12; ++i) sum += below(1001);
        return sum / 1000.0 - 6.0;
    }
};

}  // namespace support
