//! Finding people and texts by words that need not be spelt right.
//!
//! Names have come into Latin letters in many ways: Mohammed, Muhammad, Muhamed. So words are compared letter for
//! letter, then by their sound, then with a letter or two that are wrong.

use chrono::{DateTime, Utc};
use deunicode::{deunicode, deunicode_char};
use strsim::osa_distance;

use crate::alerts::Subject;
use crate::error::Problem;
use crate::id::ParticipantId;
use crate::participants::{parse_reference, reference};
use crate::text::Line;

/// The most characters that can be searched for.
pub const QUERY_MAX: usize = 80;
/// The most hits of each kind that are shown.
pub const FOUND_SHOWN: usize = 25;
/// So many characters are shown on either side of a hit in a text.
const AROUND: usize = 60;

/// What somebody looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    typed: Line<QUERY_MAX>,
    words: Vec<Word>,
}

/// A word, letter for letter and by its sound.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    letters: String,
    sound: String,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// Participants by name or reference, the nearest first.
    pub people: Hits<FoundPerson>,
    /// Notes, newest first.
    pub notes: Hits<FoundText>,
    /// Tasks, newest first.
    pub tasks: Hits<FoundText>,
}

/// The first hits of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Hits<T> {
    /// At most [`FOUND_SHOWN`].
    pub shown: Vec<T>,
    /// Whether there are more.
    pub more: bool,
}

/// A participant who was found.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundPerson {
    /// Who.
    pub id: ParticipantId,
    /// The name.
    pub name: String,
    /// The public reference.
    pub reference: String,
    /// The tracks on which the reader can see her: each track's name with the phase's.
    pub places: Vec<(String, String)>,
}

/// A text in which something was found.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundText {
    /// Whom it is about.
    pub participant: ParticipantId,
    /// Her name.
    pub name: String,
    /// Her public reference.
    pub reference: String,
    /// What it is, for the link to its place on the record.
    pub subject: Subject,
    /// The hit.
    pub excerpt: Excerpt,
    /// When it was written.
    pub at: DateTime<Utc>,
}

impl<T> Default for Hits<T> {
    fn default() -> Self {
        Self { shown: Vec::new(), more: false }
    }
}

impl<T> Hits<T> {
    /// The first of some hits.
    #[must_use]
    pub fn first(mut all: Vec<T>) -> Self {
        let more = all.len() > FOUND_SHOWN;
        all.truncate(FOUND_SHOWN);
        Self { shown: all, more }
    }
}

/// A piece of a text in which something was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// What stands before the hit; begins with `…` where more stands before it.
    pub before: String,
    /// The hit as it is written in the text.
    pub hit: String,
    /// What stands after it; ends with `…` where more follows.
    pub after: String,
}

impl Query {
    /// Reads what somebody typed; `None` if there is nothing in it to look for.
    pub fn parse(typed: &str) -> Result<Option<Self>, Problem> {
        let Some(typed) = Line::optional(typed)? else { return Ok(None) };
        let words = words(typed.as_str());
        Ok((!words.is_empty()).then_some(Self { typed, words }))
    }

    /// What was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.typed.as_str()
    }

    /// The words in plain small letters: `søn` is `son`.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| word.letters.as_str())
    }

    /// How far a participant is from what is looked for: zero for the reference or the beginning of each word as it
    /// is written, more for names that only sound like it or have a wrong letter; `None` if it is another one.
    #[must_use]
    pub fn distance(&self, name: &str, number: i32) -> Option<usize> {
        let typed = self.typed.as_str();
        if parse_reference(typed) == Some(number) || reference(number).eq_ignore_ascii_case(typed) {
            return Some(0);
        }
        let names = words(name);
        self.words.iter().map(|word| names.iter().filter_map(|name| word.distance(name)).min()).sum()
    }

    /// Where a text holds all the words, if it does: the place of the first.
    #[must_use]
    pub fn hit(&self, text: &str) -> Option<Excerpt> {
        let folded = Folded::of(text);
        let mut places = self.words().map(|word| folded.find(word));
        let first = places.next()??;
        places.all(|place| place.is_some()).then(|| folded.excerpt(first))
    }
}

impl Word {
    fn distance(&self, name: &Self) -> Option<usize> {
        if name.letters.starts_with(&self.letters) {
            return Some(0);
        }
        // One letter says too little to have a sound.
        if self.sound.chars().count() > 1 && name.sound.starts_with(&self.sound) {
            return Some(1);
        }
        let wrong = match self.letters.chars().count() {
            0..=3 => return None,
            4..=7 => 1,
            _ => 2,
        };
        let distance = osa_distance(&self.sound, &name.sound).min(osa_distance(&self.letters, &name.letters));
        (distance <= wrong).then_some(1 + distance)
    }
}

