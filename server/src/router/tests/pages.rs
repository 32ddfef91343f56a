//! Every page: who sees it, in which language, and that nobody else does.

use std::collections::BTreeSet;

use app::frame::shell;
use app::texts::Texts;
use app::words::explain;
use futures::future::join_all;
use leptos::prelude::provide_context;
use leptos_axum::generate_route_list_with_exclusions_and_ssg_and_context;
use shared::board::PhaseKind;
use shared::error::AppError;
use shared::locale::Locale;
use store::NewTrack;

use super::functions::functions;
use super::scene::{NAME, NOTE, Scene, TASK};
use super::site::{PEOPLE, Site};

/// Whom a page is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For {
    Everybody,
    /// Whoever is logged in.
    Members,
    /// Those who may see the participant.
    Workers,
    /// Those who may see the participant's track.
    Partners,
    Administrators,
    /// Those who work at any INN unit.
    InnPeople,
    /// Those who work at the one that is responsible for her.
    OwnInnPeople,
    /// It leads on to another page.
    Nobody,
}

impl For {
    fn includes(self, name: &str) -> bool {
        match self {
            Self::Everybody | Self::Members => true,
            Self::Workers => ["inn", "inn2", "leder", "nav"].contains(&name),
            Self::Partners => Self::Workers.includes(name) || name == "nav-west",
            Self::Administrators => name == "admin",
            Self::InnPeople => Self::OwnInnPeople.includes(name) || name == "stranger",
            Self::OwnInnPeople => ["inn", "inn2", "leder"].contains(&name),
            Self::Nobody => false,
        }
    }
}

/// Every page with its route. A new one must get a row here, or a test fails.
pub(super) fn pages(scene: &Scene) -> Vec<(&'static str, String, For)> {
    let Scene { participant, card, phases, task, managed, .. } = scene;
    let phase = managed[0][0];
    vec![
        ("/", "/".into(), For::Nobody),
        ("/login", "/login?next=%2Ftasks".into(), For::Everybody),
        ("/accessibility", "/accessibility".into(), For::Everybody),
        ("/tracks", "/tracks".into(), For::Members),
        ("/tracks/{slug}", "/tracks/introlop".into(), For::Partners),
        ("/tracks/{slug}/move", format!("/tracks/introlop/move?card={card}"), For::Workers),
        ("/tracks/{slug}/move", format!("/tracks/introlop/move?card={card}&to={}", phases[2]), For::Workers),
        ("/tracks/{slug}/select", "/tracks/introlop/select".into(), For::Partners),
        ("/tracks/{slug}/participants/new", "/tracks/introlop/participants/new".into(), For::Partners),
        ("/participants", "/participants".into(), For::Members),
        ("/participants", "/participants?flag=need&filters=open".into(), For::Members),
        ("/tracks/{slug}", "/tracks/introlop?inn=none&filters=open".into(), For::Partners),
        ("/participants/{id}", format!("/participants/{participant}"), For::Workers),
        ("/participants/{id}", format!("/participants/{participant}?show=notes&done=note-1"), For::Workers),
        ("/participants/{id}/edit", format!("/participants/{participant}/edit"), For::Workers),
        ("/participants/{id}/tasks/new", format!("/participants/{participant}/tasks/new?track=introlop"), For::Workers),
        ("/find", "/find?q=lina".into(), For::Members),
        ("/tasks", "/tasks".into(), For::Members),
        ("/tasks/{id}", format!("/tasks/{task}"), For::Workers),
        ("/task-templates", "/task-templates".into(), For::InnPeople),
        ("/task-templates/{id}", format!("/task-templates/{}", scene.template), For::OwnInnPeople),
        ("/alerts", "/alerts".into(), For::Members),
        ("/account", "/account".into(), For::Members),
        ("/account/alerts", "/account/alerts".into(), For::Members),
        ("/account/calendar", "/account/calendar".into(), For::Members),
        ("/unsubscribe/{token}", format!("/unsubscribe/{}", scene.unsubscribe), For::Everybody),
        ("/admin/mail", "/admin/mail".into(), For::Administrators),
        ("/admin/mail", "/admin/mail?recipient=nav&state=failed".into(), For::Administrators),
        ("/admin/mail/content", "/admin/mail/content".into(), For::Administrators),
        ("/admin/tracks", "/admin/tracks".into(), For::Administrators),
        ("/admin/new-track", "/admin/new-track".into(), For::Administrators),
        ("/admin/new-track/file", "/admin/new-track/file".into(), For::Administrators),
        ("/admin/tracks/{slug}", "/admin/tracks/lop-0".into(), For::Administrators),
        ("/admin/tracks/{slug}/retire", "/admin/tracks/lop-0/retire".into(), For::Administrators),
        ("/admin/tracks/{slug}/phases/{id}", format!("/admin/tracks/lop-0/phases/{phase}"), For::Administrators),
        (
            "/admin/tracks/{slug}/phases/{id}/retire",
            format!("/admin/tracks/lop-0/phases/{phase}/retire"),
            For::Administrators,
        ),
    ]
}

