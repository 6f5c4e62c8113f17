"""`ocop star`: a line of JSON an argument; nothing fails."""
import csv
import os
import unittest

import tool
from tool import SOURCE, ocop


class Star(unittest.TestCase):
    def test_the_phrases_of_the_facts(self):
        with open(os.path.join(SOURCE, "data", "products", "star_phrases.csv"), encoding="utf-8") as file:
            phrases = list(csv.DictReader(file))
        run = ocop("star", *[p["text"] for p in phrases])
        self.assertEqual((run.code, run.err), (0, ""))
        answers = run.lines()
        self.assertEqual(len(answers), len(phrases))
        for phrase, answer in zip(phrases, answers):
            self.assertEqual(answer["text"], phrase["text"])
            self.assertEqual(answer["kind"], phrase["kind"], phrase["text"])
            numbers = [int(n) for n in phrase["star"].split("..") if n]
            wanted = None if not numbers else numbers[0] if len(numbers) == 1 else numbers
            self.assertEqual(answer["stars"], wanted, phrase["text"])

    def test_words_that_look_like_options(self):
        for words, kinds in ((["", "-"], ["none", "none"]), (["--", "-3 sao"], ["invalid"]),
                             (["3 sao", "--lang", "en", "4*"], ["awarded", "awarded"])):
            run = ocop("star", *words)
            self.assertEqual(run.code, 0, run.err)
            self.assertEqual([a["kind"] for a in run.lines()], kinds)

    def test_forms(self):
        self.assertIn("4", ocop("star", "--format", "text", "4 sao").out)
        self.assertEqual(ocop("--format", "json", "star", "4 sao").out, ocop("star", "4 sao").out)
        self.assertEqual(ocop("star", "--format", "csv", "4 sao").code, 2)
        self.assertEqual(ocop("star").code, 2)
        vi, en = (ocop("star", "--lang", lang, "6 sao").lines()[0]["why"] for lang in ("vi", "en"))
        self.assertNotEqual(vi, en)


if __name__ == "__main__":
    tool.main()[1]()
