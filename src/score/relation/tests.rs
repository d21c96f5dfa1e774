use super::rules::{self, Comparison};
use super::*;
use crate::name::skeleton;
use crate::score::params::{
    ACRONYM_SIMILARITY, CHINESE_ROMANIZATION, CHINESE_ROMANIZATION_OF_SYLLABLE, COMMON_NAME_PENALTY,
    CONCATENATION_ABJAD, CONCATENATION_ABJAD_ONE_CODE, CONCATENATION_EQUAL, CONCATENATION_ROMANIZATION,
    CONCATENATION_SKELETON, DERIVED_READING_PENALTY, HANGUL_SPELLING, NICKNAME_GROUP, NUMBER_GROUP,
    SAME_READING, SAME_READING_IN_SCRIPT, SAME_SKELETON,
};
use crate::score::similarity::similarity;

fn token<'a>(tag: Tag, text: &'a str, latin: &'a str) -> TokenRef<'a> {
    TokenRef {
        text: text.as_bytes(),
        latin: latin.as_bytes(),
        tag,
        weight: 1.0,
        groups: [0; 2],
        frequency: 0,
        skeleton: skeleton(latin),
        respelled: crate::name::has_respellings(latin.as_bytes()),
    }
}

fn word(latin: &str) -> TokenRef<'_> {
    token(Tag::Name, latin, latin)
}

/// The relation of two tokens, which is the same in either order.
fn relation(a: TokenRef<'_>, b: TokenRef<'_>) -> Option<(f32, MatchKind)> {
    let [ab, ba] = [(a, b), (b, a)].map(|(a, b)| relate(&PreparedToken::new(a), &b));
    assert_eq!(ab, ba, "{a:?} {b:?}");
    ab.map(|r| (r.similarity, r.kind))
}

