//! Logging in and out: nothing is told about accounts, guessing is stopped, sessions end.

use std::net::IpAddr;

use chrono::TimeDelta;
use futures::future::join_all;
use shared::access::Role;
use shared::accounts::{Login, NewUser, PASSWORD_MAX, PASSWORD_MIN};
use shared::email::EmailAddress;
use shared::error::{AppError, Problem};
use shared::locale::Locale;
use shared::text::PersonName;
use store::testing::{PASSWORD, TestStore};
use store::{Session, StoreError};

use crate::support::{problem, refusal};

async fn a_wrong_password_and_an_unknown_address_say_the_same(test: TestStore) {
    test.deactivate("inn2").await;
    for (name, password) in [("inn", "feil passord"), ("finnes-ikke", PASSWORD), ("inn2", PASSWORD), ("inn", "")] {
        assert_eq!(refusal(log_in(&test, name, password, HOME).await), AppError::WrongLogin, "{name}");
    }
    let session = log_in(&test, "inn", PASSWORD, HOME).await.unwrap();
    assert_eq!(session.locale, Locale::Nb);
    assert!(!format!("{session:?}").contains(session.token.as_str()), "a token does not get into a log");
}

async fn five_wrong_guesses_stop_that_address_at_that_account_only(test: TestStore) {
    for _ in 0..5 {
        assert_eq!(refusal(log_in(&test, "inn", "feil passord", HOME).await), AppError::WrongLogin);
    }
    let stopped = refusal(log_in(&test, "inn", PASSWORD, HOME).await);
    assert_eq!(stopped, AppError::TooManyAttempts { minutes: 15 });
    // A stranger who guesses does not lock the owner out, nor his whole office.
    assert!(log_in(&test, "inn", PASSWORD, "192.0.2.7").await.is_ok());
    assert!(log_in(&test, "nav", PASSWORD, HOME).await.is_ok());

    test.clock.advance(TimeDelta::seconds(14 * 60 + 1));
    assert_eq!(refusal(log_in(&test, "inn", PASSWORD, HOME).await), AppError::TooManyAttempts { minutes: 1 });
    test.clock.advance(TimeDelta::seconds(60));
    assert!(log_in(&test, "inn", PASSWORD, HOME).await.is_ok());
}

async fn an_unknown_account_is_stopped_in_the_same_way(test: TestStore) {
    for _ in 0..5 {
        assert_eq!(refusal(log_in(&test, "finnes-ikke", PASSWORD, HOME).await), AppError::WrongLogin);
    }
    let stopped = refusal(log_in(&test, "finnes-ikke", PASSWORD, HOME).await);
    assert_eq!(stopped, AppError::TooManyAttempts { minutes: 15 });
}

async fn a_right_password_forgets_the_wrong_ones(test: TestStore) {
    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(refusal(log_in(&test, "inn", "feil passord", HOME).await), AppError::WrongLogin);
        }
        assert!(log_in(&test, "inn", PASSWORD, HOME).await.is_ok());
    }
}

async fn guesses_at_the_same_time_are_counted_too(test: TestStore) {
    let guesses = join_all((0..16).map(|_| log_in(&test, "inn", "feil passord", HOME))).await;
    let refusals: Vec<AppError> = guesses.into_iter().map(refusal).collect();
    let looked_at = refusals.iter().filter(|refusal| **refusal == AppError::WrongLogin).count();
    assert_eq!((looked_at, refusals.len()), (5, 16), "{refusals:?}");
}

async fn an_address_that_tries_many_accounts_is_stopped(test: TestStore) {
    let ten = ["inn", "inn2", "nav", "leder", "nav-west", "admin", "stranger", "nav-stranger", "ukjent", "ingen"];
    for name in ten.into_iter().cycle().take(50) {
        assert_eq!(refusal(log_in(&test, name, "feil passord", HOME).await), AppError::WrongLogin);
    }
    test.store.system("test").create_user(user(&test, "ny@example.no", "et langt passord")).await.unwrap();
    let stopped = refusal(log_in(&test, "ny", "et langt passord", HOME).await);
    assert_eq!(stopped, AppError::TooManyAttempts { minutes: 15 });
    assert!(log_in(&test, "ny", "et langt passord", "192.0.2.7").await.is_ok());
}

