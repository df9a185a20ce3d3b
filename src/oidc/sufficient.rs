//! Whether the sign-in behind a token is strong and young enough for a resource of ours. What is demanded of a person
//! may have grown since the token was issued; the client is told what to ask for. Source: RFC 9470 §3 and §4.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::claims::PersonClaims;
use super::presented::AccessToken;
use super::provider::Oidc;
use crate::account::Account;
use crate::infra::database::WriteError;
use crate::kernel::acr::Acr;
use crate::kernel::time::Moment;

const ERROR: &str = "insufficient_user_authentication";

/// What a token's sign-in lacks: each part says what would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lacking {
    acr: Option<Acr>,
    max_age_seconds: Option<u32>,
}

impl Lacking {
    /// `None` where nothing is lacking.
    fn of(acr: Option<Acr>, max_age_seconds: Option<u32>) -> Option<Self> {
        (acr.is_some() || max_age_seconds.is_some()).then_some(Self { acr, max_age_seconds })
    }

    fn why(self) -> &'static str {
        match (self.acr, self.max_age_seconds) {
            (Some(_), None) => "a stronger proof of the person is needed",
            (None, _) => "a more recent proof of the person is needed",
            (Some(_), Some(_)) => "a stronger and more recent proof of the person is needed",
        }
    }

    fn challenge(self) -> String {
        let why = self.why();
        let acr = self.acr.map(|acr| format!(", acr_values=\"{}\"", acr.name())).unwrap_or_default();
        let age = self.max_age_seconds.map(|most| format!(", max_age=\"{most}\"")).unwrap_or_default();
        format!("Bearer realm=\"userinfo\", error=\"{ERROR}\", error_description=\"{why}\"{acr}{age}")
    }
}

impl IntoResponse for Lacking {
    fn into_response(self) -> Response {
        let body = Json(json!({ "error": ERROR, "error_description": self.why() }));
        let mut response =
            (StatusCode::UNAUTHORIZED, [(header::CACHE_CONTROL, "no-store")], body).into_response();
        if let Ok(challenge) = HeaderValue::from_str(&self.challenge()) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

impl Oidc {
    /// What the sign-in behind a person's token lacks, by what is demanded of the person and by the client's
    /// registration now.
    ///
    /// # Errors
    /// The database does not answer.
    pub(super) async fn lacking(
        &self,
        token: &AccessToken,
        account: &Account,
        now: Moment,
    ) -> Result<Option<Lacking>, WriteError> {
        let Some(person) = &token.claims.person else { return Ok(None) };
        let required = self.parts().rungs.least.max(account.required_acr);
        let told = Acr::from_name(&person.acr);
        let acr = if told >= Some(required) || self.reached(person, now).await? >= Some(required) {
            None
        } else {
            Some(required)
        };
        let client = self.parts().clients.get(&token.claims.client_id);
        let age = now.unix_seconds().saturating_sub(person.auth_time);
        let too_old = |most: &u32| age > i64::from(*most);
        Ok(Lacking::of(acr, client.and_then(|client| client.default_max_age).filter(too_old)))
    }

    /// What the session reached when the token was issued. A token may tell less, where its client demanded one of
    /// some levels; while nothing was proved since, the session knows.
    async fn reached(&self, person: &PersonClaims, now: Moment) -> Result<Option<Acr>, WriteError> {
        let found = self.parts().sessions.by_id(person.sid, now).await.map_err(WriteError::Unavailable)?;
        let session = found.and_then(Result::ok).map(|current| current.session);
        let same = session.filter(|session| session.authenticated_at.unix_seconds() == person.auth_time);
        Ok(same.map(|session| session.acr))
    }
}

#[cfg(test)]
mod tests {
    use super::{Acr, Lacking};

    #[test]
    fn the_challenge_says_what_to_ask_for_and_nothing_else() {
        let start =
            "Bearer realm=\"userinfo\", error=\"insufficient_user_authentication\", error_description=";
        let table = [
            (Some(Acr::Phr), None, "\"a stronger proof of the person is needed\", acr_values=\"phr\""),
            (None, Some(900), "\"a more recent proof of the person is needed\", max_age=\"900\""),
            (
                Some(Acr::Phrh),
                Some(0),
                "\"a stronger and more recent proof of the person is needed\", acr_values=\"phrh\", max_age=\"0\"",
            ),
        ];
        for (acr, max_age, rest) in table {
            let challenge = Lacking::of(acr, max_age).unwrap().challenge();
            assert_eq!(challenge.strip_prefix(start), Some(rest));
        }
        assert_eq!(Lacking::of(None, None), None);
    }
}
