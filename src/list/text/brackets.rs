//! Names within names: "Foreign Trade Bank (FTB)", "Works (also known as Plant; Factory)", "Gul (گل)".
//!
//! ```text
//! Foreign Trade Bank (FTB)      → also: Foreign Trade Bank, FTB (weak)
//! Encep Nurjaman (birth name)   → also: Encep Nurjaman
//! Jane ROE (née DOE)            → also: Jane ROE, Jane DOE
//! NIIP named after V.V. Tikhomirov → also: NIIP
//! ```
//!
//! The published text stays a name. What is outside the brackets becomes a name too, and what is within them
//! if it is one: text in another script, after "also known as" or "formerly", an acronym (weak), or words with
//! a distinctive one among them. A note ("birth name", "the elder"), a country, a place or a legal form is no
//! name. Within a person's name a single word in brackets is another spelling of the word before it.
//!
//! Cost: the analysis of names with brackets, some microseconds each. Limits: at most eight brackets of a
//! name; brackets that are not closed are left as they are; texts longer than [`MAX_LENGTH`] too.

use super::cells::{is_latin, split_names};
use crate::entity::{AliasStrength, Entity, Name, NameKind, Schema, country_code};
use crate::name::parts::{before_dedication, without_ship_word};
use crate::name::{Tag, analyse};

/// Longer names are descriptions. Unit: bytes.
const MAX_LENGTH: usize = 1000;
/// The most brackets of a name that are looked at.
const MAX_BRACKETS: usize = 8;
/// Longer words are no acronyms.
const MAX_ACRONYM: usize = 10;

/// Words before further names in brackets.
const ALIAS_MARKS: [&str; 7] =
    ["also known as ", "also spelled ", "also called ", "a.k.a. ", "a.k.a ", "aka ", "alias "];
/// Words before former names in brackets.
const FORMER_MARKS: [&str; 8] = [
    "formerly known as ",
    "previously known as ",
    "former name ",
    "formerly ",
    "previously ",
    "f.k.a. ",
    "f.k.a ",
    "fka ",
];
/// Labels of a name in another script: "original script: …", "in Arabic: …".
const SCRIPT_LABELS: [&str; 2] = ["original script", "in "];
/// Words of notes about a name.
const NOTE_WORDS: [&str; 35] = [
    "name",
    "names",
    "script",
    "listed",
    "listing",
    "spelling",
    "spelled",
    "spelt",
    "passport",
    "deceased",
    "dead",
    "quality",
    "unit",
    "sub-unit",
    "branch",
    "office",
    "vessel",
    "ship",
    "imo",
    "born",
    "individual",
    "entity",
    "nickname",
    "alias",
    "title",
    "transliteration",
    "transliterated",
    "translation",
    "unknown",
    "unconfirmed",
    "possibly",
    "phonetic",
    "see",
    "liquidation",
    "liquidated",
];

/// Adds the names within the names of an entity.
pub(crate) fn add_bracketed_names(e: &mut Entity) {
    let mut found = Vec::new();
    for name in e.names.iter().filter(|n| n.text.contains('(') && n.text.len() <= MAX_LENGTH) {
        add_names_within(name, e.schema, &mut found);
    }
    if e.schema != Schema::Person {
        for name in e.names.iter().filter(|name| name.text.len() <= MAX_LENGTH) {
            if let Some(short) = before_dedication(&name.text).filter(|short| is_distinctive(short, e.schema))
            {
                found.push(Name::new(short, NameKind::Alias, name.strength));
            }
        }
    }
    if e.schema == Schema::Vessel {
        // "MV Lena" is known as "Lena", as other lists have it.
        let ships = e.names.iter().filter_map(|name| Some((name, without_ship_word(&name.text)?)));
        let ships = ships.filter(|(_, ship)| ship.chars().filter(|c| c.is_alphabetic()).count() > 1);
        found.extend(ships.map(|(name, ship)| Name::new(ship.trim(), NameKind::Alias, name.strength)));
    }
    found.into_iter().for_each(|name| e.add_name(name));
}

