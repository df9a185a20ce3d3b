//! `cardea policy …`: what the policies say, and what every route demands.

use clap::{Args, Subcommand};
use serde_json::json;

use super::operator::own_name;
use super::output;
use super::place::{Installation, Place};
use crate::app::{App, Failure, Opened};
use crate::kernel::id::OrganisationId;
use crate::kernel::login_name::LoginName;
use crate::oidc::{self, Pins};
use crate::policy::{Action, Decision, Person, Policies, Principal, Resource};
use crate::web::route::RoutePolicy;

#[derive(Args)]
pub struct PolicyCommands {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: PolicyCommand,
}

#[derive(Subcommand)]
enum PolicyCommand {
    /// Every policy with its sentence.
    List,
    /// Every route with who may use it, how it is protected, its limit and its event.
    Routes,
    /// Ask the policies one question.
    Decide {
        /// A user name, `operator` or `nobody`.
        principal: String,
        /// An action, such as `viewAccount` or `grantRole:desk`.
        action: String,
        /// `portal`, `log`, `keys`, `organisation`, `account:NAME` or `client:ID`.
        resource: String,
    },
}

pub async fn run(commands: PolicyCommands) -> Result<(), Failure> {
    let PolicyCommands { place, command } = commands;
    let installation = place.find()?;
    match command {
        PolicyCommand::List => list(&installation, place.json),
        PolicyCommand::Routes => routes(&installation, place.json).await,
        PolicyCommand::Decide { principal, action, resource } => {
            let opened = installation.open().await?;
            let question = Question {
                principal: principal_of(&opened, &principal).await?,
                action: action_of(&action)?,
                resource: resource_of(&opened, &resource).await?,
            };
            decide(&opened, &question, place.json);
            Ok(())
        }
    }
}

fn list(installation: &Installation, json: bool) -> Result<(), Failure> {
    let policies = match &installation.config.policies.folder {
        Some(folder) => Policies::from_folder(folder),
        None => Policies::built_in(),
    };
    let policies = policies.map_err(|error| Failure::Input(format!("[policies]: {error}")))?.list();
    if json {
        let shown = policies.iter().map(|policy| json!({ "id": policy.id, "why": policy.why }));
        output::json(&shown.collect::<Vec<_>>());
    } else {
        output::table(&policies.into_iter().map(|policy| vec![policy.id, policy.why]).collect::<Vec<_>>());
    }
    Ok(())
}

async fn routes(installation: &Installation, json: bool) -> Result<(), Failure> {
    let opened = installation.open().await?;
    // Composing would make the first keys, which is a node's to do.
    let keys = oidc::signing_keys(&opened.db, &Pins::default(), opened.clock.now()).await;
    if keys.map_err(|error| Failure::Work(format!("the signing keys cannot be read: {error}")))?.is_empty() {
        return Err(Failure::Work(
            "the service was never started on this database: start it once".to_owned(),
        ));
    }
    let table = App::compose(&opened).await?.table;
    if json {
        output::json(&table);
        return Ok(());
    }
    let head = ["method", "path", "who", "assurance", "fresh", "forgery", "limit", "event"];
    let rows = table.iter().map(route);
    output::table(&std::iter::once(head.map(str::to_owned).to_vec()).chain(rows).collect::<Vec<_>>());
    Ok(())
}

fn route(policy: &RoutePolicy) -> Vec<String> {
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    vec![
        policy.method.method().to_string(),
        policy.path.to_owned(),
        word(json!(policy.who)),
        policy.assurance.map_or("-", crate::kernel::acr::Acr::name).to_owned(),
        policy.fresh_seconds.map_or_else(|| "-".to_owned(), |seconds| format!("{seconds}s")),
        word(json!(policy.csrf)),
        format!("{}/{}s", policy.limit.times, policy.limit.seconds),
        policy.event.to_owned(),
    ]
}

struct Question {
    principal: Principal,
    action: Action,
    resource: Resource,
}

fn decide(opened: &Opened, question: &Question, json: bool) {
    let decision = opened.policies.decide(&question.principal, question.action, &question.resource);
    let (allowed, ids) = match decision {
        Decision::Allow { policies } => (true, policies),
        Decision::Deny { policies } => (false, policies),
    };
    let why = |id: &String| opened.policies.why(id).unwrap_or_default().to_owned();
    if json {
        let policies: Vec<_> = ids.iter().map(|id| json!({ "id": id, "why": why(id) })).collect();
        output::json(&json!({ "allowed": allowed, "policies": policies }));
        return;
    }
    output::line(if allowed { "allowed" } else { "refused" });
    if ids.is_empty() {
        output::line("no policy permits it");
    }
    output::table(&ids.iter().map(|id| vec![id.clone(), why(id)]).collect::<Vec<_>>());
}

async fn principal_of(opened: &Opened, text: &str) -> Result<Principal, Failure> {
    match text {
        "operator" => Ok(Principal::Operator(own_name())),
        "nobody" => Ok(Principal::Nobody),
        name => Ok(Principal::Account(person(opened, name).await?)),
    }
}

async fn resource_of(opened: &Opened, text: &str) -> Result<Resource, Failure> {
    let organisation = organisation(opened).await?;
    match (text, text.split_once(':')) {
        ("portal", _) => Ok(Resource::Portal),
        ("log", _) => Ok(Resource::Log(organisation)),
        ("keys", _) => Ok(Resource::KeyRing(organisation)),
        ("organisation", _) => Ok(Resource::Organisation(organisation)),
        (_, Some(("account", name))) => Ok(Resource::Account(person(opened, name).await?)),
        (_, Some(("client", id))) => match opened.clients.get(id) {
            Some(_) => Ok(Resource::Client { id: id.to_owned(), organisation: None }),
            None => Err(Failure::Input(format!("no application has the id `{id}`"))),
        },
        _ => Err(Failure::Input(format!(
            "`{text}` is no resource; known: portal, log, keys, organisation, account:NAME, client:ID"
        ))),
    }
}

fn action_of(text: &str) -> Result<Action, Failure> {
    let as_written = |action: Action| {
        if let Action::GrantRole(role) | Action::RevokeRole(role) = action {
            return format!("{}:{}", action.name(), role.name());
        }
        action.name().to_owned()
    };
    Action::all().find(|action| as_written(*action) == text).ok_or_else(|| {
        let known: Vec<String> = Action::all().map(as_written).collect();
        Failure::Input(format!("`{text}` is no action; known: {}", known.join(", ")))
    })
}

async fn person(opened: &Opened, name: &str) -> Result<Person, Failure> {
    let unknown = || Failure::Input(format!("no account has the name `{name}`"));
    let login = LoginName::parse(name).ok_or_else(unknown)?;
    let account = opened.accounts.by_name(&login).await.map_err(unread)?;
    Ok(account.ok_or_else(unknown)?.person(opened.clock.now()))
}

async fn organisation(opened: &Opened) -> Result<OrganisationId, Failure> {
    let known = opened.accounts.organisation().await.map_err(unread)?;
    known.ok_or_else(|| Failure::Input("there is no organisation yet: add a person first".to_owned()))
}

fn unread(error: impl std::fmt::Display) -> Failure {
    Failure::Work(format!("the database cannot be read: {error}"))
}
