//! Certificates: what kinds there are, how their numbers are written, and which of them carry a check character.
//!
//! Rules: resident identity card GB 11643-1999 (check character ISO 7064 MOD 11-2), unified social credit code
//! GB 32100-2015 (MOD 31), old business registration number (MOD 11,10).

use crate::problems;
use kernel::{Date, Problem, Result};

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    IdCard,
    Passport,
    BusinessLicence,
    MilitaryId,
    HkMacaoPermit,
    TaiwanPermit,
    ResidencePermit,
    /// Any other paper; its number is kept as it stands.
    Other,
}

impl Kind {
    /// Understands our names, the Chinese ones and what other systems write. Unknown kinds are [`Kind::Other`].
    pub fn parse(text: &str) -> Self {
        let folded: String =
            text.chars().filter(|c| !matches!(c, ' ' | '_' | '-')).flat_map(char::to_lowercase).collect();
        match folded.as_str() {
            "idcard"
            | "identitycard"
            | "residentidcard"
            | "nationalidentitycard"
            | "身份证"
            | "居民身份证"
            | "二代身份证"
            | "居民身份证号码" => Self::IdCard,
            "passport" | "护照" => Self::Passport,
            "businesslicence" | "businesslicense" | "uscc" | "营业执照" | "统一社会信用代码" | "统一社会信用代码证" => {
                Self::BusinessLicence
            }
            "militaryid" | "军官证" | "军人证" | "士兵证" | "警官证" => Self::MilitaryId,
            "hkmacaopermit" | "港澳通行证" | "港澳居民来往内地通行证" | "港澳居民居住证" => {
                Self::HkMacaoPermit
            }
            "taiwanpermit" | "台胞证" | "台湾居民来往大陆通行证" | "台湾居民居住证" => {
                Self::TaiwanPermit
            }
            "residencepermit" | "外国人永久居留身份证" | "外国人永久居留证" => Self::ResidencePermit,
            _ => Self::Other,
        }
    }
    pub fn name(self) -> &'static str {
        match self {
            Self::IdCard => "idCard",
            Self::Passport => "passport",
            Self::BusinessLicence => "businessLicence",
            Self::MilitaryId => "militaryId",
            Self::HkMacaoPermit => "hkMacaoPermit",
            Self::TaiwanPermit => "taiwanPermit",
            Self::ResidencePermit => "residencePermit",
            Self::Other => "other",
        }
    }
}

/// A kind and a number that is well formed for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Certificate {
    pub kind: Kind,
    number: String,
}

impl Certificate {
    /// Accepts the usual spellings (spaces, hyphens, full-width and lower-case letters).
    pub fn parse(kind: Kind, text: &str) -> Result<Self> {
        if kind == Kind::Other {
            let number = text.trim().to_owned();
            return if number.is_empty() { Err(invalid("空号码 / empty")) } else { Ok(Self { kind, number }) };
        }
        let number = normalised(text);
        let checked = match kind {
            Kind::IdCard => id_card(&number),
            Kind::BusinessLicence => business_licence(&number),
            Kind::Passport => {
                let letters = number.bytes().take_while(u8::is_ascii_uppercase).count();
                let rest_ok = number.bytes().skip(letters).all(|b| b.is_ascii_alphanumeric());
                when(
                    (6..=12).contains(&number.len()) && letters <= 3 && rest_ok,
                    "护照号码应为 6–12 位字母和数字 / 6–12 letters and digits",
                )
            }
            Kind::MilitaryId => when((4..=20).contains(&number.chars().count()), "4–20 位 / 4–20 characters"),
            Kind::HkMacaoPermit => {
                let permit = matches!(number.as_bytes(), [b'H' | b'M' | b'C', rest @ ..] if matches!(rest.len(), 8 | 10) && digits(rest));
                when(permit || id_card(&number).is_ok(), "H/M 加 8 或 10 位数字 / H or M and 8 or 10 digits")
            }
            Kind::TaiwanPermit => {
                let permit = matches!(number.len(), 8 | 10) && digits(number.as_bytes());
                when(permit || id_card(&number).is_ok(), "8 位或 10 位数字 / 8 or 10 digits")
            }
            Kind::ResidencePermit => {
                let old = number.len() == 15
                    && number.as_bytes()[..3].iter().all(u8::is_ascii_uppercase)
                    && digits(&number.as_bytes()[3..]);
                when(old || id_card(&number).is_ok(), "15 位或 18 位 / 15 or 18 characters")
            }
            Kind::Other => Ok(()),
        };
        checked.map_err(invalid)?;
        let number = if kind == Kind::IdCard && number.len() == 15 { lengthened(&number) } else { number };
        Ok(Self { kind, number })
    }
    /// In clear: for sealing and for the blind index only.
    pub fn number(&self) -> &str {
        &self.number
    }
    /// Under what a look-up finds it: the number alone, whatever the kind.
    pub fn look_up_text(text: &str) -> String {
        let number = normalised(text);
        if number.len() == 15 && digits(number.as_bytes()) { lengthened(&number) } else { number }
    }
    /// `1990-03-07` and whether male, as an identity card's number says.
    pub fn birth(&self) -> Option<(Date, bool)> {
        (self.kind == Kind::IdCard).then_some(())?;
        let date = Date::parse(self.number.get(6..14)?).ok()?;
        Some((date, self.number.as_bytes().get(16)? % 2 == 1))
    }
}

