//! The pages and their files, and the health of the process: what is served beside the APIs.

use axum::{
    body::Body,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use http::{Access::Public, Ctx, Error, Module, Route};
use kernel::{Lang, Problem};
use std::fmt::Write;

/// Scripts only from here; styles also inline, because the component library makes them at run time.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
                      font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
                      frame-ancestors 'none'";

pub fn module() -> Module {
    let page = |path: &str| Route::get(path, Public, index).doc("The pages");
    Module {
        name: "pages",
        routes: vec![
            page("/"),
            page("/app"),
            page("/app/{*path}"),
            page("/login"),
            page("/kiosk"),
            page("/board"),
            page("/setup/{token}"),
            Route::get("/assets/{*path}", Public, asset).doc("Scripts, styles and pictures of the pages"),
            Route::get("/favicon.svg", Public, favicon).doc("The icon"),
            Route::get("/openapi", Public, openapi_page).doc("The API description as a page"),
        ],
        ..Module::default()
    }
}

async fn index(headers: HeaderMap) -> Response {
    // The names of scripts change with their content, so only this page has to be asked for again.
    send(assets::index(), &headers, "no-cache")
}

async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, Error> {
    let file = assets::find(&format!("assets/{path}")).ok_or_else(Problem::not_found)?;
    Ok(send(file, &headers, "public, max-age=31536000, immutable"))
}

async fn favicon(headers: HeaderMap) -> Result<Response, Error> {
    let file = assets::find("favicon.svg").ok_or_else(Problem::not_found)?;
    Ok(send(file, &headers, "public, max-age=86400"))
}

fn send(file: &'static assets::File, asked: &HeaderMap, cache: &'static str) -> Response {
    let text = |name: header::HeaderName| asked.get(name).and_then(|v| v.to_str().ok()).unwrap_or("");
    let accepted = text(header::ACCEPT_ENCODING);
    let accepts = |name: &str| accepted.split(',').any(|e| e.trim().split(';').next() == Some(name));
    let (bytes, encoding) = match (file.brotli, file.gzip) {
        (Some(bytes), _) if accepts("br") => (bytes, Some("br")),
        (_, Some(bytes)) if accepts("gzip") => (bytes, Some("gzip")),
        _ => (file.bytes, None),
    };
    let known = text(header::IF_NONE_MATCH).split(',').any(|e| e.trim().trim_start_matches("W/") == file.etag);
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { Body::from(bytes).into_response() };
    let headers = response.headers_mut();
    let mut set = |name: header::HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_TYPE, file.mime);
    set(header::CACHE_CONTROL, cache);
    set(header::ETAG, file.etag);
    set(header::VARY, "accept-encoding");
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    if let Some(encoding) = encoding.filter(|_| !known) {
        set(header::CONTENT_ENCODING, encoding);
    }
    response
}

/// The description for people: a plain table, without script.
async fn openapi_page(ctx: Ctx) -> Response {
    let mut rows = String::new();
    let mut routes: Vec<_> = ctx.app.routes().iter().filter(|r| r.path.contains("api/")).collect();
    routes.sort_by(|a, b| (&a.path, a.method.as_str()).cmp(&(&b.path, b.method.as_str())));
    for route in routes {
        let right = match route.access {
            http::Access::Public => "–".to_owned(),
            http::Access::LoggedIn => if ctx.lang == Lang::En { "logged in" } else { "已登录" }.to_owned(),
            http::Access::Needs(perm) => escaped(perm.name),
        };
        let (method, path, summary) = (route.method.as_str(), escaped(&route.path), escaped(&route.summary));
        let _ = writeln!(
            rows,
            "<tr><td>{method}</td><td><code>{path}</code></td><td>{summary}</td><td><code>{right}</code></td></tr>"
        );
    }
    let (lang, title, heads) = match ctx.lang {
        Lang::En => ("en", "Yitai APIs", ["Method", "Path", "What it does", "Right"]),
        Lang::Zh => ("zh-CN", "一台 接口", ["方法", "路径", "用途", "权限"]),
    };
    let heads: String = heads.iter().map(|h| format!("<th scope=\"col\">{h}</th>")).collect();
    let html = format!(
        "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\"><title>{title}</title><style>body{{font:14px/1.6 \
         system-ui,sans-serif;margin:2rem}}td,th{{text-align:left;padding:.2rem .8rem;border-bottom:1px solid #ddd}}</style></head>\
         <body><main><h1>{title}</h1><p><a href=\"/openapi.json\">/openapi.json</a> (OpenAPI 3.1)</p>\
         <table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></main></body></html>"
    );
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    ];
    (headers, html).into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
