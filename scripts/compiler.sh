# Read by the scripts beside it.

# find_compiler: CXX where set, else the first g++ from 12 on or clang++ from 14 on; nothing if there is none.
find_compiler() {
    if [ -n "${CXX:-}" ]; then
        command -v "$CXX" || :
        return 0
    fi
    for candidate in g++:12 g++-14:12 g++-13:12 g++-12:12 clang++:14 clang++-19:14 clang++-18:14 \
        clang++-16:14 clang++-14:14; do
        program=${candidate%:*}
        if command -v "$program" >/dev/null 2>&1; then
            # The preprocessor tells it the same way for all of them, past any wrapper.
            case $candidate in
            clang*) macro=__clang_major__ ;;
            *) macro=__GNUC__ ;;
            esac
            major=$(printf '%s\n' "$macro" | "$program" -E -P -x c++ - 2>/dev/null | tail -n 1)
            if [ "${major:-0}" -ge "${candidate#*:}" ] 2>/dev/null; then
                printf '%s\n' "$program"
                return 0
            fi
        fi
    done
}

# warnings_as_errors COMPILER: ON for the compilers that the house promises to be clean with. A newer
# one may warn of more, which must not keep a user from building.
warnings_as_errors() {
    case $(printf '__clang_major__ __GNUC__\n' | "$1" -E -P -x c++ - 2>/dev/null | tail -n 1) in
    "__clang_major__ 12" | "14 "*) echo ON ;;
    *) echo OFF ;;
    esac
}

# configure_release: the optimised build in build/release, of which both README commands use the parts
# they need. Sets nothing that a user has set in that build's cache before.
configure_release() {
    CXX=$(find_compiler)
    export CXX
    cmake --preset release "-DOCOP_WARNINGS_AS_ERRORS=$(warnings_as_errors "$CXX")" "$@" >build/configure.log 2>&1 || {
        cat build/configure.log >&2
        return 1
    }
}