/// A text in brackets, and where the brackets are in bytes.
struct Bracket<'a> {
    text: &'a str,
    begin: usize,
    end: usize,
}

/// The brackets of a name, the outermost ones.
fn brackets(name: &str) -> Vec<Bracket<'_>> {
    let mut found = Vec::new();
    let (mut depth, mut begin) = (0_usize, 0);
    for (at, c) in name.char_indices() {
        match c {
            '(' => {
                if depth == 0 {
                    begin = at;
                }
                depth += 1;
            }
            ')' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    found.push(Bracket { text: &name[begin + 1..at], begin, end: at + 1 });
                }
            }
            _ => {}
        }
    }
    if depth > 0 { Vec::new() } else { found }
}

fn add_names_within(name: &Name, schema: Schema, found: &mut Vec<Name>) {
    let brackets = brackets(&name.text);
    if brackets.is_empty() || brackets.len() > MAX_BRACKETS {
        return;
    }
    let kind = if name.kind == NameKind::Former { NameKind::Former } else { NameKind::Alias };
    let mut outside = String::new();
    let mut from = 0;
    for bracket in &brackets {
        outside.push_str(&name.text[from..bracket.begin]);
        outside.push(' ');
        from = bracket.end;
    }
    outside.push_str(&name.text[from..]);
    let outside = outside.split_whitespace().collect::<Vec<_>>().join(" ");
    let outside = outside.trim_matches([' ', ',', ';', '-', '–', '"', '\'']);
    let words = outside.split_whitespace().count();
    if words > 1 && outside.contains(char::is_alphabetic) || is_distinctive(outside, schema) {
        // A single word of a person's name is shared by many.
        let weak = words < 2 && schema == Schema::Person && is_latin(outside) == Some(true);
        let strength = if weak { AliasStrength::Weak } else { name.strength };
        found.push(Name::new(outside, kind, strength));
    }
    for bracket in &brackets {
        let context = Context { name, kind, schema, outside };
        context.add_names_in(bracket, found);
    }
}

struct Context<'a> {
    name: &'a Name,
    kind: NameKind,
    schema: Schema,
    /// The name without its brackets.
    outside: &'a str,
}

impl Context<'_> {
    fn add_names_in(&self, bracket: &Bracket<'_>, found: &mut Vec<Name>) {
        let text = bracket.text.trim();
        let is_last = self.name.text[bracket.end..].trim().is_empty();
        if let Some((kind, rest)) = marked(text, self.kind) {
            let names = split_names(rest);
            for piece in names.iter().flat_map(|n| n.split(" or ")).map(trimmed) {
                if piece.chars().any(char::is_alphabetic) {
                    found.push(Name::new(piece, kind, self.strength(piece)));
                }
            }
            return;
        }
        for piece in text.split(';').map(|p| trimmed(without_note(without_script(p)))) {
            let other_script = is_latin(piece)
                .zip(is_latin(self.outside))
                .is_some_and(|(within, outside)| within != outside);
            if other_script {
                if !is_note(piece) {
                    found.push(Name::new(piece, self.kind, self.name.strength));
                }
            } else if let Some(birth) = birth_name(piece).filter(|_| self.schema == Schema::Person) {
                found.extend(self.with_birth_name(birth));
            } else if !is_last && self.schema == Schema::Person && is_single_word(piece) {
                found.extend(self.respelled(bracket, piece));
            } else if self.is_name(piece) && (is_last || is_acronym(piece)) {
                found.push(Name::new(piece, self.kind, self.strength(piece)));
            }
        }
    }

    /// "Jane ROE (née DOE)" as "Jane DOE", for which she is known as well; several words are a name of their own.
    fn with_birth_name(&self, birth: &str) -> Option<Name> {
        let given = self.outside.rsplit_once(' ').map(|(given, _)| given)?;
        let text = if is_single_word(birth) { format!("{given} {birth}") } else { birth.to_string() };
        Some(Name::new(text, NameKind::Former, self.name.strength))
    }

    /// "SAYED (SAYYED) HASHEM" as "SAYYED HASHEM".
    fn respelled(&self, bracket: &Bracket<'_>, word: &str) -> Option<Name> {
        let before = self.name.text[..bracket.begin].trim_end();
        let kept = before.rfind(char::is_whitespace).map_or("", |at| &before[..at]);
        let text = [kept, word, &self.name.text[bracket.end..]].join(" ");
        let is_name = !word.starts_with(char::is_lowercase) && !is_note(word) && country_code(word).is_none();
        let is_whole = !text.contains('(') && is_distinctive(&text, self.schema);
        (is_name && is_whole).then(|| Name::new(text, self.kind, self.name.strength))
    }

    fn is_name(&self, piece: &str) -> bool {
        let digits = piece.bytes().filter(u8::is_ascii_digit).count();
        !piece.starts_with(char::is_lowercase)
            && digits < 4
            && !is_note(piece)
            && country_code(piece).is_none()
            && is_distinctive(piece, self.schema)
    }

    fn strength(&self, piece: &str) -> AliasStrength {
        let weak = is_acronym(piece) || self.schema == Schema::Person && is_single_word(piece);
        if weak { AliasStrength::Weak } else { self.name.strength }
    }
}

