//! Value and cognitive attributes. Each is marked as given or derived; a derived one says how it was made and from what. What
//! the records do not give is not there: nothing is estimated.

use super::facts::Facts;
use care::{SURVEYS, Satisfaction};
use serde_json::{Value, json};

/// Families a household can have with us, for what is still missing.
const POSSIBLE: [&str; 3] = ["mobile", "broadband", "iptv"];

struct Trait {
    id: &'static str,
    title: (&'static str, &'static str),
    value: Value,
    /// `money`, `number`, `percent`, `text`, `band`, `months`.
    kind: &'static str,
    how: Option<(String, String)>,
    source: &'static str,
}

impl Trait {
    fn json(self) -> Value {
        let origin = if self.how.is_some() { "derived" } else { "given" };
        let how = self.how.map(|(zh, en)| json!({"zh-CN": zh, "en": en}));
        json!({"id": self.id, "title": {"zh-CN": self.title.0, "en": self.title.1}, "value": self.value, "kind": self.kind,
               "origin": origin, "how": how, "source": self.source})
    }
}

fn derived(
    id: &'static str,
    title: (&'static str, &'static str),
    kind: &'static str,
    value: Value,
    how: (&str, &str),
    source: &'static str,
) -> Trait {
    Trait { id, title, value, kind, how: Some((how.0.to_owned(), how.1.to_owned())), source }
}

fn given(
    id: &'static str,
    title: (&'static str, &'static str),
    kind: &'static str,
    value: Value,
    source: &'static str,
) -> Trait {
    Trait { id, title, value, kind, how: None, source }
}

/// A code in both languages, as a page shows it.
fn band(code: &str, zh: &str, en: &str) -> Value {
    json!({"code": code, "zh-CN": zh, "en": en})
}

fn stage(facts: &Facts) -> (Value, &'static str, &'static str) {
    let leaving = facts.overdue > 0 || facts.contract_days.is_some_and(|d| d <= 60);
    match () {
        () if facts.closed || (facts.live == 0 && !facts.months.is_empty()) => {
            (band("lost", "离网", "Left"), "没有在用产品，曾有账单", "no product in use, but bills in the past")
        }
        () if facts.live == 0 => (band("prospect", "未入网", "Prospect"), "还没有产品", "no product yet"),
        () if leaving => (
            band("atRisk", "待挽留", "At risk"),
            "有逾期欠费，或合约 60 天内到期",
            "overdue, or a contract ends within 60 days",
        ),
        () if facts.tenure < 3 => (band("new", "新入网", "New"), "在网不满 3 个月", "with us for less than 3 months"),
        () if facts.tenure < 12 => {
            (band("growing", "成长期", "Growing"), "在网 3–12 个月", "with us for 3 to 12 months")
        }
        () => (
            band("mature", "稳定期", "Mature"),
            "在网满 12 个月且无逾期",
            "with us for a year or more, nothing overdue",
        ),
    }
}

/// Points by the example rule of a carrier (PROCESSES §12, P29): tenure, a point a yuan of the last year, less per suspension.
fn score(facts: &Facts) -> (i64, i64, i64, i64) {
    let tenure = match facts.tenure {
        0..12 => 0,
        12..36 => 100,
        36..120 => 200,
        _ => 300,
    };
    let year = facts.months.iter().rev().take(12).map(|(_, fen)| fen).sum::<i64>() / 100;
    let less = (facts.suspended * 100).min(500);
    (tenure + year - less, tenure, year, less)
}

