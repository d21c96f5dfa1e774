#!/usr/bin/env python3
"""Makes src/name/lexicon/data/honorifics.tsv: honorifics, titles and ranks before or after the name of a person.

    pip install rigour==1.8.2 anyascii==0.3.3
    python3 tools/tables/honorifics.py > src/name/lexicon/data/honorifics.tsv

Sources: PERSON_NAME_PREFIXES of rigour 1.8.2 (OpenSanctions, MIT licence), and tools/tables/own/honorifics.tsv. Of rigour's
prefixes "the" alone is left out, and "count", "private" and "chair", which are other words.

A single word that is a name of people as well, of class 3 and more in name_frequency.tsv, is marked so ("name"): it then says
less than a name, and more than a title.
"""
import pathlib, re, unicodedata
from anyascii import anyascii
from rigour.data.names.data import PERSON_NAME_PREFIXES

TOOLS = pathlib.Path(__file__).resolve().parent
DATA = TOOLS.parents[1] / "src" / "name" / "lexicon" / "data"
OTHER_WORDS = {"the", "count", "private", "chair"}
# The least class of frequency of a name.
NAME = 3


def rows(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def folded(text):
    text = unicodedata.normalize("NFD", text.lower())
    text = "".join(c for c in text if not unicodedata.combining(c) or c > "\u0400")
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", text).replace("ı", "i").replace(".", "")))


frequency = {row[0]: int(row[1]) for row in rows(DATA / "name_frequency.tsv")}
out = {}
for row in rows(TOOLS / "own" / "honorifics.tsv"):
    out.setdefault(folded(row[0]), [*row, "", ""][:3])
for prefix in PERSON_NAME_PREFIXES:
    text = folded(prefix)
    if text not in OTHER_WORDS:
        out.setdefault(text, [text, "rigour", ""])
for text, row in out.items():
    latin = re.sub("[^a-z]", "", anyascii(text).lower())
    if " " not in text and frequency.get(latin, 0) >= NAME:
        row[2] = "name"
print("""# Honorifics, titles and ranks before or after the name of a person.
# Columns: word or phrase; kind (for readers, not used); "name" for those that are often a real part of a name.
# Sources: rigour 1.8.2 (MIT) and tools/tables/own/honorifics.tsv; which are names, from name_frequency.tsv. Made by
# tools/tables/honorifics.py, not edited by hand.""")
for text in sorted(out):
    print("\t".join(out[text]).rstrip("\t"))
