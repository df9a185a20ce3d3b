//! Many people for one demo: a file for `cardea demo --people`, and their authenticator apps on real time.

use std::path::{Path, PathBuf};

use cardea::kernel::time::{Clock, Moment};
use serde_json::{Value, json};

use super::people::Totp;

const STEP_SECONDS: i64 = 30;

/// Someone of the crowd, as one client knows them.
pub struct Member {
    pub username: String,
    pub password: String,
    secret: Vec<u8>,
    last_step: i64,
}

impl Member {
    /// A code that the service can still take: of this step or the next, each once.
    pub fn code(&mut self) -> Option<String> {
        let present = Clock::System.now().unix_seconds().div_euclid(STEP_SECONDS);
        // Not the step before the present one: it may be over when the code arrives.
        let step = present.max(self.last_step + 1);
        if step > present + 1 {
            return None;
        }
        self.last_step = step;
        Some(Totp::new(self.secret.clone()).at(Moment::from_unix_seconds(step * STEP_SECONDS)))
    }

    /// The secret of the app, for who makes the account.
    pub fn secret(&self) -> &[u8] {
        &self.secret
    }
}

/// Makes so many people and writes the file that the demo takes.
pub fn crowd(folder: &Path, count: u32) -> (PathBuf, Vec<Member>) {
    let (mut sheet, mut members): (Vec<Value>, Vec<Member>) = (vec![], vec![]);
    for number in 0..count {
        let mut secret = b"a secret in a test..".to_vec();
        secret[..4].copy_from_slice(&number.to_be_bytes());
        let (username, password) =
            (format!("crowd.{number:04}"), format!("one of a crowd of {count}: {number}"));
        let totp_secret = data_encoding::BASE32_NOPAD.encode(&secret);
        sheet.push(json!({ "username": username, "password": password, "totp_secret": totp_secret }));
        members.push(Member { username, password, secret, last_step: 0 });
    }
    let path = folder.join("people.json");
    std::fs::write(&path, Value::Array(sheet).to_string()).unwrap();
    (path, members)
}