async fn a_household_with_many_addresses_counts_as_one(test: TestStore) {
    for host in ["::1", "::2", "::3", "::4", ":ffff:ffff:ffff:ffff"] {
        let address = format!("2001:db8:1:2{host}");
        assert_eq!(refusal(log_in(&test, "inn", "feil passord", &address).await), AppError::WrongLogin);
        assert_eq!(refusal(log_in(&test, "nav", "feil passord", "::ffff:192.0.2.7").await), AppError::WrongLogin);
    }
    let stopped = AppError::TooManyAttempts { minutes: 15 };
    assert_eq!(refusal(log_in(&test, "inn", PASSWORD, "2001:db8:1:2::5").await), stopped);
    assert!(log_in(&test, "inn", PASSWORD, "2001:db8:1:3::5").await.is_ok());
    assert_eq!(refusal(log_in(&test, "nav", PASSWORD, "192.0.2.7").await), stopped);
}

async fn a_session_ends_after_two_hours_without_a_request(test: TestStore) {
    let session = log_in(&test, "inn", PASSWORD, HOME).await.unwrap();
    for _ in 0..3 {
        test.clock.advance(TimeDelta::minutes(119));
        assert!(test.store.signed_in(session.token.as_str()).await.is_ok());
    }
    test.clock.advance(TimeDelta::minutes(120));
    assert_eq!(refusal(test.store.signed_in(session.token.as_str()).await), AppError::SignedOut);
}

async fn a_session_ends_after_ten_hours_whatever_happens(test: TestStore) {
    let session = log_in(&test, "inn", PASSWORD, HOME).await.unwrap();
    for _ in 0..9 {
        test.clock.advance(TimeDelta::minutes(60));
        assert!(test.store.signed_in(session.token.as_str()).await.is_ok());
    }
    test.clock.advance(TimeDelta::minutes(60));
    assert_eq!(refusal(test.store.signed_in(session.token.as_str()).await), AppError::SignedOut);
}

async fn logging_out_ends_this_session_or_all_of_them(test: TestStore) {
    let mut tokens = Vec::new();
    for _ in 0..3 {
        tokens.push(log_in(&test, "inn", PASSWORD, HOME).await.unwrap().token);
    }
    let inn = test.store.signed_in(tokens[0].as_str()).await.unwrap();
    assert_eq!(inn.session_count().await.unwrap(), 3);
    inn.log_out(tokens[0].as_str()).await.unwrap();
    assert_eq!(refusal(test.store.signed_in(tokens[0].as_str()).await), AppError::SignedOut);
    let again = test.store.signed_in(tokens[1].as_str()).await.unwrap();
    assert_eq!(again.session_count().await.unwrap(), 2);

    let other = log_in(&test, "nav", PASSWORD, HOME).await.unwrap().token;
    again.log_out_everywhere().await.unwrap();
    for token in &tokens {
        assert_eq!(refusal(test.store.signed_in(token.as_str()).await), AppError::SignedOut);
    }
    assert!(test.store.signed_in(other.as_str()).await.is_ok(), "others stay logged in");
}

async fn sessions_that_have_ended_are_not_counted(test: TestStore) {
    let idle = test.person("inn").await;
    assert_eq!(idle.session_count().await.unwrap(), 1);
    test.clock.advance(TimeDelta::minutes(120));
    assert_eq!(test.person("inn").await.session_count().await.unwrap(), 1);
}

async fn a_token_that_was_never_given_opens_nothing(test: TestStore) {
    let given = log_in(&test, "inn", PASSWORD, HOME).await.unwrap();
    for token in ["", "0", &given.token.as_str().to_uppercase(), &given.token.as_str()[1..]] {
        assert_eq!(refusal(test.store.signed_in(token).await), AppError::SignedOut, "{token}");
    }
}

