//! Beginning a reset, finding one, telling where it stands, and what its steps share.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::model::{Choice, Ended, Flow, Mailbox, Outcome, Problem, Stage, stage_after};
use super::store::{self, password_reset};
use crate::account::attempt::{Attempts, Bucket, Reservation, Target};
use crate::account::model::Closed;
use crate::account::notices::Notices;
use crate::account::{Account, Accounts, NotMe};
use crate::authenticator::{Authenticators, MailCodes};
use crate::directory::Directories;
use crate::event::model::Refusal;
use crate::event::{CaseCode, Event, EventLog, Origin, What};
use crate::federation::{Federation, Refused, Unfinished};
use crate::infra::database::{DbErr, WriteError};
use crate::infra::state::{Admission, Limit, State};
use crate::journey::model::{Purpose, ResetFacts, Target as JourneyTarget};
use crate::journey::service::NewJourney;
use crate::journey::{Journey, Journeys};
use crate::kernel::acr::Acr;
use crate::kernel::digest::sha256;
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{AccountId, JourneyId};
use crate::kernel::ladder::ResetNeeds;
use crate::kernel::login_name::LoginName;
use crate::kernel::proof::Way;
use crate::kernel::time::Moment;
use crate::oidc::Clients;
use crate::policy::{Action, Policies, Principal, Resource};
use crate::session::{Devices, Sessions};
use crate::web::browser::DeviceCookie;

/// What is counted of a source.
pub(super) const TRY: &str = "reset";
/// Condition that fails when a name has had as many resets in this hour as may be.
const BEGUN_LEFT: &str = "resets_left_in_hour";
/// Longest name that is looked up, in characters.
const LOGIN_CHARS_MAX: usize = 254;

/// What the configuration says of resets.
#[derive(Clone, Debug)]
pub struct ResetOptions {
    /// How often one source may try something.
    pub per_source: Limit,
    pub begun_per_hour: u32,
    /// What is said before a first proof leaves no earlier than this after it was asked.
    pub answer_time: Duration,
    /// And up to this much later, drawn each time.
    pub answer_jitter: Duration,
    /// How long a reset may take.
    pub lasts: Duration,
    pub mailboxes_behind_password: Vec<String>,
    pub wifi_network: Option<String>,
}

/// The rooms that a reset stands on.
#[derive(Clone)]
pub struct PasswordReset {
    pub accounts: Accounts,
    pub directory: Directories,
    pub authenticators: Authenticators,
    pub mail_codes: MailCodes,
    pub not_me: NotMe,
    pub federation: Federation,
    pub attempts: Attempts,
    pub journeys: Journeys,
    pub sessions: Sessions,
    pub devices: Devices,
    pub clients: Clients,
    pub policies: Policies,
    pub log: EventLog,
    pub notices: Notices,
    pub state: Arc<State>,
    pub entropy: Entropy,
    pub options: Arc<ResetOptions>,
}

/// The request that brings a step.
#[derive(Clone)]
pub struct Visit {
    pub origin: Origin,
    pub browser: DeviceCookie,
}

/// Why a step was not taken. Those of a person's making carry a case code.
#[derive(Debug)]
pub enum NotTaken {
    Paused {
        until: Moment,
        case: CaseCode,
    },
    CodeWrong {
        left: u32,
        case: CaseCode,
    },
    CodeUsed(CaseCode),
    /// A code that ran out, was replaced, or was tried too often.
    CodeGone(CaseCode),
    CodeMalformed,
    KeyRefused(CaseCode),
    Upstream(Box<Refused>),
    Busy,
    /// The reset is not at this step (any more): look where it is.
    Moved,
    Write(WriteError),
}

