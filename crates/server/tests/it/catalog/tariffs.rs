//! Published tariffs on their way into the catalogue, from the command line and from the desk.

use catalog::tariffs::{Input, Refusal, Report, import, import_file};
use kernel::{Actor, Result};
use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
    time::Instant,
};
use testkit::{TestApp, Value, both_databases, json};

const MOBILE: &str = include_str!("../../../../catalog/fixtures/mobile.json");
const OTHER: &str = include_str!("../../../../catalog/fixtures/other-operator.json");
const REFUSED: &str = include_str!("../../../../catalog/fixtures/refused.json");

fn bytes(name: &str, text: &str) -> Input {
    Input::Bytes { name: name.into(), bytes: Arc::new(text.as_bytes().to_vec()) }
}

/// Imports as the system, asking after every chunk whether to go on.
async fn run(t: &TestApp, input: Input, go_on: bool) -> (Result<Report>, Vec<Refusal>) {
    let db = t.db().clone();
    let work = move || {
        let mut refused = Vec::new();
        let mut sink = |rows: &[Refusal]| {
            refused.extend_from_slice(rows);
            Ok(())
        };
        let report = import(&db, &Actor::system(), &input, &mut sink, &mut |_| Ok(go_on));
        (report, refused)
    };
    tokio::task::spawn_blocking(work).await.unwrap()
}

fn counts(report: &Report) -> [u64; 5] {
    [report.total, report.created, report.updated, report.unchanged, report.refused]
}

async fn offering(t: &TestApp, query: &str) -> Value {
    let rows = t.get(&format!("/api/v1/catalog/offerings?{query}")).await.ok();
    assert_eq!(rows.as_array().unwrap().len(), 1, "{query}: {rows}");
    let id = rows[0]["id"].as_str().unwrap();
    t.get(&format!("/api/v1/catalog/offerings/{id}")).await.ok()
}

#[both_databases]
async fn published_plans_become_offerings_that_can_be_sold(t: TestApp) {
    let (report, refused) = run(&t, bytes("mobile.json", MOBILE), true).await;
    assert_eq!((counts(&report.unwrap()), refused.len()), ([10, 10, 0, 0, 0], 0));

    let plan = offering(&t, "q=26cs000001").await;
    assert_eq!((&plan["family"], &plan["priceFen"], &plan["sellable"]), (&json!("mobile"), &json!(5900), &json!(true)));
    assert_eq!(plan["allowances"], json!({"dataMb": 20480, "voiceMin": 200, "sms": 100, "broadbandMbps": null}));
    assert_eq!(
        (&plan["validFrom"], &plan["validTo"]),
        (&json!("2024-12-31T16:00:00.000Z"), &json!("2030-12-31T15:59:59.000Z"))
    );
    assert_eq!(plan["details"]["notes"], "<p>试用&nbsp;说明</p>", "published fields are kept to the letter");

    let bundle = offering(&t, "q=26cs000002").await;
    let parts: Vec<&str> =
        bundle["components"].as_array().unwrap().iter().map(|c| c["family"].as_str().unwrap()).collect();
    assert_eq!(parts, ["mobile", "broadband", "iptv"]);
    assert_eq!((&bundle["priceText"], &bundle["contractMonths"]), (&json!("129元/月起"), &json!(24)));
    assert_eq!(bundle["decomposition"].as_array().unwrap().len(), 3);

    let yearly = offering(&t, "q=26cs000003").await;
    assert_eq!(
        (&yearly["family"], &yearly["priceFen"], &yearly["prices"][0]["period"]),
        (&json!("broadband"), &Value::Null, &json!("year"))
    );
    let ten = offering(&t, "q=26cs000004").await;
    assert_eq!((&ten["allowances"]["broadbandMbps"], &ten["priceFen"]), (&json!(10_000), &json!(39_990)));
    assert_eq!(offering(&t, "q=26cs000005").await["family"], "iptv");
    assert_eq!(offering(&t, "q=26cs000006").await["family"], "option");
    assert_eq!(offering(&t, "q=26cs000007").await["prices"][0]["type"], "oneTime");
    assert_eq!(offering(&t, "q=26cs000008").await["prices"][0]["period"], "24 months");
    for closed in ["26cs000009", "26cs000010"] {
        let row = offering(&t, &format!("q={closed}")).await;
        assert_eq!(row["sellable"], false, "{closed}");
        assert!(row["whyNot"].is_string());
    }
}

