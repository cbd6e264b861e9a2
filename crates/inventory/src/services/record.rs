//! What a service says of its product: whose it is, where it is, how it is set, which resources carry it.

use super::{SERVICE, Specification};
use crate::{
    products::{PRODUCT, Status, characteristic},
    resources::RESOURCE,
};
use http::tmf::Document;
use kernel::Result;
use serde_json::{Map, Value, json};
use store::Tx;

/// Never copied, should an order carry one among its characteristics.
const SECRETS: [&str; 5] = ["password", "secret", "pin", "puk", "lockToken"];
const NUMBERS: &str = "/api/v1/numbers";
const ORGANIZATIONS: &str = "/api/v1/organizations";

/// What all services of a product have in common.
pub(super) fn of_product(tx: &mut Tx<'_>, product: &Document) -> Result<Map<String, Value>> {
    let now = json!(tx.now());
    let start = product.body.get("startDate").filter(|d| d.is_string()).cloned().unwrap_or_else(|| now.clone());
    let mut shared = Map::new();
    shared.insert("description".into(), json!(product.text("name")));
    shared.insert("state".into(), json!(state(product)));
    shared.insert("serviceDate".into(), now);
    shared.insert("startDate".into(), start);
    shared.insert("productId".into(), json!(product.id));
    shared.insert("relatedParty".into(), parties(product));
    shared.insert("place".into(), json!([place(tx, product)?]));
    shared.insert("serviceCharacteristic".into(), characteristics(product));
    shared.insert("supportingResource".into(), resources(product));
    Ok(shared)
}

pub(super) fn service(
    shared: &Map<String, Value>,
    id: &str,
    category: &str,
    specification: &Specification,
    relations: Value,
    supporting: Value,
) -> Map<String, Value> {
    let mut body = Map::with_capacity(shared.len() + 9);
    body.insert("id".into(), json!(id));
    body.insert("href".into(), json!(SERVICE.href(id)));
    body.insert("@type".into(), json!(SERVICE.type_name));
    body.insert("name".into(), json!(specification.name));
    body.insert("category".into(), json!(category));
    body.insert(
        "serviceSpecification".into(),
        json!({
            "id": specification.id, "href": catalog::SERVICE_SPECIFICATION.href(&specification.id),
            "version": specification.version, "name": specification.name,
        }),
    );
    body.insert("serviceRelationship".into(), relations);
    body.insert("supportingService".into(), supporting);
    body.extend(shared.iter().map(|(name, value)| (name.clone(), value.clone())));
    body
}

pub(super) fn references(services: &[(&String, &Specification)]) -> Value {
    services.iter().map(|(id, s)| json!({"id": id, "href": SERVICE.href(id), "name": s.name})).collect()
}

pub(super) fn relations(kind: &str, services: &[(&String, &Specification)]) -> Value {
    let reference = |(id, s): &(&String, &Specification)| json!({"id": id, "href": SERVICE.href(id), "name": s.name});
    services.iter().map(|s| json!({"relationshipType": kind, "service": reference(s)})).collect()
}

fn state(product: &Document) -> &'static str {
    match Status::parse(product.text("status")) {
        Ok(Status::Suspended) => "inactive",
        _ => "active",
    }
}

fn parties(product: &Document) -> Value {
    let parties = product.body.get("relatedParty").and_then(Value::as_array).into_iter().flatten();
    let customers = parties.filter(|p| p["role"] == "customer").filter_map(|p| p["id"].as_str());
    let reference =
        |id| json!({"id": id, "href": customer::CUSTOMER.href(id), "role": "customer", "@referredType": "Customer"});
    customers.map(reference).collect()
}

/// Where it was installed; what is carried about belongs to the place that keeps it.
fn place(tx: &mut Tx<'_>, product: &Document) -> Result<Value> {
    if let Some(address) = characteristic(&product.body, "installAddress") {
        // The product is where the address is kept.
        return Ok(json!({
            "id": product.id, "href": PRODUCT.href(&product.id), "name": address, "role": "installation",
            "@referredType": "GeographicAddress",
        }));
    }
    let org = product.org.as_str();
    Ok(json!({
        "id": org, "href": ORGANIZATIONS, "name": access::org_name(tx, org)?,
        "role": "installation", "@referredType": "Organization",
    }))
}

/// The family is always there: the network is told it with every request.
fn characteristics(product: &Document) -> Value {
    let all = product.body.get("productCharacteristic").and_then(Value::as_array).into_iter().flatten();
    let family = json!({"name": "family", "valueType": "string", "value": product.text("family")});
    let known = all.filter(|c| c["name"].as_str().is_some_and(|n| !SECRETS.contains(&n)) && !c["value"].is_null());
    let shown = known.map(|c| json!({"name": c["name"], "valueType": value_type(&c["value"]), "value": c["value"]}));
    std::iter::once(family).chain(shown).collect()
}

fn value_type(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
        Value::String(_) | Value::Null => "string",
    }
}

/// Number, card, port and account. A product without any is known to the network by its own identifier.
fn resources(product: &Document) -> Value {
    const CARRIERS: [(&str, &str); 6] = [
        ("number", "PhoneNumber"),
        ("iccid", "SimCard"),
        ("accessPort", "Port"),
        ("broadbandAccount", "Account"),
        ("account", "Account"),
        ("circuit", "Circuit"),
    ];
    let mut found: Vec<Value> = Vec::new();
    for (name, kind) in CARRIERS {
        found.extend(characteristic(&product.body, name).map(|text| resource(&text, kind)));
    }
    if found.is_empty() {
        found.push(resource(&product.id, "Account"));
    }
    Value::Array(found)
}

fn resource(id: &str, kind: &str) -> Value {
    let encoded: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
    let href = match kind {
        "PhoneNumber" => format!("{NUMBERS}?pattern={encoded}"),
        _ => format!("{}/{}?name={encoded}", RESOURCE.api.base, RESOURCE.name),
    };
    json!({"id": id, "href": href, "name": id, "@referredType": kind})
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{OrgPath, Timestamp};

    fn product(characteristics: Value) -> Document {
        let body = json!({"status": "suspended", "family": "broadband", "productCharacteristic": characteristics});
        let Value::Object(body) = body else { panic!("an object") };
        Document { id: "p1".into(), version: 1, org: OrgPath::root(), created_at: Timestamp::from_micros(0), body }
    }

    #[test]
    fn a_service_says_what_the_product_is_set_to_but_no_secret() {
        let set = json!([{"name": "accessPort", "value": "OLT-1 0/1/2"}, {"name": "downMbps", "value": 300}, {"name": "password", "value": "x"}]);
        let product = product(set);
        let shown = characteristics(&product);
        let names: Vec<&str> = shown.as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["family", "accessPort", "downMbps"]);
        assert_eq!(shown[2]["valueType"], "number");
        assert_eq!(state(&product), "inactive");
        let carriers = resources(&product);
        assert_eq!(carriers[0]["id"], "OLT-1 0/1/2");
        assert_eq!(carriers[0]["href"], "/tmf-api/resourceInventoryManagement/v4/resource?name=OLT-1+0%2F1%2F2");
    }

    #[test]
    fn what_has_no_number_or_port_is_known_by_its_own_identifier() {
        assert_eq!(resources(&product(json!([])))[0]["id"], "p1");
    }
}
