//! `cardea people …`: the people of an installation.

use std::io::{IsTerminal, Read};

use clap::{Args, Subcommand};

use super::forecast;
use super::invitation::{self, InvitationOptions};
use super::operator::{Answer, Asked, LinkShown, NewPerson, PersonDetail, PersonShown, Request, call};
use super::output;
use super::place::Place;
use super::readiness;
use crate::app::Failure;
use crate::kernel::acr::Acr;
use crate::kernel::entropy::Entropy;
use crate::kernel::language::Language;
use crate::kernel::role::Role;
use crate::kernel::secret::{PASSWORD_BYTES_MAX, Secret};
use crate::kernel::time::Moment;
use crate::web::calendar;

#[derive(Args)]
pub struct PeopleCommands {
    #[command(flatten)]
    place: Place,
    /// Say what would be done, and change nothing.
    #[arg(long, global = true)]
    dry_run: bool,
    #[command(subcommand)]
    command: PeopleCommand,
}

#[derive(Subcommand)]
enum PeopleCommand {
    /// Everyone, a line each.
    List,
    /// One person, with authenticators and open sessions.
    Show { name: String },
    /// Add a person, whose first password is read from standard input and must be changed; or without one, to be
    /// invited.
    Add(NewPersonOptions),
    /// Close an account at once; it can be opened again.
    Disable { name: String },
    /// Open a disabled account again.
    Enable { name: String },
    /// Close an account from a date on.
    End {
        name: String,
        /// The first day on which nothing is open any more (2026-12-31, in Brussels), or `never`.
        #[arg(long, value_name = "DATE", value_parser = date)]
        on: End,
    },
    /// Erase a person for ever; the log keeps that something happened to an id.
    Erase { name: String },
    /// Give a person a role.
    Grant {
        name: String,
        #[arg(value_parser = role)]
        role: Role,
    },
    /// Take a role away.
    Revoke {
        name: String,
        #[arg(value_parser = role)]
        role: Role,
    },
    /// Set another password, read from standard input; open sessions end.
    Password {
        name: String,
        /// The person has to choose another one at the next sign-in.
        #[arg(long)]
        must_change: bool,
        /// Make a password and print it, once.
        #[arg(long)]
        generate: bool,
    },
    /// Make a secret address, good once and for a day at the most, by which a person sets up the own account.
    Invite {
        name: String,
        #[command(flatten)]
        options: InvitationOptions,
    },
    /// Break the glass for an administrator who is locked out: an invitation that sets the account up anew. Every
    /// administrator is told.
    Rescue {
        name: String,
        #[command(flatten)]
        options: InvitationOptions,
    },
    /// Who a person is at other providers.
    Links {
        #[command(subcommand)]
        command: LinksCommand,
    },
    /// Who could get back in alone if a phone were lost tonight, a line each and the figures.
    Readiness {
        /// As if everyone needed this level: mfa, phr or phrh.
        #[arg(long, value_parser = level)]
        level: Option<Acr>,
    },
    /// Whose password runs out when, by which day each is asked to change it, and who of them could not help themselves.
    Forecast,
    /// Open an account again that is contained since somebody said "this was not me".
    Release { name: String },
    /// End all open sessions of a person.
    SignOut { name: String },
}

#[derive(Subcommand)]
enum LinksCommand {
    /// The links of a person, a line each.
    List { name: String },
    /// Take a link away: that provider does not vouch for the person any more, who is told.
    Remove {
        name: String,
        /// The provider by its name in the configuration.
        provider: String,
    },
}

#[derive(Args)]
struct NewPersonOptions {
    /// The name to sign in with.
    #[arg(long, value_name = "LOGIN")]
    name: String,
    #[arg(long)]
    display_name: String,
    #[arg(long)]
    email: String,
    /// Language of mails and pages: nl, fr, de or en.
    #[arg(long, value_parser = language)]
    language: Language,
    /// A role beside `staff`: desk, analyst, auditor or admin; may be repeated.
    #[arg(long = "role", value_parser = role)]
    roles: Vec<Role>,
    /// Fewer hands touch the account.
    #[arg(long)]
    protected: bool,
    /// Make a password and print it, once.
    #[arg(long)]
    generate: bool,
    /// No password: the person chooses one by an invitation (`cardea people invite`).
    #[arg(long, conflicts_with = "generate")]
    without_password: bool,
}

/// The first moment at which nothing is open; `None`: there is no end.
#[derive(Clone, Copy)]
struct End(Option<Moment>);

