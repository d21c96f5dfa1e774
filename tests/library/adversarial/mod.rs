//! Random lists and queries that are as hard on retrieval as names can be.
//!
//! A case draws a few words, near to each other in every way the token relation knows, and makes all its names of
//! them: so names share tokens, and many scores lie near the threshold. Queries are listed names after up to four
//! changes of the kinds that names meet on their way, or other names of the same words.

use interdict::Query;
use interdict::entity::{Date, Entity, Gender, Name, Schema};
use interdict::list::{self, List};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Words by what relates them. A word stands in several lines where several things do.
const WORDS: &str = "\
    mohammad muhammad mohamed mhmd mohammed ali aly karim kareem abdulkarim rahman abdulrahman abdul al el bin abu din
    ivan ivanov ivanova ivanovich petr petrov petrovic petrovich petrovna sergei sergey sergeevich vladimir wladimir
    jose josef luis luisa lopez lopes maria mario marie ann anna john jon smith smyth william bill
    kim gim chol su cholsu jong un jongun hyok li lee wei weiming ming zhang chang xiaoming xiao o
    j r m a v k co ltd llc ooo limited liability company gmbh inc corporation joint stock jsc
    trading trade group technology tech shipping marine bank steel international construction metallurgical
    of iran iranian russia moscow volga volgatek volgatekh prom volgaprom krasnoyarsk krasnoyarskmetallurgstroy
    44 forty four 2 ii 3 iii second ocean lily lilly star alpha beta gamma gama delta deltaprom
    dr mr sheikh haji general branch office head ref inv 20231
    محمد علي الكريم كريم عبد الرحمن иванов иван сергей сергеевич ооо волга παπαδοπουλος
    永信 永信至诚 永信至誠 科技 北京 有限公司 集团 张伟 張偉 伟 王小明 김 철수 김철수 박 ゴルバ
    נתניהו netanyahu בנימין benjamin binyamin путин putin poutine владимир 블라디미르 푸틴 μητσοτακης mitsotakis ชินวัตร shinawatra
    गांधी gandhi აბაშიძე abashidze မင်းအောင် min aung 山田 山田太郎 yamada taro ふじ子 fujiko 志強 志强 chi keung chikeung 金正恩 桐 노무현 roh moohyun
    wjatscheslaw viatcheslav vjatjeslav vyacheslav tschatajew czatajew chataev jewgenij badr din badreddine badraldin
    sattar abdussattar shakur abdechakour ur ed charafeddine sharaf iгор ігор aскон аскон
    c0mpany ig0r pеtrov o'neil s.a. l.l.c d'arc müller muller ﬁn ..";
const HONORIFICS: [&str; 6] = ["Dr.", "Mr", "Sheikh", "Haji", "General", "Eng."];
const PADDING: [&str; 5] =
    ["BRANCH OFFICE DUBAI", "REF INV 20231", "HEAD OFFICE", "AND OTHERS", "LLC BRANCH OFFICE"];
const SOUNDS: [(&str, &str); 10] = [
    ("ou", "u"),
    ("kh", "h"),
    ("ee", "i"),
    ("y", "i"),
    ("i", "y"),
    ("v", "w"),
    ("k", "q"),
    ("a", "e"),
    ("o", "u"),
    ("s", "ss"),
];

/// What may be done to a name; numbers are taken modulo what there is.
#[derive(Clone, Debug)]
pub enum Change {
    Slip(u8, char),
    Sound(u8),
    Drop(u8),
    Turn(u8),
    Swap(u8),
    Join(u8),
    Split(u8, u8),
    Initial(u8),
    Replace(u8, u8),
    Add(u8, u8),
    Twice(u8),
    Cut(u8),
    Pad(u8),
    Title(u8),
    Upper,
}

fn change() -> impl Strategy<Value = Change> {
    use Change::*;
    let n = any::<u8>;
    prop_oneof![
        3 => (n(), prop_oneof![proptest::char::range('a', 'z'), select(vec!['0', '1', 'е', 'ü', ' '])])
            .prop_map(|(at, with)| Slip(at, with)),
        2 => n().prop_map(Sound),
        2 => n().prop_map(Drop),
        1 => n().prop_map(Turn),
        1 => n().prop_map(Swap),
        2 => n().prop_map(Join),
        1 => (n(), n()).prop_map(|(at, within)| Split(at, within)),
        2 => n().prop_map(Initial),
        2 => (n(), n()).prop_map(|(at, word)| Replace(at, word)),
        2 => (n(), n()).prop_map(|(at, word)| Add(at, word)),
        1 => n().prop_map(Twice),
        2 => n().prop_map(Cut),
        1 => n().prop_map(Pad),
        1 => n().prop_map(Title),
        1 => Just(Upper),
    ]
}

