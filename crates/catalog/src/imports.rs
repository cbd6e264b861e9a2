pub(crate) fn routes() -> Vec<http::Route> { vec![] }
pub(crate) fn run(_: http::App) -> http::BoxFuture<'static, ()> { Box::pin(async {}) }
