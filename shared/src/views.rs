//! Views: those participants of whom something is so. A view lives in the address of a page, so that it can be kept,
//! named and handed on.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::access::Role;
use crate::board::Card;
use crate::error::{AppError, Problems};
use crate::find::Query;
use crate::id::{OrganisationId, PhaseId, UserId, ViewId};
use crate::participants::{Plan, WaitingOn, parse_reference};
use crate::text::Line;

/// A participant about whom nobody has written for so many days needs somebody who gets in touch.
pub const QUIET_DAYS: i64 = 30;
/// A participant is new for her contact for so many days.
pub const NEW_DAYS: i64 = 14;
/// The most participants that a list shows.
pub const LIST_SHOWN: usize = 200;
/// The most views that one person keeps.
pub const VIEWS_MAX: usize = 30;

/// What stands in the address of a page besides: what was done, that the form of filters is open, and that all cards
/// are shown at once.
const OF_THE_PAGE: [&str; 3] = ["done", "filters", "all"];

/// What must be so about a participant. All of it together; nothing chosen is everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words of the name, or the reference.
    pub words: Option<Query>,
    /// The contact at INN.
    pub inn: Option<Who>,
    /// The contact at NAV.
    pub nav: Option<Who>,
    /// The NAV office.
    pub office: Option<OrganisationId>,
    /// The phase.
    pub phase: Option<PhaseId>,
    /// Whom the participant waits for.
    pub waiting: Option<WaitingOn>,
    /// What else is so.
    pub flags: BTreeSet<Flag>,
    /// After how many days without a note a participant needs action, if other than [`QUIET_DAYS`].
    pub quiet_days: Option<i64>,
}

/// Whose contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Whoever looks.
    Me,
    /// There is none.
    Nobody,
    /// This person.
    Person(UserId),
}

/// What can be so about a participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// Something must be done; see [`needs`].
    Need,
    /// Became the reader's within the last [`NEW_DAYS`] days.
    New,
    /// There is a note that the reader has not read.
    UnreadNote,
    /// The date of a task has passed.
    Overdue,
    /// A task is due today.
    DueToday,
    /// There is no integration plan, or it must be looked at again.
    Plan,
}

impl Flag {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 6] = [Self::Need, Self::Overdue, Self::DueToday, Self::UnreadNote, Self::New, Self::Plan];

    /// The word for it in addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Need => "need",
            Self::New => "new",
            Self::UnreadNote => "note",
            Self::Overdue => "overdue",
            Self::DueToday => "today",
            Self::Plan => "plan",
        }
    }
}

/// A view that Samløp brings along, as those that advisers at NAV know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadyMade {
    /// Those who need action.
    Need,
    /// One's own.
    Mine,
    /// Those who have become one's own lately.
    New,
    /// Those who have no contact at the reader's side.
    Unassigned,
    /// Those who wait for NAV.
    WaitingNav,
    /// Those who wait for INN.
    WaitingInn,
    /// Those who have the next step themselves.
    WaitingParticipant,
    /// Those with a task whose date has passed.
    Overdue,
    /// Those with a task that is due today.
    DueToday,
    /// Those about whom there is a note to read.
    UnreadNote,
}

impl ReadyMade {
    /// All of them, in order.
    pub const ALL: [Self; 10] = [
        Self::Need,
        Self::Mine,
        Self::New,
        Self::Unassigned,
        Self::WaitingNav,
        Self::WaitingInn,
        Self::WaitingParticipant,
        Self::Overdue,
        Self::DueToday,
        Self::UnreadNote,
    ];

