//! Customers out of a file: bad rows told, known ones updated, killed and gone on, taken back.

use customer::{Report, import::Import};
use kernel::{Actor, Result};
use std::{
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};
use testkit::{TestApp, both_databases, json};

fn file(t: &TestApp, name: &str, text: &str) -> PathBuf {
    let path = t.dir().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// Runs the import as the command line does, in a thread of its own.
fn import_by(t: &TestApp, path: &Path, batch: usize, dies_after: Option<u64>) -> std::thread::Result<Result<Report>> {
    let (db, path, errors) = (t.db().clone(), path.to_owned(), t.dir().join("errors.csv"));
    std::thread::spawn(move || {
        let actor = Actor::system();
        let import = Import { db: &db, actor: &actor, path: &path, errors: Some(&errors), batch };
        let mut progress = |report: &Report| assert!(dies_after.is_none_or(|n| report.created < n), "killed");
        import.run(&mut progress, &AtomicBool::new(false))
    })
    .join()
}

fn import(t: &TestApp, path: &Path) -> Report {
    import_by(t, path, 50, None).unwrap().unwrap()
}

fn errors(t: &TestApp) -> Vec<String> {
    std::fs::read_to_string(t.dir().join("errors.csv")).unwrap().lines().skip(1).map(str::to_owned).collect()
}

fn counts(report: &Report) -> (u64, u64, u64, u64) {
    (report.created, report.updated, report.unchanged, report.refused)
}

async fn names(t: &TestApp, q: &str) -> Vec<String> {
    let found = t.get(&format!("/api/v1/find?q={q}&limit=50")).await.ok();
    found["customers"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap().to_owned()).collect()
}

const MIXED: &str = "\u{feff}客户编号,姓名,证件类型,证件号码,手机号,地址,归属,等级,建档日期\r\n\
    C1,张伟,身份证,11010519491231002X,139 0013 8000,\"天河路 1 号, 二楼\",/cn/44/4401/h001,金卡,2020-01-05\r\n\
    C2,李娜,身份证,110105194912310021,13900138001,,,,\r\n\
    C3,,,,13900138002,,,,\r\n\
    C4,王强,,,12345678901234,,,,\r\n\
    C5,\"赵\"\"大\"\"宝\",,,+86 13900138003,,/cn/44/4401/h001,,2020-01-05 08:30:00\r\n\
    C6,钱多多,,,13900138004,,/elsewhere,,\r\n\
    C7,孙某,,,13900138005,,,,yesterday\r\n\
    C8,\"没有闭合,,,13900138006,,,,\r\n\
    C9,福州恒达,营业执照,91350100M000100Y43,,,/cn/44/4401/h001,大客户,\r\n";

#[both_databases]
async fn bad_rows_are_told_with_line_field_and_reason(t: TestApp) {
    let path = file(&t, "mixed.csv", MIXED);
    let report = import(&t, &path);
    assert_eq!(counts(&report), (3, 0, 0, 6));
    let told: Vec<(String, String, String)> = errors(&t)
        .iter()
        .map(|line| {
            let mut cells = line.split(',').map(str::to_owned);
            (cells.next().unwrap(), cells.next().unwrap(), cells.next().unwrap())
        })
        .collect();
    let expected = [
        ("3", "certificate", "certificate.invalid"),
        ("4", "name", "field.missing"),
        ("5", "phone", "phone.invalid"),
        ("7", "org", "field.invalid"),
        ("8", "created", "time.invalid"),
        ("9", "row", "field.invalid"),
    ];
    assert_eq!(told, expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned())));
    assert!(errors(&t)[0].contains("校验位") && errors(&t)[0].contains("\"C2,李娜,"), "{}", errors(&t)[0]);
    assert_eq!(names(&t, "13900138000").await, ["张伟"]);
    assert_eq!(names(&t, "13900138003").await, ["赵\"大\"宝"]);
    assert_eq!(names(&t, "91350100M000100Y43").await, ["福州恒达"]);
    let found = t.get("/api/v1/find?q=C1").await.ok();
    assert_eq!(
        (&found["customers"][0]["grade"], &found["customers"][0]["org"]),
        (&json!("gold"), &json!("/cn/44/4401/h001"))
    );
    assert_eq!(found["customers"][0]["createdAt"], "2020-01-04T16:00:00.000Z");
    assert_eq!(t.count("SELECT COUNT(*) FROM outbox").await, 1, "one event for all rows");
    assert_eq!(t.count("SELECT COUNT(*) FROM customer WHERE CAST(body AS TEXT) LIKE '%11010519491231002X%'").await, 0);
}

