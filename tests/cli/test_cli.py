#!/usr/bin/env python3
"""The tool `ocop` from outside: exit codes, options, files, and the forms of its output.

    test_cli.py [--tool PATH/ocop] [arguments of unittest]
"""
import csv
import functools
import glob
import io
import itertools
import json
import os
import re
import shutil
import tempfile
import unicodedata
import unittest

import tool
from tool import LANGUAGES, REGULATIONS, SOURCE, cells, criteria, error_line, ocop, regulation, width

DOSSIERS = "examples/dossiers/"
GOOD = DOSSIERS + "26-2026-food-tea.json"
OTHER = DOSSIERS + "148-2023-handicraft-scarf.json"
BAD = "tests/malformed/many_problems.json"
CUT = "tests/malformed/cut_in_a_sheet.json"
HOST = "tests/malformed_regulations/valid.json"
EXAMPLES = sorted(glob.glob(os.path.join(SOURCE, DOSSIERS, "*.json"))
                  + glob.glob(os.path.join(SOURCE, DOSSIERS, "published", "*.json")))
MALFORMED = sorted(os.path.relpath(p, SOURCE) for p in glob.glob(os.path.join(SOURCE, "tests/malformed/*.json"))
                   if os.path.basename(p) not in ("expected.json", "valid.json"))
SUBCOMMANDS = ("regulations", "scorecard", "assess", "validate")
OPTION_COUNTS = {"1048-2019": 2792, "148-2023": 2632, "26-2026": 2579}
RULE = "─"


@functools.lru_cache(None)
def scorecard(name, number, form, language="vi"):
    return ocop("scorecard", name, number, "--format", form, "--lang", language)


def cards():
    for name in REGULATIONS:
        for card in regulation(name)["scorecards"]:
            yield name, card


class Case(unittest.TestCase):
    def _formatMessage(self, msg, standard):
        """A failure is told in a few lines, not in a whole report."""
        text = super()._formatMessage(msg, standard)
        return text if len(text) < 2000 else text[:1000] + " [...] " + text[-900:]

    def clean(self, run, code=0):
        """Exit code, and nothing but whole lines of plain text, without colour."""
        self.assertEqual(run.code, code, run.err)
        for text in (run.out, run.err):
            self.assertNotRegex(text, "[\x00-\x09\x0b-\x1f\x7f]", "a control character, or a colour")
            self.assertTrue(text == "" or text.endswith("\n"))
            for line in text.split("\n"):
                self.assertEqual(line, line.rstrip(" "), "white space at the end of a line")
        return run

    def wrong_usage(self, *arguments):
        run = self.clean(ocop(*arguments), 2)
        self.assertEqual(run.out, "", arguments)
        self.assertTrue(run.err, arguments)
        return run.err


