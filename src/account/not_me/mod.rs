//! "This was not me": a notice carries a code that its reader types on a page of ours. The link in the notice holds
//! nothing, since mail scanners follow links and even send forms.
//!
//! ```text
//! posted with a notice ──typed, once──► used: the account is contained
//! ```

mod store;

use std::time::Duration;

use store::not_me_code;

use crate::infra::database::{Database, DbErr, Unit};
use crate::infra::sealing::{KeyRing, Purpose, SealError};
use crate::kernel::digest::hmac_sha256;
use crate::kernel::entropy::Entropy;
use crate::kernel::id::AccountId;
use crate::kernel::secret::Secret;
use crate::kernel::time::Moment;

/// Condition that fails when the code was used, or ran out, in the meantime.
pub const NOT_ME_UNUSED: &str = "not_me_code_unused";
const DAY: Duration = Duration::from_hours(24);
/// Signs of a code, five bits each: nobody finds one by trying.
const SIGNS: usize = 12;
/// None of them is taken for another one: no I, O, 0 and 1.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// How long a code lasts, and how often a person may say so in a day.
#[derive(Clone, Copy, Debug)]
pub struct NotMeRules {
    pub lasts: Duration,
    pub per_day: u32,
}

/// What a notice was about that the reader did not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    PasswordReset,
    Unlock,
}

impl About {
    pub const fn name(self) -> &'static str {
        match self {
            Self::PasswordReset => "password_reset",
            Self::Unlock => "unlock",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::PasswordReset, Self::Unlock].into_iter().find(|about| about.name() == name)
    }
}

/// A code as somebody typed it.
pub struct NotMeCode(Secret<String>);

impl NotMeCode {
    fn draw(entropy: &Entropy) -> Self {
        let drawn = entropy.bytes::<SIGNS>();
        let sign = |byte: &u8| char::from(ALPHABET.get(usize::from(byte & 31)).copied().unwrap_or(b'A'));
        Self(Secret::new(drawn.iter().map(sign).collect()))
    }

    /// However it is spaced, in small letters or capitals.
    pub fn parse(raw: &str) -> Option<Self> {
        let signs: String = raw
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}'))
            .map(|c| c.to_ascii_uppercase())
            .take(SIGNS + 1)
            .collect();
        let sound = signs.len() == SIGNS && signs.bytes().all(|byte| ALPHABET.contains(&byte));
        sound.then(|| Self(Secret::new(signs)))
    }

    /// As a mail shows it: three groups of four.
    pub fn shown(&self) -> String {
        let groups = self.0.expose().as_bytes().chunks(4);
        groups.map(|group| String::from_utf8_lossy(group).into_owned()).collect::<Vec<_>>().join("-")
    }
}

/// Whom a code is of, and what it is about. To be used up in the unit that acts on it.
pub struct Reported {
    pub account: AccountId,
    pub about: About,
    digest: Vec<u8>,
}

/// What a typed code turned out to be.
pub enum Looked {
    Good(Reported),
    Used(AccountId),
    Expired(AccountId),
    Unknown,
    /// The person said so as often as is allowed in a day.
    TooOften(AccountId),
}

#[derive(Clone)]
pub struct NotMe {
    db: Database,
    key: Secret<Vec<u8>>,
    entropy: Entropy,
    rules: NotMeRules,
}

impl NotMe {
    /// # Errors
    /// The key cannot be derived.
    pub fn new(db: Database, ring: &KeyRing, entropy: Entropy, rules: NotMeRules) -> Result<Self, SealError> {
        Ok(Self { db, key: ring.mac_key(Purpose::MailedCode)?, entropy, rules })
    }

    /// Makes a code for the unit of the notice that carries it.
    pub fn make(&self, unit: &mut Unit, account: AccountId, about: About, now: Moment) -> NotMeCode {
        let code = NotMeCode::draw(&self.entropy);
        unit.insert(not_me_code::Model {
            digest: self.digest(&code),
            account_id: account.uuid(),
            about: about.name().to_owned(),
            created_at: now.micros(),
            expires_at: now.plus(self.rules.lasts).micros(),
            used_at: None,
        });
        code
    }

    /// Looks at a code; uses nothing up.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn look(&self, code: &NotMeCode, now: Moment) -> Result<Looked, DbErr> {
        let digest = self.digest(code);
        let Some(row) = store::find(&self.db, &digest).await? else { return Ok(Looked::Unknown) };
        let Some(about) = About::from_name(&row.about) else { return Ok(Looked::Unknown) };
        let account = AccountId::from_uuid(row.account_id);
        if row.used_at.is_some() {
            return Ok(Looked::Used(account));
        }
        if row.expires_at <= now.micros() {
            return Ok(Looked::Expired(account));
        }
        let used = store::used_since(&self.db, row.account_id, now.minus(DAY).micros()).await?;
        if u32::try_from(used).unwrap_or(u32::MAX) >= self.rules.per_day {
            return Ok(Looked::TooOften(account));
        }
        Ok(Looked::Good(Reported { account, about, digest }))
    }

    /// Uses a code up in a unit, which counts only if it is still unused.
    pub fn use_up(&self, unit: &mut Unit, reported: &Reported, now: Moment) {
        unit.require(NOT_ME_UNUSED, &store::use_up(&reported.digest, now.micros()));
    }

    pub fn forget_before(&self, unit: &mut Unit, before: Moment) {
        unit.run(&store::forget_before(before.micros()));
    }

    fn digest(&self, code: &NotMeCode) -> Vec<u8> {
        let text = format!("not_me:{}", code.0.expose());
        hmac_sha256(self.key.expose(), text.as_bytes()).to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::{Entropy, NotMeCode};

    #[test]
    fn a_code_is_read_however_it_is_written() {
        let code = NotMeCode::draw(&Entropy::seeded(1));
        let shown = code.shown();
        assert_eq!(shown.len(), 14, "{shown}");
        for spelling in
            [shown.to_lowercase(), shown.replace('-', ""), format!(" {} ", shown.replace('-', " "))]
        {
            assert_eq!(NotMeCode::parse(&spelling).unwrap().shown(), shown, "{spelling}");
        }
        for no_code in ["", "AAAA-BBBB-CCC", "AAAA-BBBB-CCCC-D", "AAAA-BBBB-CCC0", "ÄAAA-BBBB-CCCC"] {
            assert!(NotMeCode::parse(no_code).is_none(), "{no_code}");
        }
    }
}
