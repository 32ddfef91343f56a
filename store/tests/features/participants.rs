//! Participants: what can be registered and changed, by whom, and what the history tells of it.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use shared::board::PhaseKind;
use shared::error::{AppError, Problem};
use shared::id::{OrganisationId, ParticipantId, TrackId};
use shared::participants::{ContactsForm, DetailsForm, NewParticipantForm, Plan, Record, WaitingOn};
use shared::time::oslo;
use shared::timeline::{Change, Field, What};
use store::testing::TestStore;
use store::{NewTrack, SignedIn};

use crate::support::{board, card, columns, id_of, nav_contact, problem, record, refusal, to_end};

async fn a_name_is_enough(test: TestStore) {
    let inn = test.person("inn").await;
    let id = inn.add_participant("introlop", &named("Lina Testesen")).await.unwrap();
    let record = record(&inn, id).await;
    assert_eq!(record.details.name.as_str(), "Lina Testesen");
    assert_eq!((record.inn_unit.as_str(), record.nav_office, record.version), ("INN Prøveby", None, 1));
    assert_eq!((record.details.plan, record.waiting), (Plan::Missing, None));
    assert_eq!(record.enrolments[0].started_on, inn.today());
    assert_eq!(record.enrolments[0].phase.name, "Kartlegging");
    assert!(record.following && record.followers.len() == 1, "whoever registers follows");
    assert!(matches!(record.timeline[0].what, What::Enrolled { .. }));
}

async fn all_that_is_wrong_is_told_and_nothing_is_written(test: TestStore) {
    let inn = test.person("inn").await;
    let before = test.contents().await;
    let mut form = named(" ");
    form.details.email = "ikke en adresse".into();
    form.details.goal = "fnr 13897240054".into();
    form.started_on = "31.02.2025".into();
    let error = refusal(inn.add_participant("introlop", &form).await);
    let expected = [
        ("name", Problem::Required),
        ("email", Problem::NotAnEmail),
        ("goal", Problem::IdentityNumber),
        ("started_on", Problem::NotADate),
    ];
    for (field, problem) in expected {
        assert_eq!(error.problem(field), Some(&problem), "{field}");
    }
    assert_eq!(test.contents().await, before);
}

async fn each_field_has_a_limit(test: TestStore) {
    let inn = test.person("inn").await;
    let before = test.contents().await;
    let details = DetailsForm {
        name: "a".repeat(121),
        language: "a".repeat(41),
        phone: "1".repeat(31),
        email: format!("{}@example.no", "a".repeat(250)),
        goal: "a".repeat(501),
        ..DetailsForm::default()
    };
    let form = NewParticipantForm { details, started_on: "01.01.1999".into(), ..NewParticipantForm::default() };
    let error = refusal(inn.add_participant("introlop", &form).await);
    let expected = [
        ("name", Problem::TooLong { max: 120 }),
        ("language", Problem::TooLong { max: 40 }),
        ("phone", Problem::TooLong { max: 30 }),
        ("email", Problem::NotAnEmail),
        ("goal", Problem::TooLong { max: 500 }),
        ("started_on", Problem::DateOutOfRange),
    ];
    for (field, problem) in expected {
        assert_eq!(error.problem(field), Some(&problem), "{field}");
    }
    assert_eq!(test.contents().await, before);
}

async fn only_what_is_offered_can_be_chosen(test: TestStore) {
    let inn = test.person("inn").await;
    let foreign = test.person("nav-stranger").await;
    let foreign_phase = foreign.board("annetlop").await.unwrap().columns[0].phase.id;
    let [.., closing] = test.phases().await[..] else { panic!("no phase") };
    let before = test.contents().await;
    let office: Choose = &|form, id| form.details.nav_office = id;
    let phase: Choose = &|form, id| form.phase = id;
    let inn_contact: Choose = &|form, id| form.inn_contact = id;
    let nav_contact: Choose = &|form, id| form.nav_contact = id;
    let wrong = [
        ("nav_office", office, foreign.me().organisation.to_string(), Problem::UnknownChoice),
        ("nav_office", office, test.inn.to_string(), Problem::UnknownChoice),
        ("phase", phase, foreign_phase.to_string(), Problem::UnknownChoice),
        ("phase", phase, closing.to_string(), Problem::UnknownChoice),
        ("inn_contact", inn_contact, id_of(&test, "stranger").await, Problem::NoAccess),
        ("inn_contact", inn_contact, id_of(&test, "nav").await, Problem::NoAccess),
        ("inn_contact", inn_contact, id_of(&test, "admin").await, Problem::NoAccess),
        ("nav_contact", nav_contact, id_of(&test, "nav-stranger").await, Problem::NoAccess),
        ("nav_contact", nav_contact, id_of(&test, "inn2").await, Problem::NoAccess),
    ];
    for (field, choose, value, expected) in wrong {
        let mut form = named("Lina Testesen");
        choose(&mut form, value);
        assert_eq!(problem(inn.add_participant("introlop", &form).await, field), expected, "{field}");
    }
    assert_eq!(test.contents().await, before);
}

