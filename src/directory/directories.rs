//! The one face of all directories: which one is asked follows from the account.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ldap::directory::{LdapDirectory, Tried};
use super::ldap::outcome::BindOutcome;
use super::ldap::standing;
use super::local::{DirectoryError, Fresh, LocalDirectory, NewPassword};
use super::model::{Answer, Asker, How, LOCAL, PasswordStanding, RulesShown, Unlocked, Whose, Written};
use super::rules::{Company, PasswordRules};
use crate::infra::database::{DbErr, Unit, WriteError};
use crate::kernel::id::AccountId;
use crate::kernel::proof::{Binding, Proof, ProofKind};
use crate::kernel::secret::Password;
use crate::kernel::time::Moment;

/// A new password on its way: it met our rules and is hashed, and nothing is written yet.
pub struct Prepared {
    new: NewPassword,
    is_present: bool,
    /// For a directory beside our own: the password itself, which goes there.
    other: Option<Other>,
}

struct Other {
    account: AccountId,
    password: Password,
    now: Moment,
    expires_at: Option<Moment>,
    /// Whether our own verifier is kept, so that a device with an old password is known.
    is_kept: bool,
}

impl Prepared {
    /// Whether it is the password that the account has already, as far as that is known here.
    pub const fn is_present(&self) -> bool {
        self.is_present
    }

    /// The same, good for nothing but choosing another one.
    #[must_use]
    pub fn to_be_changed(self) -> Self {
        Self { new: self.new.to_be_changed(), ..self }
    }

    /// The same with a date of its own, as the demo sets one.
    #[must_use]
    pub fn lasting_until(self, end: Moment) -> Self {
        Self { new: self.new.lasting_until(end), ..self }
    }
}

/// What a new password is looked at with.
#[derive(Clone, Copy)]
pub struct About<'a> {
    /// The person's own names and addresses.
    pub names: &'a [&'a str],
    pub company: Company,
}

/// What a try has said, and what is to be kept of it.
pub struct Verified {
    pub answer: Answer,
    pub learnt: Option<Learnt>,
}

/// What a try has taught; [`Directories::keep`] writes it in the unit of the event.
#[derive(Clone)]
pub struct Learnt {
    /// A verifier under today's cost, or of a password that another directory found right.
    password: Option<NewPassword>,
    seen: Option<Seen>,
}

/// What another directory said of a right password.
#[derive(Clone, Copy)]
struct Seen {
    account: AccountId,
    must_change: bool,
    expires_at: Option<Moment>,
}

/// Every directory there is; cheap to clone.
#[derive(Clone)]
pub struct Directories {
    local: LocalDirectory,
    others: Arc<BTreeMap<String, LdapDirectory>>,
}

impl Directories {
    pub fn new(local: LocalDirectory, others: Vec<LdapDirectory>) -> Self {
        let others = others.into_iter().map(|other| (other.name().to_owned(), other)).collect();
        Self { local, others: Arc::new(others) }
    }

    /// The directories beside our own.
    pub fn others(&self) -> impl Iterator<Item = &LdapDirectory> {
        self.others.values()
    }

    /// The rules of our own, which hold for every directory beside its own ones.
    pub const fn rules(&self) -> &PasswordRules {
        self.local.rules()
    }

    pub fn rules_of_ours(&self, company: Company) -> RulesShown {
        self.local.rules_shown(company)
    }

    /// How many hashes were run since the start.
    pub fn hashes_run(&self) -> u64 {
        self.local.hashes_run()
    }

    /// Tries a password. The same work is done for everybody, for nobody, and for an empty password; what a
    /// directory beside our own needs on top lies within the time that every refusal takes.
    ///
    /// # Errors
    /// The pool is full or the database does not answer: then nothing is known of the password.
    pub async fn verify(
        &self,
        binding: Binding,
        whose: Whose<'_>,
        password: Option<&Password>,
        asker: Asker<'_>,
        now: Moment,
    ) -> Result<Verified, DirectoryError> {
        debug_assert_eq!(binding.account, whose.account, "a proof is of the one who is asked about");
        match whose.directory.filter(|name| *name != LOCAL) {
            None => {
                let verified = self.local.verify(binding, password, asker.source, now).await?;
                let learnt = verified.upgrade.map(|new| Learnt { password: Some(new), seen: None });
                Ok(Verified { answer: verified.answer, learnt })
            }
            Some(name) => self.verify_at(name, binding, password, asker, now).await,
        }
    }

