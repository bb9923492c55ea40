//! How the nodes are, for people and for programs.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use unicode_width::UnicodeWidthStr;

use super::desk::{Answer, Asked, NodeView, ask};
use crate::cli::Failure;
use crate::wiring::shown;

/// The file of `bayan dev --nodes` that says which nodes it has.
pub(crate) const NODES_FILE: &str = "nodes.json";

/// A node of the demonstration, in its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Listed {
    pub(crate) id: u64,
    pub(crate) http: std::net::SocketAddr,
    pub(crate) peers: std::net::SocketAddr,
}

impl Listed {
    pub(crate) fn data(&self, folder: &Path) -> PathBuf {
        folder.join(format!("node-{}", self.id))
    }

    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}", self.http.port())
    }
}

/// The nodes of a folder of `bayan dev --nodes`; `None` where it is none.
pub(crate) fn listed(folder: &Path) -> Result<Option<Vec<Listed>>, Failure> {
    let path = folder.join(NODES_FILE);
    match fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| {
            Failure::bad_input(format!("{}: {error}; remove the folder for a new start", shown(&path)))
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::bad_input(format!("{}: {error}", shown(&path)))),
    }
}

/// How the nodes are.
#[derive(Debug, Serialize)]
pub(crate) struct Shown {
    pub(crate) nodes: Vec<NodeView>,
}

/// Asks the node of a data folder, or any that answers of a demonstration.
pub(crate) async fn ask_any(data: &Path, asked: &Asked) -> Result<Answer, Failure> {
    let Some(listed) = listed(data)? else {
        return ask(data, asked).await;
    };
    let mut failed = Failure::bad_input(format!("{} has no node", shown(data)));
    for node in listed {
        match ask(&node.data(data), asked).await {
            Ok(answer) => return Ok(answer),
            Err(failure) => failed = failure,
        }
    }
    Err(failed)
}

/// Asks how all are.
pub(crate) async fn look(data: &Path) -> Result<Shown, Failure> {
    let mut nodes = match ask_any(data, &Asked::Status).await? {
        Answer::Nodes(nodes) => nodes,
        Answer::Refused(why) => return Err(Failure::broken(why)),
        Answer::Done => Vec::new(),
    };
    // Where the nodes of a demonstration are is known of the dead ones too.
    for listed in listed(data)?.unwrap_or_default() {
        if let Some(node) = nodes.iter_mut().find(|node| node.id == listed.id) {
            node.url.get_or_insert_with(|| listed.url());
        }
    }
    Ok(Shown { nodes })
}

/// From which entry on the history of a node is complete, and how much is here of what it fetches.
fn history(node: &NodeView) -> String {
    let fetched = match (node.fetched, node.fetched_of) {
        (Some(here), Some(of)) if of > 0 => Some(here.saturating_mul(100) / of),
        _ => None,
    };
    match (node.history_from, fetched) {
        (None, _) => "–".to_owned(),
        (Some(1), None) => "whole".to_owned(),
        (Some(1), Some(percent)) => format!("snapshot {percent} %"),
        (Some(from), None) => format!("from {from}"),
        (Some(from), Some(percent)) => format!("from {from}, {percent} % of what is before"),
    }
}

impl Shown {
    pub(crate) fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, self)?;
        writeln!(out)
    }

    pub(crate) fn table(&self, out: &mut dyn Write) -> io::Result<()> {
        let most = self.nodes.iter().filter_map(|node| node.sequence).max().unwrap_or(0);
        let head = ["node", "role", "entry", "behind", "digest", "term", "peers", "url", "version", "rules", "history"]
            .map(str::to_owned);
        let rows = self.nodes.iter().map(|node| {
            let role = match (node.pid.is_some(), node.leader, node.votes) {
                (false, _, _) => "does not answer",
                (true, true, _) => "leads",
                (true, false, true) => "follows",
                (true, false, false) => "learns",
            };
            let none = || "–".to_owned();
            [
                node.id.to_string(),
                role.to_owned(),
                node.sequence.map_or_else(none, |sequence| sequence.to_string()),
                node.sequence.map_or_else(none, |sequence| (most - sequence).to_string()),
                node.digest.as_ref().map_or_else(none, |digest| digest.chars().take(16).collect()),
                node.term.map_or_else(none, |term| term.to_string()),
                node.address.clone(),
                node.url.clone().unwrap_or_else(none),
                node.version.clone().unwrap_or_else(none),
                node.rules.map_or_else(none, |rules| rules.to_string()),
                history(node),
            ]
        });
        let rows: Vec<[String; 11]> = std::iter::once(head).chain(rows).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..11).map(width).collect();
        for row in &rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat(width - cell.width() + 2));
            }
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}
