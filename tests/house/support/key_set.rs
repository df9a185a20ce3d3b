//! The published key set, as an application reads it that knows nothing else of us.

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Header, Validation};
use serde_json::Value;

/// A copy of the key set.
pub struct KeySetCopy(JwkSet);

impl KeySetCopy {
    pub fn read(body: &str) -> Self {
        Self(serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}")))
    }

    pub fn kids(&self) -> Vec<String> {
        self.0.keys.iter().map(|key| key.common.key_id.clone().unwrap()).collect()
    }

    pub fn has(&self, kid: &str) -> bool {
        self.0.find(kid).is_some()
    }

    /// The claims of a token that a published key signed with the algorithm which the key set names for it;
    /// whom it is for and whether it has run out is not looked at.
    pub fn claims(&self, token: &str) -> Option<Value> {
        let key = self.0.find(&header(token).kid?)?;
        let algorithm = key.common.key_algorithm?.to_string().parse().unwrap();
        let mut validation = Validation::new(algorithm);
        validation.validate_exp = false;
        validation.validate_aud = false;
        let decoding = DecodingKey::from_jwk(key).unwrap();
        jsonwebtoken::decode(token, &decoding, &validation).ok().map(|token| token.claims)
    }
}

pub fn header(token: &str) -> Header {
    jsonwebtoken::decode_header(token).unwrap()
}

pub fn kid(token: &str) -> String {
    header(token).kid.unwrap()
}