fn date(text: &str) -> Result<End, String> {
    if text == "never" {
        return Ok(End(None));
    }
    let start = calendar::start_of_day(text).ok_or("a date is written as 2026-12-31, or `never`")?;
    Ok(End(Some(start)))
}

fn role(text: &str) -> Result<Role, String> {
    let known = || Role::ALL.map(Role::name).join(", ");
    Role::from_name(text).ok_or_else(|| format!("no such role; known: {}", known()))
}

fn level(text: &str) -> Result<Acr, String> {
    let known = || Acr::ALL.map(Acr::name).join(", ");
    Acr::from_name(text).ok_or_else(|| format!("no such level; known: {}", known()))
}

fn language(text: &str) -> Result<Language, String> {
    Language::ALL.into_iter().find(|known| known.code() == text).ok_or_else(|| "nl, fr, de or en".to_owned())
}

pub async fn run(commands: PeopleCommands) -> Result<(), Failure> {
    let PeopleCommands { place, dry_run, command } = commands;
    let installation = place.find()?;
    let mut generated = None;
    let mut handover = None;
    let request = match command {
        PeopleCommand::List => Request::ListPeople {},
        PeopleCommand::Show { name } => Request::ShowPerson { name },
        PeopleCommand::Add(new) => {
            let password =
                if new.without_password { None } else { Some(password(new.generate, &mut generated)?) };
            Request::AddPerson(Box::new(NewPerson {
                name: new.name,
                display_name: new.display_name,
                email: new.email,
                language: new.language,
                roles: new.roles,
                protected: new.protected,
                password,
            }))
        }
        PeopleCommand::Disable { name } => Request::DisablePerson { name },
        PeopleCommand::Enable { name } => Request::EnablePerson { name },
        PeopleCommand::End { name, on: End(from) } => Request::EndPerson { name, from },
        PeopleCommand::Erase { name } => Request::ErasePerson { name },
        PeopleCommand::Grant { name, role } => Request::GrantRole { name, role },
        PeopleCommand::Revoke { name, role } => Request::RevokeRole { name, role },
        PeopleCommand::Password { name, must_change, generate } => {
            let password = password(generate, &mut generated)?;
            Request::SetPassword { name, password, must_change }
        }
        PeopleCommand::Invite { name, options } => {
            let hours = options.hours;
            handover = Some(options);
            Request::InvitePerson { name, hours }
        }
        PeopleCommand::Rescue { name, options } => {
            let hours = options.hours;
            handover = Some(options);
            Request::RescuePerson { name, hours }
        }
        PeopleCommand::Links { command: LinksCommand::List { name } } => Request::ListLinks { name },
        PeopleCommand::Links { command: LinksCommand::Remove { name, provider } } => {
            Request::RemoveLink { name, provider }
        }
        PeopleCommand::Readiness { level } => Request::Readiness { level },
        PeopleCommand::Forecast => Request::Forecast {},
        PeopleCommand::Release { name } => Request::ReleasePerson { name },
        PeopleCommand::SignOut { name } => Request::SignOutPerson { name },
    };
    let answer = Box::pin(call(&installation, Asked { dry_run, request })).await?;
    if let (Answer::Invited(invited), Some(options)) = (&answer, &handover) {
        return invitation::show(invited, options, place.json);
    }
    show(&answer, generated.filter(|_| !dry_run).as_ref(), place.json);
    Ok(())
}

