//! yente's interface over a listening service: answers, errors, and that the hits are those of the library.

mod compat;

use compat::Service;
use interdict::entity::{Date, Schema};
use interdict::{Index, Query, Screener, list};
use serde_json::{Value, json};

fn match_body(schema: &str, properties: Value) -> Value {
    json!({"queries": {"q": {"id": "my-ref", "schema": schema, "properties": properties}}})
}

/// The answer to one query.
fn matched(service: &Service, path: &str, body: &Value) -> Value {
    let reply = service.post(path, body);
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()["responses"]["q"].clone()
}

fn ids(answer: &Value) -> Vec<String> {
    let results = answer["results"].as_array().unwrap().iter();
    results.map(|result| result["id"].as_str().unwrap().to_string()).collect()
}

#[test]
fn hits_are_those_of_the_library() {
    let service = Service::start();
    let read = |name: &str, text: &str| list::from_bytes(name, text.as_bytes()).unwrap();
    let screener =
        Screener::new(Index::build(&[read("us-list", compat::US), read("uk", compat::UK)]).unwrap());
    let born = Date::day(1965, 4, 21).unwrap();
    let cases = [
        ("Person", json!({"name": "Ivan Petrov"}), Query::name("Ivan Petrov").schema(Schema::Person)),
        (
            "Person",
            json!({"name": ["Ivan Petrof"], "birthDate": "1965-04-21", "nationality": ["Russia"]}),
            Query::name("Ivan Petrof").schema(Schema::Person).birth_date(born).country("ru"),
        ),
        (
            "Company",
            json!({"name": "Volga Star Shiping"}),
            Query::name("Volga Star Shiping").schema(Schema::Company),
        ),
        ("Vessel", json!({"name": "Lady Rosalynd"}), Query::name("Lady Rosalynd").schema(Schema::Vessel)),
        ("Thing", json!({"name": "Volga Star"}), Query::name("Volga Star")),
        (
            "LegalEntity",
            json!({"name": "Petra Ivanovna"}),
            Query::name("Petra Ivanovna").schema(Schema::LegalEntity),
        ),
        ("Person", json!({"name": "Jane Roe"}), Query::name("Jane Roe").schema(Schema::Person)),
    ];
    let mut found = 0;
    for (schema, properties, query) in cases {
        let answer = matched(&service, "/match/default?limit=500", &match_body(schema, properties));
        let mut theirs: Vec<(String, String, f64)> = answer["results"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|result| result["hits"].as_array().unwrap())
            .map(|hit| {
                let text = |key: &str| hit[key].as_str().unwrap().to_string();
                (text("list"), text("entity_id"), hit["score"].as_f64().unwrap())
            })
            .collect();
        let mut ours: Vec<(String, String, f64)> = screener
            .screen(&query)
            .into_iter()
            // As in yente a ship is no result for a company; the warnings name it.
            .filter(|hit| schema == "Thing" || (hit.schema == Schema::Vessel) == (schema == "Vessel"))
            .map(|hit| (hit.list, hit.entity_id, (f64::from(hit.score) * 1e5).round() / 1e5))
            .collect();
        theirs.sort_by(|a, b| a.partial_cmp(b).unwrap());
        ours.sort_by(|a, b| a.partial_cmp(b).unwrap());
        assert_eq!(theirs, ours, "{query:?}");
        // The score of a party is that of its best entry.
        for result in answer["results"].as_array().unwrap() {
            let best = result["hits"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|h| h["score"].as_f64())
                .fold(0.0, f64::max);
            assert_eq!(result["score"].as_f64(), Some(best));
        }
        found += ours.len();
    }
    assert!(found >= 8, "the cases have hits: {found}");
}

#[test]
fn an_answer_has_the_shape_of_yente() {
    let service = Service::start();
    let body = match_body(
        "Person",
        json!({"name": ["Ivan Petrov"], "birthDate": "1965-04-21", "nationality": ["Russia"]}),
    );
    let reply = service.post("/match/default", &body);
    assert_eq!((reply.status, reply.header("x-batch-size")), (200, Some("1")));
    assert_eq!((reply.header("x-interdict-warnings"), reply.json()["limit"].as_u64()), (None, Some(5)));
    let answer = &reply.json()["responses"]["q"];
    assert_eq!(answer["status"], json!(200));
    assert_eq!(answer["total"], json!({"value": 1, "relation": "eq"}));
    let properties = json!({"name": ["Ivan Petrov"], "birthDate": ["1965-04-21"], "nationality": ["ru"]});
    assert_eq!(answer["query"], json!({"id": "my-ref", "schema": "Person", "properties": properties}));
    let result = &answer["results"][0];
    assert_eq!((&result["id"], &result["referents"]), (&json!("uk:A1"), &json!(["us-list:11"])));
    assert_eq!(
        (&result["score"], &result["match"], &result["schema"]),
        (&json!(1.0), &json!(true), &json!("Person"))
    );
    assert_eq!(result["datasets"], json!(["uk", "us_list"]));
    assert_eq!(result["properties"]["topics"], json!(["sanction"]));
    let feature = &result["explanations"]["name_match"];
    assert_eq!(
        (&feature["query"], &feature["candidate"], &feature["score"]),
        (&json!("Ivan Petrov"), &json!("Ivan PETROV"), &json!(1.0))
    );
    assert!(feature["detail"].as_str().unwrap().contains("petrov"));
    assert!(result["first_seen"].is_null() && result["last_change"].is_null(), "the lists do not say");
}

