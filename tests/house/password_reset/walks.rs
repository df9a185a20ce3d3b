//! Random walks over every step of resets, in every state. Visitors know some of the secrets, keep old pages, mix the
//! fields of one with the address of another, begin for one person and prove for another, and come in any order.
//! Whatever they do, no password is set and no account unlocked without two proofs of its owner, and nobody is signed
//! in by it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use cardea::kernel::entropy::Entropy;
use cardea::kernel::time::Moment;

use super::{chosen, codes_of, is_about};
use crate::recovery::link;
use crate::support::app::TestApp;
use crate::support::client::{Browser, Page};
use crate::support::html::Form;
use crate::support::people::{Person, Totp};

const WALKS: u64 = 8;
const STEPS: u32 = 160;
/// Pages that a visitor keeps.
const KEPT: usize = 12;
const PATHS: [&str; 9] = [
    "/reset",
    "/reset/code",
    "/reset/recovery",
    "/reset/mail/send",
    "/reset/mail",
    "/reset/password",
    "/reset/unlock",
    "/sign-in/code",
    "/sign-in/password",
];
const PROBLEMS: [&str; 3] = ["forgotten", "expired", "locked"];
const WAYS: [&str; 5] = ["app", "recovery", "mail", "key", "upstream"];

struct Target {
    person: Person,
    app: Option<Totp>,
    codes: Vec<String>,
}

/// Which secrets a visitor has: an honest one all, a thief some.
#[derive(Clone, Copy)]
struct Knows {
    app: bool,
    paper: bool,
    mailbox: bool,
}

struct Visitor {
    browser: Browser,
    knows: Knows,
    seen: Vec<Form>,
    /// What was sent that was right, by reset and person: an upper bound of what was proved there.
    given: BTreeMap<(String, usize), BTreeSet<&'static str>>,
    towards: usize,
}

#[derive(PartialEq, Eq, Debug)]
struct State {
    password_set_at: Option<Moment>,
    bound: usize,
    unlocked: usize,
}

struct Walk {
    app: TestApp,
    dice: Entropy,
    targets: Vec<Target>,
    reached: BTreeMap<&'static str, u32>,
}

impl Walk {
    fn below(&self, bound: usize) -> usize {
        usize::try_from(self.dice.below(u32::try_from(bound).unwrap())).unwrap()
    }

    fn chance(&self, percent: u32) -> bool {
        self.dice.below(100) < percent
    }

    async fn state(&self, who: usize, unlocked: &[usize]) -> State {
        let id = self.targets[who].person.id;
        let opened = &self.app.opened;
        let whose = cardea::directory::Whose::kept_by(id, "local");
        State {
            password_set_at: opened
                .directory
                .standing(whose, self.app.now())
                .await
                .unwrap()
                .map(|standing| standing.changed_at),
            bound: opened.authenticators.of(id).await.unwrap().len(),
            unlocked: unlocked[who],
        }
    }

    async fn states(&self) -> Vec<State> {
        let records = self.app.records_of("account_unlocked").await;
        let of = |target: &Target| {
            records.iter().filter(|record| record.subject == Some(target.person.id)).count()
        };
        let unlocked: Vec<usize> = self.targets.iter().map(of).collect();
        let mut states = vec![];
        for who in 0..self.targets.len() {
            states.push(self.state(who, &unlocked).await);
        }
        states
    }

    fn keep(visitor: &mut Visitor, page: &Page) {
        visitor.seen.extend(page.forms().into_iter().filter(|form| form.action.starts_with("/reset")));
        let surplus = visitor.seen.len().saturating_sub(KEPT);
        visitor.seen.drain(..surplus);
    }

    async fn begin(&mut self, visitor: &mut Visitor) {
        let who = &self.targets[visitor.towards].person;
        let name = if self.chance(50) { who.username.clone() } else { who.email.clone() };
        let page = visitor.browser.reset(&name, PROBLEMS[self.below(3)]).await;
        Self::keep(visitor, &page);
        self.look(visitor, &page).await;
    }

    /// Opens the page of some way.
    async fn look(&self, visitor: &mut Visitor, page: &Page) {
        let way = WAYS[self.below(WAYS.len())];
        if let Some(href) = link(page, &format!("way={way}")) {
            let page = visitor.browser.open(&href).await;
            assert!(!page.status.is_server_error(), "{href}: {}", page.text());
            Self::keep(visitor, &page);
        }
    }

    /// The newest code in somebody's mailbox, as its owner reads it.
    async fn mailed(&self, who: usize) -> Option<String> {
        let to = &self.targets[who].person.email;
        let mails = self.app.delivered().await;
        let newest = mails.iter().rev().find(|mail| is_about(mail, to, "one-time code"))?;
        Some(super::code_in(&newest.text()))
    }

