//! The meaning of the columns of a generic table, by their headers.
//!
//! Case, blanks and punctuation of a header are ignored, and so is a number at its end (`alias 2`) and, of
//! names, the language (`Name BG`, `alias_russian`). Headers that are not known here are looked up among those of
//! tables of counterparties, in their languages (`Geburtsdatum`, `ФИО`).

use crate::entity::{AliasStrength, IdentifierKind, NameKind};
use crate::headers::{NamePart, Role, role_of};
use std::fmt;

/// The meaning of a column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Column {
    Id,
    Name,
    GivenName,
    MiddleName,
    FamilyName,
    /// The name of a body, beside the columns of a person's name: an employer, or the party itself.
    Company,
    Schema,
    Alias(NameKind, AliasStrength),
    Country,
    BirthDate,
    Gender,
    Program,
    ListedOn,
    /// The day of removal from the list.
    Delisted,
    Address,
    BirthPlace,
    Remarks,
    Identifier(IdentifierKind),
    Ignored,
}

impl Column {
    /// Whether its cells are names or parts of names.
    pub(crate) fn is_name(&self) -> bool {
        matches!(
            self,
            Column::Name
                | Column::GivenName
                | Column::MiddleName
                | Column::FamilyName
                | Column::Company
                | Column::Alias(..)
        )
    }
}

/// The parts of a name, in the order in which they are joined.
pub(crate) const NAME_PARTS: [Column; 3] = [Column::GivenName, Column::MiddleName, Column::FamilyName];

/// What the values of the column become, in one or two words.
impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Column::Id => "id",
            Column::Name => "name",
            Column::GivenName => "given name",
            Column::MiddleName => "middle name",
            Column::FamilyName => "family name",
            Column::Company => "name where there is no other, else remark",
            Column::Schema => "schema",
            Column::Alias(NameKind::Former, _) => "former name",
            Column::Alias(_, AliasStrength::Weak) => "weak alias",
            Column::Alias(..) => "alias",
            Column::Country => "country",
            Column::BirthDate => "birth date",
            Column::Gender => "gender",
            Column::Program => "programme",
            Column::ListedOn => "listing date",
            Column::Delisted => "date of removal",
            Column::Address => "address",
            Column::BirthPlace => "birth place",
            Column::Remarks => "remark",
            Column::Identifier(kind) => kind.as_str(),
            Column::Ignored => "not read",
        })
    }
}

/// Words behind the name of a column that tell a language or script.
const SCRIPT_WORDS: [&str; 18] = [
    "arabic",
    "bulgarian",
    "chinese",
    "cyrillic",
    "czech",
    "english",
    "farsi",
    "french",
    "hebrew",
    "japanese",
    "korean",
    "latin",
    "persian",
    "russian",
    "script",
    "ukrainian",
    "original",
    "native",
];

/// Two letters behind the name of a column that are no language.
const NO_LANGUAGES: [&str; 5] = ["id", "no", "nr", "of", "in"];

/// The meaning of a column with this header.
pub(crate) fn column(header: &str) -> Column {
    let whole = key(header);
    let found = column_of_key(&whole);
    if found != Column::Ignored {
        return found;
    }
    let unnumbered = whole.trim_end_matches(|c: char| c.is_ascii_digit());
    let found = column_of_key(unnumbered);
    if found != Column::Ignored && found != Column::Id {
        return found;
    }
    // "Name BG", "alias (original script)"
    let mut words: Vec<&str> =
        header.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    while words.len() > 1 {
        let last = words[words.len() - 1].to_lowercase();
        let is_code = last.len() == 2
            && last.bytes().all(|b| b.is_ascii_lowercase())
            && !NO_LANGUAGES.contains(&last.as_str());
        if !is_code && !SCRIPT_WORDS.contains(&last.as_str()) {
            break;
        }
        words.pop();
        let found = column_of_key(&key(&words.concat()));
        if matches!(found, Column::Name | Column::Alias(..)) {
            return found;
        }
    }
    role_of(header).map_or(Column::Ignored, column_of_role)
}

/// The meaning of a column of a list whose header is one of tables of counterparties.
fn column_of_role(role: Role) -> Column {
    match role {
        Role::Name | Role::Full => Column::Name,
        Role::Company => Column::Company,
        Role::Alias => Column::Alias(NameKind::Alias, AliasStrength::Strong),
        Role::Part(NamePart::Given) => Column::GivenName,
        Role::Part(NamePart::Middle | NamePart::Father) => Column::MiddleName,
        Role::Part(NamePart::Family) => Column::FamilyName,
        Role::Part(NamePart::Prefix | NamePart::Suffix) => Column::Remarks,
        Role::Schema => Column::Schema,
        Role::BirthDate => Column::BirthDate,
        Role::Country => Column::Country,
        Role::Gender => Column::Gender,
        Role::Identifier(kind) => Column::Identifier(kind),
        // "Customer" may be a number.
        Role::Party => Column::Ignored,
    }
}

