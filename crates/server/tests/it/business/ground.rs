//! What businesses are done on: two customers of one city with certificates, lines of several kinds, an option, a bundle, a group.

use crate::{
    numbers::lock,
    ordering::{finish, place, shop},
};
use inventory::products;
use kernel::{OrgPath, Phone};
use party::{Certificate, CertificateKind};
use testkit::{TestApp, Value, json};

pub struct Ground {
    pub t: TestApp,
    pub customer: String,
    pub other: String,
    /// A mobile line of the customer on 13900138200.
    pub line: String,
}

async fn person(t: &TestApp, name: &'static str, certificate: &'static str) -> String {
    t.write(move |tx| {
        let mut new = customer::NewCustomer::person(name);
        new.org = Some(OrgPath::parse("/cn/44/4401/h001")?);
        new.certificate = Some(Certificate::parse(CertificateKind::IdCard, certificate)?);
        new.phones = vec![Phone::parse("13700000001")?];
        customer::create(tx, &new).map(|c| c.id)
    })
    .await
}

impl Ground {
    pub async fn new(t: &TestApp) -> Self {
        shop(t).await;
        let customer = person(t, "李明", "11010519491231002X").await;
        let other = person(t, "王芳", "440106198001010027").await;
        let mut ground = Self { t: t.clone(), customer, other, line: String::new() };
        ground.line = ground.mobile("13900138200").await;
        ground
    }

    /// A working mobile line on a number.
    pub async fn mobile(&self, number: &str) -> String {
        let token = lock(&self.t, number).await;
        let order = place(&self.t, &self.customer, "of-mobile-59", &[("number", number), ("lockToken", &token)]).await;
        self.made_by(&order).await
    }
    /// A working product of an offering at an address.
    pub async fn at_address(&self, offering: &str) -> String {
        let order = place(&self.t, &self.customer, offering, &[("installAddress", "天河路 1 号")]).await;
        self.made_by(&order).await
    }
    pub async fn plain(&self, offering: &str) -> String {
        let order = place(&self.t, &self.customer, offering, &[]).await;
        self.made_by(&order).await
    }
    async fn made_by(&self, order: &str) -> String {
        finish(&self.t).await;
        let id = order.to_owned();
        let made = self
            .t
            .write(move |tx| Ok(products::of_order(tx, &id)?.into_iter().map(|p| p.id).collect::<Vec<_>>()))
            .await;
        let seen = crate::ordering::track(&self.t, order).await;
        assert_eq!(seen["order"]["state"], "completed", "{seen:#}");
        made[0].clone()
    }
    /// An option on the line.
    pub async fn option(&self) -> String {
        let order = self.done("addOption", &self.line, json!({"offering": "of-option-data-10g"})).await;
        let made = self
            .t
            .write(move |tx| Ok(products::of_order(tx, &order)?.into_iter().map(|p| p.id).collect::<Vec<_>>()))
            .await;
        made[0].clone()
    }

    pub async fn product(&self, id: &str) -> Value {
        self.t.get(&format!("/tmf-api/productInventory/v4/product/{id}")).await.ok()
    }
    pub async fn characteristic(&self, id: &str, name: &str) -> Value {
        let product = self.product(id).await;
        let all = product["productCharacteristic"].as_array().unwrap();
        all.iter().find(|c| c["name"] == name).map_or(Value::Null, |c| c["value"].clone())
    }

    /// An ask about a product.
    pub fn ask(business: &str, product: &str, values: Value) -> Value {
        json!({"business": business, "productId": product, "values": values, "effective": "immediate", "reason": "客户要求"})
    }
    /// An ask about the customer.
    pub fn ask_customer(&self, business: &str, values: Value) -> Value {
        json!({"business": business, "customerId": self.customer, "values": values, "effective": "immediate", "reason": "客户要求"})
    }
    /// Does a business to its end; returns its order.
    pub async fn done(&self, business: &str, product: &str, values: Value) -> String {
        self.carried_out(&Self::ask(business, product, values)).await
    }
    pub async fn carried_out(&self, ask: &Value) -> String {
        let placed = self.t.post("/api/v1/businesses", ask.clone()).await.created();
        finish(&self.t).await;
        let id = placed["orderId"].as_str().unwrap().to_owned();
        let seen = crate::ordering::track(&self.t, &id).await;
        assert_eq!(seen["order"]["state"], "completed", "{ask}: {seen:#}");
        self.sound().await;
        id
    }
    pub async fn check(&self, ask: &Value) -> Value {
        self.t.post("/api/v1/businesses/check", ask.clone()).await.ok()
    }
    /// Every check of the house holds.
    pub async fn sound(&self) {
        let checks: Vec<_> = self.t.app().checks().to_vec();
        let wrong = self
            .t
            .write(move |tx| checks.iter().map(|c| (c.run)(tx)).collect::<kernel::Result<Vec<_>>>())
            .await
            .concat();
        assert_eq!(wrong, Vec::<String>::new());
    }
}
