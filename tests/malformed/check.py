#!/usr/bin/env python3
"""Malformed inputs from outside: every file of a corpus, and larger ones made here, must end in
exit 1 with one line on standard error for every problem, and never in a crash.

    python3 tests/malformed/check.py --tool PATH/ocop [--subcommand assess|validate] [--corpus DIR]

expected.json of the corpus maps each file to the problems that must be named: a list of
{"at": place, "says": text}, or {"problems": [...], "exactly": false, "why": "..."}. `at` is a JSON
pointer ("" the document; "/a/*" anything in /a) or a "row:" or "row:column" of a syntax error;
`says` a piece of the offending value that must stand in the line; both may be absent, or a list of
which one will do.
Unless `exactly` is false there are as many errors as problems: none hides, none follows from
another. A file with no problems is a control: exit 0.
"""

import argparse
import concurrent.futures
import json
import os
import random
import re
import subprocess
import sys
import tempfile

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
LINE = re.compile(r"([EW])(\d{3}) ")


class Run:
    """One call of the tool: exit code, standard output and error as text."""

    def __init__(self, tool, arguments, cwd, timeout, stdin=b""):
        self.faults = []
        self.out = self.err = ""
        self.code = None
        try:
            done = subprocess.run([tool] + arguments, cwd=cwd, input=stdin, timeout=timeout,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        except subprocess.TimeoutExpired:
            self.faults.append("takes over %g s" % timeout)
            return
        self.code = done.returncode
        if self.code < 0:
            self.faults.append("ended by signal %d" % -self.code)
        for name, data in (("out", done.stdout), ("err", done.stderr)):
            try:
                setattr(self, name, data.decode("utf-8"))
            except UnicodeDecodeError as bad:
                self.faults.append("standard %s is not UTF-8: %s" % (name, bad))
                setattr(self, name, data.decode("utf-8", "replace"))
            if CONTROL.search(getattr(self, name)):
                self.faults.append("control characters on standard %s" % name)

    def lines(self, name):
        """The (grade, number, rest) of each line on standard error; `rest` is "place: message"."""
        found = []
        strange = 0
        if self.err and not self.err.endswith("\n"):
            self.faults.append("the last line on standard error is cut")
        for text in self.err.split("\n"):
            if not text:
                continue
            match = LINE.match(text)
            rest = text[match.end():] if match else ""
            if not match or not rest.startswith(name + ":"):
                strange += 1
                if strange <= 3:  # a sanitizer's report has hundreds
                    self.faults.append("no line of a problem: %s" % text[:200])
                continue
            rest = rest[len(name) + 1:]
            if not re.match(r"(|/.*?|[1-9]\d*:[1-9]\d*): .", rest):
                self.faults.append("no place before the message: %s" % text[:200])
                continue
            found.append((match.group(1), int(match.group(2)), rest))
        return found

    def errors(self, name):
        return [line for line in self.lines(name) if line[0] == "E"]


def alternatives(value):
    return value if isinstance(value, list) else [value]


def stands_at(place, rest):
    if place == "":
        return rest.startswith((": ", "/: "))
    if place.endswith("/*"):
        return rest.startswith(place[:-1])
    if re.match(r"\d+:$", place):
        return re.match(place + r"\d+: ", rest) is not None
    return rest.startswith(place + ": ")


def names(problem, rest):
    """Whether the line "place: message" names the problem."""
    return (("at" not in problem or any(stands_at(p, rest) for p in alternatives(problem["at"]))) and
            ("says" not in problem or any(s in rest for s in alternatives(problem["says"]))))


def unnamed(problems, rests):
    """The problems left over when each line names at most one (a bipartite matching)."""
    taken = {}

    def place(index, seen):
        for number, rest in enumerate(rests):
            if number in seen or not names(problems[index], rest):
                continue
            seen.add(number)
            if number not in taken or place(taken[number], seen):
                taken[number] = index
                return True
        return False

    return [problem for index, problem in enumerate(problems) if not place(index, set())]


def check_json(run, errors, wanted):
    """Standard output under --format json: one line, as many `errors` as error lines."""
    faults = []
    lines = [line for line in run.out.split("\n") if line]
    if len(lines) != 1:
        return ["%d lines on standard output, not 1" % len(lines)]
    try:
        result = json.loads(lines[0])
    except ValueError as bad:
        return ["standard output is not JSON: %s" % bad]
    if not isinstance(result, dict):
        return ["standard output is not a JSON object"]
    if not wanted:
        if result.get("outcome") in (None, "incomplete") or result.get("errors"):
            faults.append("the control is not assessed: outcome %r" % result.get("outcome"))
        return faults
    if result.get("outcome") != "incomplete":
        faults.append("outcome %r, not 'incomplete'" % result.get("outcome"))
    listed = result.get("errors")
    if not isinstance(listed, list) or len(listed) != len(errors):
        return faults + ["`errors` has not the %d problems of standard error" % len(errors)]
    numbers = {e[1] for e in errors}
    places = {(e[1], e[2].split(": ", 1)[0]) for e in errors}
    for entry in listed:
        if not isinstance(entry, dict) or not {"number", "pointer", "message"} <= set(entry) or not entry["message"]:
            faults.append("an entry of `errors` without number, pointer and message: %s" % json.dumps(entry)[:200])
            continue
        number = int(re.sub(r"\D", "", str(entry["number"])) or 0)
        pointer = entry["pointer"] or ""
        if CONTROL.search(pointer) or ": " in pointer:
            continue
        if number not in numbers if pointer == "" else (number, pointer) not in places:
            faults.append("`errors` has E%03d at %r, standard error has not" % (number, pointer))
    return faults


class Checker:
    def __init__(self, arguments):
        self.tool = os.path.abspath(arguments.tool)
        self.command = arguments.subcommand
        self.timeout = arguments.timeout
        self.corpus = os.path.abspath(arguments.corpus)
        self.pool = concurrent.futures.ThreadPoolExecutor(max_workers=arguments.jobs)
        self.passed = self.failed = 0

    def call(self, names_, cwd, language="en", form="json", stdin=b""):
        arguments = [self.command, "--lang", language]
        if self.command == "assess":
            arguments += ["--format", form]
        return Run(self.tool, arguments + names_, cwd, self.timeout, stdin)

    def tell(self, name, faults):
        if faults:
            self.failed += 1
            print("FAILED %s" % name)
            for fault in dict.fromkeys(faults):
                print("    %s" % fault)
        else:
            self.passed += 1

    def all(self, function, items):
        for name, faults in self.pool.map(function, items):
            self.tell(name, faults)

    # one file of the corpus, in both languages and both forms

    def one_file(self, item):
        name, entry = item
        entry = entry if isinstance(entry, dict) else {"problems": entry}
        problems, exactly = entry["problems"], entry.get("exactly", True)
        runs = [self.call([name], self.corpus, "vi"), self.call([name], self.corpus, "en")]
        if self.command == "assess":
            runs.append(self.call([name], self.corpus, "vi", "text"))
        faults, places = [], []
        for number, run in enumerate(runs):
            mine = list(run.faults)
            if run.code is None or run.code < 0:
                faults += mine
                continue
            errors = run.errors(name)
            mine = list(run.faults)
            if run.code != (1 if problems else 0):
                mine.append("exit %d, not %d" % (run.code, 1 if problems else 0))
            for problem in unnamed(problems, [e[2] for e in errors]):
                mine.append("not named: %s" % json.dumps(problem, ensure_ascii=False)[:300])
            if exactly and len(errors) != len(problems):
                mine.append("%d errors, not %d" % (len(errors), len(problems)))
            if self.command == "assess" and number < 2:
                mine += check_json(run, errors, problems)
            if mine and errors:
                mine += ["  " + "%s%03d %s" % e for e in [(g, n, r[:160]) for g, n, r in errors[:30]]]
            faults += mine
            places.append([(e[1], e[2].split(": ")[0]) for e in errors])
        if len(places) > 1 and any(other != places[0] for other in places[1:]):
            faults.append("numbers or places differ between the languages or forms")
        if problems and len(runs) > 1 and runs[0].err and runs[0].err == runs[1].err:
            faults.append("the messages are the same in both languages")
        return name, faults

    def run_corpus(self):
        with open(os.path.join(self.corpus, "expected.json"), encoding="utf-8") as file:
            self.expected = json.load(file)
        files = sorted(f for f in os.listdir(self.corpus) if f.endswith(".json") and f != "expected.json")
        if set(files) != set(self.expected):
            self.tell("expected.json", ["lists other files than there are: %s" %
                                        ", ".join(sorted(set(files) ^ set(self.expected)))])
        self.files = [f for f in files if f in self.expected]
        self.all(self.one_file, [(f, self.expected[f]) for f in self.files])

    # all files in one call, and single ones through standard input

    def run_together(self):
        alone = list(self.pool.map(lambda f: self.call([f], self.corpus), self.files))
        run = self.call(self.files, self.corpus)
        faults = list(run.faults)
        if run.code != 1:
            faults.append("exit %s, not 1" % run.code)
        if run.out != "".join(a.out for a in alone):
            faults.append("standard output is not that of the single files, in their order")
        if run.err != "".join(a.err for a in alone):
            faults.append("standard error is not that of the single files, in their order")
        self.tell("all files in one call", faults)

    def by_standard_input(self, name):
        with open(os.path.join(self.corpus, name), "rb") as file:
            run = self.call(["-"], self.corpus, stdin=file.read())
        alone = self.call([name], self.corpus)
        faults = list(run.faults)
        if run.code != alone.code:
            faults.append("exit %s, not %s as from the file" % (run.code, alone.code))
        if run.errors("-") != alone.errors(name):
            faults.append("other errors than from the file")
        return name + " by standard input", faults + run.faults

    # inputs that are made here: too large to keep, or cut out of the control

    def made(self, item):
        """`count` errors (None: one or more) for a file of `data`; a few kilobytes of messages for one."""
        name, data, count, problem = item
        file = name.replace(" ", "_") + ".json"
        path = os.path.join(self.folder, file)
        with open(path, "wb") as out:
            out.write(data)
        run = self.call([file], self.folder)
        os.remove(path)
        faults = list(run.faults)
        if run.code is not None and run.code >= 0:
            errors = run.errors(file)
            faults = list(run.faults)
            if run.code != 1:
                faults.append("exit %d, not 1" % run.code)
            if not errors or (count is not None and len(errors) != count):
                faults.append("%d errors, not %s" % (len(errors), count or "one or more"))
            if count == 1 and len(run.err) > 8192:
                faults.append("%d bytes of messages for one problem" % len(run.err))
            if problem and unnamed([problem], [e[2] for e in errors[:1000]]):
                faults.append("not named: %s" % json.dumps(problem))
            if self.command == "assess" and not faults:
                faults += check_json(run, errors, True)
            if faults and errors:
                faults += ["  E%03d %s" % (n, r[:160]) for _, n, r in errors[:5]]
        return "made: " + name, faults

    def control(self):
        with open(os.path.join(self.corpus, "valid.json"), encoding="utf-8") as file:
            text = file.read()
        return text, json.loads(text)

    def large(self):
        megabytes = 10 * 1024 * 1024
        text, document = self.control()

        def changed(change):
            copy = json.loads(text)
            change(copy)
            return json.dumps(copy, ensure_ascii=False).encode("utf-8")

        yield "lists ten megabytes deep", b"[" * megabytes, 1, None
        yield "objects ten megabytes deep", b'{"a":' * (megabytes // 5), 1, None
        yield "lists ten megabytes deep and closed", b"[" * (megabytes // 2) + b"]" * (megabytes // 2), 1, None
        yield "string of ten megabytes", b'"' + b"x" * megabytes + b'"', 1, None
        yield "string of ten megabytes without an end", b'"' + b"x" * megabytes, 1, None
        yield "number of a megabyte", b"1" * (megabytes // 10), 1, None
        yield "white space of ten megabytes", b" " * megabytes, 1, None
        yield "list of a million numbers", b"[" + b"0," * 999999 + b"0]", 1, None
        yield "a hundred thousand keys", (b"{" + b",".join(b'"k%d":0' % i for i in range(100000)) + b"}"), None, None
        if self.command == "assess":
            member = sorted(document["sheets"])[0]
            code = sorted(document["sheets"][member])[0]
            yield ("set of ten megabytes", changed(lambda d: d.update(set="x" * megabytes)), 1, {"at": "/set"})
            yield ("answer of ten megabytes",
                   changed(lambda d: d["sheets"][member].update({code: "x" * megabytes})), 1,
                   {"at": "/sheets/%s/%s" % (member, code)})
            yield ("answer of a million numbers",
                   changed(lambda d: d["sheets"][member].update({code: [1] * 1000000})), 1,
                   {"at": "/sheets/%s/%s" % (member, code)})

            def many_members(d):
                first = d["council"]["members"]
                first += [{"id": "x%d" % i, "role": "observer"} for i in range(100000 - len(first) - 1)]
                first.append({"id": first[0]["id"], "role": "observer"})

            yield ("a hundred thousand members, the last the first again", changed(many_members), 1,
                   {"at": ["/council/members/99999/id", "/council/members"]})
            yield ("three hundred sheets of strangers",
                   changed(lambda d: d["sheets"].update({"x%d" % i: d["sheets"][member] for i in range(300)})),
                   300, {"at": "/sheets/x299", "says": "x299"})
            yield ("ten thousand sheets, told by one error",
                   changed(lambda d: d["sheets"].update({"x%d" % i: d["sheets"][member] for i in range(10000)})),
                   1, {"at": "/sheets"})
            yield ("a hundred thousand unknown knock-outs",
                   changed(lambda d: d.update(knockouts=["x%d" % i for i in range(100000)])), None, None)
        else:
            yield "format of ten megabytes", changed(lambda d: d.update(format="x" * megabytes)), 1, {"at": "/format"}

            def first_criterion(d):
                return d["scorecards"][0]["parts"][0]["sections"][0]["criteria"][0]

            def many_options(d):
                first_criterion(d)["options"] += [{"points": 0, "vi": "x", "en": "x"}] * 100000

            yield "a hundred thousand options", changed(many_options), None, None
            yield ("a hundred thousand criteria",
                   changed(lambda d: d["scorecards"][0]["parts"][0]["sections"][0]["criteria"].extend(
                       [first_criterion(d)] * 100000)), None, None)
            yield ("a hundred thousand scorecards that are numbers",
                   changed(lambda d: d.update(scorecards=[0] * 100000)), None, None)

    def cut(self):
        """The control, cut after about every 37th byte (fewer cuts in long documents)."""
        data = self.control()[0].encode("utf-8")
        whole = len(data.rstrip())
        step = max(37, whole // 150)
        for end in range(0, whole, step):
            yield "control cut after %d bytes" % end, data[:end], 1, None
        yield "control cut before its last byte", data[:whole - 1], 1, None

    def mutant(self, seed):
        """The control with some bytes changed, removed, repeated: any answer but a crash."""
        chance = random.Random(seed)
        data = bytearray(self.control()[0].encode("utf-8"))
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data))
            kind = chance.randrange(4)
            if kind == 0:
                data[at] = chance.randrange(256)
            elif kind == 1:
                data[at] = chance.choice(b'{}[]",:0123456789-.eEtfn \\')
            elif kind == 2:
                del data[at:at + chance.randint(1, 20)]
            else:
                data[at:at] = data[at:at + chance.randint(1, 60)]
        file = "mutant_%d.json" % seed
        path = os.path.join(self.folder, file)
        with open(path, "wb") as out:
            out.write(data)
        run = self.call([file], self.folder)
        os.remove(path)
        faults = list(run.faults)
        if run.code is not None:
            errors = run.errors(file)
            faults = list(run.faults)
            if run.code not in (0, 1) or (run.code == 1) != bool(errors):
                faults.append("exit %d with %d errors" % (run.code, len(errors)))
            elif self.command == "assess":
                faults += check_json(run, errors, run.code == 1)
        return "mutant of the control, seed %d" % seed, faults

    def run_made(self, mutants):
        with tempfile.TemporaryDirectory(prefix="ocop-malformed-") as self.folder:
            self.all(self.made, self.cut())
            self.all(self.mutant, range(mutants))
            for item in self.large():  # one after the other: each is heavy on memory
                self.tell(*self.made(item))


def main():
    parser = argparse.ArgumentParser(description="Checks how the tool meets malformed inputs.")
    parser.add_argument("--tool", required=True, help="the program ocop")
    parser.add_argument("--subcommand", choices=("assess", "validate"), default="assess")
    parser.add_argument("--corpus", help="folder with expected.json (default: by the subcommand)")
    parser.add_argument("--timeout", type=float, default=60, help="seconds for one call")
    parser.add_argument("--jobs", type=int, default=min(4, os.cpu_count() or 1))
    parser.add_argument("--mutants", type=int, default=100, help="random changes of the control")
    parser.add_argument("--only-corpus", action="store_true", help="leave out the inputs made here")
    arguments = parser.parse_args()
    here = os.path.dirname(os.path.abspath(__file__))
    if not arguments.corpus:
        arguments.corpus = here if arguments.subcommand == "assess" else os.path.join(
            os.path.dirname(here), "malformed_regulations")
    if not os.access(arguments.tool, os.X_OK):
        parser.error("no program at %s" % arguments.tool)
    checker = Checker(arguments)
    checker.run_corpus()
    if arguments.subcommand == "assess":
        checker.run_together()
        chosen = ["valid.json", "many_problems.json", "empty_file.json", "cut_in_a_sheet.json",
                  "utf8_byte_ff.json", "nul_byte_inside.json"]
        checker.all(checker.by_standard_input, [f for f in chosen if f in checker.files])
    if not arguments.only_corpus:
        checker.run_made(arguments.mutants)
    print("%d passed, %d failed" % (checker.passed, checker.failed))
    return 1 if checker.failed else 0


if __name__ == "__main__":
    sys.exit(main())
