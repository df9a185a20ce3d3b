//! What an operator is shown of clients: never a secret, nor its digest.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::config::clients::{AuthMethod, ClientConfig, GrantType, Members, SECRETS};
use crate::kernel::language::Language;
use crate::kernel::time::Moment;
use crate::oidc::MemberChange;

/// How the register and the files stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientState {
    /// As its file says.
    Registered,
    /// Its file says something else.
    Differs,
    /// It has no file any more.
    NoFile,
    /// Only a file knows it so far.
    NotApplied,
    /// The files cannot be read.
    Unknown,
}

impl ClientState {
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Differs => "registered; the file differs",
            Self::NoFile => "registered; has no file",
            Self::NotApplied => "not applied",
            Self::Unknown => "registered; the files cannot be read",
        }
    }
}

/// A line of the list.
#[derive(Serialize, Deserialize)]
pub struct ClientShown {
    pub client_id: String,
    pub client_name: String,
    pub token_endpoint_auth_method: AuthMethod,
    pub grant_types: Vec<GrantType>,
    pub state: ClientState,
    /// Two secrets count until then.
    pub two_secrets_until: Option<String>,
}

impl ClientShown {
    pub fn of(client: &ClientConfig, state: ClientState, now: Moment) -> Self {
        let previous = client.previous_secret.as_ref().filter(|previous| now < previous.until);
        Self {
            client_id: client.client_id.clone(),
            client_name: client.client_name.get(Language::En).to_owned(),
            token_endpoint_auth_method: client.token_endpoint_auth_method,
            grant_types: client.grant_types.clone(),
            state,
            two_secrets_until: previous.map(|previous| previous.until.iso()),
        }
    }
}

/// Everything about one client.
#[derive(Serialize, Deserialize)]
pub struct ClientDetail {
    /// By their names in a registration.
    #[serde(flatten)]
    pub members: Members,
    pub has_secret: bool,
    pub state: ClientState,
    pub two_secrets_until: Option<String>,
    /// In what its file differs.
    pub changes: Vec<MemberChange>,
}

impl ClientDetail {
    pub fn of(shown: ClientShown, client: &ClientConfig, changes: Vec<MemberChange>) -> Self {
        let is_open = |(name, _): &(String, Value)| !SECRETS.contains(&name.as_str());
        Self {
            members: client.members().into_iter().filter(is_open).collect(),
            has_secret: client.secret_digest.is_some(),
            state: shown.state,
            two_secrets_until: shown.two_secrets_until,
            changes,
        }
    }
}
