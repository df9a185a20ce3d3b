//! `cardea people invite` and `rescue`: the address is shown once, the operator sees no secret, and breaking the glass
//! is loud.

use std::net::Ipv4Addr;
use std::os::unix::fs::PermissionsExt as _;

use super::demo::{Demo, files_below};
use crate::support::children::wait_for;

fn add_without_password(demo: &Demo, name: &str) {
    let mail = format!("{name}@chancellery.example");
    let arguments = ["people", "add", "--name", name, "--display-name", "New One", "--email", &mail];
    let more = ["--language", "en", "--without-password"];
    demo.run(&[&arguments[..], &more].concat()).ok();
}

fn path_of(link: &str) -> &str {
    let (_, path) = link.split_once("/activate").unwrap();
    assert!(link.starts_with("http://localhost:"), "{link}");
    path
}

#[tokio::test]
async fn an_invitation_is_handed_over_as_text_and_as_a_picture() {
    let demo = Demo::start();
    add_without_password(&demo, "new.one");
    assert!(demo.person("new.one")["password"].is_null());
    let svg = demo.file("invitation.svg");
    let dry = demo.run(&["people", "invite", "new.one", "--dry-run"]).ok();
    assert!(dry.contains("dry run") && !dry.contains("/activate"), "{dry}");
    let arguments = ["people", "invite", "new.one", "--qr", "--svg", svg.to_str().unwrap()];
    let text = demo.run(&arguments).ok();
    assert!(text.contains('\u{2588}'), "{text}");
    let picture = std::fs::read_to_string(&svg).unwrap();
    assert!(picture.starts_with("<svg ") && !picture.contains("activate"));
    assert_eq!(std::fs::metadata(&svg).unwrap().permissions().mode() & 0o777, 0o600);
    let first = text.lines().find(|line| line.contains("/activate?token=")).unwrap().to_owned();

    let second = demo.run(&["people", "invite", "new.one", "--hours", "1", "--json"]).json();
    let second = second["link"].as_str().unwrap().to_owned();
    let browser = demo.browser(Ipv4Addr::LOCALHOST);
    assert_eq!(
        browser.get(&format!("/activate{}", path_of(&first))).await.status,
        410,
        "a newer one was made"
    );
    let page = browser.get(&format!("/activate{}", path_of(&second))).await;
    let answer = browser.submit(&page.form("/activate"), &[("username", "new.one")]).await;
    assert!(browser.follow(answer).await.has_form("/sign-in/password"));
    // No file of the installation has what leads in.
    for link in [&first, &second] {
        let token = link.split('=').next_back().unwrap();
        for file in files_below(&demo.path()) {
            // A socket is no file to read.
            let bytes = std::fs::read(&file).unwrap_or_default();
            assert!(!String::from_utf8_lossy(&bytes).contains(token), "{}", file.display());
        }
    }
    let wrong = |arguments: &[&str]| demo.run(arguments).refused(2);
    assert!(wrong(&["people", "invite", "new.one", "--hours", "25"]).contains("1 to 24 hours"));
    assert!(wrong(&["people", "invite", "staff.totp"]).contains("has sign-in methods already"));
    assert!(wrong(&["people", "invite", "staff.disabled"]).contains("open the account first"));
    assert!(wrong(&["people", "invite", "nobody"]).contains("no account has the name"));
}

#[test]
fn breaking_the_glass_is_for_administrators_and_is_told_to_all_of_them() {
    let demo = Demo::start();
    assert!(demo.run(&["people", "rescue", "staff.totp"]).refused(2).contains("is no administrator"));
    demo.run(&["people", "grant", "vip", "admin"]).ok();
    let rescued = demo.run(&["people", "rescue", "admin", "--json"]).json();
    assert!(rescued["link"].as_str().unwrap().contains("/activate?token="));
    demo.settled_records();
    let log = demo.run(&["log", "export"]).ok();
    let finding = log.lines().find(|line| line.contains("administrator_rescued")).expect("a finding");
    assert!(finding.contains("\"class_uid\":2004") && finding.contains("operator:"), "{finding}");
    // The words as they stand in a mail whose long lines are folded.
    let told = || {
        let read = |file| std::fs::read_to_string(file).unwrap().replace("=\r\n", "").replace("=\n", "");
        let is_told = |mail: &String| mail.contains("nooduitnodiging") || mail.contains("urgence");
        files_below(&demo.file("mail")).into_iter().map(read).filter(is_told).count()
    };
    wait_for("both administrators to be told", || told() == 2);
}
