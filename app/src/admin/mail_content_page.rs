//! What mails about an organisation's participants may tell, and what it means to let them tell more.

use leptos::prelude::*;
use server_fn::ServerFn;
use shared::outbox::ContentLevel;

use super::api::ChooseMailContent;
use crate::form::{Form, Input};
use crate::frame::{Page, Part, page};
use crate::visit::action;
use crate::words::content_level;

#[component]
pub(crate) fn MailContentPage() -> impl IntoView {
    page(async |visit, person| {
        let texts = visit.texts();
        let chosen = person.mail_content().await?;
        let form = Form::new(&visit, ChooseMailContent::PATH, "content", Vec::new());
        let levels = ContentLevel::ALL.map(|level| (level.code().to_owned(), content_level(texts, level).to_owned()));
        let title = texts.delivery_content_heading();
        let body = view! {
            <div class="page-head"><h1>{title}</h1></div>
            <form class="stack" method="post" action=action(ChooseMailContent::PATH)>
                {form.start()}
                <div class="ds-alert" data-color="warning"><p class="ds-paragraph">{texts.delivery_content_warning()}</p></div>
                {form.field("level", title, Input::Choice(&levels), chosen.code())}
                {form.check("understood", texts.delivery_content_understood())}
                <div class="form-actions">
                    <button class="ds-button" type="submit">{texts.delivery_content_save()}</button>
                    <a class="ds-button" data-variant="tertiary" href="/admin/mail">{texts.form_cancel()}</a>
                </div>
            </form>
        }
        .into_any();
        Ok(Page { part: Part::Mail, title: title.to_owned(), class: "page", body })
    })
}
