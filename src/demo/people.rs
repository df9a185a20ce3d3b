//! The demo's people, named after what they are for.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::passkey::SheetPasskey;
use super::sheet::Person;
use crate::account::{NewAccount, State};
use crate::app::{Failure, Opened};
use crate::authenticator::RecoveryCode;
use crate::authenticator::model::{SECRET_BYTES, base32};
use crate::event::Origin;
use crate::kernel::acr::Acr;
use crate::kernel::id::{AccountId, OrganisationId};
use crate::kernel::language::Language;
use crate::kernel::login_name::LoginName;
use crate::kernel::role::Role;
use crate::kernel::secret::{Password, Secret};

/// How an account of the demo differs from a plain one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    PasswordOnly,
    Expired,
    Disabled,
    Protected,
    WithPasskey,
}

/// A person to be made.
pub struct Wanted {
    person: Person,
    kind: Kind,
    with_totp: bool,
    with_codes: bool,
}

/// Those who have recovery codes.
const WITH_CODES: [&str; 3] = ["staff.totp", "desk", "admin"];
const DAY: Duration = Duration::from_hours(24);

fn built_in() -> Vec<Wanted> {
    use Language::{De, En, Fr, Nl};

    let row = |name: &str, shown: &str, language, roles: &[Role], kind, note: &str| {
        let person = Person {
            username: name.to_owned(),
            password: format!("one door for {name}"),
            display_name: shown.to_owned(),
            language: Some(language),
            roles: roles.to_vec(),
            email: Some(format!("{name}@chancellery.example")),
            totp_secret: None,
            recovery_codes: vec![],
            passkeys: vec![],
            organisation: None,
            directory: Some("local".to_owned()),
            note: note.to_owned(),
            claims: Map::new(),
            required_assurance: None,
        };
        let with_totp = !matches!(kind, Kind::PasswordOnly | Kind::WithPasskey);
        let with_codes = WITH_CODES.contains(&name);
        Wanted { person, kind, with_totp, with_codes }
    };
    let staff = &[Role::Staff][..];
    let mut people = vec![
        row(
            "staff",
            "Staff",
            En,
            staff,
            Kind::PasswordOnly,
            "password only: must still enrol a second proof",
        ),
        row("staff.totp", "Staff Totp", Nl, staff, Kind::Plain, "password and authenticator app"),
        row(
            "staff.passkey",
            "Staff Passkey",
            Fr,
            staff,
            Kind::WithPasskey,
            "signs in with a passkey alone, or with it after the password",
        ),
        row("staff.expired", "Staff Expired", De, staff, Kind::Expired, "the password is past its date"),
        row("staff.disabled", "Staff Disabled", En, staff, Kind::Disabled, "the account is disabled"),
        row("vip", "Protected Person", Fr, staff, Kind::Protected, "protected: the desk does not touch it"),
        row("desk", "Service Desk", Nl, &[Role::Staff, Role::Desk], Kind::Plain, "service desk"),
        row(
            "desk.second",
            "Second Desk",
            Fr,
            &[Role::Staff, Role::Desk],
            Kind::Plain,
            "service desk, second approver",
        ),
        row("analyst", "Analyst", En, &[Role::Staff, Role::Analyst], Kind::Plain, "security team"),
        row("auditor", "Auditor", Fr, &[Role::Staff, Role::Auditor], Kind::Plain, "reads and proves the log"),
        row("admin", "Administrator", Nl, &[Role::Staff, Role::Admin], Kind::Plain, "administrator"),
    ];
    for wanted in &mut people {
        if wanted.person.username == "staff.totp" {
            wanted.person.claims = every_standard_claim();
        }
    }
    people
}

/// Source: OIDC Core §5.1.
fn every_standard_claim() -> Map<String, Value> {
    let claims = json!({
        "given_name": "Staff",
        "family_name": "Totp",
        "middle_name": "Demo",
        "nickname": "totp",
        "profile": "https://chancellery.example/people/staff.totp",
        "picture": "https://chancellery.example/people/staff.totp.png",
        "website": "https://chancellery.example",
        "gender": "unspecified",
        "birthdate": "1980-01-01",
        "zoneinfo": "Europe/Brussels",
        "locale": "nl-BE",
        "email_verified": true,
        "phone_number": "+32 2 501 00 01",
        "phone_number_verified": true,
        "address": {
            "formatted": "Wetstraat 16\n1000 Brussel\nBelgië",
            "street_address": "Wetstraat 16",
            "locality": "Brussel",
            "region": "Brussel",
            "postal_code": "1000",
            "country": "BE",
        },
    });
    claims.as_object().cloned().unwrap_or_default()
}

/// The demo's own people and those of a file.
pub fn wanted(file: Option<&Path>) -> Result<Vec<Wanted>, Failure> {
    let mut people = built_in();
    if let Some(path) = file {
        let wrong = |error: String| Failure::Input(format!("{}: {error}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        let more: Vec<Person> = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        people.extend(more.into_iter().map(|person| {
            let with_totp = person.totp_secret.is_some();
            Wanted { person, kind: Kind::Plain, with_totp, with_codes: false }
        }));
    }
    Ok(people)
}

