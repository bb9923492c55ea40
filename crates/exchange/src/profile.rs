//! The venue profile: which modes and rules a venue allows, and its limits. It is a command in the log, so that old
//! history replays under the old profile.

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

use crate::hours::Hours;
use crate::units::{Money, Span, UtcOffset};

/// The rules and limits of a venue.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Profile {
    /// Which version of the rules is in force. A changed rule is gated by a higher number.
    #[n(0)]
    pub rules: u32,
    /// Whether auctions for sale are allowed.
    #[n(1)]
    pub sale: bool,
    /// Whether procurement auctions are allowed.
    #[n(2)]
    pub procurement: bool,
    /// Whether sealed auctions are allowed.
    #[n(3)]
    pub sealed: bool,
    /// Whether an announcement may only name products of the catalogue. Otherwise a new product enters the catalogue
    /// when staff approve its announcement.
    #[n(4)]
    pub catalogue_closed: bool,
    /// Two stamps further apart have an outage between them; `None`: only an `Outage` entry makes one.
    #[n(5)]
    pub outage_after: Option<Span>,
    /// A deposit or withdrawal above it needs a second person; `None`: none does.
    #[n(6)]
    pub second_person_above: Option<Money>,
    /// How long an answer is surely remembered.
    #[n(7)]
    pub idempotency_window: Span,
    /// How many answers are remembered once they are older than the window.
    #[n(8)]
    pub idempotency_keys_max: u32,
    /// How many keys younger than the window one user may have.
    #[n(9)]
    pub idempotency_keys_per_user_max: u32,
    /// How many lots one announcement may have.
    #[n(10)]
    pub lots_max: u16,
    /// How many announcements of one member may be waiting for approval or running.
    #[n(11)]
    pub auctions_per_member_max: u32,
    /// How many sessions one user may have; a further one ends the oldest.
    #[n(12)]
    pub sessions_per_user_max: u16,
    /// How many acts may wait for a second person.
    #[n(13)]
    pub approvals_max: u32,
    /// How many sealed bids one bidder may make for one lot, replacements included.
    #[n(14)]
    pub sealed_bids_per_lot_max: u16,
    /// Whether announcements, products and members are held to what is sensible: the length and characters of titles, codes
    /// and names, how many an announcement names as eligible, and its countdown. A scenario may say what it likes.
    #[n(15)]
    pub texts_checked: bool,
    /// When an announcement may open and close; `None`: at any time.
    #[n(50)]
    pub hours: Option<Hours>,
    /// How the venue's clocks stand, for the day of its quotes; `None`: as in China. It holds for all of history.
    #[n(90)]
    pub utc_offset: Option<UtcOffset>,
    /// How long before its end those who take part in a lot are told so; `None`: they are not.
    #[n(110)]
    pub ends_soon_before: Option<Span>,
    /// How long a password serves that somebody else has given and that must be replaced; `None`: without an end.
    #[n(190)]
    pub first_password_lasts: Option<Span>,
    /// How long after its refusal who applied in vain is remembered, and then forgotten; `None`: until two admins forget it.
    #[n(222)]
    pub refused_kept: Option<Span>,
    /// How many bytes of files one member may keep; `None`: [`crate::files::FileLimits::DEFAULT`], as for those that follow.
    #[n(170)]
    pub file_bytes_per_member_max: Option<u64>,
    /// How many files one member may keep.
    #[n(171)]
    pub files_per_member_max: Option<u32>,
    /// How many bytes of files the venue keeps in all.
    #[n(172)]
    pub file_bytes_max: Option<u64>,
}

impl Profile {
    /// The newest version of the rules that this program knows.
    pub const RULES_KNOWN: u32 = 3;
    /// The shortest silence that is an outage: twice the time between two stamps of a market that is open.
    pub const OUTAGE_LEAST: Span = Span::from_seconds(2);
    /// The shortest that answers are surely remembered: longer than people and programs try again.
    pub const WINDOW_LEAST: Span = Span::from_seconds(60);
    /// The fewest new keys of one user within the window, and how many seconds of it have one.
    pub const KEYS_PER_USER_LEAST: u64 = 100;
    /// See above.
    pub const KEY_EVERY_S: u64 = 6;
    /// The fewest acts that may wait for a second person.
    pub const APPROVALS_LEAST: u32 = 10;
    /// The shortest that a first password serves.
    pub const FIRST_PASSWORD_LEAST: Span = Span::from_seconds(600);
    /// The longest that answers are surely remembered.
    pub const WINDOW_MOST: Span = Span::from_seconds(24 * 3600);
    /// The longest that a first password serves.
    pub const FIRST_PASSWORD_MOST: Span = Span::from_seconds(31 * 24 * 3600);
    /// The most answers that are remembered once they are older than the window.
    pub const KEYS_MOST: u32 = 10_000_000;
    /// The shortest that who was refused is remembered: time to read why, and to hand in what was missing.
    pub const REFUSED_LEAST: Span = Span::from_seconds(24 * 3600);
    /// The longest.
    pub const REFUSED_MOST: Span = Span::from_seconds(3_660 * 24 * 3600);
    /// The most files that one member may keep: each is remembered.
    pub const FILES_MOST: u32 = 100_000;

