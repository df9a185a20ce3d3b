//! `cardea log …`: proving, following and writing out the security-monitoring log.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::operator::note;
use super::output;
use super::place::{Installation, Place};
use crate::app::{Failure, Opened};
use crate::event::head::{self, HeadSigner};
use crate::event::read::Record;
use crate::event::verify::{self, Heads};
use crate::event::{CaseCode, EventLog};

const RECORDS_PER_READ: u64 = 500;
/// How often new records are looked for.
const FOLLOW_EVERY: Duration = Duration::from_millis(250);
/// Every field of a line of the recorded sign-in stream; what is not known is null.
const STREAM_FIELDS: [&str; 24] = [
    "index",
    "ts",
    "type",
    "user",
    "ip",
    "asn",
    "asn_org",
    "country",
    "region",
    "city",
    "lat",
    "lon",
    "user_agent",
    "os",
    "browser",
    "device_type",
    "lang",
    "rtt_ms",
    "session",
    "device_cookie",
    "app",
    "mfa_method",
    "attempt",
    "on_threat_list",
];

#[derive(Args)]
pub struct LogCommands {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: LogCommand,
}

#[derive(Subcommand)]
enum LogCommand {
    /// Prove that nothing was changed, removed, inserted or left out; a line per fault.
    Verify {
        /// Another copy of the heads than the one that the configuration names.
        #[arg(long, value_name = "FILE")]
        heads: Option<PathBuf>,
        /// The public key of the heads, where it was kept elsewhere.
        #[arg(long, value_name = "KEY")]
        head_key: Option<String>,
    },
    /// The newest records, a short line each.
    Tail {
        /// How many.
        #[arg(short, long, default_value_t = 20)]
        number: u32,
        /// Go on with what is recorded from now on.
        #[arg(long)]
        follow: bool,
    },
    /// Every record as a line of JSON.
    Export {
        /// OCSF objects, or the lines that `cardea replay` reads.
        #[arg(long = "as", value_enum, default_value = "ocsf")]
        form: Form,
        /// The first sequence number.
        #[arg(long, value_name = "SEQ", default_value_t = 1)]
        from: i64,
        /// Go on with what is recorded from now on.
        #[arg(long)]
        follow: bool,
    },
    /// What a case code points at.
    Case { code: CaseCode },
}

/// How a record is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Ocsf,
    Replay,
    /// For reading on a screen.
    #[value(skip)]
    Short,
}

pub async fn run(commands: LogCommands) -> Result<(), Failure> {
    let LogCommands { place, command } = commands;
    let installation = place.find()?;
    let screen = if place.json { Form::Ocsf } else { Form::Short };
    match command {
        LogCommand::Verify { heads, head_key } => {
            verify_all(&installation, heads, head_key, place.json).await
        }
        LogCommand::Tail { number, follow } => {
            let opened = opened(&installation, "log tail").await?;
            let last = opened.log.last_sequence().await.map_err(unread)?;
            let from = last.saturating_sub(i64::from(number));
            write_after(&opened.log, from, screen, follow).await
        }
        LogCommand::Export { form, from, follow } => {
            let opened = opened(&installation, "log export").await?;
            write_after(&opened.log, from.saturating_sub(1), form, follow).await
        }
        LogCommand::Case { code } => {
            let opened = opened(&installation, "log case").await?;
            let records = opened.log.of_case_code(&code).await.map_err(unread)?;
            if records.is_empty() {
                return Err(Failure::Work(format!("nothing is recorded under {code}")));
            }
            output::block(&lines(&records, screen));
            Ok(())
        }
    }
}

/// Opens the log for reading what is personal; that it is read is recorded first.
async fn opened(installation: &Installation, command: &str) -> Result<Opened, Failure> {
    note(installation, command).await?;
    installation.open().await
}

fn unread(error: impl std::fmt::Display) -> Failure {
    Failure::Work(format!("the log cannot be read: {error}"))
}

