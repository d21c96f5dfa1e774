#!/usr/bin/env python3
"""Makes src/name/lexicon/data/real_words.tsv: words that are no misspellings of a business word or legal form.

    apt-get install wamerican (2020.12.07-2)
    python3 tools/tables/real_words.py /usr/share/dict/american-english > src/name/lexicon/data/real_words.tsv

Source: SCOWL (Kevin Atkinson and others; free use with its notice) in Debian's wamerican, and the Latin names of people of class 1
and more in name_frequency.tsv. An unknown word of a company's name that is one edit from a long business word or legal form is
corrected to it. Of the words of the sources these would be corrected, though they are words of their own: "sharia" to "sharika"
(company), "shopping" to "shipping". Inflections of the same word ("affiliates") are left out: they mean the same.
"""
import pathlib, re, sys, unicodedata

DATA = pathlib.Path(__file__).resolve().parents[2] / "src" / "name" / "lexicon" / "data"
# As in src/name/lexicon/spell_correct.rs.
MIN_WORD, MAX_WORD = 7, 24
ENDINGS = ["", "s", "es", "d", "ed", "ing", "er", "ers", "al", "e", "y", "ic", "ics", "n", "an"]


def rows(name):
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def latin(text):
    text = unicodedata.normalize("NFD", text.lower().replace("_", " "))
    return re.findall("[a-z]+", "".join(c for c in text if not unicodedata.combining(c)))


def deletions(word):
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def is_one_edit(a, b):
    """Whether b is a with one letter deleted, inserted, replaced, or two neighbours exchanged."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    rest = [(a[start + 1 :], b[start:]), (a[start:], b[start + 1 :]), (a[start + 1 :], b[start + 1 :])]
    swapped = a[start : start + 2] == b[start : start + 2][::-1] and a[start + 2 :] == b[start + 2 :]
    return swapped or any(x == y for x, y in rest)


def same_word(a, b):
    stems = [{w[: len(w) - len(e)] for e in ENDINGS if e == "" or w.endswith(e)} for w in (a, b)]
    return any(len(stem) >= 4 for stem in stems[0] & stems[1])


targets, known = set(), set()
for name in ("business_words.tsv", "business_synonyms.tsv", "places.tsv"):
    for row in rows(name):
        for text in (w for cell in [row[0], *row[2:]] for w in cell.split(" ")):
            words = latin(text)
            known.update(words)
            if len(words) == 1 and name != "places.tsv":
                targets.update(words)
for row in rows("legal_forms.tsv"):
    words = latin(row[0])
    known.update(words)
    if "exact" not in row[3]:
        targets.update(words)
known.update(w for w, c in rows("company_words.tsv"))
known.update(w for w, c in rows("name_frequency.tsv") if int(c) >= 2)
targets = {t for t in targets if MIN_WORD <= len(t) <= MAX_WORD}
near = {}
for target in targets:
    for variant in deletions(target):
        near.setdefault(variant, set()).add(target)

with open(sys.argv[1], encoding="utf-8") as file:
    dictionary = {line.strip().lower() for line in file if re.fullmatch("[A-Za-z]+", line.strip())}
candidates = dictionary | {w for w, c in rows("name_frequency.tsv") if int(c) == 1}
print("""# Words that are no misspellings, though one letter apart from a business word or a legal form.
# Column: word.
# Sources: SCOWL (Kevin Atkinson and others; free use with its notice) in Debian's wamerican 2020.12.07-2, and
# name_frequency.tsv. Made by tools/tables/real_words.py, not edited by hand.""")
for word in sorted(candidates - known):
    if MIN_WORD - 1 <= len(word) <= MAX_WORD:
        close = {t for v in deletions(word) for t in near.get(v, ()) if t[0] == word[0] and is_one_edit(word, t)}
        if close and not any(same_word(word, t) for t in close):
            print(word)
