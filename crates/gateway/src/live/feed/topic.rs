//! What a channel is about, its name, who may read it, and what holds in it.

use axum::extract::ws::Utf8Bytes;
use exchange::units::{AuctionId, MemberId, Sequence};

use super::{Viewer, message};
use crate::live::picture::{Member, Picture};
use crate::live::wire::{AuctionHead, AuctionView, alias_text};

/// What a channel is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Topic {
    /// All auctions that are published: their status.
    Market,
    /// One auction with its lots and bids.
    Auction(AuctionId),
    /// What concerns one member, for its own traders and managers.
    Member(MemberId),
}

impl Topic {
    /// The channel's name on the wire.
    pub fn name(self) -> String {
        match self {
            Topic::Market => "market".to_owned(),
            Topic::Auction(id) => format!("auctions/{id}"),
            Topic::Member(_) => "me".to_owned(),
        }
    }

    /// The topic of a name, for this reader; `None` where there is no such channel. Whether the reader may see it is
    /// for [`Topic::is_open_to`] to say.
    pub fn named(name: &str, who: &Viewer) -> Option<Self> {
        match name {
            "market" => Some(Topic::Market),
            "me" => who.member.filter(|_| who.role.is_members()).map(Topic::Member),
            _ => {
                let topic = Topic::Auction(name.strip_prefix("auctions/")?.parse().ok()?);
                // One name a channel: not auctions/007 or auctions/+7.
                (topic.name() == name).then_some(topic)
            }
        }
    }

    /// Whether this reader may see it now. Once it may, it may for good.
    pub fn is_open_to(self, who: &Viewer, picture: &Picture) -> bool {
        match self {
            Topic::Market => true,
            Topic::Auction(id) => picture.auction_for(id, who.role, who.member).is_some(),
            Topic::Member(member) => picture.member(member).is_some(),
        }
    }

    /// Whether its snapshot is the same for many, and changes only with a message. That of a member also forgets the
    /// aliases in auctions that have ended, which is no news.
    pub const fn is_shared(self) -> bool {
        !matches!(self, Topic::Member(_))
    }

    /// What holds now, as of the channel's last message.
    pub fn snapshot(self, picture: &Picture, last: Sequence) -> Utf8Bytes {
        let name = self.name();
        match self {
            Topic::Market => message::encode(&name, last, None, "snapshot", market(picture)),
            Topic::Auction(id) => {
                let auction = picture.auction(id).map(|auction| AuctionView::of(auction, picture));
                message::encode(&name, last, None, "snapshot", auction)
            }
            Topic::Member(id) => {
                let member = picture.member(id).map(|member| me(member, picture));
                message::encode(&name, last, None, "snapshot", member)
            }
        }
    }
}

/// The auctions that are published and have not ended.
fn market(picture: &Picture) -> message::Market {
    let here = picture.auctions.iter().filter(|auction| auction.is_public() && !auction.has_ended());
    message::Market { auctions: here.map(|auction| AuctionHead::of(auction, picture)).collect() }
}

fn me<'p>(member: &'p Member, picture: &'p Picture) -> message::Me<'p> {
    let funds = member.own_funds();
    message::Me {
        member: &member.code,
        funds: message::Funds { available: funds.available, held: funds.held },
        aliases: picture
            .aliases_of(member.id)
            .map(|(auction, lot, alias)| message::Alias {
                auction: auction.id.0,
                lot: &lot.code,
                alias: alias_text(alias),
            })
            .collect(),
        sealed_bids: picture
            .sealed_bids_of(member.id)
            .map(|(auction, lot, bid)| message::SealedBid {
                auction: auction.id.0,
                lot: &lot.code,
                price: bid.price,
                margin: bid.margin,
                at: bid.at,
            })
            .collect(),
    }
}