#[tokio::test]
async fn pages_that_are_made_at_once_have_each_their_own() {
    let scene = Scene::new().await;
    let paths = ["/tracks/introlop", "/account", "/tracks", "/tasks"].into_iter().cycle().take(20);
    let asked = paths.map(async |path| (path, scene.site.get(path).by("inn").send().await));
    for (path, answer) in join_all(asked).await {
        assert_eq!(answer.text().contains("fills-window"), path == "/tracks/introlop", "{path}");
    }
}

#[tokio::test]
async fn every_page_has_a_row() {
    let scene = Scene::new().await;
    let listed: BTreeSet<String> = pages(&scene).into_iter().map(|(route, ..)| route.to_owned()).collect();
    let visit = scene.site.visit().await;
    let context = move || provide_context(visit.clone());
    let (there, _) = generate_route_list_with_exclusions_and_ssg_and_context(shell, None, context);
    let there: BTreeSet<String> = there.iter().map(|route| route.path().to_owned()).collect();
    assert_eq!(listed, there);
}

#[tokio::test]
async fn each_page_opens_for_those_whom_it_is_for_and_looks_unknown_or_forbidden_to_others() {
    let scene = Scene::new().await;
    let unknown = Texts::Nb.error_not_found_heading();
    for (route, path, whom) in pages(&scene) {
        for name in PEOPLE {
            let answer = scene.site.get(&path).by(name).send().await;
            let what = format!("{path} by {name}");
            if whom == For::Nobody {
                let home = if name == "admin" { "/admin/mail" } else { "/tracks" };
                assert_eq!((answer.status, answer.header("location")), (303, home), "{what}");
            } else if whom.includes(name) {
                assert_eq!(answer.status, 200, "{what}");
            } else {
                let needs_role = route.starts_with("/admin/") || (route == "/task-templates" && name != "stranger");
                let expected = if needs_role { 403 } else { 404 };
                assert_eq!(answer.status, expected, "{what}");
                assert!(expected == 403 || answer.html().text.contains(unknown), "{what}");
                for secret in [NAME, NOTE, TASK] {
                    assert!(!answer.text().contains(secret), "{what} tells {secret}");
                }
            }
        }
    }
}

#[tokio::test]
async fn without_a_login_each_page_leads_to_the_login_page_and_back() {
    let scene = Scene::new().await;
    for (_, path, whom) in pages(&scene) {
        let cookies = ["", "samlop_session=", "samlop_session=0123456789abcdef", "samlop_session=\u{e6}; x"];
        for cookie in cookies {
            let answer = scene.site.get(&path).header("cookie", cookie).send().await;
            match whom {
                For::Everybody => assert_eq!(answer.status, 200, "{path}"),
                For::Nobody => assert_eq!((answer.status, answer.header("location")), (303, "/tracks"), "{path}"),
                _ => {
                    assert_eq!(answer.status, 303, "{path}");
                    let next = serde_urlencoded::to_string([("next", &path)]).unwrap();
                    assert_eq!(answer.header("location"), format!("/login?{next}"));
                }
            }
            for secret in [NAME, NOTE, TASK, "Prøve"] {
                assert!(!answer.text().contains(secret), "{path} tells {secret}");
            }
        }
    }
}

