#!/usr/bin/env python3
"""`ocop certificate` from outside: answers by hand, wrong input, wrong usage."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import unittest

TOOL = ""
FIRST = {"kind": "recognised", "on": "2021-08-10", "stars": 3, "decision": "1045/QĐ-UBND"}
KEYS = ["state", "stars", "first_day", "last_valid_day", "filing_from", "filing_until",
        "grace_until", "proposed", "former_stars", "producer", "reasons"]


def run(*arguments, given=""):
    done = subprocess.run([TOOL, *arguments], input=given.encode(), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=60, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def ask(events, day, *more):
    code, out, err = run("certificate", "-", "--on", day, *more,
                         given=json.dumps({"events": events}))
    assert code == 0 and err == "", (code, err)
    assert out.count("\n") == 1, out
    return json.loads(out)


class Certificate(unittest.TestCase):
    def test_by_hand(self):
        renewed = [FIRST, {"kind": "re_recognised", "on": "2024-08-11", "stars": 4}]
        early = [{"kind": "recognised", "on": "2023-06-30", "stars": 3},
                 {"kind": "filed", "on": "2026-06-20"}]
        now = [{"kind": "recognised", "on": "2026-08-05", "stars": 3}]
        gone = [FIRST, {"kind": "withdrawn", "on": "2023-09-15", "ground": "no_longer_produced"}]
        five = [{"kind": "proposed", "on": "2024-11-01", "stars": 5}]
        for events, day, state, stars, last in (
                ([], "2024-01-01", "none", None, None),
                ([FIRST], "2021-08-09", "none", None, None),
                ([FIRST], "2021-08-10", "valid", 3, "2024-08-10"),
                ([FIRST], "2024-08-10", "valid", 3, "2024-08-10"),
                ([FIRST], "2024-08-11", "expired", None, "2024-08-10"),
                (renewed, "2024-08-11", "valid", 4, "2027-08-11"),
                (renewed, "2024-08-10", "valid", 3, "2024-08-10"),
                (early, "2026-07-01", "grace", 3, "2026-06-30"),
                (early, "2026-12-27", "grace", 3, "2026-06-30"),
                (early, "2026-12-28", "expired", None, "2026-06-30"),
                (now, "2029-02-05", "valid", 3, "2029-08-05"),
                (now, "2029-02-06", "filing_window", 3, "2029-08-05"),
                (now, "2029-04-07", "filing_window", 3, "2029-08-05"),
                (now, "2029-04-08", "valid", 3, "2029-08-05"),
                (gone, "2023-09-14", "valid", 3, "2024-08-10"),
                (gone, "2023-09-15", "withdrawn", None, "2023-09-14"),
                (five, "2025-01-01", "proposed", None, None)):
            with self.subTest(day=day, events=events):
                answer = ask(events, day)
                self.assertEqual(list(answer), KEYS)
                self.assertEqual((answer["state"], answer["stars"], answer["last_valid_day"]),
                                 (state, stars, last))
        self.assertEqual(ask(now, "2027-01-01")["filing_from"], "2029-02-06")
        self.assertEqual(ask(now, "2027-01-01")["filing_until"], "2029-04-07")

    def test_order_of_events_does_not_matter(self):
        events = [FIRST, {"kind": "upgraded", "on": "2022-03-01", "stars": 4},
                  {"kind": "withdrawn", "on": "2023-03-01"}]
        for day in ("2022-02-28", "2022-03-01", "2023-03-01"):
            self.assertEqual(ask(events, day), ask(events[::-1], day))

    def test_later_events_change_nothing(self):
        later = {"kind": "withdrawn", "on": "2023-03-01"}
        self.assertEqual(ask([FIRST], "2023-02-28"), ask([FIRST, later], "2023-02-28"))

    def test_formats_and_languages(self):
        given = json.dumps({"events": [FIRST]})
        code, plain, _ = run("certificate", "-", "--on", "2022-01-01", given=given)
        self.assertEqual(code, 0)
        self.assertEqual(run("--format", "json", "certificate", "-", "--on", "2022-01-01",
                             given=given), (0, plain, ""))
        code, text, _ = run("certificate", "-", "--on", "2022-01-01", "--format", "text",
                            "--lang", "en", given=given)
        self.assertEqual(code, 0)
        self.assertTrue(text.startswith("2022-01-01: valid, 3 stars\n"), text)
        self.assertEqual(run("certificate", "-", "--on", "2022-01-01", "--format", "csv",
                             given=given)[0], 2)
        english = ask([FIRST], "2022-01-01", "--lang", "en")
        self.assertIn("recognised", english["reasons"][0]["text"])

    def test_wrong_usage(self):
        given = json.dumps({"events": [FIRST]})
        for arguments in (["certificate"], ["certificate", "-"], ["certificate", "--on", "2024-01-01"],
                          ["certificate", "-", "--on", "2024-02-30"],
                          ["certificate", "-", "--on", "2024-2-3"], ["certificate", "-", "--on", ""],
                          ["certificate", "-", "--on", "today"]):
            with self.subTest(arguments=arguments):
                code, out, err = run(*arguments, given=given)
                self.assertEqual((code, out), (2, ""))
                self.assertNotEqual(err, "")

    def test_wrong_input_tells_everything(self):
        code, out, err = run("certificate", "-", "--on", "2024-01-01", "--lang", "en",
                             given=json.dumps({"events": [
                                 {"kind": "recognised", "on": "2024-02", "stars": 3},
                                 {"kind": "withdrawn", "on": "2024-05-01", "ground": "none"},
                                 {"kind": "melted", "on": "2024-05-01"}], "extra": 1}))
        self.assertEqual((code, out), (1, ""))
        lines = err.strip().split("\n")
        self.assertEqual([line.split()[0] for line in lines], ["E110", "E109", "E109", "E108"])
        self.assertIn("/events/0/on", lines[0])
        self.assertIn("/extra", lines[3])
        for events, number in (([{"kind": "withdrawn", "on": "2024-05-01"}], "E610"),
                               ([{"kind": "re_recognised", "on": "2024-05-01", "stars": 3}], "E610"),
                               ([FIRST, {"kind": "upgraded", "on": "2022-05-01", "stars": 3}], "E610"),
                               ([{"kind": "recognised", "on": "2024-05-01", "stars": 2}], "E606"),
                               ([{"kind": "recognised", "on": "2024-05-01"}], "E107")):
            with self.subTest(events=events):
                code, out, err = run("certificate", "-", "--on", "2024-01-01",
                                     given=json.dumps({"events": events}))
                self.assertEqual((code, out), (1, ""))
                self.assertTrue(err.startswith(number), err)
        self.assertEqual(run("certificate", "no/such/file", "--on", "2024-01-01")[0], 1)
        for given in ("", "[]", "{", "null", "\xff"):
            self.assertEqual(run("certificate", "-", "--on", "2024-01-01", given=given)[0], 1)

    def test_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "history.json")
            with open(file, "w", encoding="utf-8") as to:
                json.dump({"events": [FIRST]}, to)
            code, out, _ = run("certificate", file, "--on", "2022-01-01")
            self.assertEqual((code, json.loads(out)["state"]), (0, "valid"))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--tool", required=True)
    known, rest = arguments.parse_known_args()
    TOOL = known.tool
    unittest.main(argv=[sys.argv[0], *rest])
