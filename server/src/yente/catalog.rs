//! `GET /catalog` and `GET /manifest`: the datasets, which are the lists and the collections of them.

use super::datasets::{COLLECTIONS, name_of, publisher_of};
use super::entity::midnight;
use interdict::Index;
use interdict::list::ListVersion;
use jiff::Timestamp;
use serde_json::{Value, json};

/// The answer. `index` is the hash of the index in force, `loaded_at` when it was loaded.
pub fn catalog(index: &Index, hash: &str, loaded_at: Timestamp) -> Value {
    let version = index_version(hash, loaded_at);
    let lists = &index.identity().lists;
    let names: Vec<String> = lists.iter().map(|list| name_of(&list.name)).collect();
    let mut datasets: Vec<Value> =
        COLLECTIONS.iter().map(|name| collection(name, &names, index, &version, loaded_at)).collect();
    datasets.extend(lists.iter().map(|list| dataset(list, &version, loaded_at)));
    let current: Vec<&str> = COLLECTIONS.into_iter().chain(names.iter().map(String::as_str)).collect();
    json!({"datasets": datasets, "current": current, "outdated": [], "index_stale": false})
}

/// The version of an index as yente writes one: when it was made, and a few letters.
pub fn index_version(hash: &str, loaded_at: Timestamp) -> String {
    let letters: String = hash.chars().filter(char::is_ascii_alphanumeric).take(3).collect();
    format!("{}-{letters:0<3}", loaded_at.strftime("%Y%m%d%H%M%S"))
}

fn seconds(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

fn collection(name: &str, children: &[String], index: &Index, version: &str, loaded_at: Timestamp) -> Value {
    let title = if name == "sanctions" { "All lists, as sanctions" } else { "All lists" };
    json!({
        "name": name, "title": title, "license": null, "url": null, "description": null,
        "summary": "every list that the service screens against",
        "updated_at": seconds(loaded_at), "last_export": seconds(loaded_at),
        "entity_count": index.entities(), "thing_count": index.entities(), "version": version,
        "category": null, "tags": [], "publisher": null, "coverage": null, "resources": [],
        "children": children, "deprecation": null, "deprecated": false, "load": name == COLLECTIONS[0],
        "entities_url": null, "delta_url": null, "namespace": false,
        "index_version": version, "index_current": true,
    })
}

fn dataset(list: &ListVersion, version: &str, loaded_at: Timestamp) -> Value {
    let publisher = publisher_of(list.layout).map(|publisher| {
        json!({
            "name": publisher.name, "url": null, "country": publisher.country, "country_label": publisher.country,
            "official": true, "acronym": null, "description": null,
        })
    });
    let published = list.published.map(|day| midnight(&day));
    json!({
        "name": name_of(&list.name), "title": list.name, "license": null, "url": null,
        "summary": format!("{} entities, {} names", list.entities, list.names), "description": null,
        "updated_at": published.clone().unwrap_or_else(|| seconds(loaded_at)), "last_export": published,
        "entity_count": list.entities, "thing_count": list.entities, "version": version,
        "category": null, "tags": [], "publisher": publisher, "coverage": null,
        "resources": [{"name": list.name, "url": null, "checksum": list.sha256, "timestamp": null,
                       "mime_type": null, "title": list.layout.to_string(), "size": null, "mime_type_label": null}],
        "children": [], "deprecation": null, "deprecated": false, "load": true,
        "entities_url": null, "delta_url": null, "namespace": false,
        "index_version": version, "index_current": true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_a_dataset_within_two_collections() {
        let list = interdict::list::from_bytes("My list", b"id,name\n1,A\n2,B\n").unwrap();
        let index = Index::build(&[list]).unwrap();
        let catalog = catalog(&index, "0629abc", "2026-11-30T11:00:00Z".parse().unwrap());
        let names: Vec<&str> =
            catalog["datasets"].as_array().unwrap().iter().filter_map(|d| d["name"].as_str()).collect();
        assert_eq!(names, ["default", "sanctions", "my_list"]);
        assert_eq!(catalog["datasets"][0]["children"], json!(["my_list"]));
        assert_eq!(catalog["datasets"][0]["index_version"], json!("20261130110000-062"));
        assert_eq!(catalog["datasets"][2]["entity_count"], json!(2));
    }
}
