#include "everything.hpp"

int version_seen_by_two();

int version_seen_by_two() {
    return OCOP_VERSION_MAJOR * 10000 + OCOP_VERSION_MINOR * 100 + OCOP_VERSION_PATCH;
}
