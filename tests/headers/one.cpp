#include "everything.hpp"

int version_seen_by_two();

int main() {
    constexpr int here = OCOP_VERSION_MAJOR * 10000 + OCOP_VERSION_MINOR * 100 + OCOP_VERSION_PATCH;
    return version_seen_by_two() == here ? 0 : 1;
}
