//! A copy of what is kept about a person, for that person. Source: GDPR, articles 15 and 20.

use serde_json::{Value, json};

use super::service::{NotDone, Portal};
use crate::event::model::Class;
use crate::event::{Event, Origin, What};
use crate::policy::Action;
use crate::session::Current;

/// Records in one export: more than years of daily sign-ins.
const RECORDS: u64 = 10_000;

impl Portal {
    /// Everything that is kept, without secrets; that it was asked for is recorded.
    ///
    /// # Errors
    /// The database does not answer, or the record of the export was not written.
    pub async fn export(&self, origin: &Origin, current: &Current) -> Result<Value, NotDone> {
        let _permit = self.permit(current, Action::ExportOwnData, origin.now)?;
        let account = &current.account;
        let event = Event::of(What::OwnDataExported, account.id).named(&account.login);
        self.log.record_alone(origin, event).await?;
        let authenticators = self.authenticators.of(account.id).await?;
        let codes = self.authenticators.recovery().of(account.id).await?;
        let sessions = self.sessions.open_of(account, origin.now).await?;
        let consents = self.consents.of(account.id).await?;
        let classes = [
            Class::AccountChange.uid(),
            Class::Authentication.uid(),
            Class::AuthorizeSession.uid(),
            Class::ApiActivity.uid(),
            Class::DetectionFinding.uid(),
        ];
        let records = self.log.latest_of(account.id, &classes, RECORDS).await?;
        Ok(json!({
            "exported_at": origin.now.iso(),
            "account": {
                "user_name": account.login,
                "display_name": account.display_name,
                "email": account.email,
                "language": account.language,
                "organisation": account.organisation,
                "roles": account.grants.iter().map(|grant| grant.role).collect::<Vec<_>>(),
                "claims": account.claims,
            },
            "sign_in_methods": authenticators.iter().map(|bound| json!({
                "id": bound.id,
                "kind": bound.kind.name(),
                "name": bound.name,
                "added_at": bound.created_at.iso(),
                "last_used_at": bound.last_used_at.map(crate::kernel::time::Moment::iso),
            })).collect::<Vec<_>>(),
            "recovery_codes": codes.map(|set| json!({
                "made_at": set.made_at.iso(),
                "left": set.left,
            })),
            "sessions": sessions.iter().map(|session| json!({
                "id": session.id,
                "since": session.created_at.iso(),
                "until": session.lasts_until().iso(),
                "address": session.address,
                "user_agent": session.user_agent,
            })).collect::<Vec<_>>(),
            "applications_agreed_to": consents.iter().map(|agreed| json!({
                "client_id": agreed.client_id,
                "scope": agreed.scope,
                "claims": agreed.claims,
                "given_at": agreed.given_at.iso(),
            })).collect::<Vec<_>>(),
            "events": records.iter().map(crate::event::read::Record::ocsf).collect::<Vec<_>>(),
        }))
    }
}
