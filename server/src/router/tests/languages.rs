//! In which language Samløp answers.

use app::texts::Texts;
use shared::locale::Locale;
use store::testing::PASSWORD;

use super::site::Site;

#[tokio::test]
async fn before_login_the_browser_chooses_the_language_and_a_cookie_overrules_it() {
    let site = Site::new().await;
    for (accepted, cookie, locale) in [
        ("", "", Locale::Nb),
        ("nn-NO,nn;q=0.9,en;q=0.8", "", Locale::Nn),
        ("en-GB", "", Locale::En),
        ("uk,ar;q=0.9", "", Locale::Nb),
        ("\u{e6};q=x,,;", "", Locale::Nb),
        ("en-GB", "samlop_locale=nn", Locale::Nn),
        ("nn", "a=b; samlop_locale=en; c=d", Locale::En),
        ("nn", "samlop_locale=klingon", Locale::Nn),
        ("nn", "samlop_locale=<script>", Locale::Nn),
    ] {
        let what = format!("{accepted:?} {cookie:?}");
        let answer = site.get("/login").header("accept-language", accepted).header("cookie", cookie).send().await;
        let html = answer.html();
        assert_eq!(html.language(), locale.tag(), "{what}");
        assert!(html.text.contains(Texts::from(locale).login_title()), "{what}");
    }
}

#[tokio::test]
async fn a_language_chosen_before_login_is_kept_in_the_browser() {
    let site = Site::new().await;
    for locale in Locale::ALL {
        let body = format!("form[locale]={}&form[path]=%2Flogin", locale.tag());
        let answer = site.post("/api/account/choose-locale", body).plain("/login?next=%2Ftasks").send().await;
        assert_eq!((answer.status, answer.header("location")), (303, "/login?next=%2Ftasks"));
        let (value, attributes) = answer.cookie("samlop_locale").unwrap();
        assert!(value == locale.tag() && attributes.contains("Max-Age=31536000"), "{value};{attributes}");
    }
    for bad in ["", "form[locale]=", "form[locale]=klingon", "form[locale]=NB", "form[locale]=nb%0d%0aX: y"] {
        let answer = site.post("/api/account/choose-locale", bad).send().await;
        assert_eq!(answer.status, 400, "{bad}");
        assert!(!answer.headers.contains_key("set-cookie"), "{bad}");
    }
}

#[tokio::test]
async fn after_login_the_persons_own_language_counts_in_every_browser() {
    let site = Site::new().await;
    for locale in Locale::ALL {
        let body = format!("form[locale]={}", locale.tag());
        assert_eq!(site.post("/api/account/choose-locale", body).by("nav").plain("/tracks").send().await.status, 303);
        let call = site.get("/tracks").by("nav").header("accept-language", "uk");
        let html = call.send().await.html();
        assert_eq!(html.language(), locale.tag());
        assert!(html.text.contains(Texts::from(locale).menu_tasks()));
        let login = serde_urlencoded::to_string([("form[email]", "nav@example.no"), ("form[password]", PASSWORD)]);
        let answer = site.post("/api/login", login.unwrap()).plain("/login").send().await;
        assert_eq!(answer.cookie("samlop_locale").map(|(value, _)| value), Some(locale.tag()));
    }
}
