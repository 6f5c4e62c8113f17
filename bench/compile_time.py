#!/usr/bin/env python3
"""What a file pays at -O0 for including a header of ocop, in seconds and beside what any program of
this kind includes anyway: <vector>, <string>, <map> and Boost's gregorian_types.hpp.

    compile_time.py [--compiler g++] [--include DIR]... [--runs N] [header ...]

Best of N runs; machines differ, so read the ratio."""
import argparse
import os
import subprocess
import tempfile
import time

YARDSTICK = ("vector", "string", "map", "boost/date_time/gregorian/gregorian_types.hpp")


def seconds(compiler, include_dirs, headers, runs):
    flags = ["-I" + d for d in include_dirs]
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "one.cpp")
        with open(source, "w", encoding="utf-8") as file:
            file.writelines("#include <%s>\n" % h for h in headers)
        command = [compiler, "-std=c++20", "-O0", "-c", source, "-o", os.path.join(folder, "one.o")]
        best = None
        for _ in range(runs):
            start = time.perf_counter()
            subprocess.run(command + flags, check=True)
            took = time.perf_counter() - start
            best = took if best is None else min(best, took)
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--include", action="append", default=[], metavar="DIR")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("headers", nargs="*", default=["ocop/ocop.hpp"])
    arguments = parser.parse_args()
    dirs = [d for d in arguments.include if d and d != "/usr/include"]

    base = seconds(arguments.compiler, dirs, YARDSTICK, arguments.runs)
    print("%-40s %6.2f s" % ("vector, string, map, gregorian_types", base))
    for header in arguments.headers or ["ocop/ocop.hpp"]:
        took = seconds(arguments.compiler, dirs, [header], arguments.runs)
        print("%-40s %6.2f s   ratio %.2f" % (header, took, took / base))


if __name__ == "__main__":
    main()