#[test]
fn parameters_select_and_limit() {
    let service = Service::start();
    let star = match_body("Thing", json!({"name": "Volga Star"}));
    let all = ids(&matched(&service, "/match/default", &star));
    assert!(all.contains(&"us-list:13".into()) && all.contains(&"us-list:14".into()), "{all:?}");
    for (query, expected) in [
        ("exclude_schema=Vessel", "us-list:13"),
        ("exclude_entity_ids=us-list:14", "us-list:13"),
        ("threshold=0.999&cutoff=0.999", "us-list:14"),
        ("limit=1", "us-list:14"),
        ("unknown=1&limit=1", "us-list:14"),
    ] {
        let answer = matched(&service, &format!("/match/default?{query}"), &star);
        assert_eq!(ids(&answer), [expected], "{query}");
    }
    // The total counts what the limit cuts, and a warning says so.
    let cut = matched(&service, "/match/default?limit=1", &star);
    assert_eq!(cut["total"]["value"], json!(all.len()));
    assert!(cut["warnings"][0].as_str().unwrap().contains("beyond the limit"), "{cut}");

    // Below the threshold and above the cutoff, results are no matches.
    let answer = matched(&service, "/match/default?threshold=0.99&cutoff=0.7", &star);
    let flags: Vec<&Value> =
        answer["results"].as_array().unwrap().iter().map(|result| &result["match"]).collect();
    assert!(flags.contains(&&json!(true)) && flags.contains(&&json!(false)), "{answer}");
    assert_eq!(
        answer["total"]["value"].as_u64().unwrap(),
        flags.iter().filter(|flag| ***flag == json!(true)).count() as u64
    );

    // A score of exactly the cutoff is a result, and is told.
    let exact = matched(&service, "/match/default?threshold=1.0&cutoff=1.0", &star);
    assert_eq!((ids(&exact).len(), exact["results"][0]["match"].clone()), (1, json!(true)));
    assert!(exact["warnings"][0].as_str().unwrap().contains("exactly the cutoff"));

    // Datasets: a party is in one if any of its entries is.
    let ivan = match_body("Person", json!({"name": "Ivan Petrov"}));
    for (path, count) in [
        ("/match/uk", 1),
        ("/match/us_list", 1),
        ("/match/us-list?exclude_dataset=uk", 1),
        ("/match/sanctions?include_dataset=uk", 1),
        ("/match/default?topics=sanction", 1),
        ("/match/default?changed_since=2022-04-01", 1),
        ("/match/default?exclude_entity_ids=us-list:11", 0),
        ("/match/default?exclude_entity_ids=uk:A1", 0),
        ("/match/default?topics=role.pep", 0),
    ] {
        assert_eq!(ids(&matched(&service, path, &ivan)).len(), count, "{path}");
    }
    let sokolov = match_body("Person", json!({"name": "Nikolai Sokolov"}));
    assert_eq!(ids(&matched(&service, "/match/us_list", &sokolov)).len(), 0);
    let untold = matched(&service, "/match/default?topics=sanction", &sokolov);
    assert!(untold["warnings"][0].as_str().unwrap().contains("state no topics"), "{untold}");
}

