//! `#[both_databases]`: one story, told on SQLite and on PostgreSQL.
//!
//! Written on the bare compiler interface: all it needs of the function is its name, and every test build waits for it.

use proc_macro::{TokenStream, TokenTree};

/// Makes two tests of `async fn story(t: TestApp)`: `story::sqlite` and `story::postgres`. The test binary's root must
/// have `pub fn system() -> testkit::System`, which says what is under test.
#[proc_macro_attribute]
pub fn both_databases(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let name = match story_name(item.clone()) {
        Some(name) if arguments.is_empty() => name,
        _ => return error("#[both_databases] takes no arguments and stands on `async fn story(t: TestApp) { … }`"),
    };
    // Functions and modules have separate names, so the module that holds the tests is called like the story.
    let tests = format!(
        "mod {name} {{
            #[test]
            fn sqlite() {{ ::testkit::run(::testkit::Engine::Sqlite, crate::system, super::{name}); }}
            #[test]
            fn postgres() {{ ::testkit::run(::testkit::Engine::Postgres, crate::system, super::{name}); }}
        }}"
    );
    let Ok(tests) = tests.parse::<TokenStream>() else { return error("the story's name cannot name a module") };
    let mut all = item;
    all.extend(tests);
    all
}

fn story_name(item: TokenStream) -> Option<String> {
    let mut words = item.into_iter().skip_while(|t| !matches!(t, TokenTree::Ident(i) if i.to_string() == "async"));
    words.next()?;
    match (words.next()?, words.next()?) {
        (TokenTree::Ident(keyword), TokenTree::Ident(name)) if keyword.to_string() == "fn" => Some(name.to_string()),
        _ => None,
    }
}

fn error(text: &str) -> TokenStream {
    format!("compile_error!({text:?});").parse().unwrap_or_default()
}
