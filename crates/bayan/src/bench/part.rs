//! What runs in a process of its own: the exchange alone, so that its memory can be read, and the clients, so that a load
//! generator is never part of what it measures. A part is told what to do, and says what it found, as one JSON object.

use std::io::{self, Read, Write};
use std::process::{Command, Stdio};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::server::{Ends, program};
use super::{Trouble, client, execute};

/// What there is to do.
#[derive(Debug, Serialize, Deserialize)]
pub enum Part {
    /// [`execute`].
    Execute(execute::Task),
    /// Bids over HTTP.
    Load(client::load::Task),
    /// A room full of WebSocket clients.
    Feed(client::feed::Task),
}

/// Runs a part in a process of its own and waits for what it finds.
pub fn run<T: DeserializeOwned>(part: &Part) -> Result<T, Trouble> {
    let mut command = Command::new(program()?);
    command.arg("bench-part").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = Ends::start(&mut command).map_err(Trouble::on("starting a part of the bench"))?;
    let told = serde_json::to_vec(part).map_err(Trouble::on("writing a task"))?;
    let mut stdin = child.child().stdin.take().ok_or_else(|| Trouble::new("a part has no input"))?;
    stdin.write_all(&told).map_err(Trouble::on("telling a part what to do"))?;
    drop(stdin);
    let mut found = Vec::new();
    let mut stdout = child.child().stdout.take().ok_or_else(|| Trouble::new("a part has no output"))?;
    stdout.read_to_end(&mut found).map_err(Trouble::on("reading what a part found"))?;
    let status = child.child().wait().map_err(Trouble::on("waiting for a part"))?;
    if !status.success() {
        return Err(Trouble::new(format!("a part of the bench ended with {status}; it says above why")));
    }
    serde_json::from_slice(&found).map_err(Trouble::on("reading what a part found"))
}

/// The work of such a process, from standard input to standard output.
pub fn work() -> Result<(), Trouble> {
    let part: Part = serde_json::from_reader(io::stdin().lock()).map_err(Trouble::on("reading the task"))?;
    let found = match part {
        Part::Execute(task) => serde_json::to_vec(&execute::work(&task)?),
        Part::Load(task) => serde_json::to_vec(&client::load::work(task)?),
        Part::Feed(task) => serde_json::to_vec(&client::feed::work(task)?),
    };
    let found = found.map_err(Trouble::on("writing what was found"))?;
    io::stdout().write_all(&found).map_err(Trouble::on("writing what was found"))
}
