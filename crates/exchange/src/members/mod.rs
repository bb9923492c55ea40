//! Firms, users, roles and permissions, sessions. Passwords and personal data are here only as hashes and ciphertext.

mod role;
mod state;

pub use role::{Act, Role};
pub use state::{Member, Members, Session, User};
