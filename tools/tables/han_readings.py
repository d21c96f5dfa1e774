#!/usr/bin/env python3
"""Makes the tables of readings of Han characters and the list of Japanese surnames.

    pip install hanja==0.15.1 pycantonese==5.0.0
    python3 tools/tables/han_readings.py NAMES SURNAMES

NAMES is a file of groups of spellings of one name (`spelling, spelling, … => id`): its characters are those that names
are written with. SURNAMES is `last_name_org.csv` of japanese-personal-name-dataset (MIT): kanji, bearers, kana, romaji.

Sources: Korean readings from the table of the package hanja; Cantonese readings (Jyutping) from the package pycantonese
(MIT), whose data come from rime-cantonese. Characters are simplified as the engine does it; where several characters
become one, the reading of the one that more names have comes first.

Output: hanja.tsv and jyutping.tsv beside the learned tables (character, readings with blanks between them, at most two),
and japanese_surnames.tsv (surnames of two characters and more with at least LEAST_BEARERS bearers).
"""

import collections
import csv
import json
import pathlib
import re
import sys

import hanja
import pycantonese
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TABLES = ROOT / "src/name/script/learned/tables"
DATA = ROOT / "src/name/lexicon/data"
MOST_READINGS = 2
# As a surname, where the table has the reading for "gold": the two are U+F90A and U+91D1 in Unicode.
OTHER_KOREAN = {"金": ["김"]}
LEAST_BEARERS = 500


def simplification():
    table = {}
    for line in (DATA / "traditional_simplified.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            traditional, simplified = line.split("\t")[:2]
            table[traditional] = simplified
    return table


def characters_of_names(path):
    counts = collections.Counter()
    for line in open(path, encoding="utf-8"):
        counts.update(c for c in line if "\u4e00" <= c <= "\u9fff")
    return counts


def write(path, title, rows):
    with open(path, "w", encoding="utf-8") as out:
        out.write(title)
        for row in rows:
            out.write("\t".join(row) + "\n")
    print(f"{path.name}: {sum(1 for _ in open(path, encoding='utf-8')) - title.count(chr(10))} rows")


def readings(counts, simplify, reading_of):
    """The readings of each simplified character, those of the more frequent character first."""
    table = collections.defaultdict(list)
    for character, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        for reading in reading_of(character):
            known = table[simplify.get(character, character)]
            if reading and reading not in known and len(known) < MOST_READINGS:
                known.append(reading)
    return sorted((character, " ".join(known)) for character, known in table.items() if known)


def main():
    names, surnames = sys.argv[1:]
    simplify, counts = simplification(), characters_of_names(names)
    korean = yaml.safe_load((pathlib.Path(hanja.__file__).parent / "table.yml").read_text("utf-8"))
    write(
        TABLES / "hanja.tsv",
        "# Korean readings of Han characters, by tools/tables/han_readings.py from the table of hanja 0.15.1.\n",
        readings(counts, simplify, lambda c: ([korean[c]] if c in korean else []) + OTHER_KOREAN.get(c, [])),
    )
    data = pathlib.Path(pycantonese.__file__).parent / "data/rime_cantonese/chars_to_jyutping.json"
    cantonese = json.loads(data.read_text("utf-8"))

    def jyutping(character):
        found = cantonese.get(character, [])
        found = [found] if isinstance(found, str) else found
        return [re.sub("[0-9]", "", reading) for reading in found[:1]]

    write(
        TABLES / "jyutping.tsv",
        "# Cantonese readings of Han characters, by tools/tables/han_readings.py from pycantonese 5.0.0 (rime-cantonese).\n",
        readings(counts, simplify, jyutping),
    )
    rows = csv.reader(open(surnames, encoding="utf-8"))
    known = {
        "".join(simplify.get(c, c) for c in row[0]) for row in rows if len(row[0]) > 1 and int(row[1]) >= LEAST_BEARERS
    }
    write(
        DATA / "japanese_surnames.tsv",
        "# Japanese surnames with 500 bearers and more, by tools/tables/han_readings.py from japanese-personal-name-dataset (MIT).\n",
        ((name,) for name in sorted(known)),
    )


main()