/// What one rule finds of two tokens.
fn by_rule(
    rule: impl Fn(&Comparison<'_, '_, '_>) -> Option<Relation>,
    a: TokenRef<'_>,
    b: TokenRef<'_>,
) -> Option<f32> {
    let within_edits = PreparedToken::new(a).is_within_edits(&b);
    rule(&Comparison::new(&a, &b, within_edits)).map(|r| r.similarity)
}

fn spelling(a: &str, b: &str) -> f32 {
    similarity(a.as_bytes(), b.as_bytes())
}

#[test]
fn equal_texts_are_equal() {
    assert_eq!(relation(word("petrov"), word("petrov")), Some((1.0, MatchKind::Equal)));
    assert_eq!(relation(word("petrov"), word("sidorenko")), None);
}

#[test]
fn codes_of_letters_do_not_equal_latin_text() {
    for script in [Tag::Abjad, Tag::Kana] {
        assert_eq!(rules::equal(&token(script, "mhmd", "mahmad"), &word("mhmd")), None);
    }
}

#[test]
fn members_of_a_group_are_related_whatever_their_spelling() {
    use crate::name::group_kind::{NICKNAME, NUMBER};
    let of_group = |latin, group| TokenRef { groups: [group, 0], ..word(latin) };
    let nickname = of_group("bill", NICKNAME + 1);
    let similarity = NICKNAME_GROUP.0 + NICKNAME_GROUP.1 * spelling("bill", "william");
    let found = relation(nickname, of_group("william", NICKNAME + 1));
    assert_eq!(found, Some((similarity, MatchKind::Group)));
    assert_eq!(relation(nickname, of_group("wolfgang", NICKNAME + 2)), None);
    let number = TokenRef { tag: Tag::Number, ..of_group("44", NUMBER + 44) };
    assert_eq!(relation(number, of_group("xliv", NUMBER + 44)), Some((NUMBER_GROUP, MatchKind::Group)));
}

#[test]
fn tokens_with_digits_or_blanks_are_equal_or_unrelated() {
    for (a, b) in [("1234567", "1234568"), ("limited company", "limited companyy")] {
        assert_eq!(relation(word(a), word(b)), None);
    }
    assert_eq!(relation(token(Tag::Initial, "a", "a"), token(Tag::Name, "aa", "aa")), None);
}

#[test]
fn one_reading_relates_scripts_more_than_characters_of_one_script() {
    let han = |text| token(Tag::Han, text, "wei");
    assert_eq!(relation(han("伟"), word("wei")), Some((SAME_READING, MatchKind::Reading)));
    assert_eq!(relation(han("伟"), han("玮")), Some((SAME_READING_IN_SCRIPT, MatchKind::Reading)));
}

#[test]
fn a_hangul_syllable_meets_its_usual_spellings() {
    let syllable = token(Tag::Hangul, "이", "i");
    assert_eq!(relation(syllable, word("lee")), Some((HANGUL_SPELLING, MatchKind::Reading)));
    assert_eq!(relation(syllable, word("kim")), None);
    assert_eq!(relation(syllable, token(Tag::Hangul, "김", "kim")), None);
}

#[test]
fn han_texts_are_one_character_apart_or_unrelated() {
    let han = |text, latin| token(Tag::Han, text, latin);
    let (a, b) = (han("永信至诚", "yongxinzhicheng"), han("永信至城", "yongxinzhichen"));
    assert_eq!(relation(a, b), Some((0.75, MatchKind::Edit)));
    assert_eq!(relation(a, han("永信之城", "yongxinzicheng")), None);
    assert_eq!(relation(han("永信", "yongxin"), han("永心", "yongxi")), None);
}

#[test]
fn words_within_the_edit_budget_are_as_similar_as_their_spelling() {
    let similarity = spelling("petrovsky", "petrovski");
    assert_eq!(by_rule(rules::edit, word("petrovsky"), word("petrovski")), Some(similarity));
    assert_eq!(by_rule(rules::edit, word("petrovsky"), word("ostrovski")), None);
}

#[test]
fn an_edit_between_common_names_or_to_a_derived_reading_is_penalised() {
    let (a, b) = ("marina", "martina");
    let common = |latin| TokenRef { frequency: 3, ..word(latin) };
    let similarity = spelling(a, b);
    assert_eq!(by_rule(rules::edit, common(a), word(b)), Some(similarity));
    assert_eq!(by_rule(rules::edit, common(a), common(b)), Some(similarity - COMMON_NAME_PENALTY));
    let derived = token(Tag::Han, "字", a);
    assert_eq!(by_rule(rules::edit, derived, word(b)), Some(similarity - DERIVED_READING_PENALTY));
}

#[test]
fn short_words_may_differ_by_doubled_letters() {
    let similarity = spelling("li", "lii");
    assert_eq!(by_rule(rules::doubled_letters, word("li"), word("lii")), Some(similarity));
    assert_eq!(by_rule(rules::doubled_letters, word("li"), word("lo")), None);
    assert_eq!(by_rule(rules::doubled_letters, word("lila"), word("liila")), None);
}

#[test]
fn words_of_scripts_that_write_sounds_meet_their_latin_spellings() {
    use crate::entity::Schema;
    use crate::name::analyse;
    for (name, latin, other) in [("محمد", "mohammed", "karim"), ("マリコ", "mariko", "hanako")] {
        let name = analyse(name, Schema::Person);
        let token = TokenRef::new(&name, &name.tokens()[0]);
        let (similarity, kind) = relation(token, word(latin)).unwrap();
        assert!(similarity > 0.8 && matches!(kind, MatchKind::Skeleton | MatchKind::Reading), "{latin}");
        assert_eq!(relation(token, word(other)), None, "{latin}");
    }
}

#[test]
fn one_skeleton_relates_words_beyond_the_edit_budget() {
    let (a, b) = (word("khaddafi"), word("qadhafi"));
    assert!(!PreparedToken::new(a).is_within_edits(&b));
    let similarity = spelling("khaddafi", "qadhafi").clamp(SAME_SKELETON.0, SAME_SKELETON.1);
    assert_eq!(relation(a, b), Some((similarity, MatchKind::Skeleton)));
    // Few consonants: the folded spelling must be the same too.
    assert!(by_rule(rules::same_skeleton, word("li"), word("lee")).is_some());
    assert_eq!(by_rule(rules::same_skeleton, word("li"), word("lou")), None);
}

#[test]
fn pinyin_meets_wade_giles() {
    let by = |a, b| by_rule(rules::chinese_romanization, word(a), word(b));
    assert_eq!(by("xiaoping", "hsiaoping"), Some(CHINESE_ROMANIZATION));
    assert_eq!(by("chang", "zhang"), Some(CHINESE_ROMANIZATION_OF_SYLLABLE));
    assert_eq!(by("zhang", "wang"), None);
    assert_eq!(relation(word("xiong"), word("hsiung")).map(|r| r.1), Some(MatchKind::Reading));
}

#[test]
fn the_most_similar_rule_counts_and_of_equal_ones_the_first() {
    let relation = |similarity, kind| Some(Relation { similarity, kind });
    let (edit, skeleton) = (relation(0.8, MatchKind::Edit), relation(0.8, MatchKind::Skeleton));
    assert_eq!(more_similar(edit, skeleton), edit);
    assert_eq!(more_similar(edit, relation(0.9, MatchKind::Skeleton)), relation(0.9, MatchKind::Skeleton));
    assert_eq!(more_similar(None, edit), edit);
    assert_eq!(more_similar(edit, None), edit);
}

#[test]
fn concatenations_are_related_by_reading_romanization_and_skeleton() {
    let relate = |latin, abjad, whole: TokenRef<'_>| {
        let relation = relate_concatenation(&Concatenation::of(latin, abjad), &whole, None);
        assert!(relation.is_none_or(|r| r.kind == MatchKind::Concatenation));
        relation.map(|r| r.similarity)
    };
    assert_eq!(relate("abdulrahman", false, word("abdulrahman")), Some(CONCATENATION_EQUAL));
    assert_eq!(relate("xiaoping", false, word("hsiaoping")), Some(CONCATENATION_ROMANIZATION));
    assert_eq!(relate("abdalrahmn", true, word("abdalrahman")), Some(CONCATENATION_ABJAD));
    assert_eq!(relate("shamsaldin", true, word("shamsuddin")), Some(CONCATENATION_ABJAD_ONE_CODE));
    assert_eq!(relate("shamsaldin", false, word("shamsuddin")), None);
    let similarity = relate("abdelrahman", false, word("abdulrehman")).unwrap();
    assert!((CONCATENATION_SKELETON.0..=CONCATENATION_SKELETON.1).contains(&similarity));
    assert_eq!(relate("abc1", false, word("abc1")), Some(CONCATENATION_EQUAL));
    assert_eq!(relate("abc12", false, word("abc13")), None);
}

