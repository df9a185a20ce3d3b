//! The register of clients: what would change, applying it, and ending what a client was given.

use std::collections::BTreeMap;

use super::execute::{Work, failed};
use super::shown_client::{ClientDetail, ClientShown, ClientState};
use super::wire::Answer;
use crate::app::Failure;
use crate::cli::wanted::wanted;
use crate::config::clients::ClientConfig;
use crate::demo::{self, folder};
use crate::oidc::{ChangeKind, Plan, RegisterError};
use crate::policy::{Action, Permit, Resource};

impl Work<'_> {
    pub(super) async fn list_clients(&self) -> Result<Answer, Failure> {
        // A broken file is told and hides nothing of the register.
        let (wanted, files) = match wanted(&self.opened.config) {
            Ok(wanted) => (wanted, None),
            Err(Failure::Input(text) | Failure::Work(text)) => (vec![], Some(text)),
        };
        let plan = self.plan_for(&wanted).await?;
        let mut clients = vec![];
        for (id, (client, is_registered)) in self.known(&wanted) {
            let _permit = self.manage(&id)?;
            let state = match files {
                Some(_) => ClientState::Unknown,
                None => state(&plan, &id, is_registered),
            };
            clients.push(ClientShown::of(&client, state, self.origin.now));
        }
        Ok(Answer::Clients { clients, files })
    }

    pub(super) async fn show_client(&self, id: &str) -> Result<Answer, Failure> {
        let _permit = self.manage(id)?;
        let wanted = wanted(&self.opened.config)?;
        let plan = self.plan_for(&wanted).await?;
        let (client, is_registered) = self.known(&wanted).remove(id).ok_or_else(|| unknown(id))?;
        let shown = ClientShown::of(&client, state(&plan, id, is_registered), self.origin.now);
        let changes = plan.of(id).map(|change| change.members.clone()).unwrap_or_default();
        let client = Box::new(ClientDetail::of(shown, &client, changes));
        Ok(Answer::Client { client })
    }

    pub(super) async fn plan_clients(&self) -> Result<Answer, Failure> {
        let plan = self.plan_for(&wanted(&self.opened.config)?).await?;
        self.manage_all(&plan)?;
        Ok(Answer::Plan { plan, applied: false })
    }

    /// Makes the register what the files say. An empty folder is more often a mistake than a wish.
    pub(super) async fn apply_clients(&self, end_all: bool) -> Result<Answer, Failure> {
        let (config, wanted) = (&self.opened.config, wanted(&self.opened.config)?);
        let plan = self.plan_for(&wanted).await?;
        self.manage_all(&plan)?;
        if !folder::is_demo(Some(&config.data.folder))
            && let Some(finding) = demo::of_the_demo(config, &wanted)
        {
            return Err(Failure::Input(finding.to_string()));
        }
        if wanted.is_empty() && !plan.is_empty() && !end_all {
            return Err(Failure::Input(format!(
                "{}: here is no registration, and applying that would end every client: say --end-all if it is meant",
                config.clients.folder.display()
            )));
        }
        if self.dry_run {
            return Ok(Answer::Plan { plan, applied: false });
        }
        let applied = self.opened.register.apply(&self.origin, &plan, &wanted).await;
        applied.map_err(register_failure)?;
        Ok(Answer::Plan { plan, applied: true })
    }

    pub(super) async fn revoke_client(&self, id: &str) -> Result<Answer, Failure> {
        let _permit = self.manage(id)?;
        let text = format!("all that {id} was given is dead");
        if self.opened.clients.get(id).is_none() {
            return Err(unknown(id));
        }
        if !self.dry_run {
            self.opened.register.revoke(&self.origin, id).await.map_err(register_failure)?;
        }
        Ok(self.done(text))
    }

    async fn plan_for(&self, wanted: &[ClientConfig]) -> Result<Plan, Failure> {
        // What another node applied shows here too.
        self.opened.register.follow().await.map_err(register_failure)?;
        self.opened.register.plan(wanted).await.map_err(register_failure)
    }

    /// Every client that is registered or wanted, and whether it is registered: then as it is there.
    fn known(&self, wanted: &[ClientConfig]) -> BTreeMap<String, (ClientConfig, bool)> {
        let wanted = wanted.iter().map(|client| (client.client_id.clone(), (client.clone(), false)));
        let registered = self.opened.clients.all();
        let registered = registered.map(|client| (client.client_id.clone(), ((**client).clone(), true)));
        wanted.chain(registered).collect()
    }

    fn manage(&self, id: &str) -> Result<Permit, Failure> {
        self.permit(Action::ManageClients, &Resource::Client { id: id.to_owned(), organisation: None })
    }

    fn manage_all(&self, plan: &Plan) -> Result<(), Failure> {
        plan.changes.iter().try_for_each(|change| self.manage(&change.client_id).map(|_| ()))
    }
}

fn state(plan: &Plan, id: &str, is_registered: bool) -> ClientState {
    match plan.of(id).map(|change| change.kind) {
        None if is_registered => ClientState::Registered,
        None | Some(ChangeKind::Added) => ClientState::NotApplied,
        Some(ChangeKind::Changed) => ClientState::Differs,
        Some(ChangeKind::Ended) => ClientState::NoFile,
    }
}

fn unknown(id: &str) -> Failure {
    Failure::Input(format!("no application has the id `{id}`"))
}

fn register_failure(error: RegisterError) -> Failure {
    match error {
        RegisterError::Unknown(_) => Failure::Input(error.to_string()),
        RegisterError::Changed | RegisterError::Database(_) => failed(error),
    }
}
