//! Bills and statements on paper, in Chinese and English: what a page shows becomes a sheet that `typeset` lays out.

use kernel::{Lang, Money};
use serde_json::Value;
use typeset::{Bar, Block, Column, Row, Sheet, Table, Weight};

/// Chooses between two texts.
#[derive(Clone, Copy)]
struct Words(bool);

impl Words {
    fn of(self, zh: &str, en: &str) -> String {
        if self.0 { zh.to_owned() } else { en.to_owned() }
    }
    fn kind(self, kind: &str) -> String {
        match kind {
            "oneTime" => self.of("一次性费用", "One-time charges"),
            "recurring" => self.of("月租及套餐费", "Recurring charges"),
            "usage" => self.of("使用费", "Usage"),
            _ => self.of("调账", "Adjustments"),
        }
    }
    fn bill(self, kind: &str) -> String {
        match kind {
            "cycle" => self.of("月账单", "Monthly bill"),
            "first" => self.of("首期账单", "First bill"),
            "final" => self.of("结清账单", "Final bill"),
            "adjustment" => self.of("调账账单", "Adjustment"),
            _ => self.of("业务账单", "Order"),
        }
    }
    /// By the name that the table of taxes has, with the rate.
    fn tax(self, tax: &Value) -> String {
        let name = tax[if self.0 { "name" } else { "nameEn" }].as_str().filter(|n| !n.is_empty());
        let name = name.or(tax["category"].as_str()).unwrap_or("");
        match tax["permille"].as_i64() {
            Some(permille) if permille % 10 == 0 => format!("{name} {} %", permille / 10),
            Some(permille) => format!("{name} {permille} ‰"),
            None => name.to_owned(),
        }
    }
}

fn yuan(value: &Value) -> String {
    Money::fen(value.as_i64().unwrap_or(0)).to_string()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("").to_owned()
}

fn cells(cells: [String; 3], weight: Weight) -> Row {
    Row { cells: cells.to_vec(), weight }
}

/// A customer's statement of a month.
pub fn statement(view: &Value, lang: Lang, printed: &str) -> Sheet {
    let w = Words(lang == Lang::Zh);
    let money = |name: &str| format!("{} {}", yuan(&view[name]), w.of("元", "yuan"));
    let pair = |zh: &str, en: &str, value: String| (w.of(zh, en), value);
    let mut blocks = vec![Block::Facts(vec![
        pair("客户名称", "Customer", text(&view["customerName"])),
        pair("账期", "Period", format!("{} – {}", text(&view["first"]), text(&view["last"]))),
        pair("本期费用", "Charges of the period", money("totalFen")),
        pair("本期已付", "Paid of it", money("paidFen")),
        pair("本期应付", "Due", money("dueFen")),
        pair("往期欠费", "Due from before", money("beforeFen")),
        pair("账户余额", "Balance", money("balanceFen")),
        pair("打印时间", "Printed", printed.to_owned()),
    ])];
    blocks.push(Block::Heading(w.of("费用构成", "What it is made of")));
    let kinds = view["byKind"].as_object().into_iter().flatten();
    let bars = kinds.map(|(kind, fen)| Bar { name: w.kind(kind), value: fen.as_i64().unwrap_or(0), text: yuan(fen) });
    blocks.push(Block::Bars(bars.collect()));
    for account in view["accounts"].as_array().into_iter().flatten() {
        blocks.push(Block::Heading(format!("{} {}", w.of("账户", "Account"), text(&account["accountNo"]))));
        blocks.push(Block::Table(account_table(account, w)));
        for bill in account["bills"].as_array().into_iter().flatten() {
            let state = if bill["remainingFen"].as_i64() == Some(0) {
                w.of("已付清", "paid")
            } else {
                format!("{} {}", w.of("待付", "due"), yuan(&bill["remainingFen"]))
            };
            let note = format!(
                "{} {}：{} {}，{}，{} {}",
                w.bill(bill["kind"].as_str().unwrap_or("")),
                text(&bill["billNo"]),
                yuan(&bill["amountFen"]),
                w.of("元", "yuan"),
                state,
                w.of("最迟付款日", "to be paid by"),
                text(&bill["dueDate"])
            );
            blocks.push(Block::Note(note));
        }
    }
    blocks.push(Block::Heading(w.of("含税说明", "Tax included")));
    let columns = vec![
        Column::left(&w.of("类别", "Category"), 0.5),
        Column::right(&w.of("含税金额", "Amount"), 0.25),
        Column::right(&w.of("其中税额", "Tax in it"), 0.25),
    ];
    let taxes = view["taxes"].as_array().into_iter().flatten();
    let row = |tax: &Value| {
        let name = w.tax(tax);
        cells([name, yuan(&tax["amountFen"]), yuan(&tax["taxFen"])], Weight::Plain)
    };
    blocks.push(Block::Table(Table { columns, rows: taxes.map(row).collect() }));
    blocks.push(Block::Heading(w.of("近六个月费用", "The last six months")));
    let bar = |month: &Value| Bar {
        name: text(&month["month"]),
        value: month["amountFen"].as_i64().unwrap_or(0),
        text: yuan(&month["amountFen"]),
    };
    blocks.push(Block::Bars(view["trend"].as_array().into_iter().flatten().map(bar).collect()));
    sheet(w, &w.of("客户账单（一单清）", "Statement of charges"), &text(&view["cycle"]), blocks)
}

