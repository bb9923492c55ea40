#!/usr/bin/env python3
"""Compare `bayan replay` with the interpreter of the rule book on random scenarios.

    compare.py --bayan PATH --seed N --count M [--jobs 2]

runs `PATH replay FOLDER --json` and the interpreter on M random scenarios and M/10 broken ones. JSON is compared as
values: the order of keys is free, that of lists is not. It stops at the first 5 differences, keeps their folders, and
prints a table of how often each reason was reached.
"""

import argparse
import difflib
import json
import multiprocessing
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import broken
import generate
import interpreter as rules

MOST_DIFFERENCES = 5
CHUNK = 25
TIMEOUT = 60
FULL = 10_000
LEAST = 100

REASONS = ["bid unknown_lot", "bid not_open", "bid own_auction", "bid not_eligible", "bid consecutive_bid", "bid off_step",
           "bid not_better", "bid above_max_step", "bid beyond_limit", "bid insufficient_margin",
           "act suspended", "act not_suspended", "act not_later", "act ended", "publication insufficient_margin"]


def run_program(program, folder):
    """Exit status, standard output, standard error of the program under test."""
    try:
        done = subprocess.run([program, "replay", str(folder), "--json"], stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return None, "", f"no end within {TIMEOUT} s"
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def same(left, right):
    """Equal as JSON values: `1`, `1.0` and `true` are three values, not one."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right))
    return left == right


def once(pairs):
    """A JSON object whose keys are there once each."""
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return dict(pairs)


def lines_of(value):
    """A value, one entry of its lists a line."""
    lines = []
    for key in sorted(value) if isinstance(value, dict) else []:
        entry = value[key]
        lines += [f"{key}: {json.dumps(e, ensure_ascii=False, sort_keys=True)}" for e in entry] \
            if isinstance(entry, list) else [f"{key}: {json.dumps(entry, ensure_ascii=False)}"]
    return lines or [json.dumps(value, ensure_ascii=False)]


def difference(expected, result):
    """None where the program gave the expected JSON, else what differs."""
    status, out, err = result
    if status != 0:
        return f"exit status {status}; expected 0\nstandard error: {err.strip()}"
    try:
        got = json.loads(out, object_pairs_hook=once)
    except ValueError as error:
        return f"standard output is not one JSON value: {error}\n{out[:2000]}"
    if same(expected, got):
        return None
    return "\n".join(difflib.unified_diff(lines_of(expected), lines_of(got), "rule book", "program", lineterm="", n=1))


def refusal_difference(files, result):
    """A broken folder: exit status 2, nothing on standard output, `FILE:LINE: message` on standard error, where in
    announcement.toml the line may be left out."""
    status, out, err = result
    if status != 2:
        return f"exit status {status}; expected 2\nstandard error: {err.strip()}"
    if out:
        return f"standard output is not empty: {out[:500]}"
    if not any(begins_with(err, file) for file in files):
        return f"standard error does not begin with {' or '.join(files)}: {err.strip()}"
    return None


def begins_with(err, file):
    rest = err.removeprefix(file + ":")
    if rest == err:
        return False
    number, colon, _ = rest.partition(":")
    numbered = number.isascii() and number.isdigit() and colon == ":"
    return numbered or file == "announcement.toml" and rest.startswith(" ")


def tally(folder, result):
    """How often each reason was reached."""
    counts = Counter()
    counts["scenarios with a hand.csv"] += (folder / "hand.csv").exists()
    if result["status"] == "refused":
        counts["publication " + result["reason"]] += 1
    for bid in result["bids"]:
        counts["bid " + bid.get("reason", "accepted")] += 1
    for act in result.get("hand", []):
        counts["act " + act.get("reason", "done")] += 1
    for lot in result["lots"]:
        counts["lot " + lot["status"]] += 1
    return counts


def check_scenario(program, seed, index, folder):
    generate.write_scenario(seed, index, folder)
    try:
        expected = rules.run(folder)
    except rules.Wrong as wrong:
        return f"the interpreter refuses a scenario that should be right: {wrong}", Counter()
    return difference(expected, run_program(program, folder)), tally(folder, expected)


def check_broken(program, seed, index, folder):
    files, name = broken.write_broken(seed, index, folder)
    try:
        expected, wrong = rules.run(folder), None
    except rules.Wrong as error:
        expected, wrong = None, error
    result = run_program(program, folder)
    counts = Counter({"broken folders" if wrong else "strange folders that are allowed": 1})
    if (wrong is None) != (files == [broken.ALLOWED]) or wrong is not None and wrong.file not in files:
        return f"{name}: the interpreter says {wrong}; expected {files}", counts
    found = difference(expected, result) if wrong is None else refusal_difference(files, result)
    return found and f"{name}: {found}\n(the interpreter says {wrong or 'that it is allowed'})", counts


def work(task):
    """A run of indices of one kind; gives how many passed, the differences, and the tally."""
    kind, program, seed, indices, base = task
    check = check_scenario if kind == "scenario" else check_broken
    passed, found, counts = 0, [], Counter()
    for index in indices:
        folder = Path(base) / f"{kind}-{index:06d}"
        text, tallied = check(program, seed, index, folder)
        counts += tallied
        if text is None:
            passed += 1
            shutil.rmtree(folder)
            folder.with_name(folder.name + ".expect").unlink(missing_ok=True)
        else:
            found.append((str(folder), text))
            if len(found) == MOST_DIFFERENCES:
                break
    return passed, found, counts


def tasks(program, seed, count, base):
    for kind, number in [("scenario", count), ("broken", count // 10)]:
        for start in range(0, number, CHUNK):
            yield kind, program, seed, range(start, min(number, start + CHUNK)), base


def compare(program, seed, count, jobs, base):
    """All tasks in a pool of processes, in order, until there are too many differences."""
    passed, differences, counts = 0, [], Counter()
    with multiprocessing.Pool(jobs) as pool:
        for done, found, tallied in pool.imap(work, tasks(program, seed, count, base)):
            passed += done
            counts += tallied
            for folder, text in found[:MOST_DIFFERENCES - len(differences)]:
                print(f"DIFFERENCE in {folder}\n{text}\n")
                differences.append(folder)
            if len(differences) >= MOST_DIFFERENCES:
                break
    return passed, differences, counts


def table(counts):
    """Prints how often each reason was reached, those that never were too."""
    others = sorted(set(counts) - set(REASONS))
    for name in REASONS + others:
        print(f"{name:40} {counts[name]:8}")


def too_rare(counts, count):
    """What makes the comparison itself too weak."""
    if count < FULL:
        return []
    found = [f"{name} was reached less than {LEAST} times" for name in REASONS if counts[name] < LEAST]
    if 3 * counts["scenarios with a hand.csv"] < count:
        found.append("fewer than a third of the scenarios have a hand.csv")
    return found


def tidy(base, differences):
    """Keeps the folders of the differences only."""
    keep = {Path(folder).name for folder in differences} | {Path(folder).name + ".expect" for folder in differences}
    for entry in list(base.iterdir()):
        if entry.name not in keep:
            shutil.rmtree(entry, ignore_errors=True) if entry.is_dir() else entry.unlink()
    if not differences:
        base.rmdir()


def main():
    parser = argparse.ArgumentParser(description="Compare `bayan replay` with the interpreter of the rule book.")
    parser.add_argument("--bayan", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    program = str(arguments.bayan.resolve())
    base = Path(tempfile.mkdtemp(prefix="rulebook-"))
    passed, differences, counts = compare(program, arguments.seed, arguments.count, arguments.jobs, base)
    tidy(base, differences)
    table(counts)
    failed = len(differences)
    if not differences:
        for text in too_rare(counts, arguments.count):
            print("TOO RARE:", text)
            failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
