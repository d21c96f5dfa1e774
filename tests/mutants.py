#!/usr/bin/env python3
"""Breaks retrieval on purpose, one bound at a time, and shows that the tests notice.

usage: tests/mutants.py [NAME...]        all mutants, or those named

Each mutant is a small change to a copy of the tree (target/mutants/tree). A bound broken towards losing hits must make
the unit tests of src/screen fail or, where they pass, tests/agree.rs, tests/lossless.rs or tests/since.rs. Ends with status 0 when
every mutant is caught, 1 when one survives, and 2 when a change no longer applies: then the source has moved on, and
the mutant must be written anew.
"""
import os, re, shutil, subprocess, sys, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TREE = os.path.join(ROOT, "target", "mutants", "tree")
RETRIEVE, BOUNDS, CANDIDATES = "src/screen/retrieve.rs", "src/screen/bounds.rs", "src/screen/candidates.rs"
NEIGHBOURS, KEYS = "src/screen/neighbours.rs", "src/score/keys.rs"
FEW, SOUNDS, NEAR = "src/screen/few.rs", "src/screen/sounds.rs", "src/screen/near.rs"
RELATE, ALIGN, STORE = "src/screen/relate.rs", "src/score/align.rs", "src/index/store.rs"
RELATION, SINCE = "src/score/relation.rs", "src/screen/since.rs"
INDEX, SCREEN = "src/index/mod.rs", "src/screen/mod.rs"

