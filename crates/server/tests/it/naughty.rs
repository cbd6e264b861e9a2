//! Texts that break careless programs: a small list of our own, and the Big List of Naughty Strings where it lies beside
//! the repository.

use std::path::PathBuf;

const OWN: [&str; 24] = [
    "'; DROP TABLE customer; --",
    "\" OR \"\"=\"",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{7*7}} ${7*7} #{7*7}",
    "../../../../etc/passwd",
    "null",
    "undefined",
    "NaN",
    "1e309",
    "١٢٣٤٥",
    "\u{202e}txt.exe\u{202c}",
    "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮",
    "👩‍👩‍👧‍👦 家庭",
    "𠜎𠜱𠝹𠱓 𠱸",
    "表ポあA鷗ŒéＢ逍Üßªąñ丂㐀𠀀",
    "田中さんにあげて下さい",
    "ﷺ الرَّحْمَٰنِ",
    "line one\nline two\ttab",
    "a,b;c\"d'e",
    "\\u0041\\x41\\n",
    "=1+1",
    "\u{feff}bom",
    "%00%s%d%n",
];

/// Every text that can be stored: NUL is refused everywhere, and says so.
pub fn all() -> Vec<String> {
    let mut all: Vec<String> = OWN.map(str::to_owned).to_vec();
    let path = std::env::var_os("YITAI_BLNS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/blns/blns.json"),
        PathBuf::from,
    );
    match std::fs::read_to_string(&path) {
        Ok(text) => all.extend(serde_json::from_str::<Vec<String>>(&text).expect("a list of texts")),
        Err(_) => println!("skipped: the Big List of Naughty Strings (set YITAI_BLNS to its blns.json)"),
    }
    all.retain(|text| !text.contains('\0'));
    all
}