fn sheet(w: Words, title: &str, subtitle: &str, blocks: Vec<Block>) -> Sheet {
    Sheet {
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        footer: w.of(
            "如对费用有疑问，可查询每一项的计费依据；逾期未付按规定收取违约金。",
            "Every line can be traced to what it was charged for. A late fee is charged on what is overdue.",
        ),
        pages: w.of("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
        blocks,
    }
}

fn columns(w: Words) -> Vec<Column> {
    vec![
        Column::left(&w.of("项目", "Item"), 0.36),
        Column::left(&w.of("说明", "How it came about"), 0.46),
        Column::right(&w.of("金额（元）", "Yuan"), 0.18),
    ]
}

fn line(line: &Value, w: Words) -> Row {
    let name = match line["detail"]["nameEn"].as_str() {
        Some(en) if !w.0 && !en.is_empty() => en.to_owned(),
        _ => text(&line["name"]),
    };
    let note = text(&line[if w.0 { "note" } else { "noteEn" }]);
    cells([format!("  {name}"), note, yuan(&line["amountFen"])], Weight::Plain)
}

fn account_table(account: &Value, w: Words) -> Table {
    let mut rows = Vec::new();
    for product in account["products"].as_array().into_iter().flatten() {
        let name = match product["productId"].as_str() {
            Some("") | None => w.of("账户", "Account"),
            Some(_) => text(&product["name"]),
        };
        rows.push(cells([name, text(&product["number"]), yuan(&product["amountFen"])], Weight::Group));
        rows.extend(product["lines"].as_array().into_iter().flatten().map(|l| line(l, w)));
    }
    rows.push(cells([w.of("合计", "Total"), String::new(), yuan(&account["amountFen"])], Weight::Total));
    Table { columns: columns(w), rows }
}

/// One bill.
pub fn bill(view: &Value, lang: Lang, printed: &str) -> Sheet {
    let w = Words(lang == Lang::Zh);
    let pair = |zh: &str, en: &str, value: String| (w.of(zh, en), value);
    let facts = vec![
        pair("客户名称", "Customer", text(&view["customerName"])),
        pair("账户", "Account", text(&view["accountNo"])),
        pair("账单编号", "Bill", text(&view["billNo"])),
        pair("账期", "Period", format!("{} – {}", text(&view["period"]["start"]), text(&view["period"]["end"]))),
        pair("金额", "Amount", yuan(&view["amountFen"])),
        pair("待付", "Due", yuan(&view["remainingFen"])),
        pair("最迟付款日", "To be paid by", text(&view["dueDate"])),
        pair("打印时间", "Printed", printed.to_owned()),
    ];
    let mut rows: Vec<Row> = Vec::new();
    let mut product = None;
    for one in view["lines"].as_array().into_iter().flatten() {
        if product != Some(&one["productId"]) {
            product = Some(&one["productId"]);
            rows.push(cells([text(&one["product"]), text(&one["number"]), String::new()], Weight::Group));
        }
        rows.push(line(one, w));
    }
    rows.push(cells([w.of("合计", "Total"), String::new(), yuan(&view["amountFen"])], Weight::Total));
    let table = Table { columns: columns(w), rows };
    sheet(w, &w.of("账单", "Bill"), &text(&view["billNo"]), vec![Block::Facts(facts), Block::Table(table)])
}
