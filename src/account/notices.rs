//! Mails that tell a person what happened to the account, in the unit of what happened.

use std::sync::Arc;

use super::model::Account;
use super::not_me::{About, NotMe};
use crate::event::Origin;
use crate::event::user_agent::Device;
use crate::infra::database::{Unit, WriteError};
use crate::infra::geoip::{GeoIp, Location};
use crate::infra::mailer::Letter;
use crate::infra::outbox::Outbox;
use crate::kernel::language::Language;
use crate::kernel::time::Moment;
use crate::web::mail;
use crate::web::text::{Arg, Text};

#[derive(Clone)]
pub struct Notices {
    outbox: Outbox,
    geoip: GeoIp,
    not_me: NotMe,
    /// Our own address, as it is configured: no link in a mail comes from a request, and none leads elsewhere.
    issuer: Arc<str>,
    /// Telephone number of the service desk.
    phone: Arc<str>,
}

/// What notices stand on.
pub struct NoticeParts {
    pub outbox: Outbox,
    pub geoip: GeoIp,
    pub not_me: NotMe,
    pub issuer: String,
    pub phone: String,
}

impl Notices {
    pub fn new(parts: NoticeParts) -> Self {
        let NoticeParts { outbox, geoip, not_me, issuer, phone } = parts;
        Self { outbox, geoip, not_me, issuer: issuer.into(), phone: phone.into() }
    }

    /// Sends a one-time code; for nobody the same work is done, and nobody gets it.
    ///
    /// # Errors
    /// The mail cannot be sealed.
    pub fn mail_code(
        &self,
        unit: &mut Unit,
        account: Option<&Account>,
        code: &str,
        minutes: u64,
        now: Moment,
    ) -> Result<(), WriteError> {
        let text = Text::new(account.map_or_else(Language::default, |account| account.language));
        let mut args = self.when(text, now);
        args.push(("code", code.into()));
        args.push(("minutes", minutes.into()));
        let to = account.map(|account| account.email.clone()).unwrap_or_default();
        let letter = self.letter(text, to, "mail-code", &args);
        match account {
            Some(account) => self.outbox.post(unit, Some(account.id), &letter, now),
            None => self.outbox.post_to_nobody(unit, &letter, now),
        }
    }

    /// Tells of a password that was chosen without the old one, with the code of "this was not me".
    ///
    /// # Errors
    /// The mail cannot be sealed.
    pub fn password_reset(
        &self,
        unit: &mut Unit,
        account: &Account,
        origin: &Origin,
    ) -> Result<(), WriteError> {
        let code = self.not_me.make(unit, account.id, About::PasswordReset, origin.now);
        let mut args = self.where_and_when(account, origin);
        args.push(("link", self.link().into()));
        args.push(("code", code.shown().into()));
        self.post(unit, account, "mail-password-reset", &args, origin.now)
    }

    /// # Errors
    /// The mail cannot be sealed.
    pub fn unlocked(&self, unit: &mut Unit, account: &Account, origin: &Origin) -> Result<(), WriteError> {
        let code = self.not_me.make(unit, account.id, About::Unlock, origin.now);
        let mut args = self.where_and_when(account, origin);
        args.push(("link", self.link().into()));
        args.push(("code", code.shown().into()));
        self.post(unit, account, "mail-unlocked", &args, origin.now)
    }

    /// Confirms that a person said "this was not me".
    ///
    /// # Errors
    /// The mail cannot be sealed.
    pub fn contained(&self, unit: &mut Unit, account: &Account, now: Moment) -> Result<(), WriteError> {
        let mut args = self.when(Text::new(account.language), now);
        args.push(("link", format!("{}/reset", self.issuer).into()));
        self.post(unit, account, "mail-contained", &args, now)
    }

    fn link(&self) -> String {
        format!("{}/not-me", self.issuer)
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
        let letter = self.letter(text, account.email.clone(), id, args);
        self.outbox.post(unit, Some(account.id), &letter, now)
    }

    fn letter(&self, text: Text, to: String, id: &str, args: &[(&'static str, Arg)]) -> Letter {
        let subject = text.with(&format!("{id}-subject"), args);
        let words = text.with(&format!("{id}-text"), args);
        let html = Some(mail::sheet(text, &subject, &words, &self.issuer));
        Letter { to, subject, text: words, html }
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
