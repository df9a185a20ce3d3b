//! Random walks over sign-in, enrolment, recovery and step-up against a service at work. Visitors know some of the
//! secrets, keep old pages, mix the fields of one with the address of another, and come in any order. Whatever they
//! do, a session has the proofs of its level, and nothing about an account changes without them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use cardea::directory::Whose;
use cardea::directory::model::LOCAL;
use cardea::kernel::acr::{Acr, Amr};
use cardea::kernel::entropy::Entropy;
use cardea::kernel::id::AccountId;
use cardea::kernel::secret::BearerToken;
use cardea::kernel::time::Moment;
use cardea::session::Session;
use reqwest::StatusCode;

use crate::recovery::codes_on;
use crate::support::app::TestApp;
use crate::support::client::{Browser, Page};
use crate::support::html::Form;
use crate::support::people::{Person, Totp};

const WALKS: u64 = 10;
const STEPS: u32 = 150;
/// Pages that a visitor keeps.
const KEPT: usize = 14;
/// How fresh a second proof has to be where an account is changed.
const FRESH: Duration = Duration::from_mins(10);

/// What a visitor may do with a page of another step.
const STEP_PATHS: [&str; 6] = [
    "/sign-in",
    "/sign-in/code",
    "/sign-in/enrol",
    "/sign-in/password",
    "/sign-in/recovery",
    "/account/recovery-codes",
];
const PLACES: [&str; 9] = [
    "/",
    "/sign-in?again=1",
    "/sign-in?to=account&again=1",
    "/account",
    "/account/set-up",
    "/account/recovery-codes",
    "/account/authenticators/app/new",
    "/account/password",
    "/sign-in?to=recovery-codes&level=mfa&again=1",
];

/// Somebody whose account is tried, with all that opens it.
struct Target {
    person: Person,
    apps: Vec<Totp>,
    codes: Vec<String>,
}

/// What a visitor has proved in its browser so far, of one person.
#[derive(Clone, Copy, Default, Debug)]
struct Given {
    password: bool,
    second: Option<Moment>,
    trusted: bool,
}

/// A form that a visitor has seen, and the app that its page offered.
struct Seen {
    form: Form,
    offered: Option<usize>,
}

struct Visitor {
    browser: Browser,
    knows: Knows,
    seen: Vec<Seen>,
    offers: Vec<Totp>,
    given: BTreeMap<usize, Given>,
    towards: usize,
}

/// Which secrets a visitor has: an honest one all, a thief some.
#[derive(Clone, Copy)]
struct Knows {
    password: bool,
    app: bool,
    paper: bool,
}

/// What is bound to an account.
#[derive(PartialEq, Eq, Debug)]
struct State {
    bound: BTreeSet<String>,
    codes_made_at: Option<Moment>,
    password_set_at: Option<Moment>,
}

struct Walk {
    app: TestApp,
    dice: Entropy,
    targets: Vec<Target>,
    /// How often a level was reached by what, so that a walk that goes nowhere is noticed.
    reached: BTreeMap<&'static str, u32>,
}

impl Walk {
    fn below(&self, bound: usize) -> usize {
        usize::try_from(self.dice.below(u32::try_from(bound).unwrap())).unwrap()
    }

    fn chance(&self, percent: u32) -> bool {
        self.dice.below(100) < percent
    }

    async fn state(&self, id: AccountId) -> State {
        let authenticators = &self.app.opened.authenticators;
        let bound = authenticators.of(id).await.unwrap();
        State {
            bound: bound.iter().map(|bound| bound.id.to_string()).collect(),
            codes_made_at: authenticators.recovery().of(id).await.unwrap().map(|set| set.made_at),
            password_set_at: self
                .app
                .opened
                .directory
                .standing(Whose::kept_by(id, LOCAL), self.app.now())
                .await
                .unwrap()
                .map(|standing| standing.changed_at),
        }
    }

