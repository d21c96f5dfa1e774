#!/usr/bin/env python3
"""Counts, for every rule of src/name/respelling.rs, the groups of spellings of one name that it brings together.

usage: count.py PERSON_NAMES

PERSON_NAMES has a group a line, `spelling, spelling, … => id`: names of people from Wikidata (CC0), as the package rigour
(MIT, PyPI) has them in its data of person names. Only groups with a spelling in Cyrillic letters count, for these are the
names that languages spell by rules of their own.

A rule counts in a group if a spelling of it in which the rule is used, read by the rules of its language, is another
spelling of the group letter for letter. The rule's other uses are counted beside that.
"""
import collections
import re
import sys
import unicodedata

SOURCE = "src/name/respelling.rs"
LETTERS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})


def rules_of(path):
    """The rules by language, as the source has them."""
    text = open(path, encoding="utf8").read()
    languages = re.findall(r"const ([A-Z_]+): Rules =\s*&\[(.*?)\];", text, re.S)
    return {name: re.findall(r'\("(\w+)", "(\w+)"\)', body) for name, body in languages}


def fold(spelling):
    """A spelling in Latin letters without marks; None for one in another script."""
    text = unicodedata.normalize("NFKD", spelling.lower().translate(LETTERS))
    text = "".join(c for c in text if not unicodedata.combining(c) and c not in "'’ʼʹ- ")
    return text if re.fullmatch("[a-z]+", text) else None


def respell(word, rules):
    """The word as English would write it, and the rules used."""
    out, used, at = "", [], 0
    while at < len(word):
        rule = next((rule for rule in rules if word.startswith(rule[0], at)), None)
        if rule:
            used.append(rule)
        out += rule[1] if rule else word[at]
        at += len(rule[0]) if rule else 1
    return out, used


def main():
    languages = rules_of(SOURCE)
    confirmed, used_at_all = collections.Counter(), collections.Counter()
    groups = 0
    for line in open(sys.argv[1], encoding="utf8"):
        spellings = line.split(" => ")[0].split(", ")
        if not any("Ѐ" <= c <= "ӿ" for spelling in spellings for c in spelling):
            continue
        words = {word for word in map(fold, spellings) if word}
        groups += 1
        for language, rules in languages.items():
            found, seen = set(), set()
            for word in words:
                english, used = respell(word, rules)
                seen.update(used)
                if english != word and english in words:
                    found.update(used)
            confirmed.update((language, rule) for rule in found)
            used_at_all.update((language, rule) for rule in seen)
    print("groups", groups)
    for language, rules in languages.items():
        for rule in rules:
            key = (language, rule)
            print(f"{language:16} {rule[0]:8} -> {rule[1]:5} groups {confirmed[key]:5} of {used_at_all[key]:6} with it")


main()
