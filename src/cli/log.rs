//! `cardea log …`: proving, following and writing out the security-monitoring log.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::operator::note;
use super::output;
use super::place::{Installation, Place};
use crate::app::{Failure, Opened};
use crate::event::cover::{Heads, Uncovered};
use crate::event::head::{self, HeadSigner};
use crate::event::read::Record;
use crate::event::verify::{self, Report};
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
    Verify(WhichHeads),
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

/// The heads that the log is compared with.
#[derive(Args)]
struct WhichHeads {
    /// Another copy of the heads than the one that the configuration names.
    #[arg(long, value_name = "FILE")]
    heads: Option<PathBuf>,
    /// The public key of the heads, where it was kept elsewhere.
    #[arg(long, value_name = "KEY")]
    head_key: Option<String>,
    /// Look at the chain alone: a removal at its end does not show then.
    #[arg(long, conflicts_with_all = ["heads", "head_key"])]
    without_heads: bool,
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
        LogCommand::Verify(which) => verify_all(&installation, which, place.json).await,
        LogCommand::Tail { number, follow } => {
            let opened = Box::pin(opened(&installation, "log tail")).await?;
            let last = opened.log.last_sequence().await.map_err(unread)?;
            let from = last.saturating_sub(i64::from(number));
            let until = (!follow).then_some(last);
            write_after(&opened.log, from, until, screen, follow).await
        }
        LogCommand::Export { form, from, follow } => {
            let opened = Box::pin(opened(&installation, "log export")).await?;
            write_after(&opened.log, from.saturating_sub(1), None, form, follow).await
        }
        LogCommand::Case { code } => {
            let opened = Box::pin(opened(&installation, "log case")).await?;
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
    Box::pin(note(installation, command)).await?;
    installation.open().await
}

fn unread(error: impl std::fmt::Display) -> Failure {
    Failure::Work(format!("the log cannot be read: {error}"))
}

/// Writes the records after a sequence number; up to another one where so many were asked for, as new ones come
/// all the time.
async fn write_after(
    log: &EventLog,
    after: i64,
    until: Option<i64>,
    form: Form,
    follow: bool,
) -> Result<(), Failure> {
    let mut at = after;
    loop {
        let mut records = log.read_after(at, RECORDS_PER_READ).await.map_err(unread)?;
        records.retain(|record| until.is_none_or(|until| record.sequence <= Some(until)));
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

async fn verify_all(installation: &Installation, which: WhichHeads, json: bool) -> Result<(), Failure> {
    let opened = installation.open().await?;
    let path = which.heads.clone().unwrap_or_else(|| opened.config.log.heads.clone());
    let outside = if which.without_heads { None } else { Some(outside(&opened, which, &path)?) };
    let compared = outside.is_some();
    let report = verify::verify(&opened.db, outside, opened.clock.now()).await.map_err(unread)?;
    if json {
        output::json(&json!({ "whole": report.is_proved(), "heads_compared": compared, "report": report }));
    } else {
        for fault in &report.faults {
            output::line(&fault.to_string());
        }
        let until = match &report.provable_until {
            Some(until) => format!("a removal would show up to {until}"),
            None if compared => "no head fits: a removal at the end would not show".to_owned(),
            None => "the heads were left out: a removal at the end would not show".to_owned(),
        };
        output::line(&format!("{} records, last hash {}, {until}", report.records, report.last_hash));
    }
    verdict(&report, &path)
}

/// The command's end: what is wrong, and what can be done where it is the heads alone.
fn verdict(report: &Report, heads: &Path) -> Result<(), Failure> {
    let uncovered = report.uncovered.as_ref().map(|uncovered| without_cover(uncovered, heads));
    let faults = match report.faults.len() {
        0 => return uncovered.map_or(Ok(()), |sentence| Err(Failure::Work(sentence))),
        1 => "the log is not whole: 1 fault".to_owned(),
        faults => format!("the log is not whole: {faults} faults"),
    };
    Err(Failure::Work(match uncovered {
        Some(sentence) => format!("{faults}; {sentence}"),
        None => faults,
    }))
}

fn without_cover(uncovered: &Uncovered, heads: &Path) -> String {
    let missing = matches!(uncovered, Uncovered::NoHead) && !heads.exists();
    let why = if missing { "the file of the heads is missing".to_owned() } else { uncovered.to_string() };
    format!(
        "{}: {why}, so a removal at the end of the log would not show; name a copy that was kept with --heads \
         FILE, let the service run until its next head, or look at the chain alone with --without-heads",
        heads.display()
    )
}

/// The heads to compare with; none where the file that the configuration names is missing, and that is
/// told as what it is.
fn outside(opened: &Opened, which: WhichHeads, path: &Path) -> Result<Heads, Failure> {
    let heads = match head::read(path) {
        Ok(heads) => heads,
        Err(error) if which.heads.is_none() && error.kind() == ErrorKind::NotFound => vec![],
        Err(error) => return Err(Failure::Input(format!("{}: {error}", path.display()))),
    };
    let key = match which.head_key {
        Some(key) => key,
        None => HeadSigner::new(&opened.ring)
            .map_err(|error| Failure::Work(format!("the key of the heads: {error}")))?
            .public_key(),
    };
    Ok(Heads { key, heads, every: opened.config.log.head_every })
}
