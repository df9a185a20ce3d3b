//! `make bench`: what every claim of speed rests on.
//!
//! The program is started as its user starts it, on a folder of its own on a real disk, durable, with every
//! limit on; nothing of it exists for this measurement alone. Beside it runs a bare axum server that does
//! the least that could be meant by the same work. Both are asked in turns within one run, so that a machine
//! that is busy for a while is busy for both, and both are measured by the processor time that the operating
//! system charged their process for: wall time says what one person waits, processor time what a machine can
//! serve.

mod argon;
mod bare;
mod browser;
mod client;
mod disk;
mod documents;
mod load;
mod machine;
mod node;
mod people;
mod proofs;
mod report;
mod resting;
mod run;
mod seen;
mod sign_ins;
mod stage;
mod tokens;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What goes wrong ends the run with its sentence.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
#[command(about = "Measures the service against bare axum servers in one run")]
pub struct Options {
    /// The program to measure.
    #[arg(long, value_name = "FILE", default_value = env!("CARGO_BIN_EXE_cardea"))]
    pub program: PathBuf,
    /// Where the figures go, as JSON.
    #[arg(long, value_name = "FILE", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/target/bench.json"))]
    pub json: PathBuf,
    /// Turns that each case has.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=20))]
    pub rounds: u8,
    /// Seconds of one turn.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=60))]
    pub seconds: u8,
    /// Only cases whose name contains this: `sign_ins`, `client_credentials`, `refresh`, `discovery`, `jwks`,
    /// `memory`, `start`, `proofs`.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub only: String,
    /// Cargo says that this is a benchmark; we know.
    #[arg(long, hide = true)]
    bench: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// The bare server; started by the measurement itself.
    #[command(hide = true)]
    Bare { plan: PathBuf },
}

fn main() -> ExitCode {
    let options = Options::parse();
    let ended = match &options.command {
        Some(Command::Bare { plan }) => bare::serve(plan),
        None => run::run(&options),
    };
    match ended {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("bench: {failure}");
            ExitCode::FAILURE
        }
    }
}