#[test]
fn options_may_stand_in_the_body_and_in_a_query() {
    let service = Service::start();
    let properties = json!({"name": "Volga Star"});
    // More ids than a query string may hold.
    let mut excluded: Vec<String> = (0..1000).map(|i| format!("us-list:x{i}")).collect();
    excluded.push("us-list:14".into());
    let body = json!({
        "params": {"exclude_entity_ids": excluded},
        "queries": {
            "q": {"schema": "Thing", "properties": properties},
            "other": {"schema": "Thing", "properties": properties, "params": {"exclude_datasets": ["us_list"]}},
            "groups": {"schema": "Thing", "properties": properties, "filters": {"schema": [["Person", "Vessel"]]}},
        },
    });
    let reply = service.post("/match/default", &body);
    assert_eq!(reply.header("x-batch-size"), Some("3"));
    let responses = &reply.json()["responses"];
    assert_eq!(ids(&responses["q"]), ["us-list:13"]);
    assert_eq!((ids(&responses["other"]).len(), ids(&responses["groups"]).len()), (0, 0));
    let limit =
        json!({"params": {"limit": 1}, "queries": {"q": {"schema": "Thing", "properties": properties}}});
    assert_eq!(ids(&matched(&service, "/match/default", &limit)).len(), 1);
}

