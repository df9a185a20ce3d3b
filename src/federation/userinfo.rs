//! What a provider's userinfo endpoint adds: JSON, or a token that is signed and perhaps encrypted. It speaks of
//! the very person of the ID token, or of nobody. Source: OIDC Core §5.3.2 and §5.3.4.

use axum::http::header::{ACCEPT, AUTHORIZATION};
use axum::http::{Request, StatusCode};
use serde_json::{Map, Value};

use super::calls;
use super::provider::Provider;
use super::reason::Reason;

/// Largest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 512 * 1024;

/// The answer before anything of it is believed.
pub enum Answer {
    Json(Map<String, Value>),
    Token(String),
}

/// # Errors
/// It does not answer, or not with claims.
pub async fn ask(provider: &Provider, endpoint: &str, access_token: &str) -> Result<Answer, Reason> {
    let request = Request::get(endpoint)
        .header(ACCEPT, "application/json, application/jwt")
        .header(AUTHORIZATION, format!("Bearer {access_token}"))
        .body(vec![])
        .map_err(|_| Reason::UserinfoRefused)?;
    let answer = calls::send(provider.outgoing(), request, ANSWER_BYTES_MAX).await;
    let answer = answer.map_err(|error| error.reason())?;
    if answer.status() != StatusCode::OK {
        return Err(Reason::UserinfoRefused);
    }
    let kind = calls::media_type(answer.headers());
    let text = String::from_utf8(answer.into_body()).map_err(|_| Reason::NotJson)?;
    match (kind.as_str(), serde_json::from_str(&text)) {
        ("application/jwt", _) => Ok(Answer::Token(text.trim().to_owned())),
        ("application/json", Ok(Value::Object(claims))) => Ok(Answer::Json(claims)),
        // One federal service says JSON and sends a token, as a text or bare.
        ("application/json", Ok(Value::String(token))) => Ok(Answer::Token(token)),
        ("application/json", Err(_)) if text.matches('.').count() >= 2 && !text.contains(['{', '<', ' ']) => {
            Ok(Answer::Token(text.trim().to_owned()))
        }
        _ => Err(Reason::NotJson),
    }
}

/// Whether the claims are about the person of the ID token, and for us where they say for whom.
///
/// # Errors
/// They are about somebody else.
pub fn judge(
    claims: &Map<String, Value>,
    subject: &str,
    issuer: &str,
    client_id: &str,
) -> Result<(), Reason> {
    if claims.get("sub").and_then(Value::as_str) != Some(subject) {
        return Err(Reason::UserinfoSubject);
    }
    let iss = claims.get("iss");
    if iss.is_some_and(|iss| iss.as_str() != Some(issuer)) {
        return Err(Reason::Issuer);
    }
    let ours = |aud: &Value| match aud {
        Value::String(one) => one == client_id,
        Value::Array(many) => many.iter().any(|one| one.as_str() == Some(client_id)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    };
    if claims.get("aud").is_some_and(|aud| !ours(aud)) { Err(Reason::Audience) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Reason, judge};

    #[test]
    fn what_is_added_is_about_the_same_person() {
        for (claims, outcome) in [
            (json!({ "sub": "s" }), Ok(())),
            (json!({ "sub": "s", "iss": "i", "aud": "ours" }), Ok(())),
            (json!({ "sub": "s", "aud": ["theirs", "ours"] }), Ok(())),
            (json!({}), Err(Reason::UserinfoSubject)),
            (json!({ "sub": "S" }), Err(Reason::UserinfoSubject)),
            (json!({ "sub": ["s"] }), Err(Reason::UserinfoSubject)),
            (json!({ "sub": "s", "iss": "j" }), Err(Reason::Issuer)),
            (json!({ "sub": "s", "aud": "theirs" }), Err(Reason::Audience)),
            (json!({ "sub": "s", "aud": [] }), Err(Reason::Audience)),
        ] {
            assert_eq!(judge(claims.as_object().unwrap(), "s", "i", "ours"), outcome, "{claims}");
        }
    }
}
