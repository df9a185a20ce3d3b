//! Mails that tell a person what happened to the account, in the unit of what happened.

use std::sync::Arc;

use super::model::Account;
use crate::event::Origin;
use crate::event::user_agent::Device;
use crate::infra::database::{Unit, WriteError};
use crate::infra::geoip::{GeoIp, Location};
use crate::infra::mailer::Letter;
use crate::infra::outbox::Outbox;
use crate::kernel::time::Moment;
use crate::web::mail;
use crate::web::text::{Arg, Text};

#[derive(Clone)]
pub struct Notices {
    outbox: Outbox,
    geoip: GeoIp,
    /// Telephone number of the service desk.
    phone: Arc<str>,
    /// Where the portal is: the only address that a mail links to.
    portal: Arc<str>,
}

impl Notices {
    pub fn new(outbox: Outbox, geoip: GeoIp, phone: &str, portal: &str) -> Self {
        Self { outbox, geoip, phone: phone.into(), portal: portal.into() }
    }

    /// # Errors
    /// The mail cannot be sealed.
    pub fn new_sign_in(&self, unit: &mut Unit, account: &Account, origin: &Origin) -> Result<(), WriteError> {
        let args = self.where_and_when(account, origin);
        self.post(unit, account, "mail-new-sign-in", &args, origin.now)
    }

    /// # Errors
    /// The mail cannot be sealed.
    pub fn password_changed(
        &self,
        unit: &mut Unit,
        account: &Account,
        origin: &Origin,
    ) -> Result<(), WriteError> {
        let args = self.where_and_when(account, origin);
        self.post(unit, account, "mail-password-changed", &args, origin.now)
    }

    /// # Errors
    /// The mail cannot be sealed.
    pub fn authenticator_added(
        &self,
        unit: &mut Unit,
        account: &Account,
        name: &str,
        now: Moment,
    ) -> Result<(), WriteError> {
        let args = self.method(account, name, now);
        self.post(unit, account, "mail-authenticator-added", &args, now)
    }

    /// # Errors
    /// The mail cannot be sealed.
    pub fn authenticator_removed(
        &self,
        unit: &mut Unit,
        account: &Account,
        name: &str,
        now: Moment,
    ) -> Result<(), WriteError> {
        let args = self.method(account, name, now);
        self.post(unit, account, "mail-authenticator-removed", &args, now)
    }

    /// # Errors
    /// The mail cannot be sealed.
    pub fn recovery_codes_made(
        &self,
        unit: &mut Unit,
        account: &Account,
        origin: &Origin,
    ) -> Result<(), WriteError> {
        let args = self.where_and_when(account, origin);
        self.post(unit, account, "mail-recovery-made", &args, origin.now)
    }

    /// # Errors
    /// The mail cannot be sealed.
    pub fn recovery_code_used(
        &self,
        unit: &mut Unit,
        account: &Account,
        left: usize,
        origin: &Origin,
    ) -> Result<(), WriteError> {
        let mut args = self.where_and_when(account, origin);
        args.push(("left", left.into()));
        self.post(unit, account, "mail-recovery-used", &args, origin.now)
    }

    /// # Errors
    /// The mail cannot be sealed.
    pub fn browser_copied(
        &self,
        unit: &mut Unit,
        account: &Account,
        origin: &Origin,
    ) -> Result<(), WriteError> {
        let args = self.where_and_when(account, origin);
        self.post(unit, account, "mail-browser-stolen", &args, origin.now)
    }

    /// # Errors
    /// The mail cannot be sealed.
    pub fn invitation_used(
        &self,
        unit: &mut Unit,
        account: &Account,
        origin: &Origin,
    ) -> Result<(), WriteError> {
        let args = self.where_and_when(account, origin);
        self.post(unit, account, "mail-invitation-used", &args, origin.now)
    }

    /// Tells one administrator that another one's account will be set up anew, by whom on the server.
    ///
    /// # Errors
    /// The mail cannot be sealed.
    pub fn rescued(
        &self,
        unit: &mut Unit,
        told: &Account,
        rescued: &Account,
        operator: &str,
        now: Moment,
    ) -> Result<(), WriteError> {
        let mut args = self.when(Text::new(told.language), now);
        args.push(("person", format!("{} ({})", rescued.display_name, rescued.login).into()));
        args.push(("operator", operator.into()));
        self.post(unit, told, "mail-rescued", &args, now)
    }

    /// Tells of what another room knows; the telephone number is added.
    ///
    /// # Errors
    /// The mail cannot be sealed.
    pub fn tell(
        &self,
        unit: &mut Unit,
        account: &Account,
        id: &str,
        mut args: Vec<(&'static str, Arg)>,
        now: Moment,
    ) -> Result<(), WriteError> {
        args.push(("phone", self.phone.to_string().into()));
        self.post(unit, account, id, &args, now)
    }

    fn method(&self, account: &Account, name: &str, now: Moment) -> Vec<(&'static str, Arg)> {
        let mut args = self.when(Text::new(account.language), now);
        args.push(("method", name.into()));
        args.push(("by", "self".into()));
        args
    }

    fn where_and_when(&self, account: &Account, origin: &Origin) -> Vec<(&'static str, Arg)> {
        let text = Text::new(account.language);
        let mut args = self.when(text, origin.now);
        let device = Device::recognise(&origin.user_agent);
        let place = origin.ip().map(|ip| self.geoip.locate(ip)).and_then(|place| name_of(&place));
        args.push(("device", text.device(device.browser, device.os).into()));
        args.push(("place", text.place(place.as_deref()).into()));
        args
    }

    fn when(&self, text: Text, now: Moment) -> Vec<(&'static str, Arg)> {
        vec![
            ("date", text.date(now).into()),
            ("time", text.time_of_day(now).into()),
            ("phone", self.phone.to_string().into()),
        ]
    }

    fn post(
        &self,
        unit: &mut Unit,
        account: &Account,
        id: &str,
        args: &[(&'static str, Arg)],
        now: Moment,
    ) -> Result<(), WriteError> {
        let text = Text::new(account.language);
        let subject = text.with(&format!("{id}-subject"), args);
        let words = text.with(&format!("{id}-text"), args);
        let html = Some(mail::sheet(text, &subject, &words, &self.portal));
        let letter = Letter { to: account.email.clone(), subject, text: words, html };
        self.outbox.post(unit, Some(account.id), &letter, now)
    }
}

/// City and country, as far as they are known.
fn name_of(place: &Location) -> Option<String> {
    match (&place.city, &place.country) {
        (Some(city), Some(country)) => Some(format!("{city}, {country}")),
        (None, Some(country)) => Some(country.clone()),
        _ => None,
    }
}