#[tokio::test]
async fn what_others_have_looks_exactly_like_what_does_not_exist() {
    let scene = Scene::new().await;
    let (theirs, unknown) = (scene.participant.to_string(), "01990000-0000-7000-8000-000000000000".to_owned());
    let tasks = (scene.task.to_string(), unknown.clone());
    let cards = (scene.card.to_string(), unknown.clone());
    for (path, (theirs, unknown)) in [
        ("/participants/ID", (theirs.clone(), unknown.clone())),
        ("/participants/ID/edit", (theirs.clone(), unknown.clone())),
        ("/participants/ID/tasks/new", (theirs.clone(), unknown.clone())),
        ("/tasks/ID", tasks),
        ("/tracks/introlop/move?card=ID", cards),
        ("/tracks/ID", ("introlop".into(), "finneikke".into())),
        ("/tracks/ID/participants/new", ("introlop".into(), "finneikke".into())),
    ] {
        for name in ["stranger", "nav-stranger", "admin"] {
            let mut seen = Vec::new();
            for id in [&theirs, &unknown] {
                let answer = scene.site.get(&path.replace("ID", id)).by(name).send().await;
                seen.push((answer.status, answer.lasting_text().replace(id.as_str(), "ID")));
            }
            assert_eq!(seen[0], seen[1], "{path} by {name}");
        }
    }
}

#[tokio::test]
async fn an_unknown_page_is_not_found_and_says_so_in_the_readers_language() {
    let site = Site::new().await;
    for locale in Locale::ALL {
        site.choose_locale("inn", locale).await;
        let (heading, text) = explain(locale.into(), &AppError::NotFound);
        for path in ["/nothing", "/tracks/introlop/nothing", "/participant", "/admin", "/login/x", "/wp-login.php"] {
            for call in [site.get(path).by("inn"), site.get(path).header("accept-language", locale.tag())] {
                let answer = call.send().await;
                assert_eq!(answer.status, 404, "{path}");
                let html = answer.html();
                assert!(html.text.contains(&heading) && html.text.contains(&text), "{path}: {}", html.text);
                assert_eq!(html.language(), locale.tag());
            }
        }
    }
}

#[tokio::test]
async fn what_looks_like_markup_is_shown_as_it_was_typed() {
    for attack in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onfocus=alert(1) autofocus x='",
        "</textarea></title><svg onload=alert(1)>",
    ] {
        let scene = Scene::new().await;
        let test = &scene.site.test;
        for row in functions(&scene).await {
            // A name of a template, a track or a view is taken once.
            let once = ["/api/task-templates/add", "/api/tracks/add", "/api/tracks/add-from-file", "/api/views/change"];
            if !once.contains(&row.path) && row.fields.iter().any(|field| field.kind.takes_any_words()) {
                let body = row.with_words(attack).body();
                let answer = scene.site.post(row.path, body).by(row.by).plain(&row.page).send().await;
                assert_eq!(answer.status, 303, "{} {attack}", row.path);
            }
        }
        let contents = test.contents().await;
        for table in ["participants", "notes", "tasks", "task_templates", "moves", "events"] {
            assert!(contents.holds(table, &attack.replace('"', "\\\"")), "{table} {attack}");
        }
        let (partners, phases) = ([test.nav_east], store::testing::phases([(attack, PhaseKind::Ordinary)]));
        let track = NewTrack { slug: "odd", name: attack, owner: test.inn, partners: &partners, phases: &phases };
        test.store.system("test").create_track(track).await.unwrap();

        let mut shown = 0;
        for (_, path, _) in pages(&scene).into_iter().chain([("", "/tracks/odd".to_owned(), For::Workers)]) {
            for name in ["inn", "nav", "admin"] {
                // Each answer is searched for scripts, pictures and handlers (see `html.rs`).
                let answer = scene.site.get(&path).by(name).send().await;
                if answer.status == 200 {
                    shown += answer.html().text.matches(attack).count();
                }
            }
        }
        assert!(shown > 20, "{attack} is shown {shown} times");
    }
}