    /// How a venue begins: with what is told before the end of a lot, and with an end of first passwords and of what is known of
    /// refused applicants, which older venues did not know.
    #[must_use]
    pub fn of_a_new_venue() -> Self {
        Profile {
            ends_soon_before: Some(Span::from_seconds(300)),
            first_password_lasts: Some(Span::from_seconds(72 * 3600)),
            refused_kept: Some(Span::from_seconds(180 * 24 * 3600)),
            ..Profile::default()
        }
    }

    /// Rules 2: deposits and withdrawals are remembered, so that they can be corrected, and a user's change of the
    /// profile waits for a second person. Before, neither was so.
    #[must_use]
    pub const fn has_second_hand(&self) -> bool {
        self.rules >= 2
    }

    /// Rules 3: who joins the staff, gets another role in it, or a new password or no second factor, waits for a second person,
    /// since whoever could do that alone would be any two persons; and a first password that has ended is not replaced by who
    /// signed in with it before. Before, neither was so.
    #[must_use]
    pub const fn has_second_for_staff(&self) -> bool {
        self.rules >= 3
    }

    /// By what a profile is known again: the first half of its BLAKE3.
    #[must_use]
    pub fn tag(&self) -> ByteArray<16> {
        let bytes = minicbor::to_vec(self).expect("writing to memory does not fail");
        let mut tag = [0; 16];
        tag.copy_from_slice(&blake3::hash(&bytes).as_bytes()[..16]);
        ByteArray::from(tag)
    }

    /// How the venue's clocks stand.
    #[must_use]
    pub fn offset(&self) -> UtcOffset {
        self.utc_offset.unwrap_or_default()
    }

    /// Finds a figure with which the exchange lives and its people do not: one that locks everybody out, or stops all trade. Old
    /// history may have such a profile, so this is asked before a change becomes a command.
    ///
    /// # Errors
    /// What is too small, and what is expected.
    pub fn check_workable(&self) -> Result<(), String> {
        let window_s = u64::try_from(self.idempotency_window.us() / 1_000_000).unwrap_or_default();
        let keys = u64::from(self.idempotency_keys_per_user_max);
        let rules = [
            (
                self.outage_after.is_none_or(|after| after >= Profile::OUTAGE_LEAST),
                "outage_after is at least 2 seconds: clocks are stamped once a second, and with less every stamp could be an outage",
            ),
            (
                self.idempotency_window >= Profile::WINDOW_LEAST,
                "idempotency_window is at least a minute, or a request that is repeated could be done twice",
            ),
            (
                keys >= Profile::KEYS_PER_USER_LEAST && keys * Profile::KEY_EVERY_S >= window_s,
                "idempotency_keys_per_user_max is at least 100, and one for every six seconds of idempotency_window, or users could \
                 not act until it is over",
            ),
            (
                u64::from(self.idempotency_keys_max) >= keys,
                "idempotency_keys_max is at least idempotency_keys_per_user_max",
            ),
            (
                self.approvals_max >= Profile::APPROVALS_LEAST,
                "approvals_max is at least 10, or what nobody decides keeps everything else from being asked",
            ),
            (
                self.first_password_lasts.is_none_or(|lasts| lasts >= Profile::FIRST_PASSWORD_LEAST),
                "first_password_lasts is at least 10 minutes, or nobody who is given one could get in",
            ),
            (
                self.refused_kept.is_none_or(|kept| kept >= Profile::REFUSED_LEAST),
                "refused_kept is at least 24 hours, or nobody who was refused could hand in what was missing",
            ),
        ];
        rules.into_iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, rule)| Err(rule.to_owned()))
    }

    /// Finds a figure that the exchange cannot bear. A profile is a command in the log: one that stops the venue would
    /// stop it again at every start.
    ///
    /// # Errors
    /// What is out of bounds, and the bounds.
    pub fn check(&self) -> Result<(), String> {
        let outage = self.outage_after.unwrap_or(Span::from_seconds(2));
        let rules = [
            (self.rules >= 1 && self.rules <= Profile::RULES_KNOWN, "rules is a version that this program knows"),
            (
                outage >= Span::from_us(100_000) && outage <= Span::from_seconds(3600),
                "outage_after lies between a tenth of a second and an hour",
            ),
            (
                self.idempotency_window >= Span::from_seconds(1) && self.idempotency_window <= Profile::WINDOW_MOST,
                "idempotency_window lies between a second and 24 hours",
            ),
            (
                (1..=Profile::KEYS_MOST).contains(&self.idempotency_keys_max),
                "idempotency_keys_max lies between 1 and 10,000,000",
            ),
            (
                self.approvals_max >= 1,
                "approvals_max is at least 1, or nothing that needs a second person could be asked",
            ),
            (self.idempotency_keys_per_user_max >= 1, "idempotency_keys_per_user_max is at least 1"),
            (self.lots_max >= 1, "lots_max is at least 1"),
            (self.auctions_per_member_max >= 1, "auctions_per_member_max is at least 1"),
            (self.sessions_per_user_max >= 1, "sessions_per_user_max is at least 1"),
            (self.sealed_bids_per_lot_max >= 1, "sealed_bids_per_lot_max is at least 1"),
            (self.second_person_above.is_none_or(|above| !above.is_negative()), "second_person_above is not negative"),
            (
                self.utc_offset.is_none_or(|offset| UtcOffset::from_minutes(offset.minutes()).is_some()),
                "utc_offset lies between -12:00 and +14:00",
            ),
            (
                self.ends_soon_before
                    .is_none_or(|before| before >= Span::from_seconds(1) && before <= Span::from_seconds(3600)),
                "ends_soon_before lies between a second and an hour",
            ),
            (
                self.first_password_lasts
                    .is_none_or(|lasts| lasts >= Span::from_seconds(1) && lasts <= Profile::FIRST_PASSWORD_MOST),
                "first_password_lasts lies between a second and 31 days",
            ),
            (
                self.refused_kept.is_none_or(|kept| kept >= Span::from_seconds(1) && kept <= Profile::REFUSED_MOST),
                "refused_kept lies between a second and 3,660 days",
            ),
            (self.refused_kept.is_none() || self.rules >= 3, "refused_kept came with rules 3"),
            (
                self.files_per_member_max.is_none_or(|most| most <= Profile::FILES_MOST),
                "files_per_member_max is at most 100,000",
            ),
        ];
        match rules.into_iter().find(|(holds, _)| !holds) {
            Some((_, rule)) => Err(rule.to_owned()),
            None => self.hours.as_ref().map_or(Ok(()), Hours::check),
        }
    }
}