# Name, file, the text to change (once), and what it becomes.
MUTANTS = [
    ("openers stop one token too early", CANDIDATES,
     "if !enough(rest, weighed, omitted) {",
     "if !enough(rest - s.worth[i], weighed - q[i].weight, omitted + q[i].omission()) {"),
    ("can_reach is too strict by 0.02", BOUNDS,
     "gain - least * lost >= -MARGIN", "gain - least * lost >= 0.02"),
    ("can_reach takes initials of the list for missing", BOUNDS,
     "& if initial { s.letters } else { s.initials } != 0", "& if initial { 0 } else { s.initials } != 0"),
    ("can_reach forgives a cut name nothing", BOUNDS,
     "let forgiven = if forgivable { CUT_OMISSION } else { 1.0 };", "let forgiven = 1.0;"),
    ("can_reach forgives only a cut name whose first token is paired", BOUNDS,
     "forgivable &= !in_place || j == 0 ||", "forgivable &= !in_place ||"),
    ("can_reach forgives a cut name only in its places, whatever joins it has", BOUNDS,
     "let in_place = !s.has_joins;", "let in_place = true;"),
    ("can_reach does not know which names have related joins", BOUNDS,
     "if least <= 0.0 || joined {", "if least <= 0.0 {"),
    ("can_reach takes what a cut end begins for missing", BOUNDS,
     "(missing - begun) as f32", "missing as f32"),
    ("keep_candidates forgets what tokens not walked cover", CANDIDATES,
     "let in_all = covered + u32::from(own) + as_missed(most, least);",
     "let in_all = u32::from(own) + as_missed(most, least);"),
    ("keep_candidates forgets that a cut name may be forgiven", CANDIDATES,
     "|| (cut && walked & interior & !by == 0)", ""),
    ("keep_candidates forgets the names that two openers brought", CANDIDATES,
     "(1 | (seen | u64::from(second)) << SECOND)", "(1 | u64::from(second) << SECOND)"),
    ("keep_candidates forgets the names with initials of other tokens", CANDIDATES,
     "(1 | (seen | u64::from(second)) << SECOND)", "(1 | seen << SECOND)"),
    ("keep_candidates forgets what a listed token covers of its name", CANDIDATES,
     "covered + u32::from(own) +", "covered +"),
    ("keep_candidates forgets the names of joins that open nothing", CANDIDATES,
     ".filter(|(span, _)| openers & bits(*span) == 0)", ".filter(|(span, _)| bits(*span) == 0)"),
    ("keep_candidates takes a join for what its worst token is", CANDIDATES,
     "let lost = least * omission(walked & by);", "let lost = least * omission(walked & by & by.wrapping_neg());"),
    ("keep_candidates forgets the names with related joins", CANDIDATES,
     ".map(|(_, found)| found).chain([&s.joins])", ".map(|(_, found)| found)"),
    ("keep_candidates counts a token that brought a name as omitted", CANDIDATES,
     "(least * omitted - lost)", "(least * omitted + lost)"),
    ("keep_candidates marks no candidate a second time", CANDIDATES,
     "let has_second = |name: u32| s.marks.has(name, SECOND);",
     "let has_second = |name: u32| name == u32::MAX && s.marks.has(name, SECOND);"),
    ("enter_pairs leaves out too much", RETRIEVE,
     "if least > 0.0 && others + n.worth(least) < -MARGIN {",
     "if least > 0.0 && others + n.worth(least) < 0.02 {"),
    ("pairs left out are not brought back", RETRIEVE,
     "if s.pruned {", "if false {"),
    ("most_missing counts what the query gains once less", BOUNDS,
     "((most.max(0.0) + MARGIN) / (least * OMISSION) * MISSED) as u32 + 1",
     "((most.max(0.0) + MARGIN) / (least * OMISSION) * MISSED * 0.7) as u32"),
    ("initials of the list open nothing", RETRIEVE,
     "with.filter(|p| p.stands_for(firsts))", "with.take(0).filter(|p| p.stands_for(firsts))"),
    ("joins of the query open nothing", RETRIEVE,
     "s.open(by, n, least, n.names(tables));", "s.open(by, n, least, &[]);"),
    ("the other fields lift nothing", RETRIEVE,
     "let lift = most_lift(&s.fields.fields(query), self.listed_fields, &self.options.fields);", "let lift = 0.0;"),
    ("neighbours of one text are those of any weight", NEIGHBOURS,
     "let kind = (view.tag, view.frequency, view.weight.to_bits(), view.groups);", "let kind = view.frequency;"),
    ("neighbours of one text are those of any frequency", NEIGHBOURS,
     "let kind = (view.tag, view.frequency, view.weight.to_bits(), view.groups);",
     "let kind = (view.tag, view.weight.to_bits(), view.groups);"),
    ("a thread takes words of one text for one, however common", NEAR,
     "let kind = (token.tag as u8, token.frequency,", "let kind = (token.tag as u8,"),
    ("sounds of Kana are Latin letters", RELATION,
     "matches!(self.tag, Tag::Abjad | Tag::Kana).then_some(self.tag)", "matches!(self.tag, Tag::Abjad).then_some(self.tag)"),
    ("Kana meets Kana by its reading alone", KEYS,
     "token.text != token.latin || !token.tag.is_alphabetic()", "token.text != token.latin"),
    ("a token is far from words that lack a letter more than half the edits", STORE,
     "gone.count_ones() > most ||", "gone.count_ones() > most / 2 ||"),
    ("a small index relates no joins", FEW,
     "return has(&self.skeletons_of_words, codes(joined.skeleton.word()));", "return false;"),
    ("a small index relates no joins in other romanizations", FEW,
     " || has_romanized(&self.romanized_words, joined.latin) {", " {"),
    ("a small index has no other romanizations", FEW,
     "let chinese = has_romanized(&self.romanized, latin);\n        let is_short", "let chinese = false;\n        let is_short"),
    ("a small index with Arabic script has no other romanizations", FEW,
     "listed.chinese = has_romanized(&self.romanized, latin);", "listed.chinese = false;"),
    ("a small index finds no other romanizations", NEIGHBOURS,
     "|| chinese && is_chinese(view.latin)", "|| false"),
    ("a small index takes words of a letter or two for others", FEW,
     "chinese || is_short() || has", "chinese || is_short() && chinese || has"),
    ("a small index finds no Arabic words by their coarse skeletons", FEW,
     "|| has(&self.coarse, codes(coarse(skeleton, Tag::Abjad).word()))", ""),
    ("a small index finds no Arabic words a code apart", FEW,
     "|| self.may_be_thinned(skeleton);", ";"),
    ("a small index takes words of its groups for strange", FEW,
     "listed.alike || token.groups != [0; 2];", "listed.alike;"),
    ("a small index with Arabic script is told by its sounds", FEW,
     "few.is_spelled &= !matches!(token.tag, Tag::Abjad | Tag::Kana | Tag::Hangul);", ""),
    ("a small index with Han characters is told by its sounds", FEW,
     "few.is_alphabetic &= token.tag.is_alphabetic();", ""),
    ("a small index forgets the skeletons of its joins", FEW,
     "set(&mut few.skeletons, codes(token.skeleton.word()));",
     "if !record.is_join() {\n                set(&mut few.skeletons, codes(token.skeleton.word()));\n            }"),
    ("a word begins joins with the stop that the next one swallows", SOUNDS,
     "any_beginning(word.lasting(), begins)", "any_beginning(word, begins)"),
    ("a stop stays before a hiss that is another word's", SOUNDS,
     "if classes & 7 == HISS && self.count() < MOST { self.lasting() } else { self }", "self"),
    ("words begin no joins whose skeletons lost their ends", SOUNDS,
     "if self.is_long || !self.cut.is_empty() || word.count() == MOST {", "if word.count() == MOST {"),
    ("words whose skeletons lost their ends are told by their sounds", SOUNDS,
     "codes >= LONGEST\n            ||", ""),
    ("no birth date lifts a score", INDEX,
     "dates: !self.parts.dates.records::<Days>().is_empty(),", "dates: false,"),
    ("no country lifts a score", INDEX,
     "countries: !self.parts.countries.records::<u16>().is_empty(),", "countries: false,"),
    ("no gender lifts a score", INDEX,
     "genders: self.entity_records().iter().any(|entity| entity.gender != 0),", "genders: false,"),
    ("other options have the threshold of the former ones", SCREEN,
     "        self.least_threshold = options.least_threshold();", ""),
    ("a small index has no Arabic script", FEW,
     "few.listed.abjad |= token.tag == Tag::Abjad;", ""),
    ("a small index has no Kana", FEW,
     "few.listed.kana |= token.tag == Tag::Kana;", ""),
    ("relating stops though a join makes up for what is missed", RELATE,
     "if self.is_enough(missed & alone, weak & alone) {", "if self.is_enough(missed, weak) {"),
    ("relating stops though a join makes up for what is weak", RELATE,
     "bits(span) & (missed | weak) != 0", "bits(span) & missed != 0"),
    ("relating asks no joins that make up together", RELATE,
     "let left = !(bits(span) | before | behind);", "let left = !bits(span);"),
    ("relating takes a token that is related to something for missed", RELATE,
     "noted.unweighed |= 1 << token;\n            return;", "noted.unweighed |= 1 << token;"),
    ("relating counts what a token lacks twice", RELATE,
     "noted.omitted += self.q[token].omission();", "noted.omitted += 2.0 * self.q[token].omission();"),
    ("relating counts what was known to be lacking twice", RELATE,
     "noted.omitted += missed * slot.omission();", "noted.omitted += 2.0 * missed * slot.omission();"),
    ("relating keeps the joins of the query before", RELATE,
     "        forget(r.joins);\n", "        let _ = &r.joins;\n"),
    ("runs of syllables end with the second", RELATE,
     "left &= short & short >> (behind - 1);", "left = 0;"),
    ("runs that begin with a token end before the longest that is wanted", ALIGN,
     "for count in 1..=most {", "for count in 1..most.max(3) {"),
    ("relating stops though an initial of the list may stand for a token", RELATE,
     " | (letters(slot.first) & self.listed_initials != 0)", ""),
    ("relating stops one token too early", RELATE,
     "enough(self.least, most, weighed, omitted)", "enough(self.least, 0.9 * most, weighed, omitted)"),
    ("relating takes what is related for worth less than it is", NEIGHBOURS,
     "worth(least, self.likest, self.heaviest, true)", "worth(least, 0.97 * self.likest, self.heaviest, true)"),
    ("a small index relates no joins with Arabic articles that sound otherwise", RELATE,
     "*runs = bound.fold(*runs, |all, first| all | 1 << first);", "let _ = (bound, runs);"),
    ("a small index forgets the sounds of the other romanization", SOUNDS,
     "note(&wade[..len], 0, true);", "let _ = (wade, len);"),
    ("a small index hears joins begin as the other romanization does", SOUNDS,
     "note(&pinyin, 0, true);", "note(&pinyin, 0, false);"),
    ("a small index hears no r in what Wade-Giles writes j", SOUNDS,
     "note(&pinyin, 0, true);", "note(word.latin, 0, true);"),
    ("a small index hears joins of few consonants by their letters alone", SOUNDS,
     "let is_spelled = word.skeleton.len() >= word.least_codes_of_joins();",
     "let is_spelled = word.skeleton.len() > 6;"),
    ("a token keeps its number though another has it", NEAR,
     "filter(|told| told.number == number)", "filter(|told| told.number == u32::MAX)"),
    ("what is known of a place stays though another token has it", NEAR,
     "let state = State::new(Known::No, role);", "let state = State::new(own.state.known(), role);"),
    ("a small index relates no first letters", RELATE,
     "few.may_be_acronym(&letters[..count])", "few.may_be_acronym(b\"\")"),
    ("keep_candidates takes the number at the end of a cut name for a name", CANDIDATES,
     "if is_open(i) { MOST_MISSED }", "if is_open(i) { MOST_MISSED - 250 }"),
    ("texts of other scripts meet by their readings alone", KEYS,
     "each(key(Domain::Text, token.text));", ""),
    ("letters of Arabic script are Latin ones", RELATION,
     "q.text == n.text && q.codes() == n.codes()", "q.text == n.text"),
    ("words that face each other are never alike in the bound", ALIGN,
     "if words_face { 1.0 - NEAR } else { 1.0 }", "1.0"),
    ("joins ask a table without skeletons", KEYS,
     "    each(key(Domain::Skeleton, codes));\n    if token.may_be_acronym()", "    if token.may_be_acronym()"),
    ("a query looks no joins of the list up", KEYS,
     "each(reading.key(Domain::Join));", ""),
    ("words are filed with one letter less left out", KEYS,
     "let most = budget(reading.bytes.len());", "let most = budget(reading.bytes.len()).min(1);"),
    ("keys of long words forget their ends", KEYS,
     "len @ 9..=16 => mixed(domain, len, self.words.into_iter()),",
     "len @ 9..=16 => mixed(domain, len, std::iter::once(self.words[0])),"),
    ("a rescreening overlooks names in another order", SINCE,
     "&& common == in_common(other, entity)", ""),
    ("a rescreening overlooks another primary name", SINCE,
     "&& entity.primary_name() == other.primary_name()", ""),
    ("a rescreening overlooks other programmes", SINCE,
     "(schema, birth_dates, gender, countries, programs)\n        == (&other.schema, &other.birth_dates, &other.gender, &other.countries, &other.programs)",
     "(schema, birth_dates, gender, countries)\n        == (&other.schema, &other.birth_dates, &other.gender, &other.countries)\n        && programs.len() < 99"),
    ("a rescreening overlooks other identifiers", SINCE,
     "if *identifiers == other.identifiers {", "if !identifiers.is_empty() {"),
    ("a rescreening takes what several entities of one id say for one", SINCE,
     "[new, old] if new.len() == 1 && old.len() == 1 => {", "[new, old] if !new.is_empty() && !old.is_empty() => {"),
]

