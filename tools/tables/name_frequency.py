#!/usr/bin/env python3
"""Makes src/name/lexicon/data/name_frequency.tsv: how common a word is in names of people at large, in five classes.

    pip install Faker==40.63.0 names==0.3.0 rigour==1.8.2 anyascii==0.3.3 pypinyin==0.55.0
    python3 tools/tables/name_frequency.py FORENAMES.csv SURNAMES.csv > src/name/lexicon/data/name_frequency.tsv

Sources:

- the most common given and family names of 106 and 75 countries, with counts where a country publishes them: the tables
  common-forenames-by-country.csv and common-surnames-by-country.csv of popular-names-by-country-dataset (CC0);
- the US Census 1990 frequencies in the package names (public domain);
- the name lists by country of Faker (MIT), with their weights;
- names of people in Wikidata (CC0), grouped by spelling, as in rigour 1.8.2 (MIT). A name that is written in many scripts there is
  a common one, whatever country counts it;
- tools/tables/own/name_frequency.tsv: names that are of a class at least.

A token's share in a country is taken as at most 1 %; where only ranks are published, it is 1 % over the rank. Shares are summed
over countries, and the tokens ranked: the first 90 are class 5, the next 600 class 4, the next 3,000 class 3, the next
12,310 class 2, the rest 1. The number of scripts then raises a class (SCRIPTS). How far was measured with the names of 8,465
legislators of all countries, which are no source: among names that the other sources do not have, those of nine scripts and more
occur 0.29 times each, of seven and eight 0.07, of five and six 0.05, of fewer 0.02; names of classes 1 to 4 occur 0.1, 0.2, 0.7
and 2 times.
"""
import collections, csv, importlib, os, pathlib, pkgutil, re, sys, unicodedata
from anyascii import anyascii
from pypinyin import lazy_pinyin
import faker.providers.person as person
import names as census
import rigour.data.names

TOOLS = pathlib.Path(__file__).resolve().parent
OWN = TOOLS / "own" / "name_frequency.tsv"
# Their words are no names where only the number of scripts says so: "bank", "stock".
OF_BODIES = [TOOLS.parents[1] / "src/name/lexicon/data/business_words.tsv", TOOLS / "own" / "legal_forms.tsv"]
# The most that a country adds to a token.
MOST = 0.01
# By the class of the shares: the least number of scripts for a higher class, and that class.
SCRIPTS = {0: [(9, 3), (7, 2), (5, 1)], 1: [(6, 3), (4, 2)], 2: [(5, 3)], 3: [(6, 4)]}

score = collections.Counter()


def tokens(name, lang=""):
    if lang in ("zh", "ja") and re.search("[\u4e00-\u9fff]", name):
        return ["".join(lazy_pinyin(name)).lower()]
    if re.search("[\u0600-\u06ff]", name):
        return []  # read without vowels; the Latin spellings stand for them
    # A soft sign is an apostrophe in Latin letters, and no end of a word.
    name = re.sub("[’'`ʼ]", "", anyascii(name)).lower()
    return [t for t in re.split("[^a-z]+", name) if len(t) > 1]


def add_faker():
    for _, locale, _ in pkgutil.iter_modules(person.__path__):
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for attribute in dir(provider):
            if not re.match(r"(first|last|middle|patronymic|given|family)_?names?", attribute) or "format" in attribute:
                continue
            value = getattr(provider, attribute)
            if not hasattr(value, "__iter__") or isinstance(value, str):
                continue
            items = dict(value) if isinstance(value, dict) else {v: 1 for v in value}
            total = sum(items.values()) or 1
            for name, weight in items.items():
                # Japanese names come with their kana and their Latin spelling.
                forms = (name[0], name[-1]) if isinstance(name, tuple) else (str(name),)
                for token in {t for form in forms for t in tokens(form, locale[:2])}:
                    score[token] += min(weight / total, MOST)


def add_census():
    for kind in ("dist.all.last", "dist.male.first", "dist.female.first"):
        with open(os.path.join(os.path.dirname(census.__file__), kind)) as file:
            for line in file:
                name, percent, *_ = line.split()
                # The table names what is not rare: beyond three in 100,000 a US family name is.
                if float(percent) >= 0.003:
                    score[name.lower()] += min(float(percent) / 100, MOST)


def add_common(path):
    """Adds the names of a table of names by country, which are in the order of their counts."""
    ranks = collections.Counter()
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            # One name is in several rows where it has several spellings; each is as common as the name.
            group = (row["Country"], row.get("Gender"), row.get("Rank") or row["Index"])
            if group not in ranks:
                of_country = (row["Country"], row.get("Gender"))
                ranks[of_country] += 1
                ranks[group] = ranks[of_country]
            percent = float(row["Percent"].rstrip("%")) / 100 if row.get("Percent") else MOST / ranks[group]
            for token in set(tokens(row["Romanized Name"])) | set(tokens(row["Localized Name"])):
                score[token] += min(percent, MOST)


def scripts_of_names():
    """The number of scripts that each Latin name of Wikidata is written in."""
    scripts = {}
    with open(os.path.join(os.path.dirname(rigour.data.names.__file__), "persons.txt"), encoding="utf-8") as file:
        for line in file:
            if "=>" not in line:
                continue
            spellings = [s.strip() for s in line.rsplit(" => ", 1)[0].split(",") if s.strip()]
            script = {s: unicodedata.name(s[0], "?").split(" ")[0] for s in spellings}
            for spelling in spellings:
                latin = tokens(spelling) if script[spelling] == "LATIN" else []
                if len(latin) == 1:
                    scripts[latin[0]] = max(scripts.get(latin[0], 0), len(set(script.values())))
    return scripts


add_faker()
add_census()
for path in sys.argv[1:]:
    add_common(path)
classes = {}
for rank, (token, _) in enumerate(sorted(score.items(), key=lambda x: (-x[1], x[0]))):
    classes[token] = 5 if rank < 90 else 4 if rank < 690 else 3 if rank < 3690 else 2 if rank < 16000 else 1
of_bodies = {
    word
    for path in OF_BODIES
    for line in path.read_text(encoding="utf-8").splitlines()
    for word in re.split("[\t _]", line)
    if not line.startswith("#")
}
for token, scripts in scripts_of_names().items():
    known = classes.get(token, 0)
    higher = next((c for least, c in SCRIPTS.get(known, []) if scripts >= least), 0)
    if higher > known and 2 < len(token) <= 20 and token not in of_bodies:
        classes[token] = higher
for line in OWN.read_text(encoding="utf-8").splitlines():
    if not line.startswith("#"):
        least, words = line.split("\t")
        for token in words.split(" "):
            classes[token] = max(classes.get(token, 0), int(least))
print("# How common a word is in names of people at large, not on any sanctions list.")
print("# Columns: word, class (5 extremely common … 1 known; words that are not listed are rare).")
print("# Sources: common names of 106 countries (popular-names-by-country-dataset, CC0), US Census 1990 (public domain), Faker's name")
print("# lists (MIT), names of people in Wikidata (CC0) by way of rigour 1.8.2 (MIT), and tools/tables/own/name_frequency.tsv. Made")
print("# by tools/tables/name_frequency.py, not edited by hand.")
for token in sorted(classes):
    print(f"{token}\t{classes[token]}")
