//! Makes sure that there is a folder of assets to embed, so that `cargo test` and `cargo clippy` work before
//! `cargo xtask` has built them. Such a server has pages without style.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let site = Path::new("../target/site");
    println!("cargo::rerun-if-changed={}", site.display());
    std::fs::create_dir_all(site)?;
    let manifest = site.join("manifest.json");
    if manifest.exists() { Ok(()) } else { std::fs::write(manifest, r#"{"output_name":"","css":"","files":{}}"#) }
}
