//! What every page has around it: head, header, footer, and the answer when something is wrong.

use std::future::Future;
use std::sync::Arc;

use leptos::either::Either;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos::tachys::reactive_graph::OwnedView;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;
use server_fn::ServerFn;
use shared::access::{Action, Relation, Role, permits};
use shared::error::AppError;
use shared::locale::Locale;
use store::SignedIn;

use crate::accessibility::AccessibilityPage;
use crate::account::{AccountPage, ChooseLocale, LogOut};
use crate::admin::{MailContentPage, MailPage};
use crate::alerts::{AlertChoicesPage, AlertsPage, UnsubscribePage};
use crate::board::{BoardPage, MovePage, SelectPage, TracksPage};
use crate::calendar::CalendarPage;
use crate::escape::in_title;
use crate::find::{FindPage, find_field};
use crate::login::LoginPage;
use crate::participants::{EditParticipantPage, NewParticipantPage, RecordPage};
use crate::task_templates::{EditTaskTemplatePage, TaskTemplatesPage};
use crate::tasks::{EditTaskPage, NewTaskPage, TasksPage};
use crate::texts::Texts;
use crate::tracks::{
    ManagedTrackPage, ManagedTracksPage, NewTrackPage, PhasePage, RetirePhasePage, RetireTrackPage, TrackFilePage,
};
use crate::undo::undo_form;
use crate::views::ParticipantsPage;
use crate::visit::{Visit, action, go_to, see_other, set_header, set_status, visit};
use crate::words::explain;

/// The HTML document.
#[must_use]
pub fn shell() -> impl IntoView {
    let visit = visit();
    let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
    set_header(http::header::CONTENT_SECURITY_POLICY, &content_security_policy(&nonce));
    view! {
        <!DOCTYPE html>
        <html lang=visit.locale.tag()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="robots" content="noindex"/>
                <link rel="stylesheet" href=visit.assets.css.to_string()/>
                <link rel="icon" type="image/svg+xml" href=visit.assets.icon.to_string()/>
                <MetaTags/>
            </head>
            <body data-color-scheme="auto" data-size="sm">
                <App/>
            </body>
        </html>
    }
}

/// All pages by their address.
#[component]
fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/") view=HomePage/>
                <Route path=path!("/login") view=LoginPage/>
                <Route path=path!("/accessibility") view=AccessibilityPage/>
                <Route path=path!("/tracks") view=TracksPage/>
                <Route path=path!("/tracks/:slug") view=BoardPage/>
                <Route path=path!("/tracks/:slug/move") view=MovePage/>
                <Route path=path!("/tracks/:slug/select") view=SelectPage/>
                <Route path=path!("/tracks/:slug/participants/new") view=NewParticipantPage/>
                <Route path=path!("/participants") view=ParticipantsPage/>
                <Route path=path!("/participants/:id") view=RecordPage/>
                <Route path=path!("/participants/:id/edit") view=EditParticipantPage/>
                <Route path=path!("/participants/:id/tasks/new") view=NewTaskPage/>
                <Route path=path!("/find") view=FindPage/>
                <Route path=path!("/tasks") view=TasksPage/>
                <Route path=path!("/tasks/:id") view=EditTaskPage/>
                <Route path=path!("/task-templates") view=TaskTemplatesPage/>
                <Route path=path!("/task-templates/:id") view=EditTaskTemplatePage/>
                <Route path=path!("/alerts") view=AlertsPage/>
                <Route path=path!("/account") view=AccountPage/>
                <Route path=path!("/account/alerts") view=AlertChoicesPage/>
                <Route path=path!("/account/calendar") view=CalendarPage/>
                <Route path=path!("/unsubscribe/:token") view=UnsubscribePage/>
                <Route path=path!("/admin/mail") view=MailPage/>
                <Route path=path!("/admin/mail/content") view=MailContentPage/>
                <Route path=path!("/admin/tracks") view=ManagedTracksPage/>
                <Route path=path!("/admin/new-track") view=NewTrackPage/>
                <Route path=path!("/admin/new-track/file") view=TrackFilePage/>
                <Route path=path!("/admin/tracks/:slug") view=ManagedTrackPage/>
                <Route path=path!("/admin/tracks/:slug/retire") view=RetireTrackPage/>
                <Route path=path!("/admin/tracks/:slug/phases/:id") view=PhasePage/>
                <Route path=path!("/admin/tracks/:slug/phases/:id/retire") view=RetirePhasePage/>
            </Routes>
        </Router>
    }
}

/// Which part of the main menu a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Tracks,
    Participants,
    Find,
    Tasks,
    Alerts,
    Account,
    Mail,
    ManagedTracks,
}

/// What a page hands to its frame.
pub(crate) struct Page {
    pub(crate) part: Part,
    /// For the browser's tab; may hold a name, since only the reader sees it.
    pub(crate) title: String,
    pub(crate) class: &'static str,
    pub(crate) body: AnyView,
}