impl Change {
    fn apply(&self, name: &str, words: &[String]) -> String {
        let mut tokens: Vec<String> = name.split(' ').map(str::to_string).collect();
        let count = tokens.len();
        let at = |n: &u8| usize::from(*n) % count;
        match self {
            Change::Slip(n, with) => return slip(name, usize::from(*n), *with),
            Change::Sound(n) => {
                let (from, to) = SOUNDS[usize::from(*n) % SOUNDS.len()];
                return name.replacen(from, to, 1);
            }
            Change::Drop(n) if count > 1 => drop(tokens.remove(at(n))),
            Change::Turn(n) => tokens.rotate_left(at(n)),
            Change::Swap(n) => tokens.swap(at(n), (at(n) + 1) % count),
            Change::Join(n) if count > 1 => {
                let i = usize::from(*n) % (count - 1);
                let tail = tokens.remove(i + 1);
                tokens[i].push_str(&tail);
            }
            Change::Split(n, within) => {
                let token = &mut tokens[at(n)];
                let mut chars: Vec<char> = token.chars().collect();
                chars.insert(usize::from(*within) % (chars.len() + 1), ' ');
                *token = chars.into_iter().collect();
            }
            Change::Initial(n) => {
                let i = at(n);
                tokens[i] = tokens[i].chars().take(1).collect();
            }
            Change::Replace(n, word) => tokens[at(n)] = words[usize::from(*word) % words.len()].clone(),
            Change::Add(n, word) => tokens.insert(at(n), words[usize::from(*word) % words.len()].clone()),
            Change::Twice(n) => tokens.push(tokens[at(n)].clone()),
            Change::Cut(n) => return name.chars().take(28 + usize::from(*n) % 14).collect(),
            Change::Pad(n) => tokens.push(PADDING[usize::from(*n) % PADDING.len()].to_string()),
            Change::Title(n) => tokens.insert(0, HONORIFICS[usize::from(*n) % HONORIFICS.len()].to_string()),
            Change::Upper => return name.to_uppercase(),
            Change::Drop(_) | Change::Join(_) => {}
        }
        tokens.join(" ")
    }
}

/// One letter more, other, missing, or swapped with its neighbour.
fn slip(name: &str, at: usize, with: char) -> String {
    let mut chars: Vec<char> = name.chars().collect();
    if chars.is_empty() {
        return with.to_string();
    }
    let i = (at / 4) % chars.len();
    match at % 4 {
        0 => chars.insert(i, with),
        1 => chars[i] = with,
        2 => drop(chars.remove(i)),
        _ => {
            let other = (i + 1) % chars.len();
            chars.swap(i, other);
        }
    }
    chars.into_iter().collect()
}

/// A name: which of the case's words, and how they are set.
#[derive(Clone, Debug)]
pub struct Made {
    words: Vec<u8>,
    gap: &'static str,
    /// Which of its words a list abbreviates.
    initial: Option<u8>,
}

impl Made {
    fn of(&self, words: &[String]) -> String {
        let text: Vec<&str> = self.words.iter().map(|n| &*words[usize::from(*n) % words.len()]).collect();
        text.join(self.gap)
    }

    fn as_listed(&self, words: &[String]) -> String {
        let name = self.of(words);
        self.initial.map_or(name.clone(), |n| Change::Initial(n).apply(&name, words))
    }
}

fn made() -> impl Strategy<Value = Made> {
    let words = prop_oneof![
        6 => proptest::collection::vec(any::<u8>(), 1..5),
        1 => proptest::collection::vec(any::<u8>(), 5..10),
    ];
    let gap = prop_oneof![8 => Just(" "), 1 => Just("-"), 1 => Just(", ")];
    (words, gap, proptest::option::weighted(0.2, any::<u8>())).prop_map(|(words, gap, initial)| Made {
        words,
        gap,
        initial,
    })
}

/// Fields of a party, each of a few values, so that they agree and contradict often.
#[derive(Clone, Debug)]
pub struct Fields {
    schema: Schema,
    date: Option<&'static str>,
    country: Option<&'static str>,
    gender: Option<Gender>,
}

fn fields() -> impl Strategy<Value = Fields> {
    let schema = select(vec![Schema::Unknown, Schema::Person, Schema::Company, Schema::Vessel]);
    let date =
        select(vec![None, None, Some("1952-03-04"), Some("1952-04-03"), Some("1952"), Some("1987-11-30")]);
    let country = select(vec![None, None, Some("ru"), Some("ir")]);
    let gender = select(vec![None, None, Some(Gender::Female), Some(Gender::Male)]);
    (schema, date, country, gender).prop_map(|(schema, date, country, gender)| Fields {
        schema,
        date,
        country,
        gender,
    })
}

