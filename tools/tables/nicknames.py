#!/usr/bin/env python3
"""Makes src/name/lexicon/data/nicknames.tsv: groups of forms of one given name.

    pip install nicknames==1.0.1
    python3 tools/tables/nicknames.py > src/name/lexicon/data/nicknames.tsv

Sources: names.csv of the package nicknames 1.0.1 (carltonnorthern/nicknames, Apache-2.0), which lists English given names with their
short forms, and tools/tables/own/nicknames.tsv. A word may be in two groups, so of the package are taken:

- short forms of a name that is a common one (class 3 and more in name_frequency.tsv);
- that belong to two names at most ("al" is of nine);
- that are no common name themselves (class 4 and more) with short forms of their own: John is no form of Jonathan here.

A short form that tells two names apart less than it joins them is better no form: each group makes its words equal.
"""
import collections, csv, importlib.metadata, pathlib, re

TOOLS = pathlib.Path(__file__).resolve().parent
DATA = TOOLS.parents[1] / "src" / "name" / "lexicon" / "data"
MOST_GROUPS = 2


def lines(path):
    text = path.read_text(encoding="utf-8").splitlines()
    return [line for line in text if line and not line.startswith("#")]


frequency = {w: int(c) for w, c in (line.split("\t") for line in lines(DATA / "name_frequency.tsv"))}
own = [line.split(" ") for line in lines(TOOLS / "own" / "nicknames.tsv")]
groups_of = collections.Counter(word for group in own for word in set(group))
together = {(a, b) for group in own for a in group for b in group}

forms = collections.defaultdict(list)
NAMES = importlib.metadata.distribution("nicknames").locate_file("nicknames/names.csv")
with open(NAMES, encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file):
        forms[row["name1"]].append(row["name2"])
names_of = collections.Counter(short for shorts in forms.values() for short in set(shorts))

print("# Forms of one given name: spellings, short forms, and its forms in closely related languages.")
print("# Format: one group in a row, words separated by blanks; a word may be in two groups.")
print("# Sources: tools/tables/own/nicknames.tsv, then nicknames 1.0.1 (carltonnorthern/nicknames, Apache-2.0). Made by")
print("# tools/tables/nicknames.py, not edited by hand.")
for group in own:
    print(" ".join(group))
for name in sorted(forms, key=lambda n: (-frequency.get(n, 0), n)):
    if frequency.get(name, 0) < 3 or groups_of[name] >= MOST_GROUPS:
        continue
    shorts = [
        short
        for short in dict.fromkeys(forms[name])
        if re.fullmatch("[a-z]{2,}", short)
        and names_of[short] <= MOST_GROUPS
        and groups_of[short] < MOST_GROUPS
        and (name, short) not in together
        and not (frequency.get(short, 0) >= 4 and short in forms)
    ]
    if shorts:
        print(" ".join([name, *shorts]))
        groups_of.update([name, *shorts])
        together.update((a, b) for a in [name, *shorts] for b in [name, *shorts])
