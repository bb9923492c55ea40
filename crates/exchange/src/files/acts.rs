//! Keeping a file and letting one go; which of them an announcement may name.

use minicbor::bytes::ByteVec;

use super::{APPLICATION_FILES_MAX, File, FileHash, FileKind, NAME_SEALED_MAX, Owner, STORED_BYTES_MAX};
use crate::event::Event;
use crate::exchange::{Exchange, Output, Table};
use crate::markets::auction::{Announcement, AuctionStatus};
use crate::members::ApplicationStatus;
use crate::outcome::Answer;
use crate::refusal::{FileQuota, Refusal};
use crate::units::MemberId;

/// A file that is to be kept, as the command says it.
pub(crate) struct Kept<'c> {
    pub(crate) hash: FileHash,
    pub(crate) size: u32,
    pub(crate) kind: FileKind,
    pub(crate) owner: Owner,
    pub(crate) name: Option<&'c ByteVec>,
}

impl Exchange {
    /// Its bytes are durable already. What its owner keeps already stays as it is, so that asking again is harmless for
    /// those who have no keys of requests.
    pub(crate) fn keep_file(
        &mut self,
        by: Option<Option<MemberId>>,
        kept: &Kept<'_>,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        self.judge_owner(by, kept.owner)?;
        self.judge_documents(kept.owner)?;
        if kept.size == 0 || kept.size as usize > STORED_BYTES_MAX {
            return Err(Refusal::InvalidText("size".to_owned()));
        }
        let named = matches!(kept.owner, Owner::Application(_));
        if kept.name.is_some() != named || kept.name.is_some_and(|name| name.len() > NAME_SEALED_MAX) {
            return Err(Refusal::InvalidText("name".to_owned()));
        }
        if self.files.of(&kept.hash, kept.owner).is_some() {
            return Ok(Answer::File(kept.hash));
        }
        self.judge_quota(kept)?;
        let Kept { hash, size, kind, owner, name } = *kept;
        let name = name.cloned();
        out.emit(&Event::FileKept { hash, size, kind, owner, name: name.clone() });
        let row = self.files.keep(File { hash, size, kind, owner, at: self.now, name });
        self.mark(Table::Files, row);
        Ok(Answer::File(hash))
    }

    /// An attachment of an announcement that was not rejected stays: others may read it there.
    pub(crate) fn drop_file(
        &mut self,
        by: Option<Option<MemberId>>,
        hash: FileHash,
        owner: Owner,
        out: &mut Output,
    ) -> Result<Answer, Refusal> {
        self.judge_owner(by, owner)?;
        if self.files.of(&hash, owner).is_none() {
            return Err(Refusal::UnknownFile);
        }
        if let Owner::Member(member) = owner {
            let names = |auction: &&crate::units::AuctionId| {
                let auction = self.auction(**auction).expect("what names a file was handed in");
                auction.terms.initiator == member && auction.status != AuctionStatus::Rejected
            };
            if let Some(auction) = self.files.attached_to(&hash).iter().find(names) {
                return Err(Refusal::FileInUse { auction: *auction });
            }
        }
        let row = self.files.let_go(&hash, owner);
        self.mark(Table::Files, row);
        out.emit(&Event::FileDropped { hash, owner });
        Ok(Answer::Done)
    }

    /// A member's files are its own affair; `by` is `None` for the node itself.
    fn judge_owner(&self, by: Option<Option<MemberId>>, owner: Owner) -> Result<(), Refusal> {
        match (by, owner) {
            (Some(by), Owner::Member(member)) if by != Some(member) => Err(Refusal::Forbidden),
            (_, Owner::Member(member)) => self.members.member(member).map(drop).ok_or(Refusal::UnknownMember),
            (_, Owner::Application(application)) => {
                self.applications.application(application).map(drop).ok_or(Refusal::UnknownApplication)
            }
        }
    }

    /// Documents come with an application until its firm is a member or its applicant is forgotten.
    fn judge_documents(&self, owner: Owner) -> Result<(), Refusal> {
        let Owner::Application(id) = owner else { return Ok(()) };
        let application = self.applications.application(id).ok_or(Refusal::UnknownApplication)?;
        if application.forgotten.is_some() {
            return Err(Refusal::Forgotten);
        }
        if application.status == ApplicationStatus::Admitted {
            return Err(Refusal::AlreadyDecided);
        }
        Ok(())
    }

    fn judge_quota(&self, kept: &Kept<'_>) -> Result<(), Refusal> {
        let limits = self.profile.file_limits();
        let (own, all, more) = (self.files.used_by(kept.owner), self.files.used(), u64::from(kept.size));
        let over = |quota, used: u64, more: u64, most: u64| {
            if used.saturating_add(more) > most {
                Err(Refusal::OverFileQuota { quota, used, more, most })
            } else {
                Ok(())
            }
        };
        match kept.owner {
            Owner::Member(_) => {
                over(FileQuota::MemberFiles, own.files, 1, limits.files_per_member)?;
                over(FileQuota::MemberBytes, own.bytes, more, limits.bytes_per_member)?;
            }
            Owner::Application(_) => over(FileQuota::ApplicationFiles, own.files, 1, APPLICATION_FILES_MAX)?,
        }
        over(FileQuota::VenueBytes, all.bytes, more, limits.bytes)
    }

    /// What an announcement attaches: files that its initiator keeps, each once and well named.
    pub(crate) fn judge_attachments(&self, terms: &Announcement) -> Result<(), Refusal> {
        let attachments = terms.attachments();
        terms.check_attachments().map_err(Refusal::InvalidAnnouncement)?;
        let owner = Owner::Member(terms.initiator);
        if attachments.iter().any(|attachment| self.files.of(&attachment.file, owner).is_none()) {
            return Err(Refusal::UnknownFile);
        }
        Ok(())
    }
}
