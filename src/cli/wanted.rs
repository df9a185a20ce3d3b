//! Which clients the operator wants to be registered, read from where that is written now.

use super::start::Start;
use crate::app::Failure;
use crate::config::Config;
use crate::config::clients::{self, ClientConfig};
use crate::demo::applications;
use crate::demo::folder::{self, Folder};

/// The registrations of an installation: those of its folder, or what a demo was started with.
///
/// # Errors
/// A file cannot be read or breaks a rule.
pub fn wanted(config: &Config) -> Result<Vec<ClientConfig>, Failure> {
    if folder::is_demo(Some(&config.data.folder)) {
        let folder = Folder { path: config.data.folder.clone() };
        let start = Start::read(&folder)?;
        return applications::wanted(&folder, start.clients.as_deref(), config);
    }
    let clients = clients::from_folder(&config.clients.folder)?;
    clients::ensure_sound(&clients, config.tokens.algorithms)?;
    Ok(clients)
}
