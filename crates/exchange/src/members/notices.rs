//! Notices of a user: up to where it has read them, and how it wants them delivered. What a notice is follows from the events
//! (the archive says it); here is only what a user decides about them. Its settings are personal, and here as ciphertext.

use minicbor::bytes::{ByteArray, ByteVec};

use super::secret_tag;
use crate::event::Event;
use crate::exchange::{Exchange, Output, Table};
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::units::{Sequence, UserId};

/// The most bytes of the settings' ciphertext.
pub const NOTICES_SEALED_MAX: usize = 16 * 1024;

impl Exchange {
    /// What was read stays read: an earlier entry changes nothing.
    pub(crate) fn read_notices(
        &mut self,
        by: Option<UserId>,
        up_to: Sequence,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        let id = by.ok_or(Refusal::Forbidden)?;
        if up_to >= self.sequence {
            return Err(Refusal::InvalidText("up_to".to_owned()));
        }
        let user = self.members.user_mut(id).ok_or(Refusal::UnknownUser)?;
        if user.notices_read.is_none_or(|read| read < up_to) {
            user.notices_read = Some(up_to);
            self.mark(Table::Users, id.0 as usize - 1);
            out.emit(&Event::NoticesRead { user: id, up_to });
        }
        Ok(Answer::Done)
    }

    /// One's own; the node itself takes out an address that no longer serves.
    pub(crate) fn set_notices(
        &mut self,
        by: Option<UserId>,
        id: UserId,
        before: Option<ByteArray<16>>,
        sealed: &[u8],
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        if by.is_some_and(|by| by != id) {
            return Err(Refusal::Forbidden);
        }
        if sealed.is_empty() || sealed.len() > NOTICES_SEALED_MAX {
            return Err(Refusal::InvalidText("sealed".to_owned()));
        }
        let user = self.members.user_mut(id).ok_or(Refusal::UnknownUser)?;
        if user.forgotten.is_some() {
            return Err(Refusal::Forgotten);
        }
        if user.notices.as_ref().map(|sealed| secret_tag(sealed)) != before {
            return Err(Refusal::ChangedMeanwhile);
        }
        user.notices = Some(ByteVec::from(sealed.to_vec()));
        self.mark(Table::Users, id.0 as usize - 1);
        out.emit(&Event::NoticesSet { user: id, sealed: sealed.to_vec() });
        Ok(Answer::Done)
    }
}
