# Finds utf8proc, which comes without CMake files on Debian. Installed beside ocop-config.cmake, since
# a static ocop::ocop needs it at the consumer's link.
#
# Result: utf8proc_FOUND, utf8proc_VERSION, the target utf8proc::utf8proc.
# Hint: utf8proc_ROOT (or CMAKE_PREFIX_PATH).
include(FindPackageHandleStandardArgs)

find_package(utf8proc QUIET CONFIG)
if(utf8proc_FOUND AND TARGET utf8proc::utf8proc)
    find_package_handle_standard_args(utf8proc CONFIG_MODE)
    return()
endif()

find_path(utf8proc_INCLUDE_DIR utf8proc.h)
find_library(utf8proc_LIBRARY NAMES utf8proc utf8proc_static)
mark_as_advanced(utf8proc_INCLUDE_DIR utf8proc_LIBRARY)

unset(utf8proc_VERSION)
if(utf8proc_INCLUDE_DIR AND EXISTS "${utf8proc_INCLUDE_DIR}/utf8proc.h")
    file(STRINGS "${utf8proc_INCLUDE_DIR}/utf8proc.h" utf8proc_version_lines
        REGEX "^#define UTF8PROC_VERSION_(MAJOR|MINOR|PATCH) +[0-9]+")
    set(utf8proc_version_parts "")
    foreach(utf8proc_part IN ITEMS MAJOR MINOR PATCH)
        if("${utf8proc_version_lines}" MATCHES "UTF8PROC_VERSION_${utf8proc_part} +([0-9]+)")
            list(APPEND utf8proc_version_parts "${CMAKE_MATCH_1}")
        endif()
    endforeach()
    list(JOIN utf8proc_version_parts "." utf8proc_VERSION)
    unset(utf8proc_version_parts)
    unset(utf8proc_version_lines)
    unset(utf8proc_part)
endif()

find_package_handle_standard_args(utf8proc
    REQUIRED_VARS utf8proc_LIBRARY utf8proc_INCLUDE_DIR
    VERSION_VAR utf8proc_VERSION
    REASON_FAILURE_MESSAGE "Debian and Ubuntu have it in libutf8proc-dev")

if(utf8proc_FOUND AND NOT TARGET utf8proc::utf8proc)
    add_library(utf8proc::utf8proc UNKNOWN IMPORTED)
    set_target_properties(utf8proc::utf8proc PROPERTIES
        IMPORTED_LOCATION "${utf8proc_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${utf8proc_INCLUDE_DIR}")
    if(WIN32 AND utf8proc_LIBRARY MATCHES "static")
        set_property(TARGET utf8proc::utf8proc PROPERTY INTERFACE_COMPILE_DEFINITIONS UTF8PROC_STATIC)
    endif()
endif()