/// The password of standard input, or one that is made here.
fn password(generate: bool, generated: &mut Option<Secret<String>>) -> Result<Secret<String>, Failure> {
    if generate {
        let made = make_password(&Entropy::System);
        *generated = Some(made.clone());
        return Ok(made);
    }
    let input = std::io::stdin();
    if input.is_terminal() {
        return Err(Failure::Input(
            "the password is read from standard input, which is a terminal and would show it: \
             send it through a pipe or a file, or use --generate"
                .to_owned(),
        ));
    }
    let mut text = String::new();
    let bytes_max = u64::try_from(PASSWORD_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(3);
    let read = input.lock().take(bytes_max).read_to_string(&mut text);
    read.map_err(|error| Failure::Input(format!("the password on standard input cannot be read: {error}")))?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() {
        return Err(Failure::Input("there is no password on standard input".to_owned()));
    }
    if line.contains('\n') {
        return Err(Failure::Input("the password on standard input has more than one line".to_owned()));
    }
    Ok(Secret::new(line.to_owned()))
}

/// Twenty signs of 32, none of which is taken for another: a hundred bits.
fn make_password(entropy: &Entropy) -> Secret<String> {
    const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut text = String::with_capacity(23);
    for position in 0..20 {
        if position > 0 && position % 5 == 0 {
            text.push('-');
        }
        let drawn = usize::try_from(entropy.below(32)).unwrap_or(0);
        text.push(char::from(SIGNS.get(drawn).copied().unwrap_or(b'x')));
    }
    Secret::new(text)
}

fn show(answer: &Answer, generated: Option<&Secret<String>>, json: bool) {
    match answer {
        Answer::People { people } if json => output::json(people),
        Answer::Person { person } if json => output::json(person),
        Answer::Links { links } if json => output::json(links),
        Answer::Readiness { board } => readiness::show(board, json),
        Answer::Forecast { board } => forecast::show(board, json),
        Answer::Done(done) if json => {
            let mut value = serde_json::json!(done);
            if let (Some(map), Some(password)) = (value.as_object_mut(), generated) {
                map.insert("password".to_owned(), password.expose().clone().into());
            }
            output::json(&value);
        }
        Answer::People { people } => output::table(&lines(people)),
        Answer::Person { person } => show_person(person),
        Answer::Links { links } => output::table(&link_lines(links)),
        Answer::Done(done) => {
            let start = if done.dry_run { "dry run, nothing was changed; otherwise: " } else { "" };
            output::line(&format!("{start}{}", done.done));
            if let Some(password) = generated {
                output::line(&format!("password: {}", password.expose()));
            }
        }
        // No answer about people.
        Answer::Invited(_)
        | Answer::Turned { .. }
        | Answer::Clients { .. }
        | Answer::Client { .. }
        | Answer::Plan { .. } => {}
        // Those two ended the command before.
        Answer::Failed { text } | Answer::Wrong { text } => output::line(text),
    }
}

fn lines(people: &[PersonShown]) -> Vec<Vec<String>> {
    let head = ["name", "state", "roles", "display name", "mail"].map(str::to_owned).to_vec();
    let line = |person: &PersonShown| {
        vec![
            person.name.clone(),
            person.state.clone(),
            roles(person),
            person.display_name.clone(),
            person.email.clone(),
        ]
    };
    std::iter::once(head).chain(people.iter().map(line)).collect()
}

fn link_lines(links: &[LinkShown]) -> Vec<Vec<String>> {
    let head = ["provider", "called", "made on", "since", "last used"].map(str::to_owned).to_vec();
    let line = |link: &LinkShown| {
        let label = if link.in_use { link.label.clone() } else { "not in use".to_owned() };
        let used = link.last_used_at.clone().unwrap_or_else(|| "never".to_owned());
        vec![link.provider.clone(), label, link.ground.clone(), link.linked_at.clone(), used]
    };
    std::iter::once(head).chain(links.iter().map(line)).collect()
}

fn roles(person: &PersonShown) -> String {
    person.roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(",")
}

fn show_person(detail: &PersonDetail) {
    let person = &detail.person;
    let mut rows = vec![
        ("name", person.name.clone()),
        ("id", person.id.clone()),
        ("display name", person.display_name.clone()),
        ("mail", person.email.clone()),
        ("language", person.language.code().to_owned()),
        ("state", person.state.clone()),
        ("ends at", person.ends_at.clone().unwrap_or_else(|| "never".to_owned())),
        ("protected", if person.protected { "yes" } else { "no" }.to_owned()),
        ("roles", roles(person)),
        ("directory", person.directory.clone()),
    ];
    if let Some(password) = &detail.password {
        let must = if password.must_change { ", must be changed" } else { "" };
        let end = password.expires_at.as_ref().map(|end| format!(", expires {end}")).unwrap_or_default();
        rows.push(("password", format!("set {}{end}{must}", password.changed_at)));
    }
    for bound in &detail.authenticators {
        rows.push(("authenticator", format!("{} ({}, since {})", bound.name, bound.kind, bound.created_at)));
    }
    rows.push(("recovery codes", format!("{} left", detail.recovery_codes_left)));
    for session in &detail.sessions {
        let text = format!("since {} from {}: {}", session.since, session.address, session.user_agent);
        rows.push(("session", text));
    }
    output::table(&rows.into_iter().map(|(name, text)| vec![name.to_owned(), text]).collect::<Vec<_>>());
}
