# ocop_warnings(target...): the warnings of the house, for its own targets and never for consumers.
function(ocop_warnings)
    foreach(target IN LISTS ARGN)
        if(MSVC)
            target_compile_options(${target} PRIVATE /W4 /utf-8 /permissive- /EHsc)
        else()
            target_compile_options(${target} PRIVATE
                -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast
                -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Wformat=2)
            if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
                # False alarms on "…" + std::string, GCC bug 105651.
                target_compile_options(${target} PRIVATE -Wno-restrict)
            endif()
        endif()
        set_target_properties(${target} PROPERTIES
            CXX_EXTENSIONS OFF
            COMPILE_WARNING_AS_ERROR ${OCOP_WARNINGS_AS_ERRORS})
    endforeach()
endfunction()
