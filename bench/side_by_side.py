#!/usr/bin/env python3
"""W1 and W2 beside other implementations, in one run on one machine; all answers must match.

side_by_side.py --bench BUILD/bench [--peers FOLDER] [--passes N]

FOLDER holds the peers' run.sh and the workloads' definitions (spec.md). Without it, only this
project's own plain twins are run. Prints one table; exit code 1 where an answer differs.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys


def lines_of(command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, **more)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", required=True, type=pathlib.Path,
                        help="where ocop_bench_national and ocop_bench_council_noise are")
    parser.add_argument("--peers", type=pathlib.Path)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("build/peers"))
    parser.add_argument("--passes", type=int, default=9)
    given = parser.parse_args()

    peers, ratings = [], []
    if given.peers:
        work = given.work.resolve()
        work.mkdir(parents=True, exist_ok=True)
        around = dict(os.environ, BENCH_WORK=str(work))
        peers = lines_of(["bash", str(given.peers / "run.sh"), "w1"], env=around)
        file = work / "data" / "ratings_1000000.u8"
        ratings = ["--ratings", str(file)]
    ours = lines_of([str(given.bench / "ocop_bench_national"), "--passes", str(given.passes)] + ratings)
    bound = next(line["sec"] for line in ours if line.get("impl") == "reading_1t")

    print("W1, a million products x 7 members x 30 criteria: two sets of stars, the best 1000")
    print(f"{'implementation':34}{'ms':>10}{'x reading':>11}  answer")
    answers = {}
    for line in ours + peers:
        if "impl" not in line or "sec" not in line:
            continue
        known = {key: line[key] for key in ("sum", "top", "cross") if line.get(key)}
        # Floors read the ratings and give no answer; some peers give a part of it.
        judged = "top" in known
        if judged:
            answers.setdefault(json.dumps(known, sort_keys=True), []).append(line["impl"])
        print(f"{line['impl']:34}{1000 * line['sec']:>10.2f}{line['sec'] / bound:>11.2f}"
              f"  {known['top'] if judged else '-'}")
    if len(answers) > 1:
        print(f"the answers differ: {sorted(answers.values())}", file=sys.stderr)
        return 1

    noise = given.bench / "ocop_bench_council_noise"
    if noise.exists():
        print("\nW2, council noise: 2000 products x 500 replications x 210 ratings")
        print(f"{'implementation':34}{'ns/rating':>10}  shares of 1 to 5 stars")
        rows = lines_of([str(noise)])
        if given.peers:
            rows += lines_of(["bash", str(given.peers / "run.sh"), "w2"], env=around)
        reference = None
        for line in rows:
            if "ns_per_rating" not in line:
                continue
            share = line.get("share") or []
            print(f"{line['impl']:34}{line['ns_per_rating']:>10.2f}  "
                  + " ".join(f"{one:.4f}" for one in share))
            if not share:
                continue
            reference = reference or share
            # Monte-Carlo error of a share over a million councils is far below this.
            if max(abs(a - b) for a, b in zip(share, reference)) > 0.002:
                print(f"{line['impl']}: other shares", file=sys.stderr)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