/// The name behind "née" or "born", if it is one and no date or place.
fn birth_name(text: &str) -> Option<&str> {
    let marks = ["née ", "nee ", "born "];
    let rest = marks.iter().find_map(|mark| {
        let head = text.get(..mark.len())?;
        (head.to_lowercase() == *mark).then(|| text[mark.len()..].trim())
    })?;
    let is_name = rest.split_whitespace().all(|word| word.chars().next().is_some_and(char::is_uppercase));
    (is_name && !rest.contains(|c: char| c.is_ascii_digit())).then_some(rest)
}

/// The text after words that announce names, and the kind of these names.
fn marked(text: &str, kind: NameKind) -> Option<(NameKind, &str)> {
    let after = |marks: &[&str]| {
        let lengths = marks.iter().filter_map(|m| {
            let m = m.trim_end();
            let head = text.get(..m.len())?;
            let ends = text[m.len()..].starts_with([' ', '.', ':', ',']);
            (ends && head.to_lowercase() == m).then_some(m.len())
        });
        lengths.max().map(|length| text[length..].trim_start_matches(['.', ':', ',', ' ']).trim())
    };
    if let Some(rest) = after(&ALIAS_MARKS) {
        return Some((kind, rest));
    }
    // "previously listed as": a note about the list.
    let rest = after(&FORMER_MARKS).filter(|rest| !is_note(rest))?;
    Some((NameKind::Former, rest))
}

/// The text without its label, or a label behind it: "original script: Имя", "اسم (original script)".
fn without_script(text: &str) -> &str {
    let text = text.trim();
    if let Some((label, rest)) = text.split_once(':') {
        let label = label.trim().to_lowercase();
        if SCRIPT_LABELS.iter().any(|l| label.starts_with(l)) {
            return rest.trim();
        }
    }
    text.strip_suffix("(original script)").unwrap_or(text)
}

/// The text without a note behind it: "Ansar Network - sub-unit name".
fn without_note(text: &str) -> &str {
    match text.rsplit_once(" - ") {
        Some((name, note)) if is_note(note) => name,
        _ => text,
    }
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ",;:\"'“”‘’«»".contains(c))
}

fn is_single_word(text: &str) -> bool {
    text.split_whitespace().count() == 1
}

fn is_acronym(text: &str) -> bool {
    is_single_word(text)
        && text.chars().count() <= MAX_ACRONYM
        && text.chars().any(char::is_uppercase)
        && !text.chars().any(char::is_lowercase)
}

/// Whether a text is a note about a name, by one of its words.
fn is_note(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric() && c != '-').any(|w| NOTE_WORDS.contains(&w))
}