class Usage(Case):
    def test_version(self):
        with open(os.path.join(SOURCE, "include/ocop/version.hpp"), encoding="utf-8") as file:
            version = re.search(r'VERSION_STRING "([\d.]+)"', file.read()).group(1)
        run = self.clean(ocop("--version"))
        self.assertEqual((run.out, run.err), ("ocop %s\n" % version, ""))

    def test_help(self):
        for option in ("--help", "-h"):
            run = ocop(option)
            self.assertEqual((run.code, run.err), (0, ""))
            for word in SUBCOMMANDS + ("--lang", "--format", "--version"):
                self.assertIn(word, run.out)
        for command in SUBCOMMANDS:
            run = ocop(command, "--help")
            self.assertEqual((run.code, run.err), (0, ""))
            self.assertIn("ocop " + command, run.out)

    def test_wrong_usage(self):
        for arguments in ([], ["assess"], ["validate"], ["scorecard"], ["scorecard", "26-2026"],
                          ["scorecard", "26-2026", "1", "2"], ["regulations", "more"],
                          ["--lang", "fr", "regulations"], ["regulations", "--lang", "VI"], ["regulations", "--lang"],
                          ["--format", "xml", "regulations"], ["assess", GOOD, "--format"],
                          ["regulations", "--lang", "vi", "--lang", "en"],
                          ["--format", "json", "assess", "--format", "text", GOOD],
                          ["validate", HOST, "--format", "csv"]):
            self.wrong_usage(*arguments)

    def test_unknown_options_are_named(self):
        for arguments in (["--colour", "regulations"], ["assess", "--colour", GOOD], ["regulations", "--colour"],
                          ["scorecard", "26-2026", "1", "--colour=1"], ["validate", HOST, "--colour"]):
            self.assertIn("--colour", self.wrong_usage(*arguments))

    def test_unknown_subcommand_is_named(self):
        for arguments in (["asess"], ["asess", GOOD], ["--lang", "en", "asess"]):
            self.assertIn("asess", self.wrong_usage(*arguments))

    def test_options_stand_anywhere(self):
        calls = {"regulations": [], "scorecard": ["26-2026", "18"], "assess": [GOOD, OTHER], "validate": [HOST]}
        for command, operands in calls.items():
            forms = ("text", "json") if command == "validate" else ("text", "json", "csv")
            for language, form in itertools.product(LANGUAGES, forms):
                a, b = ["--lang", language], ["--format", form]
                wanted = self.clean(ocop(*a, *b, command, *operands))
                for call in ([*a, command, *b, *operands], [*b, command, *a, *operands], [*b, *a, command, *operands],
                             [command, *a, *b, *operands], [command, *operands, *b, *a],
                             [command, *operands[:1], *a, *operands[1:], *b],
                             ["--lang=" + language, command, *operands, "--format=" + form]):
                    run = ocop(*call)
                    self.assertEqual((run.code, run.out, run.err), (0, wanted.out, wanted.err), call)
                if language == "vi":  # the default
                    self.assertEqual(ocop(*b, command, *operands).out, wanted.out)
                if form == "text":
                    self.assertEqual(ocop(*a, command, *operands).out, wanted.out)
            self.assertNotEqual(ocop("--lang", "en", command, *operands).out, ocop(command, *operands).out)

    def test_the_environment_changes_nothing(self):
        wanted = ocop("assess", GOOD).out
        for env in ({"LC_ALL": "C"}, {"LC_ALL": "vi_VN.UTF-8"}, {"LANG": "en_US.UTF-8", "LC_NUMERIC": "de_DE.UTF-8"},
                    {"COLUMNS": "40", "TERM": "xterm-256color", "CLICOLOR_FORCE": "1", "FORCE_COLOR": "1"},
                    {"TZ": "Asia/Ho_Chi_Minh"}):
            self.assertEqual(self.clean(ocop("assess", GOOD, env=env)).out, wanted, env)


