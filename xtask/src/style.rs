//! What Samløp looks like: one stylesheet out of the design system, the fonts and our own styles.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

const DESIGN: &str = "app/node_modules/@digdir/designsystemet-css/dist";
const INTER: &str = "app/node_modules/@fontsource/inter";
const OWN: &str = "app/style";

/// The parts of Designsystemet that set how plain text looks.
const BASE: [&str; 5] = ["base", "heading", "label", "paragraph", "validation-message"];

/// The components of Designsystemet that Samløp uses, in the design system's own order. A browser reads all of them
/// before it shows anything.
const COMPONENTS: [&str; 15] = [
    "link",
    "data-size-workaround",
    "button",
    "input",
    "field",
    "fieldset",
    "alert",
    "skip-link",
    "dialog",
    "list",
    "tag",
    "error-summary",
    "table",
    "breadcrumbs",
    "badge",
];

/// What Designsystemet says of neighbours, and the same without them: a rule for any neighbour makes a browser style a
/// whole column again whenever a card is put into it.
const NEIGHBOURS: [(&str, &str); 2] =
    [(">*+*{", ">:where(:not(:first-child)){"), (">li+li{", ">li:where(:not(:first-child)){")];

/// The weights that Designsystemet's theme uses.
const WEIGHTS: [u16; 3] = [400, 500, 600];

/// The alphabets of the names on a board. A browser fetches only those that a page needs.
const ALPHABETS: [&str; 4] = ["latin", "latin-ext", "cyrillic", "vietnamese"];

/// Reads the font files, by the names they have in the package.
pub(crate) fn fonts() -> Result<BTreeMap<String, Vec<u8>>> {
    let mut fonts = BTreeMap::new();
    for weight in WEIGHTS {
        for alphabet in ALPHABETS {
            let name = font_name(alphabet, weight);
            let file = read(&Path::new(INTER).join("files").join(&name))?;
            fonts.insert(name, file);
        }
    }
    Ok(fonts)
}

/// Puts the stylesheet together; `address` tells where a font is served.
pub(crate) fn bundle(address: impl Fn(&str) -> Result<String>) -> Result<String> {
    let mut css = String::from("@layer ds.theme, ds.base, ds.components;\n");
    css.push_str(&font_faces(address)?);
    css.push_str(&read_text(&Path::new(DESIGN).join("theme/designsystemet.css"))?);
    for name in BASE {
        add_layer(&mut css, "ds.base", name)?;
    }
    for name in COMPONENTS {
        add_layer(&mut css, "ds.components", name)?;
    }
    // Outside every layer, so that our own rules win over the design system's.
    for file in own_files()? {
        css.push('\n');
        css.push_str(&read_text(&file)?);
    }
    for rule in ["*+*", "* + *", "li+li", "li + li"] {
        ensure!(!css.contains(rule), "The style sheet has a rule for any neighbour: {rule}. See NEIGHBOURS.");
    }
    Ok(css)
}

/// The licences of what the site carries, which must travel with it.
pub(crate) fn licences() -> Result<String> {
    let mut text = String::new();
    for (name, folder) in [("Designsystemet", "app/node_modules/@digdir/designsystemet-css"), ("Inter", INTER)] {
        let licence = read_text(&Path::new(folder).join("LICENSE"))?;
        write!(text, "{name}\n\n{}\n\n\n", licence.trim())?;
    }
    Ok(text)
}

fn add_layer(css: &mut String, layer: &str, name: &str) -> Result<()> {
    let mut part = read_text(&Path::new(DESIGN).join(format!("src/{name}.css")))?;
    for (neighbours, instead) in NEIGHBOURS {
        part = part.replace(neighbours, instead);
    }
    write!(css, "\n@layer {layer}{{{}}}", part.trim())?;
    Ok(())
}

fn font_faces(address: impl Fn(&str) -> Result<String>) -> Result<String> {
    let ranges = read_text(&Path::new(INTER).join("unicode.json"))?;
    let ranges: BTreeMap<String, String> =
        serde_json::from_str(&ranges).context("The font's unicode.json has changed its form.")?;
    let mut css = String::new();
    for weight in WEIGHTS {
        for alphabet in ALPHABETS {
            let range = ranges.get(alphabet).with_context(|| format!("The font has no alphabet {alphabet}."))?;
            let url = address(&font_name(alphabet, weight))?;
            writeln!(
                css,
                "@font-face{{font-family:Inter;font-style:normal;font-display:swap;font-weight:{weight};\
                 src:url({url}) format('woff2');unicode-range:{range}}}"
            )?;
        }
    }
    Ok(css)
}

fn font_name(alphabet: &str, weight: u16) -> String {
    format!("inter-{alphabet}-{weight}-normal.woff2")
}

fn own_files() -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(OWN).with_context(|| format!("The folder {OWN} is missing."))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "css") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{} is missing; delete app/node_modules and try again.", path.display()))
}

fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(read(path)?).with_context(|| format!("{} is not text.", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    #[test]
    fn every_component_is_used() {
        let pages = texts_in(&workspace::root().join("app/src"));
        let is_used = |name: &&&str| pages.contains(&format!("ds-{name}"));
        // Not a component, but what lets one have a size of its own.
        let unused: Vec<_> =
            COMPONENTS.iter().filter(|name| !is_used(name) && **name != "data-size-workaround").collect();
        assert_eq!(unused, Vec::<&&str>::new());
    }

    fn texts_in(folder: &Path) -> String {
        let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        paths.map(|path| if path.is_dir() { texts_in(&path) } else { read_text(&path).unwrap() }).collect()
    }
}