impl From<WriteError> for NotTaken {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Refused(condition) => {
                tracing::debug!(condition, "a step of a reset was taken elsewhere");
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

impl From<Unfinished> for NotTaken {
    fn from(error: Unfinished) -> Self {
        match error {
            Unfinished::Refused(refused) => Self::Upstream(refused),
            Unfinished::Database(error) => error.into(),
        }
    }
}

/// Whose reset it is, as far as that may be told from outside: not at all.
pub(super) enum Subject {
    /// The account is there and may be reset.
    Open(Account),
    /// It is there, and nothing will come of the reset.
    Closed(Account, Refusal),
    Nobody,
}

impl Subject {
    pub(super) const fn account(&self) -> Option<&Account> {
        match self {
            Self::Open(account) | Self::Closed(account, _) => Some(account),
            Self::Nobody => None,
        }
    }

    /// The account that something can be proved for, or why not.
    pub(super) const fn open(&self) -> Result<&Account, Refusal> {
        match self {
            Self::Open(account) => Ok(account),
            Self::Closed(_, why) => Err(*why),
            Self::Nobody => Err(Refusal::UnknownName),
        }
    }
}

/// A reset at a step, with what is known of whose it is.
pub(super) struct At {
    pub subject: Subject,
    pub stage: Stage,
}

/// An attempt that was counted before it is looked at.
pub(super) struct Counted {
    pub buckets: Vec<Bucket>,
    pub attempt: u32,
    pub left: u32,
    /// Too many attempts at the account itself, of which a stranger is not told.
    pub locked: bool,
}

impl PasswordReset {
    /// Begins a reset. The same is done and answered for every name.
    ///
    /// # Errors
    /// Why none was begun.
    pub async fn begin(&self, visit: &Visit, typed: &str, problem: Problem) -> Result<JourneyId, NotTaken> {
        let (origin, now) = (&visit.origin, visit.origin.now);
        let typed: String = typed.trim().chars().take(LOGIN_CHARS_MAX).collect();
        let paused = |seconds| Event::new(What::SignInPaused { seconds }).named(&typed);
        self.admit_source(origin, paused).await?;
        let name = LoginName::parse(&typed);
        let account = match &name {
            Some(name) => self.accounts.by_name(name).await?,
            None => None,
        };
        let login = name.as_ref().map(|name| name.as_str().to_owned()).unwrap_or_default();
        let (id, epoch) =
            account.as_ref().map_or_else(|| (nobody(&typed), 1), |account| (account.id, account.epoch));
        let subject = self.subject(account, None, now);
        let near_accounts = match &name {
            Some(name) => self.accounts.near(name, now).await?,
            None => vec![],
        };
        let near_accounts = if subject.account().is_none() { near_accounts } else { vec![] };
        let new = NewJourney {
            purpose: Purpose::Reset,
            required: Acr::Mfa,
            login: login.clone(),
            target: JourneyTarget::Home,
        };
        let planned = self.journeys.plan(new, now);
        let journey = Journey { account: Some(id), epoch: Some(epoch), ..planned };
        let what =
            What::ResetRequested { problem: problem.name(), standing: subject.open().err(), near_accounts };
        let event = Event { subject: subject.account().map(|account| account.id), ..Event::new(what) };
        let counted = if login.is_empty() { typed.as_str() } else { login.as_str() };
        let counted = format!("reset:{}", Bucket::digest_text(&self.log.digest_of_unknown(counted)));
        let on_the_way = origin.with_journey(journey.id);
        let begun = self.log.open_case(&on_the_way, event.named(&typed), |unit, case| {
            self.mail_codes.count(unit, BEGUN_LEFT, &counted, self.options.begun_per_hour, now);
            self.journeys.begin(unit, &journey, visit.browser.id);
            unit.insert(self.row(&journey, id, case, problem));
        });
        match begun.await {
            Ok(_) => Ok(journey.id),
            Err(WriteError::Refused(BEGUN_LEFT)) => {
                Err(self.paused(origin, &counted, self.mail_codes.next_hour(now), paused).await?)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The reset of a journey of this browser.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find(&self, visit: &Visit, id: JourneyId) -> Result<Option<Flow>, DbErr> {
        let found = self.journeys.find(id, visit.browser.id, visit.origin.now).await?;
        let Some(journey) = found.filter(|journey| journey.purpose == Purpose::Reset) else {
            return Ok(None);
        };
        let Some(row) = store::find(self.log.db(), id.uuid()).await? else { return Ok(None) };
        let ended = row.outcome.as_deref().and_then(Outcome::from_name).map(|outcome| Ended {
            outcome,
            at: row.finished_at.map_or(visit.origin.now, Moment::from_micros),
            sessions: row.sessions_ended,
            applications: row.applications,
        });
        Ok(Problem::from_name(&row.problem).map(|problem| Flow {
            account: AccountId::from_uuid(row.account_id),
            case: row.case_code,
            problem,
            ended,
            journey,
        }))
    }

    /// Where a reset stands, and whose it is once that is proved.
    ///
    /// # Errors
    /// The reset is over, or the account was closed meanwhile.
    pub async fn standing(&self, flow: &Flow, now: Moment) -> Result<(Stage, Option<Account>), NotTaken> {
        let At { subject, stage } = self.at(flow, now).await?;
        let owner = subject.account().filter(|_| flow.has_proof()).cloned();
        Ok((stage, owner))
    }

    pub(super) async fn at(&self, flow: &Flow, now: Moment) -> Result<At, NotTaken> {
        if flow.ended.is_some() || flow.journey.finished_at.is_some() {
            return Err(NotTaken::Moved);
        }
        let account = self.accounts.by_id(flow.account).await?;
        let subject = self.subject(account, flow.journey.epoch, now);
        if !flow.has_proof() {
            return Ok(At { subject, stage: Stage::First { choices: self.first_choices() } });
        }
        let Ok(account) = subject.open() else { return Err(NotTaken::Moved) };
        let facts = ResetFacts { ways: self.ways(account).await?, needs: needs(account) };
        let mailbox = Mailbox::of(&account.email, &self.options.mailboxes_behind_password);
        let step = flow.journey.next_of_reset(&facts);
        let stage = stage_after(step, flow.problem, account.contained_at.is_some(), mailbox);
        Ok(At { subject, stage })
    }

    /// The same, where a proof by one way is what may come next.
    pub(super) async fn at_choice(&self, flow: &Flow, choice: Choice, now: Moment) -> Result<At, NotTaken> {
        let at = self.at(flow, now).await?;
        if at.stage.asks(choice) { Ok(at) } else { Err(NotTaken::Moved) }
    }

    /// What everybody may choose from before anything is proved.
    fn first_choices(&self) -> Vec<Choice> {
        let offered = |choice: &Choice| *choice != Choice::Upstream || !self.federation.offers().is_empty();
        Choice::ALL.into_iter().filter(offered).collect()
    }

    async fn ways(&self, account: &Account) -> Result<Vec<Way>, DbErr> {
        let mut ways = self.authenticators.ways(account.id).await?;
        ways.extend(self.federation.linked_ways(account.id).await?);
        let codes_left = self.authenticators.recovery().left(account.id).await?;
        ways.extend((codes_left > 0).then_some(Way::RecoveryCode));
        ways.extend(account.email.contains('@').then_some(Way::MailCode));
        Ok(ways)
    }

    fn subject(&self, account: Option<Account>, epoch: Option<i64>, now: Moment) -> Subject {
        let Some(account) = account else { return Subject::Nobody };
        let why = match account.gate_of_reset(now) {
            Err(Closed::Disabled) => Some(Refusal::Disabled),
            Err(Closed::Ended | Closed::Contained | Closed::Epoch) => Some(Refusal::Ended),
            // What stops all that was issued before stops a reset, too.
            Ok(()) if epoch.is_some_and(|epoch| epoch != account.epoch) => Some(Refusal::Gone),
            Ok(()) => {
                let person = account.person_in_reset(now);
                let (principal, resource) = (Principal::Account(person.clone()), Resource::Account(person));
                let decided = self.policies.authorize(&principal, Action::ChangeOwnPassword, &resource);
                decided.err().map(|_| Refusal::NotPermitted)
            }
        };
        match why {
            None => Subject::Open(account),
            Some(why) => Subject::Closed(account, why),
        }
    }

    fn row(
        &self,
        journey: &Journey,
        account: AccountId,
        case: &CaseCode,
        problem: Problem,
    ) -> password_reset::Model {
        password_reset::Model {
            journey_id: journey.id.uuid(),
            account_id: account.uuid(),
            case_code: case.to_string(),
            problem: problem.name().to_owned(),
            claimed_at: None,
            outcome: None,
            finished_at: None,
            sessions_ended: 0,
            applications: String::new(),
            expires_at: journey.created_at.plus(self.options.lasts).micros(),
        }
    }

    /// Counts an attempt before it is looked at. Until the first proof a stranger is told of the count of the name as
    /// it was typed, and of no other: spellings that share a count would be known to be of one account.
    pub(super) async fn count(
        &self,
        visit: &Visit,
        flow: &Flow,
        subject: &Subject,
        target: Target,
    ) -> Result<Counted, NotTaken> {
        let origin = &visit.origin;
        let event = |seconds| told(subject, flow, What::SignInPaused { seconds });
        self.admit_source(origin, event).await?;
        let known = self.devices.is_known(visit.browser.id, flow.account).await?;
        let own = match subject.account() {
            Some(account) => Bucket::of_account(target, account.id, known.then_some(visit.browser.id)),
            None => Bucket::of_nobody(target, flow.account),
        };
        let reserved = self.attempts.reserve(&own, origin.now).await?;
        if known || flow.has_proof() {
            return match reserved {
                Reservation::Reserved { attempt, left } => {
                    Ok(Counted { buckets: vec![own], attempt, left, locked: false })
                }
                Reservation::Paused { until } => Err(self.paused(origin, own.as_str(), until, event).await?),
            };
        }
        let locked = matches!(reserved, Reservation::Paused { .. });
        let typed = Bucket::of_typed_name(target, &self.log.digest_of_unknown(&flow.journey.login));
        match self.attempts.reserve(&typed, origin.now).await? {
            Reservation::Reserved { attempt, left } => {
                Ok(Counted { buckets: vec![own, typed], attempt, left, locked })
            }
            Reservation::Paused { until } => Err(self.paused(origin, typed.as_str(), until, event).await?),
        }
    }

    /// Counts the request of a source before any work is done for it.
    pub(super) async fn admit_source(
        &self,
        origin: &Origin,
        event: impl FnOnce(u64) -> Event,
    ) -> Result<(), NotTaken> {
        let (source, limit) = (origin.source(), self.options.per_source);
        match self.state.admit_source(TRY, &source, limit, origin.now).await {
            Admission::Admitted => Ok(()),
            Admission::Refused { retry_after } => {
                // Whole minutes, so that the refusals of one window share one code.
                let until = origin.now.plus(retry_after).micros();
                let until = Moment::from_micros((until + MINUTE - 1).div_euclid(MINUTE) * MINUTE);
                Err(self.paused(origin, TRY, until, event).await?)
            }
        }
    }

    pub(super) async fn paused(
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
}

/// An event of a reset: of the account, or of the name that nobody has.
pub(super) fn told(subject: &Subject, flow: &Flow, what: What) -> Event {
    match subject.account() {
        Some(account) => Event::of(what, account.id).named(&account.login),
        None => Event::new(what).named(&flow.journey.login),
    }
}

const MINUTE: i64 = 60_000_000;

/// What a person has to prove: as much as to sign in where that is more than two factors.
pub(super) fn needs(account: &Account) -> ResetNeeds {
    if account.protected || account.level_to_keep() >= Acr::Phr {
        ResetNeeds::TwoStrong
    } else {
        ResetNeeds::Two
    }
}

/// An id that no account has, the same for the same name: look-ups for it cost what others cost.
fn nobody(typed: &str) -> AccountId {
    let digest = sha256(typed.as_bytes());
    let bytes = digest.first_chunk::<16>().copied().unwrap_or_default();
    AccountId::from_uuid(Uuid::from_bytes(bytes))
}
