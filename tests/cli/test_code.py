#!/usr/bin/env python3
"""`ocop code` from outside; units are looked up in data/units a second time, in plain Python.

    test_code.py [--tool PATH/ocop] [arguments of unittest]
"""
import csv
import os
import random
import unittest

import tool
from tool import LANGUAGES, SOURCE, error_line, ocop

KEYS = ["code", "valid", "generation", "written", "province", "district", "commune", "serial", "year",
        "edition", "names", "today", "notes", "errors", "warnings"]
EDITIONS = ["2023-01", "2025-03", "2025-07", "2026-04"]


def read(name):
    with open(os.path.join(SOURCE, "data", "units", name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def units():
    """{edition: {code: (parent, name)}}"""
    table = {edition: {} for edition in EDITIONS}
    for row in read("units.csv"):
        for digit in row["editions"]:
            table[EDITIONS[int(digit) - 1]][row["code"]] = (row["parent"], row["name"])
    return table


UNITS = units()
SUCCESSOR = {row["old_code"]: row["new_code"] for row in read("succession.csv")}


def communes(edition):
    return sorted(code for code in UNITS[edition] if len(code) == 5)


def numbers(answer):
    return [problem["number"] for problem in answer["errors"]]


class Code(unittest.TestCase):
    def ask(self, *codes, status=0, options=()):
        run = ocop("code", *options, *codes)
        self.assertEqual(run.code, status, run.err)
        answers = run.lines()
        self.assertEqual([answer["code"] for answer in answers], list(codes))
        told = []
        for answer in answers:
            self.assertEqual(list(answer), KEYS)
            self.assertEqual(answer["valid"], not answer["errors"])
            for entry in answer["errors"] + answer["warnings"]:
                told.append(error_line({**entry, "file": answer["code"]}))
        # Each problem stands on standard error as well, with the code as its place.
        self.assertEqual(sorted(run.err.split("\n")[:-1]), sorted(told))
        return answers

    def test_golden(self):
        answer, = self.ask("83-829-28780-3-2022")
        self.assertTrue(answer["valid"])
        self.assertEqual(answer["generation"], "software-2021")
        self.assertEqual([answer[k] for k in ("province", "district", "commune", "serial", "year")],
                         ["83", "829", "28780", 3, 2022])
        self.assertEqual(answer["names"], {"province": "Tỉnh Bến Tre", "district": "Thành phố Bến Tre",
                                           "commune": "Phường 7"})
        today = answer["today"]
        self.assertEqual((today["province"]["code"], today["province"]["name"]), ("86", "Tỉnh Vĩnh Long"))
        self.assertEqual((today["commune"]["code"], today["commune"]["name"]), ("28789", "Phường Bến Tre"))
        self.assertNotIn("reason", today)
        answer, = self.ask("12-03388-1-2026")
        self.assertEqual(answer["generation"], "26-2026")
        self.assertIsNone(answer["district"])
        self.assertIsNone(answer["names"]["district"])
        self.assertEqual(answer["names"]["commune"], "Phường Đoàn Kết")
        answer, = self.ask("12-105-3-2020")
        self.assertEqual(answer["generation"], "1048")
        self.assertIsNone(answer["commune"])
        self.assertIsNone(answer["today"]["commune"])
        self.assertIn("reason", answer["today"])
        self.assertEqual(answer["today"]["province"]["name"], "Tỉnh Lai Châu")

    def test_order_and_forms(self):
        codes = ["12-03388-1-2026", "abc", "83-829-28780-3-2022"]
        answers = self.ask(*codes, status=1)
        self.assertEqual([answer["valid"] for answer in answers], [True, False, True])
        self.assertEqual(self.ask(*codes, status=1, options=("--format", "json")), answers)
        text = ocop("code", "--format", "text", *codes)
        self.assertEqual(text.code, 1)
        self.assertIn("Phường Bến Tre (28789), Tỉnh Vĩnh Long (86)", text.out)
        self.assertEqual(ocop("code", "--format", "csv", *codes).code, 2)
        self.assertEqual(ocop("code").code, 2)

    def test_random_units(self):
        """Real communes in their own district and in another: the true parents are named."""
        draw = random.Random(148)
        old = UNITS["2023-01"]
        districts = sorted(code for code in old if len(code) == 3)
        expected = []
        for commune in draw.sample(communes("2023-01"), 60):
            home = old[commune][0]
            for district in (home, draw.choice(districts)):
                expected.append(("%s-%s-%s-%d-2021" % (old[district][0], district, commune,
                                                       draw.randrange(1, 30)), commune, home, district))
        answers = self.ask(*(code for code, *_ in expected), status=1)
        for answer, (code, commune, home, district) in zip(answers, expected):
            self.assertEqual(answer["names"]["commune"], old[commune][1])
            self.assertEqual(answer["valid"], home == district, code)
            if home != district:
                self.assertEqual(numbers(answer), [502])
                message = answer["errors"][0]["message"]
                for unit in (home, old[home][0]):
                    self.assertIn("%s (%s)" % (old[unit][1], unit), message)
                self.assertIsNone(answer["today"]["commune"])
                continue
            # 2023-01 to 2025-03 by code, then the list of successors, then by code.
            now = SUCCESSOR.get(commune) if commune in UNITS["2025-03"] else None
            if now is None:
                self.assertIsNone(answer["today"]["commune"])
                self.assertTrue(answer["today"]["reason"])
            else:
                parent, name = UNITS["2026-04"][now]
                self.assertEqual((answer["today"]["commune"]["code"], answer["today"]["commune"]["name"]),
                                 (now, name))
                self.assertEqual(answer["today"]["province"]["code"], parent)

    def test_new_communes(self):
        draw = random.Random(26)
        new = UNITS["2026-04"]
        codes = communes("2026-04")
        provinces = sorted(code for code in new if len(code) == 2)
        right = draw.sample(codes, 30)
        for answer, commune in zip(self.ask(*("%s-%s-1-2026" % (new[c][0], c) for c in right)), right):
            self.assertEqual(answer["names"]["commune"], new[commune][1])
            self.assertEqual(answer["today"]["commune"]["code"], commune)
        for commune in draw.sample(codes, 10):
            wrong = draw.choice([p for p in provinces if p != new[commune][0]])
            answer, = self.ask("%s-%s-1-2026" % (wrong, commune), status=1)
            self.assertEqual(numbers(answer), [502])
            self.assertIn(new[new[commune][0]][1], answer["errors"][0]["message"])

    def test_bad_codes(self):
        for code in ("", " ", "83", "83-829-28780-0-2022", "83-829-28780-3-22", "3-829-28780-3-2022",
                     "83-829-2878-3-2022", "٨٣-829-28780-3-2022", "83-829-28780-3-2022-1", "9" * 5000,
                     "83/829/28780/3/2022", "\u202e83-829-28780-3-2022"):
            run = ocop("code", "--", code)
            self.assertEqual(run.code, 1, code)
            answer, = run.lines()
            self.assertEqual(set(numbers(answer)), {503}, code)
            self.assertIsNone(answer["generation"])
            self.assertEqual(answer["names"], {"province": None, "district": None, "commune": None})
        for code, found in (("83-830-28780-3-2022", [501, 502]), ("12-03388-1-2025", [504]),
                            ("12-105-1-2018", [504]), ("99-99999-1-2026", [501, 501]),
                            ("83-28789-1-2026", [501, 502])):
            self.assertEqual(numbers(self.ask(code, status=1)[0]), found)

    def test_read_with_a_warning(self):
        for code in ("83–829–28780–3–2022", " 83-829-28780-3-2022 ", "83-829-28780-03-2022"):
            answer, = self.ask(code)
            self.assertEqual(answer["written"], "83-829-28780-3-2022")
            self.assertEqual([w["number"] for w in answer["warnings"]], [503])

    def test_languages(self):
        said = {lang: self.ask("83-829-1-2040", status=1, options=("--lang", lang))[0]["errors"]
                for lang in LANGUAGES}
        self.assertEqual([e["number"] for e in said["vi"]], [504])
        self.assertNotEqual(said["vi"][0]["message"], said["en"][0]["message"])


if __name__ == "__main__":
    tool.main()[1]()
