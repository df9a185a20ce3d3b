//! Recording: an event joins the unit of its effect, so that neither is there without the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::case_code::CaseCode;
use super::model::{Event, What};
use super::ocsf::{self, Personal, UnknownName};
use super::origin::Origin;
use super::personal_key::{Holder, PersonalKey, PersonalKeys};
use super::store;
use crate::infra::database::{Database, DbErr, Unit, WriteError};
use crate::infra::geoip::GeoIp;
use crate::infra::sealing::{KeyRing, Purpose, SealError, own_key};
use crate::kernel::digest::{base64url, hmac_sha256};
use crate::kernel::entropy::Entropy;
use crate::kernel::id::{AccountId, EventId};
use crate::kernel::secret::Secret;
use crate::kernel::time::Moment;

/// Condition under which a case code is taken in a unit.
pub const CASE_CODE_FREE: &str = "case_code_free";
/// How often another code is drawn when one is in use.
const CASE_CODE_DRAWS_MAX: u32 = 8;

/// The log as use cases see it; cheap to clone.
#[derive(Clone)]
pub struct EventLog {
    db: Database,
    keys: PersonalKeys,
    unknown_name_key: Secret<Vec<u8>>,
    geoip: GeoIp,
    entropy: Entropy,
    case_code_time: Duration,
    /// Counts records, so that those of one moment stay in the order in which they were written.
    written: Arc<AtomicU32>,
}

impl EventLog {
    /// # Errors
    /// The key for names that nobody has cannot be derived.
    pub fn new(
        db: Database,
        ring: &KeyRing,
        geoip: GeoIp,
        entropy: Entropy,
        case_code_time: Duration,
    ) -> Result<Self, SealError> {
        Ok(Self {
            keys: PersonalKeys::new(db.clone(), ring.clone(), entropy.clone()),
            unknown_name_key: ring.mac_key(Purpose::UnknownName)?,
            db,
            geoip,
            entropy,
            case_code_time,
            written: Arc::default(),
        })
    }

    pub const fn keys(&self) -> &PersonalKeys {
        &self.keys
    }

    pub const fn db(&self) -> &Database {
        &self.db
    }

    pub const fn geoip(&self) -> &GeoIp {
        &self.geoip
    }

    /// Adds the event to the unit of its effect.
    ///
    /// # Errors
    /// The key for its personal part is not to be had.
    pub async fn record(
        &self,
        unit: &mut Unit,
        origin: &Origin,
        event: Event,
    ) -> Result<EventId, WriteError> {
        let key = self.keys.for_month(holder(&event), origin.now).await?;
        self.record_under(&key, unit, origin, &event)
    }

    /// Adds the first event of an account to the unit in which the account begins, and the key for it,
    /// since an account that is not there has none.
    ///
    /// # Errors
    /// The personal part or its key cannot be sealed.
    pub fn record_first(
        &self,
        unit: &mut Unit,
        origin: &Origin,
        account: AccountId,
        event: Event,
    ) -> Result<EventId, WriteError> {
        let key = self.keys.add_first(unit, account, origin.now)?;
        self.record_under(&key, unit, origin, &Event { subject: Some(account), ..event })
    }

    fn record_under(
        &self,
        key: &PersonalKey,
        unit: &mut Unit,
        origin: &Origin,
        event: &Event,
    ) -> Result<EventId, WriteError> {
        let unknown = self.unknown_name(event);
        let place = origin.ip().map(|ip| self.geoip.locate(ip)).unwrap_or_default();
        // Of an account that was erased in the meantime no name is kept: nothing would take it away again.
        let named = unknown.is_none() && key.holder == holder(event);
        let name = event.name.as_deref().filter(|_| named);
        let personal = Personal {
            got: event.got.clone(),
            phone: event.phone.clone(),
            ..ocsf::personal(name, origin, place)
        };
        let personal = serde_json::to_vec(&personal)
            .map_err(|error| WriteError::Unavailable(DbErr::Custom(error.to_string())))?;
        let id = EventId::in_order(origin.now, self.written.fetch_add(1, Ordering::Relaxed), &self.entropy);
        let sealed = own_key::seal(key.bytes.expose(), id.uuid().as_bytes(), &personal, &self.entropy)?;
        unit.insert(store::event::Model {
            id: id.uuid(),
            at: origin.now.micros(),
            class: event.what.shape().class.uid(),
            subject: event.subject.map(AccountId::uuid),
            case_code: event.case_code.as_ref().map(ToString::to_string),
            plain: ocsf::plain(event, origin, unknown.as_ref()),
            key_id: key.id,
            personal: sealed,
        });
        Ok(id)
    }

    /// Records an event that has no effect beside itself.
    ///
    /// # Errors
    /// The log does not take it; whatever it tells of must then not be answered.
    pub async fn record_alone(&self, origin: &Origin, event: Event) -> Result<(), WriteError> {
        let mut unit = self.db.unit();
        self.record(&mut unit, origin, event).await?;
        self.db.write(unit).await.map(|_| ())
    }

    /// Records a refusal under a case code of its own: in the rare case that the drawn one is in use,
    /// another is drawn.
    ///
    /// # Errors
    /// The log does not take it; then nothing may be answered but that.
    pub async fn record_refusal(&self, origin: &Origin, event: Event) -> Result<CaseCode, WriteError> {
        self.record_refusal_with(origin, event, |_| {}).await
    }

    /// The same, with what the refusal uses up in the same unit.
    ///
    /// # Errors
    /// As [`EventLog::record_refusal`].
    pub async fn record_refusal_with(
        &self,
        origin: &Origin,
        event: Event,
        with: impl Fn(&mut Unit) + Send + Sync,
    ) -> Result<CaseCode, WriteError> {
        self.open_case(origin, event, |unit, _| with(unit)).await
    }

