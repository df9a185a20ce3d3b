//! The first step: name and password. The same work is done and the same answer given for a name that
//! nobody has, a wrong or empty password, and an account that is locked, disabled or ended.

use uuid::Uuid;

use super::service::{NotTaken, Reserved, SignIn, Taken, Visit, Wanted, paused_event, refusal_of};
use crate::account::Account;
use crate::account::attempt::{Bucket, Reservation, Target as AttemptTarget};
use crate::directory::{Answer, Asker, Verified, Whose};
use crate::event::model::Refusal;
use crate::event::{Event, Origin, What};
use crate::infra::database::WriteError;
use crate::journey::model::Journey;
use crate::kernel::acr::Amr;
use crate::kernel::digest::sha256;
use crate::kernel::id::AccountId;
use crate::kernel::login_name::LoginName;
use crate::kernel::proof::{Binding, Proof};
use crate::kernel::secret::Password;
use crate::kernel::time::Moment;
use crate::policy::{Action, Resource};
use crate::session::Trust;
use crate::session::trust::TRUST_UNCHANGED;

/// What the form brought.
pub struct PasswordAttempt {
    /// The journey that was begun for an application, if one was.
    pub journey: Option<Journey>,
    /// What is wanted where no journey says it.
    pub wanted: Wanted,
    pub username: String,
    pub password: Option<Password>,
}

impl SignIn {
    /// # Errors
    /// Why the step was not taken.
    pub async fn take_password(&self, visit: &Visit, attempt: PasswordAttempt) -> Result<Taken, NotTaken> {
        let Visit { origin, browser, .. } = visit;
        let typed = attempt.username.trim().to_owned();
        let paused = |seconds| paused_event(seconds).named(&typed);
        self.admit_source(origin, paused).await?;

        let name = LoginName::parse(&typed);
        let account = match &name {
            Some(name) => self.accounts.by_name(name).await?,
            None => None,
        };
        let id = account.as_ref().map_or_else(|| nobody(&typed), |account| account.id);
        let known = self.devices.is_known(browser.id, id).await?;
        let subject = account.as_ref().map(|account| account.id);
        let paused = |seconds| Event { subject, ..paused_event(seconds).named(&typed) };
        let counted = Counted {
            // A stranger is told of the count of what was typed, and of no other.
            typed: (!known).then(|| {
                let name = name.as_ref().map_or(typed.as_str(), LoginName::as_str);
                Bucket::of_typed_name(AttemptTarget::Password, &self.log.digest_of_unknown(name))
            }),
            account: match subject {
                Some(id) => Bucket::of_account(AttemptTarget::Password, id, known.then_some(browser.id)),
                None => Bucket::of_nobody(AttemptTarget::Password, id),
            },
        };
        let (reserved, locked) = self.count_both(origin, &counted, paused).await?;

        // The name as it counts; what is no name is kept nowhere.
        let login = name.as_ref().map(|name| name.as_str().to_owned()).unwrap_or_default();
        let (under_way, wanted) = (attempt.journey.as_ref(), &attempt.wanted);
        let journey = self.journey_for(under_way, wanted, login, subject, origin);
        let binding = Binding { journey: journey.id, account: id };
        let whose = account
            .as_ref()
            .map_or_else(|| Whose::nobody(id), |account| Whose::kept_by(account.id, &account.directory));
        let (password, source) = (attempt.password.as_ref(), origin.source());
        let asker = Asker { source: source.as_str(), is_known: known, is_paused: locked };
        let tried = self.directory.verify(binding, whose, password, asker, origin.now).await;
        let Verified { answer, learnt } = match tried {
            Ok(verified) => verified,
            Err(error) => {
                // Nothing was learnt of the password, so nothing may count.
                for bucket in counted.all() {
                    self.attempts.give_back(bucket).await?;
                }
                self.forgive_source(origin).await;
                return Err(error.into());
            }
        };
        let visit = &visit.on(journey.id);
        let origin = &visit.origin;
        let answer = if locked { Answer::Locked } else { answer };
        match self.judge(account, &answer, attempt.password.is_some(), origin) {
            Ok((account, proof)) => {
                if let Some(learnt) = learnt {
                    let mut unit = self.log.db().unit();
                    self.directory.keep(&mut unit, learnt);
                    // No event: the sign-in that follows has its own, and its next step goes by what was learnt.
                    self.log.db().write(unit).await?;
                }
                let attempt = reserved.attempt;
                let expired_at = answer.expired_at();
                let step = Accepted { journey, account, proof, counted, attempt, expired_at };
                let taken = self.accept(visit, step).await?;
                self.forgive_source(origin).await;
                Ok(taken)
            }
            Err((reason, subject)) => {
                if reason == Refusal::PreviousPassword {
                    // Some device has not heard of the change: nobody guesses, so nothing may count.
                    for bucket in counted.all() {
                        self.attempts.give_back(bucket).await?;
                    }
                }
                let near_accounts = match &name {
                    Some(name) => self.accounts.near(name, origin.now).await?,
                    None => vec![],
                };
                let near_accounts = if subject.is_none() { near_accounts } else { vec![] };
                let what = What::PasswordRefused { reason, near_accounts };
                let event = Event { subject, ..Event::new(what) };
                let event = event.named(&typed).attempt(reserved.attempt).by(Amr::Pwd);
                Err(NotTaken::Refused(self.refuse(origin, event).await?))
            }
        }
    }

