//! Firms, users, roles and permissions, sessions. Passwords and personal data are here only as hashes and ciphertext.

mod acts;
mod role;
mod state;

pub use acts::password_tag;
pub use role::{Act, Role};
pub use state::{Member, Members, Session, User};