    /// What is chosen, for somebody with this role.
    #[must_use]
    pub fn filter(self, role: Role) -> Filter {
        let waiting = |on| Filter { waiting: Some(on), ..Filter::default() };
        let flag = |flag| Filter { flags: BTreeSet::from([flag]), ..Filter::default() };
        match self {
            Self::Need => flag(Flag::Need),
            Self::Mine => Filter::contact(role, Who::Me),
            Self::New => flag(Flag::New),
            Self::Unassigned => Filter::contact(role, Who::Nobody),
            Self::WaitingNav => waiting(WaitingOn::Nav),
            Self::WaitingInn => waiting(WaitingOn::Inn),
            Self::WaitingParticipant => waiting(WaitingOn::Participant),
            Self::Overdue => flag(Flag::Overdue),
            Self::DueToday => flag(Flag::DueToday),
            Self::UnreadNote => flag(Flag::UnreadNote),
        }
    }
}

/// Who looks, and when.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// Who.
    pub id: UserId,
    /// Today in Oslo.
    pub today: NaiveDate,
}

/// Why somebody must do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// No task says what comes next.
    NoTask,
    /// Stands in the phase for longer than is agreed.
    StoodStill {
        /// Whole days in the phase.
        days: i64,
        /// The agreed days.
        agreed: i32,
    },
    /// Nobody has written a note for long.
    Quiet {
        /// Whole days since the last one that the reader may read, or since the participant was registered.
        days: i64,
    },
}

/// Why somebody must do something about a participant; nothing must be done about those who have left.
#[must_use]
pub fn needs(card: &Card, is_closed: bool, quiet_days: i64) -> Vec<Need> {
    if is_closed {
        return Vec::new();
    }
    let no_task = card.next_task.is_none().then_some(Need::NoTask);
    let agreed = card.agreed_days.filter(|agreed| card.days > i64::from(*agreed));
    let stood_still = agreed.map(|agreed| Need::StoodStill { days: card.days, agreed });
    let quiet = card.days_since_note.filter(|days| *days >= quiet_days).map(|days| Need::Quiet { days });
    [stood_still, no_task, quiet].into_iter().flatten().collect()
}

impl Filter {
    /// Those with this contact who need action.
    #[must_use]
    pub fn in_need(role: Role, who: Who) -> Self {
        Self { flags: BTreeSet::from([Flag::Need]), ..Self::contact(role, who) }
    }

    /// Those with this contact at the side of whoever has this role.
    fn contact(role: Role, who: Who) -> Self {
        match role {
            Role::NavContact => Self { nav: Some(who), ..Self::default() },
            _ => Self { inn: Some(who), ..Self::default() },
        }
    }

    /// Reads the query of an address. The second part names what is not understood, as it is written there; whatever
    /// else stands there is chosen all the same.
    #[must_use]
    pub fn parse(query: &str) -> (Self, Vec<String>) {
        let mut filter = Self::default();
        let mut unknown = Vec::new();
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        for (name, value) in
            pairs.into_iter().filter(|(name, value)| !value.is_empty() && !OF_THE_PAGE.contains(&name.as_str()))
        {
            if !filter.read(&name, &value) {
                unknown.push(format!("{name}={value}"));
            }
        }
        (filter, unknown)
    }

    /// Whether one part was understood.
    fn read(&mut self, name: &str, value: &str) -> bool {
        fn keep<T>(place: &mut Option<T>, value: Option<T>) -> bool {
            let is_known = value.is_some();
            *place = value.or(place.take());
            is_known
        }
        match name {
            "q" => match Query::parse(value) {
                Ok(query) => {
                    self.words = query;
                    true
                }
                Err(_) => false,
            },
            "inn" => keep(&mut self.inn, Who::from_code(value)),
            "nav" => keep(&mut self.nav, Who::from_code(value)),
            "office" => keep(&mut self.office, value.parse().ok()),
            "phase" => keep(&mut self.phase, value.parse().ok()),
            "waiting" => keep(&mut self.waiting, WaitingOn::from_code(value)),
            "flag" => {
                let flag = Flag::ALL.into_iter().find(|flag| flag.code() == value);
                self.flags.extend(flag);
                flag.is_some()
            }
            "quiet" => keep(&mut self.quiet_days, value.parse().ok().filter(|days| (1..=365).contains(days))),
            _ => false,
        }
    }

