//! Why a command is refused: one variant a rule, with the figures that explain it. A refusal is an answer, not an error.

use core::fmt;

use minicbor::{Decode, Encode};

use crate::markets::auction::AnnouncementError;
use crate::members::CreditCodeError;
use crate::units::{AuctionId, Day, Instant, Money, Price, Sequence};

/// Why a command is refused. Numbers are the format and never change their meaning.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Refusal {
    /// auction.md, bid rule 1: the auction has no such lot.
    #[n(0)]
    UnknownLot,
    /// Bid rule 2: before `opens`, at or after the lot's `end`, or the clocks stand still.
    #[n(1)]
    NotOpen,
    /// Bid rule 3: the bidder is the initiator.
    #[n(2)]
    OwnAuction,
    /// Bid rule 4: the announcement names who may bid, and the bidder is not named.
    #[n(3)]
    NotEligible,
    /// Bid rule 5: the bidder leads the lot already.
    #[n(4)]
    ConsecutiveBid,
    /// Bid rule 6: price − start price is no whole multiple of the step.
    #[n(5)]
    OffStep {
        /// The step.
        #[n(0)]
        step: Price,
        /// The start price.
        #[n(1)]
        start: Price,
    },
    /// Bid rule 7: not better than the best price, or than the start price where there is no bid yet.
    #[n(6)]
    NotBetter {
        /// What it had to beat (best price) or reach (start price).
        #[n(0)]
        than: Price,
        /// Whether that is a bid (then equal is not enough).
        #[n(1)]
        bid: bool,
    },
    /// Bid rule 8: further from the reference than `max_step`.
    #[n(7)]
    AboveMaxStep {
        /// The reference.
        #[n(0)]
        reference: Price,
        /// The largest step.
        #[n(1)]
        max_step: Price,
    },
    /// Bid rule 9: beyond the limit price.
    #[n(8)]
    BeyondLimit {
        /// The limit price.
        #[n(0)]
        limit: Price,
    },
    /// Bid rule 10, and the publication's last: the margin cannot be covered.
    #[n(9)]
    InsufficientMargin {
        /// What is needed.
        #[n(0)]
        needs: Money,
        /// What is there for it; not said where it would tell what is held for sealed bids.
        #[n(1)]
        has: Option<Money>,
    },
    /// No such auction, or one that is not published, or was refused.
    #[n(10)]
    UnknownAuction,
    /// No lot of it is still to end.
    #[n(11)]
    Ended,
    /// It is suspended already (suspend), or may not be moved while it is (extend).
    #[n(12)]
    Suspended,
    /// It is not suspended.
    #[n(13)]
    NotSuspended,
    /// The new end is not after `closes`.
    #[n(14)]
    NotLater {
        /// `closes` as it stands.
        #[n(0)]
        closes: Instant,
    },
    /// Publishing after `opens`.
    #[n(15)]
    TooLate {
        /// When it should have opened.
        #[n(0)]
        opens: Instant,
    },
    /// The announcement does not wait for approval.
    #[n(16)]
    NotSubmitted,
    /// An announcement that cannot be right.
    #[n(17)]
    InvalidAnnouncement(#[n(0)] AnnouncementError),
    /// The venue's profile does not allow this mode.
    #[n(18)]
    ModeNotAllowed,
    /// The catalogue is closed and has no such product.
    #[n(19)]
    UnknownProduct,
    /// The bid's form does not fit the auction's format (a plain price for a sealed auction, or the reverse).
    #[n(20)]
    WrongFormat,
    /// A sealed bid that could not be opened.
    #[n(21)]
    UnreadableBid,
    /// Not enough available cash. What is available is not said: it would tell what is held for sealed bids.
    #[n(22)]
    InsufficientCash {
        /// What is needed.
        #[n(0)]
        needs: Money,
    },
    /// No such member.
    #[n(23)]
    UnknownMember,
    /// No such user.
    #[n(24)]
    UnknownUser,
    /// No such session.
    #[n(25)]
    UnknownSession,
    /// An amount that is not above zero, or too large.
    #[n(26)]
    InvalidAmount,
    /// A text that is empty or blank, too long, or has control characters: which.
    #[n(27)]
    InvalidText(#[n(0)] String),
    /// The code of a member, product or login is taken.
    #[n(28)]
    Taken,
    /// Nothing with this number waits for a second person.
    #[n(29)]
    UnknownApproval,
    /// It was decided already.
    #[n(30)]
    AlreadyDecided,
    /// The second person is the first.
    #[n(31)]
    SamePerson,
    /// The role does not allow it.
    #[n(32)]
    Forbidden,
    /// The user is locked or unknown.
    #[n(33)]
    NotSignedIn,
    /// The key was used with another request.
    #[n(34)]
    KeyReused,
    /// The user has too many keys younger than the window.
    #[n(35)]
    TooManyKeys,
    /// A limit of the venue is reached: which.
    #[n(36)]
    LimitReached(#[n(0)] String),
    /// A staff role with a member, or a member's role without one.
    #[n(37)]
    RoleMismatch,
    /// The user is locked already, or is not.
    #[n(38)]
    Unchanged,
    /// The auction's key is known already, or it has not ended.
    #[n(39)]
    KeyNotDue,
    /// A figure of the profile lies outside what the exchange can bear: which, and what is expected.
    #[n(40)]
    InvalidProfile(#[n(0)] String),
    /// The password was replaced while it was checked.
    #[n(41)]
    PasswordReplaced,
    /// The member is frozen: bid rule after `not_open`, the publication's first, and withdrawals.
    #[n(50)]
    Frozen,
    /// A halt concerns it, and it cannot be published.
    #[n(51)]
    Halted,
    /// No such halt.
    #[n(52)]
    UnknownHalt,
    /// `opens` or `closes` lies outside the venue's hours or working days.
    #[n(53)]
    OutsideHours,
    /// The lot is not sold, and cannot be annulled.
    #[n(54)]
    NotSold,
    /// The lot's contract no longer awaits payment, and it is too late to annul it.
    #[n(55)]
    ContractUnderWay,
    /// No deposit or withdrawal was made by this entry.
    #[n(56)]
    UnknownPayment,
    /// It was corrected already.
    #[n(57)]
    AlreadyCorrected {
        /// By this entry.
        #[n(0)]
        by: Sequence,
    },
    /// The user has a second factor, and none was shown.
    #[n(70)]
    SecondFactorRequired,
    /// The code has served already.
    #[n(71)]
    CodeUsed,
    /// No second factor waits for its first code, or another one does.
    #[n(72)]
    NotBegun,
    /// Staff always have a second factor.
    #[n(73)]
    SecondFactorNeeded,
    /// No such key.
    #[n(74)]
    UnknownKey,
    /// The person is forgotten.
    #[n(75)]
    Forgotten,
    /// The settings of notices were changed after they were read.
    #[n(110)]
    ChangedMeanwhile,
    /// A passkey has counted no further than before: another device may hold a copy of it.
    #[n(150)]
    PasskeyCopied,
    /// The user has no such passkey.
    #[n(151)]
    UnknownPasskey,
    /// A unified social credit code that cannot be.
    #[n(190)]
    InvalidCreditCode(#[n(0)] CreditCodeError),
    /// The firm's business licence ends today, or has ended.
    #[n(191)]
    LicenceEnded {
        /// Its last day.
        #[n(0)]
        until: Day,
    },
    /// The firm is a member, or has an application that waits.
    #[n(192)]
    AlreadyApplied,
    /// No such application.
    #[n(193)]
    UnknownApplication,
    /// Only who was refused is forgotten as an applicant.
    #[n(194)]
    NotRefused,
    /// The login of a first user is taken.
    #[n(195)]
    LoginTaken,
    /// A password that served once was not used in time.
    #[n(196)]
    FirstPasswordEnded,
    /// A further file would be more than somebody may keep.
    #[n(170)]
    OverFileQuota {
        /// Of which there would be too much.
        #[n(0)]
        quota: FileQuota,
        /// How much there is.
        #[n(1)]
        used: u64,
        /// How much this would add.
        #[n(2)]
        more: u64,
        /// How much there may be.
        #[n(3)]
        most: u64,
    },
    /// Who asks keeps no such file.
    #[n(171)]
    UnknownFile,
    /// An announcement names the file.
    #[n(172)]
    FileInUse {
        /// Which.
        #[n(0)]
        auction: AuctionId,
    },
    /// Bids, behind all rules: the amount is above what who manages the trader has given it.
    #[n(197)]
    AboveGivenLimit {
        /// The largest amount.
        #[n(0)]
        most: Money,
    },
}

/// What of files is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum FileQuota {
    /// The files of a member.
    #[n(0)]
    MemberFiles,
    /// Their bytes.
    #[n(1)]
    MemberBytes,
    /// The documents of an application.
    #[n(2)]
    ApplicationFiles,
    /// The bytes of all files.
    #[n(3)]
    VenueBytes,
}

impl Refusal {
    /// The stable word of the rule book and of the wire.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Refusal::UnknownLot => "unknown_lot",
            Refusal::NotOpen => "not_open",
            Refusal::OwnAuction => "own_auction",
            Refusal::NotEligible => "not_eligible",
            Refusal::ConsecutiveBid => "consecutive_bid",
            Refusal::OffStep { .. } => "off_step",
            Refusal::NotBetter { .. } => "not_better",
            Refusal::AboveMaxStep { .. } => "above_max_step",
            Refusal::BeyondLimit { .. } => "beyond_limit",
            Refusal::InsufficientMargin { .. } => "insufficient_margin",
            Refusal::UnknownAuction => "unknown_auction",
            Refusal::Ended => "ended",
            Refusal::Suspended => "suspended",
            Refusal::NotSuspended => "not_suspended",
            Refusal::NotLater { .. } => "not_later",
            Refusal::TooLate { .. } => "too_late",
            Refusal::NotSubmitted => "not_submitted",
            Refusal::InvalidAnnouncement(_) => "invalid_announcement",
            Refusal::ModeNotAllowed => "mode_not_allowed",
            Refusal::UnknownProduct => "unknown_product",
            Refusal::WrongFormat => "wrong_format",
            Refusal::UnreadableBid => "unreadable_bid",
            Refusal::InsufficientCash { .. } => "insufficient_cash",
            Refusal::UnknownMember => "unknown_member",
            Refusal::UnknownUser => "unknown_user",
            Refusal::UnknownSession => "unknown_session",
            Refusal::InvalidAmount => "invalid_amount",
            Refusal::InvalidText(_) => "invalid_text",
            Refusal::Taken => "taken",
            Refusal::UnknownApproval => "unknown_approval",
            Refusal::AlreadyDecided => "already_decided",
            Refusal::SamePerson => "same_person",
            Refusal::Forbidden => "forbidden",
            Refusal::NotSignedIn => "not_signed_in",
            Refusal::KeyReused => "idempotency_key_reused",
            Refusal::TooManyKeys => "too_many_keys",
            Refusal::LimitReached(_) => "limit_reached",
            Refusal::RoleMismatch => "role_mismatch",
            Refusal::Unchanged => "unchanged",
            Refusal::KeyNotDue => "key_not_due",
            Refusal::InvalidProfile(_) => "invalid_profile",
            Refusal::Frozen => "frozen",
            Refusal::Halted => "halted",
            Refusal::UnknownHalt => "unknown_halt",
            Refusal::OutsideHours => "outside_hours",
            Refusal::NotSold => "not_sold",
            Refusal::ContractUnderWay => "too_late",
            Refusal::UnknownPayment => "unknown_payment",
            Refusal::AlreadyCorrected { .. } => "already_corrected",
            Refusal::PasswordReplaced | Refusal::CodeUsed => "bad_credentials",
            Refusal::SecondFactorRequired => "second_factor_required",
            Refusal::NotBegun => "not_begun",
            Refusal::UnknownKey => "unknown_key",
            Refusal::Forgotten => "forgotten",
            Refusal::ChangedMeanwhile => "changed_meanwhile",
            Refusal::PasskeyCopied => "passkey_copied",
            Refusal::UnknownPasskey => "unknown_passkey",
            Refusal::OverFileQuota { .. } => "file_quota",
            Refusal::UnknownFile => "unknown_file",
            Refusal::FileInUse { .. } => "file_in_use",
            Refusal::SecondFactorNeeded => "second_factor_needed",
            Refusal::InvalidCreditCode(_) => "invalid_credit_code",
            Refusal::LicenceEnded { .. } => "licence_ended",
            Refusal::AlreadyApplied => "already_applied",
            Refusal::UnknownApplication => "unknown_application",
            Refusal::NotRefused => "not_refused",
            Refusal::LoginTaken => "login_taken",
            Refusal::FirstPasswordEnded => "first_password_ended",
            Refusal::AboveGivenLimit { .. } => "above_given_limit",
        }
    }
}

impl fmt::Display for Refusal {
    /// What was wrong and what to do, in one sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::UnknownLot => f.write_str("this auction has no such lot; read the announcement for its lots"),
            Refusal::NotOpen => {
                f.write_str("the lot accepts no bid now: it has not opened, has ended, or is suspended")
            }
            Refusal::OwnAuction => f.write_str("the initiator of an auction cannot bid in it"),
            Refusal::NotEligible => f.write_str("the announcement names who may bid, and your firm is not among them"),
            Refusal::ConsecutiveBid => f.write_str("your firm leads this lot already; wait until it is overtaken"),
            Refusal::OffStep { step, start } => {
                write!(f, "a bid lies whole steps of {step} from the start price {start}; choose such a price")
            }
            Refusal::NotBetter { than, bid: true } => write!(f, "the best price is {than}; bid better than that"),
            Refusal::NotBetter { than, bid: false } => write!(f, "the first bid must reach the start price {than}"),
            Refusal::AboveMaxStep { reference, max_step } => {
                write!(f, "a bid may move at most {max_step} from {reference}; choose a price nearer to it")
            }
            Refusal::BeyondLimit { limit } => write!(f, "the limit price is {limit}; bid no further than that"),
            Refusal::InsufficientMargin { needs, has: Some(has) } => {
                write!(f, "the margin needs {needs}, there is {has}; pay in or choose less")
            }
            Refusal::InsufficientMargin { needs, has: None } => {
                write!(f, "the margin needs {needs}, and less is available; pay in or choose less")
            }
            Refusal::UnknownAuction => f.write_str("there is no such auction; look it up in the list"),
            Refusal::Ended => f.write_str("every lot of this auction has ended"),
            Refusal::Suspended => f.write_str("the auction is suspended; resume it first"),
            Refusal::NotSuspended => f.write_str("the auction is not suspended"),
            Refusal::NotLater { closes } => write!(f, "the auction closes at {closes}; an extension must end later"),
            Refusal::TooLate { opens } => {
                write!(f, "it should have opened at {opens}; submit it anew with later times")
            }
            Refusal::NotSubmitted => f.write_str("this announcement does not wait for approval"),
            Refusal::InvalidAnnouncement(error) => error.fmt(f),
            Refusal::ModeNotAllowed => f.write_str("this venue does not allow this kind of auction"),
            Refusal::UnknownProduct => f.write_str("the catalogue has no such product; ask the exchange to add it"),
            Refusal::WrongFormat => {
                f.write_str("the form of the bid does not fit the auction's format; read the auction again")
            }
            Refusal::UnreadableBid => f.write_str("the sealed bid could not be opened; bid again"),
            Refusal::InsufficientCash { needs } => write!(f, "this needs {needs}, and less is available"),
            Refusal::UnknownMember => f.write_str("there is no such member; check its code"),
            Refusal::UnknownUser => f.write_str("there is no such user; check the login"),
            Refusal::UnknownSession => f.write_str("there is no such session; sign in again"),
            Refusal::InvalidAmount => write!(f, "an amount lies between 0.01 and {}", Money::MOST),
            Refusal::InvalidText(what) => write!(f, "{what} is empty, too long or not allowed"),
            Refusal::Taken => f.write_str("this code is taken; choose another"),
            Refusal::UnknownApproval => f.write_str("nothing with this number waits for a second person"),
            Refusal::AlreadyDecided => f.write_str("this was decided already"),
            Refusal::SamePerson => f.write_str("the second person must be another than the first"),
            Refusal::Forbidden => f.write_str("your role does not allow this"),
            Refusal::NotSignedIn => f.write_str("sign in again"),
            Refusal::KeyReused => f.write_str("this Idempotency-Key was used with another request; take a new one"),
            Refusal::TooManyKeys => f.write_str("too many requests in the last minutes; wait and go on more slowly"),
            Refusal::LimitReached(what) => write!(f, "the venue's limit is reached: {what}"),
            Refusal::RoleMismatch => f.write_str("staff belong to no member, and traders and managers to one"),
            Refusal::Unchanged => f.write_str("it is so already"),
            Refusal::KeyNotDue => f.write_str("the key of an auction is shown once, when it has ended"),
            Refusal::InvalidProfile(what) => f.write_str(what),
            Refusal::PasswordReplaced => f.write_str("the password has just been replaced; sign in with the new one"),
            Refusal::Frozen => f.write_str("the member is frozen; ask the exchange why"),
            Refusal::Halted => f.write_str("a halt concerns this auction; wait until it is lifted"),
            Refusal::UnknownHalt => f.write_str("there is no such halt; look it up in the list"),
            Refusal::OutsideHours => {
                f.write_str("opens or closes lies outside the venue's hours; submit it anew with other times")
            }
            Refusal::NotSold => f.write_str("the lot is not sold; only a sold lot can be annulled"),
            Refusal::ContractUnderWay => {
                f.write_str("the contract no longer awaits payment; it is too late to annul it")
            }
            Refusal::UnknownPayment => f.write_str("that entry made no deposit and no withdrawal; check its sequence"),
            Refusal::AlreadyCorrected { by } => write!(f, "entry {by} corrected it already"),
            Refusal::SecondFactorRequired => f.write_str("this user has a second factor; send its code too"),
            Refusal::CodeUsed => f.write_str("this code has served already; wait for the next one"),
            Refusal::NotBegun => f.write_str("no second factor waits for this code; begin anew"),
            Refusal::Forgotten => f.write_str("this person is forgotten, which cannot be undone; add a new user"),
            Refusal::ChangedMeanwhile => f.write_str("this was changed meanwhile; look again at what is there now, and change that"),
            Refusal::UnknownKey => f.write_str("there is no such key; look it up in the list"),
            Refusal::PasskeyCopied => f.write_str(
                "this passkey counts no further than before, so another device may hold a copy of it; show another second factor and remove it",
            ),
            Refusal::UnknownPasskey => f.write_str("you have no such passkey"),
            Refusal::InvalidCreditCode(error) => write!(f, "the unified social credit code {error}"),
            Refusal::LicenceEnded { until } => {
                write!(f, "the business licence is good until {until} only; apply with one that goes on")
            }
            Refusal::AlreadyApplied => {
                f.write_str("this firm is a member already; ask the exchange")
            }
            Refusal::UnknownApplication => f.write_str("there is no such application; check its link"),
            Refusal::NotRefused => {
                f.write_str("only an applicant who was refused is forgotten this way; a member's user is forgotten as one")
            }
            Refusal::LoginTaken => f.write_str("the login is taken; choose another"),
            Refusal::AboveGivenLimit { most } => {
                write!(f, "your manager lets you bid for {most} at the most; choose less, or ask for more")
            }
            Refusal::FirstPasswordEnded => {
                f.write_str("this password was to be used earlier, and has ended; ask for a new one")
            }
            Refusal::OverFileQuota { quota, used, more, most } => match quota {
                FileQuota::MemberFiles => {
                    write!(f, "your firm keeps {used} files, and may keep {most}; remove some that no announcement names")
                }
                FileQuota::MemberBytes => write!(
                    f,
                    "your firm's files have {used} bytes, this one adds {more}, and there may be {most}; remove some that \
                     no announcement names, or send a smaller one"
                ),
                FileQuota::ApplicationFiles => write!(f, "the application has {used} documents, and may have {most}"),
                FileQuota::VenueBytes => write!(
                    f,
                    "the venue's files have {used} bytes, this one adds {more}, and there may be {most}; ask the exchange's \
                     staff for room"
                ),
            },
            Refusal::UnknownFile => f.write_str("your firm keeps no such file; upload it first"),
            Refusal::FileInUse { auction } => write!(f, "announcement {auction} names this file, so it stays"),
            Refusal::SecondFactorNeeded => {
                f.write_str("staff always have a second factor; set up another one to replace it")
            }
        }
    }
}