async fn every_participant_has_a_reference_of_her_own(test: TestStore) {
    let inn = test.person("inn").await;
    let names: Vec<String> = (0..25).map(|number| format!("Prøve {number}")).collect();
    for name in &names {
        inn.add_participant("introlop", &named(name)).await.unwrap();
    }
    let cards = board(&inn).await.columns.remove(0).cards;
    let references: BTreeSet<String> = cards.into_iter().map(|card| card.reference).collect();
    assert_eq!(references.len(), names.len());
    let is_reference = |text: &String| text.starts_with("D-") && text[2..].parse::<u32>().is_ok() && text.len() >= 6;
    assert!(references.iter().all(is_reference), "{references:?}");
}

async fn those_registered_at_the_same_time_lie_under_each_other(test: TestStore) {
    let people = [test.person("inn").await, test.person("inn2").await, test.person("leder").await];
    let work = (0..12).map(async |number| {
        people[number % people.len()].add_participant("introlop", &named(&format!("Prøve {number}"))).await.unwrap()
    });
    let registered = futures::future::join_all(work).await;
    let cards = board(&people[0]).await.columns.remove(0).cards;
    assert_eq!(cards.iter().map(|card| card.participant).collect::<BTreeSet<_>>(), registered.into_iter().collect());
}

async fn a_nav_contact_registers_only_for_her_own_offices(test: TestStore) {
    let western = test.person("nav-west").await;
    let mut form = named("Lina Testesen");
    let before = test.contents().await;
    assert_eq!(problem(western.add_participant("introlop", &form).await, "nav_office"), Problem::NoAccess);
    form.details.nav_office = test.nav_east.to_string();
    assert_eq!(problem(western.add_participant("introlop", &form).await, "nav_office"), Problem::NoAccess);
    assert_eq!(test.contents().await, before);

    form.details.nav_office = test.nav_west.to_string();
    western.add_participant("introlop", &form).await.unwrap();
    let covers_both = test.person("nav").await;
    covers_both.add_participant("introlop", &form).await.unwrap();
    assert_eq!(columns(&western).await[0].len(), 2);
}

async fn contacts_follow(test: TestStore) {
    let mut form = named("Lina Testesen");
    form.inn_contact = id_of(&test, "inn2").await;
    form.nav_contact = id_of(&test, "nav").await;
    let inn = test.person("inn").await;
    let id = inn.add_participant("introlop", &form).await.unwrap();
    assert_eq!(followers(&inn, id).await, ["inn Prøve", "inn2 Prøve", "nav Prøve"]);

    let enrolment = record(&inn, id).await.enrolments[0].id;
    let contacts = ContactsForm { inn_contact: id_of(&test, "leder").await, nav_contact: String::new() };
    inn.choose_contacts(enrolment, &contacts).await.unwrap();
    assert_eq!(followers(&inn, id).await, ["inn Prøve", "inn2 Prøve", "leder Prøve", "nav Prøve"]);
    let expected = [change(Field::InnContact, "inn2 Prøve", "leder Prøve"), change(Field::NavContact, "nav Prøve", "")];
    assert_eq!(latest_changes(&inn, id).await, expected);
    let card = card(&inn, enrolment).await;
    assert_eq!((card.inn_contact.map(|contact| contact.name), card.nav_contact), (Some("leder Prøve".into()), None));
}

async fn contacts_without_access_are_refused(test: TestStore) {
    let [card] = test.cards(["A"]).await;
    let inn = test.person("inn").await;
    let before = test.contents().await;
    let stranger = ContactsForm { inn_contact: id_of(&test, "stranger").await, ..ContactsForm::default() };
    assert_eq!(problem(inn.choose_contacts(card, &stranger).await, "inn_contact"), Problem::NoAccess);
    // The participant's office is the eastern one.
    let western = ContactsForm { nav_contact: id_of(&test, "nav-west").await, ..ContactsForm::default() };
    assert_eq!(problem(inn.choose_contacts(card, &western).await, "nav_contact"), Problem::NoAccess);
    assert_eq!(test.contents().await, before);
}

