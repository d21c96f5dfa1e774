//! Why a query scores what it does against a listed name.

use super::identifier_match::{self, IdentifierMatch};
use super::text::{is_cut, readings_of};
use super::{Hit, MatchedBy, Query, QueryFields, Screener};
use crate::entity::{Check, Entity, Identifier};
use crate::name::parts::{Part, PartKind};
use crate::name::{AnalysedName, Token, analyse, fold_name};
use crate::score::align::{AlignedPair, Aligner, Alignment, Span, TokenSet};
use crate::score::fields::{self, DayRange, Fields, Verdict, country_number};
use crate::score::params::MIN_TRANSLITERATION;
use crate::score::relation::TokenRef;
use crate::score::{MatchKind, VerbatimMatch, round};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// Why a query scores what it does against a listed name.
///
/// [`Display`](fmt::Display) gives indented lines for a person. Serialized, and for a program, it is an
/// [`ExplanationRecord`].
///
/// # Examples
///
/// ```
/// use interdict::{Index, Query, Screener, list};
///
/// let screener = Screener::new(Index::build(&[list::starter()])?);
/// let query = Query::name("Lazarus Grop");
/// let hit = screener.screen(&query).remove(0);
/// let explanation = screener.explain(&query, &hit).unwrap();
/// assert_eq!(explanation.score, hit.score);
/// assert!(explanation.to_string().contains("grop"));
/// let record = explanation.record();
/// assert_eq!((&*record.pairs[0].query, &*record.pairs[0].kind), ("lazarus", "equal"));
/// # Ok::<(), interdict::Error>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Explanation {
    /// The listed entity.
    pub entity: Entity,
    /// The query's name after analysis.
    pub query: AnalysedName,
    /// The listed name after analysis.
    pub listed: AnalysedName,
    /// Which tokens were matched, and which were left over.
    pub alignment: Alignment,
    /// How the texts of the names stand to each other. The score of the name is that of its text or that of the
    /// alignment, whichever is higher.
    pub verbatim: Option<VerbatimMatch>,
    /// The part of the query's name that matched, if it was not the whole.
    pub query_part: Option<String>,
    /// The effect of the other fields.
    pub verdict: Verdict,
    /// The identifiers, for a hit by identifier; the name and the fields are empty then.
    pub identifier_match: Option<IdentifierMatch>,
    /// The score in \[0, 1\], rounded to five decimals.
    pub score: f32,
}

impl Screener {
    /// Why a query scores what it does against the matched name or identifier of a hit.
    ///
    /// Returns `None` if the index has no entity of the hit's number.
    ///
    /// Cost: two names are analysed and aligned again, some tens of microseconds.
    pub fn explain(&self, query: &Query, hit: &Hit) -> Option<Explanation> {
        let (entity, _) = self.index.entity(hit.entity)?;
        if hit.matched_by == MatchedBy::Identifier {
            return Some(Explanation {
                query: AnalysedName::default(),
                listed: AnalysedName::default(),
                alignment: Alignment::default(),
                verbatim: None,
                query_part: None,
                verdict: Verdict::default(),
                identifier_match: identifier_match::best_match(query, &entity),
                entity,
                score: hit.score,
            });
        }
        let listed = analyse(&hit.matched_name, entity.schema);
        let part = searched_part(query, hit);
        let schema = if query.free_text { entity.schema } else { part.schema(query.schema) };
        // Words of a text around a break may be one word or two; a name is written in one way.
        let texts = if query.free_text { readings_of(part.text) } else { vec![part.text.to_string()] };
        let matched = fold_name(&hit.matched_name);
        let compare = |text: &String| {
            let analysed = analyse(text, schema);
            let mut alignment = Alignment::default();
            if part.compares_words() {
                let mut aligner = Aligner::default();
                aligner.relate(&analysed, &listed);
                aligner.align(&analysed, &listed, 0.0, &mut alignment);
            }
            let words = fold_name(text);
            let verbatim = match query.free_text {
                true => text_verbatim(&words, analysed.chars(), &matched, is_cut_behind(query, hit)),
                false => VerbatimMatch::of(&words, analysed.chars(), &matched),
            };
            let score = verbatim.map_or(0.0, VerbatimMatch::score).max(alignment.score);
            (score, analysed, alignment, verbatim)
        };
        let compared = texts.iter().map(compare).reduce(|a, b| if b.0 > a.0 { b } else { a });
        let (name_score, analysed, alignment, verbatim) = compared?;
        let told = if query.free_text { query.schema } else { schema };
        let verdict = self.compare_fields(&Query { schema: told, ..query.clone() }, &entity);
        let score = round(verdict.apply(name_score));
        Some(Explanation {
            entity,
            query: analysed,
            listed,
            alignment,
            verbatim,
            query_part: hit.query_part.as_ref().map(|part| part.text.clone()),
            verdict,
            identifier_match: None,
            score,
        })
    }

