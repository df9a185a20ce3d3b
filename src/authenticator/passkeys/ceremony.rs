//! The ceremonies as the library does them, with our own settings: no I/O, no clock. What it refuses is turned into
//! a reason of ours.

use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;
use webauthn_rs::prelude::{
    AttestationMetadata, AuthenticationResult, Credential, CredentialID, DiscoverableAuthentication,
    PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, SecurityKey,
    SecurityKeyAuthentication, SecurityKeyRegistration, Url, Webauthn, WebauthnBuilder, WebauthnError,
};

use super::answer;
use super::model::KeyKind;
use super::models::Models;
use crate::event::model::KeyRefusal;
use crate::kernel::digest::sha256;
use crate::kernel::proof::KeyStorage;

/// Why a ceremony cannot even be begun.
#[derive(Debug, thiserror::Error)]
pub enum CeremonyError {
    #[error("the issuer has no host name that passkeys can be bound to")]
    Issuer,
    #[error("a ceremony could not be written down or read again")]
    State,
    #[error("the library does not begin the ceremony: {0}")]
    Library(#[from] WebauthnError),
}

/// What is kept between the question and the answer.
#[derive(Clone, Debug, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Anyone(DiscoverableAuthentication),
    Owner(SecurityKeyAuthentication),
    NewPasskey(PasskeyRegistration),
    NewSecurityKey(SecurityKeyRegistration),
}

/// Who a credential is made for, as the authenticator shows it.
pub struct Owner<'a> {
    pub handle: Uuid,
    pub login: &'a str,
    pub display_name: &'a str,
}

/// A credential that was made, as the library checked it.
pub struct Made {
    pub credential: Credential,
    pub kind: KeyKind,
    pub storage: KeyStorage,
    /// AAGUID; nil where it is not told.
    pub model: Uuid,
}

pub struct Ceremony {
    /// None where the issuer is a bare address: browsers bind passkeys to names alone.
    webauthn: Option<Webauthn>,
    /// Exactly these, byte for byte.
    origins: Vec<String>,
    rp_id_digest: [u8; 32],
    models: Models,
}

impl Ceremony {
    /// For the host of the issuer. Every credential is bound to its name.
    ///
    /// # Errors
    /// The issuer has no name that browsers take.
    pub fn new(issuer: &str, house: &str, models: Models) -> Result<Self, CeremonyError> {
        let url = Url::parse(issuer).map_err(|_| CeremonyError::Issuer)?;
        let rp_id = url.domain().unwrap_or_default();
        let webauthn = if rp_id.is_empty() {
            tracing::warn!(issuer, "the issuer has no host name, so there are no passkeys");
            None
        } else {
            Some(WebauthnBuilder::new(rp_id, &url)?.rp_name(house).build()?)
        };
        Ok(Self {
            webauthn,
            origins: vec![issuer.to_owned()],
            rp_id_digest: sha256(rp_id.as_bytes()),
            models,
        })
    }

    fn webauthn(&self) -> Result<&Webauthn, CeremonyError> {
        self.webauthn.as_ref().ok_or(CeremonyError::Issuer)
    }

    pub fn knows_hardware(&self) -> bool {
        !self.models.is_empty()
    }

    /// A question to whoever has a passkey here. It names no credential, so that nobody learns from it.
    ///
    /// # Errors
    /// The library does not begin it.
    pub fn ask_anyone(&self) -> Result<(Value, State), CeremonyError> {
        let (question, state) = self.webauthn()?.start_discoverable_authentication()?;
        // Whether the browser offers it in the field or asks at once is the page's matter.
        Ok((options(&question)?, State::Anyone(state)))
    }

