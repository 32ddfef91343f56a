//! The bar that says what is shown, and the form in which it is chosen.

use leptos::prelude::*;
use shared::accounts::Person;
use shared::error::AppError;
use shared::find::QUERY_MAX;
use shared::participants::WaitingOn;
use shared::views::{Filter, Flag, QUIET_DAYS, ReadyMade, Who};
use store::{Options, SignedIn};

use super::keep::keep_form;
use crate::texts::Texts;
use crate::visit::Visit;
use crate::words::waiting_on;

/// Where something is filtered.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place<'a> {
    /// On the board of the track with this part of the address.
    Board(&'a str),
    /// In the list over all tracks.
    List,
}

impl Place<'_> {
    pub(super) fn path(self) -> String {
        match self {
            Self::Board(slug) => format!("/tracks/{slug}"),
            Self::List => "/participants".to_owned(),
        }
    }

    fn slug(self) -> Option<String> {
        match self {
            Self::Board(slug) => Some(slug.to_owned()),
            Self::List => None,
        }
    }
}

/// The link that opens the form, or the form; what is chosen, how many are shown, and what is not understood.
pub(crate) async fn filter_bar(
    visit: &Visit,
    person: &SignedIn,
    place: Place<'_>,
    (filter, unknown): (&Filter, &[String]),
    shown: usize,
) -> Result<AnyView, AppError> {
    let texts = visit.texts();
    let path = place.path();
    let is_open = visit.query("filters").is_some();
    // The list has all ready-made views beside it.
    let need_link = matches!(place, Place::Board(_)).then(|| {
        let need = ReadyMade::Need.filter(person.me().role);
        let is_here = *filter == need;
        let href = if is_here { path.clone() } else { format!("{path}?{}", need.query()) };
        view! { <a class="ds-button compact" data-variant="secondary" href=href aria-current=is_here.then_some("true")>{texts.views_need()}</a> }
    });
    let open_link = format!("{path}?{}&filters=open", filter.query());
    let unknown = (!unknown.is_empty()).then(|| {
        let text = texts.views_unknown(&unknown.join(", "));
        view! { <div class="ds-alert" data-color="warning"><p class="ds-paragraph">{text}</p></div> }
    });
    // What can be chosen is read only when it is asked for: a board is opened more often than it is filtered.
    let options =
        if is_open || !filter.is_empty() { Some(person.options(place.slug().as_deref()).await?) } else { None };
    let chosen = options.as_ref().filter(|_| !filter.is_empty()).map(|options| {
        let what = texts.views_chosen(&described(texts, filter, options).join(", "));
        view! {
            <p class="chosen">
                <span>{what}</span>
                <span class="view-count">{texts.views_shown(&shown.to_string())}</span>
                <a class="ds-link" href=path.clone()>{texts.views_show_all()}</a>
            </p>
        }
    });
    let form = options.as_ref().filter(|_| is_open).map(|options| form(visit, place, filter, options));
    Ok(view! {
        <div class="filter-bar">
            {need_link}
            <a class="ds-button compact" data-variant="tertiary" href=open_link>{texts.views_filter()}</a>
            {chosen}
            {unknown}
            {form}
        </div>
    }
    .into_any())
}