    /// Sends a form, mostly the newest, mostly to where it belongs, with right and wrong secrets.
    async fn send(&mut self, visitor: &mut Visitor) {
        let Some(newest) = visitor.seen.len().checked_sub(1) else { return self.begin(visitor).await };
        let at = if self.chance(70) { newest } else { self.below(visitor.seen.len()) };
        let mut form = visitor.seen[at].clone();
        if self.chance(10) {
            PATHS[self.below(PATHS.len())].clone_into(&mut form.action);
        }
        let path = form.action.clone();
        let who = if self.chance(85) { visitor.towards } else { self.below(self.targets.len()) };
        let (right_app, right_paper, right_mail) = (self.chance(80), self.chance(80), self.chance(85));
        let mailed = if visitor.knows.mailbox && right_mail && path == "/reset/mail" {
            self.mailed(who).await
        } else {
            None
        };
        let use_up = self.chance(85);
        let target = &mut self.targets[who];
        let code = match (&target.app, visitor.knows.app && right_app && path == "/reset/code") {
            (Some(app), true) => Some(app.next(&self.app)),
            _ => None,
        };
        let paper = match (visitor.knows.paper && right_paper && path == "/reset/recovery", use_up) {
            (true, true) => target.codes.pop(),
            (true, false) => target.codes.last().cloned(),
            (false, _) => None,
        };
        let proof = match path.as_str() {
            "/reset/code" => code.as_ref().map(|_| "app"),
            "/reset/recovery" => paper.as_ref().map(|_| "paper"),
            "/reset/mail" => mailed.as_ref().map(|_| "mail"),
            _ => None,
        };
        let new = format!("walking {} quiet lighthouses", self.dice.below(1_000_000));
        let username = target.person.username.clone();
        let mut typed: Vec<(&str, String)> = vec![
            ("username", username),
            ("code", code.unwrap_or_else(|| "000000".to_owned())),
            ("recovery_code", paper.unwrap_or_else(|| "AAAABBBBCCCCDDDD".to_owned())),
            ("mail_code", mailed.unwrap_or_else(|| "00000000".to_owned())),
        ];
        typed.extend(chosen(&new).map(|(name, value)| (name, value.to_owned())));
        if self.chance(10)
            && let Some(other) = visitor.seen.iter().find_map(|seen| seen.value("journey"))
        {
            typed.push(("journey", other.to_owned()));
        }
        let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let sent = form.filled(&typed);
        let journey = sent.iter().find(|(name, _)| name == "journey").map(|(_, value)| value.clone());
        if let (Some(proof), Some(journey)) = (proof, journey) {
            visitor.given.entry((journey, who)).or_default().insert(proof);
        }
        let answer = visitor.browser.submit(&form, &typed).await;
        assert!(!answer.status.is_server_error(), "{path}: {}", answer.text());
        let page = visitor.browser.follow(answer).await;
        Self::keep(visitor, &page);
        self.look(visitor, &page).await;
    }

    /// What must hold whatever was done.
    fn check(&mut self, visitor: &Visitor, before: &[State], after: &[State], told: &str) {
        assert!(visitor.browser.cookie("__Host-session").is_none(), "a reset signed somebody in: {told}");
        for (who, (old, new)) in before.iter().zip(after).enumerate() {
            assert_eq!(old.bound, new.bound, "a reset touched a second factor: {told}");
            if old == new {
                continue;
            }
            let enough = visitor.given.iter().any(|((_, of), proofs)| *of == who && proofs.len() >= 2);
            assert!(enough, "an account was changed without two proofs in one reset: {told} {old:?} {new:?}");
            let how = if old.password_set_at == new.password_set_at { "unlocked" } else { "new password" };
            *self.reached.entry(how).or_default() += 1;
        }
    }

    async fn run(&mut self, seed: u64) {
        let mut visitors = vec![];
        for number in 0..4 {
            let some = || self.chance(50);
            let knows = match number {
                0 | 1 => Knows { app: true, paper: true, mailbox: true },
                _ => Knows { app: some(), paper: some(), mailbox: some() },
            };
            visitors.push(Visitor {
                browser: self.app.browser(),
                knows,
                seen: vec![],
                given: BTreeMap::new(),
                towards: self.below(self.targets.len()),
            });
        }
        let mut before = self.states().await;
        for step in 0..STEPS {
            let at = self.below(visitors.len());
            let visitor = &mut visitors[at];
            let what = self.dice.below(100);
            match what {
                0..80 => self.send(visitor).await,
                80..88 => self.begin(visitor).await,
                88..90 => visitor.towards = self.below(self.targets.len()),
                90..98 => self.app.advance(Duration::from_secs(u64::from(self.dice.below(60)))),
                _ => self.app.advance(Duration::from_mins(11)),
            }
            let after = self.states().await;
            let told = format!("walk {seed}, step {step}, visitor {at}, action {what}");
            self.check(&visitors[at], &before, &after, &told);
            before = after;
        }
    }
}

#[tokio::test]
async fn no_walk_sets_a_password_or_unlocks_without_two_proofs_of_one_reset() {
    let mut reached: BTreeMap<&'static str, u32> = BTreeMap::new();
    for seed in 0..WALKS {
        let app = TestApp::builder().with(|config| {
            config.sign_in.code_attempts_max = 90;
            config.sign_in.failures_max = 100;
            config.sign_in.attempts_per_source = 100_000;
            config.reset.begun_per_hour = 10_000;
            config.reset.mail_codes_per_hour = 10_000;
            config.mail.per_person_per_hour = 10_000;
        });
        let Some(app) = app.start().await else { return };
        let mut targets = vec![];
        for (name, with_app) in [("anna", true), ("berta", true), ("staff", false)] {
            let person = app.person(name);
            let person = if with_app { person.with_totp() } else { person }.build().await;
            let totp = person.totp.as_ref().map(|totp| Totp::new(totp.secret().to_vec()));
            let codes = codes_of(&app, &person).await;
            targets.push(Target { person, app: totp, codes });
        }
        let mut walk = Walk { app, dice: Entropy::seeded(seed), targets, reached: BTreeMap::new() };
        walk.run(seed).await;
        for (how, count) in walk.reached {
            *reached.entry(how).or_default() += count;
        }
    }
    for how in ["new password", "unlocked"] {
        assert!(reached.get(how).is_some_and(|count| *count > 0), "the walks went nowhere: {reached:?}");
    }
}
