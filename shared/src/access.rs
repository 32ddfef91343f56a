//! The whole policy of who may do what, as one table.
//!
//! The store asks it before every query; the screen asks it before it shows a button.

use serde::{Deserialize, Serialize};

use crate::id::OrganisationId;

/// What a person is employed to do. Each person has one role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks after users and delivery; sees no participant.
    Administrator,
    /// Leads a unit at INN: everything an adviser may do.
    Leader,
    /// Programme adviser at INN (programrådgiver).
    InnAdviser,
    /// The contact at NAV, often for several offices.
    NavContact,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 4] = [Self::Administrator, Self::Leader, Self::InnAdviser, Self::NavContact];

    /// The word for it in the database and on the command line.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Leader => "leader",
            Self::InnAdviser => "inn-adviser",
            Self::NavContact => "nav-contact",
        }
    }

    /// The role for a word written by [`Role::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// How a person's organisations stand to a participant or a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// Belongs to the INN unit that is responsible.
    Inn,
    /// Belongs to, or covers, the NAV office.
    Nav,
    /// Belongs to neither.
    Stranger,
}

impl Relation {
    /// All relations.
    pub const ALL: [Self; 3] = [Self::Inn, Self::Nav, Self::Stranger];

    /// The closest relation, given a person's organisations and those around the participant.
    #[must_use]
    pub fn between(memberships: &[OrganisationId], inn: OrganisationId, nav: &[OrganisationId]) -> Self {
        if memberships.contains(&inn) {
            Self::Inn
        } else if nav.iter().any(|office| memberships.contains(office)) {
            Self::Nav
        } else {
            Self::Stranger
        }
    }
}

/// Everything that a person can ask to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// See a board with its cards.
    SeeBoard,
    /// Move a card.
    MoveCard,
    /// Open a participant's record.
    SeeParticipant,
    /// Register a new participant, or put one on another track.
    AddParticipant,
    /// Change details, contacts, plan, and whom the participant waits for.
    EditParticipant,
    /// Write a note, and change one's own.
    WriteNote,
    /// Make a task, change it, mark it done.
    WorkWithTasks,
    /// Get alerts about a participant, and stop getting them.
    Follow,
    /// Make, change and remove templates of tasks for one's own organisation.
    KeepTaskTemplates,
    /// See whether mails were delivered, send them again, send a test mail.
    SeeMailDelivery,
    /// Make a track, change what it is called, its phases and their rules.
    ManageTracks,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 11] = [
        Self::SeeBoard,
        Self::MoveCard,
        Self::SeeParticipant,
        Self::AddParticipant,
        Self::EditParticipant,
        Self::WriteNote,
        Self::WorkWithTasks,
        Self::Follow,
        Self::KeepTaskTemplates,
        Self::SeeMailDelivery,
        Self::ManageTracks,
    ];
}

/// Whether a role in this relation may do this.
#[must_use]
pub fn permits(role: Role, action: Action, relation: Relation) -> bool {
    match (role, action) {
        (Role::Administrator, Action::SeeMailDelivery)
        | (Role::Leader | Role::InnAdviser, Action::KeepTaskTemplates) => true,
        (Role::Administrator, Action::ManageTracks) => relation == Relation::Inn,
        (Role::Administrator, _) | (_, Action::SeeMailDelivery | Action::ManageTracks | Action::KeepTaskTemplates) => {
            false
        }
        (
            Role::Leader | Role::InnAdviser | Role::NavContact,
            Action::SeeBoard
            | Action::MoveCard
            | Action::SeeParticipant
            | Action::AddParticipant
            | Action::EditParticipant
            | Action::WriteNote
            | Action::WorkWithTasks
            | Action::Follow,
        ) => match role {
            Role::NavContact => relation == Relation::Nav,
            _ => relation == Relation::Inn,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_may_do_nothing_with_participants() {
        for role in Role::ALL {
            let without_participants = [Action::SeeMailDelivery, Action::KeepTaskTemplates];
            for action in Action::ALL.into_iter().filter(|action| !without_participants.contains(action)) {
                assert!(!permits(role, action, Relation::Stranger), "{role:?} {action:?}");
            }
        }
    }

    #[test]
    fn an_administrator_sees_delivery_but_no_participant() {
        for relation in Relation::ALL {
            assert!(permits(Role::Administrator, Action::SeeMailDelivery, relation));
            assert!(!permits(Role::Administrator, Action::SeeParticipant, relation));
        }
    }

    #[test]
    fn only_the_administrator_of_a_tracks_own_unit_manages_it() {
        for role in Role::ALL {
            for relation in Relation::ALL {
                let may = role == Role::Administrator && relation == Relation::Inn;
                assert_eq!(permits(role, Action::ManageTracks, relation), may, "{role:?} {relation:?}");
            }
        }
    }

    #[test]
    fn a_nav_role_in_an_inn_unit_gives_no_way_in() {
        assert!(!permits(Role::NavContact, Action::SeeParticipant, Relation::Inn));
        assert!(!permits(Role::InnAdviser, Action::SeeParticipant, Relation::Nav));
    }

    #[test]
    fn roles_are_read_back_from_their_codes() {
        for role in Role::ALL {
            assert_eq!(Role::from_code(role.code()), Some(role));
        }
    }
}
