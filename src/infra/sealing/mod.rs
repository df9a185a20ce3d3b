//! Secrets at rest: a ring of master keys, a key derived per purpose, and AEAD that is bound to the
//! place (table, column, row) so that a value moved elsewhere does not open.

pub mod own_key;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use serde::{Deserialize, Serialize};

use crate::kernel::digest::{base64url, equal, from_base64url};
use crate::kernel::entropy::Entropy;
use crate::kernel::secret::Secret;
use crate::kernel::time::Moment;

const FORMAT: u8 = 1;
/// Keys that a ring may hold: rotation once a month for years fits.
const KEYS_MAX: usize = 250;

/// What a derived key is for; a key never serves two purposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Columns that are sealed in the database.
    Column,
    /// Form tokens, device cookies and journey bindings.
    Browser,
    /// The pepper over password hashes.
    Pepper,
    /// Keyed digests of names that nobody has.
    UnknownName,
    /// The signature over the heads of the log.
    LogHead,
    /// The pepper over national register numbers.
    NationalNumber,
    /// The pepper over codes that are sent by mail.
    MailedCode,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Column => b"cardea/column/1",
            Self::Browser => b"cardea/browser/1",
            Self::Pepper => b"cardea/pepper/1",
            Self::UnknownName => b"cardea/unknown-name/1",
            Self::LogHead => b"cardea/log-head/1",
            Self::NationalNumber => b"cardea/national-number/1",
            Self::MailedCode => b"cardea/mailed-code/1",
        }
    }
}

/// Where a sealed value lives; it opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub table: &'a str,
    pub column: &'a str,
    pub row: &'a str,
}

impl Place<'_> {
    fn bytes(self) -> Vec<u8> {
        format!("{}:{}:{}", self.table, self.column, self.row).into_bytes()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum KeyRingError {
    #[error("{path}: {cause}")]
    File { path: PathBuf, cause: std::io::Error },
    #[error("{path}: this is not a key ring: {why}")]
    Form { path: PathBuf, why: String },
    #[error("{path}: a key ring is there already; `cardea keys rotate` adds a key to it")]
    Exists { path: PathBuf },
    #[error("the ring holds {KEYS_MAX} keys, which is all that it may")]
    Full,
}

/// Why something could not be sealed, or no key be had: then nothing may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("no key can be derived from the key ring")]
    Key,
    #[error("the cipher did not seal")]
    Cipher,
}

/// A sealed value that does not open: another key ring, another place, or changed bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value does not open here")]
pub struct DoesNotOpen;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RingFile {
    /// Id of the key that seals; the others only open.
    current: u8,
    keys: BTreeMap<String, KeyFile>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    created_at: Moment,
    #[serde(rename = "key")]
    bytes: String,
}

/// The ring of master keys of one installation; cheap to clone, and all clones take up a new key together.
#[derive(Clone)]
pub struct KeyRing(Arc<RwLock<Arc<Keys>>>);

/// The keys of one moment.
struct Keys {
    current: u8,
    oldest: u8,
    masters: BTreeMap<u8, MasterKey>,
}

struct MasterKey {
    created_at: Moment,
    secret: Secret<Vec<u8>>,
}

/// A key of the ring as an operator sees it: never its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeySummary {
    pub id: u8,
    pub created_at: String,
    pub current: bool,
}

impl KeyRing {
    /// A ring with one fresh key, in memory only.
    pub fn generate(now: Moment, entropy: &Entropy) -> Self {
        let secret = Secret::new(entropy.bytes::<32>().to_vec());
        let masters = BTreeMap::from([(1, MasterKey { created_at: now, secret })]);
        Self::of(Keys { current: 1, oldest: 1, masters })
    }

    /// Reads a ring from its file.
    ///
    /// # Errors
    /// The file is missing, unreadable or of another form.
    pub fn load(path: &Path) -> Result<Self, KeyRingError> {
        let text = std::fs::read_to_string(path)
            .map_err(|cause| KeyRingError::File { path: path.to_owned(), cause })?;
        let form = |why: String| KeyRingError::Form { path: path.to_owned(), why };
        let file: RingFile = serde_json::from_str(&text).map_err(|error| form(error.to_string()))?;
        let mut keys = BTreeMap::new();
        for (id, key) in file.keys {
            let number: u8 = id.parse().map_err(|_| form(format!("`{id}` is no key number")))?;
            let bytes = from_base64url(&key.bytes).filter(|bytes| bytes.len() == 32);
            let bytes = bytes.ok_or_else(|| form(format!("key {id} is not 32 bytes in base64url")))?;
            keys.insert(number, MasterKey { created_at: key.created_at, secret: Secret::new(bytes) });
        }
        let oldest = keys.keys().next().copied().ok_or_else(|| form("it holds no key".to_owned()))?;
        if !keys.contains_key(&file.current) {
            return Err(form(format!("the current key {} is not in it", file.current)));
        }
        Ok(Self::of(Keys { current: file.current, oldest, masters: keys }))
    }

