//! Opening sealed bids for those who read history without being the node.

use std::collections::HashMap;
use std::path::Path;

use ed25519_dalek::SigningKey;
use exchange::units::{AuctionId, Price};
use exchange::{Body, Command, Principal};

use super::secret::{self, Secret};
use super::{NODE, SEALING, sealed};
use crate::cluster::ClusterId;
use crate::disk::Disk;
use crate::error::StartError;

/// By what sealed bids are opened.
pub(crate) enum Opener {
    /// The sealing secret of the venue: all of them.
    Secret(Secret),
    /// The keys that the log reveals: those of ended auctions.
    Revealed(HashMap<AuctionId, [u8; 32]>),
}

impl Opener {
    /// With the sealing secret of a folder; `None` where it is not there.
    pub(crate) fn with_secret(disk: &dyn Disk, folder: &Path, cluster: ClusterId) -> Result<Option<Self>, StartError> {
        let path = folder.join(SEALING.0);
        match secret::read(disk, &path, SEALING.1)? {
            None => Ok(None),
            Some((found, secret)) if found == cluster => Ok(Some(Opener::Secret(secret))),
            Some((found, _)) => {
                Err(StartError::OtherCluster { path, found: found.to_string(), expected: cluster.to_string() })
            }
        }
    }

    /// The public key of the node whose secrets lie in a folder.
    pub(crate) fn node_key(disk: &dyn Disk, folder: &Path) -> Result<Option<[u8; 32]>, StartError> {
        let secret = secret::read(disk, &folder.join(NODE.0), NODE.1)?;
        Ok(secret.map(|(_, secret)| SigningKey::from_bytes(&secret).verifying_key().to_bytes()))
    }

    /// The price that a command hides, exactly as the node opened it when it executed the command.
    pub(crate) fn open(&self, command: &Command) -> Result<Option<Price>, String> {
        let (Body::SealedBid { auction, lot, sealed: bytes }, Principal::User(user)) =
            (&command.body, command.principal)
        else {
            return Ok(None);
        };
        let key = match self {
            Opener::Secret(secret) => sealed::auction_key(secret, *auction),
            Opener::Revealed(keys) => *keys.get(auction).ok_or_else(|| {
                format!("a bid of auction {auction} is still sealed; name the secrets folder, or wait for its end")
            })?,
        };
        Ok(sealed::open(&key, *auction, *lot, user, bytes))
    }
}