# No list and query are known where these matter: the guard is for alignments that nobody has met. Reported, not failed.
UNPROVEN = {"pairs left out are not brought back"}

# What is run, until something fails.
TARGETS = ["screen", "agree", "lossless", "since"]


def copy_tree():
    """The files that git knows or could know, as they are now; unchanged ones keep their age."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True,
                            capture_output=True).stdout.decode().split("\0")
    os.makedirs(TREE, exist_ok=True)
    for path in filter(None, listed):
        source, copy = os.path.join(ROOT, path), os.path.join(TREE, path)
        if not os.path.isfile(source):
            continue
        text = open(source, "rb").read()
        if not os.path.exists(copy) or open(copy, "rb").read() != text:
            os.makedirs(os.path.dirname(copy), exist_ok=True)
            shutil.copyfile(source, copy)


def test(target):
    """The tests of a target that fail."""
    env = dict(os.environ, CARGO_TARGET_DIR=os.path.join(ROOT, "target", "mutants", "build"),
               PROPTEST_MAX_SHRINK_ITERS="0", RUST_BACKTRACE="0")
    which = ["--lib", "screen::"] if target == "screen" else ["--test", target]
    run = subprocess.run(["cargo", "test", "--quiet", *which], cwd=TREE, env=env, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if "could not compile" in run.stdout:
        sys.exit(f"does not compile:\n{run.stdout}")
    failed = sorted(set(re.findall(r"^    ([\w:]+)$", run.stdout, re.M)))
    if run.returncode and not failed:
        sys.exit(f"{target} ended with {run.returncode}:\n{run.stdout}")
    return failed


def main():
    wanted = sys.argv[1:]
    unknown = set(wanted) - {m[0] for m in MUTANTS}
    if unknown:
        sys.exit(f"no such mutant: {', '.join(unknown)}")
    copy_tree()
    stale = []
    for name, path, text, _ in MUTANTS:
        found = open(os.path.join(TREE, path), encoding="utf-8").read().count(text)
        if found != 1:
            stale.append(f"mutant '{name}' no longer applies: {path} holds its text {found} times, not once")
    if stale:
        print("\n".join(stale))
        sys.exit(2)
    if not wanted:
        broken = [f"{target}: {name}" for target in TARGETS for name in test(target)]
        if broken:
            sys.exit(f"the tests fail without a mutant: {', '.join(broken)}")
        print("no mutant: all pass", flush=True)
    survivors = 0
    for name, path, text, change in MUTANTS:
        if wanted and name not in wanted:
            continue
        file = os.path.join(TREE, path)
        original = open(file, encoding="utf-8").read()
        start = time.time()
        try:
            open(file, "w", encoding="utf-8").write(original.replace(text, change))
            caught = next(([f"{target}::{t}" for t in failed] for target in TARGETS if (failed := test(target))), [])
        finally:
            open(file, "w", encoding="utf-8").write(original)
        survivors += not caught and name not in UNPROVEN
        survived = "survived, as nobody knows a case for it" if name in UNPROVEN else "SURVIVED"
        verdict = "caught by " + ", ".join(caught) if caught else survived
        print(f"{name}: {verdict} ({time.time() - start:.0f} s)", flush=True)
    print(f"{survivors} survived")
    sys.exit(1 if survivors else 0)


if __name__ == "__main__":
    main()