/// A page for those who are logged in. Others are sent to the login page and come back afterwards.
pub(crate) fn page<F, Fut>(load: F) -> impl IntoView
where
    F: FnOnce(Visit, Arc<SignedIn>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Page, AppError>> + Send + 'static,
{
    let visit = visit();
    let loaded = async move {
        let outcome = match visit.person.clone() {
            None => Err((AppError::SignedOut, None)),
            Some(person) => load(visit.clone(), person.clone()).await.map_err(|error| (error, Some(person))),
        };
        match outcome {
            Ok(page) => {
                if let Some(rejected) = &visit.rejected {
                    set_status(&rejected.error);
                }
                Either::Left(framed(&visit, page).await)
            }
            Err((AppError::SignedOut, _)) => {
                let next: String = serde_urlencoded::to_string([("next", &visit.path)]).unwrap_or_default();
                go_to(&format!("/login?{next}"));
                see_other();
                Either::Right(framed_error(&visit, &AppError::SignedOut))
            }
            Err((error, _)) => {
                set_status(&error);
                Either::Right(framed_error(&visit, &error))
            }
        }
    };
    when_read(loaded)
}

/// A view that needs something from the database first.
///
/// Not in `Suspense`: its task of its own would go on when the browser has gone, and so has what it reads. But as there,
/// the view must be written with the owner of this request, not with whichever this thread has had last.
pub(crate) fn when_read<V: IntoView + 'static>(view: impl Future<Output = V> + Send + 'static) -> impl IntoView {
    Suspend::new(async move { OwnedView::new(view.await.into_view()) })
}

async fn framed(visit: &Visit, page: Page) -> AnyView {
    let texts = visit.texts();
    let unread = match &visit.person {
        Some(person) => person.unread_alerts().await.unwrap_or_default(),
        None => 0,
    };
    let code = visit.query("done").unwrap_or_default();
    let (code, undone) = code.split_once('~').unwrap_or((&code, ""));
    let done = crate::words::done(texts, code);
    let undo = undone.parse().ok().map(|undone| undo_form(visit, undone));
    let rejected = visit.rejected.as_ref().filter(|rejected| !matches!(rejected.error, AppError::Invalid(_)));
    let title = match (rejected.is_some(), &done) {
        (true, _) => format!("{} – {}", texts.error_title(), page.title),
        (false, Some(done)) => format!("{done} – {}", page.title),
        (false, None) => page.title,
    };
    let header = header(visit, Some(page.part), unread);
    let footer = footer(visit);
    // What was refused just now says more than what was done before it.
    let message = done.filter(|_| rejected.is_none()).map(|done| {
        view! { <div class="ds-alert notice" data-color="success"><span role="status">{done}</span>{undo}</div> }
    });
    let error = rejected.map(|rejected| error_alert(texts, &rejected.error));
    view! {
        <Title text=in_title(&format!("{title} – {}", texts.brand_name()))/>
        {header}
        <main id="main" tabindex="-1" class=page.class>
            {message}
            {error}
            {page.body}
        </main>
        {footer}
    }
    .into_any()
}

