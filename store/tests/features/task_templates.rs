//! Templates of tasks: those of one's own organisation, offered for its participants.

use shared::board::ContactRole;
use shared::error::{AppError, Problem};
use shared::id::{ParticipantId, TaskTemplateId};
use shared::participants::ContactsForm;
use shared::task_templates::TaskTemplateForm;
use shared::time::oslo;
use store::SignedIn;
use store::testing::TestStore;

use crate::support::{id_of, problem, record, refusal};

async fn a_template_is_made_changed_and_removed_by_those_of_its_unit_and_seen_by_no_other(test: TestStore) {
    let (inn, leader) = (test.person("inn").await, test.person("leder").await);
    let id = inn.add_task_template(&form("Oppstart")).await.unwrap();
    let seen = leader.task_template(id).await.unwrap();
    assert_eq!((seen.name.as_str(), seen.items.as_str(), seen.due_days), ("Oppstart", "Ring\nSkriv", 5));
    assert_eq!((seen.contact, seen.version), (ContactRole::Nav, 1));
    leader.change_task_template(id, 1, &TaskTemplateForm { title: "Ny".into(), ..form("Oppstart") }).await.unwrap();
    assert_eq!(inn.task_templates().await.unwrap().remove(0).title, "Ny");

    let stranger = test.person("stranger").await;
    assert!(stranger.task_templates().await.unwrap().is_empty());
    for refused in [
        stranger.change_task_template(id, 2, &form("Oppstart")).await,
        stranger.remove_task_template(id).await,
        stranger.task_template(id).await.map(drop),
    ] {
        assert_eq!(refusal(refused), AppError::NotFound);
    }
    inn.remove_task_template(id).await.unwrap();
    assert!(leader.task_templates().await.unwrap().is_empty());
    assert_eq!(refusal(inn.remove_task_template(id).await), AppError::NotFound);
}

async fn whoever_saves_over_a_changed_template_is_told_who_changed_it(test: TestStore) {
    let inn = test.person("inn").await;
    let id = inn.add_task_template(&form("Oppstart")).await.unwrap();
    test.person("leder").await.change_task_template(id, 1, &form("Start")).await.unwrap();
    let before = test.contents().await;
    let refused = refusal(inn.change_task_template(id, 1, &form("Begynnelse")).await);
    assert_eq!(refused, AppError::Changed { by: "leder Prøve".into(), at: oslo(test.clock.now()) });
    assert_eq!(test.contents().await, before);
}

async fn a_name_is_taken_once_in_each_unit_and_there_is_room_for_fifty(test: TestStore) {
    let inn = test.person("inn").await;
    let first = inn.add_task_template(&form("Mal 0")).await.unwrap();
    assert_eq!(problem(inn.add_task_template(&form("Mal 0")).await, "name"), Problem::Taken);
    inn.change_task_template(first, 1, &form("Mal 0")).await.unwrap();
    test.person("stranger").await.add_task_template(&form("Mal 0")).await.unwrap();
    for number in 1..50 {
        inn.add_task_template(&form(&format!("Mal {number}"))).await.unwrap();
    }
    assert_eq!(problem(inn.add_task_template(&form("Mal 50")).await, "name"), Problem::TooMany { max: 50 });
    assert_eq!(problem(inn.change_task_template(first, 2, &form("Mal 7")).await, "name"), Problem::Taken);
}

async fn nav_is_offered_the_units_templates_with_the_participants_contacts(test: TestStore) {
    let lina = test.participant("Lina Testesen").await;
    let (inn, nav) = (test.person("inn").await, test.person("nav").await);
    for (name, contact) in [("Til NAV", ContactRole::Nav), ("Til INN", ContactRole::Inn)] {
        inn.add_task_template(&TaskTemplateForm { contact: contact.code().into(), ..form(name) }).await.unwrap();
    }
    assert_eq!(assignees(&nav, lina).await, [("Til INN".to_owned(), None), ("Til NAV".to_owned(), None)]);
    let card = record(&inn, lina).await.enrolments[0].id;
    let (leader, contact) = (id_of(&test, "leder").await, id_of(&test, "nav").await);
    let contacts = ContactsForm { inn_contact: leader.clone(), nav_contact: contact.clone() };
    inn.choose_contacts(card, &contacts).await.unwrap();
    let expected = [("Til INN".to_owned(), Some(leader)), ("Til NAV".to_owned(), Some(contact))];
    assert_eq!(assignees(&nav, lina).await, expected);
    assert_eq!(refusal(nav.task_templates().await), AppError::Forbidden, "NAV uses them but does not keep them");
}

async fn a_wrong_form_names_its_fields_and_writes_nothing(test: TestStore) {
    let inn = test.person("inn").await;
    let before = test.contents().await;
    for (field, wrong, expected) in [
        ("name", TaskTemplateForm { name: " ".into(), ..form("x") }, Problem::Required),
        ("title", TaskTemplateForm { title: "13897240054".into(), ..form("x") }, Problem::IdentityNumber),
        ("due_days", TaskTemplateForm { due_days: "0".into(), ..form("x") }, Problem::NotInRange { max: 250 }),
        ("contact", TaskTemplateForm { contact: "meg".into(), ..form("x") }, Problem::UnknownChoice),
    ] {
        assert_eq!(problem(inn.add_task_template(&wrong).await, field), expected, "{field}");
    }
    assert_eq!(test.contents().await, before);
    let nobody = TaskTemplateId("00000000-0000-0000-0000-000000000000".parse().unwrap());
    assert_eq!(refusal(inn.change_task_template(nobody, 1, &form("x")).await), AppError::NotFound);
}

fn form(name: &str) -> TaskTemplateForm {
    TaskTemplateForm {
        name: name.into(),
        title: "Forbered oppstart".into(),
        description: String::new(),
        items: "Ring\nSkriv".into(),
        due_days: "5".into(),
        contact: "nav_contact".into(),
    }
}

/// The templates that somebody is offered for a participant, and who would get the task.
async fn assignees(person: &SignedIn, participant: ParticipantId) -> Vec<(String, Option<String>)> {
    let offered = person.offered_templates(participant).await.unwrap();
    let each = offered.templates.iter();
    each.map(|template| (template.name.clone(), offered.assignee(template).map(|id| id.to_string()))).collect()
}

store::on_both_databases!(
    a_template_is_made_changed_and_removed_by_those_of_its_unit_and_seen_by_no_other,
    whoever_saves_over_a_changed_template_is_told_who_changed_it,
    a_name_is_taken_once_in_each_unit_and_there_is_room_for_fifty,
    nav_is_offered_the_units_templates_with_the_participants_contacts,
    a_wrong_form_names_its_fields_and_writes_nothing,
);