async fn write_after(log: &EventLog, after: i64, form: Form, follow: bool) -> Result<(), Failure> {
    let mut at = after;
    loop {
        let records = log.read_after(at, RECORDS_PER_READ).await.map_err(unread)?;
        match records.last().and_then(|record| record.sequence) {
            Some(last) => at = last,
            None if follow => tokio::time::sleep(FOLLOW_EVERY).await,
            None => return Ok(()),
        }
        // Whoever reads may have enough.
        if !output::block(&lines(&records, form)) {
            return Ok(());
        }
    }
}

fn lines(records: &[Record], form: Form) -> String {
    let line = |record: &Record| match form {
        Form::Ocsf => Some(record.ocsf().to_string()),
        Form::Replay => record.stream().map(|line| whole(&line).to_string()),
        Form::Short => Some(short(record)),
    };
    records.iter().filter_map(line).flat_map(|line| [line, "\n".to_owned()]).collect()
}

/// The line with exactly the fields of the stream.
fn whole(line: &Value) -> Value {
    let field = |name: &str| (name.to_owned(), line.get(name).cloned().unwrap_or(Value::Null));
    Value::Object(STREAM_FIELDS.into_iter().map(field).collect())
}

fn short(record: &Record) -> String {
    let personal = record.personal.as_ref();
    let who = personal.and_then(|personal| personal.user.clone());
    let who = who.or_else(|| record.subject.map(|id| id.to_string())).unwrap_or_else(|| "-".to_owned());
    let from = personal.and_then(|personal| personal.ip.clone()).unwrap_or_else(|| "-".to_owned());
    let success = record.plain.get("success").and_then(Value::as_bool).unwrap_or(false);
    let mut text = format!(
        "{} {:>6} {} {} {who} {from} by {}",
        record.at.iso(),
        record.sequence.map_or_else(|| "-".to_owned(), |sequence| sequence.to_string()),
        if success { "ok  " } else { "FAIL" },
        record.text("what").unwrap_or("-"),
        record.text("actor").unwrap_or("-"),
    );
    for (name, value) in [("reason", record.text("reason")), ("case", record.text("case_code"))] {
        if let Some(value) = value {
            text = format!("{text} {name}={value}");
        }
    }
    text
}

async fn verify_all(
    installation: &Installation,
    heads: Option<PathBuf>,
    head_key: Option<String>,
    json: bool,
) -> Result<(), Failure> {
    let opened = installation.open().await?;
    let outside = outside(&opened, heads, head_key)?;
    let compared = outside.is_some();
    let report = verify::verify(&opened.db, outside, opened.clock.now()).await.map_err(unread)?;
    if json {
        output::json(
            &json!({ "whole": report.faults.is_empty(), "heads_compared": compared, "report": report }),
        );
    } else {
        for fault in &report.faults {
            output::line(&fault.to_string());
        }
        let until = match &report.provable_until {
            Some(until) => format!("a removal would show up to {until}"),
            None if compared => "no head fits: a removal at the end would not show".to_owned(),
            None => "there are no heads to compare with: a removal at the end would not show".to_owned(),
        };
        output::line(&format!("{} records, last hash {}, {until}", report.records, report.last_hash));
    }
    match report.faults.len() {
        0 => Ok(()),
        1 => Err(Failure::Work("the log is not whole: 1 fault".to_owned())),
        faults => Err(Failure::Work(format!("the log is not whole: {faults} faults"))),
    }
}

/// The heads to compare with; none where no node has given one outside yet.
fn outside(opened: &Opened, heads: Option<PathBuf>, key: Option<String>) -> Result<Option<Heads>, Failure> {
    let given = heads.is_some();
    let path = heads.unwrap_or_else(|| opened.config.log.heads.clone());
    let heads = match head::read(&path) {
        Ok(heads) => heads,
        Err(error) if !given && error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::Input(format!("{}: {error}", path.display()))),
    };
    let own = || HeadSigner::new(&opened.ring).map(|signer| signer.public_key());
    let key =
        key.or_else(own).ok_or_else(|| Failure::Work("the key of the heads cannot be derived".to_owned()))?;
    Ok(Some(Heads { key, heads }))
}
