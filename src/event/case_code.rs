//! Case codes: what a person says on the telephone (`KIWI-4921`). A code points at a record, it proves
//! nothing. It is unique for as long as it is kept (72 hours by default).

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::kernel::entropy::Entropy;

/// Words that a Dutch, French, German and English speaker hears alike.
const WORDS: [&str; 64] = [
    "ALBUM", "ALPACA", "ATLAS", "BASALT", "BOLERO", "BONSAI", "BUFFET", "CACTUS", "CANYON", "CHALET",
    "DENIM", "DRAGON", "FJORD", "FONDUE", "FORUM", "GECKO", "GONG", "GOSPEL", "HOBBY", "HUSKY", "IGLOO",
    "INDIGO", "JAGUAR", "JASMIN", "KAYAK", "KIMONO", "KIOSK", "KIWI", "KOALA", "LASSO", "MANGO", "METRO",
    "MIMOSA", "MUSEUM", "NECTAR", "NOUGAT", "NYLON", "OASIS", "OKAPI", "OLIVE", "PARADE", "PIANO", "PIZZA",
    "POLKA", "RADIO", "RUGBY", "SAUNA", "SLALOM", "SPRINT", "SQUASH", "STEPPE", "STUDIO", "TANDEM", "TAXI",
    "TOFU", "TOPAZ", "TUNDRA", "TUNNEL", "TURBO", "WASABI", "WOMBAT", "YETI", "ZEBRA", "ZIGZAG",
];

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct CaseCode(String);

impl CaseCode {
    /// Draws a code; four equal figures are left out, since they are hard to say and to hear.
    pub fn draw(entropy: &Entropy) -> Self {
        let count = u32::try_from(WORDS.len()).unwrap_or(1);
        let position = usize::try_from(entropy.below(count)).unwrap_or(0);
        let word = WORDS.get(position).copied().unwrap_or("KIWI");
        loop {
            let number = entropy.below(10_000);
            if !number.is_multiple_of(1111) {
                return Self(format!("{word}-{number:04}"));
            }
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CaseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What was read is no case code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no case code; one looks like KIWI-4921")]
pub struct NotACaseCode;

impl FromStr for CaseCode {
    type Err = NotACaseCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().to_ascii_uppercase();
        let (word, number) = text.split_once('-').ok_or(NotACaseCode)?;
        let sound = WORDS.contains(&word) && number.len() == 4 && number.bytes().all(|b| b.is_ascii_digit());
        sound.then(|| Self(text.clone())).ok_or(NotACaseCode)
    }
}
