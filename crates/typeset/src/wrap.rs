//! Breaking a text into lines: at blanks between words, anywhere between Chinese characters, never before closing marks.

/// Marks that no line begins with.
const CLOSING: &str = "，。；：、！？）》」』”’,.;:!?)]}%";

/// The lines of `text`, none wider than `width` unless a single character is.
pub fn lines(text: &str, width: f32, advance: impl Fn(char) -> f32) -> Vec<String> {
    let mut all = Vec::new();
    for paragraph in text.split('\n') {
        let (mut line, mut used) = (String::new(), 0.0);
        for word in words(paragraph) {
            let wide: f32 = word.chars().map(&advance).sum();
            if used + wide <= width || (line.is_empty() && wide <= width) {
                line.push_str(word);
                used += wide;
                continue;
            }
            if !line.is_empty() {
                all.push(std::mem::take(&mut line).trim_end().to_owned());
                used = 0.0;
            }
            for c in word.trim_start().chars() {
                let wide = advance(c);
                if used + wide > width && !line.is_empty() {
                    all.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                line.push(c);
                used += wide;
            }
        }
        all.push(line.trim_end().to_owned());
    }
    all
}

/// Pieces between which a line may break; a blank belongs to the word before it.
fn words(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut previous: Option<char> = None;
    for (at, c) in text.char_indices() {
        if let Some(p) = previous {
            let apart = p == ' ' || (is_wide(p) || is_wide(c)) && !CLOSING.contains(c);
            if apart && c != ' ' {
                pieces.push(&text[start..at]);
                start = at;
            }
        }
        previous = Some(c);
    }
    pieces.push(&text[start..]);
    pieces
}

/// Chinese characters and their punctuation.
const fn is_wide(c: char) -> bool {
    matches!(c as u32, 0x2E80..=0x9FFF | 0xF900..=0xFAFF | 0xFF00..=0xFF60 | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ten_wide(text: &str, width: f32) -> Vec<String> {
        lines(text, width, |c| if is_wide(c) { 2.0 } else { 1.0 })
    }

    #[test]
    fn english_breaks_at_blanks_and_chinese_anywhere_but_before_closing_marks() {
        assert_eq!(ten_wide("data used abroad", 10.0), ["data used", "abroad"]);
        assert_eq!(ten_wide("国内流量，已用完", 9.0), ["国内流", "量，已用", "完"]);
        assert_eq!(ten_wide("", 10.0), [""]);
        assert_eq!(ten_wide("a\nb", 10.0), ["a", "b"]);
    }

    #[test]
    fn a_word_longer_than_the_line_is_cut_and_nothing_is_lost() {
        let text = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        assert_eq!(ten_wide(text, 10.0).concat(), text);
        let mixed = "月费 129.00 元 ÷ 30 × 9 天（2026-11-22 至 2026-11-30）";
        let kept: String = ten_wide(mixed, 12.0).concat().split(' ').collect();
        assert_eq!(kept, mixed.split(' ').collect::<String>());
    }
}
