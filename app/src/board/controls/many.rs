//! What is done with the chosen cards, as one command to the server.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::board::{ContactRole, Moved};
use shared::error::{AppError, StaleCard};
use shared::id::CommandId;
use shared::many::{ContactOfManyForm, FollowManyForm, ManyMoved, MoveManyForm};

use super::dom::{CardEl, Spot};
use super::entry::Wish;
use super::select::chosen;
use super::toast::{Again, Notice, Undo};
use super::{Controls, Wanted};
use crate::board::api::{UndoManyForm, contact_of_many, follow_many, move_many, undo_many};
use crate::words::{days, done_with_many, explain, participants, problem};

/// What can be done with chosen cards besides moving them.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Act {
    /// Make somebody the contact; her id, or empty for nobody.
    Contact(ContactRole, String),
    /// Follow, or not any more.
    Follow(bool),
}

impl Controls {
    /// Moves the chosen cards to the place at which one of them has been put; says whether it is one of several.
    pub(super) fn ask_for_many(self, card: &CardEl, origin: &Spot) -> bool {
        let along = self.selection.seen();
        if along.len() < 2 || !along.contains(card) {
            return false;
        }
        let Some(mut wanted) = card.phase_id().and_then(|phase| card.wanted_in(&phase)) else { return false };
        let staying = |mut next: Option<CardEl>, step: fn(&CardEl) -> Option<CardEl>| {
            while let Some(one) = next.as_ref().filter(|one| along.contains(one)) {
                next = step(one);
            }
            next.and_then(|one| one.id().parse().ok())
        };
        wanted.form.after = staying(card.above(), CardEl::above);
        wanted.form.before = staying(card.below(), CardEl::below);
        wanted.along = along.iter().map(CardEl::id).collect();
        self.ask(card, origin, wanted);
        true
    }

    /// Moves the chosen cards to a phase.
    pub(super) fn move_chosen(self, phase: &str) {
        let along = self.selection.seen();
        // One that comes from elsewhere, so that the form of a closing phase is opened if it is needed.
        let first = along.iter().find(|card| card.phase_id().as_deref() != Some(phase)).or(along.first());
        let Some((card, mut wanted)) = first.and_then(|card| Some((card, card.wanted_in(phase)?))) else { return };
        wanted.along = along.iter().map(CardEl::id).collect();
        self.ask(card, &Spot::of(card), wanted);
    }

    pub(super) fn send_many(self, card: CardEl, origin: Spot, wanted: Wanted) {
        self.notice.set(None);
        let cards = cards_by_id(&wanted.along);
        let form = MoveManyForm::of(chosen(&cards), &wanted.form);
        set_busy(&cards, true);
        spawn_local(async move {
            let answer = move_many(form).await;
            set_busy(&cards, false);
            match answer {
                Ok(moved) => {
                    if moved.cards.is_empty() {
                        origin.take_back(&card);
                    }
                    self.settle_many(&moved, &card, &origin);
                }
                // The rules are others than those that this page knows.
                Err(lacking @ AppError::Invalid(_)) if lacking.problem("cards").is_none() => {
                    origin.take_back(&card);
                    self.entry.set(Some(Wish { wanted, lacking }));
                }
                Err(error) => {
                    origin.take_back(&card);
                    self.refuse_moves(&error, wanted);
                }
            }
        });
    }

    /// Tells why cards were not moved, and offers to move the others.
    pub(super) fn refuse_moves(self, error: &AppError, wanted: Wanted) {
        let rest = self.rest_of(&wanted.along, error);
        let again = rest.and_then(|along| Some(Again::Move(Wanted { card: along.first()?.clone(), along, ..wanted })));
        self.refuse_many(error, again);
    }

    /// The server has placed the cards: shows the same.
    fn settle_many(self, moved: &ManyMoved, dragged: &CardEl, origin: &Spot) {
        let mut above = moved.after.map(|id| id.to_string());
        for one in &moved.cards {
            let id = one.enrolment.to_string();
            let Some(card) = CardEl::by_id(&id) else { continue };
            // The one that was carried left its column when it was lifted.
            let from = if card == *dragged { origin.clone() } else { Spot::of(&card) };
            self.settle_at(&card, &from, one, above.as_deref());
            above = Some(id);
        }
        let phase = moved.cards.first().and_then(|one| self.phase(&one.phase.to_string()));
        let text = match phase {
            Some(phase) => self.texts.select_moved(&participants(self.texts, moved.cards.len()), &phase.name),
            None => self.texts.done_many_nothing().to_owned(),
        };
        let first = moved.cards.first().and_then(|one| CardEl::by_id(&one.enrolment.to_string()));
        self.selection.clear();
        if let Some(first) = first {
            first.show();
            first.focus();
        }
        self.tell_done(text, moved.undo);
    }

    /// Puts a card under another one in its new phase, as the server has done.
    fn settle_at(self, card: &CardEl, from: &Spot, moved: &Moved, above: Option<&str>) {
        let phase = moved.phase.to_string();
        card.glide(|| card.move_to(&phase, above));
        card.set_version(moved.version);
        card.forget_rank();
        if from.phase_id().as_deref() != Some(&phase) {
            card.set_days(&days(self.texts, moved.days));
            self.shift_count(from, &phase);
        }
    }

