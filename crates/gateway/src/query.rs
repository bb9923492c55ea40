//! What an address says. The part behind the question mark is read strictly: a parameter that a list does not know is 400, a value
//! that cannot be is 422, an empty one counts as left out.

use std::str::FromStr;

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// How many items a page has unless the client says otherwise.
pub(crate) const PAGE: usize = 50;

/// How many items a page has at the most.
pub(crate) const PAGE_MAX: usize = 200;

/// The variable parts of a path; what is no text is at no path.
pub(crate) struct At<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(variables) = Path::from_request_parts(parts, state).await.map_err(|_| crate::guard::unknown_path())?;
        Ok(At(variables))
    }
}

/// The parameters of one request, taken out one by one.
pub(crate) struct Params(Vec<(String, String)>);

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|e| Problem::bad_request("invalid_query", format!("the query cannot be read: {e}")))?;
        Ok(Params(pairs))
    }
}

impl Params {
    /// The value of a parameter; `None`: left out or empty.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(key, _)| key == name)?;
        let (_, value) = self.0.remove(at);
        (!value.is_empty()).then_some(value)
    }

    /// A parameter that must read as a `T`.
    pub fn parse<T: FromStr>(
        &mut self,
        name: &'static str,
        reason: &'static str,
        expected: &str,
    ) -> Result<Option<T>, Problem> {
        let Some(value) = self.take(name) else { return Ok(None) };
        value.parse().map(Some).map_err(|_| {
            let short: String = value.chars().take(80).collect();
            Problem::invalid(reason, format!("{name} {short:?} cannot be; expected {expected}"))
        })
    }

    /// `limit`: how many items are wanted; more than `most` is as good as that.
    pub fn limit(&mut self, most: usize) -> Result<usize, Problem> {
        self.limit_or(most, PAGE)
    }

    /// The same where another number is usual.
    pub fn limit_or(&mut self, most: usize, usual: usize) -> Result<usize, Problem> {
        let limit = self.parse::<usize>("limit", "invalid_limit", &format!("a whole number from 1 to {most}"))?;
        match limit {
            Some(0) => Err(Problem::invalid("invalid_limit", format!("limit is 0; expected 1 to {most}"))),
            Some(limit) => Ok(limit.min(most)),
            None => Ok(usual.min(most)),
        }
    }

    /// Whatever was not taken is not known.
    pub fn end(self) -> Result<(), Problem> {
        match self.0.first() {
            None => Ok(()),
            Some((name, _)) => {
                let short: String = name.chars().take(80).collect();
                Err(Problem::bad_request(
                    "unknown_parameter",
                    format!("{short:?} is no parameter of this list, or is there twice; see /api/openapi.json"),
                ))
            }
        }
    }
}

/// An id in a path, as the exchange writes it: digits without a sign or leading zeros.
pub(crate) fn id(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    if plain { text.parse().ok() } else { None }
}