    /// The query of the address, always in the same order.
    #[must_use]
    pub fn query(&self) -> String {
        let mut pairs = Vec::new();
        let mut add = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        add("q", self.words.as_ref().map(|words| words.as_str().to_owned()));
        add("inn", self.inn.map(Who::code));
        add("nav", self.nav.map(Who::code));
        add("office", self.office.map(|id| id.to_string()));
        add("phase", self.phase.map(|id| id.to_string()));
        add("waiting", self.waiting.map(|on| on.code().to_owned()));
        for flag in &self.flags {
            add("flag", Some(flag.code().to_owned()));
        }
        add("quiet", self.quiet_days.map(|days| days.to_string()));
        serde_urlencoded::to_string(pairs).unwrap_or_default()
    }

    /// Whether everybody is shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// After how many days without a note a participant needs action.
    #[must_use]
    pub fn quiet_days(&self) -> i64 {
        self.quiet_days.unwrap_or(QUIET_DAYS)
    }

    /// Whether a card is shown.
    #[must_use]
    pub fn shows(&self, card: &Card, phase: PhaseId, is_closed: bool, reader: Reader) -> bool {
        let fits = |wanted: Option<Who>, contact: Option<UserId>| {
            wanted.is_none_or(|who| match who {
                Who::Me => contact == Some(reader.id),
                Who::Nobody => contact.is_none() && !is_closed,
                Who::Person(id) => contact == Some(id),
            })
        };
        let number = || parse_reference(&card.reference).unwrap_or_default();
        self.words.as_ref().is_none_or(|words| words.distance(&card.name, number()).is_some())
            && fits(self.inn, card.inn_contact.as_ref().map(|contact| contact.id))
            && fits(self.nav, card.nav_contact.as_ref().map(|contact| contact.id))
            && self.office.is_none_or(|office| card.nav_office == Some(office))
            && self.phase.is_none_or(|wanted| phase == wanted)
            && self.waiting.is_none_or(|on| card.waiting.is_some_and(|waiting| waiting.on == on))
            && self.flags.iter().all(|flag| self.is_so(*flag, card, is_closed, reader.today))
    }

    fn is_so(&self, flag: Flag, card: &Card, is_closed: bool, today: NaiveDate) -> bool {
        match flag {
            Flag::Need => !needs(card, is_closed, self.quiet_days()).is_empty(),
            Flag::New => card.is_new,
            Flag::UnreadNote => card.unread_note,
            Flag::Overdue => card.next_task.as_ref().is_some_and(|task| task.due < today),
            Flag::DueToday => card.next_task.as_ref().is_some_and(|task| task.one_is_due_today),
            Flag::Plan => {
                !is_closed
                    && match card.plan {
                        Plan::Missing => true,
                        Plan::Made { review } => review.is_some_and(|review| review < today),
                    }
            }
        }
    }
}

impl Who {
    /// The word for it in addresses.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Me => "me".to_owned(),
            Self::Nobody => "none".to_owned(),
            Self::Person(id) => id.to_string(),
        }
    }

    /// The one for a word written by [`Who::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "me" => Some(Self::Me),
            "none" => Some(Self::Nobody),
            id => id.parse().ok().map(Self::Person),
        }
    }
}

/// A view to be kept, as the form sends it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewForm {
    /// What it is called.
    #[serde(default)]
    pub name: String,
    /// The part of the track's address; empty for the list of participants.
    #[serde(default)]
    pub track: String,
    /// What is chosen, as in the address.
    pub query: String,
    /// `yes` if everybody at one's own organisation shall have it.
    #[serde(default)]
    pub shared: String,
    /// `yes` if it shall take the place of one's own view of this name.
    #[serde(default)]
    pub replace: String,
}

