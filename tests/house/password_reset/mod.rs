//! A new password without the old one, an end to being locked out, and "this was not me".

mod alike;
mod bad_input;
mod codes;
mod journeys;
mod not_me;
mod takers;
mod walks;

use std::time::Duration;

use cardea::authenticator::RecoveryCode;
use reqwest::StatusCode;

use crate::recovery::link;
use crate::support::app::TestApp;
use crate::support::client::{Browser, Page};
use crate::support::html::Form;
use crate::support::people::Person;
use crate::support::smtp::Mail;

/// A password that meets the rules and is nobody's.
pub const NEW: &str = "nine violet umbrellas at noon";

impl Browser {
    /// The page of the ways, after a name and what is wrong.
    pub async fn reset(&self, username: &str, problem: &str) -> Page {
        let page = self.get("/reset").await;
        let answer = self.submit(&page.form("/reset"), &[("username", username), ("problem", problem)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let page = self.follow(answer).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        page
    }

    /// The page of one way.
    pub async fn way(&self, page: &Page, way: &str) -> Page {
        let href = link(page, &format!("way={way}"));
        self.get(&href.unwrap_or_else(|| panic!("{way} is not offered: {}", page.text()))).await
    }

    /// The answer to something that is typed on the page of a way.
    pub async fn prove(&self, page: &Page, way: &str, typed: &str) -> Page {
        let page = self.way(page, way).await;
        let (path, field) = match way {
            "app" => ("/reset/code", "code"),
            "recovery" => ("/reset/recovery", "recovery_code"),
            "mail" => ("/reset/mail", "mail_code"),
            other => panic!("nothing is typed for {other}"),
        };
        self.submit(&page.form(path), &[(field, typed)]).await
    }

    /// A further page after a proof that was right.
    pub async fn proved(&self, answer: Page) -> Page {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let page = self.follow(answer).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        page
    }

    /// Asks for a code by mail; gives the page that asks for it.
    pub async fn ask_mail(&self, page: &Page) -> Page {
        let page = self.way(page, "mail").await;
        let answer = self.submit(&page.form("/reset/mail/send"), &[]).await;
        self.proved(answer).await
    }

    /// The proof by a code that was mailed.
    pub async fn prove_mail(&self, app: &TestApp, page: &Page, person: &Person) -> Page {
        // Mails of one moment have no order.
        app.advance(Duration::from_secs(1));
        let page = self.ask_mail(page).await;
        let code = mailed_code(app, &person.email).await;
        let answer = self.submit(&page.form("/reset/mail"), &[("mail_code", &code)]).await;
        self.proved(answer).await
    }

    /// The page that asks for the new password, by a code from the mailbox and one from the app.
    pub async fn reset_by_mail_and_app(&self, app: &TestApp, person: &Person) -> Page {
        let page = self.reset(&person.username, "forgotten").await;
        let page = self.prove_mail(app, &page, person).await;
        let answer = self.prove(&page, "app", &person.code(app)).await;
        let page = self.proved(answer).await;
        assert!(page.has_form("/reset/password"), "{}", page.text());
        page
    }

    pub async fn choose(&self, page: &Page, new: &str) -> Page {
        self.submit(&page.form("/reset/password"), &chosen(new)).await
    }
}

/// Both fields of a new password.
pub fn chosen(new: &str) -> [(&'static str, &str); 2] {
    [("new_password", new), ("new_password_again", new)]
}

/// The newest code that was mailed to an address.
pub async fn mailed_code(app: &TestApp, to: &str) -> String {
    let mails = app.delivered().await;
    let mail = mails.iter().rev().find(|mail| is_about(mail, to, "one-time code"));
    code_in(&mail.unwrap_or_else(|| panic!("no code was sent to {to}")).text())
}

/// Eight figures in two groups.
fn code_in(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let is_code = |window: &&[char]| {
        window.iter().enumerate().all(|(at, sign)| if at == 4 { *sign == ' ' } else { sign.is_ascii_digit() })
    };
    let found = signs.windows(9).find(is_code).unwrap_or_else(|| panic!("no code in {text}"));
    found.iter().collect()
}

pub fn is_about(mail: &Mail, to: &str, subject: &str) -> bool {
    mail.to.iter().any(|known| known.contains(to)) && mail.header("Subject").unwrap().contains(subject)
}

/// A set of recovery codes, put there as the owner would have made it.
pub async fn codes_of(app: &TestApp, person: &Person) -> Vec<String> {
    let opened = &app.opened;
    let mut unit = opened.db.unit();
    let codes = opened.authenticators.recovery().make(&mut unit, person.id, app.now());
    opened.db.write(unit).await.unwrap();
    codes.iter().map(RecoveryCode::shown).collect()
}

/// Whether a password opens the sign-in.
pub async fn opens(app: &TestApp, username: &str, password: &str) -> bool {
    let answer = app.browser().password(username, password).await;
    answer.status == StatusCode::SEE_OTHER
}

/// A form of another step with the fields of this page.
pub fn moved_to(form: &Form, action: &str) -> Form {
    Form { action: action.to_owned(), ..form.clone() }
}
