//! The fonts: two weights that have Chinese characters, read when a document is made.

use crate::problems;
use kernel::{Problem, Result};
use krilla::text::Font;
use skrifa::{
    FontRef, MetadataProvider,
    instance::{LocationRef, Size},
};
use std::sync::Arc;

/// A font for drawing, and its measures.
pub struct Face {
    pub font: Font,
    data: Arc<Vec<u8>>,
    index: u32,
}

/// Files of the regular and the bold weight, and which face of a collection has the Chinese forms.
const KNOWN: [(&str, &str, u32); 5] = [
    (
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
        2,
    ),
    ("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", "/usr/share/fonts/noto-cjk/NotoSansCJK-Bold.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
    (
        "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
        "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
        0,
    ),
];

/// Regular and bold. A file named by `YITAI_FONT` serves for both.
pub fn faces() -> Result<(Face, Face)> {
    if let Some(named) = std::env::var_os("YITAI_FONT") {
        let path = named.to_string_lossy();
        let face = || Face::read(&path, 0).ok_or_else(|| Problem::new(&problems::FONT));
        return Ok((face()?, face()?));
    }
    for (regular, bold, index) in KNOWN {
        if let Some(face) = Face::read(regular, index) {
            let bold = Face::read(bold, index).or_else(|| Face::read(regular, index));
            return bold.map(|bold| (face, bold)).ok_or_else(|| Problem::new(&problems::FONT));
        }
    }
    Err(Problem::new(&problems::FONT))
}

impl Face {
    fn read(path: &str, index: u32) -> Option<Self> {
        let data = Arc::new(std::fs::read(path).ok()?);
        let font = Font::new(Arc::clone(&data).into(), index)?;
        Some(Self { font, data, index })
    }

    /// Widths at a size.
    pub fn measure(&self, size: f32) -> Option<Measure<'_>> {
        let font = FontRef::from_index(&self.data, self.index).ok()?;
        Some(Measure {
            glyphs: font.glyph_metrics(Size::new(size), LocationRef::default()),
            chars: font.charmap(),
            size,
        })
    }
}

pub struct Measure<'a> {
    glyphs: skrifa::metrics::GlyphMetrics<'a>,
    chars: skrifa::charmap::Charmap<'a>,
    size: f32,
}

impl Measure<'_> {
    pub fn char(&self, c: char) -> f32 {
        self.chars.map(c).and_then(|glyph| self.glyphs.advance_width(glyph)).unwrap_or(self.size)
    }
    pub fn text(&self, text: &str) -> f32 {
        text.chars().map(|c| self.char(c)).sum()
    }
}