    /// Takes up the keys that were added to the file since, in this ring and all its clones.
    ///
    /// # Errors
    /// The file cannot be read, or a key that is in use is not in it: then nothing changes.
    pub fn reload(&self, path: &Path) -> Result<(), KeyRingError> {
        let fresh = Self::load(path)?.keys();
        for (id, key) in &self.keys().masters {
            let same =
                fresh.masters.get(id).is_some_and(|kept| equal(kept.secret.expose(), key.secret.expose()));
            if !same {
                let why = format!("key {id}, which is in use, is not in it");
                return Err(KeyRingError::Form { path: path.to_owned(), why });
            }
        }
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    fn of(keys: Keys) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(keys))))
    }

    fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Writes a new ring; an existing file is left alone.
    ///
    /// # Errors
    /// The file exists or cannot be written.
    pub fn create(path: &Path, now: Moment, entropy: &Entropy) -> Result<Self, KeyRingError> {
        if path.exists() {
            return Err(KeyRingError::Exists { path: path.to_owned() });
        }
        let ring = Self::generate(now, entropy);
        ring.save(path)?;
        Ok(ring)
    }

    /// Adds a key that seals from now on; the older ones go on opening.
    ///
    /// # Errors
    /// The ring is full.
    pub fn with_new_key(&self, now: Moment, entropy: &Entropy) -> Result<Self, KeyRingError> {
        let old = self.keys();
        let newest = old.masters.keys().next_back().copied().unwrap_or(0);
        if old.masters.len() >= KEYS_MAX || newest == u8::MAX {
            return Err(KeyRingError::Full);
        }
        let id = newest + 1;
        let mut keys: BTreeMap<u8, MasterKey> = old
            .masters
            .iter()
            .map(|(id, key)| (*id, MasterKey { created_at: key.created_at, secret: key.secret.clone() }))
            .collect();
        let secret = Secret::new(entropy.bytes::<32>().to_vec());
        keys.insert(id, MasterKey { created_at: now, secret });
        Ok(Self::of(Keys { current: id, oldest: old.oldest, masters: keys }))
    }

    /// Writes the ring so that a crash leaves the old file or the new one, readable by its owner alone.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), KeyRingError> {
        let ring = self.keys();
        let keys = ring
            .masters
            .iter()
            .map(|(id, key)| {
                let file = KeyFile { created_at: key.created_at, bytes: base64url(key.secret.expose()) };
                (id.to_string(), file)
            })
            .collect();
        let file = RingFile { current: ring.current, keys };
        let text = serde_json::to_string_pretty(&file)
            .map_err(|error| KeyRingError::Form { path: path.to_owned(), why: error.to_string() })?;
        crate::infra::files::write_private(path, text.as_bytes())
            .map_err(|cause| KeyRingError::File { path: path.to_owned(), cause })
    }

    pub fn summaries(&self) -> Vec<KeySummary> {
        let ring = self.keys();
        ring.masters
            .iter()
            .map(|(id, key)| KeySummary {
                id: *id,
                created_at: key.created_at.iso(),
                current: *id == ring.current,
            })
            .collect()
    }

    /// A key for keyed digests. It stays the same over rotations, since what it made must still compare:
    /// it comes from the oldest key of the ring.
    ///
    /// # Errors
    /// The key cannot be derived.
    pub fn mac_key(&self, purpose: Purpose) -> Result<Secret<Vec<u8>>, SealError> {
        let ring = self.keys();
        ring.derive(ring.oldest, purpose).map(Secret::new)
    }

    /// Seals bytes for one place.
    ///
    /// # Errors
    /// They are not sealed, and stay where they are.
    pub fn seal(&self, place: Place<'_>, plain: &[u8], entropy: &Entropy) -> Result<Vec<u8>, SealError> {
        let ring = self.keys();
        let key = ring.aead(ring.current, Purpose::Column)?;
        let nonce: [u8; NONCE_LEN] = entropy.bytes();
        let mut sealed = plain.to_vec();
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(place.bytes()),
            &mut sealed,
        )
        .map_err(|_| SealError::Cipher)?;
        let mut out = vec![FORMAT, ring.current];
        out.extend_from_slice(&nonce);
        out.append(&mut sealed);
        Ok(out)
    }

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// Another ring, another place, or changed bytes; which one is not told.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Secret<Vec<u8>>, DoesNotOpen> {
        let (&[format, id], rest) = sealed.split_first_chunk::<2>().ok_or(DoesNotOpen)?;
        let (nonce, text) = rest.split_first_chunk::<NONCE_LEN>().ok_or(DoesNotOpen)?;
        if format != FORMAT {
            return Err(DoesNotOpen);
        }
        let key = self.keys().aead(id, Purpose::Column).map_err(|_| DoesNotOpen)?;
        let mut buffer = text.to_vec();
        let plain = key
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(place.bytes()), &mut buffer)
            .map_err(|_| DoesNotOpen)?
            .len();
        buffer.truncate(plain);
        Ok(Secret::new(buffer))
    }
}

