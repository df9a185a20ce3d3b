//! Why a sign-in at an upstream provider came to nothing: causes for the log, outcomes for people.

use crate::infra::jose::jwe::JweError;
use crate::infra::outgoing::OutgoingError;

/// What a person can do about it: each becomes a sentence with a way on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The sign-in ran out, was used, or came back in another browser: start again.
    StartAgain,
    /// The person said no there, or went back: try again, or another way.
    Declined,
    /// The provider cannot be reached or fails: another way.
    Down,
    /// The provider answered from an older sign-in, or wants to ask the person: sign in there once more.
    AskAgain,
    /// It was signed in with less than is needed here: choose a stronger means there.
    TooWeak,
    /// The provider and we do not understand each other: another way, and the desk is told.
    NotUnderstood,
    /// The answer is not what this provider would send to us for this person: another way, and the desk is told.
    NotTrusted,
    /// No account that may be entered goes with this person there: another way, and link it afterwards.
    NotLinked,
    /// It cannot be linked: the person there is linked to another account, or the account to another person.
    Taken,
}

impl Outcome {
    const ALL: [Self; 9] = [
        Self::StartAgain,
        Self::Declined,
        Self::Down,
        Self::AskAgain,
        Self::TooWeak,
        Self::NotUnderstood,
        Self::NotTrusted,
        Self::NotLinked,
        Self::Taken,
    ];

    /// As an address of ours carries it, and as the sentence of it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::StartAgain => "start-again",
            Self::Declined => "declined",
            Self::Down => "down",
            Self::AskAgain => "ask-again",
            Self::TooWeak => "too-weak",
            Self::NotUnderstood => "not-understood",
            Self::NotTrusted => "not-trusted",
            Self::NotLinked => "not-linked",
            Self::Taken => "taken",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $text:literal => $outcome:ident),+ $(,)?) => {
        /// A cause, told in the log and never to a stranger.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason {
            $($(#[$doc])* $name),+
        }

        impl Reason {
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// As the log writes it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text),+
                }
            }

            pub const fn outcome(self) -> Outcome {
                match self {
                    $(Self::$name => Outcome::$outcome),+
                }
            }
        }
    };
}

reasons! {
    // Before the browser is sent.
    /// No provider of this name is in use.
    NotOffered = "not_offered" => NotUnderstood,
    /// It failed several times lately and is not asked for a while.
    Resting = "resting" => Down,
    // Calls.
    Unreachable = "unreachable" => Down,
    /// No answer within the time.
    Silent = "silent" => Down,
    /// An address that leads into the house.
    NotPublic = "not_public" => Down,
    NotHttps = "not_https" => Down,
    Redirected = "redirected" => Down,
    TooLarge = "too_large" => Down,
    /// A page or anything else where JSON was due.
    NotJson = "not_json" => Down,
    /// It says of itself that it fails.
    ServerError = "server_error" => Down,
    /// The discovery document is of another issuer than it was asked for.
    DiscoveryIssuer = "discovery_issuer" => NotTrusted,
    /// The discovery document or the key set lacks what is needed.
    DiscoveryIncomplete = "discovery_incomplete" => NotUnderstood,
    // The browser's return.
    StateMissing = "state_missing" => StartAgain,
    StateUnknown = "state_unknown" => StartAgain,
    StateReplayed = "state_replayed" => StartAgain,
    OtherBrowser = "other_browser" => StartAgain,
    OtherProvider = "other_provider" => NotTrusted,
    TooLate = "too_late" => StartAgain,
    AnswerIssuerMissing = "answer_issuer_missing" => NotTrusted,
    AnswerIssuer = "answer_issuer" => NotTrusted,
    /// The person said no.
    Declined = "declined" => Declined,
    /// It would have to ask the person.
    InteractionNeeded = "interaction_needed" => AskAgain,
    /// It does not give the level that was asked for.
    LevelNotGiven = "level_not_given" => TooWeak,
    /// It finds our request wrong, or does not know us.
    RequestRefused = "request_refused" => NotUnderstood,
    /// An error that no standard names.
    UnknownError = "unknown_error" => NotUnderstood,
    CodeMissing = "code_missing" => NotUnderstood,
    // The exchange.
    CodeRefused = "code_refused" => StartAgain,
    ClientRefused = "client_refused" => NotUnderstood,
    // The ID token's form.
    TokenMissing = "token_missing" => NotUnderstood,
    TokenForm = "token_form" => NotTrusted,
    NotEncrypted = "not_encrypted" => NotTrusted,
    EncryptedUnasked = "encrypted_unasked" => NotTrusted,
    EncryptionAlgorithm = "encryption_algorithm" => NotTrusted,
    /// Encrypted to a key that is not ours.
    OtherRecipient = "other_recipient" => NotTrusted,
    DoesNotOpen = "does_not_open" => NotTrusted,
    /// Something else than a signed token was inside.
    NotSignedInside = "not_signed_inside" => NotTrusted,
    Unsigned = "unsigned" => NotTrusted,
    SigningAlgorithm = "signing_algorithm" => NotTrusted,
    /// A header that has to be understood and is not.
    CriticalHeader = "critical_header" => NotTrusted,
    UnknownKey = "unknown_key" => NotTrusted,
    Signature = "signature" => NotTrusted,
    // What it says.
    Issuer = "issuer" => NotTrusted,
    Audience = "audience" => NotTrusted,
    AuthorizedParty = "authorized_party" => NotTrusted,
    Nonce = "nonce" => NotTrusted,
    Expired = "expired" => NotTrusted,
    NotYet = "not_yet" => NotTrusted,
    /// It was issued before it was asked for.
    IssuedBefore = "issued_before" => NotTrusted,
    Subject = "subject" => NotTrusted,
    AccessTokenHash = "access_token_hash" => NotTrusted,
    /// The person was not asked as lately as was demanded, or it is not told when.
    Stale = "stale" => AskAgain,
    LevelUnproven = "level_unproven" => TooWeak,
    LevelTooLow = "level_too_low" => TooWeak,
    // The userinfo endpoint.
    UserinfoRefused = "userinfo_refused" => NotUnderstood,
    UserinfoUnsigned = "userinfo_unsigned" => NotTrusted,
    UserinfoSubject = "userinfo_subject" => NotTrusted,
    // Whose it is here.
    /// No account is linked to this person, and none awaits the national register number.
    NoAccount = "no_account" => NotLinked,
    /// The journey is of another account.
    OtherAccount = "other_account" => NotLinked,
    /// The account may not be entered.
    AccountClosed = "account_closed" => NotLinked,
    /// The journey, or the session that wanted the link, is over.
    JourneyOver = "journey_over" => StartAgain,
    LinkTaken = "link_taken" => Taken,
}