/// Whether a text has a word that distinguishes it from others.
fn is_distinctive(text: &str, schema: Schema) -> bool {
    let name = analyse(text, schema);
    let mut tags = name.tokens().iter().map(|t| t.tag);
    tags.any(|t| matches!(t, Tag::Name | Tag::Abjad | Tag::Han | Tag::Hangul | Tag::Patronymic | Tag::Kana))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names that are added to an entity with this one, weak ones with a star, former ones with a minus.
    fn added(name: &str, schema: Schema) -> Vec<String> {
        let mut e = Entity::new("1", schema, name);
        add_bracketed_names(&mut e);
        assert_eq!(e.names[0], Name::primary(name), "as published");
        let shown = |n: &Name| {
            let weak = if n.strength == AliasStrength::Weak { "*" } else { "" };
            let former = if n.kind == NameKind::Former { "-" } else { "" };
            format!("{weak}{former}{}", n.text)
        };
        e.names[1..].iter().map(shown).collect()
    }

    #[test]
    fn names_of_bodies_within_brackets_are_found() {
        for (name, wanted) in [
            ("Zorvania Trade Bank (ZTB)", &["Zorvania Trade Bank", "*ZTB"][..]),
            ("Zorvan Oil Company (Zortrol)", &["Zorvan Oil Company", "Zortrol"]),
            ("Foreign Trade Bank (FTB)", &["Foreign Trade Bank", "*FTB"]),
            ("Bank (Iran)", &[]),
            (
                "Zorvan Works (also known as Kelmet Plant; Kelmet Factory)",
                &["Zorvan Works", "Kelmet Plant", "Kelmet Factory"],
            ),
            ("Zorvan Works (formerly Kelmet Plant)", &["Zorvan Works", "-Kelmet Plant"]),
            ("Zorvan Works (Зорванский завод)", &["Zorvan Works", "Зорванский завод"]),
            ("Зорванский завод (Zorvan Works - sub-unit name)", &["Зорванский завод", "Zorvan Works"]),
            ("Zorvan (Private) Limited", &["Zorvan Limited"]),
            ("Zorvan Bank (Iran)", &["Zorvan Bank"]),
            ("Zorvan Group (Minsk)", &["Zorvan Group"]),
            ("Zorvan Corps (ZRC)-Kelmet Force", &["Zorvan Corps -Kelmet Force", "*ZRC"]),
            ("Zorvan (ZF) (زوروان (original script); Zorwan)", &["Zorvan", "*ZF", "زوروان", "Zorwan"]),
            ("Zorvan Works (the larger one)", &["Zorvan Works"]),
            ("Zorvan Works (no end", &[]),
            ("(ZRC)", &["*ZRC"]),
            ("Zorvan Works (formerly. Kelmet Plant)", &["Zorvan Works", "-Kelmet Plant"]),
            ("Zorvan Institute named after J. Kelmet", &["Zorvan Institute"]),
            ("Institute named after J. Kelmet", &[]),
        ] {
            assert_eq!(added(name, Schema::Organization), wanted, "{name}");
        }
    }

    #[test]
    fn notes_about_people_are_no_names() {
        for (name, wanted) in [
            ("Zencep Nurjaman (birth name)", &["Zencep Nurjaman"][..]),
            ("Zencep Nurjaman (previously listed as)", &["Zencep Nurjaman"]),
            ("Amir Khazmat (original script: Амир Хазмат)", &["Amir Khazmat", "Амир Хазмат"]),
            ("Gul (the elder)", &["*Gul"]),
            ("Zora KHAZMAT (née AMIR)", &["Zora KHAZMAT", "-Zora AMIR"]),
            ("Zora KHAZMAT (born Zora AMIR)", &["Zora KHAZMAT", "-Zora AMIR"]),
            ("Zora KHAZMAT (born 1960)", &["Zora KHAZMAT"]),
            ("SAYED (SAYYED) HASHEM", &["SAYED HASHEM", "SAYYED HASHEM"]),
            ("Kim Tong-Myong (Kim Chin-Sok)", &["Kim Tong-Myong", "Kim Chin-Sok"]),
        ] {
            assert_eq!(added(name, Schema::Person), wanted, "{name}");
        }
    }

    #[test]
    fn hostile_names_cost_little() {
        let deep = format!("{}x{}", "(".repeat(400), ")".repeat(400));
        assert!(added(&deep, Schema::Person).len() < 3);
        assert_eq!(added(&"(a)".repeat(200), Schema::Person), [""; 0]);
    }
}
