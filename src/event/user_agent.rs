//! What a browser says of itself, in the few words that a person recognises.
//!
//! Own code because a full parser brings a database of thousands of patterns; here six families are
//! enough, and what is not known stays unknown.

use serde::Serialize;

/// Browser, system and kind of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Device {
    pub browser: Option<&'static str>,
    pub os: Option<&'static str>,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Desktop,
    Mobile,
    Tablet,
    Unknown,
}

/// First match wins: a browser names its ancestors too, so the descendants stand first.
const BROWSERS: [(&str, &str); 8] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: [(&str, &str, Kind); 7] = [
    ("iPhone", "iOS", Kind::Mobile),
    ("iPad", "iPadOS", Kind::Tablet),
    ("Android", "Android", Kind::Mobile),
    ("Windows", "Windows", Kind::Desktop),
    ("Mac OS X", "macOS", Kind::Desktop),
    ("CrOS", "ChromeOS", Kind::Desktop),
    ("Linux", "Linux", Kind::Desktop),
];

impl Device {
    pub fn recognise(user_agent: &str) -> Self {
        let browser = BROWSERS.iter().find(|(sign, _)| user_agent.contains(sign)).map(|(_, name)| *name);
        let system = SYSTEMS.iter().find(|(sign, ..)| user_agent.contains(sign));
        let kind = match system {
            Some((_, "Android", _)) if !user_agent.contains("Mobile") => Kind::Tablet,
            Some((.., kind)) => *kind,
            None => Kind::Unknown,
        };
        Self { browser, os: system.map(|(_, name, _)| *name), kind }
    }
}

#[cfg(test)]
mod tests {
    use super::{Device, Kind};

    #[test]
    fn the_browsers_of_the_office_are_recognised() {
        let table = [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0",
                Some("Edge"),
                Some("Windows"),
                Kind::Desktop,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                Some("Safari"),
                Some("iOS"),
                Kind::Mobile,
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
                Some("Firefox"),
                Some("Linux"),
                Kind::Desktop,
            ),
            ("curl/8.5", None, None, Kind::Unknown),
        ];
        for (text, browser, os, kind) in table {
            assert_eq!(Device::recognise(text), Device { browser, os, kind }, "{text}");
        }
    }
}
