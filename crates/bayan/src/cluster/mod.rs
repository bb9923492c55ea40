//! `bayan cluster`: making the certificates and folders of several nodes, and looking after them.
//!
//! What a running node does is asked of it through a socket in its data folder, which only those can open who may read
//! that folder: no port, no password, nothing to be reached from elsewhere. It passes on to the leader what only that one
//! can do.

mod desk;
mod keys;
mod show;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Subcommand;
use ordering::RealDisk;

use crate::cli::{Failure, print};
use crate::config::Config;
use crate::wiring::shown;

pub use desk::Desk;
pub(crate) use desk::{Answer, Asked, ask};
pub(crate) use keys::make_keys;
pub(crate) use show::{Listed, NODES_FILE, Shown, listed, look};

/// What is done to a cluster.
#[derive(Debug, Subcommand)]
pub(crate) enum Act {
    /// Make the authority of a cluster, where there is none yet, and certificates of nodes
    #[command(after_help = "Examples:
  bayan cluster keys --data /var/lib/bayan --out cluster --node 1 --node 2 --node 3
  bayan cluster keys --data /var/lib/bayan --out cluster --node 2 --renew
  bayan cluster keys --data /var/lib/bayan --out cluster --reader 1 --reader 2

authority.key signs: whoever has it can make a node. Keep it off the nodes. A node needs authority.pem, its own node-N.pem and node-N.key.")]
    Keys {
        /// The data folder of a node: the certificates name its cluster
        #[arg(long)]
        data: PathBuf,
        /// Where to write them
        #[arg(long)]
        out: PathBuf,
        /// The number of a node; may be given many times
        #[arg(long = "node", required_unless_present = "readers")]
        nodes: Vec<u64>,
        /// The number of a reader; may be given many times
        #[arg(long = "reader")]
        readers: Vec<u64>,
        /// How many days they are valid
        #[arg(long, default_value_t = 730)]
        days: u32,
        /// Replace certificates that are there
        #[arg(long)]
        renew: bool,
    },
    /// Make the folder of a new node, or of a reader, with a copy of the venue's secrets
    #[command(after_help = "Example:
  bayan cluster init --config node-2.toml --secrets /media/copied/secrets

Copy the secrets folder of a node to the new machine first, and destroy that copy afterwards.")]
    Init {
        /// The configuration of the new node or reader
        #[arg(long)]
        config: PathBuf,
        /// A copy of the secrets folder of a node of the venue
        #[arg(long)]
        secrets: PathBuf,
    },
    /// Say how all nodes are
    #[command(after_help = "Example:
  bayan cluster status --config bayan.toml")]
    Status {
        #[command(flatten)]
        of: Of,
    },
    /// Have a new node get the log, without a vote
    #[command(after_help = "Example:
  bayan cluster add-learner 2 --address 10.0.0.2:7330 --config bayan.toml")]
    AddLearner {
        /// Its number, which no node ever had
        node: u64,
        /// Where the other nodes reach it: address of [cluster] in its configuration
        #[arg(long)]
        address: String,
        #[command(flatten)]
        of: Of,
    },
    /// Give a learner that has the log a vote
    #[command(after_help = "Example:
  bayan cluster promote 2 --config bayan.toml")]
    Promote {
        /// Its number
        node: u64,
        #[command(flatten)]
        of: Of,
    },
    /// Take a node out of the cluster, for good
    #[command(after_help = "Example:
  bayan cluster remove 2 --config bayan.toml")]
    Remove {
        /// Its number, which no other node may have later
        node: u64,
        #[command(flatten)]
        of: Of,
    },
    /// Have another node lead
    #[command(after_help = "Example:
  bayan cluster transfer-leader 2 --config bayan.toml")]
    TransferLeader {
        /// Its number
        node: u64,
        #[command(flatten)]
        of: Of,
    },
}

/// Which node is asked, and how the answer is written.
#[derive(Debug, clap::Args)]
pub(crate) struct Of {
    /// The configuration of a node on this machine
    #[arg(long, conflicts_with = "data", required_unless_present = "data")]
    config: Option<PathBuf>,
    /// The data folder of a node on this machine, or the folder of `bayan dev --nodes`
    #[arg(long)]
    data: Option<PathBuf>,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
}

impl Of {
    fn data(&self) -> Result<PathBuf, Failure> {
        match (&self.config, &self.data) {
            (Some(config), _) => Ok(Config::read(config).map_err(Failure::bad_input)?.node.data),
            (None, Some(data)) => Ok(data.clone()),
            (None, None) => Err(Failure::bad_input("name a node with --config or --data")),
        }
    }
}

/// Does it.
///
/// # Errors
/// One line that says what to do.
pub(crate) async fn run(act: Act) -> Result<(), Failure> {
    match act {
        Act::Keys { data, out, nodes, readers, days, renew } => {
            let (cluster, _) = ordering::node_of(&data, &RealDisk).map_err(Failure::bad_input)?;
            if nodes.iter().chain(&readers).any(|number| *number == 0) {
                return Err(Failure::bad_input("the number of a node or a reader is at least 1"));
            }
            let all: Vec<u64> = nodes.into_iter().chain(readers.into_iter().map(ordering::reader_number)).collect();
            let made = make_keys(&cluster, &out, &all, days, renew)?;
            print(|out| made.iter().try_for_each(|path| writeln!(out, "{}", path.display())))
        }
        Act::Init { config, secrets } => init(&config, &secrets),
        Act::Status { of } => {
            let shown = show::look(&of.data()?).await?;
            print(|out| if of.json { shown.json(out) } else { shown.table(out) })
        }
        Act::AddLearner { node, address, of } => changed(&of, Asked::AddLearner { node, address }).await,
        Act::Promote { node, of } => changed(&of, Asked::Promote { node }).await,
        Act::Remove { node, of } => changed(&of, Asked::Remove { node }).await,
        Act::TransferLeader { node, of } => changed(&of, Asked::TransferLeader { node }).await,
    }
}

fn init(config: &Path, secrets: &Path) -> Result<(), Failure> {
    let read = Config::read(config).map_err(Failure::bad_input)?;
    let node = read.node();
    if node.cluster.is_none() {
        return Err(Failure::bad_input(format!(
            "{}: node of [cluster] is 0; give the new node its number",
            shown(config)
        )));
    }
    ordering::prepare(&node, &(Arc::new(RealDisk) as Arc<dyn ordering::Disk>), secrets).map_err(Failure::bad_input)?;
    let (cluster, number) = ordering::node_of(&node.data, &RealDisk).map_err(Failure::broken)?;
    print(|out| {
        writeln!(out, "{} is the folder of {} of cluster {cluster}", shown(&node.data), ordering::called(number))?;
        writeln!(out, "its certificate bears the name {}", ordering::certificate_name(&cluster, number))
    })
}

/// Has it done, and says how the nodes are then.
async fn changed(of: &Of, asked: Asked) -> Result<(), Failure> {
    let data = of.data()?;
    match show::ask_any(&data, &asked).await? {
        Answer::Refused(why) => return Err(Failure::broken(why)),
        Answer::Done | Answer::Status { .. } => {}
    }
    let shown = show::look(&data).await?;
    print(|out| if of.json { shown.json(out) } else { shown.table(out) })
}