class Files(Case):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="ocop-cli-")
        self.addCleanup(shutil.rmtree, self.folder)

    def unreadable(self):
        loop = os.path.join(self.folder, "loop.json")
        os.symlink(loop, loop)
        files = ["no/such/file.json", DOSSIERS.rstrip("/"), GOOD + "/inside", loop, "x" * 300, ""]
        if hasattr(os, "geteuid") and os.geteuid() != 0:  # the superuser reads everything
            locked = os.path.join(self.folder, "locked.json")
            with open(locked, "w") as file:
                file.write("{}")
            os.chmod(locked, 0)
            files.append(locked)
        return files

    def test_files_that_cannot_be_read(self):
        for file, command, language in itertools.product(self.unreadable(), ("assess", "validate"), LANGUAGES):
            run = self.clean(ocop(command, "--format", "json", "--lang", language, file), 1)
            (line,) = run.lines()
            (entry,) = line["errors" if command == "assess" else "problems"]
            self.assertEqual((entry["number"], entry["value"], entry["pointer"]), (101, file, ""))
            self.assertEqual(run.err, error_line(entry) + "\n")
            self.assertEqual(line.get("outcome", "incomplete"), "incomplete")
            text = self.clean(ocop(command, "--lang", language, file), 1)
            self.assertEqual(text.err, run.err)

    def test_one_unreadable_file_stops_no_other(self):
        files = [GOOD, "no/such/file.json", OTHER]
        run = self.clean(ocop("assess", "--format", "json", *files), 1)
        self.assertEqual([line["outcome"] for line in run.lines()], ["ranked", "incomplete", "ranked"])
        run = self.clean(ocop("validate", "--format", "json", HOST, "no/such/file.json", HOST), 1)
        self.assertEqual([line["valid"] for line in run.lines()], [True, False, True])

    def test_standard_input(self):
        for file, code in ((GOOD, 0), (BAD, 1), (CUT, 1)):
            with open(os.path.join(SOURCE, file), "rb") as opened:
                data = opened.read()
            for form, language in itertools.product(("text", "json", "csv"), LANGUAGES):
                options = ["--format", form, "--lang", language]
                by_name = self.clean(ocop("assess", file, *options), code)
                piped = self.clean(ocop("assess", "-", *options, stdin=data), code)
                self.assertEqual(piped.err, by_name.err.replace(file, "-"))
                self.assertEqual(piped.out, by_name.out.replace(file, "-"))
        with open(os.path.join(SOURCE, HOST), "rb") as opened:
            data = opened.read()
        self.assertEqual(self.clean(ocop("validate", "-", stdin=data)).out,
                         ocop("validate", HOST).out.replace(HOST, "-"))
        for command in ("assess", "validate"):
            self.assertRegex(self.clean(ocop(command, "-"), 1).err, r"^E102 -:1:1: ")

    def test_standard_input_among_files(self):
        with open(os.path.join(SOURCE, OTHER), "rb") as opened:
            run = self.clean(ocop("assess", "--format", "json", GOOD, "-", GOOD, stdin=opened.read()))
        self.assertEqual([line["regulation"] for line in run.lines()], ["26-2026", "148-2023", "26-2026"])

    def test_a_line_for_each_file_in_their_order(self):
        files = [GOOD, BAD, OTHER, CUT, "no/such/file.json", GOOD, *map(str, EXAMPLES), BAD]
        run = self.clean(ocop("assess", "--format", "json", *files), 1)
        alone = [ocop("assess", "--format", "json", file) for file in files]
        self.assertEqual(run.out, "".join(a.out for a in alone))
        self.assertEqual(run.err, "".join(a.err for a in alone))
        self.assertEqual(len(run.out.splitlines()), len(files))
        self.assertEqual(max(a.code for a in alone), 1)
        rows = list(csv.DictReader(io.StringIO(self.clean(ocop("assess", "--format", "csv", *files), 1).out)))
        self.assertEqual([row["file"] for row in rows], files)
        for row, line in zip(rows, run.lines()):
            for key in ("outcome", "regulation", "set", "level", "total", "stars", "proposed", "recognised_by", "band"):
                self.assertEqual(row[key], "" if line[key] is None else str(line[key]), (row["file"], key))
            for part in "ABC":
                self.assertEqual(row[part], (line["parts"] or {}).get(part, ""))
            self.assertEqual(int(row["errors"]), len(line.get("errors", [])))
            missed = ["%s:%d" % (m["criterion"], m["stars"]) for m in line["marks_missed"] or []]
            self.assertEqual(row["marks_missed"], "+".join(missed))

    def test_a_file_named_as_an_option(self):
        shutil.copy(os.path.join(SOURCE, GOOD), os.path.join(self.folder, "--lang"))
        self.assertEqual(self.clean(ocop("assess", "--format", "json", "--", "--lang", cwd=self.folder)).out,
                         ocop("assess", "--format", "json", GOOD).out)

    def test_names_beyond_ascii_and_with_blanks(self):
        name = "hồ sơ số 1 委员.json"
        shutil.copy(os.path.join(SOURCE, BAD), os.path.join(self.folder, name))
        run = self.clean(ocop("assess", name, cwd=self.folder), 1)
        self.assertEqual(run.err, ocop("assess", BAD).err.replace(BAD, name))


@unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full here")
class Machine(Case):
    """Standard output that takes nothing, and a file whose bytes cannot be had: exit 3."""

    def fails(self, *arguments):
        with open("/dev/full", "wb") as full:
            run = ocop(*arguments, stdout=full)
        with self.subTest(arguments=arguments):
            self.assertEqual(run.code, 3)
            self.assertTrue(run.err)

    def test_full_disk(self):
        for form in ("text", "json", "csv"):
            self.fails("regulations", "--format", form)
            self.fails("scorecard", "26-2026", "18", "--format", form)
            self.fails("assess", GOOD, "--format", form)
            self.fails("assess", BAD, "--format", form)
            self.fails("assess", GOOD, BAD, OTHER, "--format", form)
            self.fails("assess", DOSSIERS + "published/dak-lak-highest-4-star.json", "--format", form)
        for form in ("text", "json"):
            self.fails("validate", HOST, "--format", form)
        self.fails("--help")
        self.fails("--version")

    @unittest.skipUnless(os.path.exists("/proc/self/mem"), "no /proc/self/mem here")
    def test_read_error(self):
        for command in ("assess", "validate"):
            self.assertIn("/proc/self/mem", self.clean(ocop(command, "/proc/self/mem"), 3).err)


class Regulations(Case):
    @classmethod
    def setUpClass(cls):
        cls.documents = [regulation(name) for name in REGULATIONS]

    def test_json(self):
        lines = self.clean(ocop("regulations", "--format", "json")).lines()
        self.assertEqual([line["id"] for line in lines], list(REGULATIONS))
        for line, document in zip(lines, self.documents):
            decision, valid = document["decision"], document["in_force"]
            for key in ("number", "date", "vi", "en", "status"):
                self.assertEqual(line[key], decision[key])
            for key in ("filed_from", "filed_before"):
                self.assertEqual(line[key], valid.get(key))
            self.assertEqual(line["assessed_until"], valid.get("assessed_until", {}))
            self.assertEqual(line["in_force_status"], valid["status"])
            self.assertEqual(line["scorecards"], [
                {"set": card["set"], "vi": card["vi"], "en": card["en"], "sector": card["sector"],
                 "group": card["group"], "criteria": len(criteria(card)), "status": card["status"],
                 "reachable": card["reachable"]} for card in document["scorecards"]])

    def test_dates_of_the_rules(self):
        lines = ocop("regulations", "--format", "json").lines()
        self.assertEqual([(line["filed_from"], line["filed_before"]) for line in lines],
                         [("2019-08-21", "2023-02-24"), ("2023-02-24", "2026-05-22"), ("2026-05-22", None)])
        self.assertEqual([line["assessed_until"] for line in lines],
                         [{}, {"first": "2026-07-21", "upgrade": "2026-07-21", "renewal": "2026-06-21"}, {}])

    def test_csv(self):
        rows = list(csv.DictReader(io.StringIO(self.clean(ocop("regulations", "--format", "csv")).out)))
        self.assertEqual([row["id"] for row in rows], list(REGULATIONS))
        for row, line in zip(rows, ocop("regulations", "--format", "json").lines()):
            for key in ("number", "filed_from", "filed_before"):
                self.assertEqual(row[key], line[key] or "")
            for kind in ("first", "upgrade", "renewal"):
                self.assertEqual(row["assessed_until_" + kind], line["assessed_until"].get(kind, ""))
            self.assertEqual((row["scorecards"], row["status"]), ("26", line["in_force_status"]))

    def test_text(self):
        for language in LANGUAGES:
            out = self.clean(ocop("regulations", "--lang", language)).out
            blocks = out.split("\n\n")
            self.assertEqual(len(blocks), 4)
            for document in self.documents:
                valid = document["in_force"]
                (row,) = [line for line in blocks[0].splitlines() if line.startswith(document["id"] + " ")]
                for value in [document["decision"]["number"], valid["filed_from"], valid.get("filed_before") or "–",
                              *valid.get("assessed_until", {}).values()]:
                    self.assertIn(value, row)
            for block, document in zip(blocks[1:], self.documents):
                title, *rows = block.splitlines()
                self.assertEqual(title, "%s: %s" % (document["id"], document["decision"][language]))
                self.assertEqual(len(rows), 26)
                for row, card in zip(rows, document["scorecards"]):
                    self.assertRegex(row, r"^ +%d  %s +%d \S" % (card["set"], re.escape(card[language]),
                                                                 len(criteria(card))))


