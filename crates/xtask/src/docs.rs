//! Documents that can be wrong are checked: evidence that is named exists, modules say what they own, files stay short.

use crate::run::{Done, root};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A file is read by people: beyond this length it is cut in two.
const LINES: usize = 400;

pub fn check() -> Done {
    let mut wrong = Vec::new();
    let mut code = String::new();
    for path in files(&root().join("crates"), &["rs"]) {
        let text = fs::read_to_string(&path).unwrap_or_default();
        source(&path, &text, &mut wrong);
        code.push_str(&format!("\nfile {}\n{text}", shown(&path)));
    }
    for path in
        files(&root().join("ui/src"), &["ts", "tsx"]).iter().chain(&files(&root().join("ui/e2e"), &["mjs", "ts"]))
    {
        let text = fs::read_to_string(path).unwrap_or_default();
        if text.lines().count() > LINES && !shown(path).contains("locales") {
            wrong.push(format!("{}: {} lines (at most {LINES})", shown(path), text.lines().count()));
        }
        code.push_str(&format!("\nfile {}\n{text}", shown(path)));
    }
    requirements(&code, &mut wrong);
    links(&mut wrong);
    if wrong.is_empty() {
        println!("✓ documents");
        return Ok(());
    }
    Err(format!("documents:\n  {}", wrong.join("\n  ")))
}

fn source(path: &Path, text: &str, wrong: &mut Vec<String>) {
    let name = shown(path);
    if !text.starts_with("//!") {
        wrong.push(format!("{name}: does not open with //! (what it owns, and why)"));
    }
    let lines = text.lines().count();
    if lines > LINES {
        wrong.push(format!("{name}: {lines} lines (at most {LINES})"));
    }
}

/// Every `[R-…]` table has `what` and `evidence`, and each piece of evidence can be found.
fn requirements(code: &str, wrong: &mut Vec<String>) {
    let path = root().join("docs/requirements.toml");
    let Ok(text) = fs::read_to_string(&path) else {
        wrong.push("docs/requirements.toml is missing".to_owned());
        return;
    };
    for (name, body) in tables(&text) {
        if !body.contains("what = ") {
            wrong.push(format!("requirements: {name} has no `what`"));
        }
        let evidence = evidence(&body);
        if evidence.is_empty() {
            wrong.push(format!("requirements: {name} has no evidence"));
        }
        for item in evidence.iter().filter(|e| !exists(e, code)) {
            wrong.push(format!("requirements: {name} names {item}, which does not exist"));
        }
    }
}

fn tables(text: &str) -> Vec<(String, String)> {
    let mut tables: Vec<(String, String)> = Vec::new();
    for line in text.lines().filter(|l| !l.trim_start().starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.trim_end().strip_suffix(']')) {
            tables.push((name.to_owned(), String::new()));
        } else if let Some((_, body)) = tables.last_mut() {
            body.push_str(line);
            body.push('\n');
        }
    }
    tables
}

fn evidence(body: &str) -> Vec<String> {
    let Some((_, rest)) = body.split_once("evidence") else { return Vec::new() };
    let list = rest.split_once('[').map_or("", |(_, l)| l);
    let list = list.split_once("\n]").or_else(|| list.split_once("]\n")).map_or(list, |(l, _)| l);
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// A test path (`domain::story`), a page or document (a path in the repository), or an API (`GET /…`).
fn exists(item: &str, code: &str) -> bool {
    if let Some((_, test)) = item.rsplit_once("::") {
        return code.contains(&format!("fn {test}("));
    }
    let path = match item.split_once(' ') {
        Some(("GET" | "POST" | "PUT" | "PATCH" | "DELETE", path)) => Some(path),
        _ => item.starts_with('/').then_some(item),
    };
    if let Some(command) = item.strip_prefix("yitai ").and_then(|c| c.split([' ', ',']).next()) {
        return code.contains(&format!("yitai {command}")) || code.contains(&format!("Command::{}", capital(command)));
    }
    if let Some(path) = path {
        let path = path.split(' ').next().unwrap_or(path); // a remark may follow
        // Routes are put together from a base and a name: the last fixed part must be somebody's.
        let last = path.trim_end_matches('/').rsplit('/').find(|p| !p.starts_with('{')).unwrap_or(path);
        return code.contains(last);
    }
    let file = item.split([' ', '#']).next().unwrap_or(item);
    root().join(file).exists()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Links between our own documents lead somewhere.
fn links(wrong: &mut Vec<String>) {
    let mut documents = files(&root().join("docs"), &["md"]);
    documents.extend(["README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].map(|n| root().join(n)));
    for document in documents {
        let Ok(text) = fs::read_to_string(&document) else {
            wrong.push(format!("{} is missing", shown(&document)));
            continue;
        };
        let base = document.parent().map_or_else(root, Path::to_path_buf);
        for target in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            if !target.is_empty() && !target.contains("://") && !base.join(target).exists() {
                wrong.push(format!("{}: the link to {target} leads nowhere", shown(&document)));
            }
        }
    }
}

fn files(dir: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() && name != "target" && name != "node_modules" {
            found.extend(files(&path, endings));
        } else if path.extension().and_then(|e| e.to_str()).is_some_and(|e| endings.contains(&e)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().into_owned()
}
