//! Stills: what of an auction or a member is shown, taken out of the picture so that it is rendered without holding up
//! whoever changes the picture.
//!
//! A still is taken under the picture's lock and therefore only counts references and copies small plain data: the
//! announcement, which never changes, is shared. Texts are made of it outside.

use std::sync::Arc;

use exchange::files::{FileKind, Owner};
use exchange::markets::auction::{Announcement, Attachment, AuctionStatus, LotStatus, Suspension};
use exchange::risk::Halt;
use exchange::units::{AuctionId, Instant, MemberId, Money, Price, Sequence};

use super::{Auction, Figures, Funds, Lot, Member, Picture};

/// How many auctions are looked at under one hold of the picture.
pub(in crate::live) const LOOKED_AT_ONCE: usize = 512;

/// How many lots are copied under one hold of the picture; one auction is copied whole all the same.
const LOTS_AT_ONCE: usize = 512;

/// The codes of the members, by number.
pub(super) type Codes = Arc<Vec<Arc<str>>>;

/// An auction without its lots, as it stood.
#[derive(Clone, Debug)]
pub struct HeadStill {
    /// Its number.
    pub id: AuctionId,
    /// The terms as announced.
    pub terms: Arc<Announcement>,
    /// The code of the member who announced it.
    pub initiator: Arc<str>,
    /// Where it stands.
    pub status: AuctionStatus,
    /// When it opens.
    pub opens: Instant,
    /// When it closes.
    pub closes: Instant,
    /// Since when its clocks stand still.
    pub suspended_at: Option<Instant>,
    /// What staff last said about it.
    pub reason: Arc<str>,
    /// What holds it: its own suspension, then the halts in their order.
    pub holds: Vec<HoldStill>,
}

/// What holds an auction.
#[derive(Clone, Debug)]
pub enum HoldStill {
    /// Its own suspension.
    Own(Suspension),
    /// A halt that concerns it.
    Halt(Halt),
}

/// An auction with its lots, as it stood.
#[derive(Clone, Debug)]
pub struct AuctionStill {
    /// Its terms, status and times.
    pub head: HeadStill,
    /// The lots, in the announcement's order.
    pub lots: Vec<LotStill>,
    /// What comes with it, in the announcement's order: what is in each file and how large it is; `None`: it is gone.
    pub attachments: Vec<Option<(FileKind, u32)>>,
    /// The last entry that is in here.
    pub sequence: Sequence,
    codes: Codes,
}

/// What changes of a lot, as it stood.
#[derive(Clone, Debug)]
pub struct LotStill {
    /// Where it stands.
    pub status: LotStatus,
    /// Its end: still to come, or when it ended.
    pub end: Instant,
    /// What everybody may know of its bids.
    pub figures: Figures,
    /// The alias of the member for whom it was taken.
    pub alias: Option<u32>,
    /// Why it was annulled.
    pub annulled: Option<Arc<str>>,
}

/// A member as it stood, for its own eyes.
#[derive(Clone, Debug)]
pub struct MemberStill {
    /// Its code.
    pub code: Arc<str>,
    /// Its funds, sealed bids included.
    pub funds: Funds,
    /// Its aliases: the auction, the lot's code and the alias.
    pub aliases: Vec<(AuctionId, Arc<str>, u32)>,
    /// Its sealed bids that count: the auction, the lot's code and the bid.
    pub sealed_bids: Vec<(AuctionId, Arc<str>, SealedStill)>,
}

/// A sealed bid of one's own.
#[derive(Clone, Copy, Debug)]
pub struct SealedStill {
    /// At what price.
    pub price: Price,
    /// What is held for it.
    pub margin: Money,
    /// When it was made.
    pub at: Instant,
}

impl HeadStill {
    /// Of an auction of this picture.
    #[must_use]
    pub fn of(auction: &Auction, picture: &Picture) -> Self {
        HeadStill {
            id: auction.id,
            terms: Arc::clone(&auction.terms),
            initiator: code_of(&picture.codes, auction.terms.initiator),
            status: auction.status,
            opens: auction.opens,
            closes: auction.closes,
            suspended_at: auction.suspended_at,
            reason: Arc::clone(&auction.reason),
            holds: holds(auction, picture),
        }
    }
}

/// What holds an auction; nothing in most of them, and then nothing is copied.
fn holds(auction: &Auction, picture: &Picture) -> Vec<HoldStill> {
    if auction.status != AuctionStatus::Suspended {
        return Vec::new();
    }
    let own = auction.own_suspension.clone().map(HoldStill::Own);
    own.into_iter().chain(picture.halts.on(&auction.terms).cloned().map(HoldStill::Halt)).collect()
}

