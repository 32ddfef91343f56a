//! Whether two rows, or a row and a participant, are the same person.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::words::words;

/// What tells people apart.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    /// The name as it is shown.
    pub(super) shown: String,
    /// The name as it is compared.
    pub(super) name: String,
    started_on: NaiveDate,
    email: Option<String>,
    phone: Option<String>,
}

impl Identity {
    pub(super) fn new(name: &str, started_on: NaiveDate, email: Option<&str>, phone: Option<&str>) -> Self {
        Self {
            shown: name.to_owned(),
            name: words(name),
            started_on,
            email: email.map(str::to_lowercase),
            phone: phone.map(subscriber_number),
        }
    }

    /// The same person: the same name, and the same address or phone number; where there is none of
    /// them to compare, the same start date.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let compare = |one: &Option<String>, other: &Option<String>| Some(one.as_ref()? == other.as_ref()?);
        self.name == other.name
            && match (compare(&self.email, &other.email), compare(&self.phone, &other.phone)) {
                (Some(true), _) | (_, Some(true)) => true,
                (None, None) => self.started_on == other.started_on,
                _ => false,
            }
    }

    /// A short text that stays the same as long as the row does. It is no secret, but it does not show
    /// a name that has been corrected since.
    pub(super) fn key(&self) -> String {
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        let row = [self.name.clone(), self.started_on.to_string(), part(&self.email), part(&self.phone)].join("\n");
        format!("{:032x}", fnv1a(row.as_bytes()))
    }
}

/// Those who are on the track already.
pub(super) struct Known {
    by_name: HashMap<String, Vec<(Identity, Option<String>)>>,
    keys: HashSet<String>,
    /// Keys of rows in this file: whoever was imported from one of them is no other row's person.
    keys_in_file: HashSet<String>,
}

impl Known {
    pub(super) fn new(known: &[super::Known], keys_in_file: HashSet<String>) -> Self {
        let mut by_name: HashMap<String, Vec<_>> = HashMap::new();
        for person in known {
            let (email, phone) = (person.email.as_deref(), person.phone.as_deref());
            let identity = Identity::new(&person.name, person.started_on, email, phone);
            by_name.entry(identity.name.clone()).or_default().push((identity, person.key.clone()));
        }
        let keys = known.iter().filter_map(|person| person.key.clone()).collect();
        Self { by_name, keys, keys_in_file }
    }

    /// Whether the person is here: `Some(true)` if from this very row, `Some(false)` if somebody looks
    /// the same. That somebody is then spoken for, so that a second row does not vanish behind one person.
    pub(super) fn take(&mut self, identity: &Identity) -> Option<bool> {
        if self.keys.contains(&identity.key()) {
            return Some(true);
        }
        let people = self.by_name.get_mut(&identity.name)?;
        let is_free = |key: &Option<String>| key.as_ref().is_none_or(|key| !self.keys_in_file.contains(key));
        let place = people.iter().position(|(person, key)| is_free(key) && person.is_same(identity))?;
        people.remove(place);
        Some(false)
    }

    pub(super) fn has_name(&self, identity: &Identity) -> bool {
        self.by_name.get(&identity.name).is_some_and(|people| !people.is_empty())
    }
}

/// The digits, without the Norwegian country code.
fn subscriber_number(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let national = digits.strip_prefix("0047").or_else(|| digits.strip_prefix("47"));
    national.filter(|number| number.len() == 8).map_or(digits.clone(), str::to_owned)
}

/// FNV-1a with 128 bits: the same on every machine and in every version, unlike the standard library's.
fn fnv1a(bytes: &[u8]) -> u128 {
    bytes.iter().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash: u128, byte| {
        (hash ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, day: u32, email: Option<&str>, phone: Option<&str>) -> Identity {
        Identity::new(name, NaiveDate::from_ymd_opt(2026, 3, day).unwrap_or_default(), email, phone)
    }

    #[test]
    fn the_same_address_or_phone_number_is_the_same_person() {
        let lina = person("Lina Testesen", 1, Some("lina@example.org"), Some("90000001"));
        assert!(lina.is_same(&person("lina  testesen", 2, Some("LINA@example.org"), None)));
        assert!(lina.is_same(&person("Lina Testesen", 1, None, Some("+47 900 00 001"))));
        assert!(lina.is_same(&person("Lina Testesen", 1, None, None)));
    }

    #[test]
    fn a_name_alone_is_not_the_same_person() {
        let lina = person("Lina Testesen", 1, Some("lina@example.org"), None);
        assert!(!lina.is_same(&person("Lina Testesen", 1, Some("lina.2@example.org"), None)));
        assert!(!lina.is_same(&person("Lina Testesen", 2, None, Some("90000001"))));
        assert!(!lina.is_same(&person("Lena Testesen", 1, Some("lina@example.org"), None)));
    }

    #[test]
    fn a_key_never_changes() {
        // Keys are stored: another one would double everybody on the next import.
        let key = person("Lina Testesen", 1, Some("lina@example.org"), Some("+47 900 00 001")).key();
        assert_eq!(key, person(" LINA Testesen", 1, Some("Lina@example.org"), Some("90000001")).key());
        assert_eq!(key, "e892a32d9fca3c9e60d40cc6bbb15652");
    }
}
