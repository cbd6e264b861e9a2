//! Spelling that does not matter: width, case, spaces, traditional characters, forms of address; and addresses in parts.

/// Traditional characters that occur in names and addresses, each before its simplified form.
const TRADITIONAL: &str = "張张陳陈劉刘黃黄趙赵吳吴鄭郑馮冯許许鄧邓韓韩蕭萧葉叶呂吕蘇苏盧卢蔣蒋賈贾餘余潘潘鍾钟譚谭陸陆範范\
龔龚賴赖賀贺顧顾嚴严龍龙萬万錢钱湯汤齊齐喬乔聶聂華华偉伟國国強强軍军傑杰麗丽紅红豔艳榮荣貴贵慶庆衛卫東东寶宝鳳凤蘭兰雲云瓊琼嬌娇靜静穎颖瑩莹\
勝胜發发達达興兴權权遠远長长義义禮礼賢贤學学業业廣广寧宁遼辽陝陕蘇苏漢汉門门縣县區区鎮镇鄉乡號号樓楼單单層层莊庄園园灣湾島岛橋桥\
橫横縱纵側侧後后農农場场廠厂礦矿電电車车馬马魚鱼鳥鸟龜龟麥麦黨党點点齒齿歲岁體体愛爱歡欢樂乐時时間间關关開开陽阳陰阴風风飛飞葉叶質质貿贸\
絲丝綠绿線线結结給给維维緯纬緣缘縉缙網网羅罗聯联職职聖圣聲声肅肃膚肤興兴艦舰藝艺蓋盖薦荐薩萨藍蓝處处術术補补製制複复見见規规視视親亲觀观";

/// Half width, simplified, lower case, without spaces and control characters.
pub fn fold(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            c => c,
        })
        .filter(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}'))
        .map(simplified)
        .flat_map(char::to_lowercase)
        .collect()
}

fn simplified(c: char) -> char {
    if !('\u{4e00}'..='\u{9fff}').contains(&c) {
        return c;
    }
    TABLE.with(|table| table.get(&c).copied().unwrap_or(c))
}

thread_local! {
    static TABLE: std::collections::HashMap<char, char> = {
        let mut pairs = TRADITIONAL.chars();
        let mut table = std::collections::HashMap::new();
        while let (Some(old), Some(new)) = (pairs.next(), pairs.next()) {
            if old != new {
                table.insert(old, new);
            }
        }
        table
    };
}

/// A person's name without titles, remarks in brackets and dots between its parts.
pub fn person_name(text: &str) -> String {
    let mut name = String::new();
    let mut depth = 0;
    for c in fold(text).chars() {
        match c {
            '(' | '（' | '[' | '【' => depth += 1,
            ')' | '）' | ']' | '】' => depth -= 1,
            '·' | '•' | '.' | '・' | '-' | '_' | '*' => {}
            c if depth <= 0 => name.push(c),
            _ => {}
        }
    }
    for title in ["先生", "女士", "小姐", "同志"] {
        if let Some(short) = name.strip_suffix(title)
            && short.chars().count() >= 2
        {
            return short.to_owned();
        }
    }
    name
}

/// A company's name without its form and without the place it begins with: `广州市恒达科技有限公司` → `恒达科技`.
pub fn company_core(text: &str) -> String {
    let folded = person_name(text);
    let mut core = folded.as_str();
    for form in
        ["股份有限公司", "有限责任公司", "有限公司", "集团公司", "分公司", "公司", "集团", "co.,ltd", "coltd", "ltd"]
    {
        core = core.strip_suffix(form).unwrap_or(core);
    }
    for mark in ["省", "市"] {
        if let Some(at) = core.find(mark)
            && core[..at].chars().count() <= 4
            && core[at + mark.len()..].chars().count() >= 2
        {
            core = &core[at + mark.len()..];
        }
    }
    core.to_owned()
}

/// An address in the parts that tell two apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// `天河区`
    pub district: String,
    /// `天河路`
    pub road: String,
    /// `123` of `123号`
    pub number: String,
    /// All further digits: `3-2-501` of `3栋2单元501室`.
    pub room: String,
}

pub fn address(text: &str) -> Address {
    let folded = chinese_digits(&fold(text));
    let mut rest = folded.as_str();
    let mut parts = Address::default();
    for mark in ["自治区", "省", "市", "自治州", "地区"] {
        if let Some(at) = rest.find(mark)
            && rest[..at].chars().count() <= 8
            && !rest[..at].contains(|c: char| c.is_ascii_digit())
        {
            rest = &rest[at + mark.len()..];
        }
    }
    if let Some((at, mark)) = first_of(rest, &["区", "县", "旗", "市"])
        && rest[..at].chars().count() <= 6
    {
        parts.district = rest[..at + mark].to_owned();
        rest = &rest[at + mark..];
    }
    for mark in ["街道", "镇", "乡"] {
        if let Some(at) = rest.find(mark)
            && rest[..at].chars().count() <= 6
            && !rest[..at].contains(|c: char| c.is_ascii_digit())
        {
            rest = &rest[at + mark.len()..];
        }
    }
    let digits = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
    parts.road = rest[..digits].to_owned();
    let mut numbers = Vec::new();
    let mut current = String::new();
    for c in rest[digits..].chars() {
        if c.is_ascii_alphanumeric() {
            current.push(c);
        } else if !current.is_empty() {
            numbers.push(std::mem::take(&mut current));
        }
    }
    if !current.is_empty() {
        numbers.push(current);
    }
    if !numbers.is_empty() {
        parts.number = numbers.remove(0);
        parts.room = numbers.join("-");
    }
    parts
}

fn first_of(text: &str, marks: &[&str]) -> Option<(usize, usize)> {
    marks.iter().filter_map(|m| text.find(m).map(|at| (at, m.len()))).filter(|(at, _)| *at > 0).min()
}

/// Digits written in Chinese become Arabic where they stand alone before 号, 栋, 楼, 单元, 室: `三号` → `3号`.
fn chinese_digits(text: &str) -> String {
    const DIGITS: &str = "零一二三四五六七八九";
    let chars: Vec<char> = text.chars().collect();
    let value = |c: char| DIGITS.chars().position(|d| d == c);
    let mut out = String::with_capacity(text.len());
    for (i, c) in chars.iter().enumerate() {
        let counted =
            chars.get(i + 1).is_some_and(|n| matches!(n, '号' | '栋' | '幢' | '座' | '楼' | '层' | '单' | '室'));
        let alone = i == 0 || value(chars[i - 1]).is_none();
        match value(*c) {
            Some(n) if counted && alone => out.push_str(&n.to_string()),
            _ => out.push(*c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_is_folded() {
        assert_eq!(fold(" 張　偉Ａ "), "张伟a");
        assert_eq!(person_name("张 伟（已迁）先生"), "张伟");
        assert_eq!(person_name("阿依古丽·买买提"), "阿依古丽买买提");
        assert_eq!(company_core("广州市恒达科技有限公司"), "恒达科技");
        assert_eq!(company_core("恒达科技（股份）有限公司"), "恒达科技");
    }

    #[test]
    fn addresses_come_apart() {
        let one = address("广东省广州市天河区天河路123号3栋2单元501室");
        assert_eq!((one.district.as_str(), one.road.as_str(), one.number.as_str()), ("天河区", "天河路", "123"));
        assert_eq!(one.room, "3-2-501");
        assert_eq!(address("天河區天河路１２３號3-2-501"), one);
        assert_eq!(address(""), Address::default());
        assert_eq!(address("中山路三号").number, "3");
    }
}