impl AuctionStill {
    /// Of an auction of this picture, with the aliases of this member.
    #[must_use]
    pub fn of(auction: &Auction, picture: &Picture, viewer: Option<MemberId>) -> Self {
        let sealed = auction.terms.is_sealed();
        let owner = Owner::Member(auction.terms.initiator);
        let file =
            |attachment: &Attachment| picture.files.of(&attachment.file, owner).map(|file| (file.kind, file.size));
        AuctionStill {
            attachments: auction.terms.attachments().iter().map(file).collect(),
            head: HeadStill::of(auction, picture),
            lots: auction.lots.iter().map(|lot| LotStill::of(lot, sealed, viewer)).collect(),
            sequence: picture.sequence,
            codes: Arc::clone(&picture.codes),
        }
    }

    /// The codes of the members who may bid; `None`: every active member.
    #[must_use]
    pub fn eligible(&self) -> Option<Vec<Arc<str>>> {
        let all = self.head.terms.eligible.as_ref()?;
        Some(all.iter().map(|member| code_of(&self.codes, *member)).collect())
    }
}

impl LotStill {
    /// Of a lot of an auction that is sealed or not, with the alias of this member.
    #[must_use]
    pub fn of(lot: &Lot, sealed: bool, viewer: Option<MemberId>) -> Self {
        LotStill {
            status: lot.status,
            end: lot.end,
            figures: lot.figures(sealed),
            alias: viewer.and_then(|member| lot.alias(member)),
            annulled: lot.annulled.clone(),
        }
    }
}

impl MemberStill {
    /// Of a member of this picture. For that member's eyes only.
    #[must_use]
    pub fn of(member: &Member, picture: &Picture) -> Self {
        let aliases = picture.aliases_of(member.id);
        let sealed_bids = picture.sealed_bids_of(member.id);
        MemberStill {
            code: Arc::clone(&member.code),
            funds: member.own_funds(),
            aliases: aliases.map(|(auction, lot, alias)| (auction.id, Arc::clone(&lot.code), alias)).collect(),
            sealed_bids: sealed_bids
                .map(|(auction, lot, bid)| {
                    let still = SealedStill { price: bid.price, margin: bid.margin, at: bid.at };
                    (auction.id, Arc::clone(&lot.code), still)
                })
                .collect(),
        }
    }
}

/// The code of a firm; empty where there is none, which no event can bring about.
fn code_of(codes: &Codes, id: MemberId) -> Arc<str> {
    super::place(id.0).and_then(|at| codes.get(at)).map_or_else(|| Arc::from(""), Arc::clone)
}

/// A page of auctions, newest first, gathered in looks of a bounded length: between two of them the picture may change,
/// which is why every auction says its own sequence.
#[derive(Debug)]
pub struct Gathering {
    below: Option<AuctionId>,
    auctions_max: usize,
    lots_max: usize,
    lots: usize,
    found: Vec<AuctionStill>,
    more: bool,
}

impl Gathering {
    /// Begins below this auction, or at the newest. A page has at most so many auctions, and so many lots unless its
    /// first auction has more.
    #[must_use]
    pub const fn new(below: Option<AuctionId>, auctions_max: usize, lots_max: usize) -> Self {
        Gathering { below, auctions_max, lots_max, lots: 0, found: Vec::new(), more: false }
    }

    /// Looks at some auctions, and says whether the page is done. The aliases are those of `viewer`.
    pub fn look(&mut self, picture: &Picture, viewer: Option<MemberId>, wanted: impl Fn(&Auction) -> bool) -> bool {
        let all = picture.auctions.len();
        let top = self.below.and_then(|below| super::place(below.0)).map_or(all, |place| place.min(all));
        let from = top.saturating_sub(LOOKED_AT_ONCE);
        let mut copied = 0;
        for auction in picture.auctions[from..top].iter().rev() {
            if wanted(auction) {
                let lots = auction.lots.len();
                let has_room = self.found.is_empty() || self.lots + lots <= self.lots_max;
                if self.found.len() >= self.auctions_max || !has_room {
                    self.more = true;
                    return true;
                }
                if copied > 0 && copied + lots > LOTS_AT_ONCE {
                    return false;
                }
                copied += lots;
                self.lots += lots;
                self.found.push(AuctionStill::of(auction, picture, viewer));
            }
            self.below = Some(auction.id);
        }
        from == 0
    }

    /// What was found, and where the next page begins if there is one.
    #[must_use]
    pub fn done(self) -> (Vec<AuctionStill>, Option<AuctionId>) {
        let next = self.found.last().filter(|_| self.more).map(|last| last.head.id);
        (self.found, next)
    }
}

/// What [`Picture::open`] holds.
pub(super) const fn is_open(auction: &Auction) -> bool {
    auction.is_public() && !auction.has_ended()
}

impl Picture {
    /// The auctions that are published and have not ended, by number.
    pub fn open_auctions(&self) -> impl Iterator<Item = &Auction> {
        self.open.iter().filter_map(|id| self.auction(*id))
    }
}