    /// Does something else with the chosen cards. They stay chosen: often there is more to do with them.
    pub(super) fn act(self, act: Act) {
        self.act_with(act, self.selection.seen());
    }

    fn act_with(self, act: Act, cards: Vec<CardEl>) {
        self.notice.set(None);
        set_busy(&cards, true);
        let versions = chosen(&cards);
        spawn_local(async move {
            let (what, answer) = match act.clone() {
                Act::Contact(role, person) => {
                    let mut form =
                        ContactOfManyForm { cards: versions, role: role.code().into(), ..Default::default() };
                    *(if role == ContactRole::Inn { &mut form.inn_contact } else { &mut form.nav_contact }) = person;
                    ("contact", contact_of_many(form).await)
                }
                Act::Follow(follow) => {
                    let what = if follow { "followed" } else { "left" };
                    (what, follow_many(FollowManyForm { cards: versions, follow }).await)
                }
            };
            set_busy(&cards, false);
            match answer {
                Ok(done) => self.tell_done(done_with_many(self.texts, what, done.count).unwrap_or_default(), done.undo),
                Err(error) => {
                    let ids: Vec<String> = cards.iter().map(CardEl::id).collect();
                    let again = self.rest_of(&ids, &error).map(|rest| Again::Many(act, rest));
                    self.refuse_many(&error, again);
                }
            }
        });
    }

    /// Does with the others what was refused because of some.
    pub(super) fn repeat_many(self, act: Act, rest: &[String]) {
        self.act_with(act, cards_by_id(rest));
    }

    fn tell_done(self, text: String, undo: Option<CommandId>) {
        self.say(text.clone());
        self.notice.set(Some(match undo {
            Some(undone) => Notice::Moved(text, Undo::Many(undone)),
            None => Notice::Undone(text),
        }));
    }

    /// Shows where cards are that others have moved, and gives those that are left. Something may help another time
    /// too when the server could not be reached.
    fn rest_of(self, cards: &[String], error: &AppError) -> Option<Vec<String>> {
        match error {
            AppError::StaleMany(stale) => {
                for StaleCard { stale, .. } in stale {
                    if let Some(card) = CardEl::by_id(&stale.enrolment.to_string()) {
                        self.show_where(&card, &Spot::of(&card), stale);
                    }
                }
                let is_stale = |id: &&String| stale.iter().any(|one| one.stale.enrolment.to_string() == **id);
                Some(cards.iter().filter(|id| !is_stale(id)).cloned().collect())
            }
            AppError::NotAdmitted(refused) => {
                let is_refused = |id: &&String| refused.iter().any(|one| one.enrolment.to_string() == **id);
                Some(cards.iter().filter(|id| !is_refused(id)).cloned().collect())
            }
            AppError::Unreachable | AppError::Internal(_) => Some(cards.to_vec()),
            _ => None,
        }
        .filter(|rest: &Vec<String>| !rest.is_empty())
    }

    fn refuse_many(self, error: &AppError, again: Option<Again>) {
        let (heading, text) = explain(self.texts, error);
        let text = match error.problem("cards") {
            Some(found) => problem(self.texts, found),
            None => format!("{heading}. {text}"),
        };
        let label = |again: &Again| match error {
            AppError::StaleMany(_) | AppError::NotAdmitted(_) => self.texts.select_rest(&again.count().to_string()),
            _ => self.texts.board_try_again().to_owned(),
        };
        self.notice.set(Some(Notice::Refused(text, again.map(|again| (again.clone(), label(&again))))));
    }

    /// Takes back what was done with many cards.
    pub(super) fn take_back_many(self, undone: CommandId) {
        self.notice.set(None);
        spawn_local(async move {
            match undo_many(UndoManyForm { undone }).await {
                Ok(back) => {
                    for one in &back.cards {
                        if let Some(card) = CardEl::by_id(&one.moved.enrolment.to_string()) {
                            let above = one.after.map(|id| id.to_string());
                            self.settle_at(&card, &Spot::of(&card), &one.moved, above.as_deref());
                        }
                    }
                    let first = back.cards.first().and_then(|one| CardEl::by_id(&one.moved.enrolment.to_string()));
                    if let Some(first) = first {
                        first.show();
                        first.focus();
                    }
                    let (withdrawn, gone) = (back.recalled.withdrawn.to_string(), back.recalled.gone.to_string());
                    self.notice.set(Some(Notice::Undone(self.texts.done_undone(&withdrawn, &gone))));
                }
                Err(error) => self.refuse_many(&error, None),
            }
        });
    }
}

fn cards_by_id(ids: &[String]) -> Vec<CardEl> {
    ids.iter().filter_map(|id| CardEl::by_id(id)).collect()
}

fn set_busy(cards: &[CardEl], busy: bool) {
    for card in cards {
        card.set_busy(busy);
    }
}