async fn a_nav_contact_brings_the_office_along(test: TestStore) {
    let inn = test.person("inn").await;
    let id = inn.add_participant("introlop", &named("Lina Testesen")).await.unwrap();
    let seen = record(&inn, id).await;
    let contacts = ContactsForm { nav_contact: id_of(&test, "nav-west").await, ..ContactsForm::default() };
    inn.choose_contacts(seen.enrolments[0].id, &contacts).await.unwrap();

    let after = record(&inn, id).await;
    assert_eq!(after.nav_office.as_deref(), Some("Nav Prøveby vest"));
    let expected = [change(Field::NavOffice, "", "Nav Prøveby vest"), change(Field::NavContact, "", "nav-west Prøve")];
    assert_eq!(latest_changes(&inn, id).await, expected);
    // Whoever has the details open from before would else take the office away again.
    let form = DetailsForm::filled(&seen.details);
    assert!(matches!(refusal(inn.change_details(id, seen.version, &form).await), AppError::Changed { .. }));
}

async fn a_nav_contact_stays_only_if_she_covers_the_office_that_is_responsible_now(test: TestStore) {
    let inn = test.person("inn").await;
    let registered = async |contact| {
        let mut form = named("Lina Testesen");
        form.nav_contact = id_of(&test, contact).await;
        let id = inn.add_participant("introlop", &form).await.unwrap();
        (id, record(&inn, id).await)
    };
    let moved_to = |office: OrganisationId, seen: &Record| DetailsForm {
        nav_office: office.to_string(),
        ..DetailsForm::filled(&seen.details)
    };
    let contact_of = async |seen: &Record| card(&inn, seen.enrolments[0].id).await.nav_contact;

    let (id, seen) = registered("nav").await;
    inn.change_details(id, seen.version, &moved_to(test.nav_west, &seen)).await.unwrap();
    assert_eq!(contact_of(&seen).await.map(|contact| contact.name), Some("nav Prøve".into()), "she covers both");

    let (id, seen) = registered("nav-west").await;
    inn.change_details(id, seen.version, &moved_to(test.nav_east, &seen)).await.unwrap();
    assert_eq!(contact_of(&seen).await, None);
    let expected = [
        change(Field::NavOffice, "Nav Prøveby vest", "Nav Prøveby øst"),
        change(Field::NavContact, "nav-west Prøve", ""),
    ];
    assert_eq!(latest_changes(&inn, id).await, expected);
}

async fn a_nav_contact_who_covers_an_office_here_brings_that_one(test: TestStore) {
    let elsewhere = test.store.system("test").organisation("nav", "Nav Tredjested").await.unwrap();
    let contact = nav_contact(&test, "vikar", elsewhere, test.nav_west).await;
    let inn = test.person("inn").await;
    let mut form = named("Lina Testesen");
    form.nav_contact = contact.to_string();
    let id = inn.add_participant("introlop", &form).await.unwrap();
    assert_eq!(record(&inn, id).await.nav_office.as_deref(), Some("Nav Prøveby vest"));
    assert_eq!(columns(&test.person("vikar").await).await[0], ["Lina Testesen"]);
}

async fn changes_of_details_are_kept_with_before_and_after(test: TestStore) {
    let inn = test.person("inn").await;
    let id = test.participant("Lina Testesen").await;
    let seen = record(&inn, id).await;
    let mut form = DetailsForm::filled(&seen.details);
    form.name = "Lina Prøvestad".into();
    form.phone = "900 00 001".into();
    form.plan = "made".into();
    form.plan_review = "31.01.2027".into();
    form.nav_office = test.nav_west.to_string();
    inn.change_details(id, seen.version, &form).await.unwrap();

    let after = record(&inn, id).await;
    assert_eq!((after.version, after.details.name.as_str()), (2, "Lina Prøvestad"));
    let expected = [
        change(Field::Name, "Lina Testesen", "Lina Prøvestad"),
        change(Field::Phone, "", "900 00 001"),
        change(Field::Plan, "", "2027-01-31"),
        change(Field::NavOffice, "Nav Prøveby øst", "Nav Prøveby vest"),
    ];
    assert_eq!(latest_changes(&inn, id).await, expected);
    assert!(test.person("nav-west").await.record(id, shared::timeline::Filter::All).await.is_ok());
}

