//! Which parties an answer is about.
//!
//! A party passes as a whole: it is in a dataset if any of its entries is. What the lists do not tell keeps nobody out: a
//! party whose topics or changes are not known passes, and is counted.

use super::entity::{datasets_of, topics_of};
use super::schema::of_listed;
use crate::parties::Party;
use interdict::entity::Schema;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What a party must be to pass. The default lets everyone pass.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The names of lists, one of which it must be on; `None` for any.
    pub lists: Option<BTreeSet<String>>,
    /// Schemata that do not pass.
    pub exclude_schemata: Vec<String>,
    /// Topics, one of which it must have; empty for any.
    pub topics: Vec<String>,
    /// The day since which it must have changed.
    pub changed_since: Option<jiff::civil::Date>,
    /// Ids that do not pass: canonical ones and referents.
    pub exclude_ids: HashSet<String>,
    /// For each property groups of values; of each group it must have one.
    pub groups: BTreeMap<String, Vec<Vec<String>>>,
}

/// Parties that passed because the lists do not tell otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Untold {
    /// Their topics are not known.
    pub topics: usize,
    /// It is not known when they changed.
    pub changes: usize,
}

impl Untold {
    /// Sentences for the warnings of an answer.
    pub fn warnings(self, out: &mut Vec<String>) {
        if self.topics > 0 {
            out.push(format!("topics: {} kept, for their lists state no topics", results(self.topics)));
        }
        if self.changes > 0 {
            out.push(format!(
                "changed_since: {} kept, for their lists do not tell when an entry was changed",
                results(self.changes)
            ));
        }
    }
}

fn results(count: usize) -> String {
    format!("{count} result{}", if count == 1 { "" } else { "s" })
}

impl Filter {
    /// Whether a party passes.
    pub fn admits(&self, party: &Party<'_>, untold: &mut Untold) -> bool {
        let on_list =
            |lists: &BTreeSet<String>| party.entries.iter().any(|entry| lists.contains(&entry.list.name));
        if !self.lists.as_ref().is_none_or(on_list) {
            return false;
        }
        let schema = of_listed(party.schema());
        if self.exclude_schemata.iter().any(|excluded| excluded == schema) || self.excludes(party) {
            return false;
        }
        let mut now = Untold::default();
        let passes = self.admits_change(party, &mut now)
            && self.admits_topics(party, &self.topics, &mut now)
            && self.groups.iter().all(|(property, groups)| {
                groups.iter().all(|group| self.admits_group(party, property, group, &mut now))
            });
        if passes {
            untold.topics += now.topics.min(1);
            untold.changes += now.changes.min(1);
        }
        passes
    }

    fn excludes(&self, party: &Party<'_>) -> bool {
        !self.exclude_ids.is_empty()
            && party.entries.iter().any(|entry| {
                self.exclude_ids.contains(&entry.id())
                    || self.exclude_ids.contains(&format!("{}:{}", entry.list.name, entry.entity.id))
            })
    }

    /// A list that was published before the day has not changed since; of a later one only the days of listing are known.
    fn admits_change(&self, party: &Party<'_>, untold: &mut Untold) -> bool {
        let Some(since) = self.changed_since else { return true };
        let may_have_changed =
            party.entries.iter().any(|entry| entry.list.published.is_none_or(|day| day.last() >= since));
        let was_listed =
            party.entries.iter().any(|entry| entry.entity.listed_on.is_some_and(|day| day.first() >= since));
        if may_have_changed && !was_listed {
            untold.changes += 1;
        }
        may_have_changed
    }

    fn admits_topics(&self, party: &Party<'_>, wanted: &[String], untold: &mut Untold) -> bool {
        if wanted.is_empty() {
            return true;
        }
        let mut is_known = true;
        for entry in &party.entries {
            match topics_of(entry) {
                Some(topics) if topics.iter().any(|topic| wanted.contains(topic)) => return true,
                Some(_) => {}
                None => is_known = false,
            }
        }
        untold.topics += usize::from(!is_known);
        !is_known
    }

