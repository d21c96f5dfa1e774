//! Words that a legal word was written together with: "companysputnik", "jointstock", "coltd".

use super::lexicon;

/// Long words of legal forms and of business that names are found written together with. Compiled by hand by
/// the authors; no source.
const COMPOUND_HEADS: &[&str] = &[
    "company",
    "limited",
    "liability",
    "corporation",
    "incorporated",
    "organization",
    "obshchestvo",
    "obschestvo",
    "otvetstvennostyu",
    "otvetstvennostiu",
    "aktsionernoe",
    "aktsionernoye",
    "ogranichennoi",
    "ogranichennoy",
    "gesellschaft",
    "sirketi",
    "technology",
    "international",
];
/// Short ones, split off only from each other and from a long one.
const SHORT_COMPOUND_HEADS: &[&str] =
    &["joint", "stock", "public", "private", "open", "closed", "ltd", "gmbh", "llc", "non"];

/// Legal forms of two words that are written together; the second word is "ltd".
const LEGAL_COMPOUNDS: &[&str] = &["coltd", "ptyltd", "pteltd", "pvtltd"];

/// The shortest compound that is split, in letters.
const MIN_COMPOUND: usize = 8;

/// Where a compound splits into a legal word and the word it was written together with; `None` for any other
/// word.
pub(in crate::name) fn split_compound_at(word: &str) -> Option<usize> {
    if LEGAL_COMPOUNDS.contains(&word) {
        return Some(word.len() - "ltd".len());
    }
    if word.len() < MIN_COMPOUND
        || !word.is_ascii()
        || lexicon().info(word).is_some_and(|info| info.is_company_word())
    {
        return None;
    }
    let is_head = |part: &str| COMPOUND_HEADS.contains(&part) || SHORT_COMPOUND_HEADS.contains(&part);
    for head in COMPOUND_HEADS {
        if let Some(rest) = word.strip_prefix(head)
            && (rest.len() >= 4
                || is_head(rest)
                || rest.len() == 3 && *head != "corporation" && *head != "organization")
        {
            return Some(head.len());
        }
        if let Some(rest) = word.strip_suffix(head)
            && (rest.len() >= 3 || is_head(rest))
            // "unlimited" is a word.
            && !(*head == "limited" && rest == "un")
        {
            return Some(rest.len());
        }
    }
    SHORT_COMPOUND_HEADS.iter().find_map(|head| is_head(word.strip_prefix(head)?).then_some(head.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compounds_of_a_legal_word_are_split() {
        for (word, at) in [
            ("companysputnik", Some(7)),
            ("sputnikcompany", Some(7)),
            ("jointstock", Some(5)),
            ("coltd", Some(2)),
            ("pvtltd", Some(3)),
            ("unlimited", None),
            ("company", None),
            ("sputnik", None),
        ] {
            assert_eq!(split_compound_at(word), at, "{word}");
        }
    }
}
