//! Firms that apply to become members: what they call without being signed in, and what staff decide.
//!
//! Who applies is told a token once. It shows it in the header `Application-Token`, reads its application with it, amends it, and
//! sets the first password of the firm's first user once it is admitted. The person and how it is reached are ciphertext under a
//! key of that person, from the first entry on.

mod documents;
mod form;
mod own;
mod staff;

pub(crate) use documents::*;
pub(crate) use own::*;
pub(crate) use staff::*;

use exchange::members::Application;

use crate::gateway::Gateway;
use crate::text::letters;

/// What the log never holds: the first password of the user that an application became. It follows from the application, so
/// that who applied can be told it for as long as it serves.
fn first_password(gateway: &Gateway, application: &Application) -> String {
    letters(&gateway.node.vault().told_of::<20>(&application.token_hash, "first password"))
}