    fn compare_fields(&self, query: &Query, entity: &Entity) -> Verdict {
        let dates: Vec<DayRange> = entity.birth_dates.iter().map(DayRange::from).collect();
        let countries: Vec<u16> = entity.countries.iter().map(|c| country_number(c)).collect();
        fields::compare(
            &QueryFields::of(query).fields(query),
            &Fields { schema: entity.schema, gender: entity.gender, dates: &dates, countries: &countries },
            &self.options.fields,
        )
    }
}

/// How the words of a free text stand to a listed name, both folded. A text is not cut where its words end, but where it
/// says so.
pub(super) fn text_verbatim(words: &str, length: usize, listed: &str, is_cut: bool) -> Option<VerbatimMatch> {
    if is_cut && !words.is_empty() && listed.len() > words.len() && listed.starts_with(words) {
        return Some(VerbatimMatch::Beginning);
    }
    VerbatimMatch::of(words, length, listed).filter(|found| *found != VerbatimMatch::Beginning)
}

/// Whether a text was cut behind the words of a hit.
fn is_cut_behind(query: &Query, hit: &Hit) -> bool {
    let end = hit.query_part.as_ref().map_or(0, |part| part.span.end);
    is_cut(&query.name) && query.name.get(end..).is_some_and(|rest| rest.trim_end() == "+")
}

