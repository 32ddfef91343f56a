//! How fast mails go to one domain, so that its mail servers do not take us for a spammer.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use shared::email::EmailAddress;

/// Counts the mails of the last minute by the recipient's domain.
#[derive(Debug)]
pub(super) struct Pace {
    per_minute: usize,
    begun: HashMap<String, VecDeque<DateTime<Utc>>>,
}

impl Pace {
    /// At most so many mails a minute to each domain, give or take those that are claimed together.
    pub(super) fn new(per_minute: usize) -> Self {
        Self { per_minute, begun: HashMap::new() }
    }

    /// A mail to this address begins to be sent.
    pub(super) fn count(&mut self, to: &EmailAddress, now: DateTime<Utc>) {
        if let Some((_, domain)) = to.as_str().rsplit_once('@') {
            self.begun.entry(domain.to_owned()).or_default().push_back(now);
        }
    }

    /// The domains that have had their share for now.
    pub(super) fn busy(&mut self, now: DateTime<Utc>) -> Vec<String> {
        let minute_ago = now - TimeDelta::minutes(1);
        self.begun.retain(|_, begun| {
            begun.retain(|at| *at > minute_ago);
            !begun.is_empty()
        });
        let is_busy =
            |(domain, begun): (&String, &VecDeque<_>)| (begun.len() >= self.per_minute).then(|| domain.clone());
        self.begun.iter().filter_map(is_busy).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_that_has_had_its_share_waits_for_a_minute_and_others_do_not() {
        let mut pace = Pace::new(2);
        let to = |address: &str| EmailAddress::parse(address).unwrap();
        let start = DateTime::UNIX_EPOCH;
        pace.count(&to("a@example.no"), start);
        pace.count(&to("a@example.org"), start);
        assert!(pace.busy(start).is_empty());
        pace.count(&to("b@example.no"), start + TimeDelta::seconds(30));
        assert_eq!(pace.busy(start + TimeDelta::seconds(30)), ["example.no"]);
        assert!(pace.busy(start + TimeDelta::seconds(60)).is_empty(), "the first one is a minute old");
    }
}
