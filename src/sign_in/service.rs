//! What the steps of signing in share.

use std::sync::Arc;
use std::time::Duration;

use crate::account::Accounts;
use crate::account::attempt::{Attempts, Bucket, Reservation, Target as AttemptTarget};
use crate::account::model::{Account, Closed};
use crate::account::notices::Notices;
use crate::authenticator::Authenticators;
use crate::directory::{Directories, DirectoryError, Whose};
use crate::event::model::Refusal;
use crate::event::{CaseCode, Event, EventLog, Origin, What};
use crate::expiry::Expiry;
use crate::federation::{Federation, Refused};
use crate::infra::database::{DbErr, WriteError};
use crate::infra::hashing::HashError;
use crate::infra::state::{Admission, Limit, State};
use crate::journey::model::{Facts, Journey, Purpose, Step, Target};
use crate::journey::service::NewJourney;
use crate::journey::{JourneyError, Journeys};
use crate::kernel::acr::Acr;
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{AccountId, DeviceId, JourneyId};
use crate::kernel::proof::Way;
use crate::kernel::secret::BearerToken;
use crate::kernel::time::Moment;
use crate::policy::{Action, Denied, Permit, Policies, Resource};
use crate::session::{Current, Devices, Sessions};
use crate::web::browser::DeviceCookie;
use crate::web::params::Params;

/// What is counted of a source.
const ATTEMPT: &str = "sign-in";

/// What the configuration says of signing in.
#[derive(Clone, Copy, Debug)]
pub struct SignInOptions {
    /// How often one source may fail.
    pub per_source: Limit,
    /// A refusal leaves no earlier than this after the request came in.
    pub refusal_time: Duration,
    /// And up to this much later, drawn each time.
    pub refusal_jitter: Duration,
    /// How long a browser may stand for a second proof; `None`: none may.
    pub trust_for: Option<Duration>,
}

/// The rooms that signing in stands on.
#[derive(Clone)]
pub struct SignIn {
    pub accounts: Accounts,
    pub directory: Directories,
    pub authenticators: Authenticators,
    pub federation: Federation,
    pub attempts: Attempts,
    pub journeys: Journeys,
    pub sessions: Sessions,
    pub devices: Devices,
    pub policies: Policies,
    pub log: EventLog,
    pub notices: Notices,
    pub expiry: Expiry,
    pub state: Arc<State>,
    pub entropy: Entropy,
    pub options: SignInOptions,
}

/// The request that brings a step, and the session that its browser has at present: it ends with the new one.
#[derive(Clone)]
pub struct Visit {
    pub origin: Origin,
    pub browser: DeviceCookie,
    pub current: Option<Current>,
    /// The person wishes that this browser stands for the second proof from now on.
    pub trust: bool,
}

impl Visit {
    /// The same as a part of a journey, which its events name.
    pub(super) fn on(&self, journey: JourneyId) -> Self {
        Self {
            origin: self.origin.with_journey(journey),
            browser: self.browser,
            current: self.current.clone(),
            trust: self.trust,
        }
    }
}

/// Where a person was going, and what is demanded there.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub target: Target,
    pub least: Acr,
}

impl Wanted {
    /// What the link asks for that led here. A level of assurance in it can only add to what is demanded anyway.
    pub fn of_link(query: &Params) -> Self {
        Self {
            target: query.get("to").and_then(Target::from_name).unwrap_or_default(),
            least: query.get("level").and_then(Acr::from_name).unwrap_or(Acr::Pwd),
        }
    }

    pub fn home() -> Self {
        Self { target: Target::default(), least: Acr::Pwd }
    }

    pub fn of(journey: &Journey) -> Self {
        Self { target: journey.target.clone(), least: journey.required }
    }
}

/// What a browser gets at the end of a sign-in.
pub struct SignedIn {
    pub token: BearerToken,
    pub browser: DeviceCookie,
    pub journey: JourneyId,
    pub target: Target,
    /// What the person is led to before.
    pub afterwards: Option<Afterwards>,
    /// By how many minutes the clock of the person's phone is off.
    pub clock_off: Option<u32>,
}

/// Why somebody is led past the page of what should be seen to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Afterwards {
    /// A first authenticator was bound, and there is no way back without it.
    Enrolment,
    /// A recovery code was used: something is lost.
    Recovery,
    /// A new password was chosen in place of one that had run out: devices still know the old one.
    NewPassword,
}

