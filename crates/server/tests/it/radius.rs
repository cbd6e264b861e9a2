//! A broadband order ends in a RADIUS server that lets the customer in, and not while the line is suspended. Runs a private
//! FreeRADIUS (scripts/freeradius.sh); says so and passes where that is not installed.

use crate::ordering::{finish, order_state, place, shop};
use activation::{Access, RadiusServer};
use std::{
    net::{SocketAddr, UdpSocket},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};
use testkit::{TestApp, both_databases, json};

const SECRET: &str = "testing-secret";

/// A FreeRADIUS of this test's own; ends with it.
struct Radius {
    process: Child,
    server: RadiusServer,
}

impl Drop for Radius {
    fn drop(&mut self) {
        let _ = self.process.kill(); // it may have ended by itself
        let _ = self.process.wait();
    }
}

fn start(dir: &Path) -> Option<Radius> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/freeradius.sh");
    let port = UdpSocket::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
    let home = dir.join("radius");
    std::fs::create_dir_all(&home).ok()?;
    let database = home.join("radius.sqlite");
    activation::radius_prepare(&database).expect("the data base");
    let prepared = Command::new(&script).arg("prepare").arg(&home).arg(port.to_string()).arg(SECRET).output().ok()?;
    if !prepared.status.success() {
        println!("skipped: {}", String::from_utf8_lossy(&prepared.stderr).trim());
        return None;
    }
    let log = std::fs::File::create(home.join("log")).ok()?;
    let process = Command::new(&script).arg("run").arg(&home).stdout(Stdio::from(log)).spawn().ok()?;
    let address: SocketAddr = ([127, 0, 0, 1], port).into();
    Some(Radius { process, server: RadiusServer { database, address, secret: SECRET.to_owned() } })
}

async fn ready(t: &TestApp, radius: &Radius) {
    for _ in 0..100 {
        if ask(t, radius, "nobody", "x").await == Some(Access::Reject) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let log = radius.server.database.with_file_name("log");
    panic!("FreeRADIUS does not answer: {}", std::fs::read_to_string(log).unwrap_or_default());
}

async fn ask(t: &TestApp, radius: &Radius, user: &str, password: &str) -> Option<Access> {
    let (server, env) = (radius.server.clone(), t.db().env().clone());
    let (user, password) = (user.to_owned(), password.to_owned());
    let asked = move || activation::radius_ask(server.address, &server.secret, &user, &password, &env).ok();
    tokio::task::spawn_blocking(asked).await.unwrap()
}

/// The same question by FreeRADIUS' own client, where it is there.
fn radtest(radius: &Radius, user: &str, password: &str) -> Option<bool> {
    let server = radius.server.address.to_string();
    let out = Command::new("radtest").args([user, password, &server, "0", SECRET]).output().ok()?;
    Some(String::from_utf8_lossy(&out.stdout).contains("Access-Accept"))
}

#[both_databases]
async fn a_broadband_order_opens_the_door_and_suspension_shuts_it(t: TestApp) {
    let customer = shop(&t).await;
    let Some(radius) = start(t.dir()) else { return };
    activation::use_radius(t.db(), radius.server.clone()).unwrap();
    ready(&t, &radius).await;

    let order = place(&t, &customer, "of-broadband-300", &[("installAddress", "天河路 1 号")]).await;
    finish(&t).await;
    assert_eq!(order_state(&t, &order).await, "completed");
    let product =
        t.get("/tmf-api/productInventory/v4/product?status=active").await.ok()[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/products/{product}");
    let door = t.post(&format!("{path}/access"), json!({"reason": "装机"})).await.ok();
    let (user, password) = (door["account"].as_str().unwrap(), door["password"].as_str().unwrap());
    assert_eq!(ask(&t, &radius, user, password).await, Some(Access::Accept));
    assert_eq!(ask(&t, &radius, user, "wrong").await, Some(Access::Reject));
    assert_ne!(radtest(&radius, user, password), Some(false));
    assert_eq!(
        t.write({
            let user = user.to_owned();
            move |tx| customer::find(tx, &user, 5)
        })
        .await
        .len(),
        1
    );

    t.post(&format!("{path}/suspend"), json!({"reason": "客户报停"})).await.expect(202);
    finish(&t).await;
    assert_eq!(ask(&t, &radius, user, password).await, Some(Access::Reject));
    assert_ne!(radtest(&radius, user, password), Some(true));

    t.post(&format!("{path}/resume"), json!({"reason": "客户复机"})).await.expect(202);
    finish(&t).await;
    assert_eq!(ask(&t, &radius, user, password).await, Some(Access::Accept));
}
