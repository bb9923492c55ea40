//! Snapshots for other nodes, piece by piece, as they lie in the file: whoever may ask has the venue's secrets anyway.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

use minicbor::bytes::ByteArray;
use parking_lot::Mutex;

use super::{CHUNK, HEADER_BYTES_MAX, Header, KIND, Snapshots, TAG};
use crate::disk::File;

/// How many snapshots stay open for those who fetch them, also when newer ones have taken their places.
const OPEN: usize = 2;

/// The snapshots of this node for others.
pub(crate) struct Lending {
    snapshots: Snapshots,
    open: Mutex<VecDeque<Arc<Lent>>>,
}

/// One that is asked for.
struct Lent {
    header: Header,
    frame: usize,
    file: Arc<dyn File>,
}

impl Lending {
    pub(crate) fn new(snapshots: Snapshots) -> Self {
        Lending { snapshots, open: Mutex::default() }
    }

    /// A piece of a snapshot: its frame, or the chunk of this number, counted from 1. Without the file's number it is the
    /// newest that is asked for. `None`: it is not here, or has no such piece.
    pub(crate) fn piece(&self, of: Option<ByteArray<16>>, number: u64) -> io::Result<Option<Vec<u8>>> {
        let Some(lent) = self.lent(of)? else { return Ok(None) };
        let (at, length) = match usize::try_from(number).unwrap_or(usize::MAX).checked_sub(1) {
            None => (0, lent.frame),
            Some(chunk) => (chunk.saturating_mul(CHUNK + TAG).saturating_add(lent.frame), CHUNK + TAG),
        };
        let mut bytes = vec![0; length];
        let read = lent.file.read_at(at as u64, &mut bytes)?;
        bytes.truncate(read);
        Ok((read > 0).then_some(bytes))
    }

    /// What the frame of the newest says; `None`: there is none.
    pub(crate) fn newest(&self) -> io::Result<Option<Header>> {
        Ok(self.lent(None)?.map(|lent| lent.header.clone()))
    }

    fn lent(&self, of: Option<ByteArray<16>>) -> io::Result<Option<Arc<Lent>>> {
        if let Some(of) = of
            && let Some(open) = self.open.lock().iter().find(|open| open.header.file == of)
        {
            return Ok(Some(Arc::clone(open)));
        }
        for name in self.snapshots.names()?.iter().rev() {
            let file = self.snapshots.disk.open(&self.snapshots.folder.join(name))?;
            let mut bytes = vec![0; HEADER_BYTES_MAX];
            let read = file.read_at(0, &mut bytes)?;
            let Ok((header, frame)) = KIND.open::<Header>(&bytes[..read]) else { continue };
            if of.is_none_or(|of| of == header.file) {
                let lent = Arc::new(Lent { header, frame, file });
                let mut open = self.open.lock();
                open.retain(|open| open.header.file != lent.header.file);
                open.push_back(Arc::clone(&lent));
                if open.len() > OPEN {
                    open.pop_front();
                }
                return Ok(Some(lent));
            }
        }
        Ok(None)
    }
}
