//! Whom a client says that it is asking about, by an ID token that we gave it. Source: OIDC Core §3.1.2.1.

use serde::Deserialize;

use super::addressee::Addressee;
use super::claims::ID_TOKEN;
use super::keys::Expected;
use super::provider::Oidc;
use crate::kernel::time::Moment;
use crate::web::params::Params;

#[derive(Deserialize)]
struct Hinted {
    sub: String,
}

impl Oidc {
    /// The subject of the hint. One that has run out still hints; one that is not ours, or that was given
    /// to another client, says nothing.
    pub(super) async fn hinted(&self, params: &Params, to: &Addressee, now: Moment) -> Option<String> {
        let token = params.filled("id_token_hint")?;
        let audience = Some(to.client.client_id.as_str());
        let expected = Expected { kind: ID_TOKEN, issuer: self.issuer(), audience };
        let hinted: Hinted = self.parts().keys.verify(token, &expected, now).await?;
        Some(hinted.sub)
    }
}
