//! Who may ask what: the one table of all endpoints, by which every request is judged before its handler sees it.
//!
//! An endpoint without a row is answered 404, so that nothing can be reached by forgetting it here. What an act needs
//! beyond the role (another person, one's own member) is the exchange's to judge.

use axum::http::Method;
use exchange::members::Role::{Admin, Auditor, Manager, Operator, Settlement, Trader};
use exchange::members::{Key, Role, Scope};

/// Who may use an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everyone, signed in or not.
    Anyone,
    /// Every role.
    SignedIn,
    /// These roles.
    Roles(&'static [Role]),
}

/// One endpoint.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: &'static str,
    /// As in the OpenAPI document.
    pub path: &'static str,
    /// Who may use it.
    pub who: Who,
    /// Whether it may be used before a single-use password was replaced, and by staff before they have a second factor.
    pub before_ready: bool,
}

const fn row(method: &'static str, path: &'static str, who: Who) -> Row {
    Row { method, path, who, before_ready: false }
}

const fn at_once(method: &'static str, path: &'static str, who: Who) -> Row {
    Row { method, path, who, before_ready: true }
}

const MEMBERS: Who = Who::Roles(&[Trader, Manager]);
const STAFF: Who = Who::Roles(&[Operator, Settlement, Admin, Auditor]);
const OPERATOR: Who = Who::Roles(&[Operator]);
const SETTLEMENT: Who = Who::Roles(&[Settlement]);
const ADMIN: Who = Who::Roles(&[Admin]);
const AUDITS: Who = Who::Roles(&[Auditor, Admin]);
const MANAGES: Who = Who::Roles(&[Admin, Manager]);
const DECIDES: Who = Who::Roles(&[Operator, Settlement, Admin]);

