/// \file config.hpp
/// Export attribute of the compiled library. A class is either wholly in headers (no OCOP_API) or
/// wholly compiled (OCOP_API on its functions): MSVC would export inline members otherwise.
#pragma once

#if defined(OCOP_STATIC)
#define OCOP_API
#elif defined(_WIN32)
#if defined(OCOP_BUILDING)
#define OCOP_API __declspec(dllexport)
#else
#define OCOP_API __declspec(dllimport)
#endif
#else
#define OCOP_API __attribute__((visibility("default")))
#endif