def effective(card, name):
    """The scorecard as the JSON form has to tell it: numbers from 1, defaults and inherited statuses filled in."""
    def criterion(c):
        told = {k: v for k, v in c.items() if k != "options"}
        told.setdefault("gates", [])
        told.setdefault("status", "verified")
        if "applies_if" in told:
            told.setdefault("applies_if_status", "verified")
        told["options"] = [{"status": told["status"], **o, "number": i} for i, o in enumerate(c["options"], 1)]
        return told
    told = {"agencies_status": "verified", "knockouts_status": "verified", "status": "verified", **card,
            "id": "%s/%d" % (name, card["set"]), "regulation": name}
    told["parts"] = [{"status": "verified", **part, "sections": [
        {**s, "criteria": [criterion(c) for c in s["criteria"]]} for s in part["sections"]]} for part in card["parts"]]
    return told


class Scorecards(Case):
    def test_json_is_the_data(self):
        self.maxDiff = None
        count = 0
        for name, card in cards():
            run = self.clean(scorecard(name, card["set"], "json"))
            (line,) = run.lines()
            with self.subTest(card=line["id"]):
                self.assertEqual(line, effective(card, name))
            self.assertEqual(scorecard(name, card["set"], "json", "en").out, run.out)
            count += 1
        self.assertEqual(count, 78)

    def test_csv_is_the_data(self):
        counts = dict.fromkeys(REGULATIONS, 0)
        for name, card in cards():
            run = self.clean(scorecard(name, card["set"], "csv"))
            rows = list(csv.DictReader(io.StringIO(run.out), strict=True))
            counts[name] += len(rows)
            wanted = [{"regulation": name, "set": str(card["set"]), "part": part, "criterion": c["code"], "id": c["id"],
                       "max": str(c["max"]), "choose": c["choose"], "number": str(i), "points": str(o["points"]),
                       "minimum_for": str(o.get("minimum_for", "")), "case": o.get("case", ""), "vi": o["vi"],
                       "en": o["en"], "status": o.get("status", c["status"])}
                      for part, c in criteria(card) for i, o in enumerate(c["options"], 1)]
            self.assertEqual(rows, wanted)
        self.assertEqual(counts, OPTION_COUNTS)

    def test_text_tells_every_option(self):
        for (name, card), language in itertools.product(cards(), LANGUAGES):
            lines = self.clean(scorecard(name, card["set"], "text", language)).out.splitlines()
            self.assertEqual(lines[0], "%s/%d  %s" % (name, card["set"], card[language]))
            found = [i for i, line in enumerate(lines) if re.match(r"  [ABC]\d", line)]
            self.assertEqual(len(found), len(criteria(card)))
            for start, (_, c) in zip(found, criteria(card)):
                title = "  %s  %s (%d)" % (c["code"], c[language], c["max"])
                self.assertEqual(lines[start][:len(title)], title)
                block = list(itertools.takewhile(lambda l: l.startswith("    "), lines[start + 1:]))
                rows = [line for line in block if re.match(r" +\d+\. ", line)]
                self.assertEqual(len(rows), len(c["options"]))
                parsed = [re.match(r" +(\d+)\. +(\d+)  (.*?)(?:  +(★+))?$", row) for row in rows]
                for i, (o, m) in enumerate(zip(c["options"], parsed), 1):
                    self.assertEqual((int(m[1]), int(m[2]), len(m[4] or "")), (i, o["points"], o.get("minimum_for", 0)))
                    text = "(%s) %s" % (o["case"], o[language]) if "case" in o else o[language]
                    self.assertTrue(m[3] == text or m[3].startswith(text + " ["), m[3])
                for columns in ([width(r[:m.end(1)]) for r, m in zip(rows, parsed)],
                                [width(r[:m.end(2)]) for r, m in zip(rows, parsed)],
                                [width(r[:m.start(3)]) for r, m in zip(rows, parsed)],
                                [width(r[:m.start(4)]) for r, m in zip(rows, parsed) if m[4]]):
                    self.assertLessEqual(len(set(columns)), 1, "\n".join(rows))

    def test_unknown_regulation_or_set(self):
        for name in ("", "26", "26-2027", "26-2026/18", "26-2026 ", "148/QĐ-TTg", "x" * 5000):
            for form, language in (("text", "vi"), ("json", "en"), ("csv", "vi")):
                run = self.clean(scorecard(name, "1", form, language), 1)
                self.assertEqual(run.out, "")
                self.assertRegex(run.err, r"^E201 ")
                for known in REGULATIONS:
                    self.assertIn(known, run.err)
        for number in ("0", "27", "99999999999999999999", "1.0", "1e0", "0x1", "", "một", " 1", "+1"):
            for form, language in (("text", "vi"), ("json", "en"), ("csv", "vi")):
                run = self.clean(scorecard("26-2026", number, form, language), 1)
                self.assertEqual(run.out, "")
                self.assertRegex(run.err, r"^E206 ")
                self.assertIn('"%s"' % number, run.err)


