//! Use cases of sessions.

use std::collections::HashMap;
use std::time::Duration;

use super::model::{Current, Lifetimes, Over, Session};
use super::store::{self, Which, session, session_client};
use crate::account::{Account, Accounts};
use crate::event::model::EndReason;
use crate::event::{Event, EventLog, Origin, What};
use crate::infra::database::{Database, DbErr, Unit, WriteError};
use crate::kernel::acr::{Acr, Amr};
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{AccountId, DeviceId, SessionId};
use crate::kernel::secret::BearerToken;
use crate::kernel::time::Moment;

/// How stale the moment of last use may be: saves a write on almost every request.
const SEEN_SECONDS: u64 = 60;
/// Condition that fails when the session is ended already or is not the person's.
const SESSION_OPEN: &str = "session_open";

/// What a new session is made of.
pub struct NewSession<'a> {
    pub account: &'a Account,
    pub device: DeviceId,
    pub acr: Acr,
    pub amr: Vec<Amr>,
    pub authenticated_at: Moment,
}

/// Signed-in browsers; cheap to clone.
#[derive(Clone)]
pub struct Sessions {
    db: Database,
    log: EventLog,
    accounts: Accounts,
    entropy: Entropy,
    lifetimes: Lifetimes,
}

impl Sessions {
    pub const fn new(
        db: Database,
        log: EventLog,
        accounts: Accounts,
        entropy: Entropy,
        lifetimes: Lifetimes,
    ) -> Self {
        Self { db, log, accounts, entropy, lifetimes }
    }

    /// Starts a session in the unit of the proof that earned it. The token leaves once, as a cookie.
    pub fn start(&self, unit: &mut Unit, origin: &Origin, new: &NewSession<'_>) -> (SessionId, BearerToken) {
        let id = SessionId::new(origin.now, &self.entropy);
        let token = BearerToken::new(&self.entropy);
        let lifetime = self.lifetimes.of(new.account.strongest_role());
        let idle_seconds = i64::try_from(lifetime.idle.as_secs()).unwrap_or(i64::MAX);
        unit.insert(session::Model {
            id: id.uuid(),
            token: token.digest(),
            account_id: new.account.id.uuid(),
            device_id: new.device.uuid(),
            acr: new.acr.name().to_owned(),
            amr: amr_text(&new.amr),
            authenticated_at: new.authenticated_at.micros(),
            created_at: origin.now.micros(),
            seen_at: origin.now.micros(),
            idle_seconds,
            ends_at: origin.now.plus(lifetime.absolute).micros(),
            epoch: new.account.epoch,
            address: origin.ip().map(|ip| ip.to_string()).unwrap_or_default(),
            user_agent: origin.user_agent.clone(),
            ended_at: None,
            end_reason: None,
        });
        (id, token)
    }

