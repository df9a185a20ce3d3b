//! Filling the account page from authenticators, sessions and the log.

use super::pages::{
    AccountPage, AuthenticatorKind, AuthenticatorRow, LinkedRow, Method, SessionRow, SignInRow, StoppedAt,
};
use super::service::{Portal, may_lose, place_name};
use crate::authenticator::AuthenticatorKind as BoundKind;
use crate::authenticator::passkeys::KeyKind;
use crate::directory::Whose;
use crate::event::model::Class;
use crate::event::read::Record;
use crate::event::user_agent::Device;
use crate::federation::LinkSummary;
use crate::infra::database::DbErr;
use crate::kernel::id::AuthenticatorId;
use crate::kernel::language::Language;
use crate::kernel::time::Moment;
use crate::session::Current;
use crate::web::context::Ctx;
use crate::web::text::Text;

/// Records of signing in that are looked through for the list.
const RECORDS: u64 = 60;
/// Rows of the list.
const SIGN_INS: usize = 20;

impl Portal {
    /// # Errors
    /// The database does not answer.
    pub async fn account(&self, ctx: &Ctx, current: &Current) -> Result<AccountPage, DbErr> {
        Ok(AccountPage {
            shell: ctx.shell_at("/account"),
            authenticators: self.authenticator_rows(current, ctx.now()).await?,
            links: self.linked_rows(current).await?,
            links_offered: !self.federation.offers().is_empty(),
            recovery: self.recovery_state(current, ctx.now()).await?,
            sessions: self.session_rows(ctx, current).await?,
            browsers: self.browser_rows(ctx, current).await?,
            consents: self.consent_rows(ctx.text(), current).await?,
            sign_ins: self.sign_in_rows(ctx.text(), current).await?,
            now: ctx.now(),
        })
    }

    async fn authenticator_rows(
        &self,
        current: &Current,
        now: Moment,
    ) -> Result<Vec<AuthenticatorRow>, DbErr> {
        let account = current.account.id;
        let bound = self.authenticators.of(account).await?;
        let whose = Whose::kept_by(account, &current.account.directory);
        let dates = self.directory.standing(whose, now).await?;
        let mut rows: Vec<AuthenticatorRow> = bound
            .iter()
            .map(|one| AuthenticatorRow {
                id: one.id,
                kind: kind_of(one.kind),
                name: one.name.clone(),
                added: one.created_at,
                last_used: one.last_used_at,
                removable: may_lose(&current.account, &bound, one.id, dates.is_some()),
            })
            .collect();
        if let Some(dates) = dates {
            rows.push(AuthenticatorRow {
                id: AuthenticatorId::from_uuid(account.uuid()),
                kind: AuthenticatorKind::Password,
                name: String::new(),
                added: dates.changed_at,
                last_used: None,
                removable: false,
            });
        }
        Ok(rows)
    }

    async fn linked_rows(&self, current: &Current) -> Result<Vec<LinkedRow>, DbErr> {
        let links = self.federation.links().of(current.account.id).await?;
        let row = |link: LinkSummary| LinkedRow {
            label: self.federation.label(&link.provider),
            added: link.linked_at,
            last_used: link.used_at,
        };
        Ok(links.into_iter().map(row).collect())
    }

    async fn session_rows(&self, ctx: &Ctx, current: &Current) -> Result<Vec<SessionRow>, DbErr> {
        let sessions = self.sessions.open_of(&current.account, ctx.now()).await?;
        let reached = self.sessions.clients_of(&sessions).await?;
        let name = |id: &String| self.application(id, ctx.text().language());
        Ok(sessions
            .iter()
            .map(|session| SessionRow {
                id: session.id,
                device: device(ctx.text(), &session.user_agent),
                place: self.place(&session.address),
                since: session.created_at,
                until: session.lasts_until(),
                applications: reached.get(&session.id).into_iter().flatten().map(name).collect(),
                here: session.id == current.session.id,
            })
            .collect())
    }

    /// The name of an application; its id where it is not registered any more.
    pub(super) fn application(&self, client_id: &str, language: Language) -> String {
        let client = self.clients.get(client_id);
        client.map_or_else(|| client_id.to_owned(), |client| client.client_name.get(language).to_owned())
    }

    async fn sign_in_rows(&self, text: Text, current: &Current) -> Result<Vec<SignInRow>, DbErr> {
        let classes = [Class::Authentication.uid()];
        let records = self.log.latest_of(current.account.id, &classes, RECORDS).await?;
        Ok(records.iter().filter_map(|record| row(text, record)).take(SIGN_INS).collect())
    }
}

/// A record as a line of the list; steps on the way to a sign-in that went on are no line of their own.
fn row(text: Text, record: &Record) -> Option<SignInRow> {
    let stopped_at = match record.text("what")? {
        "signed_in" => None,
        "password_refused" => Some(StoppedAt::Password),
        "totp_refused" | "recovery_code_refused" => Some(StoppedAt::Code),
        "key_refused" => Some(StoppedAt::Key),
        "sign_in_paused" => Some(StoppedAt::Pause),
        _ => return None,
    };
    let personal = record.personal.clone().unwrap_or_default();
    Some(SignInRow {
        at: record.at,
        ok: stopped_at.is_none(),
        device: device(text, &personal.user_agent),
        place: place_name(personal.city.as_deref(), personal.country.as_deref()),
        method: method_of(record),
        stopped_at,
    })
}

/// What was used, or was about to be.
pub(super) fn method_of(record: &Record) -> Method {
    match record.text("what") {
        Some("totp_refused" | "recovery_code_refused") => return Method::PasswordAndCode,
        Some("key_refused") => return Method::Passkey,
        _ => {}
    }
    let used = |name: &str| record.list("amr").contains(&name);
    if !used("mfa") {
        Method::Password
    } else if !used("pwd") {
        Method::Passkey
    } else if used("otp") {
        Method::PasswordAndCode
    } else {
        Method::PasswordAndKey
    }
}

const fn kind_of(kind: BoundKind) -> AuthenticatorKind {
    match kind {
        BoundKind::App => AuthenticatorKind::App,
        BoundKind::Key { kind: KeyKind::Passkey, device, .. } => AuthenticatorKind::Passkey(device),
        BoundKind::Key { kind: KeyKind::SecurityKey, device, .. } => AuthenticatorKind::SecurityKey(device),
    }
}

fn device(text: Text, user_agent: &str) -> String {
    let device = Device::recognise(user_agent);
    text.device(device.browser, device.os)
}