    async fn session(&self, visitor: &Visitor) -> Option<Session> {
        let token = BearerToken::parse(&visitor.browser.cookie("__Host-session")?)?;
        let found = self.app.opened.sessions.find(&token, self.app.now()).await.unwrap()?;
        found.ok().map(|current| current.session)
    }

    fn keep(visitor: &mut Visitor, page: &Page) {
        for form in page.forms() {
            if form.action.starts_with("/sign-out") || form.action.contains("/end") {
                continue;
            }
            let offered = form.value("enrolment").is_some().then(|| {
                visitor.offers.push(page.offered());
                visitor.offers.len() - 1
            });
            visitor.seen.push(Seen { form, offered });
        }
        let surplus = visitor.seen.len().saturating_sub(KEPT);
        visitor.seen.drain(..surplus);
    }

    async fn look(&self, visitor: &mut Visitor, path: &str) {
        let page = visitor.browser.open(path).await;
        assert!(!page.status.is_server_error(), "{path}: {}", page.text());
        Self::keep(visitor, &page);
        // Another way, where one is offered.
        if let Some(href) = crate::recovery::link(&page, "way=").filter(|_| self.chance(40)) {
            let page = visitor.browser.open(&href).await;
            Self::keep(visitor, &page);
        }
    }

    /// Goes straight at what changes an account, at once or when the page is old.
    async fn change(&mut self, visitor: &mut Visitor) {
        let before = self.session(visitor).await;
        let page = visitor.browser.open("/account/recovery-codes").await;
        Self::keep(visitor, &page);
        if !page.has_form("/account/recovery-codes") {
            return;
        }
        if self.chance(50) {
            self.app.advance(FRESH + Duration::from_secs(1));
        }
        let answer = visitor.browser.submit(&page.form("/account/recovery-codes"), &[]).await;
        self.learn(visitor, before.as_ref(), &answer, None, visitor.towards).await;
    }

    /// Signs in with all that the visitor knows, in this very order.
    async fn enter(&mut self, visitor: &mut Visitor) {
        visitor.seen.clear();
        self.look(visitor, "/sign-in?again=1").await;
        for _ in 0..2 {
            self.send(visitor).await;
        }
    }

