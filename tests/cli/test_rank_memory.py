#!/usr/bin/env python3
"""A million sheets stream through `ocop rank`: memory grows with products, not with sheets.

    test_rank_memory.py [--tool PATH/ocop] [arguments of unittest]
"""
import os
import subprocess
import tempfile
import unittest

import tool
from tool import SOURCE, criteria, regulation

REGULATION, SET = "26-2026", 25
CARD = next(c for c in regulation(REGULATION)["scorecards"] if c["set"] == SET)
CODES = [c["code"] for _, c in criteria(CARD)]
CELLS = "," + ",".join(str(1 + max(range(len(c["options"])), key=lambda n: c["options"][n]["points"]))
                       for _, c in criteria(CARD)) + "\n"
MEBI = 1 << 20


def write(path, products, members):
    """Every member scores every product; member after member, so that a product's rows lie apart."""
    with open(path, "w", encoding="ascii") as file:
        file.write("product,member," + ",".join(CODES) + "\n")
        for m in range(members):
            tail = ",m%d%s" % (m, CELLS)
            file.write("".join("P%06d%s" % (p, tail) for p in range(products)))


class Memory(unittest.TestCase):
    def peak(self, products, members):
        """Bytes that ranking so many sheets takes at most."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "sheets.csv")
            write(path, products, members)
            out = os.path.join(folder, "out.csv")
            with open(out, "wb") as file:
                child = subprocess.Popen([tool._path, "rank", "--regulation", REGULATION, "--set",
                                          str(SET), "--format", "csv", path], cwd=SOURCE, stdout=file)
                _, status, usage = os.wait4(child.pid, 0)
                child.returncode = os.waitstatus_to_exitcode(status)
            self.assertEqual(child.returncode, 0)
            with open(out, encoding="utf-8") as file:
                lines = file.read().splitlines()
            self.assertEqual(len(lines), products + 1)
            for line in (lines[1], lines[-1]):
                self.assertTrue(line.startswith("1,P"), line)
                self.assertIn(",ranked,5,100.00,40.00,25.00,35.00,%d," % members, line)
            return usage.ru_maxrss * 1024

    def test_a_million_sheets(self):
        least = self.peak(10, 1)
        few = self.peak(20000, 2)
        many = self.peak(20000, 50)
        # Twenty-five times the sheets: no more memory than noise.
        self.assertLess(many, few + 3 * MEBI)
        # More than 64 members: a few bytes a sheet.
        crowded = self.peak(2000, 500)
        self.assertLess(crowded, self.peak(2000, 2) + 8 * MEBI)
        # As many sheets over more products: by product, within bounds.
        wide = self.peak(140000, 7)
        self.assertLess(wide - least, 140000 * 450)
        print("peak MiB: 10 x 1 %d, 20000 x 2 %d, 20000 x 50 %d, 2000 x 500 %d, 140000 x 7 %d" % tuple(
            n // MEBI for n in (least, few, many, crowded, wide)))


if __name__ == "__main__":
    tool.main()[1]()
