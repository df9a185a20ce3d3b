//! Keys that take the place of others. Of sealing keys the older ones go on opening, and the new one seals
//! from now on; signing keys take turns by their schedule, and here out of turn.

use super::execute::{Work, failed};
use super::wire::{Answer, SigningTurn};
use crate::app::Failure;
use crate::config::clients::SigningAlg;
use crate::event::{Event, What};
use crate::infra::sealing::KeyRing;
use crate::oidc::{KeysError, Pins, Turn};
use crate::policy::{Action, Resource};

impl Work<'_> {
    pub(super) async fn rotate_keys(&self) -> Result<Answer, Failure> {
        let resource = Resource::KeyRing(self.organisation().await?);
        let _permit = self.permit(Action::ManageKeys, &resource)?;
        let path = &self.opened.config.keys.ring;
        let wrong = |error: &dyn std::fmt::Display| Failure::Work(format!("[keys] ring: {error}"));
        // From the file: another node may have added a key.
        let old = KeyRing::load(path).map_err(|error| wrong(&error))?;
        let new = old.with_new_key(self.origin.now, &self.opened.entropy).map_err(|error| wrong(&error))?;
        let id = new.summaries().iter().find(|key| key.current).map_or(0, |key| key.id);
        let text = format!("sealing key {id} was added to {}", path.display());
        if self.dry_run {
            return Ok(self.done(text));
        }
        new.save(path).map_err(|error| wrong(&error))?;
        // Nothing was sealed under the new key yet: without its event it is taken back.
        if let Err(error) = self.record(Event::new(What::SealingKeyAdded { key: id })).await {
            old.save(path).map_err(|error| wrong(&error))?;
            return Err(error);
        }
        self.opened.ring.reload(path).map_err(failed)?;
        Ok(self.done(text))
    }

    pub(super) async fn turn_signing_keys(&self, asked: &SigningTurn) -> Result<Answer, Failure> {
        let resource = Resource::KeyRing(self.organisation().await?);
        let _permit = self.permit(Action::ManageKeys, &resource)?;
        let clients = &self.opened.clients;
        let needed = clients.algorithms();
        let algorithms = match asked.algorithm {
            None => needed,
            Some(algorithm) if needed.contains(&algorithm) => vec![algorithm],
            Some(algorithm) => return Err(unneeded(algorithm)),
        };
        let (pace, force, dry_run) = (asked.pace, asked.force, self.dry_run);
        let turn = Turn { algorithms, pace, force, dry_run };
        let turned = self.opened.signing_keys.turn(&turn, &Pins::of(clients), &self.origin).await;
        let turned = turned.map_err(|error| match error {
            KeysError::Pinned { .. } => Failure::Input(format!("{error}; --force retires it nevertheless")),
            KeysError::DoesNotOpen { .. }
            | KeysError::Unreadable { .. }
            | KeysError::None(_)
            | KeysError::Jws(_)
            | KeysError::Database(_) => failed(error),
        })?;
        Ok(Answer::Turned { turned, dry_run })
    }
}

fn unneeded(algorithm: SigningAlg) -> Failure {
    Failure::Input(format!("--alg {}: no application needs a key for this algorithm", algorithm.name()))
}
