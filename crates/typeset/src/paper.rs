//! Laying a sheet out on pages of A4.

use crate::{
    Bar, Block, Row, Sheet, Table, Weight,
    font::{self, Face},
    wrap,
};
use kernel::{Problem, Result};
use krilla::{
    Document,
    color::rgb,
    geom::{PathBuilder, Point, Rect},
    metadata::Metadata,
    num::NormalizedF32,
    page::PageSettings,
    paint::Fill,
    text::TextDirection,
};

const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const MARGIN: f32 = 48.0;
const INNER: f32 = WIDTH - 2.0 * MARGIN;
/// Where the text of a page ends; below is the footer.
const BOTTOM: f32 = HEIGHT - 62.0;

const INK: [u8; 3] = [31, 35, 41];
const PALE: [u8; 3] = [100, 106, 115];
const BLUE: [u8; 3] = [9, 88, 217];
const TINT: [u8; 3] = [240, 244, 250];
const RULE: [u8; 3] = [208, 213, 221];

const TITLE: f32 = 17.0;
const HEADING: f32 = 11.5;
const TEXT: f32 = 9.0;
const SMALL: f32 = 8.0;

/// What is drawn, before it is known how many pages there are.
enum Mark {
    Text { x: f32, y: f32, size: f32, bold: bool, color: [u8; 3], text: String },
    Box { x: f32, y: f32, width: f32, height: f32, color: [u8; 3] },
}

struct Layout<'a> {
    regular: &'a Face,
    bold: &'a Face,
    pages: Vec<Vec<Mark>>,
    y: f32,
}

/// The PDF of a sheet.
pub fn pdf(sheet: &Sheet) -> Result<Vec<u8>> {
    let (regular, bold) = font::faces()?;
    draw(&lay_out(sheet, &regular, &bold)?, sheet)
}

fn lay_out<'a>(sheet: &Sheet, regular: &'a Face, bold: &'a Face) -> Result<Layout<'a>> {
    let mut layout = Layout { regular, bold, pages: vec![Vec::new()], y: MARGIN };
    layout.head(sheet)?;
    for block in &sheet.blocks {
        layout.block(block)?;
    }
    layout.feet(sheet)?;
    Ok(layout)
}

