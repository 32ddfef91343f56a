//! The headers of a mail or of one of its parts.

use mail_parser::{ContentType, Header, HeaderName, HeaderValue, Message, MessageParser};

/// The most bytes of headers that are read.
const READ_MAX: usize = 256 * 1024;

/// Headers that were read. What can't be read is as if it were not there.
#[derive(Debug)]
pub(super) struct Headers<'a> {
    source: &'a [u8],
    message: Option<Message<'a>>,
}

impl<'a> Headers<'a> {
    /// Reads the headers at the beginning of a mail or of a part.
    pub(super) fn read(source: &'a [u8]) -> Self {
        let (block, _) = split(source);
        let block = &block[..block.len().min(READ_MAX)];
        Self { source: block, message: MessageParser::default().parse_headers(block) }
    }

    /// What the headers of this name say, each on one line and as it was written.
    pub(super) fn all(&self, name: &'static str) -> impl Iterator<Item = String> {
        self.named(name).map(|header| {
            let written = self.source.get(header.offset_start() as usize..header.offset_end() as usize);
            String::from_utf8_lossy(written.unwrap_or_default()).split_whitespace().collect::<Vec<_>>().join(" ")
        })
    }

    /// What the first header of this name says, as it was written.
    pub(super) fn first(&self, name: &'static str) -> Option<String> {
        self.all(name).next()
    }

    /// What the first header of this name says, in lower case, up to a `;` or a comment.
    pub(super) fn word(&self, name: &'static str) -> Option<String> {
        let value = self.first(name)?;
        value.split([';', '(', ' ']).next().map(str::to_ascii_lowercase)
    }

    /// The first id, such as a Message-ID, in a header of this name.
    pub(super) fn id(&self, name: &'static str) -> Option<String> {
        let value = self.first(name)?;
        let id = match value.split_once('<') {
            Some((_, rest)) => rest.split('>').next().unwrap_or_default(),
            None => value.split(' ').next().unwrap_or_default(),
        };
        let id: String = id.chars().filter(|c| !c.is_whitespace() && !c.is_control()).take(1_000).collect();
        (!id.is_empty()).then_some(id)
    }

    /// The addresses in all headers of this name that the parser knows to hold some, and how many
    /// headers these are.
    pub(super) fn addresses(&self, name: &'static str) -> (usize, Vec<String>) {
        let headers: Vec<_> = self.named(name).collect();
        let lists = headers.iter().filter_map(|header| header.value().as_address());
        let addresses = lists.flat_map(|list| list.iter().filter_map(|one| one.address()).map(str::to_owned));
        (headers.len(), addresses.collect())
    }

    /// The subject with its words decoded.
    pub(super) fn subject(&self) -> &str {
        self.message.as_ref().and_then(Message::subject).unwrap_or_default()
    }

    /// The kind of a part and its attributes.
    pub(super) fn content_type(&self) -> Option<&ContentType<'a>> {
        self.message.as_ref()?.header(HeaderName::ContentType).and_then(HeaderValue::as_content_type)
    }

    /// Whether and how a part wants to be shown.
    pub(super) fn disposition(&self) -> Option<&ContentType<'a>> {
        self.message.as_ref()?.header(HeaderName::ContentDisposition).and_then(HeaderValue::as_content_type)
    }

    fn named(&self, name: &'static str) -> impl Iterator<Item = &Header<'a>> {
        let headers = self.message.as_ref().map(Message::headers).unwrap_or_default();
        headers.iter().filter(move |header| header.name().eq_ignore_ascii_case(name))
    }
}

/// The headers and the body of a mail or of a part. Headers end with the first empty line.
pub(super) fn split(source: &[u8]) -> (&[u8], &[u8]) {
    let mut start = 0;
    for line in source.split_inclusive(|byte| *byte == b'\n') {
        let end = start + line.len();
        if matches!(line, b"\n" | b"\r\n") {
            return (&source[..start], &source[end..]);
        }
        start = end;
    }
    (source, &[])
}
