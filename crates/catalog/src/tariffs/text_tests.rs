//! The spellings that carriers really publish, and what is read from them.

use super::*;
use serde_json::json;

#[test]
fn amounts_are_read_with_what_follows_them() {
    for (text, fen, rest) in [
        ("29元/月", 2_900, "元/月"),
        ("29.90元/月", 2_990, "元/月"),
        ("30—120元/月", 3_000, "—120元/月"),
        ("１２９元", 12_900, "元"),
        ("1,299元（一次性）", 129_900, "元（一次性）"),
        ("￥59", 5_900, ""),
        ("29.900000000000002", 2_990, ""),
    ] {
        let (money, after) = amount(text).unwrap();
        assert_eq!((money.unwrap().in_fen(), after.as_str()), (fen, rest), "{text}");
    }
    assert!(amount("详见详情").is_none() && amount("").is_none());
    assert!(amount("99999999999999999元").unwrap().0.is_err(), "no believable amount");
    assert_eq!(amount("-5元").unwrap().0.unwrap().in_fen(), -500);
}

#[test]
fn every_published_unit_is_told_apart() {
    for (text, expected) in [
        ("元/月", Per::Months(1)),
        ("元/月起", Per::Months(1)),
        ("元/月/个", Per::Months(1)),
        ("元/个/月", Per::Months(1)),
        ("/月", Per::Months(1)),
        ("元/年", Per::Months(12)),
        ("元/两年", Per::Months(24)),
        ("元/2年", Per::Months(24)),
        ("元/三年", Per::Months(36)),
        ("元/半年", Per::Months(6)),
        ("元/一年", Per::Months(12)),
        ("元起（套餐月费）", Per::Months(1)),
        ("元（折后月费）", Per::Months(1)),
        ("—120元/月", Per::Months(1)),
        ("元/次", Per::Once),
        ("元（一次性）", Per::Once),
        ("元/一次性", Per::Once),
        ("一次性", Per::Once),
        ("元/2米", Per::Once),
        ("—30元/米", Per::Once),
        ("元/日", Per::Use),
        ("元", Per::Unsaid),
        ("元起", Per::Unsaid),
        ("元/起", Per::Unsaid),
    ] {
        assert_eq!(per(text), expected, "{text}");
    }
}

#[test]
fn data_volumes_come_in_every_spelling() {
    for (value, mb) in [
        (json!(30), Some(30_720)),
        (json!(0.5), Some(512)),
        (json!("30"), Some(30_720)),
        (json!("100G"), Some(102_400)),
        (json!("100GB/月"), Some(102_400)),
        (json!("500MB"), Some(500)),
        (json!("1T"), Some(1_048_576)),
        (json!("30G通用+10G定向"), Some(40_960)),
        (json!(0), Some(0)),
        (json!("详见详情"), None),
        (json!("不限量"), None),
        (json!(null), None),
        (json!("-"), None),
        (json!([1]), None),
        (json!("5元3天"), None),
    ] {
        assert_eq!(data_mb(&value), Ok(mb), "{value}");
    }
    assert!(data_mb(&json!(-1)).is_err());
}

#[test]
fn counts_and_speeds_come_in_every_spelling() {
    for (value, n) in [
        (json!("100"), Some(100)),
        (json!("300分钟"), Some(300)),
        (json!("0.1元/条"), None),
        (json!("详见详情"), None),
        (json!(0), Some(0)),
    ] {
        assert_eq!(count(&value), Ok(n), "{value}");
    }
    assert!(count(&json!("-3")).is_err());
    for (text, mbps) in [
        ("1000M", Some(1000)),
        ("一条2000M宽带", Some(2000)),
        ("万兆", Some(10_000)),
        ("万兆速率", Some(10_000)),
        ("2000", Some(2000)),
        ("1条1000M宽带（可选，需办理融合群开通）", Some(1000)),
        ("2000M（下行2000Mbps、上行50Mbps）", Some(2000)),
        ("下行1000M/上行500M", Some(1000)),
        ("上行40M，下行300M", Some(300)),
        ("300M（云南200M)", Some(300)),
        ("提速至1000M", Some(1000)),
        ("含宽带一2000M服务", Some(2000)),
        ("4M", Some(4)),
        ("1Gbps", Some(1000)),
        ("无", None),
        ("-", None),
        ("0", None),
        ("详见详情", None),
        ("1000M起", Some(1000)),
    ] {
        assert_eq!(speed_mbps(&json!(text)), mbps, "{text}");
    }
}

#[test]
fn periods_are_found_and_dates_are_not_taken_for_periods() {
    for (text, n) in [
        ("24个月", Some(24)),
        ("12月", Some(12)),
        ("2年", Some(24)),
        ("有效期三年，到期后自动退订", Some(36)),
        ("要求在网24个月", Some(24)),
        ("365天", Some(12)),
        ("7天", None),
        ("无要求", None),
        ("有效期到办理当年12月31日", None),
        ("有效期至2030年12月31日，到期自动延期", None),
        ("半年", Some(6)),
        ("有效期99年", None),
        ("在网要求12个月", Some(12)),
    ] {
        assert_eq!(months(text), n, "{text}");
    }
}

#[test]
fn markup_is_taken_out_and_the_words_stay() {
    assert_eq!(without_markup("<p>合约期内，<br/>降低套餐&nbsp;受限</p>", 100), "合约期内， 降低套餐 受限");
    assert_eq!(without_markup("价格 < 30 元 <script>x</script>", 100), "价格 < 30 元 x");
    assert_eq!(without_markup("<unclosed", 100), "<unclosed");
    assert_eq!(without_markup("一二三四", 2), "一二");
}
