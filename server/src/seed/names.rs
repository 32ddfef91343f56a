//! Invented names: first names that people have, with surnames that nobody has.

use shared::text::PersonName;

const FIRST: [&str; 48] = [
    "Abdi", "Amina", "Andrii", "Aster", "Basel", "Bohdan", "Carine", "Daniel", "Deqa", "Dmytro", "Elif", "Emmanuel",
    "Fadi", "Farid", "Feven", "Grace", "Halima", "Hassan", "Hodan", "Ibrahim", "Iryna", "Jamila", "Jawad", "Karim",
    "Kidane", "Layla", "Lina", "Maryam", "Mehmet", "Merhawi", "Nadia", "Nasrin", "Oksana", "Olena", "Omar", "Rahel",
    "Reza", "Ruslan", "Saba", "Selam", "Sofiia", "Taras", "Tesfay", "Thida", "Viktor", "Yonas", "Zahra", "Zeynep",
];

const LAST: [&str; 15] = [
    "Demoen",
    "Eksempelvik",
    "Fiktivsen",
    "Fjordprøve",
    "Kladdeng",
    "Malheim",
    "Modellrud",
    "Prøvestad",
    "Samløpsen",
    "Skissedal",
    "Testesen",
    "Utkastli",
    "Åpenhaug",
    "Ærlighetsen",
    "Øvelsås",
];

/// More than 30,000 different names, in the same order each time. The first 720 have two words.
pub(super) fn names() -> impl Iterator<Item = PersonName> {
    (0..FIRST.len() * LAST.len() * FIRST.len()).filter_map(|turn| {
        let first = turn % FIRST.len();
        let last = LAST[(first * 7 + turn / FIRST.len()) % LAST.len()];
        let round = turn / (FIRST.len() * LAST.len());
        let middle = FIRST[(first + round * 5) % FIRST.len()];
        let name =
            if round == 0 { format!("{} {last}", FIRST[first]) } else { format!("{} {middle} {last}", FIRST[first]) };
        PersonName::parse(&name).ok()
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_name_comes_twice() {
        let names: Vec<String> = names().map(String::from).collect();
        assert!(names.len() > 30_000);
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
    }
}