async fn a_closed_account_is_out_at_once(test: TestStore) {
    let session = log_in(&test, "inn", PASSWORD, HOME).await.unwrap();
    test.deactivate("inn").await;
    assert_eq!(refusal(test.store.signed_in(session.token.as_str()).await), AppError::SignedOut);
    assert_eq!(refusal(log_in(&test, "inn", PASSWORD, HOME).await), AppError::WrongLogin);
}

async fn each_one_knows_her_organisations_and_language(test: TestStore) {
    let nav = test.person("nav").await;
    assert_eq!(nav.me().memberships, [test.nav_east, test.nav_west]);
    assert_eq!(nav.organisation_name().await.unwrap(), "Nav Prøveby øst");
    nav.choose_locale(Locale::Nn).await.unwrap();
    assert_eq!(test.person("nav").await.me().locale, Locale::Nn);
    assert_eq!(log_in(&test, "nav", PASSWORD, HOME).await.unwrap().locale, Locale::Nn);
    assert_eq!(test.person("inn").await.me().locale, Locale::Nb);
}

async fn a_new_user_logs_in_with_an_address_and_password_of_her_own(test: TestStore) {
    let system = test.store.system("test");
    let before = test.contents().await;
    let taken = system.create_user(user(&test, "INN@example.no", "et langt passord")).await;
    assert_eq!(problem(taken, "email"), Problem::Taken);
    let short = system.create_user(user(&test, "ny@example.no", "for kort")).await;
    assert_eq!(problem(short, "password"), Problem::TooShort { min: PASSWORD_MIN });
    let long = system.create_user(user(&test, "ny@example.no", &"a".repeat(PASSWORD_MAX + 1))).await;
    assert_eq!(problem(long, "password"), Problem::TooLong { max: PASSWORD_MAX });
    assert_eq!(problem(system.organisation("nav", "INN Prøveby").await, "organisation"), Problem::Taken);
    assert_eq!(test.contents().await, before);

    system.create_user(user(&test, "ny@example.no", "et langt passord")).await.unwrap();
    assert!(!test.contents().await.holds("users", "et langt passord"));
    assert_eq!(refusal(log_in(&test, "ny", PASSWORD, HOME).await), AppError::WrongLogin);
    assert_eq!(log_in(&test, "ny", "et langt passord", HOME).await.unwrap().locale, Locale::En);
    assert_eq!(system.organisation("inn", "INN Prøveby").await.unwrap(), test.inn);
}

/// The address from which most of these requests come.
const HOME: &str = "192.0.2.1";

/// A colleague of `inn`.
fn user(test: &TestStore, address: &str, password: &str) -> NewUser {
    NewUser {
        email: EmailAddress::parse(address).unwrap(),
        name: PersonName::parse("Ny Prøve").unwrap(),
        role: Role::InnAdviser,
        organisation: test.inn,
        covers: Vec::new(),
        locale: Locale::En,
        password: password.into(),
    }
}

async fn log_in(test: &TestStore, name: &str, password: &str, address: &str) -> Result<Session, StoreError> {
    let email = EmailAddress::parse(&format!("{name}@example.no")).unwrap();
    let address: IpAddr = address.parse().unwrap();
    test.store.visitor().log_in(Login { email, password: password.into() }, address).await
}

store::on_both_databases!(
    a_wrong_password_and_an_unknown_address_say_the_same,
    five_wrong_guesses_stop_that_address_at_that_account_only,
    an_unknown_account_is_stopped_in_the_same_way,
    a_right_password_forgets_the_wrong_ones,
    guesses_at_the_same_time_are_counted_too,
    an_address_that_tries_many_accounts_is_stopped,
    a_household_with_many_addresses_counts_as_one,
    a_session_ends_after_two_hours_without_a_request,
    a_session_ends_after_ten_hours_whatever_happens,
    logging_out_ends_this_session_or_all_of_them,
    sessions_that_have_ended_are_not_counted,
    a_token_that_was_never_given_opens_nothing,
    a_closed_account_is_out_at_once,
    each_one_knows_her_organisations_and_language,
    a_new_user_logs_in_with_an_address_and_password_of_her_own,
);
