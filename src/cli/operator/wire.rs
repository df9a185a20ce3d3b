//! What is said over the socket: one line of JSON each way, of bounded size and in bounded time.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;

use super::shown::{LinkShown, PersonDetail, PersonShown};
use super::shown_client::{ClientDetail, ClientShown};
use super::shown_forecast::ForecastBoard;
use super::shown_readiness::ReadinessBoard;
use crate::app::Failure;
use crate::config::clients::SigningAlg;
use crate::kernel::acr::Acr;
use crate::kernel::language::Language;
use crate::kernel::role::Role;
use crate::kernel::secret::Secret;
use crate::kernel::time::Moment;
use crate::oidc::{Pace, Plan, Turned};

/// Longest request line: a person's few fields.
pub const REQUEST_BYTES_MAX: u64 = 64 * 1024;
/// Longest answer line: the list of every person.
pub const ANSWER_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Longest time for a line to arrive in whole.
pub const LINE_SECONDS_MAX: u64 = 5;
/// Longest time for the answer: hashing a password, rewriting the database after an erasure.
pub const ANSWER_SECONDS_MAX: u64 = 120;

/// A request, and whether it is only to be tried.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    pub dry_run: bool,
    pub request: Request,
}

/// Everything that an operator may ask of a node. It has no `Debug`, for it may hold a password.
#[derive(Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    ListPeople {},
    ShowPerson {
        name: String,
    },
    AddPerson(Box<NewPerson>),
    EnablePerson {
        name: String,
    },
    DisablePerson {
        name: String,
    },
    /// From that moment on nothing is open; `None` takes the end away.
    EndPerson {
        name: String,
        from: Option<Moment>,
    },
    ErasePerson {
        name: String,
    },
    GrantRole {
        name: String,
        role: Role,
    },
    RevokeRole {
        name: String,
        role: Role,
    },
    SetPassword {
        name: String,
        #[serde(with = "spoken")]
        password: Secret<String>,
        must_change: bool,
    },
    ReleasePerson {
        name: String,
    },
    SignOutPerson {
        name: String,
    },
    /// A secret address by which the person sets up the own account.
    InvitePerson {
        name: String,
        hours: u32,
    },
    /// The same for an administrator who is locked out; asks no policy.
    RescuePerson {
        name: String,
        hours: u32,
    },
    /// Who the person is at other providers.
    ListLinks {
        name: String,
    },
    /// That provider does not vouch for the person any more.
    RemoveLink {
        name: String,
        provider: String,
    },
    /// Who could get back in alone; as if everyone needed a level, where one is named.
    Readiness {
        level: Option<Acr>,
    },
    /// Whose password runs out when, and who of them could not help themselves.
    Forecast {},
    RotateKeys {},
    /// Makes the next signing keys.
    TurnSigningKeys(SigningTurn),
    ListClients {},
    ShowClient {
        client_id: String,
    },
    /// What applying the files would change.
    PlanClients {},
    ApplyClients {
        /// Although no file is there.
        end_all: bool,
    },
    /// Ends whatever the client was given.
    RevokeClient {
        client_id: String,
    },
    /// Records that a reading command was run: it shows what is personal.
    Note {
        command: String,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    pub name: String,
    pub display_name: String,
    pub email: String,
    pub language: Language,
    pub roles: Vec<Role>,
    pub protected: bool,
    /// `None`: the person chooses one by an invitation.
    #[serde(with = "spoken::optional")]
    pub password: Option<Secret<String>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigningTurn {
    /// `None`: of each that clients need.
    pub algorithm: Option<SigningAlg>,
    pub pace: Pace,
    /// Although clients are bound to what is retired.
    pub force: bool,
}

/// What came of a request.
#[derive(Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    People {
        people: Vec<PersonShown>,
    },
    Person {
        person: Box<PersonDetail>,
    },
    Invited(Invited),
    Links {
        links: Vec<LinkShown>,
    },
    Readiness {
        board: Box<ReadinessBoard>,
    },
    Forecast {
        board: Box<ForecastBoard>,
    },
    Turned {
        turned: Turned,
        dry_run: bool,
    },
    Clients {
        clients: Vec<ClientShown>,
        /// Why the files cannot be read.
        files: Option<String>,
    },
    Client {
        client: Box<ClientDetail>,
    },
    Plan {
        plan: Plan,
        applied: bool,
    },
    Done(Outcome),
    /// Exit code 1.
    Failed {
        text: String,
    },
    /// Exit code 2.
    Wrong {
        text: String,
    },
}

/// An invitation, once.
#[derive(Serialize, Deserialize)]
pub struct Invited {
    pub done: String,
    #[serde(with = "spoken")]
    pub link: Secret<String>,
    pub expires_at: String,
}

/// A change in words.
#[derive(Serialize, Deserialize)]
pub struct Outcome {
    pub done: String,
    /// `false`: it was so already, or this was a dry run.
    pub changed: bool,
    pub dry_run: bool,
}

impl From<Failure> for Answer {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Work(text) => Self::Failed { text },
            Failure::Input(text) => Self::Wrong { text },
        }
    }
}

/// A secret on its way to the node over the local socket: the one place where one is written out.
mod spoken {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::kernel::secret::Secret;

    pub fn serialize<S: Serializer>(secret: &Secret<String>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(secret.expose())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Secret<String>, D::Error> {
        String::deserialize(from).map(Secret::new)
    }

    /// One that may be missing.
    pub mod optional {
        use serde::{Deserialize, Deserializer, Serializer};

        use crate::kernel::secret::Secret;

        #[expect(clippy::ref_option, reason = "serde hands over references")]
        pub fn serialize<S: Serializer>(
            secret: &Option<Secret<String>>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            match secret {
                Some(secret) => serializer.serialize_some(secret.expose()),
                None => serializer.serialize_none(),
            }
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Secret<String>>, D::Error> {
            Ok(Option::<String>::deserialize(from)?.map(Secret::new))
        }
    }
}

/// Why a line did not come or go; the words are for the other end.
pub type Unspoken = String;

/// Reads one line of JSON.
pub async fn read<T: DeserializeOwned>(
    stream: &mut UnixStream,
    bytes_max: u64,
    seconds_max: u64,
) -> Result<T, Unspoken> {
    let mut line = zeroize::Zeroizing::new(Vec::new());
    let mut reader = BufReader::new(stream.take(bytes_max));
    let reading = reader.read_until(b'\n', &mut line);
    match tokio::time::timeout(Duration::from_secs(seconds_max), reading).await {
        Err(_) => return Err(format!("no whole line came within {seconds_max} s")),
        Ok(Err(error)) => return Err(error.to_string()),
        Ok(Ok(_)) => {}
    }
    if line.last() != Some(&b'\n') {
        return Err(format!("the line was cut off, or is longer than {bytes_max} bytes"));
    }
    // The message of the library may repeat a value: it is replaced.
    serde_json::from_slice(&line)
        .map_err(|error| format!("the line is not of this program's form (column {})", error.column()))
}

/// Writes one line of JSON.
pub async fn write(stream: &mut UnixStream, value: &impl Serialize) -> Result<(), Unspoken> {
    let line = serde_json::to_vec(value).map_err(|error| error.to_string())?;
    let mut line = zeroize::Zeroizing::new(line);
    line.push(b'\n');
    let limit = Duration::from_secs(LINE_SECONDS_MAX);
    match tokio::time::timeout(limit, stream.write_all(&line)).await {
        Err(_) => Err("the other end does not read".to_owned()),
        Ok(outcome) => outcome.map_err(|error| error.to_string()),
    }
}
