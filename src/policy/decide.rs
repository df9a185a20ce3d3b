//! Decisions. Everything that goes wrong on the way is a refusal.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use cedar_policy::{Authorizer, PolicySet, Schema};

use crate::policy::entities::Names;
use crate::policy::load::{self, Loaded, PolicyError};
use crate::policy::model::{Action, Principal, Resource};

/// Answers that are remembered at the most; then all are forgotten, and found again as they are asked for.
const REMEMBERED_MAX: usize = 2048;

/// Everything that a decision depends on, beside policies that never change.
type Asked = (Principal, Action, Resource);

/// The policies of this installation; cheap to clone.
#[derive(Clone)]
pub struct Policies(Arc<Inner>);

struct Inner {
    authorizer: Authorizer,
    set: PolicySet,
    schema: Schema,
    names: Names,
    sentences: BTreeMap<String, String>,
    /// The same question is put at every renewal of every token, and putting it costs more than a signature.
    remembered: Mutex<HashMap<Asked, Decision>>,
}

/// What policies say, with the ids of those that decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    Allow {
        policies: Vec<String>,
    },
    /// Without an id: no policy permits it.
    Deny {
        policies: Vec<String>,
    },
}

/// The proof that a use case was authorized. Nothing but [`Policies::authorize`] makes one, and it is used up
/// by the use case that takes it.
#[derive(Debug)]
#[must_use = "a permit is handed to the use case that it permits"]
pub struct Permit {
    _made_here: (),
}

/// A refusal. A stranger is told none of it; the event is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} is not permitted ({})", action.name(), reason(policies))]
pub struct Denied {
    pub action: Action,
    /// The policies that forbid it; none where nothing permits it.
    pub policies: Vec<String>,
}

/// A policy for people to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicySummary {
    pub id: String,
    pub why: String,
}

impl Policies {
    /// The policies that are compiled in.
    ///
    /// # Errors
    /// None, as long as a test loads them.
    pub fn built_in() -> Result<Self, PolicyError> {
        Self::of(load::built_in()?)
    }

    /// The policies of a folder in their place.
    ///
    /// # Errors
    /// A file cannot be read, or a policy is not valid; the sentence names file and line.
    pub fn from_folder(folder: &Path) -> Result<Self, PolicyError> {
        Self::of(load::from_folder(folder)?)
    }

    fn of(loaded: Loaded) -> Result<Self, PolicyError> {
        let Loaded { set, schema, sentences } = loaded;
        let names = Names::parse().map_err(|error| load::broken_names(&error))?;
        let (authorizer, remembered) = (Authorizer::new(), Mutex::default());
        Ok(Self(Arc::new(Inner { authorizer, set, schema, names, sentences, remembered })))
    }

    /// What policies say.
    pub fn decide(&self, principal: &Principal, action: Action, resource: &Resource) -> Decision {
        let asked = (principal.clone(), action, resource.clone());
        let remembered = || self.0.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(decision) = remembered().get(&asked) {
            return decision.clone();
        }
        let decision = self.find(principal, action, resource);
        let mut remembered = remembered();
        if remembered.len() >= REMEMBERED_MAX {
            remembered.clear();
        }
        remembered.insert(asked, decision.clone());
        decision
    }

    fn find(&self, principal: &Principal, action: Action, resource: &Resource) -> Decision {
        let inner = &self.0;
        let Ok(question) = inner.names.question((principal, action, resource), &inner.schema) else {
            return Decision::Deny { policies: vec![] };
        };
        let response = inner.authorizer.is_authorized(&question.request, &inner.set, &question.entities);
        let diagnostics = response.diagnostics();
        let mut policies: Vec<String> = diagnostics.reason().map(ToString::to_string).collect();
        policies.sort();
        // Cedar passes over a policy that fails, a forbid too: so a failure is a refusal.
        let sound = diagnostics.errors().next().is_none();
        match response.decision() {
            cedar_policy::Decision::Allow if sound => Decision::Allow { policies },
            cedar_policy::Decision::Allow => Decision::Deny { policies: vec![] },
            cedar_policy::Decision::Deny => Decision::Deny { policies },
        }
    }

    /// The first line of each use case.
    ///
    /// # Errors
    /// It is not permitted.
    pub fn authorize(
        &self,
        principal: &Principal,
        action: Action,
        resource: &Resource,
    ) -> Result<Permit, Denied> {
        match self.decide(principal, action, resource) {
            Decision::Allow { .. } => Ok(Permit { _made_here: () }),
            Decision::Deny { policies } => Err(Denied { action, policies }),
        }
    }

    /// The sentence of a policy.
    pub fn why(&self, id: &str) -> Option<&str> {
        self.0.sentences.get(id).map(String::as_str)
    }

    /// Every policy, by its id.
    pub fn list(&self) -> Vec<PolicySummary> {
        let summary = |(id, why): (&String, &String)| PolicySummary { id: id.clone(), why: why.clone() };
        self.0.sentences.iter().map(summary).collect()
    }
}

fn reason(policies: &[String]) -> String {
    if policies.is_empty() { "no policy permits it".to_owned() } else { policies.join(", ") }
}
