//! A published row becomes a tariff, dirt and all.

use super::*;
use serde_json::json;

fn read(row: Value) -> Result<Tariff, &'static str> {
    let entry = Entry { index: 0, line: 1, group: String::new(), value: row };
    understand(&Header::new(), entry).map_err(|r| r.code().id)
}

#[test]
fn a_plan_of_the_first_operator_is_understood() {
    let tariff = read(json!({
        "id": "cmcc-青海-26QH0001", "name": "家庭乐享套餐（99元）", "area": "青海", "price": 99, "data": 30, "voice": 300, "sms": "0",
        "broadband": "1条500M宽带", "audience": "青海移动客户", "contract": "24个月；要求在网12个月", "source": "中国移动资费公示专区", "tags": ["家庭"],
        "details": {"schemeId": "26QH0001", "tariffStandard": "99元/月起", "onlineDate": "20250101", "offlineDate": "20301231", "validity": "24个月",
            "networkRequirement": "要求在网12个月", "services": "<p>含IPTV</p>", "category": "家庭"}
    }))
    .unwrap();
    assert_eq!((tariff.family, tariff.fee.amount.in_fen(), tariff.fee.months), (Family::Bundle, 9_900, 1));
    assert_eq!(
        tariff.allowances,
        Allowances { data_mb: Some(30_720), voice_min: Some(300), sms: Some(0), broadband_mbps: Some(500) }
    );
    assert_eq!(tariff.parts, ["part-mobile", "part-broadband", "part-iptv"]);
    assert_eq!(tariff.contract_months, Some(12));
    assert_eq!(tariff.from.unwrap().to_string(), "2024-12-31T16:00:00.000Z");
    assert_eq!(tariff.to.unwrap().to_string(), "2030-12-31T15:59:59.000Z");
    assert_eq!(tariff.source_id, "cmcc-青海-26QH0001");
    assert!(tariff.offering_id.starts_with("cmcc-26QH0001-") && kernel::Id::<()>::parse(&tariff.offering_id).is_ok());
}

#[test]
fn a_plan_of_another_operator_is_understood() {
    let tariff = read(json!({"方案编号": 90001, "资费名称": "冰激凌套餐129元", "资费标准": "129元/月", "流量": "40GB", "语音": "500分钟", "上线日期": "2024年3月1日",
        "下线日期": "长期有效", "省份": "北京", "运营商": "中国联通", "自定义": {"x": [1]}}))
    .unwrap();
    assert_eq!((tariff.source_id.as_str(), tariff.offering_id.as_str()), ("unicom-90001", "unicom-90001"));
    assert_eq!((tariff.family, tariff.fee.amount.in_fen(), tariff.to), (Family::Mobile, 12_900, None));
    assert_eq!(tariff.published["自定义"], json!({"x": [1]}), "unknown fields are kept");
}

#[test]
fn a_price_without_unit_takes_it_from_the_name() {
    let fee = |name: &str, standard: &str| {
        let fee = read(json!({"id": "1", "name": name, "price": 100, "tariffStandard": standard})).unwrap().fee;
        (fee.kind, fee.months, fee.assumed)
    };
    assert_eq!(fee("畅享套餐", "100元"), (PriceKind::Recurring, 1, true));
    assert_eq!(fee("流量年包", "100元"), (PriceKind::Recurring, 12, true));
    assert_eq!(fee("家宽初装费", "100元"), (PriceKind::OneTime, 0, true));
    assert_eq!(fee("开扩孔", "100元/次"), (PriceKind::OneTime, 0, false));
    assert_eq!(fee("日包", "1元/日"), (PriceKind::Usage, 0, false));
    assert_eq!(fee("安防", "360元/两年"), (PriceKind::Recurring, 24, false));
}

