//! Firms, users, roles and permissions, sessions. Passwords and personal data are here only as hashes and ciphertext.

mod acts;
mod erase;
mod follow;
mod freeze;
mod joining;
mod keys;
mod manage;
mod notices;
mod passkeys;
mod role;
mod second;
mod staff;
mod state;
#[cfg(test)]
mod tests;
mod trail;

pub use acts::password_tag;
pub use follow::FOLLOWED_MAX;
pub(crate) use joining::Admission;
pub use joining::{
    AFFILIATES_MAX, AMENDMENTS_MAX, APPLICATIONS_WAITING_MAX, Affiliate, Applicant, Application, ApplicationStatus,
    Applications, CREDIT_CODE_CHARACTERS, CreditCodeError, Firm, check_credit_code,
};
pub use keys::{KEY_LASTS_MAX, KEYS_PER_MEMBER_MAX};
pub use manage::USERS_PER_MEMBER_MAX;
pub use notices::NOTICES_SEALED_MAX;
pub use passkeys::{PASSKEYS_MAX, passkey_tag};
pub use role::{Act, Role};
pub use second::secret_tag;
pub use state::{Frozen, Key, Member, Members, Passkey, Scope, SecondFactor, Session, User};