#[both_databases]
async fn a_file_of_another_operator_works_as_well(t: TestApp) {
    let (report, refused) = run(&t, bytes("other.json", OTHER), true).await;
    assert_eq!((counts(&report.unwrap()), refused.len()), ([3, 3, 0, 0, 0], 0));
    let plan = offering(&t, "q=unicom-90001").await;
    assert_eq!((&plan["priceFen"], &plan["validTo"], &plan["area"]), (&json!(9900), &Value::Null, &json!("试验市")));
    assert_eq!(plan["allowances"], json!({"dataMb": 40960, "voiceMin": 300, "sms": null, "broadbandMbps": null}));
    let whole = t.get("/tmf-api/productCatalogManagement/v4/productOffering/unicom-90001").await.ok();
    assert_eq!(whole["published"]["自定义字段"], json!({"保留": [1, 2, 3]}), "unknown fields are kept");
    assert_eq!(offering(&t, "q=unicom-90002").await["components"].as_array().unwrap().len(), 3);
    let two_years = offering(&t, "q=unicom-90003").await;
    assert_eq!(
        (&two_years["prices"][0]["amountFen"], &two_years["prices"][0]["period"]),
        (&json!(118_800), &json!("24 months"))
    );
}

#[both_databases]
async fn importing_again_changes_only_what_was_published_anew(t: TestApp) {
    run(&t, bytes("mobile.json", MOBILE), true).await.0.unwrap();
    let before = t.digest().await;
    let (report, _) = run(&t, bytes("mobile.json", MOBILE), true).await;
    assert_eq!(counts(&report.unwrap()), [10, 0, 0, 10, 0]);
    assert_eq!(before, t.digest().await, "the same file again touches nothing");

    t.advance(3600);
    // A manager has taken one plan off the shelf; the operator raises its price. The price follows, the shelf does not.
    let id = offering(&t, "q=26cs000001").await["id"].as_str().unwrap().to_owned();
    let one = format!("/tmf-api/productCatalogManagement/v4/productOffering/{id}");
    t.patch(&one, json!({"lifecycleStatus": "Retired", "x-note": "本厅不售"})).await.ok();
    let raised = MOBILE.replacen("\"price\": 59,", "\"price\": 61,", 1).replacen("59元/月", "61元/月", 1);
    let (report, _) = run(&t, bytes("mobile.json", &raised), true).await;
    assert_eq!(counts(&report.unwrap()), [10, 0, 1, 9, 0]);
    let plan = t.get(&format!("/api/v1/catalog/offerings/{id}")).await.ok();
    assert_eq!((&plan["priceFen"], &plan["status"]), (&json!(6100), &json!("Retired")));
    assert_eq!(t.get(&one).await.ok()["x-note"], "本厅不售");
    assert_eq!(plan["versions"].as_array().unwrap().len(), 3);
}

#[both_databases]
async fn every_row_that_is_refused_says_why_and_the_others_go_in(t: TestApp) {
    let errors = t.dir().join("errors.csv");
    let file = t.dir().join("refused.json");
    std::fs::write(&file, REFUSED).unwrap();
    let (db, path, csv) = (t.db().clone(), file.clone(), errors.clone());
    let report = tokio::task::spawn_blocking(move || {
        import_file(&db, &Actor::system(), &path, Some(&csv), &mut |_| {}, &AtomicBool::new(false))
    });
    let report = report.await.unwrap().unwrap();
    assert_eq!(counts(&report), [12, 2, 0, 0, 10]);
    let text = std::fs::read_to_string(errors).unwrap();
    assert!(text.starts_with("line,index,id,field,code,reason_zh,reason_en,row\n"));
    for (code, field) in [
        ("row.id_missing", "id"),
        ("row.name_missing", "name"),
        ("row.price_missing", "price"),
        ("row.negative", "price"),
        ("row.dates_reversed", "offlineDate"),
        ("row.date_invalid", "onlineDate"),
        ("row.duplicate", "id"),
        ("catalog.port_in_condition", "name"),
        ("row.not_object", ""),
        ("row.negative", "data"),
    ] {
        assert!(text.contains(&format!(",{field},{code},")), "{code} in {text}");
    }
    assert_eq!(t.count("SELECT COUNT(*) FROM product_offering WHERE source_id IS NOT NULL").await, 2);
}

#[both_databases]
async fn a_file_cut_in_the_middle_writes_nothing_and_says_so(t: TestApp) {
    let before = t.digest().await;
    let cut: String = MOBILE.chars().take(MOBILE.chars().count() * 2 / 3).collect();
    for (text, code) in [
        (cut.as_str(), "tariff.truncated"),
        ("{\"plans\": [}", "tariff.broken"),
        ("{}", "tariff.no_rows"),
        ("", "tariff.truncated"),
    ] {
        let problem = run(&t, bytes("cut.json", text), true).await.0.unwrap_err();
        assert_eq!(problem.code.id, code);
        assert!(
            problem.help(kernel::Lang::En).contains("Nothing was written")
                && problem.help(kernel::Lang::Zh).contains("没有写入")
        );
    }
    assert_eq!(before, t.digest().await);
}

#[both_databases]
async fn an_import_stopped_half_way_is_continued_by_starting_it_again(t: TestApp) {
    let plan = |n: usize| json!({"id": format!("cmcc-{n}"), "name": format!("套餐{n}"), "price": n, "tariffStandard": format!("{n}元/月")});
    let many = json!({"plans": (1..=250).map(plan).collect::<Vec<_>>()}).to_string();
    let (report, _) = run(&t, bytes("many.json", &many), false).await;
    let report = report.unwrap();
    assert!(report.stopped);
    assert_eq!(counts(&report), [250, 100, 0, 0, 0]);
    let (report, _) = run(&t, bytes("many.json", &many), true).await;
    assert_eq!(counts(&report.unwrap()), [250, 150, 0, 100, 0]);
}

