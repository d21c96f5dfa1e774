//! The letters and words that manipulations put in. Own compilation; small on purpose, and apart from the
//! tables that names are analysed with.

/// Cyrillic letters that look like a Latin one.
#[rustfmt::skip]
pub(super) const LOOK_ALIKES: [(char, &str); 23] = [
    ('A', "А"), ('B', "В"), ('C', "С"), ('E', "Е"), ('H', "Н"), ('I', "І"), ('K', "К"), ('M', "М"), ('O', "О"),
    ('P', "Р"), ('S', "Ѕ"), ('T', "Т"), ('X', "Х"), ('Y', "У"), ('a', "а"), ('c', "с"), ('e', "е"), ('i', "і"),
    ('o', "о"), ('p', "р"), ('s', "ѕ"), ('x', "х"), ('y', "у"),
];

/// Digits that look like a letter.
#[rustfmt::skip]
pub(super) const DIGITS: [(char, &str); 12] = [
    ('A', "4"), ('B', "8"), ('E', "3"), ('I', "1"), ('O', "0"), ('S', "5"), ('a', "4"), ('e', "3"), ('i', "1"),
    ('l', "1"), ('o', "0"), ('s', "5"),
];

/// Letters with marks.
#[rustfmt::skip]
pub(super) const MARKS: [(char, &str); 18] = [
    ('A', "ÁÄÂÃ"), ('C', "ÇČ"), ('E', "ÉÈÊĒ"), ('I', "ÍĪ"), ('N', "ÑŃ"), ('O', "ÓÖÔŌ"), ('S', "ŠŞ"), ('U', "ÚÜŪ"),
    ('Z', "ŽŻ"), ('a', "áäâãā"), ('c', "çč"), ('e', "éèêē"), ('i', "íīî"), ('n', "ñń"), ('o', "óöôō"),
    ('s', "šş"), ('u', "úüū"), ('z', "žż"),
];

/// Spellings of one sound.
#[rustfmt::skip]
pub(super) const SOUNDS: [(&str, &str); 14] = [
    ("ph", "f"), ("ck", "k"), ("sch", "sh"), ("ks", "x"), ("qu", "kw"), ("ch", "tch"), ("tz", "ts"), ("zh", "j"),
    ("w", "v"), ("ee", "i"), ("ai", "ay"), ("ei", "ey"), ("ou", "oo"), ("z", "s"),
];

/// Romanisations of one letter or sound.
#[rustfmt::skip]
pub(super) const ROMANISATIONS: [(&str, &str); 15] = [
    ("kh", "h"), ("ou", "u"), ("oo", "u"), ("y", "i"), ("ee", "i"), ("q", "k"), ("dj", "j"), ("dh", "d"),
    ("gh", "g"), ("ey", "ei"), ("iy", "y"), ("ss", "s"), ("sh", "ch"), ("ts", "tz"), ("aw", "au"),
];

/// Cyrillic for Latin, longest spellings first; "$" is the end of the word.
#[rustfmt::skip]
pub(super) const CYRILLIC: [(&str, &str); 42] = [
    ("shch", "щ"), ("yevich", "евич"), ("skiy", "ский"), ("sky$", "ский"), ("skii", "ский"), ("kh", "х"),
    ("zh", "ж"), ("ch", "ч"), ("sh", "ш"), ("ts", "ц"), ("yu", "ю"), ("ya", "я"), ("ye", "е"), ("yo", "ё"),
    ("iy$", "ий"), ("ey$", "ей"), ("ay$", "ай"), ("ei$", "ей"), ("y$", "ий"), ("ks", "кс"), ("a", "а"), ("b", "б"),
    ("v", "в"), ("g", "г"), ("d", "д"), ("e", "е"), ("z", "з"), ("i", "и"), ("y", "ы"), ("k", "к"), ("l", "л"),
    ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"), ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"), ("f", "ф"),
    ("x", "кс"), ("h", "х"),
];

pub(super) const HONORIFICS: [&str; 16] = [
    "Mr.",
    "Mrs.",
    "Dr.",
    "Prof.",
    "Sheikh",
    "Haji",
    "Gen.",
    "General",
    "Col.",
    "Eng.",
    "Mullah",
    "His Excellency",
    "Sayyid",
    "Captain",
    "Ing.",
    "Lic.",
];

pub(super) const PARTICLES: [&str; 14] =
    ["al", "el", "bin", "ben", "ibn", "abu", "abd", "de", "del", "la", "van", "der", "von", "ul"];