#[test]
fn an_acronym_meets_a_short_uncommon_word_with_its_letters() {
    let relate = |whole| relate_concatenation(&Concatenation::acronym("irgc"), &whole, None);
    let relation = Relation { similarity: ACRONYM_SIMILARITY, kind: MatchKind::Acronym };
    assert_eq!(relate(word("irgc")), Some(relation));
    assert_eq!(relate(word("irgd")), None);
    assert_eq!(relate(TokenRef { frequency: 2, ..word("irgc") }), None);
}

#[test]
fn spellings_of_other_languages_are_related() {
    for (a, b) in [
        ("tschatajew", "chataev"),
        ("schirinowski", "zhirinovsky"),
        ("czernyszow", "chernyshov"),
        ("vjatjeslav", "wjatscheslaw"),
        ("charitonow", "kharitonov"),
    ] {
        let found = relation(word(a), word(b));
        assert!(found.is_some_and(|(similarity, _)| similarity >= 0.85), "{a} {b} {found:?}");
    }
    let kind = |a, b| relation(word(a), word(b)).map(|(_, kind)| kind);
    assert_eq!(kind("tschatajew", "chataev"), Some(MatchKind::Respelling));
    assert_eq!(kind("wilson", "chataev"), None);
    // "Wou" says little: its consonants are those of too many words.
    assert_eq!(kind("wou", "vuhu"), None);
}
