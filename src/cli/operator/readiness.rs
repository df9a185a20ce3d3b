//! Who could get back in alone, for everyone at once.

use super::execute::{Work, failed};
use super::shown_readiness::{PersonReadiness, ReadinessBoard, ReadinessFigures};
use super::wire::Answer;
use crate::app::Failure;
use crate::directory::Whose;
use crate::event::{Event, What};
use crate::kernel::acr::Acr;
use crate::policy::Action;

impl Work<'_> {
    /// `level`: as if everyone needed this one at least.
    pub(super) async fn readiness(&self, level: Option<Acr>) -> Result<Answer, Failure> {
        let opened = self.opened;
        let mut board = ReadinessBoard { figures: ReadinessFigures::default(), people: vec![] };
        for account in opened.accounts.all().await.map_err(failed)? {
            let _permit = self.permit(Action::ViewAccount, &self.resource(&account))?;
            if account.gate(self.origin.now).is_err() {
                continue;
            }
            let needed = account.required_acr.max(level.unwrap_or(Acr::Pwd));
            let whose = Whose::kept_by(account.id, &account.directory);
            let standing = opened.directory.standing(whose, self.origin.now).await.map_err(failed)?;
            let password = standing.is_some();
            let holdings = opened.authenticators.holdings(account.id, password, needed).await;
            let person = PersonReadiness::of(&account.login, &holdings.map_err(failed)?);
            board.figures.count(person.readiness);
            board.people.push(person);
        }
        board.people.sort_by(|a, b| a.name.cmp(&b.name));
        self.record(Event::new(What::CommandRun { command: "people readiness".to_owned() })).await?;
        Ok(Answer::Readiness { board: Box::new(board) })
    }
}