    /// Records what begins under a case code of its own, together with what it begins.
    ///
    /// # Errors
    /// As [`EventLog::record_refusal`].
    pub async fn open_case(
        &self,
        origin: &Origin,
        event: Event,
        with: impl Fn(&mut Unit, &CaseCode) + Send + Sync,
    ) -> Result<CaseCode, WriteError> {
        for _ in 0..CASE_CODE_DRAWS_MAX {
            let code = CaseCode::draw(&self.entropy);
            let mut unit = self.db.unit();
            with(&mut unit, &code);
            self.record(&mut unit, origin, event.clone().under(code.clone())).await?;
            self.take_case_code(&mut unit, &code, origin.now, None);
            match self.db.write(unit).await {
                Ok(_) => return Ok(code),
                Err(WriteError::Refused(CASE_CODE_FREE)) => {}
                Err(error) => return Err(error),
            }
        }
        Err(WriteError::Refused(CASE_CODE_FREE))
    }

    /// Adds the event under a case code to the unit of its effect. The unit is refused by [`CASE_CODE_FREE`] in the rare
    /// case that the drawn code is in use: then it is to be made anew.
    ///
    /// # Errors
    /// As [`EventLog::record`].
    pub async fn record_under_case(
        &self,
        unit: &mut Unit,
        origin: &Origin,
        event: Event,
    ) -> Result<CaseCode, WriteError> {
        let code = CaseCode::draw(&self.entropy);
        self.record(unit, origin, event.under(code.clone())).await?;
        self.take_case_code(unit, &code, origin.now, None);
        Ok(code)
    }

    /// The one case code of a throttle window (a source or a person, and the moment when its pause
    /// ends): the first refusal takes it and records itself, the others share it.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub async fn case_code_of_window(
        &self,
        origin: &Origin,
        window: &str,
        event: &Event,
    ) -> Result<CaseCode, WriteError> {
        // It names a source: what is kept is a digest.
        let window = &base64url(&self.digest_of_unknown(window).0);
        for _ in 0..CASE_CODE_DRAWS_MAX {
            let known = store::case_code_of_window(self.db.read(), window).await;
            if let Some(code) = known.map_err(WriteError::Unavailable)?
                && let Ok(code) = code.parse()
            {
                return Ok(code);
            }
            let code = CaseCode::draw(&self.entropy);
            let mut unit = self.db.unit();
            self.record(&mut unit, origin, event.clone().under(code.clone())).await?;
            self.take_case_code(&mut unit, &code, origin.now, Some(window));
            match self.db.write(unit).await {
                Ok(_) => return Ok(code),
                Err(WriteError::Refused(CASE_CODE_FREE)) => {}
                Err(error) => return Err(error),
            }
        }
        Err(WriteError::Refused(CASE_CODE_FREE))
    }

    /// Takes away case codes whose time is over.
    pub fn forget_case_codes(&self, unit: &mut Unit, now: Moment) {
        unit.run(&store::forget_case_codes_before(now.micros()));
    }

    /// Destroys the personal keys of months that are older than so many: their records stay, with nobody
    /// in them. The event of it makes every node write its copy of the log anew.
    ///
    /// # Errors
    /// The database does not answer or does not take it.
    pub async fn forget_months(&self, origin: &Origin, months: u32) -> Result<(), WriteError> {
        let before = origin.now.months_ago(months);
        let any = store::has_personal_keys_before(self.db.read(), &before).await;
        if !any.map_err(WriteError::Unavailable)? {
            return Ok(());
        }
        let mut unit = self.db.unit();
        unit.run(&store::destroy_personal_keys_before(&before));
        self.record(&mut unit, origin, Event::new(What::PersonalKeysDestroyed { before })).await?;
        self.db.write(unit).await.map(|_| ())
    }

    /// Erases a person from the log: the keys of the personal parts are destroyed, the records stay with
    /// nobody in them.
    pub fn forget_account(&self, unit: &mut Unit, account: AccountId) {
        self.keys.forget(Holder::Account(account));
        unit.run(&store::destroy_personal_keys_of(account.uuid()));
    }

    fn take_case_code(&self, unit: &mut Unit, code: &CaseCode, now: Moment, window: Option<&str>) {
        let row = store::case_code::Model {
            code: code.to_string(),
            opened_at: now.micros(),
            expires_at: now.plus(self.case_code_time).micros(),
            throttle_window: window.map(str::to_owned),
        };
        unit.require(CASE_CODE_FREE, &store::take_case_code(row, now.micros()));
    }

    /// What is kept of a name that nobody has: a digest under a key of this installation.
    pub fn digest_of_unknown(&self, name: &str) -> UnknownName {
        UnknownName(hmac_sha256(self.unknown_name_key.expose(), name.as_bytes()))
    }

    /// A name that led to no account is not kept itself: people type passwords there.
    fn unknown_name(&self, event: &Event) -> Option<UnknownName> {
        let is_typed = matches!(
            event.what,
            What::PasswordRefused { .. }
                | What::SignInPaused { .. }
                | What::ResetRequested { .. }
                | What::MailCodeSent
                | What::MailCodeRefused { .. }
                | What::TotpRefused { .. }
                | What::RecoveryCodeRefused { .. }
        );
        let is_unknown = is_typed && event.subject.is_none();
        event.name.as_deref().filter(|_| is_unknown).map(|name| self.digest_of_unknown(name))
    }
}

/// Under whose key the personal part of an event belongs.
fn holder(event: &Event) -> Holder {
    event.subject.map_or(Holder::Nobody, Holder::Account)
}