pub(crate) fn value(facts: &Facts, grade: &str, grades: &[Value], this_month: &str) -> Value {
    let mut all = Vec::new();
    let months = facts.months.len().min(6);
    if let Some(average) = facts.average(this_month) {
        let accounts = facts.accounts.max(1);
        all.push(derived("arpa", ("月均出账 (ARPA)", "Average billed (ARPA)"), "money", json!(average / accounts),
            (&format!("最近 {months} 个出账月的账单合计 ÷ 月数 ÷ {accounts} 个账户，不含本月，按出账（优惠后）计"),
             &format!("bills of the last {months} billed months ÷ months ÷ {accounts} account(s), this month aside, as billed after discounts")), "billing.bill"));
        if facts.lines > 0 {
            all.push(derived(
                "arpu",
                ("户均 (ARPU)", "Per line (ARPU)"),
                "money",
                json!(average / facts.lines),
                (
                    &format!("月均出账 ÷ {} 条在用线路（不含加装包与终端）", facts.lines),
                    &format!("average billed ÷ {} lines in use (options and devices aside)", facts.lines),
                ),
                "billing.bill",
            ));
        }
    }
    if facts.live > 0 {
        all.push(given(
            "monthlyFee",
            ("在用产品月费", "Monthly fees held"),
            "money",
            json!(facts.monthly_fee),
            "inventory.product",
        ));
    }
    if facts.paid_in_year > 0 {
        all.push(derived(
            "paidInYear",
            ("近一年缴费", "Paid within a year"),
            "money",
            json!(facts.paid_in_year),
            ("最近 365 天收款减反销账", "payments less reversals of the last 365 days"),
            "billing.payment",
        ));
    }
    if facts.due_bills > 0 {
        let share = facts.paid_bills * 100 / facts.due_bills;
        all.push(derived(
            "punctuality",
            ("到期账单缴清率", "Due bills paid"),
            "percent",
            json!(share),
            (
                &format!("已到期 {} 张账单中 {} 张已缴清", facts.due_bills, facts.paid_bills),
                &format!("{} of {} bills that were due are paid in full", facts.paid_bills, facts.due_bills),
            ),
            "billing.bill",
        ));
    }
    all.push(derived(
        "tenure",
        ("在网时长", "Tenure"),
        "months",
        json!(facts.tenure),
        ("从建档或最早产品的开通日算起", "from when the customer was entered, or the first product started"),
        "inventory.product",
    ));
    if !facts.months.is_empty() || facts.tenure >= 12 {
        let (total, tenure, year, less) = score(facts);
        all.push(derived("score", ("价值积分", "Value points"), "number", json!(total),
            (&format!("在网 {tenure} + 近 12 个月每出账 1 元 1 分 {year} − 停机 {less}（示例规则，见 PROCESSES §12）"),
             &format!("tenure {tenure} + a point per yuan billed in 12 months {year} − suspensions {less} (example rule, PROCESSES §12)")), "billing.bill"));
    }
    let (code, zh, en) = stage(facts);
    all.push(derived("stage", ("生命周期阶段", "Life-cycle stage"), "band", code, (zh, en), "inventory.product"));
    let missing: Vec<&str> =
        POSSIBLE.into_iter().filter(|f| facts.live > 0 && !facts.families.iter().any(|h| h == f)).collect();
    if !missing.is_empty() {
        all.push(derived(
            "potential",
            ("尚未持有", "Not held yet"),
            "families",
            json!(missing),
            ("移动、宽带、IPTV 中尚未持有的类别", "of mobile, broadband and IPTV, what is not held"),
            "inventory.product",
        ));
    }
    if !grade.is_empty() {
        all.push(given("grade", ("客户等级", "Grade"), "grade", json!(grade), "customer"));
    }
    json!({"attributes": all.into_iter().map(Trait::json).collect::<Vec<_>>(), "grades": grades})
}

/// What speaks for the customer leaving, each with its reason; the signals that the seed names, and what the records show.
fn churn(facts: &Facts, this_month: &str) -> Vec<(&'static str, &'static str)> {
    let mut signs = Vec::new();
    let mut sign = |on: bool, zh: &'static str, en: &'static str| {
        if on {
            signs.push((zh, en));
        }
    };
    sign(facts.declines(this_month), "出账连续三个月下降", "billed less three months in a row");
    sign(facts.contract_days.is_some_and(|d| d <= 60), "合约 60 天内到期", "a contract ends within 60 days");
    sign(facts.overdue > 0, "有逾期欠费", "something is overdue");
    sign(facts.complaints_lately > 0, "90 天内有投诉", "complained within 90 days");
    sign(facts.suspended > 0, "有产品停机", "a product is suspended");
    signs
}