impl Default for Profile {
    fn default() -> Self {
        Profile {
            rules: Profile::RULES_KNOWN,
            sale: true,
            procurement: true,
            sealed: true,
            catalogue_closed: false,
            outage_after: Some(Span::from_seconds(2)),
            second_person_above: Some(Money::from_fen(100_000_000)),
            idempotency_window: Span::from_seconds(600),
            idempotency_keys_max: 1_000_000,
            idempotency_keys_per_user_max: 20_000,
            lots_max: 200,
            auctions_per_member_max: 1_000,
            sessions_per_user_max: 32,
            approvals_max: 10_000,
            sealed_bids_per_lot_max: 100,
            texts_checked: true,
            hours: None,
            utc_offset: None,
            ends_soon_before: None,
            first_password_lasts: None,
            refused_kept: None,
            file_bytes_per_member_max: None,
            files_per_member_max: None,
            file_bytes_max: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects a venue from figures that lock everybody out or stop all trade: each bound, from both sides.
    #[test]
    fn figures_that_stop_a_venue_are_found() {
        let profile = Profile::of_a_new_venue();
        profile.check_workable().unwrap();
        Profile::default().check_workable().unwrap();
        let s = Span::from_seconds;
        for (what, fine, wrong) in [
            (
                "outage_after",
                Profile { outage_after: None, ..profile.clone() },
                Profile { outage_after: Some(Span::from_us(1_999_999)), ..profile.clone() },
            ),
            (
                "idempotency_window",
                Profile { idempotency_window: s(60), ..profile.clone() },
                Profile { idempotency_window: s(59), ..profile.clone() },
            ),
            (
                "idempotency_keys_per_user_max",
                Profile { idempotency_keys_per_user_max: 100, ..profile.clone() },
                Profile { idempotency_keys_per_user_max: 99, ..profile.clone() },
            ),
            (
                "one for every six seconds",
                Profile {
                    idempotency_window: Profile::WINDOW_MOST,
                    idempotency_keys_per_user_max: 14_400,
                    ..profile.clone()
                },
                Profile {
                    idempotency_window: Profile::WINDOW_MOST,
                    idempotency_keys_per_user_max: 14_399,
                    ..profile.clone()
                },
            ),
            (
                "idempotency_keys_max is",
                Profile { idempotency_keys_max: 20_000, ..profile.clone() },
                Profile { idempotency_keys_max: 19_999, ..profile.clone() },
            ),
            (
                "approvals_max",
                Profile { approvals_max: 10, ..profile.clone() },
                Profile { approvals_max: 9, ..profile.clone() },
            ),
            (
                "refused_kept",
                Profile { refused_kept: Some(Profile::REFUSED_LEAST), ..profile.clone() },
                Profile { refused_kept: Some(s(86_399)), ..profile.clone() },
            ),
            (
                "first_password_lasts",
                Profile { first_password_lasts: Some(s(600)), ..profile.clone() },
                Profile { first_password_lasts: Some(s(599)), ..profile.clone() },
            ),
        ] {
            fine.check_workable().unwrap();
            assert!(wrong.check_workable().unwrap_err().contains(what), "{what}");
            wrong.check().expect("old history may have it");
        }
    }
}
