//! The whole of what policies say today, as one table that a person reads, compared byte for byte.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::kernel::entropy::Entropy;
use crate::kernel::id::{AccountId, OrganisationId, SessionId};
use crate::kernel::role::Role;
use crate::kernel::time::Moment;
use crate::policy::{Action, Decision, Grant, Person, Policies, Principal, Resource, Standing};

const SNAPSHOT: &str = "tests/snapshots/policy_matrix.txt";
const LEGEND: &str = "\
What the policies permit: each action on each kind of resource, for each kind of principal.

  yes   permitted
  .     nothing permits it
  NO    a policy of limits.cedar forbids it, whatever else would permit it

All principals belong to the Chancellery except where named otherwise. `desk` and the like are active members
of staff with that role; `elsewhere` belongs to the Chancellery and is administrator of the cabinet alone;
`cabinet` is an administrator of the cabinet who belongs to it; `disabled` and `ended` are closed administrators.
";

struct World {
    policies: Policies,
    chancellery: OrganisationId,
    cabinet: OrganisationId,
    entropy: Entropy,
}

impl World {
    fn new() -> Self {
        let entropy = Entropy::seeded(7);
        let organisation = || OrganisationId::new(Moment::from_unix_seconds(0), &entropy);
        Self {
            policies: Policies::built_in().unwrap(),
            chancellery: organisation(),
            cabinet: organisation(),
            entropy,
        }
    }

    fn person(&self, home: OrganisationId, roles: &[(Role, OrganisationId)]) -> Person {
        Person {
            id: AccountId::new(Moment::from_unix_seconds(0), &self.entropy),
            organisation: home,
            grants: roles
                .iter()
                .map(|(role, organisation)| Grant { role: *role, organisation: *organisation })
                .collect(),
            protected: false,
            standing: Standing::Active,
        }
    }

    fn with_role(&self, role: Role) -> Person {
        self.person(self.chancellery, &[(Role::Staff, self.chancellery), (role, self.chancellery)])
    }

    fn principals(&self) -> Vec<(&'static str, Principal)> {
        let closed = |standing| Person { standing, ..self.with_role(Role::Admin) };
        let (staff, admin) = ((Role::Staff, self.chancellery), (Role::Admin, self.cabinet));
        let mut list = vec![("nobody", Principal::Nobody)];
        list.extend(Role::ALL.map(|role| (role.name(), Principal::Account(self.with_role(role)))));
        list.push(("elsewhere", Principal::Account(self.person(self.chancellery, &[staff, admin]))));
        list.push(("cabinet", Principal::Account(self.person(self.cabinet, &[admin]))));
        list.push(("disabled", Principal::Account(closed(Standing::Disabled))));
        list.push(("ended", Principal::Account(closed(Standing::Ended))));
        list.push(("operator", Principal::Operator("root".to_owned())));
        list
    }

    /// Accounts that something can be done to; `None` is the principal's own.
    fn accounts(&self) -> Vec<(&'static str, Option<Person>)> {
        let staff = || self.with_role(Role::Staff);
        let elsewhere = || self.person(self.cabinet, &[(Role::Staff, self.cabinet)]);
        let admin_elsewhere =
            self.person(self.chancellery, &[(Role::Staff, self.chancellery), (Role::Admin, self.cabinet)]);
        vec![
            ("own account", None),
            ("colleague", Some(staff())),
            ("colleague, disabled", Some(Person { standing: Standing::Disabled, ..staff() })),
            ("colleague, ended", Some(Person { standing: Standing::Ended, ..staff() })),
            ("colleague, protected", Some(Person { protected: true, ..staff() })),
            ("service desk", Some(self.with_role(Role::Desk))),
            ("administrator", Some(self.with_role(Role::Admin))),
            ("administrator elsewhere", Some(admin_elsewhere)),
            ("person of the cabinet", Some(elsewhere())),
            ("person of the cabinet, protected", Some(Person { protected: true, ..elsewhere() })),
        ]
    }

