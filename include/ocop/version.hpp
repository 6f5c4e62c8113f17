/// \file version.hpp
/// The version of this library; CMake reads it from here.
#pragma once

#define OCOP_VERSION_MAJOR 0
#define OCOP_VERSION_MINOR 1
#define OCOP_VERSION_PATCH 0
#define OCOP_VERSION_STRING "0.1.0"