    /// A question to the owner of these credentials, who has proved something else already.
    ///
    /// # Errors
    /// The library does not begin it.
    pub fn ask_owner(&self, credentials: Vec<Credential>) -> Result<(Value, State), CeremonyError> {
        let keys: Vec<SecurityKey> = credentials.into_iter().map(SecurityKey::from).collect();
        let (mut question, state) = self.webauthn()?.start_securitykey_authentication(&keys)?;
        // Passkeys are among them, so no kind of device is put first.
        question.public_key.hints = None;
        Ok((options(&question)?, State::Owner(state)))
    }

    /// The making of a credential.
    ///
    /// # Errors
    /// The library does not begin it.
    pub fn offer(
        &self,
        kind: KeyKind,
        owner: &Owner<'_>,
        bound: Vec<CredentialID>,
    ) -> Result<(Value, State), CeremonyError> {
        let (handle, login, shown) = (owner.handle, owner.login, owner.display_name);
        let (mut options, state) = match kind {
            KeyKind::Passkey => {
                let begun = self.webauthn()?.start_passkey_registration(handle, login, shown, Some(bound))?;
                (options(&begun.0)?, State::NewPasskey(begun.1))
            }
            KeyKind::SecurityKey => {
                let begun = self.webauthn()?.start_securitykey_registration(
                    handle,
                    login,
                    shown,
                    Some(bound),
                    None,
                    None,
                )?;
                (options(&begun.0)?, State::NewSecurityKey(begun.1))
            }
        };
        match kind {
            KeyKind::Passkey => {
                // The library does not ask for it, and without it nobody can sign in without a name.
                set(&mut options, "/authenticatorSelection/residentKey", json!("required"));
                set(&mut options, "/authenticatorSelection/requireResidentKey", json!(true));
            }
            // A key without PIN that is told to demand one could never be used again.
            KeyKind::SecurityKey => set(&mut options, "/extensions", json!({})),
        }
        if !self.models.is_empty() {
            set(&mut options, "/attestation", json!("direct"));
        }
        Ok((options, state))
    }

    /// Our own checks of an answer to a question.
    ///
    /// # Errors
    /// The reason that it is refused for.
    pub fn read_assertion(&self, text: &str) -> Result<PublicKeyCredential, KeyRefusal> {
        answer::assertion(text, &self.origins)
    }

    /// The library's checks; `credential` is what the database holds of the one that was used.
    ///
    /// # Errors
    /// The reason that it is refused for.
    pub fn verify(
        &self,
        answer: &PublicKeyCredential,
        state: State,
        credential: Credential,
    ) -> Result<AuthenticationResult, KeyRefusal> {
        let webauthn = self.webauthn().map_err(|_| KeyRefusal::WrongChallenge)?;
        match state {
            State::Anyone(state) => webauthn.finish_discoverable_authentication_v2(answer, state, credential),
            State::Owner(state) => webauthn.finish_securitykey_authentication(answer, &state),
            State::NewPasskey(_) | State::NewSecurityKey(_) => return Err(KeyRefusal::WrongChallenge),
        }
        .map_err(|error| reason(&error))
    }

    /// Checks a credential that was made, ours first and then the library's.
    ///
    /// # Errors
    /// The reason that it is refused for.
    pub fn verify_made(&self, text: &str, state: &State) -> Result<(Made, Vec<String>), KeyRefusal> {
        let answer = answer::registration(text, &self.origins)?;
        let webauthn = self.webauthn().map_err(|_| KeyRefusal::WrongChallenge)?;
        let (credential, kind) = match state {
            State::NewPasskey(state) => {
                let made = webauthn.finish_passkey_registration(&answer, state);
                (made.map(Credential::from), KeyKind::Passkey)
            }
            State::NewSecurityKey(state) => {
                let made = webauthn.finish_securitykey_registration(&answer, state);
                (made.map(Credential::from), KeyKind::SecurityKey)
            }
            State::Anyone(_) | State::Owner(_) => return Err(KeyRefusal::WrongChallenge),
        };
        let credential = credential.map_err(|error| reason(&error))?;
        if credential.cred_id != answer.raw_id {
            return Err(KeyRefusal::IdMismatch);
        }
        let attested = self.attested_model(&credential);
        let storage = match (attested, credential.backup_eligible) {
            // What is copied is not kept in hardware, whoever signed for it.
            (_, true) => KeyStorage::Synced,
            (Some(_), false) => KeyStorage::Attested,
            (None, false) => KeyStorage::Unknown,
        };
        let model = attested.or_else(|| self.claimed_model(&answer)).unwrap_or_default();
        let transports = answer.response.transports.iter().flatten().map(ToString::to_string).collect();
        Ok((Made { credential, kind, storage, model }, transports))
    }

