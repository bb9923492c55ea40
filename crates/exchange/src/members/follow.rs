//! Announcements that a user follows, the same on all of its devices. Who follows what is nobody else's business, and no person's
//! data: numbers of announcements alone.

use crate::event::Event;
use crate::exchange::{Exchange, Output, Table};
use crate::markets::auction::Auction;
use crate::outcome::Answer;
use crate::refusal::Refusal;
use crate::units::{AuctionId, UserId};

/// How many announcements a user follows at the most.
pub const FOLLOWED_MAX: usize = 200;

impl Exchange {
    /// One's own. First some are let go, then others come behind those that are followed; where these would be too many, the oldest
    /// that are over make room.
    pub(crate) fn follow(
        &mut self,
        by: Option<UserId>,
        add: &[AuctionId],
        remove: &[AuctionId],
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        let id = by.ok_or(Refusal::Forbidden)?;
        let user = self.members.user(id).ok_or(Refusal::UnknownUser)?;
        let full = || Refusal::LimitReached(format!("announcements that one follows ({FOLLOWED_MAX})"));
        if add.len() > FOLLOWED_MAX || remove.len() > FOLLOWED_MAX {
            return Err(full());
        }
        if add.iter().any(|auction| self.auction(*auction).is_none()) {
            return Err(Refusal::UnknownAuction);
        }
        let before = user.followed.clone().unwrap_or_default();
        let mut after = before.clone();
        after.retain(|auction| !remove.contains(auction));
        for auction in add {
            if !after.contains(auction) {
                after.push(*auction);
            }
        }
        let mut too_many = after.len().saturating_sub(FOLLOWED_MAX);
        after.retain(|auction| {
            let goes = too_many > 0 && self.auction(*auction).is_none_or(Auction::has_ended);
            too_many -= usize::from(goes);
            !goes
        });
        if too_many > 0 {
            return Err(full());
        }
        if after != before {
            let user = self.members.user_mut(id).expect("looked up above");
            user.followed = (!after.is_empty()).then(|| after.clone());
            self.mark(Table::Users, id.0 as usize - 1);
            out.emit(&Event::Followed { user: id, auctions: after });
        }
        Ok(Answer::Done)
    }
}
