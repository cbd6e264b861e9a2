//! Who may have what: reasons over the whole cart and what is held, and the same answers for outside shops.

use catalog::{Ask, Family, Held, Picked, Subject};
use kernel::{OrgPath, Timestamp};
use testkit::{TestApp, both_databases, json};

fn subject(kind: &str, grade: &str, org: &str, channel: &str, age: Option<i64>) -> Subject {
    Subject {
        customer_id: "c".into(),
        kind: kind.into(),
        grade: grade.into(),
        org: OrgPath::parse(org).unwrap(),
        channel: channel.into(),
        age,
        held: Vec::new(),
        at: Timestamp::parse("2026-11-22T10:00:00+08:00").unwrap(),
    }
}

fn ask(id: &str) -> Ask {
    Ask { offering_id: id.into(), version: None, selection: Vec::new(), quantity: 1 }
}

async fn codes(t: &TestApp, who: &Subject, asks: Vec<Ask>) -> Vec<String> {
    let who = who.clone();
    let why = t.write(move |tx| catalog::why_not(tx, &who, &asks)).await;
    assert!(why.iter().all(|w| !w.zh.is_empty() && !w.en.is_empty() && !w.hint_zh.is_empty() && w.zh != w.en));
    why.into_iter().map(|w| w.code).collect()
}

#[both_databases]
async fn every_reason_is_told_and_none_where_there_is_none(t: TestApp) {
    t.write(catalog::ensure_demo).await;
    let person = subject("individual", "standard", "/cn/44/4401/h001", "hall", Some(30));
    let company = subject("organization", "key", "/cn/44/4401", "manager", None);
    let all = async |who: &Subject, asks: Vec<Ask>| codes(&t, who, asks).await;
    assert_eq!(all(&person, vec![ask("of-mobile-59"), ask("of-broadband-300")]).await, Vec::<String>::new());
    // Kind, channel, age, grade, region: all of them at once.
    assert_eq!(all(&person, vec![ask("of-line-10m")]).await, ["eligibility.customer_kind"]);
    let hotline = Subject { channel: "hotline".into(), ..company.clone() };
    assert_eq!(all(&hotline, vec![ask("of-line-10m")]).await, ["eligibility.channel"]);
    assert_eq!(all(&company, vec![ask("of-line-10m")]).await, Vec::<String>::new());
    assert_eq!(
        all(&company, vec![ask("of-mobile-online-29")]).await,
        ["eligibility.customer_kind", "eligibility.channel"]
    );
    assert_eq!(all(&person, vec![ask("of-mobile-senior-29")]).await, ["eligibility.age"]);
    assert_eq!(all(&person, vec![ask("of-option-butler")]).await, ["eligibility.grade"]);
    let away = Subject { org: OrgPath::parse("/cn/31").unwrap(), ..person.clone() };
    assert_eq!(all(&away, vec![ask("of-option-gd-30g")]).await, ["eligibility.area", "eligibility.needs_family"]);
    assert_eq!(all(&person, vec![ask("of-option-gd-30g"), ask("of-mobile-59")]).await, Vec::<String>::new());
    // What is not known is not held against anybody.
    let nobody = subject("", "", "/cn/44", "", None);
    assert_eq!(all(&nobody, vec![ask("of-line-10m")]).await, Vec::<String>::new());
    for (id, code) in [
        ("of-closed-38", "offering.closed"),
        ("part-mobile", "offering.component_only"),
        ("nowhere", "offering.unknown"),
    ] {
        assert_eq!(all(&person, vec![ask(id)]).await, [code]);
    }
    let none = Ask { quantity: 0, ..ask("of-mobile-59") };
    assert_eq!(all(&person, vec![none]).await, ["field.invalid"]);
}

#[both_databases]
async fn offerings_need_and_exclude_each_other_in_the_cart_and_with_what_is_held(t: TestApp) {
    t.write(catalog::ensure_demo).await;
    let person = subject("individual", "standard", "/cn/44/4401/h001", "hall", Some(30));
    let all = async |who: &Subject, asks: Vec<Ask>| codes(&t, who, asks).await;
    // A phone on contract needs one of two plans.
    assert_eq!(all(&person, vec![ask("of-phone-5g")]).await, ["eligibility.requires"]);
    assert_eq!(all(&person, vec![ask("of-phone-5g"), ask("of-mobile-129")]).await, Vec::<String>::new());
    let held = |offering: &str, family: Family, bundle: Option<&str>| Held {
        product_id: offering.into(),
        offering_id: offering.into(),
        family,
        bundle: bundle.map(str::to_owned),
    };
    let of_bundle =
        Subject { held: vec![held("part-mobile", Family::Mobile, Some("of-triple-199"))], ..person.clone() };
    assert_eq!(all(&of_bundle, vec![ask("of-phone-5g")]).await, Vec::<String>::new(), "held as part of the bundle");
    // An exclusion holds whoever of the two says it, in the cart and against what is held.
    let day = held("of-option-data-10g", Family::Option, None);
    let mobile = held("of-mobile-59", Family::Mobile, None);
    let has_day = Subject { held: vec![day, mobile.clone()], ..person.clone() };
    assert_eq!(all(&has_day, vec![ask("of-option-night-20g")]).await, ["eligibility.excludes"]);
    let has_night = Subject { held: vec![held("of-option-night-20g", Family::Option, None), mobile], ..person.clone() };
    assert_eq!(all(&has_night, vec![ask("of-option-data-10g")]).await, ["eligibility.excludes"]);
    let both = all(&person, vec![ask("of-mobile-59"), ask("of-option-night-20g"), ask("of-option-data-10g")]).await;
    assert_eq!(both, ["eligibility.excludes", "eligibility.excludes"], "each of the two hears it");
    // At most so many, what is held and what is asked together.
    let two = Ask { quantity: 2, ..ask("of-family-circle") };
    assert_eq!(all(&has_night, vec![two]).await, ["eligibility.max_per_customer"]);
    let circle = Subject {
        held: vec![held("of-family-circle", Family::Group, None), held("of-mobile-59", Family::Mobile, None)],
        ..person.clone()
    };
    assert_eq!(all(&circle, vec![ask("of-family-circle")]).await, ["eligibility.max_per_customer"]);
    // The choice within a bundle.
    let pick = |id: &str, quantity: i64| Picked { offering_id: id.into(), quantity, version: None };
    let three = Ask {
        selection: vec![pick("of-content-film", 1), pick("of-content-music", 1), pick("of-content-game", 1)],
        ..ask("of-triple-199")
    };
    assert_eq!(all(&person, vec![three]).await, ["bundle.group"]);
    let cards = Ask { selection: vec![pick("part-mobile-extra", 9)], ..ask("of-triple-199") };
    assert_eq!(all(&person, vec![cards]).await, ["bundle.quantity", "bundle.group"]);
    assert_eq!(all(&person, vec![ask("of-triple-199")]).await, Vec::<String>::new());
}