/// The name of a view.
pub type ViewName = Line<60>;

impl ViewForm {
    /// The name, and what is chosen. Refused if nothing is chosen, or
    /// something that nobody understands. The words of a name are left out: others may not see whom they name.
    pub fn parse(&self) -> Result<(ViewName, Filter), AppError> {
        let mut problems = Problems::default();
        let name = problems.check("name", ViewName::parse(&self.name));
        let (filter, unknown) = Filter::parse(&self.query);
        let filter = Filter { words: None, ..filter };
        if filter.is_empty() || !unknown.is_empty() {
            return Err(AppError::Malformed);
        }
        Ok((name.ok_or(problems)?, filter))
    }
}

/// Another name for a kept view, and whether it is shared, as the form sends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeViewForm {
    /// Which.
    pub view: ViewId,
    /// What it shall be called.
    #[serde(default)]
    pub name: String,
    /// `yes` if everybody at one's own organisation shall have it.
    #[serde(default)]
    pub shared: String,
}

/// A view that somebody has kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Which.
    pub id: ViewId,
    /// What it is called.
    pub name: String,
    /// The track on whose board it is; `None` for the list of participants.
    pub track: Option<String>,
    /// What is chosen, as in the address.
    pub query: String,
    /// Whether it is the reader's own; others are shared with her organisation.
    pub is_own: bool,
    /// Whether everybody at the owner's organisation has it.
    pub is_shared: bool,
    /// Whether the reader begins with it.
    pub is_start: bool,
}

impl View {
    /// The address of the page.
    #[must_use]
    pub fn address(&self) -> String {
        match &self.track {
            Some(slug) => format!("/tracks/{slug}?{}", self.query),
            None => format!("/participants?{}", self.query),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::board::{Contact, NextTask};
    use crate::id::{EnrolmentId, ParticipantId};
    use crate::participants::Waiting;

    const PHASE: PhaseId = PhaseId(Uuid::from_u128(7));
    const ME: UserId = UserId(Uuid::from_u128(1));
    const OTHER: UserId = UserId(Uuid::from_u128(2));

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 24).unwrap_or_default()
    }

    fn card() -> Card {
        Card {
            id: EnrolmentId(Uuid::from_u128(3)),
            participant: ParticipantId(Uuid::from_u128(4)),
            version: 1,
            rank: "80".into(),
            name: "Lina Testesen".into(),
            reference: "D-0042".into(),
            days: 10,
            agreed_days: Some(30),
            inn_contact: Some(Contact { id: ME, name: "Kari Prøve".into() }),
            nav_contact: None,
            nav_office: None,
            next_task: Some(NextTask { title: "Ring".into(), due: today(), one_is_due_today: true }),
            plan: Plan::Made { review: None },
            waiting: Some(Waiting { on: WaitingOn::Nav, since: chrono::DateTime::UNIX_EPOCH }),
            unread_note: false,
            days_since_note: Some(3),
            is_new: false,
            filled: crate::phases::Filled::default(),
        }
    }

    fn shows(query: &str, card: &Card) -> bool {
        let (filter, unknown) = Filter::parse(query);
        assert!(unknown.is_empty(), "{unknown:?}");
        filter.shows(card, PHASE, false, Reader { id: ME, today: today() })
    }

    #[test]
    fn filters_combine() {
        let card = card();
        for query in
            ["", "inn=me", "nav=none", "waiting=nav&inn=me", "flag=today", "q=testsen", "q=d-42", "inn=me&inn="]
        {
            assert!(shows(query, &card), "{query}");
        }
        for query in [
            "inn=none",
            "nav=me",
            "waiting=nav&inn=none",
            "waiting=inn",
            "flag=overdue",
            "q=hansen",
            "flag=today&flag=note",
        ] {
            assert!(!shows(query, &card), "{query}");
        }
        assert!(shows(&format!("phase={PHASE}"), &card));
        assert!(!shows(&format!("inn={OTHER}"), &card));
        assert!(!shows(&format!("office={OTHER}"), &card));
    }

