//! "Deltakere": those who are under way, over all tracks.

use chrono::NaiveDate;
use leptos::prelude::*;
use shared::access::Role;
use shared::board::Contact;
use shared::views::{Filter, ReadyMade, needs};
use store::Listed;

use super::filter::{Place, filter_bar};
use super::keep::{kept, kept_links};
use crate::frame::{Page, Part, page};
use crate::texts::Texts;
use crate::visit::set_status;
use crate::words::{days, need, short_date, waiting_on};

#[component]
pub(crate) fn ParticipantsPage() -> impl IntoView {
    page(async |visit, person| {
        let texts = visit.texts();
        let (filter, unknown) = Filter::parse(visit.whole_query());
        if !unknown.is_empty() {
            set_status(&shared::error::AppError::Invalid(Vec::new()));
        }
        let overview = person.overview(&filter).await?;
        let role = person.me().role;
        let views = overview.ready_made.iter().map(|(view, count)| ready_made(texts, *view, *count, role, &filter));
        let views = views.collect_view();
        let everybody = filter.is_empty();
        let kept_views = person.views().await?;
        let kept_links = kept_links(texts, &kept_views, &filter);
        let kept = kept(&visit, &kept_views);
        let bar = filter_bar(&visit, &person, Place::List, (&filter, &unknown), overview.count).await?;
        let is_cut = overview.shown.len() < overview.count;
        let cut = is_cut.then(|| {
            let text = texts.views_shown_first(&overview.shown.len().to_string(), &overview.count.to_string());
            view! { <p class="muted">{text}</p> }
        });
        let list = if overview.shown.is_empty() {
            let text = if filter.is_empty() { texts.views_none_at_all() } else { texts.views_none() };
            view! { <p class="empty">{text}</p> }.into_any()
        } else {
            let today = person.today();
            let rows = overview.shown.into_iter().map(|listed| row(texts, listed, today, filter.quiet_days()));
            view! { <ul class="hits">{rows.collect_view()}</ul> }.into_any()
        };
        let title = texts.views_title();
        let body = view! {
            <div class="page-head"><h1>{title}</h1></div>
            <nav class="view-links" aria-label=texts.views_ready_made()>
                <a href="/participants" aria-current=everybody.then_some("page")>{texts.views_everybody()}</a>
                {views}
            </nav>
            {kept_links}
            {bar}
            {list}
            {cut}
            {kept}
        }
        .into_any();
        Ok(Page { part: Part::Participants, title: title.to_owned(), class: "page", body })
    })
}

fn ready_made(texts: Texts, view: ReadyMade, count: usize, role: Role, now: &Filter) -> AnyView {
    let text = match view {
        ReadyMade::Need => texts.views_need(),
        ReadyMade::Mine => texts.views_mine(),
        ReadyMade::New => texts.views_new(),
        ReadyMade::Unassigned => texts.views_unassigned(),
        ReadyMade::WaitingNav => texts.views_waiting_nav(),
        ReadyMade::WaitingInn => texts.views_waiting_inn(),
        ReadyMade::WaitingParticipant => texts.views_waiting_participant(),
        ReadyMade::Overdue => texts.views_overdue(),
        ReadyMade::DueToday => texts.views_due_today(),
        ReadyMade::UnreadNote => texts.views_unread_note(),
    };
    let filter = view.filter(role);
    let is_here = filter == *now;
    view! {
        <a href=format!("/participants?{}", filter.query()) aria-current=is_here.then_some("page")>
            {text} " " <span class="count">{count}</span>
        </a>
    }
    .into_any()
}

fn row(texts: Texts, Listed { track, phase, card }: Listed, today: NaiveDate, quiet_days: i64) -> AnyView {
    let why = needs(&card, false, quiet_days).into_iter().map(|each| {
        view! { <li class="ds-tag" data-color="warning">{need(texts, each)}</li> }
    });
    let why: Vec<_> = why.collect();
    let why = (!why.is_empty()).then(|| view! { <ul class="reasons">{why}</ul> });
    let mut facts = vec![format!("{track}: {phase}"), days(texts, card.days)];
    let contact = |role: &str, contact: Option<Contact>| contact.map(|contact| format!("{role}: {}", contact.name));
    facts.extend(contact(texts.card_inn(), card.inn_contact));
    facts.extend(contact(texts.card_nav(), card.nav_contact));
    facts.extend(card.waiting.map(|waiting| texts.card_waiting(waiting_on(texts, waiting.on))));
    facts.extend(card.unread_note.then(|| texts.card_unread_note().to_owned()));
    let task = card.next_task.map(|task| {
        let due = short_date(texts, task.due);
        let is_overdue = task.due < today;
        let text = if is_overdue { texts.card_overdue(&task.title, &due) } else { format!("{} · {due}", task.title) };
        view! { <p class=if is_overdue { "overdue" } else { "" }>{text}</p> }
    });
    view! {
        <li>
            <p><a href=format!("/participants/{}", card.participant)>{card.name}</a> " " <span class="muted">{card.reference}</span></p>
            <p class="muted">{facts.join(" · ")}</p>
            {task}
            {why}
        </li>
    }
    .into_any()
}
