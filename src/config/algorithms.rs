//! The signature algorithms of an installation: what it signs with and what it lets clients sign with.

use serde::de::{Deserialize, Deserializer, Error};

use crate::config::client::{AuthMethod, ClientConfig, SigningAlg};
use crate::config::client_keys::ClientKeys;

/// A choice of one or more, each once, in the order of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Algorithms([Option<SigningAlg>; SigningAlg::ALL.len()]);

/// Where a registration departs from the choice.
pub struct Departure {
    pub member: &'static str,
    pub text: String,
}

impl Algorithms {
    pub fn has(self, alg: SigningAlg) -> bool {
        self.0.contains(&Some(alg))
    }

    pub fn iter(self) -> impl Iterator<Item = SigningAlg> {
        self.0.into_iter().flatten()
    }

    /// What a registration uses beyond the choice; `None` where it keeps to it.
    pub fn departure(self, client: &ClientConfig) -> Option<Departure> {
        let named = [
            ("id_token_signed_response_alg", Some(client.id_token_signed_response_alg)),
            ("access_token_signed_response_alg", Some(client.access_token_signed_response_alg)),
            ("token_endpoint_auth_signing_alg", client.token_endpoint_auth_signing_alg),
        ];
        for (member, alg) in named {
            if let Some(alg) = alg.filter(|alg| !self.has(*alg)) {
                let text = format!("{} is not among [tokens] algorithms ({self})", alg.name());
                return Some(Departure { member, text });
            }
        }
        let method = client.token_endpoint_auth_method;
        if method != AuthMethod::PrivateKeyJwt || client.token_endpoint_auth_signing_alg.is_some() {
            return None;
        }
        let keys = client.jwks.as_ref().and_then(|set| ClientKeys::read(set).ok()).unwrap_or_default();
        let stranger = SigningAlg::ALL.into_iter().find(|alg| keys.can(*alg) && !self.has(*alg))?;
        let text = format!(
            "a key can be used with {}, which is not among [tokens] algorithms ({self}): say \
             token_endpoint_auth_signing_alg, or give the key an `alg`",
            stranger.name()
        );
        Some(Departure { member: "jwks", text })
    }
}

impl std::fmt::Display for Algorithms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.iter().map(SigningAlg::name).collect();
        f.write_str(&names.join(", "))
    }
}

impl<'de> Deserialize<'de> for Algorithms {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let list = Vec::<SigningAlg>::deserialize(from)?;
        let mut choice = [None; SigningAlg::ALL.len()];
        for (position, alg) in list.iter().enumerate() {
            match choice.get_mut(position) {
                Some(place) if !list.iter().take(position).any(|other| other == alg) => *place = Some(*alg),
                _ => return Err(D::Error::custom(format!("{} is named twice", alg.name()))),
            }
        }
        if list.is_empty() {
            return Err(D::Error::custom("must name at least one algorithm"));
        }
        Ok(Self(choice))
    }
}