    /// Sends a form, mostly the newest, mostly to where it belongs, with right and wrong secrets.
    async fn send(&mut self, visitor: &mut Visitor) {
        if visitor.seen.is_empty() {
            return self.look(visitor, "/sign-in?again=1").await;
        }
        let newest = visitor.seen.len() - 1;
        let at = if self.chance(70) { newest } else { self.below(visitor.seen.len()) };
        let (mut form, offered) = (visitor.seen[at].form.clone(), visitor.seen[at].offered);
        if self.chance(8) {
            STEP_PATHS[self.below(STEP_PATHS.len())].clone_into(&mut form.action);
        }
        let who = if self.chance(88) { visitor.towards } else { self.below(self.targets.len()) };
        let path = form.action.split('?').next().unwrap().to_owned();
        let mut without_second = BTreeSet::new();
        for (at, target) in self.targets.iter().enumerate() {
            let state = self.state(target.person.id).await;
            if state.bound.is_empty() && state.codes_made_at.is_none() {
                without_second.insert(at);
            }
        }

        let right = |percent| self.chance(percent);
        let give_password = visitor.knows.password && right(85);
        let give_app = visitor.knows.app && !self.targets[who].apps.is_empty() && right(75);
        let give_code = visitor.knows.paper && !self.targets[who].codes.is_empty() && right(75);
        let give_offer = offered.is_some() && right(85);
        let (use_up, tick) = (right(80), right(50));
        let target = &mut self.targets[who];
        let mut typed: Vec<(&str, String)> = vec![("username", target.person.username.clone())];
        let password = if give_password { target.person.password.clone() } else { "no such password".into() };
        typed.extend([("password", password.clone()), ("current_password", password)]);
        let code = match (give_offer.then_some(offered).flatten(), give_app) {
            (Some(offer), _) => visitor.offers[offer].next(&self.app),
            (None, true) => target.apps[0].next(&self.app),
            (None, false) => "000000".to_owned(),
        };
        typed.push(("code", code));
        let recovery = match (give_code, use_up) {
            (true, true) => target.codes.pop().unwrap(),
            (true, false) => target.codes.last().unwrap().clone(),
            (false, _) => "AAAABBBBCCCCDDDD".to_owned(),
        };
        typed.push(("recovery_code", recovery));
        let new_password = format!("walking {} quiet lighthouses", self.dice.below(1_000_000));
        typed.extend([("new_password", new_password.clone()), ("new_password_again", new_password.clone())]);
        if tick {
            typed.push(("trust", "yes".to_owned()));
        }
        if self.chance(8)
            && let Some(other) = visitor.seen.iter().find_map(|seen| seen.form.value("journey"))
        {
            typed.push(("journey", other.to_owned()));
        }
        let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();

        let before = self.session(visitor).await;
        let answer = visitor.browser.submit(&form, &typed).await;
        assert!(!answer.status.is_server_error(), "{path}: {}", answer.text());
        let now = self.app.now();
        let given = visitor.given.entry(who).or_default();
        // An upper bound: what was sent and right, whether or not it was taken.
        given.password |= path == "/sign-in" && give_password;
        let second = match path.as_str() {
            "/sign-in/code" => give_app,
            "/sign-in/recovery" => give_code,
            _ => false,
        };
        if second {
            given.second = Some(now);
            given.trusted |= tick && path == "/sign-in/code";
        }
        // Whose journey a page belongs to, it does not say: of those whose password was right, and who had nothing.
        if path == "/sign-in/enrol" && give_offer {
            for (who, given) in &mut visitor.given {
                if given.password && without_second.contains(who) {
                    given.second = Some(now);
                }
            }
        }
        if path == "/account/password" && answer.location() == "/account" {
            self.targets[who].person.password = new_password;
        }
        self.learn(visitor, before.as_ref(), &answer, offered.filter(|_| give_offer), who).await;
        let page = visitor.browser.follow(answer).await;
        Self::keep(visitor, &page);
        if let Some(href) = crate::recovery::link(&page, "way=recovery").filter(|_| self.chance(35)) {
            let page = visitor.browser.open(&href).await;
            Self::keep(visitor, &page);
        }
    }

    /// What the owners of the accounts get by an action: new codes, a new app.
    async fn learn(
        &mut self,
        visitor: &mut Visitor,
        before: Option<&Session>,
        answer: &Page,
        offered: Option<usize>,
        who: usize,
    ) {
        let made = codes_on(answer);
        let of_session = before
            .and_then(|session| self.targets.iter().position(|target| target.person.id == session.account));
        if let (false, Some(owner)) = (made.is_empty(), of_session) {
            self.targets[owner].codes = made;
        }
        if let Some(offer) = offered.filter(|_| answer.status == StatusCode::SEE_OTHER) {
            let owner = of_session.unwrap_or(who);
            let secret = visitor.offers[offer].secret().to_vec();
            let bound = self.app.opened.authenticators.of(self.targets[owner].person.id).await.unwrap().len();
            if bound > self.targets[owner].apps.len() {
                self.targets[owner].apps.insert(0, Totp::new(secret));
            }
        }
    }