    /// The session behind a token, checked against its limits and its account.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find(
        &self,
        token: &BearerToken,
        now: Moment,
    ) -> Result<Option<Result<Current, Over>>, DbErr> {
        let Some(row) = store::by_token(&self.db, &token.digest()).await? else { return Ok(None) };
        self.check(row, now).await
    }

    /// The session of an id, checked likewise: what a token's `sid` stands for.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn by_id(&self, id: SessionId, now: Moment) -> Result<Option<Result<Current, Over>>, DbErr> {
        let Some(row) = store::by_id(&self.db, id.uuid()).await? else { return Ok(None) };
        self.check(row, now).await
    }

    async fn check(&self, row: session::Model, now: Moment) -> Result<Option<Result<Current, Over>>, DbErr> {
        let Some(session) = from_row(row) else { return Ok(None) };
        let Some(account) = self.accounts.by_id(session.account).await? else { return Ok(None) };
        let session = self.held_to_present_role(session, &account);
        Ok(Some(session.check(&account, now).map(|()| Current { session, account })))
    }

    /// A role that was granted since the session began brings its own, shorter limits at once.
    fn held_to_present_role(&self, session: Session, account: &Account) -> Session {
        let lifetime = self.lifetimes.of(account.strongest_role());
        Session {
            idle: session.idle.min(lifetime.idle),
            ends_at: session.ends_at.min(session.created_at.plus(lifetime.absolute)),
            ..session
        }
    }

    /// Notes that the session is in use, at most once a minute.
    ///
    /// # Errors
    /// The database does not take it.
    pub async fn touch(&self, session: &Session, now: Moment) -> Result<(), WriteError> {
        if now.since(session.seen_at) < Duration::from_secs(SEEN_SECONDS) {
            return Ok(());
        }
        let mut unit = self.db.unit();
        unit.run(&store::seen(session.id.uuid(), now.micros()));
        // No event: a page that is looked at changes nothing.
        self.db.write(unit).await.map(|_| ())
    }

    /// Records that a client was reached through the session, in the unit of what it was given.
    pub fn reached(&self, unit: &mut Unit, session: SessionId, client_id: &str, now: Moment) {
        unit.run(&store::reached(session_client::Model {
            session_id: session.uuid(),
            client_id: client_id.to_owned(),
            first_at: now.micros(),
        }));
    }

    /// Ends one session of an account; `false` when it was not open or not the account's.
    ///
    /// # Errors
    /// The database does not take it.
    pub async fn end(
        &self,
        origin: &Origin,
        account: &Account,
        session: SessionId,
        reason: EndReason,
    ) -> Result<bool, WriteError> {
        let mut unit = self.db.unit();
        let which = Which::One { id: session.uuid(), of: account.id.uuid() };
        unit.require(SESSION_OPEN, &store::end(&which, origin.now.micros(), reason.name()));
        let what = What::SignedOut { reason, sessions: vec![session] };
        self.log.record(&mut unit, origin, Event::of(what, account.id).named(&account.login)).await?;
        match self.db.write(unit).await {
            Ok(_) => Ok(true),
            Err(WriteError::Refused(SESSION_OPEN)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Ends the session that a browser had, in the unit of the one that takes its place.
    ///
    /// # Errors
    /// The log does not take it.
    pub async fn replace(
        &self,
        unit: &mut Unit,
        origin: &Origin,
        old: &Current,
        reason: EndReason,
    ) -> Result<(), WriteError> {
        let which = Which::One { id: old.session.id.uuid(), of: old.account.id.uuid() };
        unit.run(&store::end(&which, origin.now.micros(), reason.name()));
        let what = What::SignedOut { reason, sessions: vec![old.session.id] };
        let event = Event::of(what, old.account.id).named(&old.account.login);
        self.log.record(unit, origin, event).await.map(|_| ())
    }

    /// Ends all sessions of an account but one (or none kept), in a unit of the caller, and trusts none of its
    /// browsers any more.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn end_all(
        &self,
        unit: &mut Unit,
        origin: &Origin,
        account: &Account,
        kept: Option<SessionId>,
        reason: EndReason,
    ) -> Result<usize, WriteError> {
        let open = self.open_of(account, origin.now).await.map_err(WriteError::Unavailable)?;
        let ended: Vec<SessionId> = open.iter().map(|open| open.id).filter(|id| Some(*id) != kept).collect();
        let which = Which::AllBut { kept: kept.map(SessionId::uuid), of: account.id.uuid() };
        unit.run(&store::end(&which, origin.now.micros(), reason.name()));
        // Whatever makes sessions end makes a browser that stands for a proof worth nothing, too.
        unit.run(&store::distrust(account.id.uuid(), None));
        let count = ended.len();
        if count > 0 {
            let what = What::SignedOut { reason, sessions: ended };
            self.log.record(unit, origin, Event::of(what, account.id).named(&account.login)).await?;
        }
        Ok(count)
    }

    /// Takes away sessions that ended, at the latest, before a moment.
    pub fn forget_before(&self, unit: &mut Unit, before: Moment) {
        unit.run(&store::forget_before(before.micros()));
    }

    /// Sessions of an account that are still good, newest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn open_of(&self, account: &Account, now: Moment) -> Result<Vec<Session>, DbErr> {
        let rows = store::open_of(self.db.read(), account.id.uuid()).await?;
        let sessions = rows.into_iter().filter_map(from_row);
        let sessions = sessions.map(|session| self.held_to_present_role(session, account));
        Ok(sessions.filter(|session| session.check(account, now).is_ok()).collect())
    }

    /// The clients that each of the sessions reached.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn clients_of(&self, sessions: &[Session]) -> Result<HashMap<SessionId, Vec<String>>, DbErr> {
        let ids = sessions.iter().map(|session| session.id.uuid()).collect();
        let mut by_session: HashMap<SessionId, Vec<String>> = HashMap::new();
        for row in store::clients_of(self.db.read(), ids).await? {
            by_session.entry(SessionId::from_uuid(row.session_id)).or_default().push(row.client_id);
        }
        Ok(by_session)
    }
}

fn amr_text(amr: &[Amr]) -> String {
    amr.iter().map(|amr| amr.name()).collect::<Vec<_>>().join(" ")
}

fn from_row(row: session::Model) -> Option<Session> {
    let amr = row.amr.split(' ').filter_map(Amr::from_name).collect();
    Some(Session {
        id: SessionId::from_uuid(row.id),
        account: AccountId::from_uuid(row.account_id),
        device: DeviceId::from_uuid(row.device_id),
        acr: Acr::from_name(&row.acr)?,
        amr,
        authenticated_at: Moment::from_micros(row.authenticated_at),
        created_at: Moment::from_micros(row.created_at),
        seen_at: Moment::from_micros(row.seen_at),
        idle: Duration::from_secs(u64::try_from(row.idle_seconds).unwrap_or(0)),
        ends_at: Moment::from_micros(row.ends_at),
        epoch: row.epoch,
        address: row.address,
        user_agent: row.user_agent,
        ended_at: row.ended_at.map(Moment::from_micros),
    })
}
