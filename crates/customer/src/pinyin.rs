//! Romanised names for the command box: `张伟` is found as `zhangwei` and as `zw`.
//!
//! A character may have several readings; as a surname it usually has a settled one that differs from the common one.

use party::split_name;
use pinyin::ToPinyin;

/// Surnames whose reading as a name differs from the reading a dictionary gives first.
const SURNAMES: [(&str, &str); 52] = [
    ("单", "shan"),
    ("曾", "zeng"),
    ("仇", "qiu"),
    ("解", "xie"),
    ("查", "zha"),
    ("朴", "piao"),
    ("区", "ou"),
    ("任", "ren"),
    ("盖", "ge"),
    ("乐", "yue"),
    ("华", "hua"),
    ("覃", "qin"),
    ("翟", "zhai"),
    ("缪", "miao"),
    ("宓", "mi"),
    ("冼", "xian"),
    ("洗", "xian"),
    ("尹", "yin"),
    ("黑", "he"),
    ("折", "she"),
    ("召", "shao"),
    ("员", "yun"),
    ("晟", "cheng"),
    ("隗", "wei"),
    ("郗", "xi"),
    ("郇", "xun"),
    ("逄", "pang"),
    ("种", "chong"),
    ("秘", "bi"),
    ("繁", "po"),
    ("能", "nai"),
    ("葛", "ge"),
    ("纪", "ji"),
    ("燕", "yan"),
    ("要", "yao"),
    ("应", "ying"),
    ("柏", "bai"),
    ("石", "shi"),
    ("阚", "kan"),
    ("牟", "mou"),
    ("谌", "chen"),
    ("佴", "nai"),
    ("撒", "sa"),
    ("车", "che"),
    ("沈", "shen"),
    ("薄", "bo"),
    ("褚", "chu"),
    ("藏", "zang"),
    ("贾", "jia"),
    ("洪", "hong"),
    ("重", "chong"),
    ("祭", "zhai"),
];

const COMPOUND: [(&str, &[&str]); 6] = [
    ("尉迟", &["yu", "chi"]),
    ("长孙", &["zhang", "sun"]),
    ("万俟", &["mo", "qi"]),
    ("单于", &["chan", "yu"]),
    ("澹台", &["tan", "tai"]),
    ("令狐", &["ling", "hu"]),
];

/// The full reading and its initials, or nothing for a name without Chinese characters.
pub fn romanise(name: &str, person: bool) -> Option<(String, String)> {
    let (mut full, mut initials, mut chinese) = (String::new(), String::new(), false);
    let mut push = |syllable: &str| {
        full.extend(syllable.chars().map(|c| if c == 'ü' { 'v' } else { c }));
        initials.extend(syllable.chars().next());
    };
    let (family, _) = if person { split_name(name) } else { ("", name) };
    let mut rest = name;
    if let Some((text, syllables)) = COMPOUND.iter().find(|(text, _)| *text == family) {
        syllables.iter().for_each(|s| push(s));
        (rest, chinese) = (&name[text.len()..], true);
    } else if let Some((text, syllable)) = SURNAMES.iter().find(|(text, _)| *text == family) {
        push(syllable);
        (rest, chinese) = (&name[text.len()..], true);
    }
    for c in rest.chars() {
        if c.is_ascii_alphanumeric() {
            push(c.to_ascii_lowercase().encode_utf8(&mut [0; 4]));
        } else if let Some(reading) = c.to_pinyin() {
            push(reading.plain());
            chinese = true;
        }
    }
    chinese.then_some((full, initials))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surnames_are_read_as_surnames() {
        for (name, full, initials) in [
            ("张伟", "zhangwei", "zw"),
            ("单雄信", "shanxiongxin", "sxx"),
            ("曾国藩", "zengguofan", "zgf"),
            ("仇英", "qiuying", "qy"),
            ("解缙", "xiejin", "xj"),
            ("查良镛", "zhaliangyong", "zly"),
            ("朴树", "piaoshu", "ps"),
            ("尉迟恭", "yuchigong", "ycg"),
            ("长孙无忌", "zhangsunwuji", "zswj"),
            ("万俟卨", "moqixie", "mqx"),
            ("吕布", "lvbu", "lb"),
            ("欧阳修", "ouyangxiu", "oyx"),
        ] {
            assert_eq!(romanise(name, true), Some((full.to_owned(), initials.to_owned())), "{name}");
        }
    }

    #[test]
    fn organisations_are_read_as_words() {
        let (full, initials) = romanise("单位ABC公司", false).unwrap();
        assert_eq!((full.as_str(), initials.as_str()), ("danweiabcgongsi", "dwabcgs"));
        assert_eq!(romanise("John Smith", true), None);
        assert_eq!(romanise("", true), None);
    }
}
