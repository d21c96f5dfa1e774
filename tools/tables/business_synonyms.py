#!/usr/bin/env python3
"""Makes src/name/lexicon/data/business_synonyms.tsv: words of business in many languages, by meaning.

    pip install rigour==1.8.2 anyascii
    python3 tools/tables/business_synonyms.py > src/name/lexicon/data/business_synonyms.tsv

Source: the symbols and domains of organizations in rigour 1.8.2 (OpenSanctions, MIT licence), ORG_SYMBOLS and ORG_DOMAINS of
rigour/data/names/data.py. Left out:

- groups that are a legal form, a phrase about the name or one party (COMPANY, SO-CALLED, AL-QAEDA …);
- spellings of fewer than four letters, or two characters, for they are other words as well ("re", "ev", "dom");
- words that are common names of people, of class 3 or more in name_frequency.tsv ("Sol", "Paula");
- spellings that stand in business_words.tsv, places.tsv or legal_forms.tsv already, or in a group before.

A group whose English word stands in business_words.tsv is more of that group; of the others those of ORG_SYMBOLS say almost
nothing ("generic"), those of ORG_DOMAINS a little ("semi").
"""
import pathlib, re, unicodedata
from anyascii import anyascii
from rigour.data.names.data import ORG_DOMAINS, ORG_SYMBOLS

DATA = pathlib.Path(__file__).resolve().parents[2] / "src" / "name" / "lexicon" / "data"
LEFT_OUT = set(
    "CO CORP SOCALLED LIQUIDATION NAMED ALQAEDA IRGC TPB SPV NGO REPOFF BRANCH INVFUND SNCO NBCO ORG "
    "PUBLIC PRIVATE CITY REGION REPU GOV HOUSE UNION STOCKEXCH BROS ALLRUSSIAN".split()
)

# Groups of the table by hand where a spelling has another meaning there: "labor" is work and laboratory.
GROUP_BY_HAND = {"LAB": "laboratory"}


def rows(name):
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def folded(text):
    """As names are folded: Latin letters without marks, those of other scripts with theirs."""
    out = []
    for c in unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).lower()):
        if unicodedata.combining(c) and (not out or out[-1].isascii()):
            continue
        out.append(c)
    text = unicodedata.normalize("NFC", "".join(out)).replace("\u0131", "i")
    return " ".join(re.findall(r"\w+", re.sub(r"['’.]", "", text)))


known = {}
for row in rows("business_words.tsv"):
    for word in [row[0]] + [w for cell in row[2:] for w in cell.split(" ")]:
        known.setdefault(folded(word.replace("_", " ")), row[0])
for row in rows("places.tsv"):
    for word in [row[0]] + [w for cell in row[2:] for w in cell.split(" ")]:
        known.setdefault(folded(word.replace("_", " ")), "")
for row in rows("legal_forms.tsv"):
    known.setdefault(folded(row[0]), "")
people = {row[0] for row in rows("name_frequency.tsv") if int(row[1]) >= 3}


def is_long_enough(word):
    if re.search(r"[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af]", word):
        return len(word) >= 2
    return all(len(part) >= 4 for part in word.split(" ")[:1]) and len(word) >= 4


print(
    "# Words of business in many languages: groups of equivalent words, one group in a row.\n"
    "# Columns: English word, class and variants, as in business_words.tsv, of which it is the continuation.\n"
    "# Source: rigour 1.8.2 (MIT), ORG_SYMBOLS and ORG_DOMAINS; made by tools/tables/business_synonyms.py, not edited by hand."
)
for table, kind in ((ORG_SYMBOLS, "generic"), (ORG_DOMAINS, "semi")):
    for name, spellings in table.items():
        if name in LEFT_OUT:
            continue
        words = dict.fromkeys(folded(s) for s in spellings)
        # The group of the table by hand that most of the spellings belong to.
        groups = [known[w] for w in words if known.get(w)]
        group = max(sorted(set(groups)), key=groups.count) if groups else None
        group = GROUP_BY_HAND.get(name, group)
        new = []
        for word in words:
            readings = {word, folded(anyascii(word))}
            if is_long_enough(word) and not readings & known.keys() and not readings & people:
                new.append(word)
                known.update(dict.fromkeys(readings, group or new[0]))
        if group is None and new:
            english = next((w for w in new if w.isascii() and " " not in w), new[0])
            group = english
            new.remove(english)
            known.update({w: english for w in [english, *new]})
        if new:
            print("\t".join([group.replace(" ", "_"), kind, " ".join(w.replace(" ", "_") for w in new)]))