    fn admits_group(&self, party: &Party<'_>, property: &str, group: &[String], untold: &mut Untold) -> bool {
        match property {
            "topics" => self.admits_topics(party, group, untold),
            "datasets" => datasets_of(party).iter().any(|dataset| group.contains(dataset)),
            "schema" => {
                party.schema() == Schema::Unknown
                    || group.iter().any(|schema| schema == of_listed(party.schema()))
            }
            "countries" => {
                let mut countries = party.entries.iter().flat_map(|entry| &entry.entity.countries);
                countries.any(|country| group.contains(country))
            }
            property => {
                let entity: Map<String, Value> = super::entity::entity_of(party, false);
                super::entity::values(&entity, property)
                    .any(|value| group.iter().any(|wanted| wanted == value))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Directory;
    use crate::parties::Parties;
    use interdict::{Index, list};

    /// The ids of those who pass, and those who passed for want of knowledge.
    fn passing(filter: &Filter) -> (String, Untold) {
        let own = "id,name,schema,country,program,listed_on\n1,Ivan Petrov,Person,ru,P,2026-05-01\n2,Sea Lily,Vessel,ir,,\n";
        let un = "<CONSOLIDATED_LIST dateGenerated=\"2026-01-02T00:00:00Z\"><INDIVIDUALS><INDIVIDUAL><DATAID>3</DATAID>\
                  <FIRST_NAME>Omar</FIRST_NAME></INDIVIDUAL></INDIVIDUALS><ENTITIES></ENTITIES></CONSOLIDATED_LIST>";
        let read = |name, text: &str| list::from_bytes(name, text.as_bytes()).unwrap();
        let index = Index::build(&[read("own", own), read("un", un)]).unwrap();
        let directory = Directory::of(&index);
        let parties = Parties::of(&index, &directory);
        let mut untold = Untold::default();
        let ids: Vec<String> = parties
            .all()
            .filter_map(|number| parties.party(number))
            .filter(|party| filter.admits(party, &mut untold))
            .map(|party| party.entries[0].entity.id.clone())
            .collect();
        (ids.join(" "), untold)
    }

    #[test]
    fn parties_pass_by_what_is_known_of_them() {
        let texts = |texts: &[&str]| -> Vec<String> { texts.iter().map(|t| t.to_string()).collect() };
        let all = Filter::default();
        assert_eq!(passing(&all), ("1 2 3".into(), Untold::default()));
        let lists = Some(BTreeSet::from(["un-sc".to_string()]));
        assert_eq!(passing(&Filter { lists, ..all.clone() }).0, "3");
        let exclude_schemata = texts(&["Vessel"]);
        assert_eq!(passing(&Filter { exclude_schemata, ..all.clone() }).0, "1 3");
        let exclude_ids = HashSet::from(["own:1".to_string()]);
        assert_eq!(passing(&Filter { exclude_ids, ..all.clone() }).0, "2 3");
        // The ship's list states no topic.
        let topics = Filter { topics: texts(&["sanction"]), ..all.clone() };
        assert_eq!(passing(&topics), ("1 2 3".into(), Untold { topics: 1, changes: 0 }));
        let topics = Filter { topics: texts(&["role.pep"]), ..all.clone() };
        assert_eq!(passing(&topics), ("2".into(), Untold { topics: 1, changes: 0 }));
        // The UN's list was published in January; the other does not tell.
        let changed = Filter { changed_since: Some(jiff::civil::date(2026, 3, 1)), ..all.clone() };
        assert_eq!(passing(&changed), ("1 2".into(), Untold { topics: 0, changes: 1 }));
        let groups = BTreeMap::from([("countries".to_string(), vec![texts(&["ru", "ir"]), texts(&["ir"])])]);
        assert_eq!(passing(&Filter { groups, ..all.clone() }).0, "2");
        let groups = BTreeMap::from([("name".to_string(), vec![texts(&["Ivan Petrov"])])]);
        assert_eq!(passing(&Filter { groups, ..all }).0, "1");
    }
}
