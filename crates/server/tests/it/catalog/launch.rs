//! Launches: design, check, approval by another person, versions that running orders keep, and what the law demands.

use super::escaped;
use testkit::{Client, TestApp, Value, both_databases, json};

const LAUNCHES: &str = "/api/v1/catalog/launches";

fn bundle(name: &str, monthly: i64) -> Value {
    let part = |id: &str, min: i64, max: i64, proposed: i64, group: Value| json!({"offeringId": id, "min": min, "max": max, "default": proposed, "group": group});
    json!({
        "name": name, "family": "bundle", "description": "手机与宽带，四款内容任选两款", "sharedAllowance": true,
        "allowances": {"dataMb": 81_920, "broadbandMbps": 1_000},
        "parts": [
            part("part-mobile", 1, 1, 1, Value::Null), part("part-broadband", 1, 1, 1, Value::Null),
            part("part-mobile-extra", 0, 3, 0, Value::Null),
            part("of-content-film", 0, 1, 1, json!("g1")), part("of-content-music", 0, 1, 1, json!("g1")),
            part("of-content-game", 0, 1, 0, json!("g1")), part("of-content-sport", 0, 1, 0, json!("g1")),
        ],
        "groups": [{"id": "g1", "name": "内容任选", "min": 2, "max": 2}],
        "prices": [{"name": "月费", "type": "recurring", "amountFen": monthly, "months": 1}],
        "discounts": [{"name": "前半年九折", "percent": 10, "months": 6, "appliesTo": "recurring"}],
        "audience": {"kinds": ["individual"], "maxPerCustomer": 2},
        "contract": {"months": 24, "remainingPercent": 30},
        "terms": "提前终止按剩余月费的 30% 支付违约金",
    })
}

fn marketer(t: &TestApp) -> Client {
    t.as_scope("/cn/44").as_role("marketer").named("lin")
}

fn approver(t: &TestApp) -> Client {
    t.as_scope("/cn/44").as_role("approver").named("huang")
}

async fn submitted(t: &TestApp, design: Value) -> String {
    let made = marketer(t).post(LAUNCHES, json!({"design": design})).await.created();
    let id = made["id"].as_str().unwrap().to_owned();
    marketer(t).post(&format!("{LAUNCHES}/{id}/submit"), json!({})).await.ok();
    id
}

async fn live(t: &TestApp, design: Value) -> String {
    let id = submitted(t, design).await;
    let done = approver(t).post(&format!("{LAUNCHES}/{id}/approve"), json!({"note": "同意"})).await.ok();
    assert_eq!(done["state"], "live");
    done["offeringId"].as_str().unwrap().to_owned()
}

