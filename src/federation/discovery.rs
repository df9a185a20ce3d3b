//! What a provider says of itself. Source: OIDC Discovery §4, RFC 9126 §5, RFC 9207 §3.

use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType,
    CoreSubjectIdentifierType,
};
use openidconnect::{AdditionalProviderMetadata, ProviderMetadata};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::calls;
use super::key_set::{KEY_SET_BYTES_MAX, KeySet};
use super::reason::Reason;
use crate::infra::outgoing::Outgoing;

/// Largest discovery document that is read, in bytes.
const DOCUMENT_BYTES_MAX: usize = 64 * 1024;

/// Members of the document that the crate does not know.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct More {
    pub pushed_authorization_request_endpoint: Option<String>,
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for More {}

pub type Metadata = ProviderMetadata<
    More,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// What is known of a provider: its addresses and its keys.
pub struct Known {
    pub metadata: Metadata,
    pub keys: KeySet,
}

/// Asks a provider for all that it says of itself.
///
/// # Errors
/// It does not answer, or the document is not that of this issuer.
pub async fn discover(outgoing: &Outgoing, issuer: &str) -> Result<Known, Reason> {
    let document = calls::document(outgoing, &address(issuer), DOCUMENT_BYTES_MAX).await;
    let metadata = read(document.map_err(|error| error.reason())?, issuer)?;
    let keys = key_set(outgoing, &metadata).await?;
    Ok(Known { metadata, keys })
}

/// Asks for the keys again.
///
/// # Errors
/// They do not come, or there is none that can be used.
pub async fn key_set(outgoing: &Outgoing, metadata: &Metadata) -> Result<KeySet, Reason> {
    let set = calls::document(outgoing, metadata.jwks_uri().as_str(), KEY_SET_BYTES_MAX).await;
    let keys = KeySet::parse(&set.map_err(|error| error.reason())?).ok_or(Reason::NotJson)?;
    if keys.is_empty() { Err(Reason::DiscoveryIncomplete) } else { Ok(keys) }
}

/// The well-known part goes behind the issuer's whole path. Source: OIDC Discovery §4.1.
fn address(issuer: &str) -> String {
    format!("{}/.well-known/openid-configuration", issuer.strip_suffix('/').unwrap_or(issuer))
}

/// The issuer is compared as it is written: no slash more or less, no other case. Source: OIDC Discovery §4.3.
fn read(document: Value, issuer: &str) -> Result<Metadata, Reason> {
    if document.get("issuer").and_then(Value::as_str) != Some(issuer) {
        return Err(Reason::DiscoveryIssuer);
    }
    let metadata: Metadata = serde_json::from_value(document).map_err(|error| {
        tracing::warn!(issuer, %error, "a provider's discovery document lacks something");
        Reason::DiscoveryIncomplete
    })?;
    // The browser is sent there: to an address of the web, and by TLS where the issuer itself has it.
    let scheme = metadata.authorization_endpoint().url().scheme();
    let sound = scheme == "https" || (scheme == "http" && issuer.starts_with("http:"));
    if sound && metadata.token_endpoint().is_some() { Ok(metadata) } else { Err(Reason::DiscoveryIncomplete) }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Reason, address, read};

    fn document() -> Value {
        json!({
            "issuer": "https://idp.example.be/fas/oauth2",
            "authorization_endpoint": "https://idp.example.be/fas/oauth2/authorize",
            "token_endpoint": "https://idp.example.be/fas/oauth2/access_token",
            "jwks_uri": "https://idp.example.be/fas/oauth2/connect/jwk_uri",
            "response_types_supported": ["code", "code token id_token", "something new"],
            "subject_types_supported": ["public", "pairwise"],
            "id_token_signing_alg_values_supported": ["RS256", "XS1"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt", "something new"],
            "acr_values_supported": [], "claims_supported": ["egovNRN"],
            "authorization_response_iss_parameter_supported": true,
        })
    }

    #[test]
    fn the_document_stands_behind_the_whole_issuer() {
        let at = "https://idp.example.be/fas/oauth2/.well-known/openid-configuration";
        assert_eq!(address("https://idp.example.be/fas/oauth2"), at);
        assert_eq!(address("https://idp.example.be/fas/oauth2/"), at);
    }

    #[test]
    fn a_document_is_of_its_issuer_to_the_letter_and_whole() {
        let issuer = "https://idp.example.be/fas/oauth2";
        let read_it = read(document(), issuer).unwrap();
        assert!(read_it.additional_metadata().authorization_response_iss_parameter_supported);
        for other in [
            "https://idp.example.be/fas/oauth2/",
            "https://idp.example.be",
            "https://IDP.example.be/fas/oauth2",
            "http://idp.example.be/fas/oauth2",
        ] {
            assert_eq!(read(document(), other).err(), Some(Reason::DiscoveryIssuer), "{other}");
        }
        for member in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
            let mut lacking = document();
            lacking.as_object_mut().unwrap().remove(member);
            assert_eq!(read(lacking, issuer).err(), Some(Reason::DiscoveryIncomplete), "{member}");
        }
        for elsewhere in
            ["http://idp.example.be/a", "javascript:alert(1)", "data:text/html,x", "/authorize", ""]
        {
            let mut astray = document();
            astray["authorization_endpoint"] = elsewhere.into();
            assert_eq!(read(astray, issuer).err(), Some(Reason::DiscoveryIncomplete), "{elsewhere}");
        }
        assert_eq!(read(json!([]), issuer).err(), Some(Reason::DiscoveryIssuer));
    }
}
