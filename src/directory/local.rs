//! The local directory: Argon2id under the account's own salt, one run a try, whoever is asked about.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use super::breach::UnreadableFilter;
use super::model::{Answer, PasswordStanding, RulesShown};
use super::rules::{Company, NotSuited, PasswordRules, Weakness};
use super::store::{self, password};
use crate::infra::database::{Database, DbErr, Unit};
use crate::infra::hashing::{Cost, HASH_BYTES, HashError, HashPool, HashRequest};
use crate::infra::sealing::{KeyRing, Purpose, SealError};
use crate::kernel::digest::{equal, hmac_sha256};
use crate::kernel::entropy::Entropy;
use crate::kernel::id::AccountId;
use crate::kernel::proof::{Binding, Proof, ProofKind};
use crate::kernel::secret::{Password, Secret};
use crate::kernel::time::Moment;

const SALT_BYTES: usize = 16;
/// Costs that a decoy's is drawn from.
const COSTS_MAX: u64 = 20_000;
/// How long the list of costs may be old.
const COSTS_AGE_MAX: Duration = Duration::from_mins(1);

type KnownCosts = Arc<RwLock<Option<(Moment, Arc<Vec<Cost>>)>>>;

/// What the local directory goes by.
#[derive(Clone)]
pub struct LocalOptions {
    pub cost: Cost,
    pub rules: PasswordRules,
    /// How long a password lasts; `None` for as long as it is not known to be stolen.
    pub expires_after: Option<Duration>,
    /// How long the password before the present one is known, and whether those of other directories are.
    pub previous_kept: Option<Duration>,
}

