//! One published row, whatever its operator calls its fields.

use super::text::scalar;
use serde_json::{Map, Value};

/// The spellings of one field, in the order in which they are tried, in the form [`plain_name`] gives them.
pub struct Names(pub &'static [&'static str]);

pub static ID: Names = Names(&[
    "id",
    "schemeid",
    "planid",
    "tariffid",
    "productid",
    "offerid",
    "goodsid",
    "schemeno",
    "fangannum",
    "方案编号",
    "资费方案编号",
    "方案号",
    "资费编号",
    "产品编号",
    "编号",
]);
pub static NAME: Names = Names(&[
    "name",
    "planname",
    "tariffname",
    "productname",
    "schemename",
    "offername",
    "goodsname",
    "title",
    "资费名称",
    "方案名称",
    "套餐名称",
    "产品名称",
    "名称",
]);
pub static PRICE: Names = Names(&[
    "price",
    "monthlyfee",
    "monthfee",
    "fee",
    "fees",
    "amount",
    "tariffprice",
    "价格",
    "月费",
    "月租",
    "资费金额",
    "费用",
    "资费",
]);
pub static STANDARD: Names = Names(&[
    "tariffstandard",
    "feestandard",
    "pricetext",
    "pricedesc",
    "feedesc",
    "资费标准",
    "资费标准元月",
    "收费标准",
]);
pub static DATA: Names =
    Names(&["data", "flow", "traffic", "generaldata", "dataamount", "通用流量", "国内流量", "流量"]);
pub static DIRECTED: Names = Names(&["directeddata", "directionalflow", "定向流量"]);
pub static VOICE: Names =
    Names(&["voice", "call", "calls", "minutes", "voiceminutes", "callminutes", "国内语音", "语音", "通话"]);
pub static SMS: Names = Names(&["sms", "message", "短信", "彩信短信"]);
pub static BROADBAND: Names =
    Names(&["broadband", "bandwidth", "bandwith", "speed", "broadbandspeed", "宽带", "带宽", "宽带速率"]);
pub static TELEVISION: Names = Names(&["iptv", "tv", "电视", "高清"]);
pub static AUDIENCE: Names = Names(&[
    "audience",
    "applicablearea",
    "applicableuser",
    "applicableusers",
    "targetuser",
    "applypeople",
    "适用范围",
    "适用人群",
    "适用对象",
    "适用用户",
]);
pub static AREA: Names = Names(&["area", "province", "region", "provincename", "省份", "地区", "适用地区"]);
pub static CONTRACT: Names =
    Names(&["networkrequirement", "innetrequirement", "onnetrequirement", "在网要求", "合约期", "contractperiod"]);
pub static VALIDITY: Names = Names(&["validity", "validperiod", "period", "有效期", "有效期限"]);
pub static CONTRACT_TEXT: Names = Names(&["contract", "合约", "合约要求"]);
pub static ONLINE: Names =
    Names(&["onlinedate", "onlineday", "startdate", "begindate", "onlinetime", "上线日期", "上线时间", "生效日期"]);
pub static OFFLINE: Names =
    Names(&["offlinedate", "offlineday", "enddate", "expiredate", "offlinetime", "下线日期", "下线时间", "失效日期"]);
pub static CATEGORY: Names = Names(&["category", "type", "producttype", "tarifftype", "资费类型", "类别", "分类"]);
pub static TAGS: Names = Names(&["tags", "labels", "标签"]);
pub static SERVICES: Names = Names(&[
    "services",
    "service",
    "servicecontent",
    "content",
    "description",
    "desc",
    "服务内容",
    "资费内容",
    "套餐内容",
]);
pub static CHANNEL: Names = Names(&["saleschannel", "channel", "channels", "销售渠道"]);
pub static LIABILITY: Names = Names(&["liability", "违约责任"]);
pub static OVERAGE: Names = Names(&["overage", "overfee", "超出资费", "套外资费"]);

/// `Tariff_Standard（元/月）` → `tariffstandard`.
fn plain_name(name: &str) -> String {
    let end = name.find(['(', '（']).unwrap_or(name.len());
    name[..end].chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase()
}

/// The fields of a row and of the objects inside it (`details`), by their plain names. Outer fields come first.
pub struct Row<'r> {
    fields: Vec<(String, &'r Value)>,
}

impl<'r> Row<'r> {
    pub fn of(row: &'r Map<String, Value>) -> Self {
        let outer = row.iter().map(|(name, value)| (plain_name(name), value));
        let inner = row.values().filter_map(Value::as_object).flatten().map(|(name, value)| (plain_name(name), value));
        Self { fields: outer.chain(inner).collect() }
    }
    /// The first field of that name which holds something.
    pub fn value(&self, names: &Names) -> Option<&'r Value> {
        names.0.iter().find_map(|name| {
            let hit = |(n, v): &&(String, &Value)| {
                n == name && (scalar(v).is_some() || v.as_array().is_some_and(|a| !a.is_empty()))
            };
            self.fields.iter().find(hit).map(|(_, v)| *v)
        })
    }
    pub fn text(&self, names: &Names) -> Option<String> {
        self.value(names).and_then(scalar)
    }
    /// The words of a field that may be a list.
    pub fn words(&self, names: &Names) -> String {
        match self.value(names) {
            Some(Value::Array(items)) => items.iter().filter_map(scalar).collect::<Vec<_>>().join(" "),
            Some(value) => scalar(value).unwrap_or_default(),
            None => String::new(),
        }
    }
}

/// True where some text of the row holds the character that PostgreSQL cannot keep.
pub fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(s) => s.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(object) => object.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}

/// The row with sorted names, so that a change of order is no change.
pub fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(object) => {
            let mut names: Vec<&String> = object.keys().collect();
            names.sort_unstable();
            out.push('{');
            for name in names {
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                canonical(&object[name], out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_are_found_under_the_names_of_any_operator() {
        let row = json!({"资费名称": "畅享", "Price": null, "details": {"资费标准（元/月）": "29元/月", "scheme_id": "X1"}, "unknown": {"a": 1}});
        let row = Row::of(row.as_object().unwrap());
        assert_eq!(row.text(&NAME).as_deref(), Some("畅享"));
        assert_eq!(row.text(&ID).as_deref(), Some("X1"));
        assert_eq!(row.text(&STANDARD).as_deref(), Some("29元/月"));
        assert_eq!(row.text(&PRICE), None, "null says nothing");
    }

    #[test]
    fn the_order_of_names_is_no_difference() {
        let text = |v: Value| {
            let mut out = String::new();
            canonical(&v, &mut out);
            out
        };
        assert_eq!(
            text(json!({"a": 1, "b": {"c": [1, 2], "d": null}})),
            text(json!({"b": {"d": null, "c": [1, 2]}, "a": 1}))
        );
        assert_ne!(text(json!({"a": [1, 2]})), text(json!({"a": [2, 1]})));
    }
}