#[test]
fn every_rule_of_refusal_names_its_reason() {
    let base = |change: Value| {
        let mut row =
            json!({"id": "1", "name": "套餐", "price": 10, "onlineDate": "20250101", "offlineDate": "20260101"});
        for (name, value) in change.as_object().unwrap() {
            row[name] = value.clone();
        }
        read(row).err()
    };
    assert_eq!(base(json!({})), None);
    for (change, code) in [
        (json!({"id": null}), "row.id_missing"),
        (json!({"id": "  "}), "row.id_missing"),
        (json!({"name": ""}), "row.name_missing"),
        (json!({"price": null}), "row.price_missing"),
        (json!({"price": "详见详情"}), "row.price_missing"),
        (json!({"price": "免费咨询"}), "row.price_missing"),
        (json!({"price": -1}), "row.negative"),
        (json!({"price": "99999999999999"}), "row.price_missing"),
        (json!({"data": -5}), "row.negative"),
        (json!({"offlineDate": "20241231"}), "row.dates_reversed"),
        (json!({"onlineDate": "20250230"}), "row.date_invalid"),
        (json!({"name": "套餐\u{0}"}), "row.text_invalid"),
        (json!({"name": "携号转入专享套餐"}), "catalog.port_in_condition"),
    ] {
        assert_eq!(base(change.clone()), Some(code), "{change}");
    }
    assert_eq!(read(json!("text")).err(), Some("row.not_object"));
    assert_eq!(read(json!([])).err(), Some("row.not_object"));
}

/// A repeatable stream of awkward JSON.
struct Awkward(u64);

impl Awkward {
    fn next(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
    fn text(&mut self) -> String {
        const PIECES: [&str; 24] = [
            "元",
            "/月",
            "-",
            "—",
            "29",
            "0.1",
            "９",
            "G",
            "M",
            "兆",
            "年",
            "月",
            "个",
            "2030",
            "<p>",
            "&nbsp;",
            "，",
            "；",
            "\0",
            "\u{202e}",
            "😀",
            "携号转",
            "入",
            " ",
        ];
        (0..self.next(7)).map(|_| PIECES[self.next(PIECES.len())]).collect()
    }
    fn value(&mut self, depth: usize) -> Value {
        match self.next(if depth > 2 { 6 } else { 8 }) {
            0 => Value::Null,
            1 => json!(self.next(2) == 0),
            2 => json!(self.next(1_000_000) as i64 - 500_000),
            3 => json!(self.next(1000) as f64 * 1e300),
            4 => json!(i64::MIN),
            5 => json!(self.text()),
            6 => (0..self.next(4)).map(|_| self.value(depth + 1)).collect(),
            _ => Value::Object((0..self.next(6)).map(|_| (self.name(), self.value(depth + 1))).collect()),
        }
    }
    fn name(&mut self) -> String {
        const NAMES: [&str; 16] = [
            "id",
            "name",
            "price",
            "tariffStandard",
            "data",
            "voice",
            "sms",
            "broadband",
            "contract",
            "validity",
            "onlineDate",
            "offlineDate",
            "details",
            "tags",
            "资费标准（元/月）",
            "",
        ];
        if self.next(5) == 0 { self.text() } else { NAMES[self.next(NAMES.len())].to_owned() }
    }
}

#[test]
fn whatever_a_row_holds_the_answer_is_a_tariff_or_a_reason() {
    let mut awkward = Awkward(7);
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..20_000 {
        let mut row: Map<String, Value> = (0..awkward.next(12)).map(|_| (awkward.name(), awkward.value(0))).collect();
        if awkward.next(2) == 0 {
            row.insert("id".into(), json!(awkward.text()));
            row.insert("name".into(), json!(awkward.text()));
            row.insert("price".into(), json!(awkward.text()));
        }
        match read(Value::Object(row)) {
            Ok(tariff) => {
                taken += 1;
                assert!(kernel::Id::<()>::parse(&tariff.offering_id).is_ok(), "{}", tariff.offering_id);
                assert!(tariff.fee.amount >= Money::ZERO && !tariff.name.trim().is_empty());
            }
            Err(_) => refused += 1,
        }
    }
    assert!(taken > 50 && refused > 1_000, "both happen: {taken} taken, {refused} refused");
}