    async fn verify_at(
        &self,
        name: &str,
        binding: Binding,
        password: Option<&Password>,
        asker: Asker<'_>,
        now: Moment,
    ) -> Result<Verified, DirectoryError> {
        let compared = self.local.compare(binding.account, password, asker.source, now).await?;
        let only = |answer: Answer| Ok(Verified { answer, learnt: None });
        let Some(directory) = self.others.get(name) else { return only(Answer::Unreachable) };
        let row = directory.person(binding.account.uuid()).await?;
        let (Some(row), Some(password)) = (row, password) else { return only(Answer::Wrong) };
        if asker.is_paused {
            return only(Answer::Locked);
        }
        if let Some(until) = compared.previous_until {
            return only(Answer::Previous { until });
        }
        let tried = directory.try_password(&row, password, asker.is_known, now).await;
        let (outcome, expires_at) = match tried.map_err(not_counted)? {
            Tried::Said { outcome, expires_at } => (outcome, expires_at),
            Tried::HeldBack => return only(Answer::Locked),
            Tried::Unreachable => return only(Answer::Unreachable),
        };
        let proof = Proof::attest(ProofKind::Password, binding, now);
        // The directory's clock decides whether it has run out, and not ours.
        let since = expires_at.filter(|end| *end <= now).unwrap_or(now);
        let (answer, must_change, expires_at) = match outcome {
            BindOutcome::Right => (Answer::Right(proof), false, expires_at.filter(|end| *end > now)),
            BindOutcome::RightButExpired => (Answer::RightButExpired { proof, since }, false, Some(since)),
            BindOutcome::RightButMustChange => (Answer::RightButMustChange(proof), true, None),
            BindOutcome::Wrong => return only(Answer::Wrong),
            BindOutcome::Locked => return only(Answer::Locked),
            BindOutcome::Disabled => return only(Answer::Disabled),
            BindOutcome::Ended => return only(Answer::Ended),
            BindOutcome::Restricted => return only(Answer::Restricted),
            BindOutcome::Unclear => return only(Answer::Unreachable),
        };
        let learnt = Learnt {
            password: self.local.learnt(binding.account, compared, now),
            seen: Some(Seen { account: binding.account, must_change, expires_at }),
        };
        Ok(Verified { answer, learnt: Some(learnt) })
    }

    /// Keeps what a try has taught, in the unit of its event.
    pub fn keep(&self, unit: &mut Unit, learnt: Learnt) {
        if let Some(new) = learnt.password {
            self.local.put(unit, new);
        }
        if let Some(Seen { account, must_change, expires_at }) = learnt.seen {
            standing::seen(unit, account, must_change, expires_at);
        }
    }