#[both_databases]
async fn rows_about_known_customers_update_them(t: TestApp) {
    import(&t, &file(&t, "mixed.csv", MIXED));
    let again = import(&t, &file(&t, "mixed.csv", &format!("{MIXED}\r\n")));
    assert_eq!(counts(&again), (0, 0, 3, 6), "the same rows change nothing");
    let news = "customer_no,name,certificate,phone,email,address\n\
        C1,张伟,,13811110000,zw@example.com,\n\
        ,张伟,11010519491231002X,,,新地址 9 号\n\
        ,赵\"大\"宝,,13900138003,zdb@example.com,\n\
        ,另一个人,,13900138003,,\n";
    let report = import(&t, &file(&t, "news.csv", news));
    assert_eq!(counts(&report), (1, 3, 0, 0));
    assert_eq!(names(&t, "13811110000").await, ["张伟"]);
    assert_eq!(names(&t, "13900138000").await, ["张伟"], "the old number stays");
    let id = t.get("/api/v1/find?q=13811110000").await.ok()["customers"][0]["id"].as_str().unwrap().to_owned();
    let view = t.get(&format!("/api/v1/customers/{id}/view")).await.ok();
    assert_eq!(
        (&view["customer"]["phone"], &view["customer"]["address"]),
        (&json!("13811110000"), &json!("新地址 9 号"))
    );
    assert_eq!(names(&t, "13900138003").await.len(), 2, "one telephone, two people");
    assert_eq!(t.count("SELECT COUNT(*) FROM customer").await, 4);
}

#[both_databases]
async fn one_person_twice_in_a_file_is_one_customer(t: TestApp) {
    let text = "name,phone,certificate,email\n\
        张伟,13900138000,11010519491231002X,\n\
        张伟,13900138000,,zw@example.com\n\
        张伟,,11010519491231002X,\n";
    let report = import(&t, &file(&t, "twice.csv", text));
    assert_eq!(counts(&report), (1, 1, 1, 0));
    assert_eq!(t.count("SELECT COUNT(*) FROM customer").await, 1);
}

fn many(n: usize) -> String {
    let mut text = "name,phone,org\n".to_owned();
    for i in 0..n {
        let phone = if i % 40 == 7 { "bad".to_owned() } else { format!("138{i:08}") };
        text.push_str(&format!("客户{i},{phone},/cn/44/4401/h001\n"));
    }
    text
}

#[both_databases]
async fn a_killed_import_goes_on_behind_the_last_durable_row(t: TestApp) {
    let path = file(&t, "many.csv", &many(400));
    assert!(import_by(&t, &path, 50, Some(150)).is_err(), "it is killed in the fourth batch");
    let half = t.count("SELECT COUNT(*) FROM customer").await;
    assert!((100..300).contains(&half), "{half}");
    // The kill came while refusals of a batch were on disk that was never stored.
    let errors_path = t.dir().join("errors.csv");
    let mut text = std::fs::read_to_string(&errors_path).unwrap();
    text.push_str("999,phone,phone.invalid,half a li");
    std::fs::write(&errors_path, text).unwrap();
    let report = import(&t, &path);
    assert!(report.resumed);
    assert_eq!(counts(&report), (390, 0, 0, 10));
    assert_eq!(t.count("SELECT COUNT(*) FROM customer").await, 390);
    let told = errors(&t);
    assert_eq!(told.len(), 10, "{told:?}");
    assert!(told.iter().zip(0..).all(|(line, n)| line.starts_with(&format!("{},phone,", n * 40 + 9))), "{told:?}");
    let new = import(&t, &path);
    assert!(!new.resumed, "a finished import is not gone on with");
    assert_eq!(counts(&new), (0, 0, 390, 10));
}

