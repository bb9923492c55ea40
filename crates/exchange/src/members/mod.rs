//! Firms, users, roles and permissions, sessions. Passwords and personal data are here only as hashes and ciphertext.

mod acts;
mod manage;
mod role;
mod second;
mod state;
#[cfg(test)]
mod tests;
mod trail;

pub use acts::password_tag;
pub use manage::USERS_PER_MEMBER_MAX;
pub use role::{Act, Role};
pub use second::secret_tag;
pub use state::{Member, Members, SecondFactor, Session, User};
