//! The app's files, as they were built from `web/` and compressed beforehand. They are the same for everyone: what a
//! person may see is decided where the app asks for it.
//!
//! A file whose name holds a hash of what is in it never changes and is kept for a year; the others are asked for again
//! and answered 304. A path that is no file and has no dot is a place within the app, which finds its way itself.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::{Embed, EmbeddedFile};

use crate::guard::unknown_path;
use crate::text::hex;

/// What `make app` leaves behind. A program that was built without it says so at `/`.
#[derive(Embed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// The page that loads the app, wherever in it one comes in.
const INDEX: &str = "index.html";

/// What the app's pages may do: nothing of another host, no script or style within a page.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
     connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'",
);

const NOT_BUILT: &str = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>Bayan</title>\
    <h1>白云 Bayan</h1><p>此程序未包含网页应用。请在源码目录运行 make run。</p>\
    <p lang=\"en\">This program was built without the app. Run make run in the source folder.</p>\
    <p><a href=\"/api/openapi.json\">OpenAPI 3.1</a></p></html>";

/// The app.
#[utoipa::path(get, path = "/", tag = "operations", responses((status = 200, content_type = "text/html")))]
pub(crate) async fn get(headers: HeaderMap) -> Response {
    file(INDEX, &headers).unwrap_or_else(|| Html(NOT_BUILT).into_response())
}

/// Every path that is no endpoint: a file of the app, a place within it, or nothing.
pub(crate) async fn elsewhere(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let reads = method == Method::GET || method == Method::HEAD;
    if !reads || path.starts_with("api/") {
        return unknown_path().into_response();
    }
    let within = !path.rsplit('/').next().unwrap_or(path).contains('.');
    file(path, &headers)
        .or_else(|| within.then(|| file(INDEX, &headers)).flatten())
        .unwrap_or_else(|| unknown_path().into_response())
}

/// The answer with a file of the app; `None`: there is none of this name.
fn file(path: &str, asked: &HeaderMap) -> Option<Response> {
    // The compressed forms are no files of their own.
    if path.ends_with(".br") || path.ends_with(".gz") {
        return None;
    }
    let plain = Files::get(path)?;
    let (file, encoding) = compressed(path, asked).unwrap_or((plain, None));
    let tag = HeaderValue::try_from(format!("\"{}\"", hex(&file.metadata.sha256_hash()[..16])))
        .expect("hexadecimal digits in quotes are a header");
    let unchanged = asked.get(header::IF_NONE_MATCH).is_some_and(|seen| *seen == tag);
    let mut response =
        if unchanged { StatusCode::NOT_MODIFIED.into_response() } else { file.data.into_owned().into_response() };
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let kind = if path.ends_with(".webmanifest") { "application/manifest+json".to_owned() } else { kind.to_string() };
    let kind = if kind.starts_with("text/") { format!("{kind}; charset=utf-8") } else { kind };
    let lasts = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::try_from(kind).expect("a media type is a header"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(lasts));
    headers.insert(header::ETAG, tag);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    headers.insert(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    );
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some(response)
}

/// The smallest form of a file that the client understands, where it was compressed.
fn compressed(path: &str, asked: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepts = asked.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    let understands = |name: &str| {
        accepts.split(',').map(str::trim).any(|one| {
            let (coding, weight) = one.split_once(';').unwrap_or((one, ""));
            coding.trim() == name && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    };
    [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(name, _)| understands(name))
        .find_map(|(name, ending)| Some((Files::get(&format!("{path}{ending}"))?, Some(name))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(accepts: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(accepts))])
    }

    async fn answer(path: &'static str, headers: HeaderMap) -> Response {
        elsewhere(Method::GET, Uri::from_static(path), headers).await
    }

    /// Protects that a path of the API is never taken for a place within the app, nor a file that is not there.
    #[tokio::test]
    async fn what_is_not_there_is_not_the_app() {
        for path in ["/api/v1/nothing", "/assets/nothing.js", "/../Cargo.toml", "/index.html.br"] {
            assert_eq!(answer(path, HeaderMap::new()).await.status(), StatusCode::NOT_FOUND, "{path}");
        }
        let posted = elsewhere(Method::POST, Uri::from_static("/auctions"), HeaderMap::new()).await;
        assert_eq!(posted.status(), StatusCode::NOT_FOUND);
    }

    /// Protects the headers of the app, where it was built: compressed beforehand, kept by its hash, and a strict policy.
    #[tokio::test]
    async fn the_app_is_served_as_it_was_compressed() {
        if Files::get(INDEX).is_none() {
            let page = get(HeaderMap::new()).await;
            assert_eq!(page.status(), StatusCode::OK);
            return;
        }
        let page = answer("/auctions/8", asked("gzip, br")).await;
        assert_eq!(page.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
        assert_eq!(page.headers()[header::CACHE_CONTROL], "no-cache");
        let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
        let script = Files::iter().find(|name| name.starts_with("assets/") && name.ends_with(".js")).unwrap();
        let path = format!("/{script}");
        for (accepts, encoding) in
            [("br, gzip", Some("br")), ("gzip", Some("gzip")), ("br;q=0", None), ("identity", None)]
        {
            let answer = elsewhere(Method::GET, path.parse().unwrap(), asked(accepts)).await;
            let said = answer.headers().get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap());
            assert_eq!(said, encoding, "{accepts}");
            assert!(answer.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
            let mut again = asked(accepts);
            again.insert(header::IF_NONE_MATCH, answer.headers()[header::ETAG].clone());
            let again = elsewhere(Method::GET, path.parse().unwrap(), again).await;
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        }
    }
}
