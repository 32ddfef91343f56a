//! A client so plain that what it measures is the server: one connection, one request at a time.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// A person's connection to the server, with her session.
pub(super) struct Client {
    stream: BufReader<TcpStream>,
    address: SocketAddr,
    cookie: String,
}

/// What the server answered.
pub(super) struct Answer {
    pub(super) status: u16,
    /// The body as it came over the network.
    pub(super) body: Vec<u8>,
    /// From the first byte of the request until the last byte of the answer.
    pub(super) time: Duration,
    session: Option<String>,
}

impl Client {
    /// Connects and logs in.
    pub(super) fn log_in(address: SocketAddr, email: &str, password: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).context("The server can't be reached.")?;
        stream.set_nodelay(true)?;
        let mut client = Self { stream: BufReader::new(stream), address, cookie: String::new() };
        let answer = client.post("/api/login", &[("email", email), ("password", password), ("next", "/tracks")])?;
        client.cookie = answer.session.with_context(|| format!("{email} can't log in (status {}).", answer.status))?;
        Ok(client)
    }

    /// The session's cookie, for a browser that shall be the same person.
    pub(super) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Fetches a page in this encoding; `identity` is none.
    pub(super) fn page(&mut self, path: &str, encoding: &str) -> Result<Answer> {
        let answer = self.ask(&format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAccept: text/html\r\nAccept-Encoding: {encoding}\r\nCookie: {}\r\n\r\n",
            self.address, self.cookie
        ))?;
        if answer.status != 200 {
            bail!("{path} was answered with status {}.", answer.status);
        }
        Ok(answer)
    }

    /// Calls a server function as the browser's library does.
    pub(super) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Answer> {
        let body = fields.iter().map(|(name, value)| format!("form%5B{name}%5D={}", encode(value)));
        let body = body.collect::<Vec<_>>().join("&");
        self.ask(&format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nAccept: application/json\r\nAccept-Encoding: br\r\nCookie: {}\r\n\
             Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.address,
            self.cookie,
            body.len()
        ))
    }

    fn ask(&mut self, request: &str) -> Result<Answer> {
        let start = Instant::now();
        self.stream.get_mut().write_all(request.as_bytes())?;
        let status = self.line()?;
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok()).context("The answer is no HTTP.")?;
        let (mut length, mut is_chunked, mut session) = (0, false, None);
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(": ") else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse()?,
                "transfer-encoding" => is_chunked = value == "chunked",
                "set-cookie" if session.is_none() => session = value.split(';').next().map(str::to_owned),
                _ => {}
            }
        }
        let mut body = Vec::new();
        if is_chunked {
            while self.take_chunk(&mut body)? {}
        } else {
            self.take(length, &mut body)?;
        }
        Ok(Answer { status, body, time: start.elapsed(), session })
    }

    /// Reads one chunk; says whether others follow.
    fn take_chunk(&mut self, body: &mut Vec<u8>) -> Result<bool> {
        let size = self.line()?;
        let length = u64::from_str_radix(&size, 16).context("A chunk has no length.")?;
        self.take(length, body)?;
        self.line()?;
        Ok(length > 0)
    }

    fn take(&mut self, length: u64, body: &mut Vec<u8>) -> Result<()> {
        let taken = self.stream.by_ref().take(length).read_to_end(body)?;
        if taken as u64 != length {
            bail!("The server hung up in the middle of an answer.");
        }
        Ok(())
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            bail!("The server hung up.");
        }
        line.truncate(line.trim_end().len());
        Ok(line)
    }
}

/// A value as it stands in an address or a form.
pub(super) fn encode(value: &str) -> String {
    let encode = |byte: u8| match byte {
        b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    value.bytes().map(encode).collect()
}