/// The name of a query, or the part of it that matched.
fn searched_part<'a>(query: &'a Query, hit: &'a Hit) -> Part<'a> {
    match &hit.query_part {
        None => Part { text: &query.name, kind: PartKind::Whole },
        Some(part) => {
            Part { text: &part.text, kind: if part.ship { PartKind::Ship } else { PartKind::Marked } }
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.identifier_match {
            Some(identifiers) => fmt_identifiers(f, identifiers)?,
            None => {
                if let Some(part) = &self.query_part {
                    writeln!(f, "    screened as a part of the query: {part}")?;
                }
                self.fmt_pairs(f)?;
                self.fmt_unmatched(f)?;
                self.fmt_name_score(f)?;
                self.fmt_fields(f)?;
            }
        }
        write!(f, "    score {:.4}", self.score)
    }
}

fn fmt_identifiers(f: &mut fmt::Formatter<'_>, identifiers: &IdentifierMatch) -> fmt::Result {
    let IdentifierMatch { query, listed, agreement } = identifiers;
    let text = |i: &Identifier| {
        let country = i.country.as_ref().map_or(String::new(), |c| format!(" ({c})"));
        format!("{} {}{country}", i.kind.as_str(), i.value)
    };
    writeln!(f, "    {} = {}: {}", text(query), text(listed), agreement.finding)?;
    for (side, i) in [("query", query), ("list", listed)] {
        if i.check() == Check::Failed {
            writeln!(f, "    the {side}'s {} has a wrong check digit or length", i.kind.as_str())?;
        }
    }
    Ok(())
}

impl Explanation {
    fn fmt_pairs(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for p in &self.alignment.pairs {
            writeln!(
                f,
                "    {:<24} ~ {:<24} {:<16} {:.2}   weight {:.2}  {}",
                span_text(&self.query, p.query),
                span_text(&self.listed, p.listed),
                p.kind.as_str(),
                p.similarity,
                p.weight,
                self.listed.tokens()[usize::from(p.listed.first)].tag.as_str(),
            )?;
            if let Some(reading) = self.reading(p) {
                writeln!(f, "      {reading}")?;
            }
        }
        Ok(())
    }

    /// How a word in another script was read where it is paired with a Latin spelling: "Hebrew letters read as netanyahu".
    fn reading(&self, pair: &AlignedPair) -> Option<String> {
        if !matches!(pair.kind, MatchKind::Transliteration | MatchKind::Concatenation) {
            return None;
        }
        let sides = [(&self.query, pair.query, &self.listed, pair.listed)];
        let mirrored = [(&self.listed, pair.listed, &self.query, pair.query)];
        sides.into_iter().chain(mirrored).find_map(|(name, span, other, other_span)| {
            let [token] = &name.tokens()[span.range()] else { return None };
            let latin: String = other.tokens()[other_span.range()].iter().map(|t| other.latin(t)).collect();
            let native = TokenRef::new(name, token).native_word()?;
            let description = native.description(latin.as_bytes(), MIN_TRANSLITERATION)?;
            Some(format!("{description} read as {latin}"))
        })
    }

    fn fmt_unmatched(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (side, name, set) in [
            ("query", &self.query, self.alignment.unmatched_query),
            ("list", &self.listed, self.alignment.unmatched_listed),
        ] {
            let text = |t: &Token| format!("{} ({}, {:.2})", name.text(t), t.tag.as_str(), t.weight);
            let texts: Vec<String> = tokens_in(name, set).map(text).collect();
            if !texts.is_empty() {
                writeln!(f, "    only in the {side}: {}", texts.join(", "))?;
            }
        }
        Ok(())
    }

    fn fmt_name_score(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let a = &self.alignment;
        writeln!(
            f,
            "    matched {:.3}; lost: unlike {:.3}, contradiction {:.3}, missing {:.3}, order {:.3}; \
             scarcity x{:.2}; name {:.4}",
            a.matched, a.mismatch, a.contradiction, a.omission, a.disorder, a.scarcity, a.score
        )?;
        match self.verbatim {
            Some(verbatim) if verbatim.score() > a.score => {
                writeln!(f, "    {}: name {:.4}", verbatim.as_str(), verbatim.score())
            }
            _ => Ok(()),
        }
    }

    fn fmt_fields(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for e in self.verdict.evidence() {
            writeln!(f, "    {}: {} ({:+.2})", e.field, e.finding, e.effect)?;
        }
        Ok(())
    }
}

/// The tokens of a span joined by ` + `, each with its reading in Latin letters where that is another text.
fn span_text(name: &AnalysedName, span: Span) -> String {
    let texts = name.tokens()[span.range()].iter().map(|t| match (name.text(t), name.latin(t)) {
        (text, latin) if text == latin => text.to_string(),
        (text, latin) => format!("{text} ({latin})"),
    });
    texts.collect::<Vec<_>>().join(" + ")
}

fn tokens_in(name: &AnalysedName, set: TokenSet) -> impl Iterator<Item = &Token> {
    name.tokens().iter().enumerate().filter(move |(i, _)| set.contains(*i)).map(|(_, token)| token)
}

/// An [`Explanation`] as plain data: what it serializes as.
///
/// The sums have the unit of token weights. The score of the name is `matched` less what was lost, as a part of
/// `matched` (see [`crate::score`]).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExplanationRecord {
    /// The score in \[0, 1\], rounded to five decimals.
    pub score: f32,
    /// The entity's id in its list.
    pub entity_id: String,
    /// The identifiers, for a hit by identifier; the name and the fields are empty then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<IdentifierRecord>,
    /// The part of the query's name that matched, if it was not the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query_part: Option<String>,
    /// The matched tokens.
    pub pairs: Vec<PairRecord>,
    /// Tokens of the query without a match.
    pub only_in_query: Vec<TokenRecord>,
    /// Tokens of the listed name without a match.
    pub only_in_list: Vec<TokenRecord>,
    /// Weight of the matched tokens.
    pub matched: f32,
    /// Lost by matched tokens that are similar and not equal.
    pub unlike: f32,
    /// Lost by tokens that contradict each other.
    pub contradiction: f32,
    /// Lost by tokens that the other side lacks.
    pub missing: f32,
    /// Lost by another word order.
    pub order: f32,
    /// The factor by which losses count more in a name with little distinctive weight.
    pub scarcity: f32,
    /// The score of the name before the fields.
    pub name_score: f32,
    /// `equal` if the names are the same, `letters` if they have the same letters in other words, `beginning` if the
    /// listed name begins with the query, which may be cut off. The score of the name is then at least 1, 0.97 or 0.9.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verbatim: Option<VerbatimMatch>,
    /// The effect of the other fields.
    pub fields: Vec<FieldRecord>,
}

/// Matched tokens, in an [`ExplanationRecord`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PairRecord {
    /// The query's token or tokens.
    pub query: String,
    /// The listed token or tokens.
    pub listed: String,
    /// The match kind, such as `equal`.
    pub kind: String,
    /// Their similarity in (0, 1\].
    pub similarity: f32,
    /// Their weight.
    pub weight: f32,
    /// The class of the listed token, such as `legal form`.
    pub tag: String,
}

/// A token without a match, in an [`ExplanationRecord`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TokenRecord {
    /// The token.
    pub text: String,
    /// Its class.
    pub tag: String,
    /// Its weight.
    pub weight: f32,
}

/// The effect of a field, in an [`ExplanationRecord`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FieldRecord {
    /// The field: `birth date`, `country`, `gender` or `schema`.
    pub field: String,
    /// The result of the comparison, for a person.
    pub finding: String,
    /// Above 0, the part of what the score lacks to 1 that is added; below 0, the part of the score that is taken.
    pub effect: f32,
}

/// The identifiers of a hit, in an [`ExplanationRecord`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IdentifierRecord {
    /// The query's.
    pub query: Identifier,
    /// The listed entity's.
    pub listed: Identifier,
    /// The result of the comparison, for a person.
    pub finding: String,
}