#[both_databases]
async fn a_bundle_is_designed_checked_approved_by_another_and_on_sale_at_once(t: TestApp) {
    t.write(catalog::ensure_demo).await;
    let (marketer, approver) = (marketer(&t), approver(&t));
    let made = marketer.post(LAUNCHES, json!({"design": bundle("幸福全家 188", 18_800)})).await.created();
    assert_eq!((&made["state"], &made["problems"]), (&json!("draft"), &json!([])));
    assert_eq!(made["preview"]["products"].as_array().unwrap().len(), 4);
    let one = format!("{LAUNCHES}/{}", made["id"].as_str().unwrap());
    let before = t.digest().await;
    approver.post(&format!("{one}/approve"), json!({})).await.refused(409, "launch.state");
    approver.post(&format!("{one}/submit"), json!({})).await.refused(403, "auth.forbidden");
    t.as_scope("/cn/31").as_role("approver").get(&one).await.refused(404, "not_found");
    assert_eq!(before, t.digest().await);

    let sent = marketer.post(&format!("{one}/submit"), json!({"version": 1})).await.ok();
    let before = t.digest().await;
    marketer.put(&one, json!({"design": bundle("另一个", 1)})).await.refused(409, "launch.state");
    let both = t.as_scope("/cn/44").named("lin"); // whoever designed it, with whatever rights
    both.post(&format!("{one}/approve"), json!({})).await.refused(403, "catalog.same_person");
    approver.post(&format!("{one}/approve"), json!({"version": 1})).await.refused(409, "conflict.version");
    approver.post(&format!("{one}/refuse"), json!({})).await.refused(400, "field.missing");
    assert_eq!(before, t.digest().await);

    let version = sent["version"].as_i64().unwrap();
    let done = approver.post(&format!("{one}/approve"), json!({"version": version})).key("once").await.ok();
    let again = approver.post(&format!("{one}/approve"), json!({"version": version})).key("once").await.ok();
    assert_eq!((&done["state"], &done["offeringId"]), (&json!("live"), &again["offeringId"]));
    let id = done["offeringId"].as_str().unwrap();
    let shown = t.get(&format!("/api/v1/catalog/offerings/{id}")).await.ok();
    assert_eq!(
        (&shown["sellable"], &shown["priceFen"], &shown["contractMonths"]),
        (&json!(true), &json!(18_800), &json!(24))
    );
    assert_eq!(shown["groups"][0], json!({"id": "g1", "name": "内容任选", "min": 2, "max": 2}));
    assert_eq!(shown["discounts"][0]["percent"], 10);
    assert_eq!(shown["eligibility"]["areas"], json!(["/cn/44"]), "a province sells at home");
    let listed = t.get(&format!("/api/v1/catalog/offerings?sellable=true&q={}", escaped("幸福全家"))).await;
    assert_eq!(listed.total(), 1);

    // What was picked decides what is made; the default is two packs, three do not fit.
    let offering = id.to_owned();
    let families = t
        .write(move |tx| {
            let offering = catalog::offering(tx, &offering)?;
            let pick = |id: &str| catalog::Picked { offering_id: id.into(), quantity: 1, version: None };
            let picked = [pick("part-mobile-extra"), pick("of-content-game"), pick("of-content-sport")];
            let plan = catalog::decompose(tx, &offering, &picked)?;
            assert!(catalog::decompose(tx, &offering, &[pick("of-content-game")]).is_err());
            Ok(plan.iter().map(|p| p.offering_id.clone()).collect::<Vec<_>>())
        })
        .await;
    assert_eq!(families, ["part-mobile", "part-broadband", "part-mobile-extra", "of-content-game", "of-content-sport"]);
}

