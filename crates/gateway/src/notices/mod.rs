//! Notices: what a member is told, kept for its users, read and unread; and how each user wants them delivered beside the app.
//!
//! What is a notice the archive says. The exchange knows up to where a user has read, and its settings as ciphertext.

mod calls;
mod desk;
mod hourly;
mod inbox;
mod send;
mod settings;
mod texts;
mod worker;

pub(crate) use calls::*;
pub(crate) use desk::Desk;
pub(crate) use inbox::*;
pub(crate) use send::is_address;
pub(crate) use worker::{deliver, drop_forgotten};