fn form(visit: &Visit, place: Place<'_>, filter: &Filter, options: &Options) -> AnyView {
    let texts = visit.texts();
    let who = |people: &[Person]| {
        let fixed = [(Who::Me, texts.views_me()), (Who::Nobody, texts.views_nobody())];
        let fixed = fixed.map(|(who, text)| (who.code(), text.to_owned()));
        let people = people.iter().map(|person| (person.id.to_string(), person.name.clone()));
        fixed.into_iter().chain(people).collect::<Vec<_>>()
    };
    let is_list = matches!(place, Place::List);
    let phases = options.phases.iter().map(|(track, phase)| {
        let name = if is_list { format!("{track}: {}", phase.name) } else { phase.name.clone() };
        (phase.id.to_string(), name)
    });
    let phases = phases.collect();
    let offices = options.nav_offices.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
    let waiting = WaitingOn::ALL.map(|on| (on.code().to_owned(), waiting_on(texts, on).to_owned())).to_vec();
    let choose = |name, label, choices, chosen: Option<String>| select(texts, name, label, choices, chosen.as_deref());
    let flags = Flag::ALL.into_iter().map(|flag| {
        let id = format!("flag-{}", flag.code());
        view! {
            <div class="ds-field">
                <input class="ds-input" type="checkbox" id=id.clone() name="flag" value=flag.code() checked=filter.flags.contains(&flag)/>
                <label class="ds-label" data-weight="regular" for=id>{flag_text(texts, flag)}</label>
            </div>
        }
    });
    let words = filter.words.as_ref().map(|words| words.as_str().to_owned());
    let quiet = [14, 30, 60, 90].map(|days: i64| (days.to_string(), crate::words::days(texts, days)));
    let quiet_days = quiet.map(|(value, text)| {
        let is_chosen = value == filter.quiet_days().to_string();
        // What is usual need not stand in the address.
        let value = if value == QUIET_DAYS.to_string() { String::new() } else { value };
        view! { <option value=value selected=is_chosen>{text}</option> }
    });
    let keep = keep_form(visit, place, filter);
    // Whatever must be mended takes the focus first.
    let is_focused = visit.rejected.is_none();
    view! {
        <div class="filters" id="filters">
            <form method="get" action=place.path() aria-label=texts.views_filter()>
                <div class="filter-fields">
                    <div class="ds-field">
                        <label class="ds-label" for="filter-q">{texts.views_words()}</label>
                        <input class="ds-input" id="filter-q" name="q" value=words maxlength=QUERY_MAX.to_string() autocomplete="off" autofocus=is_focused/>
                    </div>
                    {choose("inn", texts.views_inn_contact(), who(&options.inn_people), filter.inn.map(Who::code))}
                    {choose("nav", texts.views_nav_contact(), who(&options.nav_people), filter.nav.map(Who::code))}
                    {choose("office", texts.views_office(), offices, filter.office.map(|id| id.to_string()))}
                    {choose("phase", texts.views_phase(), phases, filter.phase.map(|id| id.to_string()))}
                    {choose("waiting", texts.views_waiting(), waiting, filter.waiting.map(|on| on.code().to_owned()))}
                </div>
                <fieldset class="ds-fieldset filter-flags">
                    <legend class="ds-label">{texts.views_only()}</legend>
                    {flags.collect_view()}
                </fieldset>
                <div class="ds-field">
                    <label class="ds-label" for="filter-quiet">{texts.views_quiet()}</label>
                    <select class="ds-input" id="filter-quiet" name="quiet">{quiet_days.into_iter().collect_view()}</select>
                </div>
                <div class="form-actions"><button class="ds-button" type="submit">{texts.views_show()}</button></div>
            </form>
            {keep}
        </div>
    }
    .into_any()
}

fn select(
    texts: Texts,
    name: &'static str,
    label: &'static str,
    choices: Vec<(String, String)>,
    chosen: Option<&str>,
) -> AnyView {
    let id = format!("filter-{name}");
    let options = choices.into_iter().map(|(value, text)| {
        let is_chosen = chosen == Some(value.as_str());
        view! { <option value=value selected=is_chosen>{text}</option> }
    });
    view! {
        <div class="ds-field">
            <label class="ds-label" for=id.clone()>{label}</label>
            <select class="ds-input" id=id name=name><option value="">{texts.views_any()}</option>{options.collect_view()}</select>
        </div>
    }
    .into_any()
}

/// What is chosen, in words.
fn described(texts: Texts, filter: &Filter, options: &Options) -> Vec<String> {
    let gone = || texts.views_unknown_choice().to_owned();
    let who = |who: Who, people: &[Person]| match who {
        Who::Me => texts.views_me().to_owned(),
        Who::Nobody => texts.views_nobody().to_owned(),
        Who::Person(id) => people.iter().find(|person| person.id == id).map_or_else(gone, |person| person.name.clone()),
    };
    let labelled = |label: &str, value: String| format!("{label}: {value}");
    let mut parts = Vec::new();
    parts.extend(filter.words.as_ref().map(|words| format!("«{}»", words.as_str())));
    parts.extend(filter.inn.map(|inn| labelled(texts.views_inn_contact(), who(inn, &options.inn_people))));
    parts.extend(filter.nav.map(|nav| labelled(texts.views_nav_contact(), who(nav, &options.nav_people))));
    parts.extend(filter.office.map(|office| {
        let known = options.nav_offices.iter().find(|(id, _)| *id == office);
        known.map_or_else(gone, |(_, name)| name.clone())
    }));
    parts.extend(filter.phase.map(|wanted| {
        let known = options.phases.iter().find(|(_, phase)| phase.id == wanted);
        labelled(texts.views_phase(), known.map_or_else(gone, |(_, phase)| phase.name.clone()))
    }));
    parts.extend(filter.waiting.map(|on| texts.card_waiting(waiting_on(texts, on))));
    parts.extend(filter.flags.iter().map(|flag| flag_text(texts, *flag).to_owned()));
    parts.extend(filter.quiet_days.map(|days| labelled(texts.views_quiet(), days.to_string())));
    parts
}

fn flag_text(texts: Texts, flag: Flag) -> &'static str {
    match flag {
        Flag::Need => texts.views_only_need(),
        Flag::New => texts.views_only_new(),
        Flag::UnreadNote => texts.views_only_note(),
        Flag::Overdue => texts.views_only_overdue(),
        Flag::DueToday => texts.views_only_today(),
        Flag::Plan => texts.views_only_plan(),
    }
}
