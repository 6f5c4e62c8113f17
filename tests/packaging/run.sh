#!/bin/sh
# run.sh static|shared|core: installs ocop to a prefix, moves that, and builds examples/embed against
# it as strangers would: by find_package, by pkg-config and, for the sources, by add_subdirectory.
#
# Told by tests/packaging/CMakeLists.txt through the environment:
#   SOURCE_DIR BUILD_DIR     checkout, and the build tree whose library is tested if it is of this kind
#   BUILD_KIND WORK_DIR      that tree's kind (static, shared, core); an own folder, made anew
#   CMAKE GENERATOR CXX CXXFLAGS CXX_ID BOOST_DIRS (where Boost's headers are, ';' between)
set -eu

kind=$1
say() { printf '== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

rm -rf "$WORK_DIR"
mkdir -p "$WORK_DIR"
first=$WORK_DIR/first
moved=$WORK_DIR/moved/prefix
embed=$SOURCE_DIR/examples/embed

boost_flags=
old_ifs=$IFS
IFS=';'
for dir in $BOOST_DIRS; do
    # As -isystem /usr/include would hide the compiler's own order of folders.
    [ "$dir" = /usr/include ] || boost_flags="$boost_flags -isystem $dir"
done
IFS=$old_ifs

configure() { # source build arguments...
    configure_source=$1
    configure_build=$2
    shift 2
    "$CMAKE" -S "$configure_source" -B "$configure_build" -G "$GENERATOR" \
        "-DCMAKE_CXX_COMPILER=$CXX" "-DCMAKE_CXX_FLAGS=$CXXFLAGS" "$@" >"$configure_build.log" 2>&1 ||
        { cat "$configure_build.log" >&2; fail "configuring $configure_source"; }
}
build() {
    "$CMAKE" --build "$1" >"$1.build.log" 2>&1 || { cat "$1.build.log" >&2; fail "building $1"; }
}

say "install ($kind)"
if [ "$BUILD_KIND" = "$kind" ]; then
    tree=$BUILD_DIR
else
    tree=$WORK_DIR/tree
    set -- -DCMAKE_BUILD_TYPE=Debug -DOCOP_BUILD_TESTS=OFF -DOCOP_BUILD_EXAMPLES=OFF
    case $kind in
    shared) set -- "$@" -DBUILD_SHARED_LIBS=ON ;;
    static) set -- "$@" -DBUILD_SHARED_LIBS=OFF ;;
    # The core's install must need neither package.
    core) set -- "$@" -DOCOP_BUILD_LIBRARY=OFF -DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON \
        -DCMAKE_DISABLE_FIND_PACKAGE_utf8proc=ON ;;
    esac
    configure "$SOURCE_DIR" "$tree" "$@"
    build "$tree"
fi
"$CMAKE" --install "$tree" --prefix "$first" >"$WORK_DIR/install.log"
mkdir -p "$WORK_DIR/moved"
mv "$first" "$moved"

say "no path of this machine"
find "$moved" \( -name '*.cmake' -o -name '*.pc' \) -print >"$WORK_DIR/files"
[ -s "$WORK_DIR/files" ] || fail "no .cmake and no .pc file installed"
for path in "$SOURCE_DIR" "$tree" "$BUILD_DIR" "$first"; do
    while IFS= read -r file; do
        ! grep -nF -- "$path" "$file" || fail "$file holds $path"
    done <"$WORK_DIR/files"
done

say "find_package"
expected=$WORK_DIR/expected
check() { # program [arguments]
    "$@" >"$WORK_DIR/output" || fail "$1 ended with $?"
    grep -q '[1-5]' "$WORK_DIR/output" || fail "$1 printed no verdict"
    if [ -s "$expected.${1##*/}" ]; then
        cmp "$expected.${1##*/}" "$WORK_DIR/output" || fail "$1 printed something else than its twin"
    else
        cp "$WORK_DIR/output" "$expected.${1##*/}"
    fi
}
configure "$embed" "$WORK_DIR/found" "-DCMAKE_PREFIX_PATH=$moved"
grep -q "^ocop_DIR:PATH=$moved/" "$WORK_DIR/found/CMakeCache.txt" || fail "another ocop was found"
build "$WORK_DIR/found"
check "$WORK_DIR/found/embed_core"
if [ "$kind" = core ]; then
    [ ! -e "$WORK_DIR/found/embed" ] || fail "a core-only install offered ocop::ocop"
else
    check "$WORK_DIR/found/embed"
fi

say "find_package where the other packages are missing"
# The core asks for Boost alone, and so does a shared library; a static one says what it lacks.
without="-DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON -DCMAKE_DISABLE_FIND_PACKAGE_utf8proc=ON"
# shellcheck disable=SC2086
configure "$embed" "$WORK_DIR/lacking" "-DCMAKE_PREFIX_PATH=$moved" $without
build "$WORK_DIR/lacking"
check "$WORK_DIR/lacking/embed_core"
case $kind in
shared) check "$WORK_DIR/lacking/embed" ;;
static) [ ! -e "$WORK_DIR/lacking/embed" ] || fail "the static library was offered without utf8proc" ;;
esac