/// The words of a text or a name.
fn words(text: &str) -> Vec<Word> {
    let letters = deunicode(text).to_lowercase().replace('\'', "");
    let words = letters.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| Word { letters: word.to_owned(), sound: sound(word) }).collect()
}

/// How a word sounds, roughly: what is the same for spellings between which people hesitate.
fn sound(letters: &str) -> String {
    // Longer groups come before those that they hold.
    const SPELLINGS: [(&str, &str); 22] = [
        ("tsch", "s"),
        ("sch", "s"),
        ("skj", "s"),
        ("tsj", "s"),
        ("sh", "s"),
        ("sj", "s"),
        ("kh", "k"),
        ("ch", "k"),
        ("gh", "g"),
        ("dh", "d"),
        ("th", "t"),
        ("ph", "f"),
        ("ae", "e"),
        ("oe", "o"),
        ("aa", "a"),
        ("ou", "o"),
        ("oo", "o"),
        ("ee", "i"),
        ("ks", "x"),
        ("dj", "i"),
        ("dz", "s"),
        ("zh", "s"),
    ];
    let mut sound = String::with_capacity(letters.len());
    let mut rest = letters;
    while let Some(letter) = rest.chars().next() {
        let group = SPELLINGS.iter().find(|(spelling, _)| rest.starts_with(spelling));
        let (length, heard) = match group {
            Some((spelling, heard)) => (spelling.len(), *heard),
            None => (letter.len_utf8(), same_sound(letter)),
        };
        let (spelt, after) = rest.split_at(length);
        let heard = if heard.is_empty() { spelt } else { heard };
        // A double letter sounds like one.
        if !sound.ends_with(heard) {
            sound.push_str(heard);
        }
        rest = after;
    }
    sound
}

/// The letter for which this one is often written; empty for itself.
fn same_sound(letter: char) -> &'static str {
    match letter {
        'c' | 'q' => "k",
        'w' => "v",
        'y' | 'j' => "i",
        'z' => "s",
        'u' => "o",
        _ => "",
    }
}

/// A text in plain small letters that remembers where each stood.
struct Folded<'a> {
    text: &'a str,
    letters: String,
    /// For each byte of `letters`, where its character begins in the text.
    places: Vec<usize>,
}

impl<'a> Folded<'a> {
    fn of(text: &'a str) -> Self {
        let (mut letters, mut places) = (String::with_capacity(text.len()), Vec::with_capacity(text.len()));
        for (place, character) in text.char_indices() {
            let plain = if character.is_alphanumeric() { deunicode_char(character).unwrap_or_default() } else { " " };
            for letter in plain.chars() {
                letters.push(letter.to_ascii_lowercase());
                places.resize(letters.len(), place);
            }
        }
        Self { text, letters, places }
    }

    /// Where a word stands: the beginning and the end in the text.
    fn find(&self, word: &str) -> Option<(usize, usize)> {
        let start = self.letters.find(word)?;
        let last = *self.places.get(start + word.len().checked_sub(1)?)?;
        let end = last + self.text.get(last..)?.chars().next()?.len_utf8();
        Some((*self.places.get(start)?, end))
    }