    #[test]
    fn whoever_has_a_task_is_in_time_and_is_written_about_needs_nothing() {
        assert_eq!(needs(&card(), false, QUIET_DAYS), []);
        assert!(!shows("flag=need", &card()));
        assert!(shows("flag=need&quiet=3", &card()), "three days are three days");
        assert!(!shows("flag=need&quiet=4", &card()));
    }

    #[test]
    fn each_need_is_named_with_its_days_and_nobody_who_has_left_needs_anything() {
        let card = Card { days: 31, next_task: None, days_since_note: Some(40), ..card() };
        let all = [Need::StoodStill { days: 31, agreed: 30 }, Need::NoTask, Need::Quiet { days: 40 }];
        assert_eq!(needs(&card, false, QUIET_DAYS), all);
        assert_eq!(needs(&card, true, QUIET_DAYS), []);
        assert_eq!(
            needs(&Card { days: 30, ..card.clone() }, false, 50),
            [Need::NoTask],
            "the agreed days are not past yet"
        );
        assert!(!needs(&Card { agreed_days: None, ..card }, false, 50).contains(&all[0]));
    }

    #[test]
    fn what_is_not_understood_is_named_and_the_rest_is_chosen() {
        let (filter, unknown) =
            Filter::parse("inn=me&waiting=kari&flag=all&quiet=0&farge=r%C3%B8d&q=13897240054&done=moved");
        assert_eq!(unknown, ["waiting=kari", "flag=all", "quiet=0", "farge=rød", "q=13897240054"]);
        assert_eq!(filter, Filter { inn: Some(Who::Me), ..Filter::default() });
    }

    #[test]
    fn a_ready_made_view_fits_the_side_on_which_the_reader_is() {
        assert_eq!(ReadyMade::Unassigned.filter(Role::NavContact).query(), "nav=none");
        assert_eq!(ReadyMade::Mine.filter(Role::InnAdviser).query(), "inn=me");
    }

    #[test]
    fn a_view_has_a_name_and_chooses_something_but_keeps_no_words_of_a_name() {
        let form = ViewForm { name: " Mine ".into(), query: "q=lina&inn=me".into(), ..ViewForm::default() };
        let (name, filter) = form.parse().unwrap();
        assert_eq!((name.as_str(), filter.query().as_str()), ("Mine", "inn=me"));
        let refused = |form: ViewForm| form.parse().unwrap_err();
        assert_eq!(refused(ViewForm { query: "q=lina".into(), ..form.clone() }), AppError::Malformed);
        assert_eq!(refused(ViewForm { query: "inn=me&x=y".into(), ..form.clone() }), AppError::Malformed);
        assert!(refused(ViewForm { name: String::new(), ..form }).problem("name").is_some());
    }

    proptest! {
        #[test]
        fn what_stands_in_an_address_is_read_back(
            inn in prop::option::of(prop_oneof![Just(Who::Me), Just(Who::Nobody), Just(Who::Person(OTHER))]),
            waiting in prop::option::of(prop::sample::select(WaitingOn::ALL.to_vec())),
            flags in prop::collection::btree_set(prop::sample::select(Flag::ALL.to_vec()), 0..4),
            quiet_days in prop::option::of(1_i64..=365),
            words in "[a-zæøå&=%+ ]{0,20}",
        ) {
            let words = Query::parse(&words).unwrap_or_default();
            let filter = Filter { words, inn, waiting, flags, quiet_days, ..Filter::default() };
            prop_assert_eq!(Filter::parse(&filter.query()), (filter, Vec::new()));
        }

        #[test]
        fn no_address_is_too_strange(query in ".{0,200}") {
            let (filter, _) = Filter::parse(&query);
            prop_assert_eq!(Filter::parse(&filter.query()).0, filter);
        }
    }
}
