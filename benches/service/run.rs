//! The run: everything is started, every case has its turns, what was seen is told.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use serde_json::json;

use crate::node::Folder;
use crate::proofs::Proofs;
use crate::report;
use crate::seen::Seen;
use crate::stage::Stage;
use crate::{Failure, Options, disk, machine, resting};

/// How long the disk is looked at, each way.
const DISK_SPAN: Duration = Duration::from_secs(2);

/// How long each kind of second proof is checked over and over.
const PROOFS_SPAN: Duration = Duration::from_secs(2);

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    SignIns,
    Credentials,
    Refresh,
    Discovery,
    Jwks,
    Memory,
    Loaded,
    Start,
    Proofs,
}

impl Case {
    /// As `--only` and the JSON call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignIns => "sign_ins",
            Self::Credentials => "client_credentials",
            Self::Refresh => "refresh",
            Self::Discovery => "discovery",
            Self::Jwks => "jwks",
            Self::Memory => "memory",
            Self::Loaded => "memory_loaded",
            Self::Start => "start",
            Self::Proofs => "proofs",
        }
    }

    pub const fn title(self) -> &'static str {
        match self {
            Self::SignIns => "password sign-ins: Argon2's part of the processor time",
            Self::Credentials => "client_credentials, ES256",
            Self::Refresh => "refresh",
            Self::Discovery => "discovery",
            Self::Jwks => "JWKS",
            Self::Memory => "memory 10 s after ready",
            Self::Loaded => "memory at full sign-in load",
            Self::Start => "start to ready on existing data, median",
            Self::Proofs => "one assertion of a passkey and one code of an app",
        }
    }
}

impl Options {
    pub fn wants(&self, case: Case) -> bool {
        case.name().contains(&self.only)
    }
}

/// Says what is going on, on standard error.
pub fn say(what: &str) {
    eprintln!("== {what}");
}

#[tokio::main]
pub async fn run(options: &Options) -> Result<ExitCode, Failure> {
    let machine = machine::description();
    let folder = Folder::new()?;
    let mut seen = Seen::default();
    say("the disk");
    let place = folder.file("");
    seen.lines_per_second = disk::lines_per_second(&place, DISK_SPAN)?;
    seen.commits_per_second = disk::commits_per_second(&place, DISK_SPAN).await?;
    if options.wants(Case::Memory) || options.wants(Case::Start) {
        say("start and memory");
        seen.resting = Some(resting::measure(&options.program, &folder).await?);
    }
    if options.wants(Case::Proofs) {
        say("second proofs");
        seen.proofs = Some(Proofs::measure(PROOFS_SPAN)?);
    }
    let mut stage = Stage::set(options, &folder).await?;
    if options.wants(Case::SignIns) || options.wants(Case::Loaded) {
        say("sign-ins");
        for _ in 0..options.rounds {
            stage.sign_ins(&mut seen).await?;
        }
    }
    for round in 1..=options.rounds {
        say(&format!("round {round} of {}", options.rounds));
        stage.round(options, &mut seen).await?;
    }
    seen.left_mib = stage.resident_mib()?;
    let rows = seen.rows(&stage.cost, |case| stage.why_not(case));
    stage.end().await?;
    let told = json!({ "machine": machine, "disk": seen.disk(), "errors": seen.errors(), "rows": rows });
    std::fs::write(&options.json, format!("{told:#}\n"))
        .map_err(|error| format!("{}: {error}", options.json.display()))?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{}\nThis disk: {:.0} synced lines a second, {:.0} SQLite commits a second. Errors: {}. All figures: {}",
        report::table(&rows),
        seen.lines_per_second,
        seen.commits_per_second,
        seen.errors(),
        options.json.display(),
    )?;
    // A target that is missed is a finding; an answer that is none makes the figures worthless.
    Ok(if seen.errors() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
