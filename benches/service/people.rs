//! The people of the measurement: made by the demo from a file, each at an address of their own, as people
//! at home are.

use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;

use cardea::kernel::time::Clock;
use data_encoding::BASE32_NOPAD;
use serde_json::{Value, json};
use totp_rs::{Algorithm, Builder, Totp};

use crate::{Failure, client};

/// Seconds of one step of an authenticator app.
const STEP_SECONDS: u64 = 30;

pub struct Person {
    pub username: String,
    pub password: String,
    pub address: Ipv4Addr,
    totp: Totp,
}

impl Person {
    /// What the app shows now. It counts once, so one person signs in once a step.
    pub fn code(&self) -> String {
        self.totp.generate(now_seconds()).to_string()
    }

    fn numbered(number: u16) -> Result<(Self, Value), Failure> {
        let username = format!("bench.{number:04}");
        let password = format!("one door for {username}");
        // Of the measurement alone: whoever reads this can sign in to a folder that is gone after the run.
        let secret: Vec<u8> = format!("bench secret {number:07}").into_bytes();
        let written = json!({
            "username": username,
            "password": password,
            "display_name": format!("Person {number}"),
            "language": "en",
            "roles": ["staff"],
            "totp_secret": BASE32_NOPAD.encode(&secret),
        });
        let totp = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(0)
            .with_step_duration(STEP_SECONDS)
            .with_secret(secret)
            .with_account_name("bench")
            .build()
            .map_err(|error| error.to_string())?;
        Ok((Self { username, password, address: client::source(number), totp }, written))
    }
}

/// So many people, written into a file that `cardea demo --people` reads.
pub fn write(path: &Path, count: u16) -> Result<Vec<Person>, Failure> {
    // Addresses that end in 0 are left out: nobody lives there.
    let numbers = (1..=u16::MAX).filter(|number| number % 256 != 0).take(count.into());
    let people = numbers.map(Person::numbered).collect::<Result<Vec<_>, _>>()?;
    let (people, written): (Vec<Person>, Vec<Value>) = people.into_iter().unzip();
    std::fs::write(path, serde_json::to_vec(&written)?)?;
    Ok(people)
}

/// Waits until every app shows another code than in this step.
pub async fn fresh_codes(used: Option<u64>) {
    if used == Some(step()) {
        let left = STEP_SECONDS - now_seconds() % STEP_SECONDS;
        tokio::time::sleep(Duration::from_secs(left)).await;
    }
}

/// The step of the apps at this moment.
pub fn step() -> u64 {
    now_seconds() / STEP_SECONDS
}

fn now_seconds() -> u64 {
    u64::try_from(Clock::System.now().unix_seconds()).unwrap_or(0)
}