class Alignment(Case):
    """Columns line up by the width that a terminal shows, in both languages."""

    def check_table(self, head, rows):
        """Each cell of `rows` starts where a heading starts, or ends where one ends."""
        columns = cells(head)
        for row in rows:
            for start, end, text in cells(row):
                self.assertTrue(any(start == c[0] or end == c[1] for c in columns), "%r in\n%s\n%s" % (text, head, row))

    def check_left(self, rows):
        """Rows of a table without heading: the columns of the shortest row start alike in all."""
        split = [cells(row) for row in rows]
        count = min(map(len, split))
        for k in range(count):
            self.assertEqual(len({row[k][0] for row in split}), 1, "\n".join(rows))

    def check_report(self, text):
        """The tables with a ruled heading, and the two without; how many the former are."""
        tables = 0
        for block in text.split("\n\n"):
            lines = block.splitlines()
            rules = [i for i, line in enumerate(lines) if RULE in line and not line.strip(" " + RULE)]
            if rules:
                tables += 1
                head = lines[rules[0] - 1]
                rows = [line for i, line in enumerate(lines) if i > rules[0] and i not in rules
                        and not re.match("  (Độ lệch |Spread |3★≥1✓:)", line)]
                self.check_table(head, rows)
                for i in rules:
                    self.assertEqual(width(lines[i]), max(map(width, [head, *rows])), "\n".join(lines))
            elif re.match("(MỨC TỐI THIỂU THEO SAO CHƯA ĐẠT|MINIMUMS FOR STARS MISSED)$", lines[0]):
                self.check_left(lines[1:])
            elif re.match("(ĐỂ ĐẠT|TO REACH) ", lines[0]):
                rows = [line for line in lines if re.match(r"    [ABC]\d", line)]
                if rows:
                    self.check_left(rows)
        return tables

    def test_reports(self):
        for language in LANGUAGES:
            for file in EXAMPLES:
                with self.subTest(file=os.path.basename(file), language=language):
                    out = self.clean(ocop("assess", "--lang", language, file)).out
                    title, rule = out.splitlines()[:2]
                    self.assertEqual(rule, "═" * width(title))
                    self.assertEqual(self.check_report(out), 0 if "published" in file else 2)

    def test_wide_and_combining_names(self):
        with open(os.path.join(SOURCE, GOOD), encoding="utf-8") as file:
            text = file.read()
        names = {"m1": "委员一", "m2": "Nguye\u0302\u0303n", "m3": "Ｍ３", "m4": "한국", "m5": "e\u0301\u0323", "m6": "ủy viên số sáu"}
        for old, new in names.items():
            text = text.replace('"%s"' % old, '"%s"' % new)
        document = json.loads(text)
        document["product"]["name"] = "茶 Che\u0300 xanh ｎ"
        for language in LANGUAGES:
            out = self.clean(ocop("assess", "-", "--lang", language, stdin=json.dumps(document).encode())).out
            title, rule = out.splitlines()[:2]
            self.assertEqual(rule, "═" * width(document["product"]["name"]))
            self.assertEqual(self.check_report(out), 2)
            for name in names.values():
                self.assertIn("  %s  " % name, out)

    def test_regulations(self):
        for language in LANGUAGES:
            first, *others = ocop("regulations", "--lang", language).out.split("\n\n")
            head, rule, *rows = first.splitlines()
            self.check_table(head, rows)
            self.assertEqual(width(rule), max(map(width, [head, *rows])))
            for block in others:
                rows = block.splitlines()[1:]
                split = [cells(row) for row in rows]
                self.assertEqual({row[0][1] for row in split}, {4})
                self.check_left([row[4:] for row in rows])


