//! One record of a file parsed into a customer.

use super::header::{Column, Header};
use crate::create::NewCustomer;
use kernel::{Actor, OrgPath, Phone, Problem, Result, Timestamp};
use party::{Certificate, CertificateKind, PartyKind};

/// Longer texts are a sign of shifted columns.
const LONGEST: usize = 400;

/// What a record says; empty fields say nothing.
pub(super) fn parse(header: &Header, record: &[String], home: &Actor) -> Result<NewCustomer> {
    if record.len() > header.width() {
        return Err(Problem::invalid(
            "row",
            &format!("{} 列，表头 {} 列 / more columns than the header", record.len(), header.width()),
        ));
    }
    let get = |column| Some(header.get(record, column)).filter(|t| !t.is_empty());
    let name = header.raw(record, Column::Name);
    if name.trim().is_empty() {
        return Err(Problem::missing("name"));
    }
    if let Some(long) = record.iter().find(|f| f.chars().count() > LONGEST) {
        return Err(Problem::invalid("row", &format!("{}…", long.chars().take(20).collect::<String>())));
    }
    if record.iter().any(|f| f.contains('\0')) {
        return Err(Problem::invalid("row", "NUL"));
    }
    let certificate_kind = get(Column::CertificateType).map(CertificateKind::parse);
    let kind = kind(get(Column::Kind), certificate_kind)?;
    let usual = if kind == PartyKind::Individual { CertificateKind::IdCard } else { CertificateKind::BusinessLicence };
    let certificate =
        get(Column::Certificate).map(|n| Certificate::parse(certificate_kind.unwrap_or(usual), n)).transpose()?;
    let mut phones: Vec<Phone> = Vec::new();
    for (column, field) in [(Column::Phone, "phone"), (Column::Phone2, "phone2")] {
        if let Some(text) = get(column) {
            let phone = Phone::parse(text).map_err(|p| p.field(field))?;
            if !phones.contains(&phone) {
                phones.push(phone);
            }
        }
    }
    let org = match get(Column::Org) {
        None => home.org.clone(),
        Some(text) => {
            OrgPath::parse(text).ok().filter(|o| home.scope.contains(o)).ok_or_else(|| Problem::invalid("org", text))?
        }
    };
    let created_at = get(Column::Created).map(|t| time(t).map_err(|p| p.field("created"))).transpose()?;
    Ok(NewCustomer {
        kind,
        certificate,
        phones,
        email: get(Column::Email).map(email).transpose()?,
        address: get(Column::Address).map(str::to_owned),
        org: Some(org),
        grade: get(Column::Grade).map(grade),
        customer_no: get(Column::CustomerNo).map(customer_no).transpose()?,
        manager: get(Column::Manager).map(str::to_owned),
        created_at,
        ..NewCustomer::person(name)
    })
}

fn kind(text: Option<&str>, certificate: Option<CertificateKind>) -> Result<PartyKind> {
    let Some(text) = text else {
        let licence = certificate == Some(CertificateKind::BusinessLicence);
        return Ok(if licence { PartyKind::Organization } else { PartyKind::Individual });
    };
    match text.to_lowercase().as_str() {
        "individual" | "person" | "个人" | "个人客户" | "公众客户" | "公众" => Ok(PartyKind::Individual),
        "organization" | "organisation" | "company" | "单位" | "企业" | "政企" | "政企客户" | "集团客户"
        | "单位客户" | "企业客户" => Ok(PartyKind::Organization),
        _ => Err(Problem::invalid("kind", text)),
    }
}

fn time(text: &str) -> Result<Timestamp> {
    // `2020-01-05 08:30:00`, as spreadsheets write it, is business time.
    match text.split_once(' ') {
        Some((date, time)) if time.len() >= 5 => {
            let date = kernel::Date::parse(date)?;
            let seconds = if time.len() == 5 { ":00" } else { "" };
            Timestamp::parse(&format!("{date}T{time}{seconds}+08:00"))
        }
        _ => Timestamp::parse(text),
    }
}

fn email(text: &str) -> Result<String> {
    let good = text
        .split_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !text.contains(char::is_whitespace));
    if good { Ok(text.to_owned()) } else { Err(Problem::invalid("email", text)) }
}

fn customer_no(text: &str) -> Result<String> {
    let good = text.chars().count() <= 40
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '#'));
    if good { Ok(text.to_owned()) } else { Err(Problem::invalid("customer_no", text)) }
}

fn grade(text: &str) -> String {
    let known = match text {
        "普通" | "普通客户" => "standard",
        "银卡" => "silver",
        "金卡" => "gold",
        "白金" | "白金卡" => "platinum",
        "钻石" | "钻石卡" => "diamond",
        "大客户" => "key",
        other => return other.to_lowercase(),
    };
    known.to_owned()
}
