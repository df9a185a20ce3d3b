//! The command line. Exit codes: 0 done, 1 failed while working, 2 the input or configuration is wrong.
//! Errors are sentences on standard error.

mod check;
mod client;
mod demo;
mod invitation;
mod keys;
mod log;
mod operator;
mod output;
mod people;
mod place;
mod policy;
mod readiness;
mod running;
mod start;
mod wanted;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::client::ClientCommands;
use self::demo::DemoOptions;
use self::keys::KeyCommands;
use self::log::LogCommands;
use self::people::PeopleCommands;
use self::policy::PolicyCommands;
use crate::app::Failure;

#[derive(Parser)]
#[command(
    name = "cardea",
    version,
    about = "Identity and remote-access security for a department that works from home"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run a whole working service with demo people and applications, in one process.
    Demo(DemoOptions),
    /// Run the service.
    Serve {
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Check configuration, policies, keys and what they name; one line per finding.
    Check {
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Bring the database to this version, while no node runs on the data folder.
    Migrate {
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Prove, follow and write out the security-monitoring log.
    Log(LogCommands),
    /// Look after people.
    People(PeopleCommands),
    /// Look after the registered applications.
    Client(ClientCommands),
    /// Look after the keys.
    Keys(KeyCommands),
    /// Look at what the policies say.
    Policy(PolicyCommands),
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    // Argument errors end with 2 and help with 0, as clap has it.
    let arguments = Arguments::parse();
    output::start_tracing();
    // Chosen once for the process: a second provider in the tree would otherwise panic at a handshake.
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        tracing::debug!("the cryptography was chosen before");
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Failure::Work(format!("the runtime cannot start: {error}")).report(),
    };
    match runtime.block_on(dispatch(arguments.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

async fn dispatch(command: Command) -> Result<(), Failure> {
    match command {
        Command::Demo(options) => Box::pin(demo::run(options)).await,
        Command::Serve { config } => Box::pin(running::run(&config)).await,
        Command::Check { config } => Box::pin(check::run(&config)).await,
        Command::Migrate { config } => running::migrate(&config).await,
        Command::Log(commands) => Box::pin(log::run(commands)).await,
        Command::People(commands) => Box::pin(people::run(commands)).await,
        Command::Client(commands) => Box::pin(client::run(commands)).await,
        Command::Keys(commands) => Box::pin(keys::run(commands)).await,
        Command::Policy(commands) => Box::pin(policy::run(commands)).await,
    }
}