#[both_databases]
async fn a_batch_is_taken_back_to_the_row(t: TestApp) {
    import(
        &t,
        &file(
            &t,
            "first.csv",
            "customer_no,name,phone,address\nC1,张伟,13900138000,旧地址\nC2,李娜,13900138001,旧地址\n",
        ),
    );
    let before = t.digest().await;
    let second = "customer_no,name,phone,address,certificate\nC1,张大伟,13811110000,新地址,11010519491231002X\nC2,李娜,13900138001,新地址,\nC3,王强,13900138003,,\nC4,钱某,13900138004,,\n";
    let report = import(&t, &file(&t, "second.csv", second));
    assert_eq!(counts(&report), (2, 2, 0, 0));
    // Somebody works with one of the new and one of the changed customers.
    let id = t.get("/api/v1/find?q=C4").await.ok()["customers"][0]["id"].as_str().unwrap().to_owned();
    t.patch(&format!("/tmf-api/customerManagement/v4/customer/{id}"), json!({"grade": "gold"})).await.ok();
    let (db, batch) = (t.db().clone(), report.batch_id.clone());
    let undone = std::thread::spawn(move || customer::undo_import(&db, &Actor::system(), &batch, &mut |_| {}))
        .join()
        .unwrap()
        .unwrap();
    assert_eq!((undone.removed, undone.restored, undone.kept), (1, 2, 1));
    assert_eq!(names(&t, "13900138000").await, ["张伟"]);
    assert!(names(&t, "13811110000").await.is_empty() && names(&t, "11010519491231002X").await.is_empty());
    assert!(names(&t, "13900138003").await.is_empty());
    assert_eq!(names(&t, "13900138004").await, ["钱某"]);
    let id = t.get("/api/v1/find?q=C2").await.ok()["customers"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(t.get(&format!("/api/v1/customers/{id}/view")).await.ok()["customer"]["address"], "旧地址");
    assert_eq!(t.digest().await.rows("individual"), before.rows("individual") + 1);
    let (db, batch) = (t.db().clone(), report.batch_id);
    let again =
        std::thread::spawn(move || customer::undo_import(&db, &Actor::system(), &batch, &mut |_| {})).join().unwrap();
    assert_eq!(again.unwrap_err().code.id, "import.batch_state");
}

#[both_databases]
async fn files_that_are_no_table_are_refused_whole(t: TestApp) {
    let before = t.digest().await;
    let gbk = [&b"name,phone\n"[..], &[0xd5, 0xc5, 0xce, 0xb0], b",13900138000\n"].concat();
    for (name, bytes, code) in [
        ("gbk.csv", gbk, "import.encoding"),
        ("utf16.csv", vec![0xff, 0xfe, b'n', 0, b'a', 0], "import.encoding"),
        ("noname.csv", b"phone\n13900138000\n".to_vec(), "import.header"),
        ("empty.csv", Vec::new(), "import.header"),
    ] {
        let path = t.dir().join(name);
        std::fs::write(&path, bytes).unwrap();
        let refusal = import_by(&t, &path, 50, None).unwrap().unwrap_err();
        assert_eq!(refusal.code.id, code, "{name}");
    }
    let missing = import_by(&t, &t.dir().join("missing.csv"), 50, None).unwrap().unwrap_err();
    assert_eq!(missing.code.id, "import.unreadable");
    before.assert_unchanged(&t.digest().await);
}
