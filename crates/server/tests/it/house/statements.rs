//! One SQL text for two engines: each must be able to plan every statement of the house.

use store::{Engine, STATEMENTS, Value};
use testkit::{TestApp, both_databases};

/// The highest `$n` of a statement.
fn binds(text: &str) -> usize {
    let digits =
        |rest: &str| rest.bytes().take_while(u8::is_ascii_digit).fold(0, |n, d| n * 10 + usize::from(d - b'0'));
    text.split('$').skip(1).map(digits).max().unwrap_or(0)
}

#[both_databases]
async fn every_registered_statement_can_be_planned(t: TestApp) {
    assert!(STATEMENTS.len() > 10, "the linker dropped the statements");
    let mut failures = Vec::new();
    for statement in STATEMENTS {
        let text = statement.rendered(t.engine()).to_owned();
        let nulls = vec![Value::Null; binds(statement.text)];
        let planned = t.try_write(move |tx| match tx.engine() {
            Engine::Sqlite => tx.query(&format!("EXPLAIN QUERY PLAN {text}"), &nulls).map(drop),
            Engine::Postgres => {
                tx.execute(&format!("PREPARE planned AS {text}"), &[])?;
                let arguments = vec!["NULL"; nulls.len()].join(", ");
                let call = if nulls.is_empty() { String::new() } else { format!("({arguments})") };
                let planned = tx.query(&format!("EXPLAIN EXECUTE planned{call}"), &[]).map(drop);
                tx.execute(&"DEALLOCATE planned".to_owned(), &[])?;
                planned
            }
        });
        if let Err(problem) = planned.await {
            failures.push(format!("{}: {}", statement.name, problem.source.unwrap_or_default()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