    fn excerpt(&self, (start, end): (usize, usize)) -> Excerpt {
        let (before, hit, after) = (&self.text[..start], &self.text[start..end], &self.text[end..]);
        let cut = before.char_indices().rev().nth(AROUND).map(|(place, _)| place);
        let before = match cut.and_then(|cut| before.get(cut..)?.split_once(char::is_whitespace)) {
            Some((_, whole_words)) => format!("…{}", one_line(whole_words)),
            None => one_line(before),
        };
        let cut = after.char_indices().nth(AROUND).map(|(place, _)| place);
        let after = match cut.and_then(|cut| after.get(..cut)?.rsplit_once(char::is_whitespace)) {
            Some((whole_words, _)) => format!("{}…", one_line(whole_words)),
            None => one_line(after),
        };
        Excerpt { before, hit: hit.to_owned(), after }
    }
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\t'], " ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn query(typed: &str) -> Query {
        Query::parse(typed).unwrap().unwrap()
    }

    fn finds(typed: &str, name: &str) -> bool {
        query(typed).distance(name, 4821).is_some()
    }

    #[test]
    fn a_name_is_found_by_the_beginning_of_its_words_in_any_order() {
        assert!(finds("lin", "Lina Testesen"));
        assert!(finds("testesen lina", "Lina Testesen"));
        assert!(!finds("lina hansen", "Lina Testesen"));
        assert!(!finds("esten", "Lina Testesen"));
    }

    #[test]
    fn norwegian_letters_and_accents_can_be_left_out() {
        for (typed, name) in [
            ("soren", "Søren Ås"),
            ("Sæther", "Saether"),
            ("saether", "Sæther"),
            ("ase", "Åse"),
            ("aase", "Åse"),
            ("Åse", "Aase"),
            ("joergen", "Jørgen"),
            ("andre", "André"),
            ("zeljko", "Željko"),
        ] {
            assert!(finds(typed, name), "{typed} finds {name}");
        }
    }

    #[test]
    fn a_name_is_found_however_it_came_into_latin_letters() {
        for (typed, name) in [
            ("Muhammad", "Mohammed"),
            ("Mohamed", "Muhammad"),
            ("Oxana", "Oksana"),
            ("Aleksandr", "Alexander"),
            ("Yusuf", "Yousef"),
            ("Jusuf", "Yusuf"),
            ("Khaled", "Khalid"),
            ("Volodymyr", "Wolodymyr"),
            ("Оксана", "Oksana"),
            ("Josef", "Joseph"),
        ] {
            assert!(finds(typed, name), "{typed} finds {name}");
        }
    }

    #[test]
    fn a_typing_error_does_no_harm_but_another_name_is_another_name() {
        assert!(finds("Tetsesen", "Lina Testesen"), "two letters changed places");
        assert!(finds("Testsen", "Lina Testesen"), "one is missing");
        assert!(finds("Tesstesenn", "Lina Testesen"), "two are too many");
        assert!(!finds("Hansen", "Jensen"), "two of six are wrong");
        assert!(!finds("Ali", "Abi"), "a short name has no room for errors");
    }

    #[test]
    fn the_nearest_comes_first() {
        let far = |name| query("mohammed").distance(name, 1);
        assert_eq!(far("Mohammed Ali"), Some(0));
        assert!(far("Mohamed Ali") > Some(0));
        assert!(far("Muhammad Ali") >= far("Mohamed Ali"));
    }

    #[test]
    fn a_reference_is_found_as_people_write_it() {
        for typed in ["D-4821", "d4821", "4821", "d-4821 "] {
            assert_eq!(query(typed).distance("Lina Testesen", 4821), Some(0), "{typed}");
            assert_eq!(query(typed).distance("Lina Testesen", 4822), None, "{typed}");
        }
    }

    #[test]
    fn a_hit_in_a_text_is_shown_as_it_is_written_with_what_stands_around_it() {
        let hit = query("soknad").hit("Vi har sendt\nSØKNADEN til skolen.").unwrap();
        assert_eq!(
            (hit.before.as_str(), hit.hit.as_str(), hit.after.as_str()),
            ("Vi har sendt ", "SØKNAD", "EN til skolen.")
        );
        assert_eq!(query("saer").hit("det er særlig").unwrap().hit, "sær");
        assert_eq!(query("sendt nav").hit("Vi har sendt søknaden."), None, "all words must be there");

        let long = format!("{} treff {}", "ord ".repeat(100), "mer ".repeat(100));
        let hit = query("treff").hit(&long).unwrap();
        assert!(hit.before.starts_with("…ord") && hit.after.ends_with("mer…"), "{hit:?}");
        assert!(hit.before.chars().count() <= AROUND + 1);
    }

    #[test]
    fn nothing_but_signs_is_nothing_to_look_for() {
        assert_eq!(Query::parse("  "), Ok(None));
        assert_eq!(Query::parse("%_'"), Ok(None));
        assert_eq!(Query::parse("13897240054"), Err(Problem::IdentityNumber));
        assert_eq!(Query::parse(&"a".repeat(81)), Err(Problem::TooLong { max: 80 }));
    }

    proptest! {
        #[test]
        fn every_name_is_found_by_itself(name in "\\p{L}{1,12}( \\p{L}{1,12}){0,2}") {
            if let Ok(Some(query)) = Query::parse(&name) {
                prop_assert_eq!(query.distance(&name, 1), Some(0));
            }
        }

        #[test]
        fn what_is_shown_of_a_hit_stands_in_the_text(text in ".{0,300}", word in "\\p{L}{1,4}") {
            if let Ok(Some(query)) = Query::parse(&word)
                && let Some(hit) = query.hit(&text)
            {
                prop_assert!(text.contains(&hit.hit));
            }
        }
    }
}
