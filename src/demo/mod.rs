//! What `cardea demo` is made of: a folder of its own, people and applications that are named after what
//! they are for, and a sheet that describes them to tools.

pub mod applications;
pub mod folder;
mod key_pair;
mod passkey;
pub mod people;
pub mod sheet;

use crate::config::clients::{self, ClientConfig};
use crate::config::{Config, Finding};

/// What production refuses: the demo's folder, and the secrets of its applications.
pub fn of_the_demo(config: &Config, clients: &[ClientConfig]) -> Option<Finding> {
    if folder::is_demo(Some(&config.data.folder)) {
        return Some(config.at("data.folder", "this folder is the demo's; name another one".to_owned()));
    }
    if folder::is_demo(config.keys.ring.parent()) {
        let text = "these keys were made by the demo; make others with `cardea keys init`";
        return Some(config.at("keys.ring", text.to_owned()));
    }
    let client = clients.iter().find(|client| applications::has_demo_secret(client))?;
    let member = if client.secret_digest.is_some() { "client_secret" } else { "jwks" };
    let text = "this is the demo's, and known to all: give the client its own".to_owned();
    Some(clients::finding(client, member, None, text))
}
