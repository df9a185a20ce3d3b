//! Each command asks the policies for the action that it is named after, and for no other one.

use super::site::{FIRST_PASSWORD, Site};

/// In an order in which each has something to do.
const COMMANDS: [(&[&str], &str); 13] = [
    (
        &["people", "add", "--name=anna", "--display-name=Anna", "--email=anna@x.example", "--language=nl"],
        "addAccount",
    ),
    (&["people", "list"], "viewAccount"),
    (&["people", "show", "anna"], "viewAccount"),
    (&["people", "password", "anna"], "setPassword"),
    (&["people", "sign-out", "anna"], "endSessions"),
    (&["people", "grant", "anna", "desk"], "grantRole"),
    (&["people", "revoke", "anna", "desk"], "revokeRole"),
    (&["people", "disable", "anna"], "disableAccount"),
    (&["people", "enable", "anna"], "enableAccount"),
    (&["people", "end", "anna", "--on", "2020-01-01"], "endAccount"),
    (&["people", "erase", "anna"], "eraseAccount"),
    (&["keys", "rotate"], "manageKeys"),
    (&["log", "tail"], "viewLog"),
];

fn write(site: &Site, policies: &str) {
    std::fs::write(site.file("policies/own.cedar"), policies).unwrap();
}

#[test]
fn a_command_does_what_its_own_action_permits() {
    let mut site = Site::ready();
    std::fs::create_dir(site.file("policies")).unwrap();
    site.set("policies", "folder", "'policies'");
    for (command, action) in COMMANDS {
        write(
            &site,
            &format!(
                "@id(\"own.all\")\n@why(\"All.\")\npermit (principal is Operator, action, resource);\n\
                 @id(\"own.not\")\n@why(\"Not this.\")\n\
                 forbid (principal is Operator, action == Action::\"{action}\", resource);\n"
            ),
        );
        let told = site.run_with(command, FIRST_PASSWORD).refused(1);
        assert!(told.contains(&format!("{action} is not permitted (own.not)")), "{command:?}: {told}");
        write(
            &site,
            &format!(
                "@id(\"own.this\")\n@why(\"This alone.\")\n\
                 permit (principal is Operator, action == Action::\"{action}\", resource);\n"
            ),
        );
        site.run_with(command, FIRST_PASSWORD).ok();
    }
}