    /// What is known of the password; `None` where there is none. Asks no directory over the network.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn standing(&self, whose: Whose<'_>, now: Moment) -> Result<Option<PasswordStanding>, DbErr> {
        match whose.directory.filter(|name| *name != LOCAL) {
            None => self.local.standing(whose.account).await,
            Some(name) => {
                let Some(directory) = self.others.get(name) else { return Ok(None) };
                let row = directory.person(whose.account.uuid()).await?;
                Ok(row.map(|row| standing::of(&row, now)))
            }
        }
    }

    /// Every account whose password has a date, with it. Asks no directory over the network.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn all_dates(&self) -> Result<Vec<(AccountId, Moment)>, DbErr> {
        // Of an account that another directory keeps, its date counts and not that of what we remember of it.
        let mut dates: BTreeMap<AccountId, Moment> = self.local.all_dates().await?.into_iter().collect();
        for directory in self.others.values() {
            dates.extend(directory.dates().await?);
        }
        Ok(dates.into_iter().collect())
    }

    /// The rules that a new password of the account has to meet. Where its directory does not answer, ours alone.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn rules_for(
        &self,
        whose: Whose<'_>,
        company: Company,
        now: Moment,
    ) -> Result<RulesShown, DbErr> {
        let ours = self.local.rules_shown(company);
        let Some(directory) = self.other(whose) else { return Ok(ours) };
        let Some(row) = directory.person(whose.account.uuid()).await? else { return Ok(ours) };
        let rules = directory.rules(&row, now).await;
        Ok(rules.map_or(ours, |rules| rules.shown(&ours)))
    }

    /// Checks our rules and runs the hash; writes nothing.
    ///
    /// # Errors
    /// The rules are not met, or the pool is full.
    pub async fn prepare(
        &self,
        whose: Whose<'_>,
        password: &Password,
        about: About<'_>,
        asker: Asker<'_>,
        now: Moment,
    ) -> Result<Prepared, DirectoryError> {
        let (account, source) = (whose.account, asker.source);
        let Fresh { new, is_present } =
            self.local.prepare(account, password, about.names, about.company, source, now).await?;
        let other = match self.other(whose) {
            None => None,
            Some(directory) => {
                let row = directory.person(account.uuid()).await?;
                let rules = match &row {
                    Some(row) => directory.rules(row, now).await,
                    None => None,
                };
                Some(Other {
                    account,
                    password: password.clone(),
                    now,
                    expires_at: rules.and_then(|rules| rules.age_max).map(|age| now.plus(age)),
                    is_kept: self.local.keeps_others(),
                })
            }
        };
        // A kept verifier may be older than the password itself where it was changed elsewhere: then the
        // directory says whether it is the same.
        Ok(Prepared { new, is_present, other })
    }

    /// As [`Directories::prepare`] without the rules: for passwords of our own that an operator gives.
    ///
    /// # Errors
    /// The pool is full.
    pub async fn prepare_unchecked(
        &self,
        account: AccountId,
        password: &Password,
        source: &str,
        now: Moment,
    ) -> Result<Prepared, DirectoryError> {
        let Fresh { new, is_present } = self.local.prepare_unchecked(account, password, source, now).await?;
        Ok(Prepared { new, is_present, other: None })
    }

    /// Writes a prepared password into the account's directory, and sees that it opens. The rows of our own
    /// follow with [`Directories::put`] in the unit of the event, where this says that it is done.
    pub async fn write(&self, whose: Whose<'_>, prepared: &Prepared, how: How<'_>, now: Moment) -> Written {
        if whose.directory == Some(LOCAL) {
            return Written::Done;
        }
        let (Some(directory), Some(other)) = (self.other(whose), &prepared.other) else {
            return Written::Unreachable;
        };
        if other.account != whose.account {
            return Written::NotAllowed;
        }
        match directory.person(whose.account.uuid()).await {
            Ok(Some(row)) => directory.write_password(&row, &other.password, how, now).await,
            Ok(None) => Written::NotAllowed,
            Err(_) => Written::Unreachable,
        }
    }

    /// Writes the rows of a prepared password in the unit of its event.
    pub fn put(&self, unit: &mut Unit, prepared: Prepared) {
        let Prepared { new, other, .. } = prepared;
        match other {
            None => self.local.put(unit, new),
            Some(other) => {
                if other.is_kept {
                    self.local.put(unit, new);
                }
                standing::written(unit, other.account, other.now, other.expires_at);
            }
        }
    }

    /// Ends the lock that a directory itself has set. Pauses of our own are ended by whoever keeps them.
    pub async fn unlock(&self, whose: Whose<'_>, now: Moment) -> Unlocked {
        let Some(directory) = self.other(whose) else { return Unlocked::NotLocked };
        match directory.person(whose.account.uuid()).await {
            Ok(Some(row)) => directory.unlock(&row, now).await,
            Ok(None) => Unlocked::NotAllowed,
            Err(_) => Unlocked::Unreachable,
        }
    }

    /// Keeps that a directory's lock was ended, in the unit of the event.
    pub fn keep_unlocked(&self, unit: &mut Unit, account: AccountId) {
        standing::unlocked(unit, account);
    }

    /// Takes an account's password away: the account is set up anew. Does nothing to other directories.
    pub fn forget(&self, unit: &mut Unit, account: AccountId) {
        self.local.forget(unit, account);
    }

    /// The proof that a password was just chosen: it stands for having the right one.
    pub const fn chosen(&self, binding: Binding, now: Moment) -> Proof {
        Proof::attest(ProofKind::NewPassword, binding, now)
    }

    fn other(&self, whose: Whose<'_>) -> Option<&LdapDirectory> {
        self.others.get(whose.directory?)
    }
}

/// What could not be counted was not sent.
fn not_counted(error: WriteError) -> DirectoryError {
    match error {
        WriteError::Unavailable(error) => DirectoryError::Database(error),
        WriteError::Full | WriteError::Refused(_) | WriteError::Unsealed(_) => {
            DirectoryError::Database(DbErr::Custom(error.to_string()))
        }
    }
}
