//! What `cardea demo` is made of: a folder of its own, people and applications that are named after what
//! they are for, and a sheet that describes them to tools.

pub mod applications;
pub mod folder;
pub mod people;
pub mod sheet;

use crate::app::Failure;
use crate::config::Config;
use crate::config::clients::ClientConfig;

/// Production refuses what the demo made: its folder and the secrets of its applications.
///
/// # Errors
/// Something of the demo is in the configuration.
pub fn refuse_in_production(config: &Config, clients: &[ClientConfig]) -> Result<(), Failure> {
    if folder::is_demo(config.keys.ring.parent()) || folder::is_demo(Some(&config.data.folder)) {
        return Err(Failure::Input(
            "[keys] ring: these keys were made by the demo; make others with `cardea keys init`".to_owned(),
        ));
    }
    if let Some(client) = clients.iter().find(|client| applications::has_demo_secret(client)) {
        let file = client.file.display();
        return Err(Failure::Input(format!(
            "{file}: client_secret: the secret of {} is the demo's; give it one of its own",
            client.client_id
        )));
    }
    Ok(())
}
