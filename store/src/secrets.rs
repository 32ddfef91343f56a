//! The key with which links and reply addresses in mails are signed, so that nobody can make one up.

use hmac::{Hmac, Mac};
use rand::RngCore;
use sea_orm::{ActiveValue::Set, EntityTrait};
use sha2::Sha256;
use shared::id::{MailId, UserId};
use uuid::Uuid;

use crate::accounts::hex;
use crate::alerts::Unsubscribe;
use crate::doors::{Permit, System};
use crate::entity::secrets;
use crate::error::StoreError;

/// The key's name in the database, where all servers find the same one.
const MAIL_LINKS: &str = "mail-links";
/// How many bytes of a signature stand in a reply address, whose part before the `@` has room for 64 characters
/// (RFC 5321, section 4.5.3.1). Eight can't be guessed by sending mails.
const ANSWER_SIGNATURE: usize = 8;
/// How many bytes of a signature stand in a link.
const LINK_SIGNATURE: usize = 16;

/// A key of 32 random bytes.
pub(crate) struct MailKey(Vec<u8>);

impl std::fmt::Debug for MailKey {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MailKey")
    }
}

impl MailKey {
    /// What a reply address names: the mail that it answers.
    pub(crate) fn answer_token(&self, mail: MailId) -> String {
        let mail = mail.0.simple().to_string();
        let signature = self.signature("answer", &mail, ANSWER_SIGNATURE);
        mail + &signature
    }

    /// The mail that a reply address names, if we have signed it. Mail servers may change upper and lower case.
    pub(crate) fn read_answer_token(&self, token: &str) -> Option<MailId> {
        let token = token.to_ascii_lowercase();
        let (mail, signature) = token.split_at_checked(32)?;
        let is_ours = same(&self.signature("answer", mail, ANSWER_SIGNATURE), signature);
        is_ours.then(|| Uuid::try_parse(mail).ok().map(MailId)).flatten()
    }

    /// What a link to stop mails names: whose and which.
    pub(crate) fn unsubscribe_token(&self, user: UserId, what: Unsubscribe) -> String {
        let signed = format!("{}.{}", user.0.simple(), what.code());
        let signature = self.signature("unsubscribe", &signed, LINK_SIGNATURE);
        format!("{signed}.{signature}")
    }

    /// Whose mails a link stops and which, if we have signed it.
    pub(crate) fn read_unsubscribe_token(&self, token: &str) -> Option<(UserId, Unsubscribe)> {
        let (signed, signature) = token.rsplit_once('.')?;
        if !same(&self.signature("unsubscribe", signed, LINK_SIGNATURE), signature) {
            return None;
        }
        let (user, what) = signed.split_once('.')?;
        Some((UserId(Uuid::try_parse(user).ok()?), Unsubscribe::from_code(what)?))
    }

    /// The beginning of the signature (HMAC-SHA-256, RFC 2104) as hexadecimal digits. What is signed for one
    /// purpose is not signed for another.
    fn signature(&self, purpose: &str, text: &str, bytes: usize) -> String {
        // A key of any length is taken.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        for part in [purpose, ":", text] {
            mac.update(part.as_bytes());
        }
        hex(&mac.finalize().into_bytes()[..bytes])
    }
}

impl Permit {
    /// The key.
    pub(crate) async fn mail_key(&self) -> Result<&MailKey, StoreError> {
        self.store().known_mail_key().get_or_try_init(|| self.read_mail_key()).await
    }

    /// The key from the database, made when it is asked for the first time.
    async fn read_mail_key(&self) -> Result<MailKey, StoreError> {
        if let Some(secret) = secrets::Entity::find_by_id(MAIL_LINKS).one(self.read()).await? {
            return Ok(MailKey(secret.value));
        }
        let mut value = vec![0; 32];
        rand::rng().fill_bytes(&mut value);
        let tx = self.begin().await?;
        let row = secrets::ActiveModel { name: Set(MAIL_LINKS.to_owned()), value: Set(value) };
        secrets::Entity::insert(row).on_conflict_do_nothing().exec_without_returning(tx.db()).await?;
        let secret = secrets::Entity::find_by_id(MAIL_LINKS).one(tx.db()).await?;
        tx.commit().await?;
        secret.map(|secret| MailKey(secret.value)).ok_or_else(|| StoreError::Corrupt("secrets".into()))
    }
}

impl System {
    /// The key.
    pub(crate) async fn mail_key(&self) -> Result<&MailKey, StoreError> {
        self.may().mail_key().await
    }
}

/// Whether two texts are the same, in a time that does not tell how much of them is.
fn same(one: &str, other: &str) -> bool {
    let differs = one.bytes().zip(other.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b));
    one.len() == other.len() && !one.is_empty() && differs == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use shared::alerts::AlertKind;

    #[test]
    fn tokens_are_read_back_also_in_capitals() {
        let key = MailKey(vec![7; 32]);
        let (mail, user) = (MailId(Uuid::now_v7()), UserId(Uuid::now_v7()));
        assert_eq!(key.read_answer_token(&key.answer_token(mail).to_uppercase()), Some(mail));
        for what in AlertKind::ALL.map(Unsubscribe::Kind).into_iter().chain([Unsubscribe::Digest]) {
            assert_eq!(key.read_unsubscribe_token(&key.unsubscribe_token(user, what)), Some((user, what)));
        }
    }

    #[test]
    fn a_reply_address_has_room_for_the_token() {
        let token = MailKey(vec![7; 32]).answer_token(MailId(Uuid::now_v7()));
        assert!(token.len() + "samlop-svar+".len() <= 64, "{}", token.len());
    }

    proptest! {
        #[test]
        fn an_altered_token_is_none_of_ours(place in 0usize..48, letter in "[0-9a-f.z]") {
            let key = MailKey(vec![7; 32]);
            let answer = key.answer_token(MailId(Uuid::from_u128(1)));
            let link = key.unsubscribe_token(UserId(Uuid::from_u128(1)), Unsubscribe::Digest);
            let altered = |token: &str| {
                let mut token = token.to_owned();
                token.replace_range(place..=place, &letter);
                token
            };
            let (altered_answer, altered_link) = (altered(&answer), altered(&link));
            prop_assert!(altered_answer == answer || key.read_answer_token(&altered_answer).is_none());
            prop_assert!(altered_link == link || key.read_unsubscribe_token(&altered_link).is_none());
            prop_assert!(MailKey(vec![8; 32]).read_answer_token(&answer).is_none());
        }

        #[test]
        fn anything_is_read_without_panic(token in ".{0,80}") {
            let key = MailKey(vec![7; 32]);
            prop_assert!(key.read_answer_token(&token).is_none());
            prop_assert!(key.read_unsubscribe_token(&token).is_none());
        }
    }
}
