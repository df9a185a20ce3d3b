//! What a person does with the own authenticators and password while signed in.

use super::new_password::NotChosen;
use super::service::{NotTaken, SignIn, paused_event};
use crate::account::Account;
use crate::account::attempt::Target as AttemptTarget;
use crate::authenticator::model::{clean_name, parse_code};
use crate::authenticator::service::{OFFER_UNBOUND, PER_ACCOUNT_MAX};
use crate::directory::model::How;
use crate::directory::rules::PasswordRules;
use crate::directory::{Answer, Asker, Prepared, Whose};
use crate::event::model::{EndReason, Refusal};
use crate::event::{Event, Origin, What};
use crate::infra::database::WriteError;
use crate::kernel::acr::Amr;
use crate::kernel::id::JourneyId;
use crate::kernel::proof::Binding;
use crate::kernel::secret::Password;
use crate::policy::Action;
use crate::session::Current;
use crate::web::browser::DeviceCookie;

use super::enrol::Enrolment;

impl SignIn {
    /// Binds a further authenticator app.
    ///
    /// # Errors
    /// Why it was not bound.
    pub async fn add_own(
        &self,
        origin: &Origin,
        browser: DeviceCookie,
        current: &Current,
        form: Enrolment<'_>,
    ) -> Result<(), NotTaken> {
        let account = &current.account;
        let _permit = self.permit_own(account, Action::BindOwnAuthenticator, origin.now)?;
        let offer = self.authenticators.open_offer(form.offer, account.id, browser.id, origin.now);
        let offer = offer.ok_or(NotTaken::Moved)?;
        let code = parse_code(form.code).ok_or(NotTaken::CodeMalformed)?;
        let step = self.confirm(origin, account, &offer, &code).await?;
        let mut unit = self.log.db().unit();
        self.accounts.hold(&mut unit, account.id);
        self.authenticators.bind(
            &mut unit,
            account.id,
            &offer,
            form.name,
            step,
            PER_ACCOUNT_MAX,
            origin.now,
        )?;
        let what = What::AuthenticatorBound { authenticator: offer.id, kind: "totp".to_owned() };
        let event = Event::of(what, account.id).named(&account.login).by(Amr::Otp);
        self.log.record(&mut unit, origin, event).await?;
        self.notices.authenticator_added(&mut unit, account, &clean_name(form.name), origin.now)?;
        match self.log.db().write(unit).await {
            // The same page sent twice: it is bound already, and that is what was asked.
            Ok(_) | Err(WriteError::Refused(OFFER_UNBOUND)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// A new password that is another one than the present one, which was just typed beside it.
    async fn prepare_other(
        &self,
        origin: &Origin,
        account: &Account,
        present: &str,
        new @ [first, _]: [&str; 2],
    ) -> Result<Prepared, NotChosen> {
        let prepared = self.prepare_new(origin, account, new).await?;
        let other = Password::parse(first).map_or(Ok(()), |new| PasswordRules::differs(present, &new));
        other.map_err(|weakness| NotChosen::Weak { weakness, strength: 0 })?;
        Ok(prepared)
    }

    /// Changes a password that is known. The present one is a guess like any other and counted so.
    ///
    /// # Errors
    /// Why it was not changed.
    pub async fn change_own_password(
        &self,
        origin: &Origin,
        browser: DeviceCookie,
        current: &Current,
        present: &str,
        new: [&str; 2],
    ) -> Result<(), NotChosen> {
        let account = &current.account;
        let _permit = self.permit_own(account, Action::ChangeOwnPassword, origin.now)?;
        let paused =
            |seconds| Event { subject: Some(account.id), ..paused_event(seconds).named(&account.login) };
        self.admit_source(origin, paused).await?;
        let bucket = self.bucket(AttemptTarget::Password, account.id, browser.id).await?;
        let reserved = self.reserve(origin, &bucket, paused).await?;
        // No journey is under way: the session's own id stands in its place.
        let binding =
            Binding { journey: JourneyId::from_uuid(current.session.id.uuid()), account: account.id };
        let (password, source) = (Password::parse(present), origin.source());
        let whose = Whose::kept_by(account.id, &account.directory);
        let asker = Asker::known(source.as_str());
        let verified = self.directory.verify(binding, whose, password.as_ref(), asker, origin.now).await;
        let verified = match verified {
            Ok(verified) => verified,
            Err(error) => {
                self.attempts.give_back(&bucket).await?;
                self.forgive_source(origin).await;
                return Err(error.into());
            }
        };
        let (Answer::Right(_) | Answer::RightButExpired { .. } | Answer::RightButMustChange(_)) =
            verified.answer
        else {
            let what = What::PasswordChangeRefused { reason: Refusal::Wrong };
            let event = Event::of(what, account.id).named(&account.login).attempt(reserved.attempt);
            let case = self.refuse(origin, event.by(Amr::Pwd)).await?;
            return Err(NotChosen::NotTaken(NotTaken::Refused(case)));
        };
        let prepared = match self.prepare_other(origin, account, present, new).await {
            Ok(prepared) => prepared,
            Err(error) => {
                // The present password was right; only the new one was not taken.
                self.attempts.give_back(&bucket).await?;
                self.forgive_source(origin).await;
                return Err(error);
            }
        };
        let how = password.as_ref().map_or(How::Reset, |old| How::Change { old });
        if let Err(error) = self.write_new(origin, account, &prepared, how).await {
            self.attempts.give_back(&bucket).await?;
            self.forgive_source(origin).await;
            return Err(error);
        }
        let mut unit = self.log.db().unit();
        self.directory.put(&mut unit, prepared);
        self.attempts.clear(&mut unit, &bucket);
        let (kept, reason) = (Some(current.session.id), EndReason::PasswordChanged);
        self.sessions.end_all(&mut unit, origin, account, kept, reason).await?;
        let event = Event::of(What::PasswordSet, account.id).named(&account.login);
        self.log.record(&mut unit, origin, event).await?;
        self.notices.password_changed(&mut unit, account, origin)?;
        self.log.db().write(unit).await?;
        self.forgive_source(origin).await;
        Ok(())
    }
}