pub(crate) fn cognitive(facts: &Facts, answers: &[Satisfaction], this_month: &str) -> Value {
    let mut all = Vec::new();
    for survey in &SURVEYS {
        let of: Vec<&Satisfaction> = answers.iter().filter(|a| a.survey == survey.name).collect();
        let Some(last) = of.first() else { continue };
        let sum: i64 = of.iter().map(|a| a.score).sum();
        let average = sum as f64 / of.len() as f64;
        all.push(Trait {
            id: survey.name,
            title: (survey.zh, survey.en),
            value: json!({"last": last.score, "average": (average * 10.0).round() / 10.0, "scale": survey.best, "count": of.len()}),
            kind: "score",
            how: (of.len() > 1).then(|| (format!("{} 次评价的平均；最近一次 {}", of.len(), last.score), format!("average of {} answers; the last was {}", of.len(), last.score))),
            source: "care.satisfaction",
        });
    }
    if facts.complaints_in_year > 0 || !answers.is_empty() {
        all.push(given(
            "complaints",
            ("近一年投诉", "Complaints within a year"),
            "number",
            json!(facts.complaints_in_year),
            "care.troubleTicket",
        ));
    }
    if facts.live > 0 {
        let loyal = match (facts.tenure, facts.families.len()) {
            (36.., _) | (12.., 2..) => band("high", "高", "High"),
            (12.., _) | (_, 2..) => band("medium", "中", "Medium"),
            _ => band("low", "低", "Low"),
        };
        all.push(derived("loyalty", ("忠诚度", "Loyalty"), "band", loyal,
            (&format!("在网 {} 个月，持有 {} 类产品：满 36 个月，或满 12 个月且两类以上为高；满 12 个月或两类以上为中", facts.tenure, facts.families.len()),
             &format!("{} months with us, {} families held: high from 36 months, or 12 with two families; medium from 12 months or two families", facts.tenure, facts.families.len())), "inventory.product"));
        let signs = churn(facts, this_month);
        let risk = match signs.len() {
            0 => band("low", "低", "Low"),
            1 => band("medium", "中", "Medium"),
            _ => band("high", "高", "High"),
        };
        let list = |pick: fn(&(&'static str, &'static str)) -> &'static str, none: &str, between: &str| {
            if signs.is_empty() { none.to_owned() } else { signs.iter().map(pick).collect::<Vec<_>>().join(between) }
        };
        let zh = format!("按信号计数，不是概率模型：{}", list(|s| s.0, "没有离网信号", "、"));
        let en = format!("signals counted, not a model of probability: {}", list(|s| s.1, "no signal", ", "));
        all.push(derived("churn", ("离网风险", "Risk of leaving"), "band", risk, (&zh, &en), "billing.bill"));
    }
    json!({
        "attributes": all.into_iter().map(Trait::json).collect::<Vec<_>>(),
        "satisfaction": answers.iter().take(20).map(Satisfaction::to_json).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Facts, churn, cognitive, score, stage, value};
    use serde_json::Value;

    fn has(view: &Value, id: &str) -> bool {
        view["attributes"].as_array().expect("attributes").iter().any(|a| a["id"] == id)
    }

    #[test]
    fn nothing_is_said_that_the_records_do_not_give() {
        let nobody = Facts::default();
        let shown = value(&nobody, "", &[], "2026-11");
        assert!(
            !has(&shown, "arpu")
                && !has(&shown, "arpa")
                && !has(&shown, "punctuality")
                && !has(&shown, "grade")
                && !has(&shown, "score")
        );
        assert_eq!(stage(&nobody).0["code"], "prospect");
        let felt = cognitive(&nobody, &[], "2026-11");
        assert_eq!(felt["attributes"], serde_json::json!([]));
    }

    #[test]
    fn every_derived_attribute_explains_itself() {
        let facts = Facts {
            months: vec![("2026-10".into(), 9_900)],
            accounts: 1,
            lines: 2,
            live: 2,
            tenure: 14,
            due_bills: 3,
            paid_bills: 2,
            paid_in_year: 100,
            families: vec!["mobile".into()],
            ..Facts::default()
        };
        for view in [value(&facts, "gold", &[], "2026-11"), cognitive(&facts, &[], "2026-11")] {
            for a in view["attributes"].as_array().expect("attributes") {
                let derived = a["origin"] == "derived";
                assert_eq!(derived, a["how"]["zh-CN"].is_string() && a["how"]["en"].is_string(), "{a}");
            }
        }
        let shown = value(&facts, "gold", &[], "2026-11");
        let arpu = shown["attributes"].as_array().and_then(|all| all.iter().find(|a| a["id"] == "arpu")).expect("arpu");
        assert_eq!(arpu["value"], 4_950);
    }

    #[test]
    fn points_follow_the_rule() {
        let facts = Facts { months: vec![("2026-10".into(), 12_345)], tenure: 40, suspended: 7, ..Facts::default() };
        assert_eq!(score(&facts), (200 + 123 - 500, 200, 123, 500));
    }

    #[test]
    fn signs_of_leaving_are_counted() {
        let facts = Facts { overdue: 1, suspended: 1, live: 1, ..Facts::default() };
        assert_eq!(churn(&facts, "2026-11").len(), 2);
        assert_eq!(stage(&facts).0["code"], "atRisk");
    }
}