#[both_databases]
async fn the_desk_takes_a_file_and_shows_how_it_goes(t: TestApp) {
    let send = |name: &str, text: &str| {
        t.post(&format!("/api/v1/catalog/imports?name={name}"), json!({})).raw(text.to_owned(), "application/json")
    };
    let id = send("refused.json", REFUSED).key("k1").await.expect(202)["id"].as_str().unwrap().to_owned();
    let again = send("refused.json", REFUSED).key("k1").await.expect(202);
    assert_eq!(again["id"], id.as_str(), "sent twice, taken once");
    let one = format!("/api/v1/catalog/imports/{id}");
    assert_eq!(t.get(&one).await.ok()["state"], "queued");
    while catalog::run_import(t.app()).await.unwrap() {}
    let done = t.get(&one).await.ok();
    assert_eq!((&done["state"], &done["file"]), (&json!("done"), &json!("refused.json")));
    assert_eq!([&done["total"], &done["done"], &done["created"], &done["refused"]], [12, 12, 2, 10]);
    let csv = t.get(&format!("{one}/errors")).await;
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(csv.body.starts_with("line,id,field,code,reason,row\n") && csv.body.lines().count() == 11, "{}", csv.body);
    assert!(t.get(&format!("{one}/errors")).english().await.body.contains("The tariff has no id"));
    t.post(&format!("{one}/cancel"), json!({})).await.refused(409, "import.not_running");
    let topic = t.count(&format!("SELECT COUNT(*) FROM outbox WHERE topic = 'import:{id}'")).await;
    assert!(topic >= 3, "queued, running, done: {topic}");

    let cut = send("cut.json", &REFUSED[..200]).await.expect(202)["id"].as_str().unwrap().to_owned();
    let cancelled = send("mobile.json", MOBILE).await.expect(202)["id"].as_str().unwrap().to_owned();
    t.post(&format!("/api/v1/catalog/imports/{cancelled}/cancel"), json!({})).await.ok();
    while catalog::run_import(t.app()).await.unwrap() {}
    let failed = t.get(&format!("/api/v1/catalog/imports/{cut}")).await.ok();
    assert_eq!(failed["state"], "failed");
    assert!(failed["error"].as_str().unwrap().contains("没有写入"));
    assert_eq!(t.get(&format!("/api/v1/catalog/imports/{cancelled}")).await.ok()["state"], "cancelled");
    assert_eq!(t.get("/api/v1/catalog/imports").await.ok().as_array().unwrap().len(), 3);
    assert_eq!(t.count("SELECT COUNT(*) FROM product_offering WHERE source_id IS NOT NULL").await, 2);
    // Another province's imports are nobody's business.
    t.as_scope("/cn/31").get(&one).await.refused(404, "not_found");
    let clerk = t.with_permissions(&["catalog.read"]);
    clerk.post("/api/v1/catalog/imports?name=x", json!([])).await.refused(403, "auth.forbidden");
}

/// The published files themselves, where they are at hand.
fn real_files() -> Vec<PathBuf> {
    let root = std::env::var_os("YITAI_TARIFF_FILES").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/zh-operator-tariffs"),
        PathBuf::from,
    );
    let mut files: Vec<PathBuf> = std::fs::read_dir(root).into_iter().flatten().flatten().map(|e| e.path()).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "json"));
    files.sort();
    files
}

#[both_databases]
async fn the_published_files_import_whole(t: TestApp) {
    let files = real_files();
    if files.is_empty() {
        println!("skipped: no published tariff files (set YITAI_TARIFF_FILES)");
        return;
    }
    let (mut total, mut taken) = (0, 0);
    for file in &files {
        let began = Instant::now();
        let (report, refused) = run(&t, Input::File(file.clone()), true).await;
        let report = report.unwrap();
        println!("{}: {:?} in {:?}", file.display(), counts(&report), began.elapsed());
        for r in refused.iter().take(10) {
            println!("  refused {} {} {:?}", r.id, r.field, r.problem);
        }
        total += report.total;
        taken += report.created + report.unchanged;
    }
    assert!(taken * 100 >= total * 99, "{taken} of {total}");
    let (again, _) = run(&t, Input::File(files[0].clone()), true).await;
    let again = again.unwrap();
    assert_eq!(again.unchanged, again.total - again.refused);
    let began = Instant::now();
    let listed = t.get("/api/v1/catalog/offerings?q=5G&sort=-price&limit=50").await;
    println!(
        "list of {} in {:?}; summary {}",
        listed.total(),
        began.elapsed(),
        t.get("/api/v1/catalog/summary").await.body
    );
    listed.ok();
}