say "another minor version is refused, a missing component named"
mkdir -p "$WORK_DIR/asks"
cat >"$WORK_DIR/asks/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.25)
project(asks LANGUAGES CXX)
find_package(ocop ${version} QUIET CONFIG COMPONENTS ${components})
if(NOT ocop_FOUND STREQUAL expected)
    message(FATAL_ERROR "ocop ${version} ${components}: found ${ocop_FOUND}, ${ocop_NOT_FOUND_MESSAGE}")
endif()
CMAKE
ask() { # version components expected
    configure "$WORK_DIR/asks" "$WORK_DIR/asks/build" "-DCMAKE_PREFIX_PATH=$moved" \
        "-Dversion=$1" "-Dcomponents=$2" "-Dexpected=$3"
    rm -rf "$WORK_DIR/asks/build"
}
version=$(sed -n 's/^set(PACKAGE_VERSION "\(.*\)")$/\1/p' "$(find "$moved" -name ocop-config-version.cmake)")
major=${version%%.*}
minor=${version#*.}
minor=${minor%%.*}
ask "$major.$minor" core 1
ask "$major.$((minor + 1))" core 0
ask "$major.$minor" simulation 0
[ "$kind" = core ] && ask "$major.$minor" ocop 0

say "pkg-config"
# shellcheck disable=SC2086
if command -v pkg-config >/dev/null 2>&1; then
    pc=$(dirname "$(find "$moved" -name ocop-core.pc)")
    flags() { PKG_CONFIG_PATH=$pc pkg-config "$@"; }
    $CXX $CXXFLAGS -std=c++20 $(flags --cflags ocop-core) $boost_flags "$embed/core_only.cpp" \
        -o "$WORK_DIR/embed_core"
    check "$WORK_DIR/embed_core"
    case $kind in
    static)
        for way in "" --static; do
            $CXX $CXXFLAGS -std=c++20 $(flags --cflags ocop) $boost_flags "$embed/main.cpp" \
                $(flags $way --libs ocop) -o "$WORK_DIR/embed"
            check "$WORK_DIR/embed"
        done
        ;;
    shared)
        $CXX $CXXFLAGS -std=c++20 $(flags --cflags ocop) $boost_flags "$embed/main.cpp" \
            $(flags --libs ocop) "-Wl,-rpath,$(flags --variable=libdir ocop)" -o "$WORK_DIR/embed"
        check "$WORK_DIR/embed"
        ;;
    esac
else
    say "pkg-config is not here: left out"
fi

say "the core reads Boost's headers and no others"
# shellcheck disable=SC2086
$CXX $CXXFLAGS -std=c++20 -fno-rtti -M -I"$moved/include" $boost_flags "$embed/core_only.cpp" |
    tr -s ' \\' '\n' | grep / | sort -u >"$WORK_DIR/read"
! grep -E 'nlohmann|utf8proc|CLI/|doctest' "$WORK_DIR/read" || fail "the core reads these"
! grep -F "$SOURCE_DIR/include" "$WORK_DIR/read" || fail "headers of the checkout were read"
! grep -E 'ocop/exchange/|gregorian/gregorian\.hpp' "$WORK_DIR/read" || fail "the core reads these"
grep -qF "$moved/include/ocop/" "$WORK_DIR/read" || fail "the installed headers were not read"
# shellcheck disable=SC2086
$CXX $CXXFLAGS -std=c++20 -fno-rtti -I"$moved/include" $boost_flags "$embed/core_only.cpp" \
    -o "$WORK_DIR/embed_core"
check "$WORK_DIR/embed_core"

if [ "$kind" != core ] && [ -x "$moved/bin/ocop" ]; then
    say "the installed tool, moved"
    "$moved/bin/ocop" regulations >"$WORK_DIR/regulations"
    grep -q '26-2026' "$WORK_DIR/regulations" || fail "the tool does not list the regulations"
fi

if [ "$kind" = shared ]; then
    library=$(find "$moved" -name 'libocop.so')
    if [ -n "$library" ] && command -v nm >/dev/null 2>&1; then
        say "the shared library shows its own symbols only"
        ! nm -DC --defined-only "$library" | grep -E 'nlohmann|utf8proc|bundled_documents' ||
            fail "these are exported"
        [ -e "$library.$major.$minor" ] || fail "no $library.$major.$minor"
    fi
fi

if [ "$kind" = static ]; then
    say "add_subdirectory"
    configure "$SOURCE_DIR/tests/packaging/subproject" "$WORK_DIR/guest" "-DOCOP_SOURCE_DIR=$SOURCE_DIR"
    build "$WORK_DIR/guest"
    check "$WORK_DIR/guest/embed/embed_core"
    check "$WORK_DIR/guest/embed/embed"
    "$CMAKE" --install "$WORK_DIR/guest" --prefix "$WORK_DIR/guest_prefix" >/dev/null
    [ ! -e "$WORK_DIR/guest_prefix" ] || fail "as a subproject ocop installs itself with the host"
fi

say "passed"