/// Usual forms of one given name.
pub(super) const NICKNAMES: [&[&str]; 34] = [
    &["alexander", "alex", "aleksandr", "sasha"],
    &["mikhail", "michael", "misha"],
    &["dmitry", "dmitri", "dima"],
    &["vladimir", "volodymyr", "vova"],
    &["sergei", "sergey", "serge"],
    &["nikolai", "nikolay", "nicholas", "kolya"],
    &["yevgeny", "evgeny", "eugene", "zhenya"],
    &["ivan", "vanya"],
    &["yuri", "yury", "iouri"],
    &["pavel", "paul", "pasha"],
    &["pyotr", "petr", "peter"],
    &["andrei", "andrey", "andrew"],
    &["alexei", "alexey", "aleksei", "alyosha"],
    &["viktor", "victor", "vitya"],
    &["maria", "mariya", "masha"],
    &["yekaterina", "ekaterina", "katya"],
    &["mohammad", "muhammad", "mohamed", "mohd"],
    &["ahmad", "ahmed", "ahmet"],
    &["hassan", "hasan"],
    &["hussein", "husayn", "hossein", "hussain"],
    &["yusuf", "youssef", "yousef"],
    &["ibrahim", "ebrahim"],
    &["osama", "usama", "oussama"],
    &["mustafa", "mostafa", "moustapha"],
    &["robert", "bob", "rob"],
    &["william", "bill", "will"],
    &["james", "jim", "jimmy"],
    &["richard", "dick", "rick"],
    &["jose", "pepe"],
    &["francisco", "paco", "pancho"],
    &["jesus", "chucho"],
    &["guillermo", "memo"],
    &["joseph", "joe"],
    &["thomas", "tom"],
];

pub(super) const FAMILY_NAMES: [&str; 8] =
    ["Keller", "Moreno", "Lindqvist", "Haddad", "Novak", "Okafor", "Bauer", "Castellano"];

/// Legal forms: the usual form first, then others for the same; limited companies above, stock companies
/// below.
pub(super) const LEGAL_FORMS: [&[&str]; 16] = [
    &["LLC", "Limited Liability Company", "L.L.C."],
    &["Ltd", "Limited", "Ltd."],
    &["Co., Ltd.", "Company Limited", "Co Ltd"],
    &["GmbH", "Gesellschaft mit beschraenkter Haftung"],
    &["S.r.l.", "Societa a responsabilita limitata"],
    &["OOO", "Obshchestvo s Ogranichennoy Otvetstvennostyu"],
    &["S.A.R.L.", "Societe a responsabilite limitee"],
    &["S. de R.L.", "Sociedad de Responsabilidad Limitada"],
    &["S.A.", "Sociedad Anonima"],
    &["Inc", "Incorporated", "Inc."],
    &["Corp", "Corporation", "Corp."],
    &["JSC", "Joint Stock Company"],
    &["AG", "Aktiengesellschaft"],
    &["PLC", "Public Limited Company"],
    &["S.A. de C.V.", "Sociedad Anonima de Capital Variable"],
    &["PJSC", "Public Joint Stock Company"],
];

/// Business words and what they are cut to.
#[rustfmt::skip]
pub(super) const ABBREVIATIONS: [(&str, &str); 24] = [
    ("international", "Intl"), ("technology", "Tech"), ("technologies", "Tech"), ("company", "Co"),
    ("corporation", "Corp"), ("industries", "Ind"), ("industrial", "Ind"), ("trading", "Trdg"),
    ("services", "Svcs"), ("service", "Svc"), ("manufacturing", "Mfg"), ("engineering", "Eng"),
    ("development", "Dev"), ("management", "Mgmt"), ("investment", "Inv"), ("investments", "Inv"),
    ("group", "Grp"), ("general", "Gen"), ("national", "Natl"), ("transport", "Trans"), ("brothers", "Bros"),
    ("associates", "Assoc"), ("institute", "Inst"), ("department", "Dept"),
];

/// What payments put behind a name.
pub(super) const PADDING: [&str; 10] = [
    "BRANCH OFFICE DUBAI",
    "HEAD OFFICE",
    "REF INV 20231",
    "BRANCH",
    "REGIONAL OFFICE",
    "ACCOUNT 004512",
    "C/O",
    "P.O. BOX 1187",
    "DUBAI BRANCH",
    "INVOICE 7731",
];