class Wording(Case):
    def test_english_counts_of_one(self):
        with open(os.path.join(SOURCE, GOOD), encoding="utf-8") as file:
            alone = json.load(file)
        alone["council"] = {"members": alone["council"]["members"][:1]}
        alone["sheets"] = {"m1": alone["sheets"]["m1"]}
        out = self.clean(ocop("assess", "-", "--lang", "en", stdin=json.dumps(alone).encode())).out
        out += self.clean(ocop("assess", "--lang", "en", *EXAMPLES)).out
        out += self.clean(ocop("assess", "--lang", "en", CUT), 1).out
        self.assertEqual(re.findall(r"\b1 (?:criteria|sheets|problems|warnings|stars|points)\b.*", out), [])

    def test_vietnamese_text_has_no_words_of_the_file_format(self):
        words = ("first|upgrade|renewal|district|province|centre|chair|vice_chair|member|secretary|observer|ranked|"
                 "rejected|score_again|incomplete|verified|secondary|inferred|conflict|cooperative|farm|association")
        texts = {"regulations": ocop("regulations").out}
        for file in EXAMPLES:
            with open(file, encoding="utf-8") as opened:
                document = json.load(opened)
            del document["note"]  # in both languages
            texts[os.path.basename(file)] = ocop("assess", "-", stdin=json.dumps(document).encode()).out
        for name, text in texts.items():
            with self.subTest(text=name):
                self.assertEqual(re.findall(r"\b(?:%s)\b" % words, text), [])


