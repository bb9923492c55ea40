//! JSON as it goes out to one viewer: what everybody sees, and its own parts with it.

use exchange::members::Role;
use exchange::units::{MemberId, Money, Sequence};
use serde::Serialize;
use utoipa::ToSchema;

use crate::live::{AttachmentView, AuctionHead, AuctionStill, AuctionView, BiddingView, Funds, LotView, alias_text};
use crate::wire::shown;

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// What to give as `cursor` for the next page; null: this is the last one.
    pub next: Option<String>,
}

/// An announcement with what has become of it.
#[derive(Serialize, ToSchema)]
#[schema(as = Auction)]
pub(crate) struct AuctionSeen {
    #[serde(flatten)]
    pub head: AuctionHead,
    /// How it is bid.
    pub bidding: BiddingView,
    /// The lots, in the announcement's order.
    pub lots: Vec<LotSeen>,
    /// What comes with it.
    pub attachments: Vec<AttachmentView>,
    /// The last entry that this answer knows.
    pub sequence: u64,
}

/// A lot as it stands.
#[derive(Serialize, ToSchema)]
#[schema(as = Lot)]
pub(crate) struct LotSeen {
    #[serde(flatten)]
    pub lot: LotView,
    /// The viewer's own alias in this lot, once it has bid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
}

/// Cash.
#[derive(Serialize, ToSchema)]
#[schema(as = Funds)]
pub(crate) struct FundsSeen {
    /// What can be used.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub available: Money,
    /// What is held.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = String)]
    pub held: Money,
    /// The last entry that this answer knows.
    pub sequence: u64,
}

impl AuctionSeen {
    /// As a user of this member sees it, for whom the still was taken; `None`: staff.
    pub fn of(auction: &AuctionStill, viewer: Option<MemberId>) -> Self {
        AuctionSeen::with(AuctionView::of(auction), auction, viewer)
    }

    /// As in a list: without those who may bid.
    pub fn brief(auction: &AuctionStill, viewer: Option<MemberId>) -> Self {
        AuctionSeen::with(AuctionView::brief(auction), auction, viewer)
    }

    fn with(view: AuctionView, auction: &AuctionStill, viewer: Option<MemberId>) -> Self {
        let AuctionView { head, bidding, lots, attachments } = view;
        let lots = auction.lots.iter().zip(lots).map(|(lot, mut view)| {
            if viewer.is_some() && viewer == lot.figures.lead.map(|lead| lead.member) {
                view.leader = Some("you".to_owned());
            }
            LotSeen { lot: view, alias: lot.alias.map(alias_text) }
        });
        AuctionSeen { lots: lots.collect(), attachments, head, bidding, sequence: auction.sequence.0 }
    }
}

impl FundsSeen {
    pub fn of(funds: Funds, sequence: Sequence) -> Self {
        FundsSeen { available: funds.available, held: funds.held, sequence: sequence.0 }
    }
}

/// Whose eyes: the member of a trader or manager, nobody's in particular for staff.
pub(crate) fn viewer(role: Role, member: Option<MemberId>) -> Option<MemberId> {
    if role.is_members() { member } else { None }
}
