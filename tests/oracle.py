#!/usr/bin/env python3
"""Screens made-up books against made-up lists of real names, and compares the hits with those of the exhaustive oracle.

usage: tests/oracle.py FOLDER [--rounds N] [--seed N] [--names N] [--program FILE]

FOLDER holds lists and books of names in any scripts: every cell of its CSV files that looks like a name is taken, with
the others of its row as the same party's (the project's own runs take ../shared/data). Each round draws a list of some
of them and a book whose names are those of the list and others, with words torn, written together, turned, left out,
doubled, misspelt and mixed, and screens it at three thresholds by the index and by `--exhaustive`. The random lists of
tests/agree.rs are short and their words few; here they are what people and firms are called. A difference is printed
with its files kept, and the status is 1.
"""
import argparse, csv, os, random, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
THRESHOLDS = ["0.5", "0.7", "0.85"]
SCHEMAS = ["Person", "Company", "Vessel", ""]


def parties(folder):
    """Names that stand in one row, over all CSV files."""
    csv.field_size_limit(1 << 24)
    found = []
    for path, _, files in sorted(os.walk(folder)):
        for file in sorted(f for f in files if f.endswith(".csv")):
            with open(os.path.join(path, file), encoding="utf-8", errors="replace", newline="") as rows:
                for row in csv.reader(rows):
                    names = [part.strip() for cell in row[:12] for part in cell.split(";")]
                    names = [n for n in names if 2 <= len(n) <= 80 and sum(map(str.isalpha, n)) * 2 > len(n)]
                    if names:
                        found.append(names[:4])
    return found


def turned(rng, name, other):
    """A name as somebody else may write it."""
    words = name.split()
    for _ in range(rng.choice([0, 1, 1, 2, 3])):
        at = rng.randrange(len(words))
        word = words[at]
        what = rng.randrange(12)
        if what == 0 and len(words) > 1:
            words.pop(at)
        elif what == 1 and len(word) > 3:
            cut = rng.randrange(1, len(word))
            words[at:at + 1] = [word[:cut], word[cut:]]
        elif what == 2 and at + 1 < len(words):
            words[at:at + 2] = [word + words[at + 1]]
        elif what == 3:
            rng.shuffle(words)
        elif what == 4 and len(word) > 2:
            cut = rng.randrange(len(word))
            words[at] = word[:cut] + word[cut + 1:]
        elif what == 5 and len(word) > 2:
            cut = rng.randrange(len(word) - 1)
            words[at] = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2:]
        elif what == 6:
            words.insert(at, rng.choice(other.split()))
        elif what == 7:
            words[at] = rng.choice(other.split())
        elif what == 8:
            words[at] = word[:1] + rng.choice(["", "."])
        elif what == 9:
            words.insert(at, rng.choice(["al", "bin", "van", "&", "Ltd", "LLC", "Mr", "II", "7", "x"]))
        elif what == 10:
            words.append(words[rng.randrange(len(words))])
        elif len(" ".join(words)) > 30:
            words = " ".join(words)[:rng.randrange(28, 36)].split() or words
    return " ".join(words)


def hits(program, book, list_, threshold, exhaustive, folder):
    out = os.path.join(folder, "exhaustive.csv" if exhaustive else "index.csv")
    command = [program, "screen", book, "--list", list_, "--threshold", threshold, "--limit", "1000", "--output", out,
               "--column", "schema=kind", "--progress", "never"]
    run = subprocess.run(command + ["--exhaustive"] * exhaustive, capture_output=True, text=True)
    # 4: a row was rejected, such as a name that nothing was left of.
    if run.returncode not in (0, 4):
        sys.exit(f"{' '.join(command)}\n{run.stderr}")
    return open(out, encoding="utf-8").read().splitlines()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--names", type=int, default=60, help="listed parties of a round, at most")
    parser.add_argument("--program", default=os.path.join(ROOT, "target", "release", "interdict"))
    args = parser.parse_args()
    found = parties(args.folder)
    if not found:
        sys.exit(f"no names in the CSV files of {args.folder}")
    same = different = 0
    for seed in range(args.seed, args.seed + args.rounds):
        rng = random.Random(seed)
        listed = rng.sample(found, min(len(found), rng.randrange(1, args.names)))
        folder = tempfile.mkdtemp(prefix="interdict-oracle-")
        list_, book = os.path.join(folder, "list.csv"), os.path.join(folder, "book.csv")
        with open(list_, "w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["id", "name", "schema"])
            for i, names in enumerate(listed):
                schema = rng.choice(SCHEMAS)
                rows.writerows([i, turned(rng, n, rng.choice(rng.choice(found))) if rng.random() < 0.3 else n, schema]
                               for n in names)
        with open(book, "w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["full_name", "kind"])
            for _ in range(400):
                party = rng.choice(listed if rng.random() < 0.8 else found)
                other = rng.choice(rng.choice(listed if rng.random() < 0.5 else found))
                rows.writerow([turned(rng, rng.choice(party), other), rng.choice(SCHEMAS)])
        for threshold in THRESHOLDS:
            own = hits(args.program, book, list_, threshold, False, folder)
            all_ = hits(args.program, book, list_, threshold, True, folder)
            if own == all_:
                same += len(own) - 1
                continue
            different += 1
            print(f"seed {seed}, threshold {threshold}, {folder}:")
            print("\n".join(f"  - {line}" for line in all_ if line not in set(own)))
            print("\n".join(f"  + {line}" for line in own if line not in set(all_)), flush=True)
        if not different:
            for file in os.listdir(folder):
                os.remove(os.path.join(folder, file))
            os.rmdir(folder)
    print(f"{args.rounds} rounds at {len(THRESHOLDS)} thresholds: {same} hits the same, {different} runs differ")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