/// Makes those who are not there yet; the others stay as they are, with the secrets of the sheet.
pub async fn make(
    opened: &Opened,
    origin: &Origin,
    wanted: Vec<Wanted>,
    mut known: HashMap<String, Person>,
) -> Result<Vec<Person>, Failure> {
    let work = |error: &dyn std::fmt::Display| Failure::Work(format!("demo people cannot be made: {error}"));
    let name = opened.config.house.name.en.clone();
    let organisation = opened.accounts.default_organisation(&name, origin.now).await.map_err(|e| work(&e))?;
    let mut people = vec![];
    for wanted in wanted {
        let person = &wanted.person;
        let login = LoginName::parse(&person.username)
            .ok_or_else(|| Failure::Input(format!("`{}` is no user name", person.username)))?;
        let exists = opened.accounts.by_name(&login).await.map_err(|e| work(&e))?.is_some();
        match known.remove(&person.username).filter(|_| exists) {
            Some(person) => people.push(person),
            None if exists => people.push(wanted.person),
            None => people.push(make_one(opened, origin, wanted, login, organisation).await?),
        }
    }
    Ok(people)
}

async fn make_one(
    opened: &Opened,
    origin: &Origin,
    wanted: Wanted,
    login: LoginName,
    organisation: OrganisationId,
) -> Result<Person, Failure> {
    let Wanted { mut person, kind, with_totp, with_codes } = wanted;
    let work = |error: &dyn std::fmt::Display| {
        Failure::Work(format!("demo person {} cannot be made: {error}", login.as_str()))
    };
    let wrong = |what: &str| Failure::Input(format!("demo person {}: {what}", login.as_str()));
    let password =
        Password::parse(&person.password).ok_or_else(|| wrong("the password is empty or too long"))?;
    let secret = match &person.totp_secret {
        Some(text) => {
            let text = text.to_ascii_uppercase().replace([' ', '='], "");
            let bytes = data_encoding::BASE32_NOPAD.decode(text.as_bytes());
            Some(Secret::new(bytes.map_err(|_| wrong("totp_secret is not base32"))?))
        }
        None if with_totp => Some(Secret::new(opened.entropy.bytes::<SECRET_BYTES>().to_vec())),
        None => None,
    };
    person.totp_secret = secret.as_ref().map(base32);
    let email = person.email.clone().unwrap_or_else(|| format!("{}@chancellery.example", login.as_str()));
    person.email = Some(email.clone());
    if person.display_name.is_empty() {
        person.display_name.clone_from(&person.username);
    }
    let new = NewAccount {
        login: login.clone(),
        display_name: person.display_name.clone(),
        email,
        language: person.language.unwrap_or_default(),
        organisation,
        roles: person.roles.clone(),
        protected: kind == Kind::Protected,
        directory: "local".to_owned(),
        state: if kind == Kind::Disabled { State::Disabled } else { State::Active },
        claims: person.claims.clone(),
        required_acr: person.required_assurance.unwrap_or(Acr::Mfa),
    };
    // The row of the password names its account, whose id is drawn only now.
    let id = AccountId::new(origin.now, &opened.entropy);
    let prepared = opened.directory.prepare_unchecked(id, &password, "demo", origin.now).await;
    let mut prepared = prepared.map_err(|error| work(&error))?;
    if kind == Kind::Expired {
        prepared = prepared.lasting_until(origin.now.minus(DAY * 3));
    }
    let mut own = opened.db.unit();
    opened.directory.put(&mut own, prepared);
    if let Some(secret) = &secret {
        let bound = opened.authenticators.bind_given(&mut own, id, secret, "Demo phone", origin.now);
        bound.map_err(|error| work(&error))?;
    }
    let given = person.recovery_codes.iter().map(|code| RecoveryCode::parse(code));
    let given: Option<Vec<RecoveryCode>> = given.collect();
    let given = given.ok_or_else(|| wrong("a recovery code has 16 letters and digits"))?;
    let recovery = opened.authenticators.recovery();
    if with_codes {
        let made = recovery.make(&mut own, id, origin.now);
        person.recovery_codes = made.iter().map(RecoveryCode::shown).collect();
    } else if !given.is_empty() {
        recovery.put(&mut own, id, &given, origin.now);
    }
    if kind == Kind::WithPasskey && person.passkeys.is_empty() {
        person.passkeys.extend(SheetPasskey::make(opened));
    }
    for passkey in &person.passkeys {
        passkey.bind(opened, &mut own, id, login.as_str(), origin.now).map_err(wrong)?;
    }
    let added = opened.accounts.add(origin, id, new, |unit| unit.append(own));
    added.await.map_err(|error| work(&error))?;
    Ok(person)
}
