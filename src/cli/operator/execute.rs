//! The one way in which a request is executed, in a node or under the lock.

use std::fmt::Display;

use super::wire::{Answer, Asked, Outcome, Request};
use crate::account::State;
use crate::app::{Failure, Opened};
use crate::event::origin::Actor;
use crate::event::{Event, Origin, What};
use crate::kernel::id::{OrganisationId, RequestId};
use crate::policy::{Action, Permit, Principal, Resource};

/// Longest name of a reading command.
const COMMAND_BYTES_MAX: usize = 64;

/// Executes a request of an operating-system user.
pub async fn execute(opened: &Opened, user: String, asked: Asked) -> Answer {
    let now = opened.clock.now();
    let actor = Actor::Operator(user.clone());
    let origin = Origin::internal(now, RequestId::new(now, &opened.entropy), actor);
    let work = Work { opened, origin, user, dry_run: asked.dry_run };
    work.run(asked.request).await.unwrap_or_else(Answer::from)
}

/// One request on its way.
pub struct Work<'a> {
    pub opened: &'a Opened,
    pub origin: Origin,
    pub user: String,
    pub dry_run: bool,
}

impl Work<'_> {
    async fn run(&self, request: Request) -> Result<Answer, Failure> {
        match request {
            Request::ListPeople {} => self.list_people().await,
            Request::ShowPerson { name } => self.show_person(&name).await,
            Request::AddPerson(new) => self.add_person(*new).await,
            Request::EnablePerson { name } => self.set_state(&name, State::Active).await,
            Request::DisablePerson { name } => self.set_state(&name, State::Disabled).await,
            Request::EndPerson { name, from } => self.end_person(&name, from).await,
            Request::ErasePerson { name } => self.erase_person(&name).await,
            Request::GrantRole { name, role } => self.grant(&name, role).await,
            Request::RevokeRole { name, role } => self.revoke(&name, role).await,
            Request::SetPassword { name, password, must_change } => {
                self.set_password(&name, &password, must_change).await
            }
            Request::ReleasePerson { name } => self.release(&name).await,
            Request::SignOutPerson { name } => self.sign_out(&name).await,
            Request::InvitePerson { name, hours } => self.invite(&name, hours).await,
            Request::RescuePerson { name, hours } => self.rescue(&name, hours).await,
            Request::ListLinks { name } => self.list_links(&name).await,
            Request::RemoveLink { name, provider } => self.remove_link(&name, &provider).await,
            Request::Readiness { level } => self.readiness(level).await,
            Request::Forecast {} => self.forecast().await,
            Request::RotateKeys {} => self.rotate_keys().await,
            Request::TurnSigningKeys(turn) => self.turn_signing_keys(&turn).await,
            Request::ListClients {} => self.list_clients().await,
            Request::ShowClient { client_id } => self.show_client(&client_id).await,
            Request::PlanClients {} => self.plan_clients().await,
            Request::ApplyClients { end_all } => self.apply_clients(end_all).await,
            Request::RevokeClient { client_id } => self.revoke_client(&client_id).await,
            Request::Note { command } => self.note(command).await,
        }
    }

    pub fn permit(&self, action: Action, resource: &Resource) -> Result<Permit, Failure> {
        let principal = Principal::Operator(self.user.clone());
        let permit = self.opened.policies.authorize(&principal, action, resource);
        permit.map_err(|denied| {
            Failure::Work(format!("the policies do not let the operator do this: {denied}"))
        })
    }

    /// The organisation of this installation; of nobody where none was made yet.
    pub async fn organisation(&self) -> Result<OrganisationId, Failure> {
        let known = self.opened.accounts.organisation().await.map_err(failed)?;
        Ok(known.unwrap_or(OrganisationId::from_uuid(uuid::Uuid::nil())))
    }

    async fn note(&self, command: String) -> Result<Answer, Failure> {
        let resource = Resource::Log(self.organisation().await?);
        let _permit = self.permit(Action::ViewLog, &resource)?;
        let plain = command.len() <= COMMAND_BYTES_MAX
            && command.bytes().all(|b| b.is_ascii_lowercase() || b == b' ');
        if !plain {
            return Err(Failure::Input("this is no name of a command".to_owned()));
        }
        self.record(Event::new(What::CommandRun { command: command.clone() })).await?;
        Ok(self.done(format!("{command} was recorded")))
    }

    pub async fn record(&self, event: Event) -> Result<(), Failure> {
        self.opened.log.record_alone(&self.origin, event).await.map_err(failed)
    }

    /// What was done, or would be.
    pub fn done(&self, done: String) -> Answer {
        Answer::Done(Outcome { done, changed: !self.dry_run, dry_run: self.dry_run })
    }

    /// Nothing to do.
    pub fn already(&self, done: String) -> Answer {
        Answer::Done(Outcome { done, changed: false, dry_run: self.dry_run })
    }
}

/// What failed while working, with its cause.
pub fn failed(error: impl Display) -> Failure {
    Failure::Work(format!("the command was not carried out: {error}"))
}
