#!/usr/bin/env python3
"""Checks that the documents are true: programs compile and print what is shown, commands answer what
is shown, documents in JSON are accepted, links resolve, and no number, key, name or option of the
sources is missing from its table.

What a fenced block is, its info string says:
  cpp              a program on ocop::ocop; compiled, linked, run, must end with 0
  cpp core         a program on ocop::core: the headers alone, without RTTI
  cpp fragment     statements in a function that is given under, card, sitting, sheets, given
  text output      what the program before it prints
  console          lines `$ ocop ...` with their output; `$ echo $?` with the exit code of the last;
                   a line that is only an ellipsis stands for any lines, one in a line for any text
  json dossier     `ocop assess` takes it       json regulation   `ocop validate` takes it
  json fragment    members of an object         json result       any JSON
  sh, cmake, text, make, csv                    not run; scripts named in sh must be there
"""
import argparse
import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

ELLIPSIS = "\u2026"
FRAGMENT = """#include <ocop/ocop.hpp>
#include <ocop/certifications/session.hpp>
#include <ocop/exchange/assessment_json.hpp>
#include <ocop/exchange/bundled.hpp>
#include <ocop/exchange/dossier.hpp>
#include <ocop/exchange/regulation_json.hpp>
#include <ocop/exchange/report.hpp>
#include <iostream>
#include <string>
#include <vector>
[[maybe_unused]] static void fragment(const ocop::regulation& under, const ocop::scorecard& card,
    const ocop::council& sitting, const std::vector<ocop::score_sheet>& sheets,
    const ocop::circumstances& given) {
static_cast<void>(under); static_cast<void>(card); static_cast<void>(sitting);
static_cast<void>(sheets); static_cast<void>(given);
%s
}
"""


class Tally:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, good, what):
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print("FAILED " + what)
        return good


class Block:
    def __init__(self, file, line, info, text):
        self.file, self.line, self.info, self.text = file, line, info, text

    @property
    def name(self):
        return "%s:%d (%s)" % (self.file, self.line, self.info)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def split(file, text):
    """The fenced blocks of a document, and its text without them."""
    blocks, prose, fence, start, info, body = [], [], None, 0, "", []
    for number, line in enumerate(text.splitlines(), 1):
        opening = re.match(r"(`{3,})(.*)$", line)
        if fence is None and opening:
            fence, start, info, body = opening.group(1), number, opening.group(2).strip(), []
        elif fence is not None and line.strip() == fence:
            blocks.append(Block(file, start, info, "\n".join(body) + "\n"))
            fence = None
        elif fence is not None:
            body.append(line)
        else:
            prose.append(line)
    return blocks, "\n".join(prose)


