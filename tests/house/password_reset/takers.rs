//! At the same moment: of all who end one reset, in many tabs and on two nodes, one does.

use std::sync::Arc;

use reqwest::StatusCode;

use super::{chosen, mailed_code};
use crate::support::app::TestApp;
use crate::support::client::{Browser, Page};
use crate::support::html::Form;

/// A form with what is typed in it.
type Try = (Arc<Browser>, Form, Vec<(String, String)>);

/// Sends forms at the same moment, each from a browser of its own that holds the same cookies.
async fn at_once(tries: Vec<Try>) -> Vec<Page> {
    let gate = Arc::new(tokio::sync::Barrier::new(tries.len()));
    let tasks: Vec<_> = tries
        .into_iter()
        .map(|(browser, form, typed)| {
            let gate = Arc::clone(&gate);
            tokio::spawn(async move {
                let typed: Vec<(&str, &str)> =
                    typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                gate.wait().await;
                browser.submit(&form, &typed).await
            })
        })
        .collect();
    let mut pages = vec![];
    for task in tasks {
        pages.push(task.await.unwrap());
    }
    pages
}

fn typed(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A second node of the same service, and the browser's double there.
async fn second_node(app: &TestApp) -> Option<TestApp> {
    let config = app.opened.config.clone();
    let second = TestApp::builder().with(move |other| {
        other.database = config.database;
        other.keys = config.keys;
        other.mail = config.mail;
    });
    second.start().await
}

fn double(browser: &Browser, at: &TestApp) -> Browser {
    let other = at.browser();
    other.plant("__Host-device", &browser.cookie("__Host-device").unwrap());
    other
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_choose_a_password_on_two_nodes_one_does() {
    // All but one of the passwords are wrong afterwards.
    let app = TestApp::builder().with(|config| config.sign_in.attempts_before_pause = 90);
    let Some(app) = app.start().await else { return };
    let Some(second) = second_node(&app).await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    let page = browser.reset_by_mail_and_app(&app, &anna).await;
    let form = page.form("/reset/password");
    let browser = Arc::new(browser);
    let elsewhere = Arc::new(double(&browser, &second));
    let mine = |number: usize| format!("quiet lighthouse number {number} in the fog");
    let tries = (0..12).map(|number| {
        let who = if number % 2 == 0 { Arc::clone(&browser) } else { Arc::clone(&elsewhere) };
        (who, form.clone(), typed(&chosen(&mine(number))))
    });
    let pages = at_once(tries.collect()).await;
    assert!(pages.iter().all(|page| page.status == StatusCode::SEE_OTHER), "{pages:?}");
    assert_eq!(app.records_of("password_reset").await.len(), 1);
    let mut open = 0;
    for number in 0..12 {
        open += u32::from(super::opens(&app, "anna", &mine(number)).await);
    }
    assert_eq!(open, 1, "one password counts");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guesses_at_one_code_in_parallel_are_five_on_two_nodes_together() {
    let app = TestApp::builder().with(|config| config.sign_in.attempts_per_source = 1_000);
    let Some(app) = app.start().await else { return };
    let Some(second) = second_node(&app).await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    let page = browser.reset("anna", "forgotten").await;
    let page = browser.ask_mail(&page).await;
    let form = page.form("/reset/mail");
    let code = mailed_code(&app, &anna.email).await;
    let browser = Arc::new(browser);
    let elsewhere = Arc::new(double(&browser, &second));
    let tries = (0..20).map(|number| {
        let who = if number % 2 == 0 { Arc::clone(&browser) } else { Arc::clone(&elsewhere) };
        let guess = format!("{:08}", 10_000_019 * (number + 1));
        (who, form.clone(), typed(&[("mail_code", &guess)]))
    });
    at_once(tries.collect()).await;
    let refused = app.records_of("mail_code_refused").await;
    let looked_at = refused.iter().filter(|record| record.text("reason") == Some("wrong")).count();
    assert_eq!(looked_at, 5, "as many were looked at as may be");
    let answer = browser.submit(&form, &[("mail_code", &code)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_type_the_same_code_one_proves_something() {
    let Some(app) = TestApp::start().await else { return };
    let anna = app.person("anna").with_totp().build().await;
    let browser = app.browser();
    let page = browser.reset("anna", "forgotten").await;
    let page = browser.ask_mail(&page).await;
    let form = page.form("/reset/mail");
    let code = mailed_code(&app, &anna.email).await;
    let browser = Arc::new(browser);
    let tries = (0..5).map(|_| (Arc::clone(&browser), form.clone(), typed(&[("mail_code", &code)])));
    at_once(tries.collect()).await;
    assert_eq!(app.records_of("mail_code_accepted").await.len(), 1);
}
