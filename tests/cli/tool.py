"""The tool `ocop` from outside: how the tests call it, and how wide its text is on a terminal."""
import argparse
import json
import os
import re
import subprocess
import sys
import unicodedata
import unittest

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
REGULATIONS = ("1048-2019", "148-2023", "26-2026")
LANGUAGES = ("vi", "en")
TIMEOUT = 300  # seconds for one call; a sanitizer's build is slow

_path = os.path.join(SOURCE, "build", "release", "examples", "cli", "ocop")


class Run:
    """One call: exit code, standard output and error as text. What is no UTF-8 fails here."""

    def __init__(self, code, out, err):
        self.code = code
        self.out = out.decode("utf-8")
        self.err = err.decode("utf-8")

    def lines(self):
        """Standard output as JSON, one value a line."""
        return [json.loads(line) for line in self.out.split("\n")[:-1]]


def ocop(*arguments, stdin=b"", stdout=subprocess.PIPE, cwd=SOURCE, env=None):
    done = subprocess.run([_path, *map(str, arguments)], input=stdin, stdout=stdout,
                          stderr=subprocess.PIPE, cwd=cwd, timeout=TIMEOUT,
                          env=None if env is None else {**os.environ, **env})
    return Run(done.returncode, done.stdout or b"", done.stderr)


def regulation(name):
    with open(os.path.join(SOURCE, "data", "regulations", name + ".json"), encoding="utf-8") as file:
        return json.load(file)


def criteria(card):
    """(part, criterion) in printed order."""
    return [(part["code"], c) for part in card["parts"] for s in part["sections"] for c in s["criteria"]]


def error_line(entry):
    """The line of standard error that tells the same as `entry`, an error of the JSON form."""
    place = "%d:%d" % (entry["row"], entry["column"]) if "row" in entry else entry["pointer"] or "/"
    grade = "E" if entry["severity"] == "error" else "W"
    file = entry["file"] + ":" if entry.get("file") else ""
    line = "%s%03d %s%s: %s" % (grade, entry["number"], file, place, entry["message"])
    return re.sub("[\x00-\x1f\x7f-\x9f]", "?", line)  # a line stays a line


def width(text):
    """Columns that a terminal gives to `text`."""
    columns = 0
    for char in text:
        if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf", "Cc"):
            continue
        columns += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return columns


def cells(line):
    """(start, end, text) of the cells of a table's row, in columns; two blanks part cells."""
    return [(width(line[:m.start()]), width(line[:m.end()]), m.group())
            for m in re.finditer(r"\S+(?: \S+)*", line)]


def main(more=None):
    """Takes --tool and what `more` adds to the parser; the rest goes to unittest."""
    global _path
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--tool", default=_path)
    if more:
        more(parser)
    options, rest = parser.parse_known_args()
    _path = os.path.abspath(options.tool)
    if not os.access(_path, os.X_OK):
        sys.exit("no program at %s: build it, or give --tool" % options.tool)
    return options, lambda: unittest.main(module="__main__", argv=sys.argv[:1] + rest)
