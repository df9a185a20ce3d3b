//! Turns a question into what Cedar reads. Type names are parsed once: parsing them costs more than deciding.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::str::FromStr;

use cedar_policy::{
    Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, ParseErrors, Request,
    RestrictedExpression, Schema,
};

use crate::kernel::id::OrganisationId;
use crate::policy::model::{Action, Person, Principal, Resource};

/// The question cannot be put: it is refused.
#[derive(Debug)]
pub struct Unaskable;

/// A request with everything that its policies may look at.
pub struct Question {
    pub request: Request,
    pub entities: Entities,
}

/// The names of the schema's types.
pub struct Names {
    account: EntityTypeName,
    action: EntityTypeName,
    client: EntityTypeName,
    key_ring: EntityTypeName,
    log: EntityTypeName,
    operator: EntityTypeName,
    organisation: EntityTypeName,
    portal: EntityTypeName,
    session: EntityTypeName,
}

type Attributes = HashMap<String, RestrictedExpression>;

impl Names {
    pub fn parse() -> Result<Self, Box<ParseErrors>> {
        let name = |text| EntityTypeName::from_str(text).map_err(Box::new);
        Ok(Self {
            account: name("Account")?,
            action: name("Action")?,
            client: name("Client")?,
            key_ring: name("KeyRing")?,
            log: name("Log")?,
            operator: name("Operator")?,
            organisation: name("Organisation")?,
            portal: name("Portal")?,
            session: name("Session")?,
        })
    }

    /// Puts a question. The schema refuses an action on a principal or a resource of another kind.
    ///
    /// # Errors
    /// Such a refusal; a value that Cedar does not take.
    pub fn question(
        &self,
        (principal, action, resource): (&Principal, Action, &Resource),
        schema: &Schema,
    ) -> Result<Question, Unaskable> {
        let mut entities = Gathered::default();
        let asker = match principal {
            Principal::Account(person) => self.person(person, &mut entities)?,
            Principal::Operator(user) => uid(&self.operator, user),
            Principal::Nobody => return Err(Unaskable),
        };
        let target = self.resource(resource, &mut entities)?;
        let request =
            Request::new(asker, uid(&self.action, action.name()), target, context(action)?, Some(schema))
                .map_err(|_| Unaskable)?;
        let entities = Entities::from_entities(entities.list, None).map_err(|_| Unaskable)?;
        Ok(Question { request, entities })
    }

    fn resource(&self, resource: &Resource, entities: &mut Gathered) -> Result<EntityUid, Unaskable> {
        match resource {
            Resource::Portal => Ok(uid(&self.portal, "portal")),
            Resource::Account(person) => self.person(person, entities),
            Resource::Organisation(id) => Ok(self.organisation(*id)),
            Resource::Session { id, owner } => {
                let owned_by = RestrictedExpression::new_entity_uid(self.person(owner, entities)?);
                let attributes = [("owner", owned_by), ("organisation", self.of(owner.organisation))];
                entities.add(uid(&self.session, &id.to_string()), attributes)
            }
            Resource::Client { id, organisation } => {
                let attributes = organisation.map(|of| ("organisation", self.of(of)));
                entities.add(uid(&self.client, id), attributes)
            }
            Resource::Log(organisation) => self.belonging(&self.log, *organisation, entities),
            Resource::KeyRing(organisation) => self.belonging(&self.key_ring, *organisation, entities),
        }
    }

    /// What an installation has one of, for each organisation.
    fn belonging(
        &self,
        kind: &EntityTypeName,
        organisation: OrganisationId,
        entities: &mut Gathered,
    ) -> Result<EntityUid, Unaskable> {
        entities.add(uid(kind, &organisation.to_string()), [("organisation", self.of(organisation))])
    }

    fn person(&self, person: &Person, entities: &mut Gathered) -> Result<EntityUid, Unaskable> {
        let text = |text: &str| RestrictedExpression::new_string(text.to_owned());
        let mut grants = Vec::with_capacity(person.grants.len());
        for grant in &person.grants {
            let fields = [
                ("role".to_owned(), text(grant.role.name())),
                ("organisation".to_owned(), self.of(grant.organisation)),
            ];
            grants.push(RestrictedExpression::new_record(fields).map_err(|_| Unaskable)?);
        }
        let roles: BTreeSet<&str> = person.grants.iter().map(|grant| grant.role.name()).collect();
        let attributes = [
            ("organisation", self.of(person.organisation)),
            ("grants", RestrictedExpression::new_set(grants)),
            ("roles", RestrictedExpression::new_set(roles.into_iter().map(text))),
            ("protected", RestrictedExpression::new_bool(person.protected)),
            ("state", text(person.standing.name())),
        ];
        entities.add(uid(&self.account, &person.id.to_string()), attributes)
    }

    fn organisation(&self, id: OrganisationId) -> EntityUid {
        uid(&self.organisation, &id.to_string())
    }

    fn of(&self, id: OrganisationId) -> RestrictedExpression {
        RestrictedExpression::new_entity_uid(self.organisation(id))
    }
}

/// Entities, each once: one's own account is principal and resource.
#[derive(Default)]
struct Gathered {
    list: Vec<Entity>,
    seen: HashSet<EntityUid>,
}

impl Gathered {
    fn add(
        &mut self,
        uid: EntityUid,
        attributes: impl IntoIterator<Item = (&'static str, RestrictedExpression)>,
    ) -> Result<EntityUid, Unaskable> {
        if self.seen.insert(uid.clone()) {
            let attributes: Attributes =
                attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            self.list.push(Entity::new(uid.clone(), attributes, HashSet::new()).map_err(|_| Unaskable)?);
        }
        Ok(uid)
    }
}

fn context(action: Action) -> Result<Context, Unaskable> {
    let (Action::GrantRole(role) | Action::RevokeRole(role)) = action else {
        return Ok(Context::empty());
    };
    let role = RestrictedExpression::new_string(role.name().to_owned());
    Context::from_pairs([("role".to_owned(), role)]).map_err(|_| Unaskable)
}

fn uid(kind: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}
