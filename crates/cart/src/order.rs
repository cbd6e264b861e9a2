//! The order (TMF622) that a cart asks for.

use serde_json::{Map, Value, json};

/// What a cart's item says about itself and not about what is ordered.
const OF_THE_CART: [&str; 5] = ["status", "itemPrice", "itemTotalPrice", "cartItemRelationship", "@type"];
/// What the order takes over as it stands.
const TAKEN_OVER: [&str; 9] = [
    "billingAccount",
    "description",
    "note",
    "effective",
    "effectiveDate",
    "verificationId",
    "proxyVerificationId",
    "developer",
    "confirmations",
];

pub fn items(doc: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    doc.get("cartItem").and_then(Value::as_array).into_iter().flatten()
}

/// The customer among the related parties.
pub fn customer_of(doc: &Map<String, Value>) -> Option<&str> {
    let parties = doc.get("relatedParty")?.as_array()?;
    parties.iter().find(|p| p["role"] == "customer" || p["@referredType"] == "Customer")?["id"].as_str()
}

/// The body of the order; `given` is what was said when submitting, and counts before what the cart says.
pub fn body(cart_id: &str, doc: &Map<String, Value>, given: &Map<String, Value>) -> Map<String, Value> {
    let mut order = Map::new();
    for name in TAKEN_OVER {
        if let Some(value) = given.get(name).or(doc.get(name)).filter(|v| !v.is_null()) {
            order.insert(name.to_owned(), value.clone());
        }
    }
    order.insert("relatedParty".into(), doc.get("relatedParty").cloned().unwrap_or(json!([])));
    order.insert("shoppingCart".into(), json!({"id": cart_id, "@referredType": "ShoppingCart"}));
    let ordered = items(doc).map(|item| {
        let mut item = item.as_object().cloned().unwrap_or_default();
        OF_THE_CART.iter().for_each(|name| drop(item.remove(*name)));
        Value::Object(item)
    });
    order.insert("productOrderItem".into(), ordered.collect());
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_asks_for_what_the_cart_holds_and_nothing_of_the_cart_itself() {
        let cart = json!({
            "cartItem": [{"id": "1", "action": "add", "quantity": 2, "status": "active", "itemPrice": [],
                          "productOffering": {"id": "o"}, "selection": [{"offeringId": "p", "quantity": 1}]}],
            "relatedParty": [{"id": "c", "role": "customer"}], "developer": "王强", "step": 3, "verificationId": "old",
        });
        let given = json!({"verificationId": "new", "status": "x"});
        let order = body("k", cart.as_object().unwrap(), given.as_object().unwrap());
        let item = json!({"id": "1", "action": "add", "quantity": 2, "productOffering": {"id": "o"},
                          "selection": [{"offeringId": "p", "quantity": 1}]});
        assert_eq!(order["productOrderItem"], json!([item]));
        assert_eq!((&order["developer"], &order["verificationId"]), (&json!("王强"), &json!("new")));
        assert!(!order.contains_key("step") && !order.contains_key("status"));
    }
}