fn key(header: &str) -> String {
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn column_of_key(key: &str) -> Column {
    match key {
        "id" | "entityid" | "uid" => Column::Id,
        "name" | "names" | "fullname" | "caption" | "entityname" | "primaryname" | "wholename" => {
            Column::Name
        }
        "firstname" | "firstnames" | "givenname" | "givennames" | "forename" | "forenames" | "vorname"
        | "prenom" | "prénom" => Column::GivenName,
        "middlename" | "middlenames" | "patronymic" | "fathername" | "fathersname" | "secondname" => {
            Column::MiddleName
        }
        "lastname" | "lastnames" | "surname" | "surnames" | "familyname" | "nachname" => Column::FamilyName,
        "schema" | "type" | "entitytype" | "sdntype" | "designation" => Column::Schema,
        "aliases" | "alias" | "aka" | "akas" | "alsoknownas" | "altname" | "altnames" | "alternatename"
        | "alternatenames" | "alternativename" | "alternativenames" | "aliasname" | "aliasnames"
        | "akaname" | "akanames" | "chinesename" | "cleanname" | "othername" | "othernames"
        | "originalname" | "nativename" | "localname" | "alsoknownasaka" | "akaalias"
        | "nametransliterated" | "transliteratedname" | "transliteration" => {
            Column::Alias(NameKind::Alias, AliasStrength::Strong)
        }
        "weakaliases" | "weakalias" | "weakaka" | "lowqualityalias" | "lowqualityaliases" => {
            Column::Alias(NameKind::Alias, AliasStrength::Weak)
        }
        "formernames" | "formername" | "previousname" | "previousnames" | "fka" | "formerlyknownas" => {
            Column::Alias(NameKind::Former, AliasStrength::Strong)
        }
        "countries"
        | "country"
        | "nationality"
        | "nationalities"
        | "jurisdiction"
        | "flag"
        | "citizenship"
        | "citizenships"
        | "countryofcitizenship"
        | "countryofnationality"
        | "countryofincorporation"
        | "countryofregistration"
        | "countryofresidence"
        | "countryoforigin"
        | "countrycode" => Column::Country,
        "birthdate" | "dob" | "dateofbirth" | "birthdates" | "datesofbirth" | "incorporationdate" => {
            Column::BirthDate
        }
        "gender" | "sex" => Column::Gender,
        "program" | "programs" | "regime" | "programkey" | "programids" | "programme" | "programmes"
        | "list" => Column::Program,
        "listedon" | "startdate" | "listingdate" | "dateoflisting" | "date" | "listed" => Column::ListedOn,
        "delisted" | "delistedon" | "delistingdate" | "dateofdelisting" => Column::Delisted,
        "address" | "addresses" => Column::Address,
        "birthplace" | "placeofbirth" | "placesofbirth" | "pob" => Column::BirthPlace,
        "remarks" | "remark" | "notes" | "note" | "reason" | "summary" | "position" | "title" | "source"
        | "sourceurl" | "comment" | "comments" => Column::Remarks,
        key => IdentifierKind::of_header(key).map_or(Column::Ignored, Column::Identifier),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_have_their_meanings() {
        let alias = Column::Alias(NameKind::Alias, AliasStrength::Strong);
        for (header, wanted) in [
            ("Full Name", Column::Name),
            ("Name BG", Column::Name),
            ("name (original script)", Column::Name),
            ("alias1", alias.clone()),
            ("alias 2", alias.clone()),
            ("aka_1", alias.clone()),
            ("Also Known As", alias.clone()),
            ("alt_names", alias.clone()),
            ("Alternate names", alias.clone()),
            ("alias_names", alias.clone()),
            ("Alias BG", alias),
            ("Previous name BG", Column::Alias(NameKind::Former, AliasStrength::Strong)),
            ("First name", Column::GivenName),
            ("Vorname", Column::GivenName),
            ("Nom (langue)", Column::Name),
            ("ФИО", Column::Name),
            ("Geburtsdatum", Column::BirthDate),
            ("COUNTRY OF CITIZENSHIP", Column::Country),
            ("Also Known As (AKA)", Column::Alias(NameKind::Alias, AliasStrength::Strong)),
            ("Company Name", Column::Company),
            ("nationality2", Column::Country),
            ("IMO number", Column::Identifier(IdentifierKind::Imo)),
            ("name id", Column::Ignored),
            ("id2", Column::Ignored),
            ("company id", Column::Ignored),
            ("", Column::Ignored),
            ("2", Column::Ignored),
        ] {
            assert_eq!(column(header), wanted, "{header}");
        }
    }
}
