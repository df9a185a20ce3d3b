//! Which installation a command is about: the one of a configuration file, or a demo's.

use std::path::{Path, PathBuf};

use clap::Args;

use super::start::Start;
use crate::app::open::Surroundings;
use crate::app::{Failure, Opened};
use crate::config::Config;
use crate::demo::folder::{self, Folder};
use crate::kernel::entropy::Entropy;
use crate::kernel::time::Clock;

#[derive(Args)]
pub struct Place {
    /// Configuration of the installation.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder of a demo, in the place of a configuration.
    #[arg(long, global = true, value_name = "DIR", conflicts_with = "config")]
    data: Option<PathBuf>,
    /// Answer in JSON.
    #[arg(long, global = true)]
    pub json: bool,
}

/// An installation, not yet opened.
pub struct Installation {
    pub config: Config,
}

impl Place {
    pub fn find(&self) -> Result<Installation, Failure> {
        match (&self.config, &self.data) {
            (Some(file), _) => Ok(Installation { config: Config::load(file)? }),
            (None, Some(folder)) => Installation::of_demo(folder),
            (None, None) => Err(Failure::Input(
                "name the installation: --config FILE, or --data DIR for a demo".to_owned(),
            )),
        }
    }
}

impl Installation {
    fn of_demo(path: &Path) -> Result<Self, Failure> {
        if !folder::is_demo(Some(path)) {
            return Err(Failure::Input(format!("--data: {}: here is no demo", path.display())));
        }
        let path = path.canonicalize();
        let path = path.map_err(|error| Failure::Input(format!("--data: {error}")))?;
        let folder = Folder { path };
        let start = Start::read(&folder)?;
        Ok(Self { config: start.config(&folder)? })
    }

    /// Opens everything. An embedded database that is not there is not made.
    pub async fn open(&self) -> Result<Opened, Failure> {
        // A command that is about the files of clients reads them itself: the others work without.
        let around = Surroundings { clients: vec![], clock: Clock::System, entropy: Entropy::System };
        Ok(Opened::open(self.config.clone(), around).await?)
    }
}