    /// What must hold whatever was done.
    async fn check(&mut self, visitor: &Visitor, before: Option<&Session>, states: &[State], told: &str) {
        if let Some(session) = self.session(visitor).await {
            let who = self.targets.iter().position(|target| target.person.id == session.account).unwrap();
            let given = visitor.given.get(&who).copied().unwrap_or_default();
            assert!(given.password, "a session without a password: {told}");
            assert_eq!(session.acr, Acr::Mfa, "everyone here needs two factors, and nobody has more: {told}");
            assert!(given.second.is_some() || given.trusted, "a session without a second proof: {told}");
            let says_second = session.amr.contains(&Amr::Otp);
            assert_eq!(says_second, session.amr.contains(&Amr::Mfa), "{told}");
            assert!(!says_second || given.second.is_some(), "a method that was not used: {told}");
            let how = if says_second { "second proof" } else { "trusted browser" };
            *self.reached.entry(how).or_default() += 1;
        }
        for (who, old) in states.iter().enumerate() {
            let id = self.targets[who].person.id;
            let new = self.state(id).await;
            if new == *old {
                continue;
            }
            let given = visitor.given.get(&who).copied().unwrap_or_default();
            assert!(given.password, "an account was changed without its password: {told}");
            let ways_in = (&new.bound, new.codes_made_at) != (&old.bound, old.codes_made_at);
            let is_fresh = |at| !ways_in || self.app.now().since(at) <= FRESH;
            assert!(
                given.second.is_some_and(is_fresh) || (given.trusted && !ways_in),
                "an account was changed without a fresh second proof: {told} {old:?} {new:?}"
            );
            let inside = before.is_some_and(|session| session.account == id);
            let first = old.bound.is_empty() && new.bound.len() == 1;
            assert!(inside || first, "an account was changed from outside: {told}");
            let how = if inside { "change inside" } else { "first enrolment" };
            *self.reached.entry(how).or_default() += 1;
        }
    }

    async fn run(&mut self, seed: u64) {
        let mut visitors = vec![];
        for number in 0..4 {
            let some = || self.chance(50);
            let knows = match number {
                0 | 1 => Knows { password: true, app: true, paper: true },
                _ => Knows { password: some(), app: some(), paper: some() },
            };
            visitors.push(Visitor {
                browser: self.app.browser(),
                knows,
                seen: vec![],
                offers: vec![],
                given: BTreeMap::new(),
                towards: self.below(self.targets.len()),
            });
        }
        for step in 0..STEPS {
            let at = self.below(visitors.len());
            let visitor = &mut visitors[at];
            let mut states = vec![];
            for target in &self.targets {
                states.push(self.state(target.person.id).await);
            }
            let before = self.session(visitor).await;
            let what = self.dice.below(100);
            match what {
                0..45 => self.send(visitor).await,
                45..60 => self.enter(visitor).await,
                60..72 => self.change(visitor).await,
                72..82 => self.look(visitor, PLACES[self.below(PLACES.len())]).await,
                82..90 => visitor.browser.forget("__Host-session"),
                90..93 => visitor.towards = self.below(self.targets.len()),
                93..98 => self.app.advance(Duration::from_secs(u64::from(self.dice.below(90)))),
                _ => self.app.advance(Duration::from_mins(11)),
            }
            let told = format!("walk {seed}, step {step}, visitor {at}, action {what}");
            self.check(&visitors[at], before.as_ref(), &states, &told).await;
        }
    }
}

#[tokio::test]
async fn no_walk_reaches_a_level_or_changes_an_account_without_its_proofs() {
    let mut reached: BTreeMap<&'static str, u32> = BTreeMap::new();
    for seed in 0..WALKS {
        let app = TestApp::builder().with(|config| {
            config.sign_in.trusted_browser = Some(Duration::from_hours(24 * 30));
            config.sign_in.attempts_before_pause = 90;
            config.sign_in.code_attempts_max = 90;
            config.sign_in.failures_max = 100;
            config.sign_in.attempts_per_source = 10_000;
        });
        let Some(app) = app.start().await else { return };
        let mut targets = vec![];
        for (name, with_app) in [("anna", true), ("berta", true), ("staff", false), ("new", false)] {
            let person = app.person(name);
            let person = if with_app { person.with_totp() } else { person }.build().await;
            let apps = person.totp.iter().map(|totp| Totp::new(totp.secret().to_vec())).collect();
            targets.push(Target { person, apps, codes: vec![] });
        }
        let mut walk = Walk { app, dice: Entropy::seeded(seed), targets, reached: BTreeMap::new() };
        walk.run(seed).await;
        for (how, count) in walk.reached {
            *reached.entry(how).or_default() += count;
        }
    }
    for how in ["second proof", "trusted browser", "first enrolment", "change inside"] {
        assert!(reached.get(how).is_some_and(|count| *count > 3), "the walks went nowhere: {reached:?}");
    }
}
