//! Which column of a file is what: by the source's own mapping, else by the names that such files usually have.

use crate::problems;
use kernel::{Problem, Result};
use serde_json::Value;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Column {
    Id,
    Name,
    Kind,
    CertificateType,
    Certificate,
    Phone,
    Phone2,
    Phone3,
    Address,
    Birth,
    Email,
    Org,
}

pub(crate) const ALL: [(Column, &str, &[&str]); 12] = [
    (
        Column::Id,
        "id",
        &[
            "id",
            "sourceid",
            "custid",
            "custno",
            "customerno",
            "customer_no",
            "acctid",
            "accountno",
            "subscriberid",
            "contactid",
            "客户编号",
            "客户编码",
            "用户编号",
            "帐户编号",
            "账户编号",
            "帐号",
            "联系人编号",
            "编号",
        ],
    ),
    (
        Column::Name,
        "name",
        &[
            "name",
            "custname",
            "customername",
            "acctname",
            "contactname",
            "姓名",
            "客户名称",
            "客户姓名",
            "用户名称",
            "帐户名称",
            "账户名称",
            "联系人",
            "联系人姓名",
            "名称",
            "机主",
        ],
    ),
    (Column::Kind, "kind", &["kind", "type", "custtype", "customertype", "客户类型", "用户类型", "客户类别"]),
    (Column::CertificateType, "certificateType", &["certificatetype", "certtype", "idtype", "证件类型"]),
    (
        Column::Certificate,
        "certificate",
        &["certificate", "certno", "certnumber", "idno", "idnumber", "证件号码", "证件号", "身份证号", "身份证号码"],
    ),
    (
        Column::Phone,
        "phone",
        &[
            "phone",
            "mobile",
            "tel",
            "telephone",
            "number",
            "联系电话",
            "电话",
            "手机",
            "手机号",
            "手机号码",
            "业务号码",
            "联系号码",
            "电话号码",
        ],
    ),
    (Column::Phone2, "phone2", &["phone2", "tel2", "备用电话", "联系电话2", "电话2", "其他电话", "联系手机"]),
    (Column::Phone3, "phone3", &["phone3", "tel3", "联系电话3", "电话3"]),
    (
        Column::Address,
        "address",
        &["address", "addr", "地址", "客户地址", "装机地址", "帐单地址", "账单地址", "通信地址", "联系地址"],
    ),
    (Column::Birth, "birth", &["birth", "birthday", "birthdate", "出生日期", "生日"]),
    (Column::Email, "email", &["email", "mail", "电子邮箱", "邮箱"]),
    (Column::Org, "org", &["org", "area", "营业区", "归属", "归属组织", "局向"]),
];

/// What a mapping may name.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|(_, name, _)| *name)
}

/// Where each column lies in a row.
#[derive(Clone, Debug)]
pub struct Columns(Vec<(Column, usize)>);

fn fold(text: &str) -> String {
    text.trim_start_matches('\u{feff}').trim().to_lowercase().replace([' ', '_', '-'], "")
}

impl Columns {
    /// From a header line. `mapping` names columns by their own names, such as `{"id": "YHBH", "name": "YHMC"}`.
    pub fn parse<'a>(header: impl Iterator<Item = &'a str>, mapping: &Value) -> Result<Self> {
        let header: Vec<String> = header.map(fold).collect();
        let mut found = Vec::new();
        for (column, name, usual) in ALL {
            let own = mapping.get(name).and_then(Value::as_str).map(fold).filter(|o| !o.is_empty());
            let at = match own {
                Some(own) => header.iter().position(|h| *h == own),
                None => usual.iter().find_map(|u| header.iter().position(|h| h == u)),
            };
            found.extend(at.map(|at| (column, at)));
        }
        let columns = Self(found);
        let missing: Vec<&str> = [(Column::Id, "id 编号"), (Column::Name, "name 姓名")]
            .into_iter()
            .filter(|(c, _)| columns.at(*c).is_none())
            .map(|(_, name)| name)
            .collect();
        if missing.is_empty() {
            Ok(columns)
        } else {
            Err(Problem::new(&problems::HEADER).with("detail", &missing.join(", ")))
        }
    }
    pub fn at(&self, column: Column) -> Option<usize> {
        self.0.iter().find(|(c, _)| *c == column).map(|(_, at)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn usual_names_and_own_names() {
        let usual = Columns::parse("客户编号,客户名称,证件号码,联系电话".split(','), &json!({})).unwrap();
        assert_eq!(
            (usual.at(Column::Id), usual.at(Column::Phone), usual.at(Column::Address)),
            (Some(0), Some(3), None)
        );
        let own = Columns::parse("\u{feff}YHBH,YHMC".split(','), &json!({"id": "yhbh", "name": "YHMC"})).unwrap();
        assert_eq!(own.at(Column::Name), Some(1));
        assert!(Columns::parse("a,b".split(','), &json!({})).is_err());
    }
}