def ticked(text):
    """Every name that stands in backticks, also inside a longer span such as `a`/`b` or `x: 1`."""
    names = set()
    for span in re.findall(r"`([^`\n]+)`", text):
        names.add(span)
        names.update(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", span))
    return names


class Checker:
    def __init__(self, arguments):
        self.a = arguments
        self.tally = Tally()
        self.documents = {}
        folder = os.path.join(arguments.source, "docs")
        files = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]
        files += ["docs/" + f for f in sorted(os.listdir(folder)) if f.endswith(".md")]
        files.append("examples/dossiers/README.md")
        for file in files:
            path = os.path.join(arguments.source, file)
            if self.tally.check(os.path.exists(path), file + " is missing"):
                text = read(path)
                self.documents[file] = (text,) + split(file, text)

    def source(self, *parts):
        return read(os.path.join(self.a.source, *parts))

    def text(self, file):
        return self.documents[file][0] if file in self.documents else ""

    def named_in(self, names, file, what):
        there = ticked(self.text(file))
        for name in sorted(names):
            self.tally.check(name in there, "%s: %s `%s` is not told" % (file, what, name))

    def run(self, arguments, given=None):
        done = subprocess.run([self.a.tool] + arguments, cwd=self.a.source, input=given,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        return done.returncode, done.stdout.decode("utf-8")

    # Blocks

    def blocks(self):
        known = {"sh", "cmake", "text", "make", "csv", ""}
        programs = []
        for file, (_, blocks, _) in self.documents.items():
            before = None
            for block in blocks:
                if block.info in ("cpp", "cpp core", "cpp fragment"):
                    before = [block, None]
                    programs.append(before)
                elif block.info == "text output":
                    if self.tally.check(before is not None, block.name + ": of which program?"):
                        before[1] = block
                elif block.info == "console":
                    self.console(block)
                elif block.info.startswith("json"):
                    self.json(block)
                elif block.info == "sh":
                    self.shell(block)
                elif block.info not in known:
                    self.tally.check(False, block.name + ": unknown kind of block")
        with tempfile.TemporaryDirectory() as folder:
            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                jobs = [pool.submit(self.program, folder, i, code, output)
                        for i, (code, output) in enumerate(programs)]
            for job in jobs:
                problem = job.result()
                self.tally.check(problem is None, problem)

    def program(self, folder, number, block, output):
        """Compiles, links and runs; what is wrong, or nothing."""
        source = os.path.join(folder, "block%d.cpp" % number)
        program = os.path.join(folder, "block%d" % number)
        fragment = block.info == "cpp fragment"
        with open(source, "w", encoding="utf-8") as file:
            file.write(FRAGMENT % block.text if fragment else block.text)
        command = [self.a.compiler] + shlex.split(self.a.flags) + ["-std=c++20", "-O0", source]
        command += ["-I" + os.path.join(self.a.source, "include")]
        # As -isystem /usr/include would hide the compiler's own order of folders.
        for d in self.a.include:
            if d and d != "/usr/include":
                command += ["-isystem", d]
        if block.info == "cpp core":
            command += ["-fno-rtti", "-o", program]
        else:
            command += ["-D" + d for d in self.a.define if d]
            libraries = [l for l in self.a.library if l]
            command += ["-fsyntax-only"] if fragment else libraries + ["-o", program]
            if not fragment:
                command += ["-Wl,-rpath," + os.path.dirname(l) for l in libraries[:1]]
        built = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if built.returncode != 0:
            return "%s: does not compile\n%s" % (block.name, built.stdout.decode("utf-8", "replace"))
        if fragment:
            return None
        ran = subprocess.run([program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        printed = ran.stdout.decode("utf-8", "replace")
        if ran.returncode != 0:
            return "%s: ends with %d\n%s" % (block.name, ran.returncode, printed)
        if output is not None and not self.alike(output.text, printed):
            return "%s: prints something else:\n%s" % (output.name, printed)
        return None

    @staticmethod
    def alike(shown, printed):
        pattern = ""
        for line in shown.rstrip("\n").split("\n"):
            if line.strip() == ELLIPSIS:
                pattern += "(?:.*\n)*?"
            else:
                pieces = [re.escape(piece) for piece in line.rstrip().split(ELLIPSIS)]
                pattern += ".*".join(pieces) + "[ \t]*\n"
        printed = printed if printed.endswith("\n") or not printed else printed + "\n"
        return re.fullmatch(pattern, printed) is not None

    def console(self, block):
        runs = []
        for line in block.text.splitlines():
            if line.startswith("$ "):
                runs.append([line[2:], []])
            elif runs:
                runs[-1][1].append(line)
        self.tally.check(bool(runs), block.name + ": no command")
        code = 0
        for command, shown in runs:
            if command == "echo $?":
                self.tally.check("\n".join(shown).strip() == str(code),
                                 "%s: the exit code is %d" % (block.name, code))
                continue
            words = shlex.split(command)
            if not self.tally.check(words[0] == "ocop", block.name + ": not run: " + command):
                continue
            code, printed = self.run(words[1:])
            while shown and not shown[-1].strip():
                shown.pop()
            shown = "\n".join(shown) + "\n" if shown else ""
            self.tally.check(self.alike(shown, printed) if shown else not printed,
                             "%s: `%s` prints:\n%s" % (block.name, command, printed))

    def json(self, block):
        kind = block.info[4:].strip()
        text = block.text.strip()
        if kind == "fragment" and text[:1] not in "[{":
            text = "{" + text + "}"
        try:
            json.loads(text)
        except ValueError as why:
            self.tally.check(False, "%s: no JSON: %s" % (block.name, why))
            return
        command = {"dossier": "assess", "regulation": "validate"}.get(kind)
        if command is None:
            self.tally.check(kind in ("fragment", "result"), block.name + ": of which kind?")
            return
        code, printed = self.run([command, "--lang", "en", "-"], block.text.encode("utf-8"))
        self.tally.check(code == 0, "%s: ocop %s says %d:\n%s" % (block.name, command, code, printed))

    def shell(self, block):
        for path in re.findall(r"(?<![\w/.-])(?:scripts|examples|tests|\.ci)/[\w./-]*", block.text):
            self.tally.check(os.path.exists(os.path.join(self.a.source, path)),
                             "%s: no %s" % (block.name, path))

    # Prose

    def links(self):
        def anchors(file):
            heads = re.findall(r"^#+ +(.*)$", split(file, read(file))[1], re.M)
            return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in heads}

        for file, (_, _, prose) in self.documents.items():
            for target in re.findall(r"\]\(([^)\s]+)\)", prose):
                if re.match(r"[a-z]+:", target):
                    continue
                path, _, anchor = target.partition("#")
                full = os.path.join(self.a.source, os.path.dirname(file), path) if path else \
                    os.path.join(self.a.source, file)
                good = self.tally.check(os.path.exists(full), "%s: dead link %s" % (file, target))
                if good and anchor:
                    self.tally.check(anchor in anchors(full), "%s: no heading %s" % (file, target))

    def no_machine(self):
        for file, (text, _, _) in self.documents.items():
            found = re.search(r"/(?:work|tmp|home|root|Users)/\w+", text)
            self.tally.check(found is None, "%s names a machine's path" % file)

    # Tables against the sources

    def errors(self):
        header = self.source("include", "ocop", "base", "problem.hpp")
        body = re.search(r"enum class problem_code[^{]*\{(.*?)\};", header, re.S).group(1)
        coded = {(int(n), name) for name, n in re.findall(r"(\w+) = (\d+)", body)}
        told = {(int(n), name) for n, name in
                re.findall(r"^\| (\d{3}) \| `(\w+)` \|", self.text("docs/errors.md"), re.M)}
        self.tally.check(len(coded) > 40, "problem.hpp could not be read")
        for number, name in sorted(coded | told):
            self.tally.check((number, name) in coded and (number, name) in told,
                             "docs/errors.md and problem.hpp differ: %d %s" % (number, name))

    def result_keys(self):
        """Every key that assessments print, right or wrong."""
        maps = {"criteria", "to_reach", "parts"}  # keyed by criterion, star, part
        keys = set()

        def walk(value, inside=None):
            if isinstance(value, dict):
                for key, inner in value.items():
                    if inside not in maps:
                        keys.add(key)
                    walk(inner, key if inside not in maps else None)
            elif isinstance(value, list):
                for inner in value:
                    walk(inner)

        examples = []
        for folder, _, files in os.walk(os.path.join(self.a.source, "examples", "dossiers")):
            examples += [os.path.join(folder, f) for f in files if f.endswith(".json")]
        self.tally.check(len(examples) >= 6, "no example dossiers")
        code, printed = self.run(["assess", "--format", "json"] + sorted(examples))
        self.tally.check(code == 0, "the example dossiers are not assessed")
        for line in printed.splitlines():
            walk(json.loads(line))
        valid = self.source("tests", "malformed", "valid.json")
        for wrong in ("{", "{}", valid.replace('"C9"', '"C99"')):
            done = subprocess.run([self.a.tool, "assess", "--format", "json", "-"],
                                  input=wrong.encode("utf-8"), stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL)
            for line in done.stdout.decode("utf-8").splitlines():
                walk(json.loads(line))
        self.tally.check({"outcome", "changes", "errors", "row"} <= keys, "keys were not collected")
        self.named_in(keys, "docs/result-format.md", "key")
        written = set(re.findall(r'"(\w+)"', self.source("src", "exchange", "assessment_json.cpp")))
        for key in re.findall(r"^\| `(\w+)` \|", self.text("docs/result-format.md"), re.M):
            self.tally.check(key in written or key in self.notes(),
                             "docs/result-format.md: nothing writes `%s`" % key)
        self.named_in(self.notes(), "docs/result-format.md", "note")

    def notes(self):
        found = set()
        for one, other in re.findall(r'\badd\(\s*(?:[\w.]+ \? )?"([a-z_]+)"(?: : "([a-z_]+)")?',
                                     self.source("include", "ocop", "ranking", "assess.hpp")):
            found.update(x for x in (one, other) if x)
        return found

    def read_keys(self, *source):
        text = self.source(*source)
        calls = (r"(?:string|integer|boolean|day|take|require|has|small|star|strings|grounds|"
                 r"one_of<[^()]*>|read_status)")
        keys = set(re.findall(r"\b%s\((?:\w+, )?\"(\w+)\"" % calls, text))
        keys |= set(re.findall(r"\b(?:each|members|mean)\(\w+, \"(\w+)\"", text))
        return keys

    def input_keys(self):
        dossier = self.read_keys("src", "exchange", "dossier.cpp") | {"A", "B", "C"}
        self.tally.check({"set", "quorum", "published", "total", "role"} <= dossier,
                         "dossier.cpp could not be read")
        self.named_in(dossier, "docs/dossier-format.md", "key")
        regulation = self.read_keys("src", "exchange", "regulation_json.cpp") | {"vi", "en", "issues",
                                                                                 "status"}
        self.tally.check({"bands", "scorecards", "case_kinds", "knockouts_status"} <= regulation,
                         "regulation_json.cpp could not be read")
        self.named_in(regulation, "docs/regulation-format.md", "key")

    def names(self):
        """The values of each enumeration that documents are written with."""
        values = {}
        for folder, _, files in os.walk(os.path.join(self.a.source, "include")):
            for file in files:
                for name, body in re.findall(
                        r"struct names<(\w+)> \{\s*static constexpr std::array<[^>]*> all\{([^}]*)\}",
                        read(os.path.join(folder, file))):
                    values[name] = re.findall(r'"([^"]+)"', body)
        header = self.source("include", "ocop", "ranking", "readings.hpp")
        body = re.search(r"struct readings \{(.*?)\n\};", header, re.S).group(1)
        members = set(re.findall(r"(\w+) = [\w:]+;", body))
        types = set(re.findall(r"^    (?:ocop::)?(\w+) \w+ =", body, re.M)) - {"bool"}
        self.tally.check(len(members) >= 11 and types <= set(values), "readings.hpp could not be read")
        wanted = {
            "docs/dossier-format.md": types | {"application", "council_level", "council_role",
                                               "producer_kind", "spread_comparison"},
            "docs/readings.md": types | {"spread_comparison"},
            "docs/regulation-format.md": {"status", "choice", "ground_kind", "council_level",
                                          "application"},
            "docs/result-format.md": {"outcome", "status"},
        }
        for file, enumerations in wanted.items():
            for name in sorted(enumerations):
                self.named_in(values.get(name, []), file, name)
        self.named_in(members, "docs/readings.md", "reading")
        self.named_in(members, "docs/dossier-format.md", "reading")

    def build(self):
        options = re.findall(r"option\((OCOP_\w+)", self.source("CMakeLists.txt"))
        self.named_in(options, "docs/packaging.md", "option")
        presets = [p["name"] for p in json.loads(self.source("CMakePresets.json"))["configurePresets"]
                   if not p.get("hidden")]
        self.named_in(presets, "CONTRIBUTING.md", "preset")
        version = re.search(r'OCOP_VERSION_STRING "([^"]+)"',
                            self.source("include", "ocop", "version.hpp")).group(1)
        self.tally.check("## " + version in self.text("CHANGELOG.md"),
                         "CHANGELOG.md has no entry for %s" % version)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--source", required=True, help="the checkout")
    parser.add_argument("--tool", required=True, help="the built ocop")
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--flags", default="", help="of the build")
    for name in ("include", "define", "library"):
        parser.add_argument("--" + name, action="append", default=[])
    checker = Checker(parser.parse_args())
    for step in (checker.links, checker.no_machine, checker.errors, checker.result_keys,
                 checker.input_keys, checker.names, checker.build, checker.blocks):
        step()
    print("%d passed, %d failed" % (checker.tally.passed, checker.tally.failed))
    return 1 if checker.tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