impl From<&OutgoingError> for Reason {
    fn from(error: &OutgoingError) -> Self {
        match error {
            OutgoingError::NotHttps => Self::NotHttps,
            OutgoingError::NotPublic => Self::NotPublic,
            OutgoingError::Silent => Self::Silent,
            OutgoingError::Redirected => Self::Redirected,
            OutgoingError::TooLarge { .. } => Self::TooLarge,
            OutgoingError::Failed(_) => Self::Unreachable,
        }
    }
}

impl From<JweError> for Reason {
    fn from(error: JweError) -> Self {
        match error {
            JweError::Form => Self::TokenForm,
            JweError::Algorithm => Self::EncryptionAlgorithm,
            JweError::DoesNotOpen => Self::DoesNotOpen,
        }
    }
}

impl Reason {
    /// An error that the browser brought back. Source: RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6, OIDC Unmet
    /// Authentication Requirements 1.0, and what itsme writes in its own way.
    pub fn of_answer(error: &str) -> Self {
        match error {
            "access_denied" => Self::Declined,
            "login_required" | "interaction_required" | "account_selection_required" | "consent_required" => {
                Self::InteractionNeeded
            }
            "unmet_authentication_requirements" => Self::LevelNotGiven,
            "server_error" | "temporarily_unavailable" | "temporary_unavailable" => Self::ServerError,
            "invalid_request"
            | "unsupported_request"
            | "unauthorized_client"
            | "invalid_client"
            | "invalid_client_id"
            | "invalid_redirect_uri"
            | "unsupported_response_type"
            | "unsupported_grant_type"
            | "unsupported_display"
            | "invalid_grant"
            | "invalid_scope"
            | "invalid_request_object"
            | "invalid_request_uri"
            | "request_not_supported"
            | "request_uri_not_supported" => Self::RequestRefused,
            _ => Self::UnknownError,
        }
    }

    /// Whether it tells that the provider itself is not well: then it is not asked again and again.
    pub fn is_failure_of_provider(self) -> bool {
        matches!(
            self,
            Self::Unreachable
                | Self::Silent
                | Self::Redirected
                | Self::TooLarge
                | Self::NotJson
                | Self::ServerError
                | Self::NotPublic
                | Self::NotHttps
                | Self::DiscoveryIssuer
                | Self::DiscoveryIncomplete
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Outcome, Reason};

    #[test]
    fn reasons_have_names_of_their_own_and_every_outcome_has_one() {
        let names: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.name()).collect();
        assert_eq!(names.len(), Reason::ALL.len());
        let outcomes: BTreeSet<Outcome> = Reason::ALL.iter().map(|reason| reason.outcome()).collect();
        assert_eq!(outcomes.len(), 9);
    }

    #[test]
    fn errors_that_a_browser_brings_are_understood() {
        for (error, reason) in [
            ("access_denied", Reason::Declined),
            ("login_required", Reason::InteractionNeeded),
            ("unmet_authentication_requirements", Reason::LevelNotGiven),
            ("temporarily_unavailable", Reason::ServerError),
            ("temporary_unavailable", Reason::ServerError),
            ("unsupported_display", Reason::RequestRefused),
            ("ACCESS_DENIED", Reason::UnknownError),
            ("<script>", Reason::UnknownError),
        ] {
            assert_eq!(Reason::of_answer(error), reason, "{error}");
        }
    }
}
