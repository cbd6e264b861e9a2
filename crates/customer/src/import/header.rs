//! The first line of a file: which column is which, in Chinese or English.

use super::lines::fields;
use crate::problems;
use kernel::{Problem, Result};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Column {
    CustomerNo,
    Name,
    Kind,
    CertificateType,
    Certificate,
    Phone,
    Phone2,
    Email,
    Address,
    Org,
    Grade,
    Created,
    Manager,
}

const NAMES: [(Column, &[&str]); 13] = [
    (Column::CustomerNo, &["customerno", "customernumber", "客户编号", "客户编码", "客户号"]),
    (Column::Name, &["name", "customername", "姓名", "客户名称", "客户姓名", "名称", "单位名称"]),
    (Column::Kind, &["kind", "type", "customertype", "客户类型", "类型"]),
    (Column::CertificateType, &["certificatetype", "idtype", "证件类型"]),
    (
        Column::Certificate,
        &[
            "certificate",
            "certificateno",
            "certificatenumber",
            "idnumber",
            "证件号码",
            "证件号",
            "身份证号",
            "身份证号码",
        ],
    ),
    (Column::Phone, &["phone", "mobile", "phone1", "phonenumber", "手机号", "手机号码", "手机", "联系电话", "电话"]),
    (Column::Phone2, &["phone2", "mobile2", "手机号2", "联系电话2", "电话2", "备用电话", "固定电话"]),
    (Column::Email, &["email", "mail", "邮箱", "电子邮箱", "电子邮件"]),
    (Column::Address, &["address", "地址", "联系地址", "通信地址", "住址"]),
    (Column::Org, &["org", "organization", "orgpath", "归属", "归属机构", "机构", "营业厅"]),
    (Column::Grade, &["grade", "level", "等级", "客户等级", "级别"]),
    (
        Column::Created,
        &["created", "createdat", "createdate", "建档日期", "建档时间", "开户时间", "创建时间", "入网时间"],
    ),
    (Column::Manager, &["manager", "accountmanager", "客户经理"]),
];

#[derive(Clone, Debug)]
pub(super) struct Header {
    pub delimiter: char,
    columns: Vec<Option<Column>>,
}

impl Header {
    pub fn parse(line: &[u8]) -> Result<Self> {
        let encoding = |detail: &str| Problem::new(&problems::FILE_ENCODING).with("detail", detail);
        if line.starts_with(&[0xff, 0xfe]) || line.starts_with(&[0xfe, 0xff]) {
            return Err(encoding("UTF-16"));
        }
        let line = line.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(line);
        let text = std::str::from_utf8(line).map_err(|_| encoding("GBK / GB18030?"))?;
        let delimiter = [',', '\t', ';'].into_iter().max_by_key(|d| text.matches(*d).count()).unwrap_or(',');
        let delimiter = if text.contains(delimiter) { delimiter } else { ',' };
        let columns: Vec<Option<Column>> = fields(text, delimiter).iter().map(|name| named(name)).collect();
        if !columns.contains(&Some(Column::Name)) {
            return Err(Problem::new(&problems::FILE_HEADER).with("detail", "name / 姓名"));
        }
        Ok(Self { delimiter, columns })
    }
    pub fn width(&self) -> usize {
        self.columns.len()
    }
    /// The text of `column` in a record; empty where the file has no such column.
    pub fn get<'r>(&self, record: &'r [String], column: Column) -> &'r str {
        let at = self.columns.iter().position(|c| *c == Some(column));
        at.and_then(|i| record.get(i)).map_or("", |s| s.trim())
    }
    /// As written, white space included.
    pub fn raw<'r>(&self, record: &'r [String], column: Column) -> &'r str {
        let at = self.columns.iter().position(|c| *c == Some(column));
        at.and_then(|i| record.get(i)).map_or("", String::as_str)
    }
}

fn named(name: &str) -> Option<Column> {
    let folded: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    NAMES.iter().find(|(_, names)| names.contains(&folded.as_str())).map(|(column, _)| *column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_in_both_languages() {
        let header = Header::parse("\u{feff}客户编号;姓名;证件号码;手机号;其他".as_bytes()).unwrap();
        let record: Vec<String> = ["C1", "张伟", "X", "139", "?"].map(str::to_owned).to_vec();
        assert_eq!(header.get(&record, Column::Name), "张伟");
        assert_eq!(header.get(&record, Column::Phone), "139");
        assert_eq!(header.get(&record, Column::Email), "");
        assert!(Header::parse(b"Customer_No,NAME").is_ok());
    }

    #[test]
    fn other_encodings_are_named() {
        let gbk = [0xd0, 0xd5, 0xc3, 0xfb, b',', b'a'];
        assert_eq!(Header::parse(&gbk).unwrap_err().code.id, "import.encoding");
        assert_eq!(Header::parse(b"a,b").unwrap_err().code.id, "import.header");
    }
}