/// What loads the library and wakes the islands. Only pages with islands have it; others are without script.
pub(crate) fn wake_islands(visit: &Visit) -> AnyView {
    let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
    let (library, wasm) = (visit.assets.library.to_string(), visit.assets.wasm.to_string());
    let modules = [&library, &*visit.assets.line].map(|module| {
        view! { <link rel="modulepreload" href=module.to_owned() nonce=nonce.clone()/> }
    });
    // Known only when the page is laid out, they would make the browser lay out all cards twice.
    let fonts = visit.assets.fonts.iter().map(|font| {
        view! { <link rel="preload" href=font.to_string() r#as="font" r#type="font/woff2" crossorigin="anonymous"/> }
    });
    view! {
        {fonts.collect_view()}
        {modules}
        <link rel="preload" href=wasm.clone() r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
        <script type="module" r#async=true nonce=nonce src=visit.assets.start.to_string() data-library=library data-line=visit.assets.line.to_string() data-wasm=wasm></script>
    }
    .into_any()
}

/// A page that needs no login.
pub(crate) fn public_page(title: &str, class: &'static str, body: AnyView) -> AnyView {
    let visit = visit();
    let texts = visit.texts();
    if let Some(rejected) = &visit.rejected {
        set_status(&rejected.error);
    }
    let header = header(&visit, None, 0);
    let footer = footer(&visit);
    view! {
        <Title text=in_title(&format!("{title} – {}", texts.brand_name()))/>
        {header}
        <main id="main" tabindex="-1" class=class>{body}</main>
        {footer}
    }
    .into_any()
}

/// What went wrong, in a box at the top of the page.
pub(crate) fn error_alert(texts: Texts, error: &AppError) -> AnyView {
    let (heading, text) = explain(texts, error);
    view! {
        <div class="ds-alert" data-color="danger" role="alert">
            <h2 class="ds-heading" data-size="2xs">{heading}</h2>
            <p class="ds-paragraph">{text}</p>
        </div>
    }
    .into_any()
}

fn framed_error(visit: &Visit, error: &AppError) -> AnyView {
    let texts = visit.texts();
    let (heading, text) = explain(texts, error);
    let body = view! {
        <h1>{heading.clone()}</h1>
        <p class="ds-paragraph">{text}</p>
        <p><a class="ds-link" href="/">{texts.error_to_tracks()}</a></p>
    };
    let header = header(visit, None, 0);
    let footer = footer(visit);
    view! {
        <Title text=in_title(&format!("{heading} – {}", texts.brand_name()))/>
        {header}
        <main id="main" tabindex="-1" class="page">{body}</main>
        {footer}
    }
    .into_any()
}

#[component]
fn HomePage() -> impl IntoView {
    let person = visit().person;
    let leads_on = async {
        let role = person.as_ref().map(|person| person.me().role);
        let start = match person {
            // Whoever can't be asked with what she begins begins with the tracks.
            Some(person) => person.start_view().await.ok().flatten(),
            None => None,
        };
        match start {
            Some(view) => go_to(&view.address()),
            // Those who see no participants have only the page about mails.
            None => go_to(if role.is_none_or(sees_boards) { "/tracks" } else { "/admin/mail" }),
        }
        see_other();
    };
    when_read(leads_on)
}

#[component]
fn NotFoundPage() -> impl IntoView {
    set_status(&AppError::NotFound);
    framed_error(&visit(), &AppError::NotFound)
}

fn sees_boards(role: Role) -> bool {
    [Relation::Inn, Relation::Nav].into_iter().any(|relation| permits(role, Action::SeeBoard, relation))
}

fn header(visit: &Visit, part: Option<Part>, unread: u64) -> AnyView {
    let texts = visit.texts();
    let link = move |this: Part, href: &'static str, text: AnyView| {
        view! { <a href=href aria-current=(part == Some(this)).then_some("page")>{text}</a> }
    };
    let menu = visit.person.as_ref().map(|person| {
        let me = person.me();
        let badge = (unread > 0).then(|| {
            view! {
                <span class="ds-badge" data-count=unread.to_string() data-color="danger"></span>
                <span class="visually-hidden">{texts.menu_unread(&unread.to_string())}</span>
            }
        });
        let work = sees_boards(me.role).then(|| {
            view! {
                {link(Part::Tracks, "/tracks", texts.menu_tracks().into_any())}
                {link(Part::Participants, "/participants", texts.menu_participants().into_any())}
                {link(Part::Tasks, "/tasks", texts.menu_tasks().into_any())}
                {link(Part::Alerts, "/alerts", view! { <span class="bell" aria-hidden="true"></span>{texts.menu_alerts()}{badge} }.into_any())}
            }
        });
        let find = sees_boards(me.role).then(|| find_field(visit, part == Some(Part::Find)));
        // Only where there is no room for the field itself.
        let find_link = sees_boards(me.role).then(|| {
            view! { <a class="find-link" href="/find" aria-label=texts.menu_find() aria-current=(part == Some(Part::Find)).then_some("page")></a> }
        });
        let mail = permits(me.role, Action::SeeMailDelivery, Relation::Stranger)
            .then(|| link(Part::Mail, "/admin/mail", texts.menu_mail().into_any()));
        let manage = permits(me.role, Action::ManageTracks, Relation::Inn)
            .then(|| link(Part::ManagedTracks, "/admin/tracks", texts.menu_tracks().into_any()));
        view! {
            <nav aria-label=texts.menu_label()>{work}{mail}{manage}</nav>
            {find}
            <div class="user-menu">
                {find_link}
                {link(Part::Account, "/account", me.name.clone().into_any())}
                <form method="post" action=action(LogOut::PATH)>
                    <button class="ds-button compact" data-variant="tertiary" type="submit">{texts.menu_log_out()}</button>
                </form>
            </div>
        }
    });
    view! {
        <a class="ds-skip-link" href="#main">{texts.menu_skip()}</a>
        <header class="site-header">
            <a class="brand" href="/">{texts.brand_name()}</a>
            {menu}
        </header>
    }
    .into_any()
}

fn footer(visit: &Visit) -> AnyView {
    let chosen = visit.locale;
    let buttons = Locale::ALL.map(|locale| {
        view! {
            <button type="submit" name="form[locale]" value=locale.tag() lang=locale.tag() aria-pressed=(locale == chosen).then_some("true")>
                {Texts::from(locale).locale_name()}
            </button>
        }
    });
    let texts = visit.texts();
    view! {
        <footer class="site-footer">
            <form method="post" action=action(ChooseLocale::PATH)>
                <input type="hidden" name="form[path]" value=visit.path.clone()/>
                {buttons.into_iter().collect_view()}
            </form>
            <a href="/accessibility">{texts.menu_accessibility()}</a>
        </footer>
    }
    .into_any()
}

/// Nothing but our own files, and of scripts only those that this page names. `wasm-unsafe-eval` allows
/// WebAssembly and nothing else; images of the design system's icons are data URLs in its style sheet.
fn content_security_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}