/// A query: a listed name or another one, changed.
#[derive(Clone, Debug)]
struct Asked {
    listed: Option<Index>,
    other: Made,
    changes: Vec<Change>,
    fields: Fields,
}

fn asked() -> impl Strategy<Value = Asked> {
    let listed = proptest::option::weighted(0.8, any::<Index>());
    // Most queries have no fields, and so no lift: bounds are tightest there.
    let fields = prop_oneof![
        2 => fields().prop_map(|f| Fields { date: None, country: None, gender: None, ..f }),
        1 => fields(),
    ];
    (listed, made(), proptest::collection::vec(change(), 0..5), fields)
        .prop_map(|(listed, other, changes, fields)| Asked { listed, other, changes, fields })
}

/// Where the threshold lies.
#[derive(Clone, Debug)]
pub enum Threshold {
    At(f32),
    /// At the score of one of the hits, or by so much above it.
    OfAHit(Index, f32),
}

fn threshold() -> impl Strategy<Value = Threshold> {
    prop_oneof![
        4 => select(vec![0.5f32, 0.6, 0.75, 0.85, 0.95]).prop_map(Threshold::At),
        1 => (0.5f32..1.0).prop_map(Threshold::At),
        2 => any::<Index>().prop_map(|hit| Threshold::OfAHit(hit, 0.0)),
        2 => (any::<Index>(), select(vec![0.00001, 0.001, 0.01]))
            .prop_map(|(hit, above)| Threshold::OfAHit(hit, above)),
    ]
}

/// The words of a case: some runs of neighbours in [`WORDS`], which are mostly related, and random ones.
fn words() -> impl Strategy<Value = Vec<String>> {
    let all: Vec<&str> = WORDS.split_whitespace().collect();
    let run = (0..all.len(), 1usize..5).prop_map(move |(at, count)| {
        all[at..all.len().min(at + count)].iter().map(|w| w.to_string()).collect::<Vec<_>>()
    });
    let random = prop_oneof![2 => "[a-e]{1,9}", 1 => "\\PC{1,12}"].prop_map(|word| vec![word]);
    let runs = proptest::collection::vec(prop_oneof![12 => run, 1 => random], 1..7);
    runs.prop_map(|runs| runs.concat())
}

/// A list, and queries to it.
#[derive(Clone, Debug)]
pub struct Case {
    words: Vec<String>,
    listed: Vec<(Made, bool, Fields)>,
    asked: Vec<Asked>,
    pub threshold: Threshold,
    pub limit: usize,
}

pub fn case() -> impl Strategy<Value = Case> {
    (
        words(),
        proptest::collection::vec((made(), proptest::bool::weighted(0.3), fields()), 1..14),
        proptest::collection::vec(asked(), 1..4),
        threshold(),
        select(vec![50, 50, 1, 2]),
    )
        .prop_map(|(words, listed, asked, threshold, limit)| Case {
            words,
            listed,
            asked,
            threshold,
            limit,
        })
}

impl Case {
    /// The list: some names are aliases of the entity before.
    pub fn list(&self) -> List {
        let mut list = list::from_bytes("random", b"name\nnobody\n").unwrap();
        list.entities.clear();
        for (i, (made, alias, fields)) in self.listed.iter().enumerate() {
            let name = made.as_listed(&self.words);
            match list.entities.last_mut() {
                Some(entity) if *alias => entity.add_name(Name::alias(name)),
                _ => {
                    let mut entity = Entity::new(i.to_string(), fields.schema, name);
                    entity.birth_dates = fields.date.and_then(Date::parse).into_iter().collect();
                    entity.countries = fields.country.map(str::to_string).into_iter().collect();
                    entity.gender = fields.gender;
                    list.entities.push(entity);
                }
            }
        }
        list
    }

    pub fn queries(&self) -> Vec<Query> {
        let query = |asked: &Asked| {
            let from = asked.listed.map_or(&asked.other, |i| &self.listed[i.index(self.listed.len())].0);
            let name = asked
                .changes
                .iter()
                .fold(from.of(&self.words), |name, change| change.apply(&name, &self.words));
            let mut query = Query::name(name).schema(asked.fields.schema);
            query.birth_dates = asked.fields.date.and_then(Date::parse).into_iter().collect();
            query.countries = asked.fields.country.map(str::to_string).into_iter().collect();
            query.gender = asked.fields.gender;
            query
        };
        self.asked.iter().map(query).collect()
    }
}

/// A name of any of the words, for tests of scores.
pub fn name() -> impl Strategy<Value = String> {
    let all: Vec<String> = WORDS.split_whitespace().map(str::to_string).collect();
    (made(), proptest::collection::vec(select(all), 1..6)).prop_map(|(made, words)| made.of(&words))
}