    /// The model, where its maker signed for it by a root of the metadata and it is among those that count.
    fn attested_model(&self, credential: &Credential) -> Option<Uuid> {
        let model = match &credential.attestation.metadata {
            AttestationMetadata::Packed { aaguid } | AttestationMetadata::Tpm { aaguid, .. } => *aaguid,
            AttestationMetadata::None
            | AttestationMetadata::AndroidKey { .. }
            | AttestationMetadata::AndroidSafetyNet { .. } => return None,
        };
        let root = credential.verify_attestation(self.models.roots()).ok()??;
        root.aaguids().contains_key(&model).then_some(model)
    }

    /// What the authenticator calls itself, for its owner to recognise it by.
    fn claimed_model(&self, answer: &RegisterPublicKeyCredential) -> Option<Uuid> {
        // Authenticator data begins with the digest of our id: flags, counter and model follow it.
        let bytes = &answer.response.attestation_object;
        let at = bytes.windows(32).position(|window| window == self.rp_id_digest)?;
        Uuid::from_slice(bytes.get(at + 37..at + 53)?).ok().filter(|model| !model.is_nil())
    }
}

/// The options as the browser takes them.
fn options(question: &impl Serialize) -> Result<Value, CeremonyError> {
    let mut whole = serde_json::to_value(question).map_err(|_| CeremonyError::State)?;
    whole.get_mut("publicKey").map(Value::take).ok_or(CeremonyError::State)
}

/// Sets what the library has set otherwise.
fn set(options: &mut Value, at: &str, value: Value) {
    if let Some(place) = options.pointer_mut(at) {
        *place = value;
    }
}

/// The library's reason as ours.
#[expect(clippy::wildcard_enum_match_arm, reason = "dozens of reasons that are all one to us")]
fn reason(error: &WebauthnError) -> KeyRefusal {
    match error {
        WebauthnError::InvalidClientDataType => KeyRefusal::WrongType,
        WebauthnError::MismatchedChallenge | WebauthnError::ChallengeNotFound => KeyRefusal::WrongChallenge,
        WebauthnError::InvalidRPOrigin => KeyRefusal::WrongOrigin,
        WebauthnError::CredentialCrossOrigin => KeyRefusal::CrossOrigin,
        WebauthnError::InvalidRPIDHash => KeyRefusal::WrongRpId,
        WebauthnError::UserNotPresent => KeyRefusal::NotPresent,
        WebauthnError::UserNotVerified => KeyRefusal::NotVerified,
        WebauthnError::CredentialNotFound => KeyRefusal::UnknownCredential,
        WebauthnError::CredentialPossibleCompromise => KeyRefusal::Cloned,
        WebauthnError::AuthenticationFailure | WebauthnError::SignatureInvalid => KeyRefusal::WrongSignature,
        WebauthnError::ParseBase64Failure(_)
        | WebauthnError::ParseCBORFailure(_)
        | WebauthnError::ParseJSONFailure(_)
        | WebauthnError::ParseNOMFailure
        | WebauthnError::ParseInsufficientBytesAvailable
        | WebauthnError::COSEKeyInvalidCBORValue => KeyRefusal::Malformed,
        error => {
            tracing::info!(%error, "a credential is not acceptable");
            KeyRefusal::NotAcceptable
        }
    }
}
