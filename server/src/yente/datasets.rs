//! Datasets: each list is one, and `default` and `sanctions` are all of them.
//!
//! A dataset is named after its list: in small letters, with `_` for what is neither a letter nor a digit (`ofac-sdn` is
//! `ofac_sdn`). Requests may also name a list by its own name, or by the name that OpenSanctions has for the same source,
//! if the layout tells the source.

use interdict::list::{Layout, ListVersion};
use std::collections::BTreeSet;

/// The collections of all lists.
pub const COLLECTIONS: [&str; 2] = ["default", "sanctions"];

/// Who publishes the lists of a layout.
#[derive(Debug)]
pub struct Publisher {
    /// The publisher's name.
    pub name: &'static str,
    /// Its country, as an ISO code; `None` for an international body.
    pub country: Option<&'static str>,
    /// The topic of everything on its lists.
    pub topic: Option<&'static str>,
    /// What OpenSanctions calls the datasets of these lists, as its public repository names them.
    aliases: &'static [&'static str],
}

/// The publisher of the lists of a layout, if the layout is one publisher's.
pub fn publisher_of(layout: Layout) -> Option<&'static Publisher> {
    const fn publisher(
        name: &'static str,
        country: Option<&'static str>,
        topic: Option<&'static str>,
        aliases: &'static [&'static str],
    ) -> Publisher {
        Publisher { name, country, topic, aliases }
    }
    const SANCTION: Option<&str> = Some("sanction");
    static OFAC: Publisher =
        publisher("Office of Foreign Assets Control", Some("us"), SANCTION, &["us_ofac_sdn", "us_ofac_cons"]);
    static CSL: Publisher =
        publisher("International Trade Administration", Some("us"), None, &["us_trade_csl"]);
    static BIS: Publisher =
        publisher("Bureau of Industry and Security", Some("us"), Some("export.control"), &["us_bis_denied"]);
    static UN: Publisher = publisher("United Nations Security Council", None, SANCTION, &["un_sc_sanctions"]);
    static EU: Publisher = publisher("European Union", Some("eu"), SANCTION, &["eu_fsf"]);
    static UK: Publisher = publisher(
        "Foreign, Commonwealth and Development Office",
        Some("gb"),
        SANCTION,
        &["gb_fcdo_sanctions", "gb_hmt_sanctions"],
    );
    static OFSI: Publisher = publisher(
        "Office of Financial Sanctions Implementation",
        Some("gb"),
        SANCTION,
        &["gb_hmt_sanctions"],
    );
    static CANADA: Publisher =
        publisher("Global Affairs Canada", Some("ca"), SANCTION, &["ca_dfatd_sema_sanctions"]);
    static FRANCE: Publisher = publisher("Direction générale du Trésor", Some("fr"), SANCTION, &[]);
    static WORLD_BANK: Publisher = publisher("World Bank", None, Some("debarment"), &[]);
    static SECO: Publisher =
        publisher("State Secretariat for Economic Affairs", Some("ch"), SANCTION, &["ch_seco_sanctions"]);
    static DFAT: Publisher =
        publisher("Department of Foreign Affairs and Trade", Some("au"), SANCTION, &["au_dfat_sanctions"]);
    Some(match layout {
        Layout::OfacDelimited | Layout::OfacXml | Layout::OfacAdvanced | Layout::OfacEnhanced => &OFAC,
        Layout::UsCslCsv | Layout::UsCslJson => &CSL,
        Layout::BisDeniedPersons => &BIS,
        Layout::UnXml => &UN,
        Layout::EuXml | Layout::EuCsv | Layout::EuCsv10 => &EU,
        Layout::UkXml | Layout::UkCsv => &UK,
        Layout::OfsiXml => &OFSI,
        Layout::CanadaSema | Layout::CanadaCsv => &CANADA,
        Layout::FranceDgt => &FRANCE,
        Layout::WorldBank => &WORLD_BANK,
        Layout::SecoXml => &SECO,
        Layout::AustraliaDfat | Layout::AustraliaDfatXlsx => &DFAT,
        _ => return None,
    })
}

/// The name of the dataset of a list.
pub fn name_of(list: &str) -> String {
    let word = |c: char| if c.is_alphanumeric() { c } else { '_' };
    list.to_lowercase().chars().map(word).collect()
}

