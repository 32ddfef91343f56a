//! Refuses to build when a text is missing in one of the languages, or has other parameters in one than
//! in another: the library that makes methods of the texts would fall back to another language.

use std::collections::BTreeSet;
use std::error::Error;

use serde_yaml::Value;

const TEXTS: &str = "locales/texts.yaml";
const LANGUAGES: [&str; 3] = ["nb", "nn", "en"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={TEXTS}");
    let texts: Value = serde_yaml::from_str(&std::fs::read_to_string(TEXTS)?)?;
    let mut faults = Vec::new();
    check("", &texts, &mut faults);
    for fault in faults {
        println!("cargo::error={TEXTS}: {fault}");
    }
    Ok(())
}

fn check(path: &str, value: &Value, faults: &mut Vec<String>) {
    let Value::Mapping(entries) = value else { return faults.push(format!("{path} is neither a group nor a text")) };
    let translations = LANGUAGES.map(|language| entries.get(language).and_then(Value::as_str));
    if translations.iter().all(Option::is_none) {
        for (key, value) in entries {
            let separator = if path.is_empty() { "" } else { "." };
            check(&format!("{path}{separator}{}", key.as_str().unwrap_or("?")), value, faults);
        }
        return;
    }
    let first = translations.iter().flatten().next().map(|text| parameters(text));
    for (language, text) in LANGUAGES.iter().zip(translations) {
        match text {
            None => faults.push(format!("{path} has no {language}")),
            Some(text) if Some(parameters(text)) != first => {
                faults.push(format!("{path} has other parameters in {language}"));
            }
            Some(_) => {}
        }
    }
}

/// The names between `%{` and `}`.
fn parameters(text: &str) -> BTreeSet<&str> {
    text.split("%{").skip(1).filter_map(|rest| rest.split('}').next()).collect()
}