impl Afterwards {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Enrolment => "enrolment",
            Self::Recovery => "recovery",
            Self::NewPassword => "password",
        }
    }

    /// Those that the page of what should be seen to is for.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Enrolment, Self::Recovery].into_iter().find(|after| after.name() == name)
    }
}

/// How a step ended that was taken.
pub enum Taken {
    /// There is more to do.
    Next(Box<Journey>),
    /// The person is in.
    Done(SignedIn),
}

/// Why a step was not taken. Those of a person's making carry a case code.
#[derive(Debug)]
pub enum NotTaken {
    /// One answer for unknown, wrong, empty, locked, disabled and ended.
    Refused(CaseCode),
    Paused {
        until: Moment,
        case: CaseCode,
    },
    CodeWrong {
        left: u32,
        case: CaseCode,
    },
    /// The code is of another time, and the secret is on the person's own screen: its clock may be told of.
    ClockOff {
        minutes: u64,
        case: CaseCode,
    },
    CodeUsed(CaseCode),
    CodeMalformed,
    /// What another provider said was not believed, or leads nowhere here.
    Upstream(Box<Refused>),
    /// What a passkey or a security key answered was not accepted.
    KeyRefused(CaseCode),
    Busy,
    /// The policies do not permit it.
    Forbidden,
    /// The journey is not at this step (any more): look where it is.
    Moved,
    Write(WriteError),
}

impl From<WriteError> for NotTaken {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Refused(condition) => {
                tracing::debug!(condition, "a step was taken elsewhere");
                Self::Moved
            }
            WriteError::Full => Self::Busy,
            error @ (WriteError::Unavailable(_) | WriteError::Unsealed(_)) => Self::Write(error),
        }
    }
}

impl From<DbErr> for NotTaken {
    fn from(error: DbErr) -> Self {
        Self::Write(WriteError::Unavailable(error))
    }
}

impl From<Denied> for NotTaken {
    fn from(denied: Denied) -> Self {
        tracing::info!(%denied, "a use case was not permitted");
        Self::Forbidden
    }
}

impl From<JourneyError> for NotTaken {
    fn from(error: JourneyError) -> Self {
        match error {
            JourneyError::Database(error) => error.into(),
            JourneyError::Write(error) => error.into(),
        }
    }
}

impl From<DirectoryError> for NotTaken {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::Hash(HashError::Full) => Self::Busy,
            DirectoryError::Hash(error @ HashError::Broken) => {
                Self::Write(WriteError::Unavailable(DbErr::Custom(error.to_string())))
            }
            DirectoryError::Database(error) => error.into(),
            DirectoryError::Weak(_) => Self::Moved,
            DirectoryError::Breaches(error) => {
                tracing::error!(%error, "no password can be chosen: the breach filter does not answer");
                Self::Busy
            }
        }
    }
}