/// Whether a name in a request means a list.
fn means(name: &str, list: &ListVersion) -> bool {
    if name == list.name || name == name_of(&list.name) {
        return true;
    }
    let Some(publisher) = publisher_of(list.layout) else { return false };
    let is_consolidated = list.name.to_lowercase().contains("cons");
    publisher.aliases.iter().any(|alias| match *alias {
        // One layout serves both of OFAC's lists; their names tell them apart.
        "us_ofac_cons" => name == *alias && is_consolidated,
        "us_ofac_sdn" => name == *alias && !is_consolidated,
        alias => name == alias,
    })
}

/// The names of the lists that a dataset in a request means; `None` if there is none.
pub fn lists_of(name: &str, lists: &[ListVersion]) -> Option<BTreeSet<String>> {
    let is_collection = COLLECTIONS.contains(&name);
    let meant = lists.iter().filter(|list| is_collection || means(name, list));
    let meant: BTreeSet<String> = meant.map(|list| list.name.clone()).collect();
    (is_collection || !meant.is_empty()).then_some(meant)
}

/// The lists to answer by: those of the dataset, of them the included ones if there are any, without the excluded ones.
/// Names that mean no list become warnings.
///
/// `None` if the dataset does not exist.
pub fn scope(
    dataset: &str,
    include: &[String],
    exclude: &[String],
    lists: &[ListVersion],
    warnings: &mut Vec<String>,
) -> Option<BTreeSet<String>> {
    let mut scope = lists_of(dataset, lists)?;
    let mut meant = |names: &[String], parameter: &str| -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for name in names {
            match lists_of(name, lists) {
                Some(lists) => found.extend(lists),
                None => warnings.push(format!("{parameter} '{name}' is no dataset")),
            }
        }
        found
    };
    let included = meant(include, "include_dataset");
    let excluded = meant(exclude, "exclude_dataset");
    if !include.is_empty() {
        // The client for Python sends its first dataset in the path and the others as included ones.
        let is_collection = COLLECTIONS.contains(&dataset);
        match is_collection {
            true => scope.retain(|list| included.contains(list)),
            false => scope.extend(included),
        }
    }
    scope.retain(|list| !excluded.contains(list));
    Some(scope)
}

#[cfg(test)]
mod tests {
    use super::*;
    use interdict::list;

    fn versions() -> Vec<ListVersion> {
        let read = |name, text: &str| list::from_bytes(name, text.as_bytes()).unwrap().version;
        let un = "<CONSOLIDATED_LIST dateGenerated=\"2026-01-02T00:00:00Z\"><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID>\
                  <FIRST_NAME>Ivan</FIRST_NAME></INDIVIDUAL></INDIVIDUALS><ENTITIES></ENTITIES></CONSOLIDATED_LIST>";
        vec![read("My list", "id,name\n1,A\n"), read("un", un)]
    }

    #[test]
    fn datasets_are_lists_and_collections_of_them() {
        let lists = versions();
        let all = BTreeSet::from(["My list".to_string(), "un-sc".to_string()]);
        let un = BTreeSet::from(["un-sc".to_string()]);
        for (name, expected) in [
            ("default", Some(&all)),
            ("sanctions", Some(&all)),
            ("un_sc", Some(&un)),
            ("un_sc_sanctions", Some(&un)),
            ("eu_fsf", None),
            ("nope", None),
        ] {
            assert_eq!(lists_of(name, &lists).as_ref(), expected, "{name}");
        }
        assert_eq!(lists_of("my_list", &lists), lists_of("My list", &lists));
    }

    #[test]
    fn a_scope_is_narrowed_and_names_what_it_does_not_know() {
        let lists = versions();
        let scope_of = |dataset, include: &[&str], exclude: &[&str]| {
            let texts = |names: &[&str]| -> Vec<String> { names.iter().map(|n| n.to_string()).collect() };
            let mut warnings = Vec::new();
            let scope = scope(dataset, &texts(include), &texts(exclude), &lists, &mut warnings);
            (scope.map(|lists| lists.into_iter().collect::<Vec<_>>().join(" ")), warnings.len())
        };
        assert_eq!(scope_of("default", &["un_sc"], &[]), (Some("un-sc".into()), 0));
        assert_eq!(scope_of("default", &[], &["un-sc"]), (Some("My list".into()), 0));
        assert_eq!(scope_of("un_sc", &["my_list"], &[]), (Some("My list un-sc".into()), 0));
        assert_eq!(scope_of("default", &["nope"], &["none"]), (Some(String::new()), 2));
        assert_eq!(scope_of("nope", &[], &[]), (None, 0));
    }
}