class Validate(Case):
    def nodes(self, document, pointer):
        """The values on the way of a JSON pointer."""
        node, way = document, [document]
        for step in pointer.split("/")[1:]:
            step = step.replace("~1", "/").replace("~0", "~")
            node = node[int(step)] if isinstance(node, list) else node[step]
            way.append(node)
        return way

    def test_bundled_regulations(self):
        for name, language in itertools.product(REGULATIONS, LANGUAGES):
            file = "data/regulations/%s.json" % name
            document = regulation(name)
            run = self.clean(ocop("validate", "--format", "json", "--lang", language, file))
            (line,) = run.lines()
            self.assertIs(line["valid"], True)
            self.assertEqual(line["regulation"], json.loads(ocop("regulations", "--format", "json").out
                                                            .splitlines()[REGULATIONS.index(name)]))
            self.assertEqual([error_line(p) for p in line["problems"]], run.err.split("\n")[:-1])
            text = self.clean(ocop("validate", "--lang", language, file))
            self.assertEqual(text.err, run.err)
            self.assertEqual(text.out.count("\n"), 1)
            self.assertIn(name, text.out)
            warned = set()
            for problem in line["problems"]:
                self.assertEqual((problem["number"], problem["severity"]), (413, "warning"))
                way = self.nodes(document, problem["pointer"])
                self.assertIn("conflict", [n.get("status") for n in way if isinstance(n, dict)])
                warned.add(way[2]["set"])
            self.assertEqual(warned, {c["set"] for c in document["scorecards"] if c["status"] == "conflict"})

    def test_document_of_a_host(self):
        for language in LANGUAGES:
            run = self.clean(ocop("validate", "--lang", language, HOST))
            self.assertEqual((run.err, run.out.count("\n")), ("", 1))
            (line,) = self.clean(ocop("validate", "--lang", language, "--format", "json", HOST)).lines()
            self.assertEqual((line["valid"], line["problems"]), (True, []))

    def test_both_forms_tell_the_same(self):
        files = sorted(os.path.relpath(p, SOURCE) for p in glob.glob(os.path.join(SOURCE, "tests/malformed_regulations/*.json"))
                       if os.path.basename(p) != "expected.json")
        for language in LANGUAGES:
            run = self.clean(ocop("validate", "--format", "json", "--lang", language, *files), 1)
            lines = run.lines()
            self.assertEqual(len(lines), len(files))
            self.assertEqual([error_line(p) for line in lines for p in line["problems"]], run.err.split("\n")[:-1])
            self.assertEqual([line["valid"] for line in lines], [os.path.basename(f) == "valid.json" for f in files])
            text = self.clean(ocop("validate", "--lang", language, *files), 1)
            self.assertEqual(text.err, run.err)
            self.assertEqual(text.out.count("\n"), len(files))


class Errors(Case):
    def test_each_error_is_whole_and_both_forms_tell_the_same(self):
        found = {}
        for language in LANGUAGES:
            run = self.clean(ocop("assess", "--format", "json", "--lang", language, *MALFORMED), 1)
            lines = run.lines()
            self.assertEqual(len(lines), len(MALFORMED))
            found[language] = [entry for line in lines for entry in line["errors"]]
            self.assertEqual([error_line(entry) for entry in found[language]], run.err.split("\n")[:-1])
            for file, line in zip(MALFORMED, lines):
                self.assertEqual(line["outcome"], "incomplete", file)
                self.assertTrue(line["errors"], file)
                for key in ("total", "total_exact", "parts", "band", "stars", "proposed", "recognised_by", "marks_missed"):
                    self.assertIsNone(line[key], (file, key))
                self.assertEqual(line["to_reach"], {})
                for entry in line["errors"]:
                    self.assertTrue(100 <= entry["number"] <= 999)
                    self.assertTrue(entry["message"].strip())
                    self.assertRegex(entry["pointer"], r"^(/|$)")
                    self.assertEqual(entry["file"], file)
            for form in ("text", "csv"):
                other = self.clean(ocop("assess", "--format", form, "--lang", language, *MALFORMED), 1)
                self.assertEqual(other.err, run.err)
        for vi, en in zip(found["vi"], found["en"]):
            self.assertNotEqual(vi["message"], en["message"])
            self.assertEqual({**vi, "message": ""}, {**en, "message": ""})

    def test_english_messages_are_english(self):
        """Letters that only Vietnamese has stand in English only where the input or a name has them."""
        with open(os.path.join(SOURCE, "data", "regulations", "148-2023.json"), encoding="utf-8") as file:
            known = file.read()
        for language, files in (("en", MALFORMED),):
            for line, file in zip(ocop("assess", "--format", "json", "--lang", language, *files).lines(), files):
                with open(os.path.join(SOURCE, file), encoding="utf-8", errors="replace") as opened:
                    given = opened.read()
                for entry in line["errors"]:
                    for word in re.findall(r"[^\W\d_]+", entry["message"]):
                        if any(unicodedata.normalize("NFD", c) != c or c in "đĐ" for c in word):
                            self.assertTrue(word in given or word in known, (file, entry["message"]))


if __name__ == "__main__":
    tool.main()[1]()
