//! The demo: a store with people, customers and tariffs to try everything with.

use super::{Done, ServeArgs, seed, serve};
use access::{NewStaff, Password};
use kernel::{Actor, Env, OrgPath, Result};
use serde_json::json;
use store::Db;

/// Login, password, name, place, scope, role. Known to everybody who reads this: for a demo store only.
const PEOPLE: [(&str, &str, &str, &str, &str, &str); 14] = [
    ("clerk", "demo-Clerk-1", "李娜", "/cn/44/4401/h001", "/cn/44/4401", "clerk"),
    ("manager", "demo-Manager-1", "王志强", "/cn/44/4401", "/cn/44/4401", "manager"),
    ("fallout", "demo-Fallout-1", "陈静", "/cn/44", "/cn/44", "fallout"),
    ("agent", "demo-Agent-1", "周敏", "/cn/44", "/cn/44", "agent"),
    ("marketer", "demo-Marketer-1", "林晓燕", "/cn/44", "/cn/44", "marketer"),
    ("approver", "demo-Approver-1", "黄建华", "/cn/44", "/cn/44", "approver"),
    ("cityadmin", "demo-Cityadmin-1", "梁永康", "/cn/44/4401", "/cn/44/4401", "cityadmin"),
    ("kiosk", "demo-Kiosk-1", "天河路取号机", "/cn/44/4401/h001", "/cn/44/4401/h001", "kiosk"),
    ("collector", "demo-Collector-1", "何丽华", "/cn/44/4401", "/cn/44/4401", "collector"),
    ("auditor", "demo-Auditor-1", "何淑芬", "/cn/44/4401/h001", "/cn/44/4401", "hallauditor"),
    ("cityauditor", "demo-Cityauditor-1", "罗国栋", "/cn/44/4401", "/cn/44/4401", "cityauditor"),
    ("provauditor", "demo-Provauditor-1", "郑雅琴", "/cn/44", "/cn/44", "provinceauditor"),
    ("biller", "demo-Biller-1", "吴晓峰", "/cn/44/4401", "/cn/44/4401", "billing"),
    ("admin", "demo-Admin-1", "系统管理员", "/cn", "/cn", "admin"),
];

const PLACES: [(&str, &str, &str); 4] = [
    ("/cn", "集团", "group"),
    ("/cn/44", "广东省", "province"),
    ("/cn/44/4401", "广州市", "city"),
    ("/cn/44/4401/h001", "天河路营业厅", "hall"),
];

/// Larger stores are for measuring: nobody looks at their doubts.
const IDENTIFIED: u64 = 50_000;

/// A certificate on the hall's reader and a picture that fits it, to try real name with.
fn devices(data: &std::path::Path) -> Result<()> {
    let failed = |e: std::io::Error| {
        kernel::Problem::new(&super::problems::FILE).with("value", &data.display().to_string()).because(e)
    };
    let card = json!({"certificateType": "idCard", "certificate": "11010519491231002X", "name": "张伟", "validUntil": "2046-12-31"});
    let face = json!({"certificate": "11010519491231002X", "permille": 936, "alive": true});
    for (folder, name, content) in [("readers", "天河路-1", card), ("faces", "zhangwei", face)] {
        let folder = data.join("devices").join(folder);
        std::fs::create_dir_all(&folder).map_err(failed)?;
        std::fs::write(folder.join(format!("{name}.json")), content.to_string()).map_err(failed)?;
    }
    Ok(())
}

pub fn run(args: &ServeArgs, customers: u64) -> Done {
    serve::log();
    let listener = serve::bind(args)?;
    let _held = args.place.hold()?;
    let (db, modules) = args.place.open(serve::env(args)?)?;
    if db.read_blocking(Actor::system(), access::setup_needed)? {
        println!("建立演示数据：{customers} 名客户 / making demo data: {customers} customers");
        seed::fill(&db, customers, 1, 0)?;
        super::identity::prepare(&db, &args.place);
        if customers <= IDENTIFIED {
            crate::seed::identity::fill(&db, &args.place.data.join("identity").join("demo"))?;
            devices(&args.place.data)?;
        }
        people(&db)?;
    }
    println!("演示账号 / demo logins:");
    for (login, password, name, org, _, role) in PEOPLE {
        println!("  {login:<9} {password:<16} {role:<9} {org:<18} {name}");
    }
    serve::with_store(args, listener, db, modules)
}

/// The demo logins. Their making ends the seeding: a store without staff is one whose seeding was cut short.
fn people(db: &Db) -> Result<()> {
    let env: Env = db.env().clone();
    let mut staff = Vec::new();
    for (login, password, name, org, scope, role) in PEOPLE {
        staff.push(NewStaff {
            login: login.to_owned(),
            name: name.to_owned(),
            org: OrgPath::parse(org)?,
            scope: OrgPath::parse(scope)?,
            roles: vec![role.to_owned()],
            password: Password::new(&env, password, login, 10)?,
        });
    }
    db.write_blocking(Actor::system(), move |tx| {
        access::ensure_organizations(tx, &PLACES)?;
        activation::ensure_demo(tx)?;
        staff.iter().try_for_each(|s| match s.login.as_str() {
            "manager" => access::create_staff_as(tx, crate::seed::MANAGER.to_owned(), s.clone()).map(drop),
            _ => access::create_staff(tx, s.clone()).map(drop),
        })
    })
}

/// The places that every demo store has.
pub fn places(db: &Db) -> Result<()> {
    db.write_blocking(Actor::system(), |tx| access::ensure_organizations(tx, &PLACES))
}