impl Layout<'_> {
    fn face(&self, bold: bool) -> &Face {
        if bold { self.bold } else { self.regular }
    }
    fn width(&self, text: &str, size: f32, bold: bool) -> Result<f32> {
        let measure = self.face(bold).measure(size).ok_or_else(|| Problem::internal("the font has no measures"))?;
        Ok(measure.text(text))
    }
    fn wrapped(&self, text: &str, width: f32, size: f32, bold: bool) -> Result<Vec<String>> {
        let measure = self.face(bold).measure(size).ok_or_else(|| Problem::internal("the font has no measures"))?;
        Ok(wrap::lines(text, width, |c| measure.char(c)))
    }
    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }
    fn text(&mut self, x: f32, y: f32, size: f32, bold: bool, color: [u8; 3], text: &str) {
        if !text.is_empty() {
            self.mark(Mark::Text { x, y, size, bold, color, text: text.to_owned() });
        }
    }
    fn line(&mut self, y: f32, color: [u8; 3]) {
        self.mark(Mark::Box { x: MARGIN, y, width: INNER, height: 0.6, color });
    }
    /// A new page where less than `height` is left; says whether it was one.
    fn room(&mut self, height: f32) -> bool {
        let full = self.y + height > BOTTOM;
        if full {
            self.pages.push(Vec::new());
            self.y = MARGIN;
        }
        full
    }

    fn head(&mut self, sheet: &Sheet) -> Result<()> {
        for line in self.wrapped(&sheet.title, INNER, TITLE, true)? {
            self.y += TITLE;
            self.text(MARGIN, self.y, TITLE, true, INK, &line);
            self.y += 5.0;
        }
        for line in self.wrapped(&sheet.subtitle, INNER, TEXT, false)? {
            self.y += TEXT + 3.0;
            self.text(MARGIN, self.y, TEXT, false, PALE, &line);
        }
        self.y += 8.0;
        self.mark(Mark::Box { x: MARGIN, y: self.y, width: INNER, height: 1.6, color: BLUE });
        self.y += 10.0;
        Ok(())
    }

    fn block(&mut self, block: &Block) -> Result<()> {
        match block {
            Block::Heading(text) => {
                self.room(60.0); // a heading alone at the foot of a page is of no use
                self.y += HEADING + 8.0;
                self.text(MARGIN, self.y, HEADING, true, INK, text);
                self.y += 7.0;
                Ok(())
            }
            Block::Facts(facts) => self.facts(facts),
            Block::Table(table) => self.table(table),
            Block::Note(text) => {
                for line in self.wrapped(text, INNER, SMALL, false)? {
                    self.room(SMALL + 4.0);
                    self.y += SMALL + 4.0;
                    self.text(MARGIN, self.y, SMALL, false, PALE, &line);
                }
                self.y += 4.0;
                Ok(())
            }
            Block::Bars(bars) => self.bars(bars),
        }
    }

    fn facts(&mut self, facts: &[(String, String)]) -> Result<()> {
        const NAME: f32 = 78.0;
        let half = INNER / 2.0;
        for pair in facts.chunks(2) {
            let mut columns = Vec::new();
            for (name, value) in pair {
                let lines = self.wrapped(value, half - NAME - 8.0, TEXT, false)?;
                columns.push((name, lines));
            }
            let most = columns.iter().map(|(_, lines)| lines.len()).max().unwrap_or(1);
            let step = TEXT + 5.0;
            self.room(step * most as f32);
            for (n, (name, lines)) in columns.iter().enumerate() {
                let x = MARGIN + half * n as f32;
                self.text(x, self.y + step, TEXT, false, PALE, name);
                for (row, line) in lines.iter().enumerate() {
                    self.text(x + NAME, self.y + step * (row + 1) as f32, TEXT, false, INK, line);
                }
            }
            self.y += step * most as f32;
        }
        self.y += 6.0;
        Ok(())
    }

    fn table(&mut self, table: &Table) -> Result<()> {
        let whole: f32 = table.columns.iter().map(|c| c.width).sum::<f32>().max(f32::EPSILON);
        let widths: Vec<f32> = table.columns.iter().map(|c| INNER * c.width / whole).collect();
        self.room(46.0);
        self.table_head(table, &widths)?;
        for row in &table.rows {
            self.row(table, row, &widths)?;
        }
        self.y += 8.0;
        Ok(())
    }

    fn table_head(&mut self, table: &Table, widths: &[f32]) -> Result<()> {
        self.y += TEXT + 7.0;
        let mut x = MARGIN;
        for (column, width) in table.columns.iter().zip(widths) {
            let at = if column.right { x + width - 5.0 - self.width(&column.title, SMALL, true)? } else { x + 5.0 };
            self.text(at, self.y, SMALL, true, PALE, &column.title);
            x += width;
        }
        self.y += 5.0;
        self.line(self.y, INK);
        Ok(())
    }

    fn row(&mut self, table: &Table, row: &Row, widths: &[f32]) -> Result<()> {
        let bold = row.weight != Weight::Plain;
        let step = TEXT + 3.5;
        let mut cells = Vec::with_capacity(row.cells.len());
        for (cell, width) in row.cells.iter().zip(widths) {
            cells.push(self.wrapped(cell, width - 10.0, TEXT, bold)?);
        }
        let most = cells.iter().map(Vec::len).max().unwrap_or(1);
        let height = step * most as f32 + 5.0;
        // The row that opens a group goes with the first of the group.
        let needed = if row.weight == Weight::Group { height * 2.0 } else { height };
        if self.room(needed) {
            self.table_head(table, widths)?;
        }
        match row.weight {
            Weight::Group => {
                self.mark(Mark::Box { x: MARGIN, y: self.y + 0.6, width: INNER, height: height - 0.6, color: TINT });
            }
            Weight::Total => self.line(self.y, INK),
            Weight::Plain => {}
        }
        let mut x = MARGIN;
        for ((column, width), lines) in table.columns.iter().zip(widths).zip(&cells) {
            for (n, line) in lines.iter().enumerate() {
                let at = if column.right { x + width - 5.0 - self.width(line, TEXT, bold)? } else { x + 5.0 };
                self.text(at, self.y + step * (n + 1) as f32, TEXT, bold, INK, line);
            }
            x += width;
        }
        self.y += height;
        self.line(self.y, RULE);
        Ok(())
    }

    fn bars(&mut self, bars: &[Bar]) -> Result<()> {
        const NAME: f32 = 90.0;
        const FIGURE: f32 = 90.0;
        let longest = bars.iter().map(|b| b.value).max().unwrap_or(0).max(1) as f32;
        for bar in bars {
            let step = TEXT + 7.0;
            self.room(step);
            let share = (bar.value.max(0) as f32 / longest).min(1.0);
            self.text(MARGIN, self.y + TEXT + 2.0, TEXT, false, INK, &bar.name);
            let length = (INNER - NAME - FIGURE) * share;
            if length > 0.0 {
                self.mark(Mark::Box {
                    x: MARGIN + NAME,
                    y: self.y + 2.0,
                    width: length,
                    height: TEXT + 1.0,
                    color: BLUE,
                });
            }
            let at = WIDTH - MARGIN - self.width(&bar.text, TEXT, false)?;
            self.text(at, self.y + TEXT + 2.0, TEXT, false, INK, &bar.text);
            self.y += step;
        }
        self.y += 6.0;
        Ok(())
    }

    fn feet(&mut self, sheet: &Sheet) -> Result<()> {
        let count = self.pages.len();
        for n in 0..count {
            let label = sheet.pages.replace("{pages}", &count.to_string()).replace("{page}", &(n + 1).to_string());
            let at = WIDTH - MARGIN - self.width(&label, SMALL, false)?;
            let y = HEIGHT - 34.0;
            let text =
                |x: f32, text: &str| Mark::Text { x, y, size: SMALL, bold: false, color: PALE, text: text.to_owned() };
            let rule = Mark::Box { x: MARGIN, y: y - 14.0, width: INNER, height: 0.6, color: RULE };
            self.pages[n].extend([rule, text(MARGIN, &sheet.footer), text(at, &label)]);
        }
        Ok(())
    }
}