    /// The accounts worth a row: what is one's own is the same with everyone else's.
    fn targets(&self, action: Action) -> Vec<(&'static str, Option<Person>)> {
        let mut accounts = self.accounts();
        if OWN_ACTIONS.contains(&action) {
            accounts.truncate(2);
        }
        accounts
    }

    /// What is done to anything but accounts and sessions.
    fn others(&self) -> Vec<(Action, Vec<(&'static str, Resource)>)> {
        let (here, there) = (self.chancellery, self.cabinet);
        let client = |organisation| Resource::Client { id: "files".to_owned(), organisation };
        let clients = || {
            vec![
                ("application of all", client(None)),
                ("application of the Chancellery", client(Some(here))),
                ("application of the cabinet", client(Some(there))),
            ]
        };
        let organisations = vec![
            ("the Chancellery", Resource::Organisation(here)),
            ("the cabinet", Resource::Organisation(there)),
        ];
        let keys = vec![
            ("keys of the Chancellery", Resource::KeyRing(here)),
            ("keys of the cabinet", Resource::KeyRing(there)),
        ];
        let logs = || {
            vec![
                ("log of the Chancellery", Resource::Log(here)),
                ("log of the cabinet", Resource::Log(there)),
            ]
        };
        let doors = [vec![("portal", Resource::Portal)], clients()].concat();
        vec![
            (Action::SignIn, doors),
            (Action::AddAccount, organisations),
            (Action::ManageClients, clients()),
            (Action::ManageKeys, keys),
            (Action::ViewLog, logs()),
            (Action::VerifyLog, logs()),
            (Action::ExportLog, logs()),
        ]
    }

    fn session(&self, owner: Person) -> Resource {
        Resource::Session { id: SessionId::new(Moment::from_unix_seconds(0), &self.entropy), owner }
    }

    fn cell(&self, principal: &Principal, action: Action, resource: &Resource) -> &'static str {
        match self.policies.decide(principal, action, resource) {
            Decision::Allow { .. } => "yes",
            Decision::Deny { policies } if policies.is_empty() => ".",
            Decision::Deny { .. } => "NO",
        }
    }
}

fn account_actions() -> Vec<Action> {
    let mut actions = OWN_ACTIONS.to_vec();
    actions.extend([
        Action::ViewAccount,
        Action::DisableAccount,
        Action::EnableAccount,
        Action::EndAccount,
        Action::EraseAccount,
        Action::SetPassword,
        Action::EndSessions,
    ]);
    actions.extend(Role::ALL.map(Action::GrantRole));
    actions.extend(Role::ALL.map(Action::RevokeRole));
    actions
}

const OWN_ACTIONS: [Action; 7] = [
    Action::ViewOwnAccount,
    Action::ChangeOwnPassword,
    Action::BindOwnAuthenticator,
    Action::RevokeOwnAuthenticator,
    Action::ExportOwnData,
    Action::WithdrawOwnConsent,
    Action::EndOwnSession,
];

fn title(action: Action) -> String {
    if let Action::GrantRole(role) | Action::RevokeRole(role) = action {
        return format!("{} {}", action.name(), role.name());
    }
    action.name().to_owned()
}