async fn a_form_that_changes_nothing_writes_nothing(test: TestStore) {
    let inn = test.person("inn").await;
    let id = test.participant("Lina Testesen").await;
    let seen = record(&inn, id).await;
    let before = test.contents().await;
    inn.change_details(id, seen.version, &DetailsForm::filled(&seen.details)).await.unwrap();
    assert_eq!(test.contents().await, before);
}

async fn wrong_details_change_nothing(test: TestStore) {
    let inn = test.person("inn").await;
    let id = test.participant("Lina Testesen").await;
    let seen = record(&inn, id).await;
    let before = test.contents().await;
    let office = test.person("nav-stranger").await.me().organisation.to_string();
    let wrong = [
        (
            "name",
            DetailsForm { name: "13897240054".into(), ..DetailsForm::filled(&seen.details) },
            Problem::IdentityNumber,
        ),
        (
            "nav_office",
            DetailsForm { nav_office: office, ..DetailsForm::filled(&seen.details) },
            Problem::UnknownChoice,
        ),
        ("plan", DetailsForm { plan: "kanskje".into(), ..DetailsForm::filled(&seen.details) }, Problem::UnknownChoice),
    ];
    for (field, form, expected) in wrong {
        assert_eq!(problem(inn.change_details(id, seen.version, &form).await, field), expected);
    }
    assert_eq!(test.contents().await, before);
}

async fn whoever_saves_over_changed_details_is_told_who_changed_them(test: TestStore) {
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    let id = test.participant("Lina Testesen").await;
    let seen = record(&inn, id).await;
    test.clock.advance(TimeDelta::minutes(5));
    let changed_at = test.clock.now();
    let theirs = DetailsForm { goal: "Bakeri".into(), ..DetailsForm::filled(&seen.details) };
    nav.change_details(id, seen.version, &theirs).await.unwrap();
    test.clock.advance(TimeDelta::minutes(5));
    // What others did with other things says nothing about who changed the details.
    test.person("leder").await.wait_for(id, "nav").await.unwrap();
    let before = test.contents().await;

    let mine = DetailsForm { phone: "900 00 001".into(), ..DetailsForm::filled(&seen.details) };
    let refused = refusal(inn.change_details(id, seen.version, &mine).await);
    assert_eq!(refused, AppError::Changed { by: "nav Prøve".into(), at: oslo(changed_at) });
    assert_eq!(test.contents().await, before);

    let again = DetailsForm { phone: "900 00 001".into(), ..theirs };
    inn.change_details(id, record(&inn, id).await.version, &again).await.unwrap();
    assert_eq!(record(&inn, id).await.version, 3);
}

async fn a_participant_can_be_on_two_tracks_but_once_on_each(test: TestStore) {
    let other = second_track(&test).await;
    let inn = test.person("inn").await;
    let id = test.participant("Lina Testesen").await;
    assert_eq!(record(&inn, id).await.other_tracks, [(other, "Karriereløp".to_owned())]);
    let (one, twice) = tokio::join!(inn.enrol(id, other), inn.enrol(id, other));
    let ((Ok(enrolment), refused) | (refused, Ok(enrolment))) = (one, twice) else { panic!("no track") };
    assert_eq!(problem(refused, "track"), Problem::Taken);
    assert_eq!(problem(inn.enrol(id, other).await, "track"), Problem::Taken);

    let record = record(&inn, id).await;
    assert_eq!(record.enrolments.len(), 2);
    assert!(record.other_tracks.is_empty());
    let nav = test.person("nav").await;
    let there = nav.board("karrierelop").await.unwrap().columns.remove(0).cards.remove(0);
    assert_eq!((there.id, there.name.as_str()), (enrolment, "Lina Testesen"));

    // Each card goes its own way.
    let second = nav.board("karrierelop").await.unwrap().columns[1].phase.id;
    nav.move_card(&to_end(enrolment, 1, second)).await.unwrap();
    assert_eq!(columns(&inn).await[0], ["Lina Testesen"]);
}

async fn nobody_is_put_on_another_citys_track(test: TestStore) {
    let foreign = test.person("stranger").await.board("annetlop").await.unwrap().track;
    let id = test.participant("Lina Testesen").await;
    let before = test.contents().await;
    assert_eq!(refusal(test.person("inn").await.enrol(id, foreign).await), AppError::NotFound);
    assert_eq!(refusal(test.person("stranger").await.enrol(id, foreign).await), AppError::NotFound);
    assert_eq!(test.contents().await, before);
}

