//! `bayan init`: an empty venue with its first admin.

use std::path::Path;

use exchange::members::Role;
use exchange::{Body, Profile};
use ordering::{Node, Seams};

use crate::cli::Failure;
use crate::config::Config;
use crate::enter::{self, NewUser};
use crate::password;
use crate::wiring::{has_venue, shown};

/// Makes the venue and says the admin's password, which serves once.
///
/// # Errors
/// There is a venue already, or one cannot be made here.
pub async fn init(file: &Path, login: &str) -> Result<String, Failure> {
    let config = Config::read(file).map_err(Failure::bad_input)?;
    if config.cluster.node > 1 || config.cluster.is_reader() {
        return Err(Failure::bad_input(
            "a venue is begun by its node 1; the folder of another node, or of a reader, is made with `bayan cluster init`",
        ));
    }
    // It runs alone until it is served.
    let node_config = ordering::Config { cluster: None, ..config.node() };
    let seams = Seams::of(&node_config);
    let node = Node::start(node_config, seams, Vec::new()).await.map_err(Failure::bad_input)?;
    let made = make(&node, &config, login).await;
    node.stop().await;
    made
}

async fn make(node: &Node, config: &Config, login: &str) -> Result<String, Failure> {
    if has_venue(node) {
        let data = shown(&config.node.data);
        return Err(Failure::bad_input(format!(
            "{data} holds a venue already; name another data folder for a new one"
        )));
    }
    enter::done(node, Body::SetProfile(Profile::of_a_new_venue())).await?;
    let password = password::random()?;
    let admin = NewUser {
        login: login.to_owned(),
        name: "First admin".to_owned(),
        password: Some(password.clone()),
        role: Role::Admin,
        member: None,
        single_use: true,
    };
    enter::user(node, config.password(), admin).await?;
    Ok(password)
}