/// Every endpoint there is.
pub const TABLE: &[Row] = &[
    row("GET", "/", Who::Anyone),
    row("GET", "/livez", Who::Anyone),
    row("GET", "/readyz", Who::Anyone),
    row("GET", "/metrics", Who::Anyone),
    row("GET", "/api/openapi.json", Who::Anyone),
    row("GET", "/api/v1/head", Who::Anyone),
    row("POST", "/api/v1/sessions", Who::Anyone),
    row("GET", "/api/v1/sessions", Who::SignedIn),
    at_once("GET", "/api/v1/sessions/current", Who::SignedIn),
    at_once("DELETE", "/api/v1/sessions/current", Who::SignedIn),
    row("DELETE", "/api/v1/sessions/{id}", Who::SignedIn),
    at_once("POST", "/api/v1/password", Who::SignedIn),
    at_once("GET", "/api/v1/second-factor", Who::SignedIn),
    at_once("POST", "/api/v1/second-factor/totp", Who::SignedIn),
    at_once("POST", "/api/v1/second-factor/totp/confirmation", Who::SignedIn),
    row("DELETE", "/api/v1/second-factor/totp", Who::SignedIn),
    at_once("POST", "/api/v1/second-factor/passkeys/options", Who::SignedIn),
    at_once("POST", "/api/v1/second-factor/passkeys", Who::SignedIn),
    row("DELETE", "/api/v1/second-factor/passkeys/{id}", Who::SignedIn),
    row("GET", "/api/v1/feed", Who::SignedIn),
    row("GET", "/api/v1/files", Who::Roles(&[Manager])),
    row("POST", "/api/v1/files", Who::Roles(&[Manager])),
    row("GET", "/api/v1/files/{id}", Who::SignedIn),
    row("DELETE", "/api/v1/files/{id}", Who::Roles(&[Manager])),
    row("GET", "/api/v1/auctions", Who::SignedIn),
    row("POST", "/api/v1/auctions", Who::Roles(&[Manager])),
    row("GET", "/api/v1/auctions/{id}", Who::SignedIn),
    row("POST", "/api/v1/auctions/{id}/rejection", OPERATOR),
    row("POST", "/api/v1/auctions/{id}/approval", OPERATOR),
    row("POST", "/api/v1/auctions/{id}/suspension", OPERATOR),
    row("POST", "/api/v1/auctions/{id}/resumption", OPERATOR),
    row("POST", "/api/v1/auctions/{id}/extension", OPERATOR),
    row("POST", "/api/v1/auctions/{id}/cancellation", OPERATOR),
    row("GET", "/api/v1/auctions/{id}/lots/{code}/bids", Who::SignedIn),
    row("POST", "/api/v1/auctions/{id}/lots/{code}/bids", Who::Roles(&[Trader])),
    row("GET", "/api/v1/auctions/{id}/lots/{code}/path", Who::SignedIn),
    row("GET", "/api/v1/bids", MEMBERS),
    row("GET", "/api/v1/contracts", MEMBERS),
    row("GET", "/api/v1/funds", MEMBERS),
    row("GET", "/api/v1/funds/margins", MEMBERS),
    row("GET", "/api/v1/funds/postings", MEMBERS),
    row("GET", "/api/v1/members", Who::SignedIn),
    row("POST", "/api/v1/members", ADMIN),
    row("GET", "/api/v1/members/{code}/funds", Who::Roles(&[Settlement, Auditor])),
    row("GET", "/api/v1/members/{code}/payments", Who::Roles(&[Settlement, Auditor])),
    row("POST", "/api/v1/members/{code}/deposits", SETTLEMENT),
    row("POST", "/api/v1/members/{code}/withdrawals", SETTLEMENT),
    row("POST", "/api/v1/applications", Who::Anyone),
    row("GET", "/api/v1/applications/own", Who::Anyone),
    row("PUT", "/api/v1/applications/own", Who::Anyone),
    row("POST", "/api/v1/applications/own/documents", Who::Anyone),
    row("DELETE", "/api/v1/applications/own/documents/{id}", Who::Anyone),
    row("GET", "/api/v1/applications", AUDITS),
    row("GET", "/api/v1/applications/{id}", AUDITS),
    row("POST", "/api/v1/applications/{id}/admission", ADMIN),
    row("POST", "/api/v1/applications/{id}/refusal", ADMIN),
    row("POST", "/api/v1/applications/{id}/erasure", ADMIN),
    row("GET", "/api/v1/approvals", STAFF),
    row("POST", "/api/v1/approvals/{id}", DECIDES),
    row("DELETE", "/api/v1/approvals/{id}", DECIDES),
    row("GET", "/api/v1/today", STAFF),
    row("GET", "/api/v1/node", STAFF),
    row("GET", "/api/v1/halts", Who::SignedIn),
    row("POST", "/api/v1/halts", OPERATOR),
    row("POST", "/api/v1/halts/{id}/lifting", OPERATOR),
    row("POST", "/api/v1/members/{code}/freeze", OPERATOR),
    row("POST", "/api/v1/members/{code}/unfreeze", OPERATOR),
    row("POST", "/api/v1/auctions/{id}/lots/{code}/annulment", OPERATOR),
    row("POST", "/api/v1/corrections", SETTLEMENT),
    row("POST", "/api/v1/previews", DECIDES),
    row("GET", "/api/v1/users", MANAGES),
    row("POST", "/api/v1/users", MANAGES),
    row("POST", "/api/v1/users/{login}/lock", MANAGES),
    row("POST", "/api/v1/users/{login}/unlock", MANAGES),
    row("POST", "/api/v1/users/{login}/password", MANAGES),
    row("DELETE", "/api/v1/users/{login}/second-factor", MANAGES),
    row("PUT", "/api/v1/users/{login}/role", MANAGES),
    row("PUT", "/api/v1/users/{login}/limit", MANAGES),
    row("POST", "/api/v1/users/{login}/erasure", ADMIN),
    row("GET", "/api/v1/keys", Who::Roles(&[Manager])),
    row("POST", "/api/v1/keys", Who::Roles(&[Manager])),
    row("DELETE", "/api/v1/keys/{id}", Who::Roles(&[Manager])),
    row("GET", "/api/v1/limits", MEMBERS),
    row("PUT", "/api/v1/limits", MEMBERS),
    row("GET", "/api/v1/followed", MEMBERS),
    row("POST", "/api/v1/followed", MEMBERS),
    row("GET", "/api/v1/notices", MEMBERS),
    row("POST", "/api/v1/notices/read", MEMBERS),
    row("GET", "/api/v1/notices/settings", MEMBERS),
    row("PUT", "/api/v1/notices/settings", MEMBERS),
    row("POST", "/api/v1/notices/browsers", MEMBERS),
    row("DELETE", "/api/v1/notices/browsers", MEMBERS),
    row("POST", "/api/v1/notices/test", MEMBERS),
    row("GET", "/api/v1/audit", AUDITS),
    row("GET", "/api/v1/audit.csv", AUDITS),
    row("GET", "/api/v1/products", Who::SignedIn),
    row("POST", "/api/v1/products", ADMIN),
    row("GET", "/api/v1/products/{code}", Who::SignedIn),
    row("PUT", "/api/v1/products/{code}", ADMIN),
    row("GET", "/api/v1/quotes", Who::SignedIn),
    row("GET", "/api/v1/quotes/{product}", Who::SignedIn),
    row("GET", "/api/v1/quotes/{product}/candles", Who::SignedIn),
    row("GET", "/api/v1/quotes/{product}/candles.csv", Who::SignedIn),
    row("GET", "/api/v1/quotes/{product}/trades", Who::SignedIn),
    row("GET", "/api/v1/quotes/{product}/trades.csv", Who::SignedIn),
    row("GET", "/api/v1/demonstration/history/{product}", Who::SignedIn),
    row("GET", "/api/v1/demonstration/history/{product}/candles.csv", Who::SignedIn),
    row("GET", "/api/v1/profile", Who::SignedIn),
    row("PUT", "/api/v1/profile", ADMIN),
];

