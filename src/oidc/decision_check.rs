//! When a session is enough, as tables.

use std::time::Duration;

use serde_json::Map;

use super::decision::{Decision, Rungs, decide};
use super::request::AuthorizationRequest;
use super::request_check::checked;
use crate::account::{Account, State};
use crate::kernel::acr::{Acr, Amr};
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{AccountId, DeviceId, OrganisationId, SessionId};
use crate::kernel::language::Language;
use crate::kernel::time::Moment;
use crate::session::{Current, Session};

fn person(acr: Acr, authenticated_at: Moment) -> Current {
    let (now, entropy) = (Moment::from_unix_seconds(0), Entropy::seeded(1));
    let account = Account {
        id: AccountId::new(now, &entropy),
        login: "staff".to_owned(),
        display_name: String::new(),
        email: String::new(),
        language: Language::En,
        organisation: OrganisationId::new(now, &entropy),
        state: State::Active,
        ends_at: None,
        protected: false,
        directory: "local".to_owned(),
        contained_at: None,
        epoch: 1,
        sub: "subject".to_owned(),
        claims: Map::new(),
        required_acr: Acr::Pwd,
        grants: vec![],
    };
    let session = Session {
        id: SessionId::new(now, &entropy),
        account: account.id,
        device: DeviceId::new(now, &entropy),
        acr,
        amr: vec![Amr::Pwd],
        authenticated_at,
        created_at: authenticated_at,
        seen_at: authenticated_at,
        idle: Duration::from_hours(1),
        ends_at: authenticated_at.plus(Duration::from_hours(10)),
        epoch: 1,
        address: String::new(),
        user_agent: String::new(),
        ended_at: None,
    };
    Current { session, account }
}

/// `issue`, the purpose of a journey, or an error.
fn outcome(change: (&str, &str), current: Option<&Current>, since: Option<Moment>) -> &'static str {
    let request = checked(&[(change.0, Some(change.1))]).unwrap();
    told(&request, current, since)
}

fn told(request: &AuthorizationRequest, current: Option<&Current>, since: Option<Moment>) -> &'static str {
    let rungs = Rungs { least: Acr::Mfa, highest: Acr::Phr };
    match decide(request, current, rungs, since, Moment::from_unix_seconds(1000)) {
        Decision::Issue(_) => "issue",
        Decision::Journey { purpose, .. } => purpose.name(),
        Decision::Refuse(code) => code.name(),
    }
}

#[test]
fn a_session_is_enough_or_the_person_is_asked_or_the_client_told() {
    let at = Moment::from_unix_seconds;
    let (strong, weak) = (person(Acr::Mfa, at(940)), person(Acr::Pwd, at(940)));
    let mut vip = person(Acr::Mfa, at(940));
    vip.account.required_acr = Acr::Phr;
    let mut chief = person(Acr::Phr, at(940));
    chief.account.required_acr = Acr::Phrh;
    let resistant = person(Acr::Phr, at(940));
    let table = [
        (("nonce", "n"), None, None, "sign_in"),
        (("prompt", "none"), None, None, "login_required"),
        (("nonce", "n"), Some(&strong), None, "issue"),
        (("prompt", "none"), Some(&strong), None, "issue"),
        (("nonce", "n"), Some(&weak), None, "step_up"),
        (("acr_values", "pwd"), Some(&weak), None, "step_up"),
        (("prompt", "none"), Some(&weak), None, "interaction_required"),
        (("prompt", "login"), Some(&strong), None, "sign_in"),
        (("prompt", "select_account"), Some(&strong), None, "sign_in"),
        (("prompt", "login consent"), Some(&strong), None, "sign_in"),
        // Whether the person agrees is asked when it is clear who it is.
        (("prompt", "consent"), Some(&strong), None, "issue"),
        (("max_age", "60"), Some(&strong), None, "issue"),
        (("max_age", "59"), Some(&strong), None, "step_up"),
        (("max_age", "0"), Some(&strong), None, "step_up"),
        // A role or an application that demands more than the session has; a level that nobody reaches here.
        (("nonce", "n"), Some(&vip), None, "step_up"),
        (("acr_values", "phr"), Some(&strong), None, "step_up"),
        (("acr_values", "phr"), Some(&resistant), None, "issue"),
        (("acr_values", "phrh"), Some(&strong), None, "issue"),
        (("nonce", "n"), Some(&chief), None, "unmet_authentication_requirements"),
        // Back from a journey: its own proof is fresh, an older one is not.
        (("prompt", "login"), Some(&strong), Some(at(930)), "issue"),
        (("prompt", "login"), Some(&strong), Some(at(941)), "sign_in"),
        (("max_age", "0"), Some(&strong), Some(at(940)), "issue"),
        (("max_age", "0"), Some(&strong), Some(at(941)), "step_up"),
        (("nonce", "n"), Some(&weak), Some(at(930)), "step_up"),
    ];
    for (change, current, since, expected) in table {
        assert_eq!(outcome(change, current, since), expected, "{change:?} {since:?}");
    }
}

#[test]
fn nothing_is_told_of_another_person_than_the_one_asked_about() {
    let strong = person(Acr::Mfa, Moment::from_unix_seconds(940));
    let about = |subject: &str, prompt| {
        let request = checked(&[("prompt", Some(prompt))]).unwrap();
        request.about(Some(subject.to_owned()))
    };
    assert_eq!(told(&about("subject", "none"), Some(&strong), None), "issue");
    assert_eq!(told(&about("other", "none"), Some(&strong), None), "login_required");
    assert_eq!(told(&about("other", "consent"), Some(&strong), None), "sign_in");
    let since = Some(Moment::from_unix_seconds(930));
    assert_eq!(told(&about("other", "consent"), Some(&strong), since), "login_required");
    // Two demands that no one person meets lead to nobody at all.
    let nobody = about("subject", "login").about(Some("other".to_owned()));
    assert_eq!(told(&nobody, Some(&strong), None), "login_required");
    assert_eq!(told(&nobody, None, None), "login_required");
}
