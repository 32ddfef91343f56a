//! Smaller copies of a file, so that the server never compresses the same thing twice.

use std::io::Write;

use anyhow::Result;
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::build::Kind;

/// The file as brotli, which every browser of today takes.
pub(crate) fn brotli(bytes: &[u8], kind: Kind) -> Result<Vec<u8>> {
    let quality = match kind {
        Kind::Development => 5,
        Kind::Release => 11,
    };
    // The library is smallest in blocks of 128 KiB, by half a kilobyte; it was tried with all sizes.
    let lgblock = 17;
    let parameters = BrotliEncoderParams { quality, lgblock, size_hint: bytes.len(), ..Default::default() };
    let mut small = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut small, &parameters)?;
    Ok(small)
}

/// The file as gzip, for old proxies and simple programs.
pub(crate) fn gzip(bytes: &[u8], kind: Kind) -> Result<Vec<u8>> {
    let level = match kind {
        Kind::Development => Compression::fast(),
        Kind::Release => Compression::best(),
    };
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}
