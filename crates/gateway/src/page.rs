//! The plain page at `/`: what this is, a sign-in, the running auctions live, links to the API.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::problem::{Document, Problem};
use crate::text::hex;

const PAGE: &str = include_str!("page.html");

/// What stands in the file where the nonce of this one answer goes.
const NONCE: &str = "{{nonce}}";

/// A page for people.
#[utoipa::path(get, path = "/", tag = "operations",
    responses((status = 200, content_type = "text/html"), (status = 503, body = Document<'static>)))]
pub(crate) async fn get() -> Result<Response, Problem> {
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random)
        .map_err(|e| Problem::unavailable("unavailable", format!("the system gave no random bytes: {e}")))?;
    let nonce = hex(&random);
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    let mut response = PAGE.replace(NONCE, &nonce).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::try_from(policy).expect("a policy with a hexadecimal nonce is a header"),
    );
    Ok(response)
}