    /// Counts the attempt before it is checked. A pause of the account itself, which its other spellings
    /// share, is told to its known browser alone; to a stranger it is a refusal like any other.
    async fn count_both(
        &self,
        origin: &Origin,
        counted: &Counted,
        paused: impl Fn(u64) -> Event,
    ) -> Result<(Reserved, bool), NotTaken> {
        let Some(typed) = &counted.typed else {
            return Ok((self.reserve(origin, &counted.account, paused).await?, false));
        };
        let told = self.reserve(origin, typed, paused).await?;
        Ok(match self.attempts.reserve(&counted.account, origin.now).await? {
            Reservation::Reserved { attempt, left } => (Reserved { attempt, left }, false),
            Reservation::Paused { .. } => (told, true),
        })
    }

    /// Turns account and answer into a proof or a reason. Only the log ever sees the reason.
    fn judge(
        &self,
        account: Option<Account>,
        answer: &Answer,
        filled: bool,
        origin: &Origin,
    ) -> Result<(Account, Proof), (Refusal, Option<AccountId>)> {
        let Some(account) = account else { return Err((Refusal::UnknownName, None)) };
        let id = account.id;
        if !filled {
            return Err((Refusal::Empty, Some(id)));
        }
        let proof = match answer {
            Answer::Right(proof)
            | Answer::RightButMustChange(proof)
            | Answer::RightButExpired { proof, .. } => *proof,
            Answer::Wrong => return Err((Refusal::Wrong, Some(id))),
            Answer::Previous { .. } => return Err((Refusal::PreviousPassword, Some(id))),
            Answer::Restricted => return Err((Refusal::Restricted, Some(id))),
            Answer::Locked => return Err((Refusal::Locked, Some(id))),
            Answer::Disabled => return Err((Refusal::Disabled, Some(id))),
            Answer::Ended => return Err((Refusal::Ended, Some(id))),
            Answer::Unreachable => return Err((Refusal::DirectoryUnreachable, Some(id))),
        };
        if let Err(closed) = account.gate(origin.now) {
            return Err((refusal_of(closed), Some(id)));
        }
        let principal = account.principal(origin.now);
        match self.policies.authorize(&principal, Action::SignIn, &Resource::Portal) {
            Ok(_permit) => Ok((account, proof)),
            Err(_) => Err((Refusal::NotPermitted, Some(id))),
        }
    }

    async fn accept(&self, visit: &Visit, step: Accepted) -> Result<Taken, NotTaken> {
        let trust = self.trust_shown(visit, &step.account).await?;
        match self.accept_with(visit, &step, trust).await {
            // Two tabs at the same moment: the other one has used the browser's value.
            Err(WriteError::Refused(TRUST_UNCHANGED)) => {
                Ok(self.accept_with(visit, &step, Trust::JustReplaced).await?)
            }
            outcome => Ok(outcome?),
        }
    }

    async fn accept_with(&self, visit: &Visit, step: &Accepted, trust: Trust) -> Result<Taken, WriteError> {
        let Visit { origin, browser, .. } = visit;
        let Accepted { journey, account, proof, counted, attempt, .. } = step;
        let mut journey = journey.clone();
        journey.required = journey.required.max(account.required_acr);
        let mut unit = self.log.db().unit();
        let journey = self.journeys.add_proof(&mut unit, &journey, browser.id, account, *proof, origin.now);
        for bucket in counted.all() {
            self.attempts.clear(&mut unit, bucket);
        }
        let event = Event::of(What::PasswordAccepted, account.id).named(&account.login);
        self.log.record(&mut unit, origin, event.attempt(*attempt).by(Amr::Pwd)).await?;
        if let Some(expired_at) = step.expired_at {
            self.expiry.meet(&mut unit, origin, account, expired_at).await?;
        }
        let journey = self.weigh_trust(&mut unit, visit, journey, account, trust).await?;
        self.go_on_or(unit, visit, journey, account).await
    }
}

/// Where an attempt was counted.
struct Counted {
    /// The name as typed; not for the owner's known browser.
    typed: Option<Bucket>,
    account: Bucket,
}

impl Counted {
    fn all(&self) -> impl Iterator<Item = &Bucket> {
        self.typed.iter().chain([&self.account])
    }
}

/// A password that was right, and what it brings.
struct Accepted {
    journey: Journey,
    account: Account,
    proof: Proof,
    counted: Counted,
    attempt: u32,
    /// The date that the password is past.
    expired_at: Option<Moment>,
}

/// An id that no account has, the same for the same name: look-ups for it cost what others cost.
fn nobody(typed: &str) -> AccountId {
    let digest = sha256(typed.as_bytes());
    let bytes = digest.first_chunk::<16>().copied().unwrap_or_default();
    AccountId::from_uuid(Uuid::from_bytes(bytes))
}