#[both_databases]
async fn outside_shops_hear_the_same_reasons(t: TestApp) {
    t.write(catalog::ensure_demo).await;
    let path = "/tmf-api/productOfferingQualification/v4/productOfferingQualification";
    let made = t
        .post(
            path,
            json!({"provideAlternative": true, "channel": {"id": "hall"}, "productOfferingQualificationItem": [
                {"id": "a", "productOffering": {"id": "of-mobile-online-29"}},
                {"productOffering": {"id": "of-mobile-59"}},
                {"productOffering": {"id": "66", "href": "https://host/66"}},
            ]}),
        )
        .await
        .created();
    let items = made["productOfferingQualificationItem"].as_array().unwrap();
    assert_eq!((&made["state"], &items[0]["id"], &items[1]["id"]), (&json!("done"), &json!("a"), &json!("2")));
    assert_eq!(items[0]["qualificationItemResult"], "alternate");
    assert_eq!(items[0]["eligibilityUnavailabilityReason"][0]["code"], "eligibility.channel");
    assert!(!items[0]["alternateProductOfferingProposal"].as_array().unwrap().is_empty());
    assert_eq!(items[1]["qualificationItemResult"], "qualified");
    assert_eq!(items[2]["eligibilityUnavailabilityReason"][0]["code"], "offering.elsewhere");
    t.post(path, json!({"relatedParty": []})).await.refused(400, "field.missing");
    t.post(path, json!({"productOfferingQualificationItem": []})).await.refused(400, "field.invalid");
    // It names a customer: another province does not see it.
    let one = format!("{path}/{}", made["id"].as_str().unwrap());
    t.as_scope("/cn/31").get(&one).await.refused(404, "not_found");

    let configurations = "/tmf-api/productConfigurationManagement/v5";
    let part = |id: &str| json!({"productOffering": {"id": id}, "quantity": 1, "isSelected": true});
    let check = |parts: Vec<testkit::Value>| {
        json!({"checkProductConfigurationItem": [{"id": "1", "productConfiguration":
            {"productOffering": {"id": "of-triple-199"}, "bundledProductOffering": parts}}]})
    };
    let url = format!("{configurations}/checkProductConfiguration");
    let fits = t.post(&url, check(vec![part("of-content-game"), part("of-content-sport")])).await.created();
    let item = &fits["checkProductConfigurationItem"][0];
    assert_eq!(item["state"], "approved");
    assert_eq!(item["productConfiguration"]["bundledProductOffering"].as_array().unwrap().len(), 5);
    let wrong = t.post(&url, check(vec![part("of-content-game")])).await.created();
    let item = &wrong["checkProductConfigurationItem"][0];
    assert_eq!((&item["state"], &item["stateReason"][0]["code"]), (&json!("rejected"), &json!("bundle.group")));
    let url = format!("{configurations}/queryProductConfiguration");
    let ask = json!({"requestProductConfigurationItem": [{"productConfiguration": {"productOffering": {"id": "of-triple-199"}}}]});
    let told = t.post(&url, ask).await.created();
    let configuration = &told["computedProductConfigurationItem"][0]["productConfiguration"];
    assert_eq!(configuration["choiceGroup"][0]["minimum"], 2);
    assert_eq!(configuration["choice"].as_array().unwrap().len(), 9);
    assert_eq!(configuration["configurationPrice"][0]["price"]["taxIncludedAmount"]["value"], 199.0);

    let promotions = "/tmf-api/promotionManagement/v5/promotion";
    let made = t.post(promotions, json!({"name": "双节特惠", "type": "Discount", "pattern": []})).await.created();
    let one = format!("{promotions}/{}", made["id"].as_str().unwrap());
    t.patch(&one, json!({"lifecycleStatus": "Release"})).await.refused(409, "catalog.lifecycle");
    for state in ["WaitForApproval", "Release"] {
        t.patch(&one, json!({"lifecycleStatus": state})).await.ok();
    }
    t.delete(&one).await.refused(409, "in_use");
    t.post(promotions, json!({"name": "携号转入专享"})).await.refused(422, "catalog.port_in_condition");
}
