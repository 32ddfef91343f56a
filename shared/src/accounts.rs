//! People who log in.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::access::Role;
use crate::email::EmailAddress;
use crate::error::{AppError, Problem, Problems};
use crate::id::{OrganisationId, UserId};
use crate::locale::Locale;
use crate::text::PersonName;

/// The fewest characters of a password (NIST SP 800-63B asks for length, not for odd characters).
pub const PASSWORD_MIN: usize = 12;
/// The most characters of a password; more would let a stranger keep the hash function busy.
pub const PASSWORD_MAX: usize = 200;

/// The person who is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// Who.
    pub id: UserId,
    /// The person's own name.
    pub name: String,
    /// The mail address, which is also the login name.
    pub email: EmailAddress,
    /// The role.
    pub role: Role,
    /// The organisation to which the person belongs.
    pub organisation: OrganisationId,
    /// That organisation and the others that the person covers, such as both NAV offices of a city.
    pub memberships: Vec<OrganisationId>,
    /// The language of the interface and of mails.
    pub locale: Locale,
    /// Whether keys that are pressed alone, outside of a field, may do something (WCAG 2.2, criterion 2.1.4).
    pub single_keys: bool,
}

/// A person as others see them: in a list of contacts, on a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub id: UserId,
    /// The name.
    pub name: String,
    /// The name of the organisation.
    pub organisation: String,
}

/// The initials of a name, at most two, as on a card.
#[must_use]
pub fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split([' ', '-']).filter(|word| !word.is_empty()).collect();
    let ends = [words.first(), words.last().filter(|_| words.len() > 1)];
    ends.into_iter().flatten().filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect()
}

/// The login form as typed.
#[derive(Clone, Serialize, Deserialize)]
pub struct LoginForm {
    /// The mail address.
    #[serde(default)]
    pub email: String,
    /// The password.
    #[serde(default)]
    pub password: String,
}

impl fmt::Debug for LoginForm {
    /// Without the password, which must never come into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginForm").field("email", &self.email).finish_non_exhaustive()
    }
}

/// A login that is worth asking the store about.
#[derive(Clone)]
pub struct Login {
    /// The mail address.
    pub email: EmailAddress,
    /// The password.
    pub password: String,
}

impl LoginForm {
    /// Checks that both fields are filled.
    pub fn parse(self) -> Result<Login, AppError> {
        let mut problems = Problems::default();
        let email = problems.check("email", EmailAddress::parse(&self.email));
        let password = problems.check(
            "password",
            match self.password.chars().count() {
                0 => Err(Problem::Required),
                length if length > PASSWORD_MAX => Err(Problem::TooLong { max: PASSWORD_MAX }),
                _ => Ok(self.password),
            },
        );
        let (Some(email), Some(password)) = (email, password) else { return Err(problems.into()) };
        Ok(Login { email, password })
    }
}

/// A user to be created.
#[derive(Clone)]
pub struct NewUser {
    /// The mail address and login name.
    pub email: EmailAddress,
    /// The person's name.
    pub name: PersonName,
    /// The role.
    pub role: Role,
    /// The organisation to which the person belongs.
    pub organisation: OrganisationId,
    /// Further organisations that the person covers.
    pub covers: Vec<OrganisationId>,
    /// The language.
    pub locale: Locale,
    /// The password, already checked with [`check_password`].
    pub password: String,
}

/// Checks the length of a new password.
pub fn check_password(password: &str) -> Result<(), Problem> {
    match password.chars().count() {
        length if length < PASSWORD_MIN => Err(Problem::TooShort { min: PASSWORD_MIN }),
        length if length > PASSWORD_MAX => Err(Problem::TooLong { max: PASSWORD_MAX }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_first_and_last() {
        assert_eq!(initials("Kari Anne Demo-Øvelsås"), "KØ");
        assert_eq!(initials("ådne"), "Å");
        assert_eq!(initials(""), "");
    }

    #[test]
    fn an_empty_login_form_names_both_fields() {
        let error = LoginForm { email: String::new(), password: String::new() }.parse().err();
        let error = error.unwrap_or(AppError::Malformed);
        assert_eq!(error.problem("email"), Some(&Problem::Required));
        assert_eq!(error.problem("password"), Some(&Problem::Required));
    }
}
