#!/usr/bin/env python3
"""Makes src/name/lexicon/data/company_words.tsv: how common a word is in names of companies at large, in five classes.

usage: company_words.py REGISTER.csv DICTIONARY [--part N/M] > src/name/lexicon/data/company_words.tsv

REGISTER.csv has a column `name` (or `title`) with the names of companies of a public register, one a row. DICTIONARY is a
list of ordinary words, one a line. The committed table was made from 4,052 names of SEC company_tickers.json (US
government, public domain) and /usr/share/dict/american-english-small of Debian's package wamerican-small 2020.12.07-2:

    apt-get install wamerican-small
    python3 tools/tables/company_words.py companies_us.csv /usr/share/dict/american-english-small

A word's class follows from the number of names it occurs in, and, where that is one or two, from whether it is an ordinary
word: in the half of the register that was not counted, a word seen once in the other half is found ten times as often if
it is an ordinary one (1 name in 4,700, others 1 in 46,000). The table keeps no name: words of the register that are not in
the dictionary and occur in a single name are left out.

--part N/M counts only the names whose hash is N modulo M, for a measurement on the others.
"""
import argparse, collections, csv, hashlib, re, unicodedata

ap = argparse.ArgumentParser()
ap.add_argument("register")
ap.add_argument("dictionary")
ap.add_argument("--part")
args = ap.parse_args()


def words(name):
    """The words of a name as they are folded: "/DE/" behind a name is the state of its seat."""
    name = re.sub(r"\s*[/\\]\s*[A-Za-z]{2,3}\s*/?\s*$", "", name)
    name = unicodedata.normalize("NFKD", name).lower().replace("'", "").replace(".", "")
    return set(re.findall(r"[a-z]{3,}", name))


with open(args.register, encoding="utf-8", newline="") as file:
    names = [row.get("name") or row.get("title") or "" for row in csv.DictReader(file)]
if args.part:
    number, parts = map(int, args.part.split("/"))
    names = [n for n in names if hashlib.sha256(("part" + n).encode()).digest()[0] % parts == number]
with open(args.dictionary, encoding="utf-8") as file:
    # Ordinary words have small letters: those with a capital are names.
    ordinary = {line.strip() for line in file if re.fullmatch("[a-z]+", line.strip())}
counts = collections.Counter(word for name in names for word in words(name))


def word_class(word, count):
    share = count / len(names)
    for least, number in ((1 / 250, 5), (1 / 700, 4)):
        if share >= least:
            return number
    if count >= 3:
        return 3
    if word in ordinary:
        return 3 if count == 2 else 2
    return 1 if count == 2 else 0


print("""# How common a word is in names of companies at large, not on any sanctions list.
# Columns: word, class (5: one name in 250 and more often, 4: one in 700, 3: one in 2,000, 2: rarer, and an ordinary word, 1: known).
# Source: words of 4,052 names of SEC company_tickers.json (US government, public domain), counted. Whether a rare word is an
# ordinary one is told by SCOWL (Kevin Atkinson and others; free use with its notice) in Debian's wamerican-small. Made by
# tools/tables/company_words.py.""")
for word, count in sorted(counts.items()):
    if word_class(word, count):
        print(f"{word}\t{word_class(word, count)}")
