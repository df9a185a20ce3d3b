//! A request that nobody may answer, as the people see it who look after the application: what came beside
//! what is registered. Everyone else is shown the plain page of the same words.

use askama::Template;

use crate::web::page::{Case, Shell};

/// Addresses that are shown beside what came, the likeliest first.
pub const ROWS_MAX: usize = 8;

#[derive(Clone, Debug, Template)]
#[template(path = "oidc/pages/untrusted.html")]
pub struct UntrustedPage {
    pub shell: Shell,
    pub case: String,
    /// The name of the parameter.
    pub parameter: &'static str,
    pub got: String,
    /// One for each registered value; empty where nothing is registered.
    pub comparisons: Vec<Comparison>,
}

/// Two texts, cut where they begin to differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// What both begin with.
    pub same: String,
    pub got: Rest,
    pub registered: Rest,
}

/// What comes behind the part that is the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rest {
    /// The first character that differs; empty where the text is over.
    pub first: String,
    pub after: String,
}

impl Comparison {
    pub fn new(got: &str, registered: &str) -> Self {
        let pairs = got.chars().zip(registered.chars());
        let same: String = pairs.take_while(|(got, known)| got == known).map(|(got, _)| got).collect();
        let rest = |whole: &str| {
            let mut behind = whole.chars().skip(same.chars().count());
            let first = behind.next().map(String::from).unwrap_or_default();
            Rest { first, after: behind.collect() }
        };
        Self { got: rest(got), registered: rest(registered), same }
    }

    /// Against every registered value, those first that have most in common with what came.
    pub fn all<'a>(got: &str, registered: impl Iterator<Item = &'a str>) -> Vec<Self> {
        let mut all: Vec<Self> = registered.map(|registered| Self::new(got, registered)).collect();
        all.sort_by_key(|one| std::cmp::Reverse(one.same.chars().count()));
        all.truncate(ROWS_MAX);
        all
    }
}

impl UntrustedPage {
    fn case_mention(&self) -> Case {
        self.shell.case(&self.case)
    }
}

#[cfg(test)]
impl UntrustedPage {
    pub fn samples(shell: Shell) -> Vec<(&'static str, Self)> {
        let address = Self {
            shell,
            case: "KIWI-4921".into(),
            parameter: "redirect_uri",
            got: "https://app.example.be/<Peeters>".into(),
            comparisons: Comparison::all(
                "https://app.example.be/<Peeters>",
                ["https://app.example.be/cb", "https://app.example.be/"].into_iter(),
            ),
        };
        let client = Self { parameter: "client_id", comparisons: vec![], ..address.clone() };
        let missing = Self { got: String::new(), ..address.clone() };
        vec![("address", address), ("client", client), ("missing", missing)]
    }
}

#[cfg(test)]
mod tests {
    use super::{Comparison, ROWS_MAX};

    #[test]
    fn texts_are_cut_at_their_first_difference() {
        for (got, registered, expected) in [
            ("https://a/cb", "https://a/cB", ("https://a/c", "b", "", "B", "")),
            ("https://a/cb/", "https://a/cb", ("https://a/cb", "/", "", "", "")),
            ("", "https://a", ("", "", "", "h", "ttps://a")),
            ("é1", "é22", ("é", "1", "", "2", "2")),
        ] {
            let one = Comparison::new(got, registered);
            let cut = (
                one.same.as_str(),
                one.got.first.as_str(),
                one.got.after.as_str(),
                one.registered.first.as_str(),
                one.registered.after.as_str(),
            );
            assert_eq!(cut, expected, "{got} {registered}");
        }
        let many: Vec<String> = (0..20).map(|n| format!("https://a/{n}")).collect();
        let all = Comparison::all("https://a/19", many.iter().map(String::as_str));
        assert_eq!((all.len(), all[0].same.as_str()), (ROWS_MAX, "https://a/19"));
    }
}
