//! The one face of all directories: which one is asked follows from the account.

use super::local::{DirectoryError, LocalDirectory, NewPassword, Verified};
use super::model::{Asker, How, LOCAL, PasswordStanding, RulesShown, Unlocked, Whose, Written};
use super::rules::{Company, PasswordRules};
use crate::infra::database::{DbErr, Unit};
use crate::kernel::id::AccountId;
use crate::kernel::proof::{Binding, Proof, ProofKind};
use crate::kernel::secret::Password;
use crate::kernel::time::Moment;

/// A new password on its way: it met our rules and is hashed, and nothing is written yet.
pub struct Prepared {
    new: NewPassword,
    is_present: bool,
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

/// Every directory there is; cheap to clone.
#[derive(Clone)]
pub struct Directories {
    local: LocalDirectory,
}

impl Directories {
    pub const fn new(local: LocalDirectory) -> Self {
        Self { local }
    }

    /// The rules of our own, which hold for every directory beside its own ones.
    pub const fn rules(&self) -> &PasswordRules {
        self.local.rules()
    }

    /// How many hashes were run since the start.
    pub fn hashes_run(&self) -> u64 {
        self.local.hashes_run()
    }

    /// Tries a password. The same work is done for everybody, for nobody, and for an empty password.
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
        self.local.verify(binding, password, asker.source, now).await
    }

    /// Keeps what a try has taught, in the unit of its event.
    pub fn keep(&self, unit: &mut Unit, learnt: NewPassword) {
        self.local.put(unit, learnt);
    }

    /// What is known of the password; `None` where there is none. Asks no directory over the network.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn standing(&self, whose: Whose<'_>, _now: Moment) -> Result<Option<PasswordStanding>, DbErr> {
        self.local.standing(whose.account).await
    }

    /// The rules that a new password of the account has to meet.
    ///
    /// # Errors
    /// The database does not answer.
    #[expect(clippy::unused_async, reason = "rules of other directories are asked for")]
    pub async fn rules_for(&self, _whose: Whose<'_>, company: Company) -> Result<RulesShown, DbErr> {
        Ok(self.local.rules_shown(company))
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
        let new = self.local.prepare(account, password, about.names, about.company, source, now).await?;
        let is_present = self.local.is_present(account, password, source).await?;
        Ok(Prepared { new, is_present })
    }

    /// As [`Directories::prepare`] without the rules: for passwords that an operator gives.
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
        let new = self.local.prepare_unchecked(account, password, source, now).await?;
        Ok(Prepared { new, is_present: false })
    }

    /// Writes a prepared password into the account's directory, and sees that it opens. The rows of our own
    /// follow with [`Directories::put`] in the unit of the event, where this says that it is done.
    #[expect(clippy::unused_async, reason = "other directories are far away")]
    pub async fn write(
        &self,
        whose: Whose<'_>,
        _prepared: &Prepared,
        _how: How<'_>,
        _now: Moment,
    ) -> Written {
        if whose.directory == Some(LOCAL) { Written::Done } else { Written::Unreachable }
    }

    /// Writes the rows of a prepared password in the unit of its event.
    pub fn put(&self, unit: &mut Unit, prepared: Prepared) {
        self.local.put(unit, prepared.new);
    }

    /// Ends the lock that a directory itself has set. Pauses of our own are ended by whoever keeps them.
    #[expect(clippy::unused_async, reason = "other directories are far away")]
    pub async fn unlock(&self, _whose: Whose<'_>, _now: Moment) -> Unlocked {
        Unlocked::NotLocked
    }

    /// Takes an account's password away: the account is set up anew. Does nothing to other directories.
    pub fn forget(&self, unit: &mut Unit, account: AccountId) {
        self.local.forget(unit, account);
    }

    /// The proof that a password was just chosen: it stands for having the right one.
    pub const fn chosen(&self, binding: Binding, now: Moment) -> Proof {
        Proof::attest(ProofKind::NewPassword, binding, now)
    }
}