/// What a member's own system may use, and which scope of its key it needs. What is not here is for people.
const KEYS: &[(&str, &str, Scope)] = &[
    ("GET", "/api/v1/sessions/current", Scope::Read),
    ("GET", "/api/v1/feed", Scope::Read),
    ("GET", "/api/v1/auctions", Scope::Read),
    ("GET", "/api/v1/auctions/{id}", Scope::Read),
    ("GET", "/api/v1/auctions/{id}/lots/{code}/bids", Scope::Read),
    ("GET", "/api/v1/auctions/{id}/lots/{code}/path", Scope::Read),
    ("GET", "/api/v1/bids", Scope::Read),
    ("GET", "/api/v1/contracts", Scope::Read),
    ("GET", "/api/v1/funds", Scope::Read),
    ("GET", "/api/v1/funds/margins", Scope::Read),
    ("GET", "/api/v1/funds/postings", Scope::Read),
    ("GET", "/api/v1/members", Scope::Read),
    ("GET", "/api/v1/products", Scope::Read),
    ("GET", "/api/v1/products/{code}", Scope::Read),
    ("GET", "/api/v1/profile", Scope::Read),
    ("GET", "/api/v1/quotes", Scope::Read),
    ("GET", "/api/v1/quotes/{product}", Scope::Read),
    ("GET", "/api/v1/quotes/{product}/candles", Scope::Read),
    ("GET", "/api/v1/quotes/{product}/candles.csv", Scope::Read),
    ("GET", "/api/v1/quotes/{product}/trades", Scope::Read),
    ("GET", "/api/v1/quotes/{product}/trades.csv", Scope::Read),
    ("POST", "/api/v1/auctions/{id}/lots/{code}/bids", Scope::Bid),
    ("POST", "/api/v1/auctions", Scope::Publish),
    ("GET", "/api/v1/files", Scope::Publish),
    ("POST", "/api/v1/files", Scope::Publish),
    ("GET", "/api/v1/files/{id}", Scope::Read),
    ("DELETE", "/api/v1/files/{id}", Scope::Publish),
];

impl Row {
    /// Whether a user may: by its role, or a key by its scopes.
    #[must_use]
    pub fn admits(&self, role: Role, key: Option<&Key>) -> bool {
        match key {
            None => self.who.admits(Some(role)),
            Some(key) => self.scope().is_some_and(|scope| key.scopes.contains(&scope)),
        }
    }

    /// The scope that a key needs; `None`: it is for people.
    #[must_use]
    pub fn scope(&self) -> Option<Scope> {
        KEYS.iter().find(|(method, path, _)| *method == self.method && *path == self.path).map(|(_, _, scope)| *scope)
    }
}

impl Who {
    /// Whether someone may: `None` is signed out.
    #[must_use]
    pub fn admits(self, role: Option<Role>) -> bool {
        match (self, role) {
            (Who::Anyone, _) | (Who::SignedIn, Some(_)) => true,
            (Who::Roles(roles), Some(role)) => roles.contains(&role),
            (_, None) => false,
        }
    }
}

/// The row of an endpoint; a HEAD is judged as its GET.
#[must_use]
pub(crate) fn find(method: &Method, path: &str) -> Option<&'static Row> {
    let method = if method == Method::HEAD { "GET" } else { method.as_str() };
    TABLE.iter().find(|row| row.path == path && row.method == method)
}

/// The methods of a path, for `Allow`.
pub(crate) fn methods(path: &str) -> String {
    let methods: Vec<&str> = TABLE.iter().filter(|row| row.path == path).map(|row| row.method).collect();
    methods.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects that a path and method stand in the table once, so that no second row can say otherwise.
    #[test]
    fn every_endpoint_has_one_row() {
        for (at, row) in TABLE.iter().enumerate() {
            assert!(
                TABLE[at + 1..].iter().all(|other| (other.method, other.path) != (row.method, row.path)),
                "{} {} has two rows",
                row.method,
                row.path
            );
        }
    }
}