impl Explanation {
    /// The explanation as plain data.
    pub fn record(&self) -> ExplanationRecord {
        let a = &self.alignment;
        let token = |name: &AnalysedName, t: &Token| TokenRecord {
            text: name.text(t).to_string(),
            tag: t.tag.as_str().to_string(),
            weight: t.weight,
        };
        let unmatched =
            |name: &AnalysedName, set| tokens_in(name, set).map(|t| token(name, t)).collect::<Vec<_>>();
        let pairs = a.pairs.iter().map(|p| PairRecord {
            query: span_text(&self.query, p.query),
            listed: span_text(&self.listed, p.listed),
            kind: p.kind.as_str().to_string(),
            similarity: p.similarity,
            weight: p.weight,
            tag: self.listed.tokens()[usize::from(p.listed.first)].tag.as_str().to_string(),
        });
        let fields = self.verdict.evidence().map(|e| FieldRecord {
            field: e.field.to_string(),
            finding: e.finding.to_string(),
            effect: e.effect,
        });
        ExplanationRecord {
            score: self.score,
            entity_id: self.entity.id.clone(),
            identifier: self.identifier_match.as_ref().map(|m| IdentifierRecord {
                query: m.query.clone(),
                listed: m.listed.clone(),
                finding: m.agreement.finding.to_string(),
            }),
            query_part: self.query_part.clone(),
            pairs: pairs.collect(),
            only_in_query: unmatched(&self.query, a.unmatched_query),
            only_in_list: unmatched(&self.listed, a.unmatched_listed),
            matched: a.matched,
            unlike: a.mismatch,
            contradiction: a.contradiction,
            missing: a.omission,
            order: a.disorder,
            scarcity: a.scarcity,
            name_score: self.verbatim.map_or(0.0, VerbatimMatch::score).max(a.score),
            verbatim: self.verbatim,
            fields: fields.collect(),
        }
    }
}

impl Serialize for Explanation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.record().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Date, IdentifierKind};
    use crate::list;

    fn screener() -> Screener {
        let list = "id,name,schema,birth_date,imo\n1,PETROVSKY Anatoly Borisovich,Person,1970,\n\
                    2,Ocean Lily 3,Vessel,,9253325\n";
        let list = list::from_bytes("test", list.as_bytes()).unwrap();
        Screener::new(crate::Index::build(&[list]).unwrap())
    }

    #[test]
    fn an_explanation_survives_json() {
        let screener = screener();
        let by_name = Query::name("Anatoli Petrovski").birth_date(Date::day(1970, 3, 4).unwrap());
        let by_identifier = Query::default().identifier(Identifier::new(IdentifierKind::Imo, "9253325"));
        for query in [by_name, by_identifier] {
            let hit = screener.screen(&query).remove(0);
            let explanation = screener.explain(&query, &hit).unwrap();
            let text = serde_json::to_string(&explanation).unwrap();
            let record: ExplanationRecord = serde_json::from_str(&text).unwrap();
            assert_eq!(record, explanation.record());
            assert_eq!(record.score, hit.score);
        }
    }

    #[test]
    fn a_word_in_another_script_is_told_with_what_it_is_read_as() {
        let list = list::from_bytes(
            "test",
            "id,name,schema\n1,Benjamin Netanyahu,Person\n2,Yamada Kenji,Person\n".as_bytes(),
        );
        let screener = Screener::new(crate::Index::build(&[list.unwrap()]).unwrap());
        for (name, expected) in [
            ("בנימין נתניהו", "Hebrew letters read as netanyahu"),
            ("山田健二", "Han characters as a Japanese name read as yamada"),
        ] {
            let query = Query::name(name).schema(crate::entity::Schema::Person);
            let hit = screener.screen(&query).remove(0);
            let text = screener.explain(&query, &hit).unwrap().to_string();
            assert!(text.contains(expected), "{text}");
        }
    }

    #[test]
    fn the_text_of_an_explanation_has_every_part_of_the_score() {
        let screener = screener();
        for (name, expected) in [
            ("Anatoli Petrovski", &["petrovski", "~ petrovsky", "only in the list: borisovich"][..]),
            ("Petrovsky Anatoly Borisovich Maria", &["equal", "only in the query: maria"]),
        ] {
            let query = Query::name(name).birth_date(Date::day(1970, 3, 4).unwrap());
            let hit = screener.screen(&query).remove(0);
            let text = screener.explain(&query, &hit).unwrap().to_string();
            let every = ["    matched ", "birth date: can be the same (+0.10)", "    score 0."];
            for part in every.iter().chain(expected) {
                assert!(text.contains(part), "{part}\n{text}");
            }
        }
    }
}
