//! What a channel is about, its name, who may read it, and what holds in it.

use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use exchange::markets::auction::Side;
use exchange::products::Product;
use exchange::risk::Halt;
use exchange::units::{AuctionId, MemberId, Sequence};

use super::{Viewer, message};
use crate::live::picture::{AuctionStill, HeadStill, MemberStill, Picture};
use crate::live::quotes::{QuoteStill, QuoteView, SparkView};
use crate::live::wire::{AuctionHead, AuctionView, HaltView, alias_text};

/// How many quotes the snapshot of the market has at the most; all of them are in the API.
const MARKET_QUOTES_MAX: usize = 500;

/// What a channel is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Topic {
    /// All auctions that are published: their status.
    Market,
    /// One auction with its lots and bids.
    Auction(AuctionId),
    /// What concerns one member, for its own traders and managers.
    Member(MemberId),
    /// The quotes of the product with this code.
    Quotes(Arc<str>),
}

impl Topic {
    /// The channel's name on the wire.
    pub fn name(&self) -> String {
        match self {
            Topic::Market => "market".to_owned(),
            Topic::Auction(id) => format!("auctions/{id}"),
            Topic::Member(_) => "me".to_owned(),
            Topic::Quotes(code) => format!("quotes/{code}"),
        }
    }

    /// The topic of a name, for this reader; `None` where there is no such channel. Whether the reader may see it is
    /// for [`Topic::is_open_to`] to say.
    pub fn named(name: &str, who: &Viewer) -> Option<Self> {
        match name {
            "market" => Some(Topic::Market),
            "me" => who.member.filter(|_| who.role.is_members()).map(Topic::Member),
            _ if name.starts_with("quotes/") => Some(Topic::Quotes(name.strip_prefix("quotes/")?.into())),
            _ => {
                let topic = Topic::Auction(name.strip_prefix("auctions/")?.parse().ok()?);
                // One name a channel: not auctions/007 or auctions/+7.
                (topic.name() == name).then_some(topic)
            }
        }
    }

    /// Whether this reader may see it now. Once it may, it may for good.
    pub fn is_open_to(&self, who: &Viewer, picture: &Picture) -> bool {
        match self {
            Topic::Market => true,
            Topic::Auction(id) => picture.auction_for(*id, who.role, who.member).is_some(),
            Topic::Member(member) => picture.member(*member).is_some(),
            Topic::Quotes(code) => picture.product_by_code(code).is_some(),
        }
    }

    /// Whether its snapshot is the same for many, and changes only with a message. That of a member also forgets the
    /// aliases in auctions that have ended, which is no news.
    pub const fn is_shared(&self) -> bool {
        !matches!(self, Topic::Member(_))
    }

    /// What holds now, taken out of the picture.
    pub fn look(&self, picture: &Picture) -> Still {
        match self {
            // Those that are published and have not ended, and what was traded.
            Topic::Market => {
                let quotes = picture.products.iter().flat_map(|product| both(product, picture, false));
                Still::Market(
                    picture.open_auctions().map(|auction| HeadStill::of(auction, picture)).collect(),
                    quotes.filter(QuoteStill::is_quoted).take(MARKET_QUOTES_MAX).collect(),
                    picture.halts.in_force().cloned().collect(),
                )
            }
            Topic::Auction(id) => {
                Still::Auction(picture.auction(*id).map(|auction| AuctionStill::of(auction, picture, None)))
            }
            Topic::Member(id) => Still::Member(picture.member(*id).map(|member| MemberStill::of(member, picture))),
            Topic::Quotes(code) => {
                let product = picture.product_by_code(code);
                Still::Quotes(product.into_iter().flat_map(|product| both(product, picture, true)).collect())
            }
        }
    }
}

/// What a snapshot is made of.
pub(super) enum Still {
    Market(Vec<HeadStill>, Vec<QuoteStill>, Vec<Halt>),
    Auction(Option<AuctionStill>),
    Member(Option<MemberStill>),
    Quotes(Vec<QuoteStill>),
}

impl Still {
    /// The snapshot of this topic, as of the channel's last message.
    pub fn encode(&self, topic: &Topic, last: Sequence) -> Utf8Bytes {
        let name = topic.name();
        match self {
            Still::Market(auctions, quotes, halts) => {
                let market = message::Market {
                    auctions: auctions.iter().map(AuctionHead::of).collect(),
                    halts: halts.iter().map(HaltView::of).collect(),
                    quotes: quotes.iter().map(QuoteView::of).collect(),
                };
                message::encode(&name, last, None, "snapshot", market)
            }
            Still::Auction(auction) => {
                message::encode(&name, last, None, "snapshot", auction.as_ref().map(AuctionView::of))
            }
            Still::Member(member) => message::encode(&name, last, None, "snapshot", member.as_ref().map(me)),
            Still::Quotes(quotes) => {
                let items = quotes.iter().map(SparkView::of).collect();
                message::encode(&name, last, None, "snapshot", message::Quotes { items })
            }
        }
    }
}

/// The quotes of a product, sale and procurement.
fn both<'p>(
    product: &'p Product,
    picture: &'p Picture,
    with_spark: bool,
) -> impl Iterator<Item = QuoteStill> + use<'p> {
    Side::BOTH.into_iter().map(move |side| QuoteStill::of(product, side, picture, with_spark))
}

fn me(member: &MemberStill) -> message::Me<'_> {
    let (aliases, sealed_bids) = (member.aliases.iter(), member.sealed_bids.iter());
    message::Me {
        member: &member.code,
        funds: message::Funds { available: member.funds.available, held: member.funds.held },
        aliases: aliases
            .map(|(auction, lot, alias)| message::Alias { auction: auction.0, lot, alias: alias_text(*alias) })
            .collect(),
        sealed_bids: sealed_bids
            .map(|(auction, lot, bid)| message::SealedBid {
                auction: auction.0,
                lot,
                price: bid.price,
                margin: bid.margin,
                at: bid.at,
            })
            .collect(),
    }
}
