//! Documents on paper: a sheet of headings, facts, tables and notes becomes a PDF, in Chinese and English.
//!
//! Shaping, embedding and subsetting of fonts and the PDF itself are the work of `krilla`; this crate breaks lines and
//! pages. It knows nothing of what is printed: a domain fills in a [`Sheet`].

mod font;
mod paper;
mod wrap;

pub use paper::pdf;

/// Error codes of this crate.
pub mod problems {
    kernel::codes! {
        FONT = "print.no_font", 503, "未找到可用的中文字体，无法生成 PDF", "No font with Chinese characters was found, so no PDF can be made", "请安装 fonts-noto-cjk，或用 YITAI_FONT 指定字体文件", "Install fonts-noto-cjk, or name a font file in YITAI_FONT";
    }
}

/// One printed document; A4, upright, as many pages as it takes.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub title: String,
    /// Under the title: what the document is about.
    pub subtitle: String,
    /// At the foot of every page, beside "page n of m".
    pub footer: String,
    /// `Page {page} of {pages}` in the language of the document.
    pub pages: String,
    pub blocks: Vec<Block>,
}

#[derive(Clone, Debug)]
pub enum Block {
    Heading(String),
    /// Names and values, two pairs a line.
    Facts(Vec<(String, String)>),
    /// Its head is repeated on every page it reaches.
    Table(Table),
    /// Small print; wraps.
    Note(String),
    /// A bar for each name, as long as its value; the text stands beside it.
    Bars(Vec<Bar>),
}

#[derive(Clone, Debug)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug)]
pub struct Column {
    pub title: String,
    /// The share of the width; all shares together are the whole.
    pub width: f32,
    /// Figures stand at the right.
    pub right: bool,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub cells: Vec<String>,
    pub weight: Weight,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Weight {
    /// Opens a group of rows: tinted.
    Group,
    Plain,
    /// Closes what is above: bold, with a rule over it.
    Total,
}

#[derive(Clone, Debug)]
pub struct Bar {
    pub name: String,
    pub value: i64,
    pub text: String,
}

impl Column {
    pub fn left(title: &str, width: f32) -> Self {
        Self { title: title.to_owned(), width, right: false }
    }
    pub fn right(title: &str, width: f32) -> Self {
        Self { title: title.to_owned(), width, right: true }
    }
}
