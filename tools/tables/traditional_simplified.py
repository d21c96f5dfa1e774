#!/usr/bin/env python3
"""Makes src/name/lexicon/data/traditional_simplified.tsv: the simplified form of each traditional character.

usage: traditional_simplified.py DICTIONARIES > src/name/lexicon/data/traditional_simplified.tsv

DICTIONARIES is a folder with TSCharacters.txt and TSPhrases.txt of OpenCC (Apache-2.0): data/dictionary of its
source, or assets/dictionaries of the crate ferrous-opencc, from which the committed table was made (version 0.4.0;
`cargo add ferrous-opencc@0.4.0 && cargo fetch` in an empty package puts it into Cargo's registry folder).

A character of a phrase may have another simplified form than alone. The table has the form of the character alone,
since names are compared character by character; of several forms the first, as OpenCC's configuration t2s does.
"""
import datetime
import pathlib
import sys

# The blocks of Han characters that the analysis simplifies: extension A and the unified ideographs.
FIRST, LAST = "\u3400", "\u9fff"


def pairs(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            key, values = line.split("\t")
            yield key, values.split(" ")[0]


folder = pathlib.Path(sys.argv[1])
table = {}
# A phrase of one character takes precedence over the table of characters.
for name in ("TSCharacters.txt", "TSPhrases.txt"):
    table.update((key, value[0]) for key, value in pairs(folder / name) if len(key) == 1)

print("# The simplified form of each traditional Han character (U+3400 to U+9FFF) that has another one.")
print("# Columns: traditional, simplified; in the order of the traditional characters.")
print("# Source: TSCharacters.txt and TSPhrases.txt of OpenCC (github.com/BYVoid/OpenCC), Apache-2.0, as in the crate")
print(f"# ferrous-opencc 0.4.0; made by tools/tables/traditional_simplified.py on {datetime.date.today()}.")
for key in sorted(table):
    if FIRST <= key <= LAST and table[key] != key:
        print(f"{key}\t{table[key]}")
