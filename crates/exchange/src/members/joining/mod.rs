//! Joining: firms that apply to become members, and what staff decide about them.
//!
//! Who applies is not signed in: it shows a token, whose hash is here, and the gateway asks for it. The person that a firm names is
//! here as ciphertext under a key of its own, which becomes that of the first user.

mod acts;
mod credit_code;
mod forget;
mod state;
#[cfg(test)]
mod tests;

pub(crate) use acts::Admission;
pub use acts::{AFFILIATES_MAX, AMENDMENTS_MAX, APPLICATIONS_WAITING_MAX};
pub use credit_code::{CREDIT_CODE_CHARACTERS, CreditCodeError, check_credit_code};
pub use state::{Affiliate, Applicant, Application, ApplicationStatus, Applications, Firm};