fn draw(layout: &Layout<'_>, sheet: &Sheet) -> Result<Vec<u8>> {
    let mut document = Document::new();
    document.set_metadata(Metadata::new().title(sheet.title.clone()));
    let fill = |[r, g, b]: [u8; 3]| Fill {
        paint: rgb::Color::new(r, g, b).into(),
        opacity: NormalizedF32::ONE,
        rule: krilla::paint::FillRule::default(),
    };
    let size = || PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| Problem::internal("a page of A4 is refused"));
    for marks in &layout.pages {
        let mut page = document.start_page_with(size()?);
        let mut surface = page.surface();
        for mark in marks {
            match mark {
                Mark::Text { x, y, size, bold, color, text } => {
                    surface.set_fill(Some(fill(*color)));
                    let font = layout.face(*bold).font.clone();
                    surface.draw_text(Point::from_xy(*x, *y), font, *size, text, false, TextDirection::Auto);
                }
                Mark::Box { x, y, width, height, color } => {
                    surface.set_fill(Some(fill(*color)));
                    let mut path = PathBuilder::new();
                    if let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) {
                        path.push_rect(rect);
                    }
                    if let Some(path) = path.finish() {
                        surface.draw_path(&path);
                    }
                }
            }
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|e| Problem::internal(format!("the PDF could not be written: {e:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Column;

    #[test]
    fn a_long_table_takes_several_pages_and_every_page_says_which_it_is() {
        let row = |n: i64, weight| Row {
            cells: vec![format!("第 {n} 行 国内流量 local data"), format!("{n}.00")],
            weight,
        };
        let mut rows: Vec<Row> =
            (0..150).map(|n| row(n, if n % 40 == 0 { Weight::Group } else { Weight::Plain })).collect();
        rows.push(row(150, Weight::Total));
        let sheet = Sheet {
            title: "客户账单".into(),
            subtitle: "2026-11".into(),
            footer: "一台".into(),
            pages: "第 {page} 页，共 {pages} 页".into(),
            blocks: vec![
                Block::Facts(vec![
                    ("客户".into(), "张三".into()),
                    ("账期".into(), "2026-11".into()),
                    ("地址".into(), "广东省广州市天河区".repeat(6)),
                ]),
                Block::Heading("费用明细".into()),
                Block::Table(Table {
                    columns: vec![Column::left("项目", 4.0), Column::right("金额（元）", 1.0)],
                    rows,
                }),
                Block::Bars(vec![Bar { name: "2026-10".into(), value: 100, text: "¥1.00".into() }]),
                Block::Note("说明".into()),
            ],
        };
        let Ok((regular, bold)) = font::faces() else {
            println!("skipped: no Chinese font on this machine");
            return;
        };
        let pages = lay_out(&sheet, &regular, &bold).unwrap().pages;
        assert_eq!(pages.len(), 5);
        let written = |page: &[Mark]| -> Vec<String> {
            page.iter()
                .filter_map(|m| if let Mark::Text { text, .. } = m { Some(text.clone()) } else { None })
                .collect()
        };
        for (n, page) in pages.iter().enumerate() {
            let texts = written(page);
            assert!(texts.contains(&format!("第 {} 页，共 5 页", n + 1)), "{n}");
            assert_eq!(
                texts.iter().any(|t| t == "金额（元）"),
                n < 4,
                "the head of the table is on every page it reaches"
            );
        }
        let rows = pages.iter().flat_map(|p| written(p)).filter(|t| t.ends_with("local data")).count();
        assert_eq!(rows, 151, "no row is lost between pages");
        let lowest = pages.iter().flatten().map(|m| match m {
            Mark::Text { y, .. } => *y,
            Mark::Box { y, height, .. } => y + height,
        });
        assert!(lowest.fold(0.0, f32::max) < HEIGHT);

        let bytes = pdf(&sheet).unwrap();
        if let Some(path) = std::env::var_os("TYPESET_OUT") {
            std::fs::write(path, &bytes).unwrap();
        }
        assert!(bytes.starts_with(b"%PDF-"));
        assert!(bytes.len() < 200_000, "the fonts are cut down to the characters used: {}", bytes.len());
    }
}
