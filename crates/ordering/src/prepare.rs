//! The folder of a new node: it has the secrets of its venue, and an empty log that the cluster will fill.

use std::path::Path;
use std::sync::Arc;

use crate::cluster::{Membership, random};
use crate::config::Config;
use crate::disk::{Disk, create_folder};
use crate::error::{OnPath, StartError};
use crate::number::called;
use crate::open::Layout;
use crate::vault::Vault;

/// Makes the folder of a new node of a cluster, with the secrets of the venue copied from a folder that has them. The
/// number is the configuration's.
///
/// # Errors
/// There is something already, or it cannot be made.
pub fn prepare(config: &Config, disk: &Arc<dyn Disk>, secrets_from: &Path) -> Result<(), StartError> {
    let Some(cluster) = &config.cluster else {
        return Err(StartError::Setting("a new node needs its number and its address in [cluster]".to_owned()));
    };
    let disk = &**disk;
    let layout = Layout { data: config.data.clone(), secrets: config.secrets_folder() };
    create_folder(disk, &layout.data).on(&layout.data)?;
    let lock = disk.lock(&layout.lock()).on(&layout.lock())?.ok_or_else(|| StartError::Locked(layout.data.clone()))?;
    for path in [layout.cluster(), layout.log(), layout.marks(), layout.head(), layout.snapshots()] {
        if disk.exists(&path).on(&path)? {
            return Err(StartError::Setting(format!(
                "{} is there already; a new node begins with an empty folder",
                path.display()
            )));
        }
    }
    let id = Vault::copy(disk, secrets_from, &layout.secrets)?;
    let membership = Membership { cluster: id, node: cluster.node, instance: Some(random().into()) };
    membership.write(disk, &layout.cluster())?;
    // Keeps the name of the file before it too.
    create_folder(disk, &layout.log()).on(&layout.log())?;
    drop(lock);
    Ok(())
}

/// To which cluster the node of a data folder belongs, as its certificate names it, and its number.
///
/// # Errors
/// The folder is none, or cannot be read.
pub fn node_of(data: &Path, disk: &dyn Disk) -> Result<(String, u64), StartError> {
    let path = data.join("cluster");
    match Membership::read(disk, &path)? {
        Some(membership) => Ok((membership.cluster.to_string(), membership.node)),
        None => Err(crate::Damage::new(&path, 0, "this file is missing").into()),
    }
}

/// The name that the certificate of a node, or of a reader, bears.
#[must_use]
pub fn certificate_name(cluster: &str, node: u64) -> String {
    format!("{}.{cluster}.bayan", called(node))
}