async fn it_is_remembered_whom_she_waits_for_and_since_when(test: TestStore) {
    let inn = test.person("inn").await;
    let id = test.participant("Lina Testesen").await;
    let since = test.clock.now();
    inn.wait_for(id, "nav").await.unwrap();
    test.clock.advance(TimeDelta::hours(1));
    inn.wait_for(id, "nav").await.unwrap();
    let waiting = record(&inn, id).await.waiting.unwrap();
    assert_eq!((waiting.on, waiting.since), (WaitingOn::Nav, since));

    inn.wait_for(id, "participant").await.unwrap();
    let waiting = record(&inn, id).await.waiting.unwrap();
    assert_eq!((waiting.on, waiting.since), (WaitingOn::Participant, test.clock.now()));
    assert_eq!(latest_changes(&inn, id).await, [change(Field::Waiting, "nav", "participant")]);

    inn.wait_for(id, "").await.unwrap();
    assert_eq!(record(&inn, id).await.waiting, None);
    assert_eq!(problem(inn.wait_for(id, "kommunen").await, "waiting"), Problem::UnknownChoice);
}

async fn following_and_stopping_twice_is_harmless(test: TestStore) {
    let id = test.participant("Lina Testesen").await;
    let nav = test.person("nav").await;
    for _ in 0..5 {
        let (one, two, three) = tokio::join!(nav.follow(id), nav.follow(id), nav.follow(id));
        assert!(one.is_ok() && two.is_ok() && three.is_ok());
        assert_eq!(followers(&nav, id).await, ["inn Prøve", "nav Prøve"]);
        nav.unfollow(id).await.unwrap();
        nav.unfollow(id).await.unwrap();
        assert_eq!(followers(&nav, id).await, ["inn Prøve"]);
    }
}

/// Puts a value into one field of a form.
type Choose<'a> = &'a dyn Fn(&mut NewParticipantForm, String);

fn named(name: &str) -> NewParticipantForm {
    let details = DetailsForm { name: name.into(), ..DetailsForm::default() };
    NewParticipantForm { details, ..NewParticipantForm::default() }
}

fn change(field: Field, before: &str, after: &str) -> Change {
    Change { field, before: before.into(), after: after.into() }
}

/// A second track of the unit to which `introlop` belongs.
async fn second_track(test: &TestStore) -> TrackId {
    let track = NewTrack {
        slug: "karrierelop",
        name: "Karriereløp",
        owner: test.inn,
        partners: &[test.nav_east],
        phases: &store::testing::phases([
            ("Søknad", PhaseKind::Ordinary),
            ("Praksis", PhaseKind::Ordinary),
            ("Slutt", PhaseKind::Closing),
        ]),
    };
    test.store.system("test").create_track(track).await.unwrap()
}

async fn followers(person: &SignedIn, participant: ParticipantId) -> Vec<String> {
    record(person, participant).await.followers.into_iter().map(|follower| follower.name).collect()
}

/// What the newest entry of the timeline says has changed.
async fn latest_changes(person: &SignedIn, participant: ParticipantId) -> Vec<Change> {
    match record(person, participant).await.timeline.remove(0).what {
        What::Changed(changes) => changes,
        other => panic!("no change: {other:?}"),
    }
}

store::on_both_databases!(
    a_name_is_enough,
    all_that_is_wrong_is_told_and_nothing_is_written,
    each_field_has_a_limit,
    only_what_is_offered_can_be_chosen,
    every_participant_has_a_reference_of_her_own,
    those_registered_at_the_same_time_lie_under_each_other,
    a_nav_contact_registers_only_for_her_own_offices,
    contacts_follow,
    contacts_without_access_are_refused,
    a_nav_contact_brings_the_office_along,
    a_nav_contact_stays_only_if_she_covers_the_office_that_is_responsible_now,
    a_nav_contact_who_covers_an_office_here_brings_that_one,
    changes_of_details_are_kept_with_before_and_after,
    a_form_that_changes_nothing_writes_nothing,
    wrong_details_change_nothing,
    whoever_saves_over_changed_details_is_told_who_changed_them,
    a_participant_can_be_on_two_tracks_but_once_on_each,
    nobody_is_put_on_another_citys_track,
    it_is_remembered_whom_she_waits_for_and_since_when,
    following_and_stopping_twice_is_harmless,
);
