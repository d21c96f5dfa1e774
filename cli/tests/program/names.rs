//! `interdict names`: the listed names that begin with a text.

use crate::support::{Folder, run};

const NAMES: &str = "id,name,schema,aliases\n1,Volga Star Shipping,Company,\n2,VOLGA STAR,Vessel,\"Volga Trading\"\n\
                     3,\"Волга, ООО\",Company,\n4,Don,Person,\n";

fn names(args: &[&str]) -> (i32, String, String) {
    let folder = Folder::new();
    let list = folder.write("ships.csv", NAMES);
    run(&[&["names"], args, &["--list", &list]].concat())
}

#[test]
fn names_are_listed_primary_ones_first_and_short_ones_before_long_ones() {
    let (status, out, err) = names(&["VOLGA"]);
    let expected = "VOLGA STAR  [ships 2] Vessel, primary\nVolga Star Shipping  [ships 1] Company, primary\n\
                    Volga Trading  [ships 2] Vessel, alias\n";
    assert_eq!((status, out.as_str()), (0, expected), "{err}");
    assert!(err.ends_with("3 names begin with 'VOLGA', 3 of them shown\n"), "{err}");
    assert_eq!(names(&["вол"]).1, "Волга, ООО  [ships 3] Company, primary\n");
}

#[test]
fn what_the_limit_hides_is_counted() {
    let (status, out, err) = names(&["volga s", "--limit", "1"]);
    assert_eq!((status, out.lines().count()), (0, 1));
    assert!(err.ends_with("2 names begin with 'volga s', 1 of them shown\n"), "{err}");
    let (status, out, err) = names(&["wolga"]);
    assert_eq!((status, out.as_str()), (0, ""));
    assert!(err.ends_with("0 names begin with 'wolga', 0 of them shown\n"), "{err}");
}

#[test]
fn a_typing_error_is_allowed_on_request_and_in_every_format() {
    let (_, text, _) = names(&["wolga", "--typo", "--limit", "1"]);
    assert_eq!(text, "VOLGA STAR  [ships 2] Vessel, primary, but for a letter\n");
    let (_, csv, _) = names(&["wolga", "--typo", "--format", "csv"]);
    assert_eq!(csv.lines().next(), Some("name,kind,schema,list,entity_id,typo"));
    assert_eq!(csv.lines().nth(1), Some("VOLGA STAR,primary,Vessel,ships,2,true"));
    assert_eq!(csv.lines().count(), 4);
    let (_, json, _) = names(&["wolga", "--typo", "--format", "jsonl"]);
    let first: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&first["name"], &first["entity_id"], &first["typo"]),
        (&"VOLGA STAR".into(), &"2".into(), &true.into())
    );
    assert_eq!(json.lines().count(), 3);
}

#[test]
fn a_limit_of_none_is_refused() {
    assert_eq!(names(&["volga", "--limit", "0"]).0, 2);
}
