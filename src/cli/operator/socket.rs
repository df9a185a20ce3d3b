//! The node's end of the local socket: for the user that runs the node, and for root.

use std::fs::{File, Permissions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Semaphore, watch};

use super::execute::execute;
use super::user;
use super::wire::{self, ANSWER_SECONDS_MAX, Answer, Asked, LINE_SECONDS_MAX, REQUEST_BYTES_MAX};
use crate::app::{Failure, Opened};

const NAME: &str = "admin.sock";
/// Commands that are served at the same time.
const COMMANDS_MAX: usize = 8;

/// A short name for the socket of a folder: the operating system takes only 107 bytes for one, so the
/// folder is named by its open handle, which lives as long as this.
pub struct Address {
    pub path: PathBuf,
    _folder: File,
}

impl Address {
    pub fn of(folder: &Path) -> io::Result<Self> {
        Self::named(folder, NAME)
    }

    fn named(folder: &Path, name: &str) -> io::Result<Self> {
        let folder = File::open(folder)?;
        let path = Path::new("/proc/self/fd").join(folder.as_raw_fd().to_string()).join(name);
        Ok(Self { path, _folder: folder })
    }
}

/// A socket that listens; the lock of the folder is held by whoever makes it.
pub struct Channel {
    listener: UnixListener,
    file: PathBuf,
}

impl Channel {
    /// Makes the socket in the place of one that an earlier node left behind.
    ///
    /// # Errors
    /// The folder does not take it.
    pub fn open(folder: &Path) -> Result<Self, Failure> {
        let file = folder.join(NAME);
        Self::bind(folder, &file)
            .map_err(|error| Failure::Work(format!("{}: cannot be made: {error}", file.display())))
    }

    fn bind(folder: &Path, file: &Path) -> io::Result<Self> {
        // Closed to others before it has the name that others look for.
        let beside = Address::named(folder, "admin.sock.new")?;
        match std::fs::remove_file(&beside.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&beside.path)?;
        std::fs::set_permissions(&beside.path, Permissions::from_mode(0o600))?;
        std::fs::rename(&beside.path, file)?;
        Ok(Self { listener, file: file.to_owned() })
    }

    /// Serves until `stop` changes; commands under way are finished.
    pub async fn serve(self, opened: Opened, mut stop: watch::Receiver<bool>) {
        let room = Arc::new(Semaphore::new(COMMANDS_MAX));
        loop {
            let stream = tokio::select! {
                accepted = self.listener.accept() => accepted,
                _ = stop.changed() => break,
            };
            let Ok(permit) = Arc::clone(&room).acquire_owned().await else { break };
            match stream {
                Ok((stream, _)) => {
                    let opened = opened.clone();
                    tokio::spawn(async move {
                        serve_one(stream, &opened).await;
                        drop(permit);
                    });
                }
                Err(error) => {
                    tracing::error!(%error, "the administration socket does not accept");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
        if let Err(error) = std::fs::remove_file(&self.file) {
            tracing::debug!(%error, "the administration socket was gone already");
        }
        let all = u32::try_from(COMMANDS_MAX).unwrap_or(u32::MAX);
        let finished = tokio::time::timeout(Duration::from_secs(ANSWER_SECONDS_MAX), room.acquire_many(all));
        if finished.await.is_err() {
            tracing::warn!("a command under way was cut off at the end");
        }
    }
}

async fn serve_one(mut stream: UnixStream, opened: &Opened) {
    let answer = match peer(&stream) {
        Err(text) => Answer::Failed { text },
        Ok(user) => match wire::read::<Asked>(&mut stream, REQUEST_BYTES_MAX, LINE_SECONDS_MAX).await {
            Err(text) => Answer::Wrong { text },
            Ok(asked) => {
                let limit = Duration::from_secs(ANSWER_SECONDS_MAX);
                let work = tokio::time::timeout(limit, execute(opened, user, asked));
                work.await.unwrap_or_else(|_| Answer::Failed { text: "the node took too long".to_owned() })
            }
        },
    };
    if let Err(error) = wire::write(&mut stream, &answer).await {
        tracing::warn!(error, "the answer to a command could not be handed over");
    }
}

/// The name of the user at the other end, if that user may ask.
fn peer(stream: &UnixStream) -> Result<String, String> {
    let unknown = |error: io::Error| format!("the user at the other end is not known: {error}");
    let id = stream.peer_cred().map_err(unknown)?.uid();
    let own = user::own_id().map_err(unknown)?;
    if id == own || id == user::ROOT {
        return Ok(user::name_of(id));
    }
    tracing::warn!(uid = id, "a user was refused at the administration socket");
    Err("this socket is for the user that runs the service, and for root".to_owned())
}