impl SignIn {
    /// Where a journey stands, and whose it is.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn standing(&self, journey: &Journey, now: Moment) -> Result<(Step, Option<Account>), DbErr> {
        let Some(id) = journey.account else { return Ok((Step::Identify, None)) };
        let Some(account) = self.accounts.by_id(id).await? else { return Ok((Step::Identify, None)) };
        let facts = self.facts(&account, now).await?;
        Ok((journey.next(&facts), Some(account)))
    }

    /// The journey that a first proof is for. One that belongs to someone else stays theirs: it is planned anew,
    /// to the same place.
    pub(super) fn journey_for(
        &self,
        under_way: Option<&Journey>,
        wanted: &Wanted,
        login: String,
        subject: Option<AccountId>,
        origin: &Origin,
    ) -> Journey {
        let (purpose, Wanted { target, least: required }) = match under_way {
            Some(journey) if journey.account.is_none() || journey.account == subject => {
                return Journey { login, ..journey.clone() };
            }
            Some(journey) => (journey.purpose, Wanted::of(journey)),
            None => (Purpose::SignIn, wanted.clone()),
        };
        self.journeys.plan(NewJourney { purpose, required, login, target }, origin.now)
    }

    /// Asks the policies what a person wants to do with the own account.
    pub(super) fn permit_own(
        &self,
        account: &Account,
        action: Action,
        now: Moment,
    ) -> Result<Permit, Denied> {
        let resource = Resource::Account(account.person(now));
        self.policies.authorize(&account.principal(now), action, &resource)
    }

    pub(super) async fn facts(&self, account: &Account, now: Moment) -> Result<Facts, DbErr> {
        let mut ways = self.authenticators.ways(account.id).await?;
        let codes_left = self.authenticators.recovery().left(account.id).await?;
        ways.extend((codes_left > 0).then_some(Way::RecoveryCode));
        let whose = Whose::kept_by(account.id, &account.directory);
        let dates = self.directory.standing(whose, now).await?;
        ways.extend(self.federation.linked_ways(account.id).await?);
        ways.extend(dates.is_some().then_some(Way::Password));
        let must_choose_password = dates.is_some_and(|dates| dates.must_change || dates.is_expired(now));
        let password_set_at = dates.map(|dates| dates.changed_at);
        Ok(Facts { ways, must_choose_password, password_set_at })
    }

    /// The account of a journey that is at the meant step, through the gate.
    pub(super) async fn at_step(
        &self,
        journey: &Journey,
        is_meant: impl Fn(&Step) -> bool,
        now: Moment,
    ) -> Result<Account, NotTaken> {
        if journey.finished_at.is_some() {
            return Err(NotTaken::Moved);
        }
        match self.standing(journey, now).await? {
            (at, Some(account))
                if is_meant(&at) && account.gate_for(journey.epoch.unwrap_or(account.epoch), now).is_ok() =>
            {
                Ok(account)
            }
            _ => Err(NotTaken::Moved),
        }
    }

    /// Counts an attempt before it is checked. The owner's known browser has a count of its own.
    pub(super) async fn reserve(
        &self,
        origin: &Origin,
        bucket: &Bucket,
        event: impl FnOnce(u64) -> Event,
    ) -> Result<Reserved, NotTaken> {
        match self.attempts.reserve(bucket, origin.now).await? {
            Reservation::Reserved { attempt, left } => Ok(Reserved { attempt, left }),
            Reservation::Paused { until } => Err(self.paused(origin, bucket.as_str(), until, event).await?),
        }
    }

    pub(super) async fn bucket(
        &self,
        target: AttemptTarget,
        account: AccountId,
        browser: DeviceId,
    ) -> Result<Bucket, DbErr> {
        let known = self.devices.is_known(browser, account).await?;
        Ok(Bucket::of_account(target, account, known.then_some(browser)))
    }

    /// Counts the request of a source before any work is done for it.
    pub(super) async fn admit_source(
        &self,
        origin: &Origin,
        event: impl FnOnce(u64) -> Event,
    ) -> Result<(), NotTaken> {
        let (source, limit) = (origin.source(), self.options.per_source);
        match self.state.admit_source(ATTEMPT, &source, limit, origin.now).await {
            Admission::Admitted => Ok(()),
            Admission::Refused { retry_after } => {
                // Whole minutes, so that the refusals of one window share one code.
                let until = whole_minute(origin.now.plus(retry_after));
                Err(self.paused(origin, ATTEMPT, until, event).await?)
            }
        }
    }

    /// A success is no offence of its source.
    pub(super) async fn forgive_source(&self, origin: &Origin) {
        self.state.give_back_source(ATTEMPT, &origin.source()).await;
    }

    async fn paused(
        &self,
        origin: &Origin,
        what: &str,
        until: Moment,
        event: impl FnOnce(u64) -> Event,
    ) -> Result<NotTaken, NotTaken> {
        let window = format!("{what}@{}@{}", until.micros(), origin.source());
        let event = event(until.since(origin.now).as_secs());
        let case = self.log.case_code_of_window(origin, &window, &event).await?;
        Ok(NotTaken::Paused { until, case })
    }

    /// Records a refusal under a case code that is its own.
    pub(super) async fn refuse(&self, origin: &Origin, event: Event) -> Result<CaseCode, NotTaken> {
        Ok(self.log.record_refusal(origin, event).await?)
    }
}

/// An attempt that was counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reserved {
    pub attempt: u32,
    pub left: u32,
}

pub(super) fn paused_event(seconds: u64) -> Event {
    Event::new(What::SignInPaused { seconds })
}

pub(super) const fn refusal_of(closed: Closed) -> Refusal {
    match closed {
        Closed::Disabled => Refusal::Disabled,
        Closed::Contained => Refusal::Contained,
        Closed::Ended | Closed::Epoch => Refusal::Ended,
    }
}

const fn whole_minute(moment: Moment) -> Moment {
    const MINUTE: i64 = 60_000_000;
    Moment::from_micros((moment.micros() + MINUTE - 1).div_euclid(MINUTE) * MINUTE)
}
