//! Leptos's own settings, from Leptos.toml, which the server reads too.

use std::fs;

use anyhow::{Context, Result};
use serde::Deserialize;

const FILE: &str = "Leptos.toml";

/// What the build needs to know.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Settings {
    /// What the library's files are called, before the hash.
    pub(crate) output_name: String,
    /// Where the site is put together.
    pub(crate) site_root: String,
    /// The folder of hashed files in the site, and the beginning of their address.
    pub(crate) site_pkg_dir: String,
}

impl Settings {
    /// Reads the settings of this repository.
    pub(crate) fn read() -> Result<Self> {
        let text = fs::read_to_string(FILE).with_context(|| format!("{FILE} is missing."))?;
        Self::parse(&text).with_context(|| format!("{FILE} is not as Leptos wants it."))
    }

    fn parse(text: &str) -> Result<Self> {
        #[derive(Deserialize)]
        struct File {
            package: Package,
        }
        #[derive(Deserialize)]
        struct Package {
            metadata: Metadata,
        }
        #[derive(Deserialize)]
        struct Metadata {
            leptos: Settings,
        }
        let file: File = toml::from_str(text)?;
        Ok(file.package.metadata.leptos)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repositorys_own_settings_are_understood() -> Result<()> {
        let settings = Settings::parse(include_str!("../../Leptos.toml"))?;
        assert_eq!(settings.output_name, "samlop");
        assert_eq!(settings.site_pkg_dir, "pkg");
        Ok(())
    }
}
