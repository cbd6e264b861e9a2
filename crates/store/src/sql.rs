//! Statements with a name, registered at link time so that a test can `EXPLAIN` every one of them on both engines.

use crate::dialect::Engine;
use std::{borrow::Cow, sync::OnceLock};

/// Every statement declared with [`sql!`](crate::sql).
#[linkme::distributed_slice]
pub static STATEMENTS: [&'static Sql] = [..];

/// A statement in the common dialect (see [`Engine::render`]), rendered once for each engine.
#[derive(Debug)]
pub struct Sql {
    pub name: &'static str,
    pub text: &'static str,
    sqlite: OnceLock<String>,
    postgres: OnceLock<String>,
}

impl Sql {
    pub const fn new(name: &'static str, text: &'static str) -> Self {
        Self { name, text, sqlite: OnceLock::new(), postgres: OnceLock::new() }
    }
    pub fn rendered(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => self.sqlite.get_or_init(|| engine.render(self.text)),
            Engine::Postgres => self.postgres.get_or_init(|| engine.render(self.text)),
        }
    }
}

/// Declares registered statements.
///
/// ```ignore
/// sql! { LOCK = "SELECT body, version FROM product_order WHERE id = $1 {for_update}"; }
/// ```
#[macro_export]
macro_rules! sql {
    ($($(#[$meta:meta])* $vis:vis $name:ident = $text:expr;)*) => {$(
        $(#[$meta])*
        $vis static $name: $crate::Sql = $crate::Sql::new(concat!(module_path!(), "::", stringify!($name)), $text);
        #[expect(unsafe_code, reason = "the linker gathers the slice")]
        const _: () = {
            #[$crate::linkme::distributed_slice($crate::STATEMENTS)]
            #[linkme(crate = $crate::linkme)]
            static REGISTERED_STATEMENT: &$crate::Sql = &$name;
        };
    )*};
}

/// What can be run: a registered statement, or text built at run time in the common dialect.
pub trait Statement {
    fn rendered(&self, engine: Engine) -> Cow<'_, str>;
}

impl Statement for Sql {
    fn rendered(&self, engine: Engine) -> Cow<'_, str> {
        Cow::Borrowed(Sql::rendered(self, engine))
    }
}
impl Statement for String {
    fn rendered(&self, engine: Engine) -> Cow<'_, str> {
        Cow::Owned(engine.render(self))
    }
}
