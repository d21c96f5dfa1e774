#!/usr/bin/env python3
"""Makes src/name/script/palladius.tsv: Chinese syllables as Russian spells them (Palladius), with their pinyin.

usage: tools/tables/palladius.py > src/name/script/palladius.tsv

Needs pypinyin 0.55.0 (PyPI, MIT), whose style CYRILLIC is the system of Palladius:

    pip install pypinyin==0.55.0

The syllables are those of the characters of pypinyin. Where two have one spelling, the one with more characters is taken.
pypinyin writes "уо" behind some letters where the rules of CLDR (common/transforms/zh_Latn_PINYIN-ru.xml, "uo → о") write "о":
"туо" and "то" for tuo. Both are in the table.
"""
import collections

from pypinyin.pinyin_dict import pinyin_dict
from pypinyin import Style, pinyin

characters = collections.Counter()
spelling = {}
for code in pinyin_dict:
    character = chr(code)
    for plain, russian in zip(
        pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False)[0],
        pinyin(character, style=Style.CYRILLIC, heteronym=True)[0],
    ):
        plain = plain.replace("ü", "v")
        russian = russian.rstrip("012345")
        if plain.isascii() and plain.isalpha() and all("а" <= c <= "я" or c == "ё" for c in russian) and russian:
            characters[plain] += 1
            spelling.setdefault(plain, russian)
best = {}
for plain, russian in spelling.items():
    if russian not in best or characters[plain] > characters[best[russian]]:
        best[russian] = plain
for russian, plain in list(best.items()):
    best.setdefault(russian.replace("уо", "о"), plain)
print("# Chinese syllables in Russian spelling (Palladius) and in pinyin, with v for ü.")
print("# Made by tools/tables/palladius.py from pypinyin 0.55.0 (PyPI, MIT), and о for уо as in CLDR.")
for russian in sorted(best):
    print(f"{russian}\t{best[russian]}")