#[both_databases]
async fn a_design_is_told_everything_that_is_wrong_with_it_and_cannot_be_submitted(t: TestApp) {
    t.write(catalog::ensure_demo).await;
    let marketer = marketer(&t);
    let mut bad = bundle("携号转入专享", 18_800);
    bad["parts"][1]["offeringId"] = json!("nowhere");
    bad["parts"][2]["min"] = json!(5);
    bad["groups"][0]["max"] = json!(9);
    bad["prices"][0]["amountFen"] = json!(-1);
    bad["discounts"][0]["percent"] = json!(120);
    bad["audience"] = json!({"areas": ["/cn/31"], "grades": ["emperor"], "minAge": 30, "maxAge": 20});
    bad["contract"]["months"] = json!(0);
    bad["validFrom"] = json!("2026-02-30");
    let answer = marketer.post(&format!("{LAUNCHES}/check"), json!({"design": bad})).await.ok();
    let codes: Vec<&str> = answer["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap()).collect();
    for code in [
        "catalog.port_in_condition",
        "launch.part_unknown",
        "launch.part_numbers",
        "launch.group_numbers",
        "launch.price",
        "launch.discount",
        "launch.area",
        "launch.audience",
        "launch.contract",
        "launch.dates",
    ] {
        assert!(codes.contains(&code), "{code}: {codes:?}");
    }
    assert!(answer["problems"].as_array().unwrap().iter().all(|p| p["zh"] != p["en"] && p["hintZh"] != ""));
    let made = marketer.post(LAUNCHES, json!({"design": bad})).await.created();
    let one = format!("{LAUNCHES}/{}", made["id"].as_str().unwrap());
    let before = t.digest().await;
    let refused = marketer.post(&format!("{one}/submit"), json!({})).await.refused(422, "launch.unfit");
    assert!(refused["problems"].as_array().unwrap().len() >= 10);
    assert_eq!(before, t.digest().await);
    // Dearer than its parts is a remark, not an error.
    let dear = marketer.post(&format!("{LAUNCHES}/check"), json!({"design": bundle("贵", 99_900)})).await.ok();
    assert_eq!(dear["problems"][0]["code"], "launch.dearer");
    assert_eq!(dear["problems"][0]["severity"], "warning");
    marketer.delete(&one).await.no_content();
    marketer.get(&one).await.refused(404, "not_found");
}

#[both_databases]
async fn a_change_waits_for_its_day_and_what_was_sold_keeps_its_version(t: TestApp) {
    t.write(catalog::ensure_demo).await;
    let id = live(&t, bundle("幸福全家 188", 18_800)).await;
    let (marketer, approver) = (marketer(&t), approver(&t));
    let begun = marketer.get(&format!("/api/v1/catalog/offerings/{id}/design")).await.ok();
    assert_eq!(begun["changeable"], true);
    let mut design = begun["design"].clone();
    assert_eq!(design["prices"][0]["amountFen"], 18_800);
    design["prices"][0]["amountFen"] = json!(16_800);
    design["effectiveDate"] = json!("2026-12-01");
    let made = marketer.post(LAUNCHES, json!({"design": design, "changes": id})).await.created();
    assert!(made["differences"].as_array().unwrap().iter().any(|d| d["path"] == "prices.月费.amountFen"), "{made}");
    let one = format!("{LAUNCHES}/{}", made["id"].as_str().unwrap());
    marketer.post(&format!("{one}/submit"), json!({})).await.ok();
    let waiting = approver.post(&format!("{one}/approve"), json!({})).await.ok();
    assert_eq!(waiting["state"], "approved");
    // Nobody begins to change the same offering meanwhile.
    let second = marketer.post(LAUNCHES, json!({"design": design, "changes": id})).await.created();
    let second = format!("{LAUNCHES}/{}", second["id"].as_str().unwrap());
    marketer.post(&format!("{second}/submit"), json!({})).await.refused(409, "launch.other_open");
    let price = async || t.get(&format!("/api/v1/catalog/offerings/{id}")).await.ok()["priceFen"].clone();
    t.settle().await;
    assert_eq!(price().await, 18_800, "not before its day");
    t.advance(20 * 86_400);
    t.settle().await;
    assert_eq!(marketer.get(&one).await.ok()["state"], "live");
    assert_eq!(price().await, 16_800);
    // An order pinned to the first version still has its price, its discount, and its parts.
    let pinned = id.clone();
    let (old, new) = t
        .write(move |tx| Ok((catalog::offering_at(tx, &pinned, Some(1))?, catalog::offering_at(tx, &pinned, None)?)))
        .await;
    assert_eq!((old.prices[0].amount.in_fen(), new.prices[0].amount.in_fen()), (18_800, 16_800));
    assert_eq!((old.version, old.discounts.len(), old.options.len()), (1, 1, 7));
    let unknown = id.clone();
    let refused = t.try_write(move |tx| catalog::offering_at(tx, &unknown, Some(99)).map(drop)).await.unwrap_err();
    assert_eq!(refused.code.id, "offering.version_unknown");
    let told = t.get(&format!("/api/v1/catalog/offerings/{id}/compare?from=1")).await.ok();
    assert_eq!(told, json!([{"path": "prices.月费.amountFen", "label": "prices", "before": 18_800, "after": 16_800}]));
    t.get(&format!("/api/v1/catalog/offerings/{id}/compare?from=77")).await.refused(404, "not_found");
    assert_eq!(t.get(&format!("/api/v1/catalog/offerings/{id}/compare")).await.ok(), told, "with the one before");
    t.get(&format!("/api/v1/catalog/offerings/{id}/compare?from=x")).await.refused(400, "query.invalid");
    // The other draft began from a version that is gone.
    marketer.post(&format!("{second}/submit"), json!({})).await.refused(409, "launch.stale");
}

#[both_databases]
async fn a_change_that_no_longer_fits_on_its_day_is_blocked_and_nothing_of_it_is_done(t: TestApp) {
    t.write(catalog::ensure_demo).await;
    let id = live(&t, bundle("幸福全家 188", 18_800)).await;
    let (marketer, approver) = (marketer(&t), approver(&t));
    let mut design = marketer.get(&format!("/api/v1/catalog/offerings/{id}/design")).await.ok()["design"].clone();
    design["name"] = json!("幸福全家 新");
    design["effectiveDate"] = json!("2026-12-01");
    let made = marketer.post(LAUNCHES, json!({"design": design, "changes": id})).await.created();
    let one = format!("{LAUNCHES}/{}", made["id"].as_str().unwrap());
    marketer.post(&format!("{one}/submit"), json!({})).await.ok();
    approver.post(&format!("{one}/approve"), json!({})).await.ok();
    let closed = json!({"lifecycleStatus": "Retired"});
    t.patch("/tmf-api/productCatalogManagement/v4/productOffering/of-content-film", closed).await.ok();
    t.advance(20 * 86_400);
    t.settle().await;
    let blocked = marketer.get(&one).await.ok();
    assert_eq!(blocked["state"], "blocked");
    assert!(blocked["problem"]["zh-CN"]["reason"].as_str().unwrap().contains("影视"), "{blocked}");
    assert_eq!(t.get(&format!("/api/v1/catalog/offerings/{id}")).await.ok()["name"], "幸福全家 188");
    // It is taken up again without the part that is gone.
    design["parts"].as_array_mut().unwrap().remove(3);
    design["parts"][4]["default"] = json!(1);
    let saved = marketer.put(&one, json!({"design": design})).await.ok();
    assert_eq!((&saved["state"], &saved["problems"]), (&json!("draft"), &json!([])), "{saved}");
}

#[both_databases]
async fn what_is_on_sale_is_not_changed_past_the_approval(t: TestApp) {
    t.write(catalog::ensure_demo).await;
    let offerings = "/tmf-api/productCatalogManagement/v4/productOffering";
    let prices = "/tmf-api/productCatalogManagement/v4/productOfferingPrice";
    let before = t.digest().await;
    let cheap = json!({"price": {"unit": "CNY", "value": 1}});
    t.patch(&format!("{prices}/pr-mobile-59"), cheap).await.refused(403, "catalog.needs_launch");
    t.patch(&format!("{offerings}/of-mobile-59"), json!({"name": "改名"})).await.refused(403, "catalog.needs_launch");
    t.post(offerings, json!({"name": "直接上架", "lifecycleStatus": "Launched"}))
        .await
        .refused(403, "catalog.same_person");
    assert_eq!(before, t.digest().await);
    // What a hall remarks on it binds nobody.
    t.patch(&format!("{offerings}/of-mobile-59"), json!({"x-note": "本厅主推"})).await.ok();
    let elsewhere = t.as_scope("/cn/31").as_role("marketer").named("lin");
    assert_eq!(elsewhere.get("/api/v1/catalog/offerings/of-mobile-59/design").await.ok()["changeable"], false);
    elsewhere
        .post(LAUNCHES, json!({"design": {"name": "x", "family": "mobile"}, "changes": "of-mobile-59"}))
        .await
        .refused(403, "launch.not_own");
}

#[both_databases]
async fn the_law_is_kept_by_the_catalogue(t: TestApp) {
    t.write(catalog::ensure_demo).await;
    let offerings = "/tmf-api/productCatalogManagement/v4/productOffering";
    // No silent conversion of a free trial.
    let silent = json!({"name": "免费体验", "trial": {"days": 30, "convertsTo": "of-content-cloud"}});
    let refused = t.post(offerings, silent).await.refused(422, "catalog.law_trial");
    assert!(refused["message"].as_str().unwrap().contains("29"));
    let auto = json!({"name": "免费体验", "trial": {"days": 30, "convertsTo": "x", "confirmation": true, "autoConvert": true}});
    t.post(offerings, auto).await.refused(422, "catalog.law_trial");
    t.post(
        offerings,
        json!({"name": "免费体验", "trial": {"days": 30, "convertsTo": "of-content-cloud", "confirmation": true}}),
    )
    .await
    .created();
    // No tariff for those who port in, wherever the condition hides.
    for body in [
        json!({"name": "特惠", "marketSegment": [{"id": "portIn", "name": "Port-in customers"}]}),
        json!({"name": "特惠", "productOfferingPrice": [], "productOfferingTerm": [{"name": "携号转入优惠"}]}),
    ] {
        t.post(offerings, body).await.refused(422, "catalog.port_in_condition");
    }
    // Bundling leaves the single service: the last one on sale cannot go while a bundle has it …
    let retire = |id: &str| (format!("{offerings}/{id}"), json!({"lifecycleStatus": "Retired"}));
    let (path, body) = retire("of-iptv-4k");
    t.patch(&path, body).await.ok();
    let (path, body) = retire("of-iptv-basic");
    let before = t.digest().await;
    t.patch(&path, body).await.refused(422, "catalog.law_single");
    assert_eq!(before, t.digest().await);
    // … and a bundle of a line that nobody can have alone is not launched.
    let mut design = bundle("全家", 18_800);
    design["audience"] = json!({"kinds": ["organization"]});
    design["parts"]
        .as_array_mut()
        .unwrap()
        .push(json!({"offeringId": "of-mobile-senior-29", "min": 0, "max": 1, "default": 0, "group": null}));
    let fits = marketer(&t).post(&format!("{LAUNCHES}/check"), json!({"design": design})).await.ok();
    let code = |c: &str| fits["problems"].as_array().unwrap().iter().any(|p| p["code"] == c);
    assert!(!code("catalog.law_single"), "others may have a telephone alone: {fits}");
    for id in ["of-mobile-59", "of-mobile-129", "of-mobile-online-29"] {
        let (path, body) = retire(id);
        let answer = t.patch(&path, body).await;
        if answer.status.as_u16() == 422 {
            let mut only = bundle("企业全家", 18_800);
            only["audience"] = json!({"kinds": ["organization"]});
            let told = marketer(&t).post(&format!("{LAUNCHES}/check"), json!({"design": only})).await.ok();
            assert!(!told["problems"].as_array().unwrap().iter().any(|p| p["code"] == "catalog.law_single"));
            return;
        }
    }
    panic!("the last telephone for everybody must stay");
}

#[both_databases]
async fn discounts_keep_to_the_authority_of_those_who_grant_them(t: TestApp) {
    t.write(catalog::ensure_demo).await;
    let granted = |percent: i64, request: Option<String>| catalog::Granted {
        offering_id: "of-line-10m".into(),
        customer_id: "c1".into(),
        percent,
        fen_month: 0,
        months: 12,
        request_id: request,
    };
    let try_as = async |who: Client, what: catalog::Granted| {
        t.app().db().write(who.actor(), move |tx| catalog::check_granted(tx, &what)).await
    };
    let clerk = t.as_scope("/cn/44/4401/h001").as_role("clerk").named("li");
    let manager = t.as_scope("/cn/44/4401").as_role("manager").named("wang");
    assert!(try_as(manager.clone(), granted(10, None)).await.is_ok());
    let refused = try_as(clerk.clone(), granted(10, None)).await.unwrap_err();
    assert_eq!(refused.code.id, "discount.over_authority");
    assert!(refused.help(kernel::Lang::Zh).contains("客户经理"), "it names who may");
    let refused = try_as(t.named("boss"), granted(60, None)).await.unwrap_err();
    assert_eq!(refused.code.id, "discount.ceiling", "the offering has a ceiling of its own");

    let ask = json!({"offeringId": "of-line-10m", "customerId": "c1", "percent": 40, "months": 24, "reason": "竞争对手报价更低"});
    let both = t.as_scope("/cn/44/4401").named("wang");
    let request = both.post("/api/v1/discounts/requests", ask).key("r1").await.created();
    let id = request["id"].as_str().unwrap().to_owned();
    let one = format!("/api/v1/discounts/requests/{id}");
    let before = t.digest().await;
    both.post(&format!("{one}/approve"), json!({})).await.refused(403, "catalog.same_person");
    assert!(try_as(both.clone(), granted(40, Some(id.clone()))).await.is_err(), "not approved yet");
    assert_eq!(before, t.digest().await);
    approver(&t).post(&format!("{one}/approve"), json!({"note": "同意"})).await.ok();
    approver(&t).post(&format!("{one}/refuse"), json!({"note": "不"})).await.refused(409, "discount.request_state");
    assert!(try_as(both.clone(), granted(40, Some(id.clone()))).await.is_ok());
    assert!(try_as(both.clone(), granted(45, Some(id.clone()))).await.is_err(), "no more than was granted");
    let (first, second) = (granted(40, Some(id.clone())), granted(40, Some(id.clone())));
    let taken = t.app().db().write(both.actor(), move |tx| catalog::use_granted(tx, &first, "order-1")).await;
    assert!(taken.is_ok());
    let again = t.app().db().write(both.actor(), move |tx| catalog::use_granted(tx, &second, "order-2")).await;
    assert_eq!(again.unwrap_err().code.id, "discount.request_unusable", "good for one order");
    t.write(|tx| catalog::give_back(tx, "order-1")).await;
    assert!(try_as(both.clone(), granted(40, Some(id.clone()))).await.is_ok(), "a cancelled order gives it back");
    t.advance(8 * 86_400);
    assert!(try_as(both, granted(40, Some(id))).await.is_err(), "lapsed");

    // Nobody approves a launch with more discount than they may grant.
    let mut generous = bundle("大放送", 18_800);
    generous["discounts"][0]["percent"] = json!(80);
    let id = submitted(&t, generous).await;
    approver(&t).post(&format!("{LAUNCHES}/{id}/approve"), json!({})).await.refused(403, "discount.over_authority");
}