#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    #[error(transparent)]
    Hash(#[from] HashError),
    #[error(transparent)]
    Database(#[from] DbErr),
    #[error("the password does not meet the rules")]
    Weak(Weakness),
    /// Nobody can say whether the password is a known one.
    #[error("the list of breached passwords cannot be read: {0}")]
    Breaches(UnreadableFilter),
}

impl From<NotSuited> for DirectoryError {
    fn from(not_suited: NotSuited) -> Self {
        match not_suited {
            NotSuited::Weak(weakness) => Self::Weak(weakness),
            NotSuited::Unread(unreadable) => Self::Breaches(unreadable),
        }
    }
}

/// A verifier made and not yet written, so that the hash runs before the unit begins.
#[derive(Clone)]
pub struct NewPassword {
    row: password::Model,
}

impl NewPassword {
    /// The same with a date of its own, as a directory or the demo sets one.
    #[must_use]
    pub fn lasting_until(mut self, end: Moment) -> Self {
        self.row.expires_at = Some(end.micros());
        self
    }

    /// The same, good for nothing but choosing another one.
    #[must_use]
    pub fn to_be_changed(mut self) -> Self {
        self.row.must_change = true;
        self
    }
}

/// A new password, and whether it is the present one again.
pub struct Fresh {
    pub new: NewPassword,
    pub is_present: bool,
}

/// What one hash has said.
pub(super) struct Compared {
    row: Option<password::Model>,
    cost: Cost,
    salt: Vec<u8>,
    verifier: [u8; HASH_BYTES],
    pub is_present: bool,
    /// It is the password before the present one, which is known until then.
    pub previous_until: Option<Moment>,
}

/// What was learnt of a password beside whether it is right.
pub struct Verified {
    pub answer: Answer,
    /// The password under today's cost, where the stored one is cheaper.
    pub upgrade: Option<NewPassword>,
}

/// The directory that the service keeps itself; cheap to clone.
#[derive(Clone)]
pub struct LocalDirectory {
    db: Database,
    pool: HashPool,
    pepper: Secret<Vec<u8>>,
    entropy: Entropy,
    options: LocalOptions,
    costs: KnownCosts,
}

impl LocalDirectory {
    /// # Errors
    /// The pepper cannot be derived.
    pub fn new(
        db: Database,
        pool: HashPool,
        ring: &KeyRing,
        entropy: Entropy,
        options: LocalOptions,
    ) -> Result<Self, SealError> {
        let pepper = ring.mac_key(Purpose::Pepper)?;
        Ok(Self { db, pool, pepper, entropy, options, costs: Arc::default() })
    }

    pub const fn rules(&self) -> &PasswordRules {
        &self.options.rules
    }

    pub fn rules_shown(&self, company: Company) -> RulesShown {
        let rules = &self.options.rules;
        RulesShown {
            length_min: rules.length_min(company),
            length_max: rules.length_max,
            is_complex: false,
            history: 0,
            age_min: None,
            expires_after: self.options.expires_after,
        }
    }

    /// How many hashes were run since the start.
    pub fn hashes_run(&self) -> u64 {
        self.pool.runs()
    }

    /// Tries a password. The same work is done for an account, for one without a password, for nobody
    /// (`binding.account` is then an id of nobody), and for an empty password: one look-up, one hash.
    ///
    /// # Errors
    /// The pool is full or the database does not answer: then nothing is known of the password.
    pub async fn verify(
        &self,
        binding: Binding,
        password: Option<&Password>,
        source: &str,
        now: Moment,
    ) -> Result<Verified, DirectoryError> {
        let compared = self.compare(binding.account, password, source, now).await?;
        if let Some(until) = compared.previous_until {
            return Ok(Verified { answer: Answer::Previous { until }, upgrade: None });
        }
        let (true, Some(password), Some(row)) = (compared.is_present, password, compared.row) else {
            return Ok(Verified { answer: Answer::Wrong, upgrade: None });
        };
        let is_cheap = compared.cost != self.options.cost;
        let upgrade = if is_cheap { Some(self.upgraded(&row, password, source).await?) } else { None };
        let proof = Proof::attest(ProofKind::Password, binding, now);
        let expired = row.expires_at.map(Moment::from_micros).filter(|end| *end <= now);
        let answer = match (row.must_change, expired) {
            (true, _) => Answer::RightButMustChange(proof),
            (false, Some(since)) => Answer::RightButExpired { proof, since },
            (false, None) => Answer::Right(proof),
        };
        Ok(Verified { answer, upgrade })
    }

    /// Hashes a password once and compares it with the present and the previous verifier, both in any case.
    ///
    /// # Errors
    /// The pool is full or the database does not answer.
    pub(super) async fn compare(
        &self,
        account: AccountId,
        password: Option<&Password>,
        source: &str,
        now: Moment,
    ) -> Result<Compared, DirectoryError> {
        let row = store::password_of(&self.db, account.uuid()).await?;
        let stored = row.as_ref().and_then(Stored::of);
        let decoy = self.decoy_cost(account, now).await?;
        let cost = stored.as_ref().map_or(decoy, |stored| stored.cost);
        let salt = stored.as_ref().map_or_else(|| self.decoy_salt(account), |stored| stored.salt.clone());
        let text = password.map(Password::expose).unwrap_or_default();
        let verifier = self.verifier(text, salt.clone(), cost, source).await?;
        let is_present = stored.as_ref().is_some_and(|stored| equal(&stored.verifier, &verifier));
        let before = row.as_ref().and_then(|row| row.previous.clone()).unwrap_or_else(|| vec![0; HASH_BYTES]);
        let is_previous = equal(&before, &verifier);
        let until = row.as_ref().and_then(|row| row.previous_until).map(Moment::from_micros);
        let previous_until = until.filter(|until| is_previous && !is_present && now < *until);
        Ok(Compared { row, cost, salt, verifier, is_present, previous_until })
    }

    /// The verifier of a password that another directory found right; `None` where none is kept or it is
    /// known already.
    pub(super) fn learnt(&self, account: AccountId, tried: Compared, now: Moment) -> Option<NewPassword> {
        let kept = self.options.previous_kept?;
        if tried.is_present {
            return None;
        }
        let previous = tried.row.map(|row| row.verifier);
        let previous_until = previous.as_ref().map(|_| now.plus(kept).micros());
        Some(NewPassword {
            row: password::Model {
                account_id: account.uuid(),
                memory_kib: i64::from(tried.cost.memory_kib),
                passes: i64::from(tried.cost.passes),
                lanes: i64::from(tried.cost.lanes),
                salt: tried.salt,
                verifier: tried.verifier.to_vec(),
                changed_at: now.micros(),
                expires_at: None,
                must_change: false,
                previous,
                previous_until,
            },
        })
    }

    /// Whether verifiers of passwords of other directories are kept.
    pub(super) const fn keeps_others(&self) -> bool {
        self.options.previous_kept.is_some()
    }

    /// Prepares a new password: checks the rules and runs the hash, writes nothing.
    ///
    /// # Errors
    /// The rules are not met, or the pool is full.
    pub async fn prepare(
        &self,
        account: AccountId,
        password: &Password,
        about: &[&str],
        company: Company,
        source: &str,
        now: Moment,
    ) -> Result<Fresh, DirectoryError> {
        self.options.rules.check(password, about, company).await?;
        self.prepare_unchecked(account, password, source, now).await
    }

    /// As [`LocalDirectory::prepare`] without the rules: for passwords that an operator gives.
    ///
    /// The salt stays where the cost does, so that one hash a try serves the present and the previous password.
    ///
    /// # Errors
    /// The pool is full.
    pub async fn prepare_unchecked(
        &self,
        account: AccountId,
        password: &Password,
        source: &str,
        now: Moment,
    ) -> Result<Fresh, DirectoryError> {
        let old = store::password_of(&self.db, account.uuid()).await?;
        let stored = old.as_ref().and_then(Stored::of);
        let same_cost = stored.filter(|stored| stored.cost == self.options.cost);
        let fresh_salt = || self.entropy.bytes::<SALT_BYTES>().to_vec();
        let salt = same_cost.as_ref().map_or_else(fresh_salt, |stored| stored.salt.clone());
        let row = self.row(account, password, salt, source).await?;
        let is_present = match (&same_cost, &old) {
            (Some(stored), _) => equal(&stored.verifier, &row.verifier),
            (None, Some(_)) => self.compare(account, Some(password), source, now).await?.is_present,
            (None, None) => false,
        };
        let expires_at = self.options.expires_after.map(|span| now.plus(span).micros());
        let previous = self.options.previous_kept.zip(same_cost);
        let (previous_until, previous) =
            previous.map(|(kept, stored)| (now.plus(kept).micros(), stored.verifier)).unzip();
        let row = password::Model {
            changed_at: now.micros(),
            expires_at,
            must_change: false,
            previous,
            previous_until,
            ..row
        };
        Ok(Fresh { new: NewPassword { row }, is_present })
    }

    /// Writes a prepared password in the unit of its event.
    pub fn put(&self, unit: &mut Unit, new: NewPassword) {
        unit.run(&store::put(new.row));
    }

    /// Takes an account's password away: the account is set up anew.
    pub fn forget(&self, unit: &mut Unit, account: AccountId) {
        unit.run(&store::forget(account.uuid()));
    }

    /// What the row of a password says beside the verifier; `None` where there is none.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn standing(&self, account: AccountId) -> Result<Option<PasswordStanding>, DbErr> {
        let row = store::password_of(&self.db, account.uuid()).await?;
        Ok(row.map(|row| PasswordStanding {
            changed_at: Moment::from_micros(row.changed_at),
            expires_at: row.expires_at.map(Moment::from_micros),
            must_change: row.must_change,
            locked: None,
            earliest_change: None,
            protected: false,
            refreshed_at: None,
        }))
    }

    /// Every account whose password has a date, with it.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn all_dates(&self) -> Result<Vec<(AccountId, Moment)>, DbErr> {
        let rows = store::all_dates(self.db.read()).await?;
        let dated = rows.into_iter();
        Ok(dated.map(|(id, at)| (AccountId::from_uuid(id), Moment::from_micros(at))).collect())
    }

    async fn upgraded(
        &self,
        old: &password::Model,
        password: &Password,
        source: &str,
    ) -> Result<NewPassword, DirectoryError> {
        // Another cost is another hash: the password before is known no more.
        let salt = self.entropy.bytes::<SALT_BYTES>().to_vec();
        let row = self.row(AccountId::from_uuid(old.account_id), password, salt, source).await?;
        Ok(NewPassword {
            row: password::Model {
                changed_at: old.changed_at,
                expires_at: old.expires_at,
                must_change: old.must_change,
                ..row
            },
        })
    }

    async fn row(
        &self,
        account: AccountId,
        password: &Password,
        salt: Vec<u8>,
        source: &str,
    ) -> Result<password::Model, DirectoryError> {
        let cost = self.options.cost;
        let verifier = self.verifier(password.expose(), salt.clone(), cost, source).await?;
        Ok(password::Model {
            account_id: account.uuid(),
            memory_kib: i64::from(cost.memory_kib),
            passes: i64::from(cost.passes),
            lanes: i64::from(cost.lanes),
            salt,
            verifier: verifier.to_vec(),
            changed_at: 0,
            expires_at: None,
            must_change: false,
            previous: None,
            previous_until: None,
        })
    }

    /// HMAC under the pepper over the Argon2id output: a stolen database alone does not allow guessing.
    async fn verifier(
        &self,
        text: &str,
        salt: Vec<u8>,
        cost: Cost,
        source: &str,
    ) -> Result<[u8; HASH_BYTES], HashError> {
        let password = Secret::new(text.as_bytes().to_vec());
        let hash = self.pool.hash(HashRequest { password, salt, cost, source: source.to_owned() }).await?;
        Ok(hmac_sha256(self.pepper.expose(), &hash))
    }

    /// The cost of an account drawn by the id: nobody costs what somebody costs, also while passwords of
    /// an older cost are about. Asked for in any case, from a list that is a minute old at the most.
    async fn decoy_cost(&self, account: AccountId, now: Moment) -> Result<Cost, DbErr> {
        let known = self.costs.read().unwrap_or_else(PoisonError::into_inner).clone();
        let costs = match known {
            Some((read_at, costs)) if now.since(read_at) < COSTS_AGE_MAX => costs,
            _ => {
                let rows = store::costs(self.db.read(), COSTS_MAX).await?;
                let costs: Arc<Vec<Cost>> = Arc::new(rows.iter().filter_map(cost_of).collect());
                *self.costs.write().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&costs)));
                costs
            }
        };
        let mac = hmac_sha256(self.pepper.expose(), account.uuid().as_bytes());
        let drawn = mac.first_chunk::<4>().copied().map_or(0, u32::from_le_bytes);
        let position = usize::try_from(drawn).unwrap_or(0).checked_rem(costs.len()).unwrap_or(0);
        Ok(costs.get(position).copied().unwrap_or(self.options.cost))
    }

    fn decoy_salt(&self, account: AccountId) -> Vec<u8> {
        let mac = hmac_sha256(self.pepper.expose(), account.uuid().as_bytes());
        mac.iter().copied().take(SALT_BYTES).collect()
    }
}

/// A stored password whose numbers make sense.
struct Stored {
    cost: Cost,
    salt: Vec<u8>,
    verifier: Vec<u8>,
}

impl Stored {
    fn of(row: &password::Model) -> Option<Self> {
        Some(Self {
            cost: cost_of(&(row.memory_kib, row.passes, row.lanes))?,
            salt: row.salt.clone(),
            verifier: row.verifier.clone(),
        })
    }
}

/// Cost numbers of a row; numbers that make no sense are none.
fn cost_of(&(memory_kib, passes, lanes): &(i64, i64, i64)) -> Option<Cost> {
    Some(Cost {
        memory_kib: u32::try_from(memory_kib).ok()?,
        passes: u32::try_from(passes).ok()?,
        lanes: u32::try_from(lanes).ok()?,
    })
}
