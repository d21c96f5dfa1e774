#!/usr/bin/env python3
"""Writes src/entity/country_names.tsv and src/entity/month_names.tsv from the Common Locale Data Repository (CLDR).

CLDR is published by the Unicode Consortium under the Unicode licence (Unicode-3.0). It is read from the package Babel of
PyPI, version 2.18.0, which carries it:

    pip install Babel==2.18.0
    python3 tools/tables/localized_names.py

Countries: the names in the languages of headers.tsv and in the official languages of the country itself; short and long
variants where CLDR has them. Months: wide and abbreviated, as they stand alone and within a date. A word that means two
countries or two months in two languages is left out, unless it is the English one.
"""

import pathlib
import re
import unicodedata

import babel
from babel import Locale
from babel.core import UnknownLocaleError
from babel.languages import get_official_languages

VERSION = "2.18.0"
LANGUAGES = "en de fr es it pt pt_PT nl pl tr ru uk ar zh zh_Hant ja ko".split()
FOLDER = pathlib.Path(__file__).resolve().parents[2] / "src" / "entity"
HEAD = (
    "# {what} in the languages of tables. From CLDR (Unicode-3.0 licence, \N{COPYRIGHT SIGN} Unicode, Inc.), by way of Babel {version}.\n"
    "# Written by tools/tables/localized_names.py; not edited by hand. Columns: {column}, names behind semicolons.\n"
)


def folded(text):
    """As `folded` in src/entity/folding.rs: without case, marks, punctuation and blanks."""
    text = text.replace("&", "and")
    text = unicodedata.normalize("NFKD", text).lower().replace("\u0131", "i").replace("\u0142", "l")
    return "".join(c for c in text if c.isalnum() and not unicodedata.combining(c))


def write(name, what, column, rows):
    """Rows: (key, names in the order of languages). The first key of an English name keeps it."""
    owners = {}
    for key, names in rows:
        for language, text in names:
            owners.setdefault(folded(text), {}).setdefault(key, language)
    lines = []
    for key, names in rows:
        kept, seen = [], set()
        for _, text in names:
            word = folded(text)
            own = owners[word]
            english = [k for k, language in own.items() if language == "en"]
            clear = len(own) == 1 or english == [key]
            if clear and len(word) > 1 and word not in seen and ";" not in text:
                seen.add(word)
                kept.append(text)
        lines.append(f"{key}\t{';'.join(kept)}\n")
    head = HEAD.format(what=what, version=VERSION, column=column)
    (FOLDER / name).write_text(head + "".join(lines), encoding="utf-8")


def countries():
    codes = sorted(c for c in Locale("en").territories if re.fullmatch("[A-Z]{2}", c))
    none = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}
    for code in (c for c in codes if c not in none):
        own = [language for language in get_official_languages(code, de_facto=True)]
        names = []
        for language in dict.fromkeys(LANGUAGES + own):
            try:
                found = Locale.parse(language).territories
            except (UnknownLocaleError, ValueError):
                continue
            names += [(language, found[k]) for k in (code, f"{code}_short", f"{code}_variant") if k in found]
        yield code.lower(), names


def months():
    for month in range(1, 13):
        names = []
        for language in LANGUAGES:
            found = Locale.parse(language).months
            for context in ("format", "stand-alone"):
                for width in ("wide", "abbreviated"):
                    text = found[context][width][month].strip(". ")
                    # "10\u6708", "10\uc6d4": numbers are read by a rule.
                    if not any(c.isdigit() for c in text):
                        names.append((language, text))
        yield month, names


if babel.__version__ != VERSION:
    raise SystemExit(f"Babel {VERSION} is needed, and {babel.__version__} is installed")
write("country_names.tsv", "Names of countries", "ISO 3166-1 code", list(countries()))
write("month_names.tsv", "Names of months", "month", list(months()))
