# Install rules. Components: Runtime (shared library, tool), Development (the rest). Nothing installed
# holds a path of this machine, so that the installed tree can be moved as a whole.
include(CMakePackageConfigHelpers)

set(config_dir "${CMAKE_INSTALL_DATADIR}/cmake/ocop")
set(pc_dir "${CMAKE_INSTALL_DATADIR}/pkgconfig")
set(arch_independent ARCH_INDEPENDENT)
set(ocop_library_type "")
if(TARGET ocop_ocop)
    set(config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/ocop")
    set(pc_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
    set(arch_independent "")
    get_target_property(ocop_library_type ocop_ocop TYPE)
endif()

# Two export sets: a header-only install does not mention the library.
install(TARGETS ocop_core EXPORT ocop-core-targets
    FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT Development)
install(EXPORT ocop-core-targets NAMESPACE ocop:: DESTINATION "${config_dir}" COMPONENT Development)
if(TARGET ocop_ocop)
    install(TARGETS ocop_ocop EXPORT ocop-targets
        RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT Runtime
        LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
            COMPONENT Runtime NAMELINK_COMPONENT Development
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT Development
        FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT Development)
    install(EXPORT ocop-targets NAMESPACE ocop:: DESTINATION "${config_dir}" COMPONENT Development)
    install(FILES "${PROJECT_SOURCE_DIR}/cmake/Findutf8proc.cmake"
        DESTINATION "${config_dir}" COMPONENT Development)
endif()

configure_package_config_file(
    "${PROJECT_SOURCE_DIR}/cmake/ocop-config.cmake.in" "${PROJECT_BINARY_DIR}/ocop-config.cmake"
    INSTALL_DESTINATION "${config_dir}"
    NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/ocop-config-version.cmake"
    COMPATIBILITY SameMinorVersion ${arch_independent}) # until 1.0, then SameMajorVersion
install(FILES
    "${PROJECT_BINARY_DIR}/ocop-config.cmake" "${PROJECT_BINARY_DIR}/ocop-config-version.cmake"
    DESTINATION "${config_dir}" COMPONENT Development)

# pkg-config: the prefix is told from where the .pc file lies. A folder given as an absolute path
# (some distributions do) is kept as it is.
if(IS_ABSOLUTE "${pc_dir}")
    set(ocop_pc_prefix "${CMAKE_INSTALL_PREFIX}")
else()
    string(REGEX REPLACE "[^/]+" ".." up "${pc_dir}")
    set(ocop_pc_prefix "\${pcfiledir}/${up}")
endif()
foreach(kind IN ITEMS include lib)
    string(TOUPPER "${kind}" upper)
    if(IS_ABSOLUTE "${CMAKE_INSTALL_${upper}DIR}")
        set(ocop_pc_${kind}dir "${CMAKE_INSTALL_${upper}DIR}")
    else()
        set(ocop_pc_${kind}dir "\${prefix}/${CMAKE_INSTALL_${upper}DIR}")
    endif()
endforeach()
configure_file("${PROJECT_SOURCE_DIR}/cmake/ocop-core.pc.in" "${PROJECT_BINARY_DIR}/ocop-core.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/ocop-core.pc" DESTINATION "${pc_dir}" COMPONENT Development)
if(TARGET ocop_ocop)
    set(ocop_pc_requires "ocop-core = ${PROJECT_VERSION}")
    set(ocop_pc_cflags "")
    if(ocop_library_type STREQUAL "STATIC_LIBRARY")
        # Not Requires.private: this install has no shared twin, so that a link without
        # `pkg-config --static` needs these too.
        string(APPEND ocop_pc_requires ", libutf8proc, libhwy")
        set(ocop_pc_cflags "-DOCOP_STATIC")
    endif()
    configure_file("${PROJECT_SOURCE_DIR}/cmake/ocop.pc.in" "${PROJECT_BINARY_DIR}/ocop.pc" @ONLY)
    install(FILES "${PROJECT_BINARY_DIR}/ocop.pc" DESTINATION "${pc_dir}" COMPONENT Development)
endif()

if(TARGET ocop_cli)
    install(TARGETS ocop_cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT Runtime)
endif()
set(ocop_has_runtime OFF)
set(licence_component Development)
if(TARGET ocop_cli OR ocop_library_type STREQUAL "SHARED_LIBRARY")
    set(ocop_has_runtime ON)
    set(licence_component Runtime)
endif()
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE"
    DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT ${licence_component})
install(FILES "${PROJECT_SOURCE_DIR}/README.md"
    DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT Development OPTIONAL)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/docs/"
    DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT Development OPTIONAL
    FILES_MATCHING PATTERN "*.md")

include(ocop_package)