#[test]
fn what_yente_passes_over_is_told() {
    let service = Service::start();
    for (schema, properties, part) in [
        ("Person", json!({}), "nothing was screened"),
        ("Person", json!({"fullName": "Ivan Petrov"}), "unknown property 'fullName'"),
        ("Person", json!({"name": "Ivan Petrov", "birthDate": "soon"}), "'soon'"),
        ("Document", json!({"name": "Ivan Petrov"}), "'Document' is not matched"),
        ("Company", json!({"name": "Ivan Petrov"}), "a Company does not match a Person"),
    ] {
        let reply = service.post("/match/default", &match_body(schema, properties));
        let warnings = reply.json()["responses"]["q"]["warnings"].to_string();
        assert!(reply.status == 200 && warnings.contains(part), "{part}: {}", reply.body);
        assert!(reply.header("x-interdict-warnings").is_some());
    }
    let nothing = match_body("Person", json!({"fullName": "x"}));
    let strict = service.post("/match/default?strict=true", &nothing);
    assert_eq!(
        (strict.status, &strict.json()["detail"]),
        (400, &json!("Nothing was screened: no query has a name or an identifier."))
    );
    let weights = json!({"weights": {"name_literal": 0.8}, "config": {"nm_number_mismatch": 0.4},
                         "queries": {"q": {"schema": "Person", "properties": {"name": "Ivan Petrov"}}}});
    assert_eq!(
        service.post("/match/default?algorithm=logic-v1", &weights).json()["warnings"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn errors_have_the_recorded_bodies() {
    let service = Service::start();
    let good = match_body("Person", json!({"name": "x"}));
    let many: serde_json::Map<String, Value> =
        (0..101).map(|i| (format!("q{i}"), json!({"schema": "Person", "properties": {}}))).collect();
    let detail = |status: u16, text: &str| (status, json!({"detail": text}));
    for (path, body, expected) in [
        ("/match/nope", good.clone(), detail(404, "No such dataset.")),
        ("/match/default", json!({"queries": {}}), detail(400, "No queries provided.")),
        (
            "/match/default",
            json!({"queries": many}),
            detail(400, "Too many queries in one batch (limit: 100)"),
        ),
        (
            "/match/default",
            match_body("Nope", json!({})),
            detail(400, "Cannot parse example entity: Unknown schema: 'Nope'"),
        ),
        ("/match/default?algorithm=zzz", good.clone(), detail(400, "Invalid algorithm: zzz")),
        (
            "/match/default?algorithm=logic-v2",
            json!({"config": {"zz": 1}, "queries": good["queries"]}),
            detail(400, "Invalid configuration parameter: zz for algorithm logic-v2"),
        ),
        ("/updatez", json!({}), detail(403, "Invalid token.")),
    ] {
        let reply = service.post(path, &body);
        assert_eq!((reply.status, reply.json()), expected, "{path}");
    }
    for (path, body, kind, place) in [
        (
            "/match/default",
            json!({"queries": {"q": {"properties": {}}}}),
            "missing",
            json!(["body", "queries", "q", "schema"]),
        ),
        ("/match/default", json!({}), "missing", json!(["body", "queries"])),
        ("/match/default?limit=501", good.clone(), "less_than_equal", json!(["query", "limit"])),
        ("/match/default?limit=x", good.clone(), "int_parsing", json!(["query", "limit"])),
        (
            "/match/default?changed_since=2026",
            good.clone(),
            "string_pattern_mismatch",
            json!(["query", "changed_since"]),
        ),
    ] {
        let reply = service.post(path, &body);
        let first = &reply.json()["detail"][0];
        assert_eq!(
            (reply.status, &first["type"], &first["loc"]),
            (422, &json!(kind), &place),
            "{path} {}",
            reply.body
        );
        assert!(first["msg"].is_string() && first.get("input").is_some());
    }
    let reply = service.send("POST", "/match/default", &[], b"{\"queries\": ");
    assert_eq!((reply.status, &reply.json()["detail"][0]["type"]), (422, &json!("json_invalid")));
    for (method, path, expected) in [
        ("GET", "/match/default", detail(405, "Method Not Allowed")),
        ("POST", "/catalog", detail(405, "Method Not Allowed")),
        ("GET", "/entities/nope", detail(404, "No such entity!")),
        ("GET", "/entities/us-list:99", detail(404, "No such entity!")),
        ("GET", "/entities/uk:A1/adjacent/nope", detail(404, "No such property!")),
        ("GET", "/search/nope", detail(404, "No such dataset.")),
        ("GET", "/search/default?schema=Nope", detail(400, "Invalid schema")),
        ("GET", "/search/default?filter=x", detail(400, "Invalid filter: 'x'")),
        ("GET", "/reconcile/nope", detail(404, "No such dataset.")),
    ] {
        let reply = service.send(method, path, &[], b"");
        assert_eq!((reply.status, reply.json()), expected, "{method} {path}");
    }
    assert_eq!(service.get("/search/default?facets=nope").status, 422);
}

#[test]
fn entities_are_fetched_by_each_of_their_ids() {
    let service = Service::start();
    let referent = service.get("/entities/us-list:11");
    assert_eq!(
        (referent.status, referent.header("location"), &*referent.body),
        (308, Some("/entities/uk:A1"), "")
    );
    let entity = service.get("/entities/uk:A1").json();
    let sanctions = entity["properties"]["sanctions"].as_array().unwrap();
    assert_eq!(sanctions.len(), 2);
    assert_eq!(sanctions[1]["properties"]["program"], json!(["RUSSIA-EO14024"]));
    assert_eq!(sanctions[1]["properties"]["listingDate"], json!(["2022-03-01"]));
    assert_eq!(entity["properties"]["addressEntity"][0]["properties"]["full"], json!(["Moscow"]));
    let flat = service.get("/entities/uk:A1?nested=false").json();
    assert!(flat["properties"].get("sanctions").is_none() && flat["properties"]["name"].is_array());
    // An id with a slash and a blank is safe in a path, also if a client encodes it once more.
    for path in
        ["/entities/us-list:a~2Fb~2015", "/entities/us-list%3Aa~2Fb~2015", "/entities/us-list%3Aa%2Fb%2015"]
    {
        let reply = service.get(path);
        let location = reply.header("location").map(str::to_string);
        assert!(
            reply.status == 200 || location.as_deref() == Some("/entities/us-list:a~2Fb~2015"),
            "{path} {}",
            reply.body
        );
    }
    let sanction = sanctions[1]["id"].as_str().unwrap();
    assert_eq!(service.get(&format!("/entities/{sanction}")).json(), sanctions[1]);

    let adjacent = service.get("/entities/uk:A1/adjacent?limit=1").json();
    assert_eq!(adjacent["adjacent"]["sanctions"]["total"]["value"], json!(2));
    assert_eq!(adjacent["adjacent"]["sanctions"]["results"].as_array().unwrap().len(), 1);
    let page = service.get("/entities/uk:A1/adjacent/sanctions?offset=1").json();
    assert_eq!((&page["results"][0]["id"], &page["offset"]), (&json!(sanction), &json!(1)));
}

#[test]
fn a_search_selects_counts_and_pages() {
    let service = Service::start();
    let search = |query: &str| {
        let reply = service.get(&format!("/search/default?{query}"));
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.json()
    };
    let all = search("");
    assert_eq!((&all["limit"], &all["offset"], &all["total"]["value"]), (&json!(10), &json!(0), &json!(7)));
    assert_eq!(all["facets"]["countries"]["label"], json!("Countries"));
    assert_eq!(all["facets"]["countries"]["values"][0], json!({"name": "ru", "label": "ru", "count": 3}));
    for (query, expected) in [
        ("q=petrov", vec!["uk:A1"]),
        ("q=petrow+ivan", vec!["uk:A1"]),
        ("q=9253325", vec!["uk:A2"]),
        ("q=volg*&schema=Vessel", vec!["us-list:14"]),
        ("q=volga+star&limit=1&offset=1", vec!["us-list:13"]),
        ("schema=LegalEntity&countries=bg", vec!["us-list:16"]),
        ("filter=properties.birthDate:1965", vec!["uk:A1"]),
        ("filter=countries:ru&filter=countries:bg&filter_op=AND", vec![]),
        ("filter=genders:female", vec!["us-list:16"]),
        ("datasets=uk&sort=caption:desc&limit=1", vec!["uk:A1"]),
        ("q=nothing+of+it", vec![]),
    ] {
        assert_eq!(ids(&search(query)), expected, "{query}");
    }
    let facets = search("facets=schema&facets=genders");
    assert_eq!(facets["facets"].as_object().unwrap().len(), 2);
    assert_eq!(facets["facets"]["genders"]["values"][0]["count"], json!(1));
    assert_eq!(service.get("/search/us_list").json()["total"]["value"], json!(6));
}

#[test]
fn the_service_describes_itself() {
    let service = Service::start();
    let catalog = service.get("/catalog");
    let names: Vec<Value> =
        catalog.json()["datasets"].as_array().unwrap().iter().map(|d| d["name"].clone()).collect();
    assert_eq!(names, [json!("default"), json!("sanctions"), json!("us_list"), json!("uk")]);
    let tag = catalog.header("etag").unwrap().to_string();
    let again = service.send("GET", "/catalog", &[("If-None-Match", &tag)], b"");
    assert_eq!((again.status, &*again.body), (304, ""));
    assert_eq!(service.get("/manifest").json(), catalog.json());
    let algorithms = service.get("/algorithms").json();
    assert_eq!((&algorithms["best"], &algorithms["default"]), (&json!("interdict"), &json!("best")));
    assert!(algorithms["algorithms"].as_array().unwrap().iter().any(|a| a["name"] == "logic-v1"));
    assert_eq!(service.get("/healthz").json(), json!({"status": "ok"}));
    assert_eq!(service.get("/readyz").json()["status"], json!("ok"));
}

#[test]
fn open_refine_reconciles_and_extends() {
    let service = Service::start();
    let manifest = service.get("/reconcile/default?api_key=k").json();
    assert_eq!(manifest["versions"], json!(["0.2"]));
    let base = format!("http://{}", service.address);
    assert_eq!(manifest["suggest"]["entity"]["service_url"], json!(base));
    let path = manifest["suggest"]["entity"]["service_path"].as_str().unwrap();
    assert_eq!(path, "/reconcile/default/suggest/entity?api_key=k");
    let queries = json!({"q0": {"query": "Ivan Petrov", "type": "Person", "limit": 2,
                                "properties": [{"pid": "Person:birthDate", "v": "1965"}]},
                         "q1": {"query": "Jane Roe"}});
    let answer = service.post_form("/reconcile/default", "queries", &queries).json();
    assert_eq!(
        (&answer["q0"]["result"][0]["id"], &answer["q0"]["result"][0]["match"]),
        (&json!("uk:A1"), &json!(true))
    );
    assert_eq!(answer["q1"]["result"], json!([]));
    let by_get = service
        .get(&format!("/reconcile/default?queries={}", compat::form_encoded(&queries.to_string())))
        .json();
    assert_eq!(by_get, answer);
    let extend = json!({"ids": ["uk:A1"], "properties": [{"id": "birthDate"}, {"id": "sanctions", "settings": {"limit": 1}}]});
    let rows = service.post_form("/reconcile/default", "extend", &extend).json();
    assert_eq!(rows["rows"]["uk:A1"]["birthDate"], json!([{"str": "1965-04-21"}]));
    for (path, part) in [
        ("/reconcile/default/suggest/entity?prefix=lady", "uk:A2"),
        ("/reconcile/default/suggest/type?prefix=per", "Person"),
        ("/reconcile/default/suggest/property?prefix=birthd", "birthDate"),
        ("/reconcile/default/extend/property?type=Vessel&limit=100", "imoNumber"),
        ("/reconcile/default/preview?id=uk:A2", "Lady Rosalind"),
    ] {
        let reply = service.get(path);
        assert!(reply.status == 200 && reply.body.contains(part), "{path}: {}", reply.body);
    }
    assert_eq!(service.post_form("/reconcile/default", "queries", &json!([])).status, 400);
    assert_eq!(service.post_form("/reconcile/default", "other", &json!([])).status, 400);
}

#[test]
fn every_example_is_in_the_audit_trail() {
    let folder = tempfile::tempdir().unwrap();
    let trail = folder.path().join("audit");
    let service = Service::with(|settings| settings.audit = Some(trail.clone()));
    service.post("/match/default", &match_body("Person", json!({"name": "Ivan Petrov"})));
    service.post("/match/default", &match_body("Person", json!({})));
    service.get("/v2/search?name=Lady+Rosalind");
    let text: String = std::fs::read_dir(&trail)
        .unwrap()
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    for part in ["Ivan Petrov", "my-ref", "Lady Rosalind", "neither a name nor an identifier"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}