/// `why` in both languages, parted by ` / `.
fn invalid(why: &str) -> Problem {
    let (zh, en) = why.split_once(" / ").unwrap_or((why, why));
    Problem::new(&problems::CERTIFICATE_INVALID).field("certificate").with("zh", zh).with("en", en)
}

fn when(good: bool, detail: &'static str) -> Result<(), &'static str> {
    if good { Ok(()) } else { Err(detail) }
}

fn digits(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_digit)
}

/// Upper case, half width, without separators.
fn normalised(text: &str) -> String {
    text.trim()
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '\u{a0}' | '\u{3000}'))
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            c => c,
        })
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

fn id_card(number: &str) -> Result<(), &'static str> {
    let bytes = number.as_bytes();
    let province = number.get(..2).and_then(|p| p.parse::<u8>().ok());
    if !matches!(province, Some(11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81 | 82 | 83 | 91)) {
        return Err("地区码无效 / no such province");
    }
    match bytes.len() {
        15 if digits(bytes) => {
            when(Date::parse(&format!("19{}", &number[6..12])).is_ok(), "出生日期无效 / impossible date of birth")
        }
        18 if digits(&bytes[..17]) => {
            when(Date::parse(&number[6..14]).is_ok(), "出生日期无效 / impossible date of birth")?;
            when(check_character(bytes) == bytes[17], "校验位不符 / the check character is wrong")
        }
        _ => Err("居民身份证号码应为 18 位 / an identity card number has 18 characters"),
    }
}

/// The check character of the first 17 digits (ISO 7064 MOD 11-2).
pub(crate) fn check_character(bytes: &[u8]) -> u8 {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = WEIGHTS.iter().zip(bytes).map(|(w, b)| w * u32::from(b.wrapping_sub(b'0'))).sum();
    b"10X98765432"[(sum % 11) as usize]
}

/// A number of the first generation (15 digits) in today's form.
fn lengthened(number: &str) -> String {
    let mut text = format!("{}19{}", &number[..6], &number[6..]);
    text.push(char::from(check_character(text.as_bytes())));
    text
}

fn business_licence(number: &str) -> Result<(), &'static str> {
    let bytes = number.as_bytes();
    match bytes.len() {
        18 => {
            const CHARACTERS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
            const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
            let value = |b: &u8| CHARACTERS.iter().position(|c| c == b);
            let values: Option<Vec<usize>> = bytes.iter().map(value).collect();
            let values = values.ok_or("含有不允许的字符 / characters that do not occur in a code")?;
            let sum: usize = WEIGHTS.iter().zip(&values).map(|(w, v)| w * v).sum();
            when((31 - sum % 31) % 31 == values[17], "校验位不符 / the check character is wrong")
        }
        15 if digits(bytes) => {
            let fold = |product: u32, b: &u8| match (product + u32::from(b - b'0')) % 10 {
                0 => 20 % 11,
                sum => sum * 2 % 11,
            };
            let product = bytes[..14].iter().fold(10, fold);
            when((product + u32::from(bytes[14] - b'0')) % 10 == 1, "校验位不符 / the check digit is wrong")
        }
        _ => Err("统一社会信用代码应为 18 位 / a unified social credit code has 18 characters"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_cards_are_checked_to_the_last_character() {
        for good in [
            "11010519491231002X",
            "440524188001010014",
            "11010519491231002x",
            "１１０１０５１９４９１２３１００２Ｘ",
            "110105 19491231 002X",
        ] {
            assert!(Certificate::parse(Kind::IdCard, good).is_ok(), "{good}");
        }
        for bad in [
            "110105194912310021",
            "11010519491331002X",
            "990105194912310029",
            "1101051949123100",
            "",
            "11010519491231002Y",
        ] {
            assert!(Certificate::parse(Kind::IdCard, bad).is_err(), "{bad}");
        }
        let old = Certificate::parse(Kind::IdCard, "110105491231002").unwrap();
        assert_eq!(old.number(), "11010519491231002X");
        assert_eq!(old.birth().unwrap().0.to_string(), "1949-12-31");
    }

    #[test]
    fn credit_codes_and_old_registrations_are_checked() {
        for good in ["91350100M000100Y43", "91110000600037341L", "110108000000016"] {
            assert!(Certificate::parse(Kind::BusinessLicence, good).is_ok(), "{good} {:?}", business_licence(good));
        }
        for bad in ["91350100M000100Y44", "9135010OM000100Y43", "110108000000017"] {
            assert!(Certificate::parse(Kind::BusinessLicence, bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn kinds_are_known_by_their_chinese_names() {
        assert_eq!(Kind::parse("居民身份证"), Kind::IdCard);
        assert_eq!(Kind::parse("Business Licence"), Kind::BusinessLicence);
        assert_eq!(Kind::parse("fishing permit"), Kind::Other);
    }
}