impl Keys {
    fn aead(&self, id: u8, purpose: Purpose) -> Result<LessSafeKey, SealError> {
        let bytes = self.derive(id, purpose)?;
        UnboundKey::new(&AES_256_GCM_SIV, &bytes).map(LessSafeKey::new).map_err(|_| SealError::Key)
    }

    fn derive(&self, id: u8, purpose: Purpose) -> Result<Vec<u8>, SealError> {
        let master = self.masters.get(&id).ok_or(SealError::Key)?;
        let extracted = Salt::new(HKDF_SHA256, b"cardea").extract(master.secret.expose());
        let mut out = vec![0; 32];
        let label = [purpose.label()];
        let expanded = extracted.expand(&label, HKDF_SHA256).and_then(|key| key.fill(&mut out));
        expanded.map(|()| out).map_err(|_| SealError::Key)
    }
}

#[cfg(test)]
mod tests {
    use super::{DoesNotOpen, Entropy, KeyRing, Keys, Moment, Place, Purpose, SealError};

    const HERE: Place<'static> = Place { table: "authenticator", column: "secret", row: "1" };

    #[test]
    fn a_sealed_value_opens_only_in_its_place_and_only_unchanged() {
        let entropy = Entropy::seeded(1);
        let ring = KeyRing::generate(Moment::from_micros(0), &entropy);
        let sealed = ring.seal(HERE, b"secret", &entropy).unwrap();
        assert_eq!(ring.open(HERE, &sealed).map(|s| s.expose().clone()), Ok(b"secret".to_vec()));
        for elsewhere in [
            Place { row: "2", ..HERE },
            Place { column: "name", ..HERE },
            Place { table: "password", ..HERE },
        ] {
            assert_eq!(ring.open(elsewhere, &sealed).err(), Some(DoesNotOpen));
        }
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert_eq!(ring.open(HERE, &changed).err(), Some(DoesNotOpen), "byte {position}");
        }
    }

    #[test]
    fn after_a_rotation_old_values_open_and_new_ones_use_the_new_key() {
        let entropy = Entropy::seeded(2);
        let old = KeyRing::generate(Moment::from_micros(0), &entropy);
        let before = old.seal(HERE, b"a", &entropy).unwrap();
        let new = old.with_new_key(Moment::from_micros(1), &entropy).unwrap();
        let after = new.seal(HERE, b"b", &entropy).unwrap();
        assert!(new.open(HERE, &before).is_ok());
        assert!(new.open(HERE, &after).is_ok());
        assert_eq!(old.open(HERE, &after).err(), Some(DoesNotOpen));
    }

    #[test]
    fn without_its_key_a_ring_seals_nothing_and_gives_no_empty_key() {
        let whole = KeyRing::generate(Moment::from_micros(0), &Entropy::seeded(4)).keys();
        let key = &whole.masters[&1];
        let (created_at, secret) = (key.created_at, key.secret.clone());
        let masters = [(1, super::MasterKey { created_at, secret })].into();
        let broken = KeyRing::of(Keys { current: 2, oldest: 0, masters });
        assert_eq!(broken.seal(HERE, b"secret", &Entropy::seeded(4)), Err(SealError::Key));
        assert_eq!(broken.mac_key(Purpose::Pepper).err(), Some(SealError::Key));
        assert_eq!(
            super::own_key::seal(b"short", b"here", b"secret", &Entropy::seeded(4)),
            Err(SealError::Key)
        );
    }

    #[test]
    fn all_clones_take_up_a_new_key_and_none_gives_up_an_old_one() {
        let entropy = Entropy::seeded(3);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        let ring = KeyRing::create(&path, Moment::from_micros(0), &entropy).unwrap();
        let clone = ring.clone();
        let next = ring.with_new_key(Moment::from_micros(1), &entropy).unwrap();
        next.save(&path).unwrap();
        ring.reload(&path).unwrap();
        let sealed = next.seal(HERE, b"c", &entropy).unwrap();
        assert!(clone.open(HERE, &sealed).is_ok());
        KeyRing::generate(Moment::from_micros(2), &entropy).save(&path).unwrap();
        assert!(ring.reload(&path).is_err());
        assert!(clone.open(HERE, &sealed).is_ok());
    }
}
