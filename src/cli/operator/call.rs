//! The command's end: over the socket of a node that runs, or under the lock with everything opened here.

use std::io::ErrorKind;
use std::time::Duration;

use tokio::net::UnixStream;

use super::execute::execute;
use super::lock::Lock;
use super::socket::Address;
use super::user;
use super::wire::{self, ANSWER_BYTES_MAX, ANSWER_SECONDS_MAX, Answer, Asked, Request};
use crate::app::{Failure, Opened};
use crate::cli::place::Installation;
use crate::event::copy::LogCopy;
use crate::event::head;
use crate::event::sealer;

/// How often, and with what pause, another command or a node that is starting is waited for.
const TRIES_MAX: u32 = 100;
const PAUSE: Duration = Duration::from_millis(100);

/// Has a request executed, by whoever works on the data.
///
/// # Errors
/// What the one that executed it said, or why nobody could be reached.
pub async fn call(installation: &Installation, asked: Asked) -> Result<Answer, Failure> {
    let folder = &installation.config.data.folder;
    for _ in 0..TRIES_MAX {
        if let Some(stream) = connect(installation).await? {
            return speak(stream, &asked).await.and_then(sound);
        }
        if let Some(lock) = Lock::take(folder)? {
            let answer = Box::pin(alone(installation, asked)).await;
            drop(lock);
            return answer.and_then(sound);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(Failure::Work(format!(
        "{}: another command is at work here; try again in a moment",
        folder.display()
    )))
}

/// Records that a command shows what is personal, before it does.
///
/// # Errors
/// It was not recorded: then nothing may be shown.
pub async fn note(installation: &Installation, command: &str) -> Result<(), Failure> {
    let request = Request::Note { command: command.to_owned() };
    Box::pin(call(installation, Asked { dry_run: false, request })).await.map(|_| ())
}

fn sound(answer: Answer) -> Result<Answer, Failure> {
    match answer {
        Answer::Failed { text } => Err(Failure::Work(text)),
        Answer::Wrong { text } => Err(Failure::Input(text)),
        answer @ (Answer::People { .. }
        | Answer::Person { .. }
        | Answer::Invited(_)
        | Answer::Links { .. }
        | Answer::Readiness { .. }
        | Answer::Forecast { .. }
        | Answer::Turned { .. }
        | Answer::Clients { .. }
        | Answer::Client { .. }
        | Answer::Plan { .. }
        | Answer::Done(_)) => Ok(answer),
    }
}

/// The socket of a node; `None` where none runs.
async fn connect(installation: &Installation) -> Result<Option<UnixStream>, Failure> {
    let folder = &installation.config.data.folder;
    let address = match Address::of(folder) {
        Ok(address) => address,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::Work(format!("{}: {error}", folder.display()))),
    };
    match UnixStream::connect(&address.path).await {
        Ok(stream) => Ok(Some(stream)),
        // What is left of a node that ended badly listens no more.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => Ok(None),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Err(Failure::Work(format!(
            "{}: the socket is for the user that runs the service, and for root",
            folder.display()
        ))),
        Err(error) => Err(Failure::Work(format!("{}: the node does not answer: {error}", folder.display()))),
    }
}

async fn speak(mut stream: UnixStream, asked: &Asked) -> Result<Answer, Failure> {
    let lost = |error: String| Failure::Work(format!("the node did not take the command: {error}"));
    wire::write(&mut stream, asked).await.map_err(lost)?;
    wire::read(&mut stream, ANSWER_BYTES_MAX, ANSWER_SECONDS_MAX).await.map_err(|error| {
        Failure::Work(format!("the node did not answer, look whether the command was done: {error}"))
    })
}

async fn alone(installation: &Installation, asked: Asked) -> Result<Answer, Failure> {
    let opened = installation.open().await?;
    let dry_run = asked.dry_run;
    let answer = execute(&opened, user::own_name(), asked).await;
    if !dry_run {
        settle(&opened).await;
    }
    Ok(answer)
}

/// Does what the periodic work of a node would do now: seals what was recorded, brings the copy up to
/// date and gives the head outside.
async fn settle(opened: &Opened) {
    let now = opened.clock.now();
    if let Err(error) = sealer::seal_committed(&opened.db, now).await {
        tracing::warn!(%error, "what was recorded could not be sealed; the next start of a node does it");
        return;
    }
    if let Err(error) = LogCopy::new(opened.config.log.copy.clone()).catch_up(&opened.log).await {
        tracing::warn!(%error, "the copy of the log is behind; the next start of a node brings it up to date");
    }
    if let Err(error) = head::publish(&opened.db, &opened.ring, &opened.config.log.heads, now).await {
        tracing::warn!(%error, "the head of the log could not be given outside");
    }
}
