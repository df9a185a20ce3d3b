//! Rotating the sealing key: older keys go on opening, the new one seals from now on.

use super::execute::{Work, failed};
use super::wire::Answer;
use crate::app::Failure;
use crate::event::{Event, What};
use crate::infra::sealing::KeyRing;
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
}
