#!/usr/bin/env python3
"""The worst row: 200 hostile shapes of names, each timed on a list.

    tools/soak/hostile.py PROGRAM LIST [--threads 1] [--threshold 0.85] [--rows 20]

Each shape is a table of its own with rows that differ, so that no answer is remembered. The time of a row is that of the
processor, without what a run over one plain row takes, divided by the rows. The last line has the worst ones, and the most memory of a run.
"""

import argparse
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

SIZES = [1, 3, 8, 20, 60, 200, 600, 2000]


def listed_names(path):
    """Names of a table with a column `name`, without a reader of CSV for the whole: the words are enough."""
    import csv

    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        column = next(c for c in rows.fieldnames if c.lower() == "name")
        return [row[column] for row in rows]


def shapes(names, rng):
    """Kinds of names by how they are made; each takes a size and gives a name."""
    words = sorted({w for name in names for w in re.findall(r"\w+", name)})
    common = sorted(words, key=lambda w: -sum(w in n for n in names[:500]))[:50]
    letters = "abcdefghijklmnopqrstuvwxyz"
    word = lambda: rng.choice(words)
    typo = lambda w: w[: len(w) // 2] + rng.choice(letters) + w[len(w) // 2 :]
    some = lambda n, make: [make() for _ in range(n)]
    return {
        "listed words": lambda n: " ".join(some(n, word)),
        "common words": lambda n: " ".join(some(n, lambda: rng.choice(common))),
        "one word again": lambda n: " ".join([word()] * n),
        "initials": lambda n: " ".join(some(n, lambda: rng.choice(letters) + ".")),
        "letters apart": lambda n: " ".join(" ".join(word()) for _ in range(n)),
        "written together": lambda n: "".join(some(n, word)),
        "typing errors": lambda n: " ".join(typo(word()) for _ in range(n)),
        "names with aka": lambda n: " aka ".join(some(n, lambda: rng.choice(names))),
        "names with slashes": lambda n: " / ".join(some(n, lambda: rng.choice(names))),
        "names in brackets": lambda n: rng.choice(names) + "".join(f" ({rng.choice(names)})" for _ in range(n)),
        "open brackets": lambda n: "(" * n + rng.choice(names),
        "commas": lambda n: ", ".join(some(n, word)),
        "hyphens": lambda n: "-".join(some(n, word)),
        "apostrophes": lambda n: "'".join(some(n, lambda: word()[:3])),
        "two letters": lambda n: " ".join(some(n, lambda: rng.choice(letters) + rng.choice(letters))),
        "digits": lambda n: " ".join(some(n, lambda: str(rng.randrange(10**6)))),
        "Han": lambda n: "".join(chr(rng.randrange(0x4E00, 0x9000)) for _ in range(n)),
        "Hangul": lambda n: " ".join(chr(rng.randrange(0xAC00, 0xD7A0)) * 2 for _ in range(n)),
        "Arabic": lambda n: " ".join("".join(chr(rng.randrange(0x627, 0x64A)) for _ in range(4)) for _ in range(n)),
        "Cyrillic": lambda n: " ".join("".join(chr(rng.randrange(0x430, 0x450)) for _ in range(7)) for _ in range(n)),
        "Kana": lambda n: "".join(chr(rng.randrange(0x30A1, 0x30F0)) for _ in range(n)),
        "Thai": lambda n: "".join(chr(rng.randrange(0xE01, 0xE2F)) for _ in range(n)),
        "marks": lambda n: word() + "\u0301" * n + " " + word(),
        "without width": lambda n: ("\u200b" * n).join(word()[:6]) + " " + word(),
        "abbreviations": lambda n: " ".join(word()[:3] for _ in range(n)),
    }


def run(program, index, table, args):
    arguments = ["screen", table, "--name-column", "name", "--index", index, "--threads", str(args.threads), "--threshold", str(args.threshold)]
    process = subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    text = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 4):
        sys.exit(f"{process.returncode}: {text}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("program")
    parser.add_argument("list", type=pathlib.Path)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--threshold", type=float, default=0.85)
    parser.add_argument("--rows", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    kinds = shapes(listed_names(args.list), rng)
    times = []
    with tempfile.TemporaryDirectory() as folder:
        index, table = pathlib.Path(folder) / "lists.idx", pathlib.Path(folder) / "table.csv"
        built = subprocess.run(
            [args.program, "index", "build", "--list", args.list, "--output", index], capture_output=True, text=True
        )
        if built.returncode:
            sys.exit(built.stderr)
        table.write_text("name\nJane Roe\n")
        start = min(run(args.program, index, table, args)[0] for _ in range(5))
        for kind, make in kinds.items():
            for size in SIZES:
                rows = ['"' + make(size).replace('"', "") + '"' for _ in range(args.rows)]
                table.write_text("name\n" + "\n".join(rows) + "\n")
                seconds, memory = run(args.program, index, table, args)
                times.append((max(0, seconds - start) / args.rows * 1000, memory, f"{kind} x {size}"))
    times.sort(reverse=True)
    worst = "; ".join(f"{ms:.1f} ms {what}" for ms, _, what in times[:5])
    memory = max(m for _, m, _ in times)
    print(f"hostile: {len(times)} shapes, {args.threads} threads, threshold {args.threshold}: worst {worst}; memory {memory:.0f} MB")


if __name__ == "__main__":
    main()