fn table(world: &World) -> String {
    let principals = world.principals();
    let mut text = LEGEND.to_owned();
    let mut section = |action: Action, rows: Vec<(&'static str, Vec<&'static str>)>| {
        write!(text, "\n{:34}", title(action)).unwrap();
        for (name, _) in &principals {
            write!(text, " {name:>9}").unwrap();
        }
        for (name, cells) in rows {
            write!(text, "\n  {name:32}").unwrap();
            for cell in cells {
                write!(text, " {cell:>9}").unwrap();
            }
        }
        text.push('\n');
    };
    for (action, resources) in world.others() {
        let row = |(name, resource): (&'static str, Resource)| {
            (name, principals.iter().map(|(_, principal)| world.cell(principal, action, &resource)).collect())
        };
        section(action, resources.into_iter().map(row).collect());
    }
    for action in account_actions() {
        let row = |(name, account): (&'static str, Option<Person>)| {
            let cell = |(_, principal): &(&'static str, Principal)| {
                let target = match (&account, principal) {
                    (Some(person), _) | (None, Principal::Account(person)) => person.clone(),
                    (None, Principal::Operator(_) | Principal::Nobody) => return "",
                };
                let on_session = action == Action::EndOwnSession;
                let resource = if on_session { world.session(target) } else { Resource::Account(target) };
                world.cell(principal, action, &resource)
            };
            (name, principals.iter().map(cell).collect())
        };
        section(action, world.targets(action).into_iter().map(row).collect());
    }
    text.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// `CARDEA_BLESS=1` writes the table anew; its difference then belongs in the review.
#[test]
fn the_policies_say_what_the_table_says() {
    let found = table(&World::new());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(SNAPSHOT);
    if option_env!("CARDEA_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    for (number, (found, expected)) in found.lines().zip(expected.lines()).enumerate() {
        assert_eq!(found, expected, "{SNAPSHOT}:{}; CARDEA_BLESS=1 writes it anew", number + 1);
    }
    assert_eq!(found, expected, "{SNAPSHOT} has another length; CARDEA_BLESS=1 writes it anew");
}

/// The second table is told from memory.
#[test]
fn an_answer_that_is_remembered_is_that_to_the_same_question() {
    let world = World::new();
    assert_eq!(table(&world), table(&world));
}

#[test]
fn the_table_has_every_action() {
    let others = World::new().others().into_iter().map(|(action, _)| action);
    let shown: HashSet<Action> = others.chain(account_actions()).collect();
    assert_eq!(shown, Action::all().collect());
}

#[test]
fn an_action_on_another_kind_of_resource_is_refused() {
    let world = World::new();
    let admin = Principal::Account(world.with_role(Role::Admin));
    assert_eq!(world.cell(&admin, Action::ViewAccount, &Resource::Portal), ".");
    assert_eq!(world.cell(&Principal::Operator("root".into()), Action::SignIn, &Resource::Portal), ".");
}

#[test]
fn a_refusal_names_the_policies_that_forbid() {
    let world = World::new();
    let admin = world.with_role(Role::Admin);
    let (principal, own) = (Principal::Account(admin.clone()), Resource::Account(admin));
    let denied = world.policies.authorize(&principal, Action::DisableAccount, &own).unwrap_err();
    assert_eq!(denied.policies, ["limits.not-a-peer-nor-above", "limits.not-oneself"]);
    assert!(denied.policies.iter().all(|id| world.policies.why(id).is_some()));
    assert_eq!(
        denied.to_string(),
        "disableAccount is not permitted (limits.not-a-peer-nor-above, limits.not-oneself)"
    );
    let denied = world.policies.authorize(&Principal::Nobody, Action::SignIn, &Resource::Portal).unwrap_err();
    assert_eq!(denied.to_string(), "signIn is not permitted (no policy permits it)");
    assert_eq!(size_of::<crate::policy::Permit>(), 0);
}

#[test]
fn every_policy_has_a_sentence_and_the_file_as_first_part_of_its_id() {
    for policy in Policies::built_in().unwrap().list() {
        assert!(policy.why.ends_with('.'), "{policy:?}");
        assert!(policy.id.split_once('.').is_some(), "{policy:?}");
    }
}

/// Not a proof of speed, a tripwire: 5 ms leaves a debug build on a busy machine room (release: under 0.1 ms).
#[test]
fn a_decision_is_quick() {
    const TIMES: u32 = 200;
    let world = World::new();
    let desk = Principal::Account(world.with_role(Role::Desk));
    let target = Resource::Account(world.with_role(Role::Staff));
    let start = Instant::now();
    for _ in 0..TIMES {
        assert_eq!(world.cell(&desk, Action::ViewAccount, &target), "yes");
    }
    let each = start.elapsed() / TIMES;
    eprintln!("{each:?} a decision");
    assert!(each < Duration::from_millis(5), "{each:?} a decision");
}
