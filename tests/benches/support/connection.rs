//! One keep-alive connection that asks and does as little else as it can: whatever the sender costs
//! is time the system under measurement does not get.

use baton_tests::WEBSITE_KEY;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// More than an answer to a full array.
const BUFFER_BYTES: usize = 256 * 1024;

/// An open connection.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Opens one to `HOST:PORT`.
    pub(crate) async fn to(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.expect("somebody listens");
        stream.set_nodelay(true).expect("a socket option");
        Self { stream, buffer: vec![0; BUFFER_BYTES] }
    }

    /// Posts one activity, or an array of them; gives the answer's body. The status has to be 200.
    pub(crate) async fn post(&mut self, body: &str) -> &str {
        let proof = format!("authorization: Bearer {WEBSITE_KEY}\r\n");
        self.post_to("/activities", &proof, body).await
    }

    /// As [`Self::post`], to any route, with header lines that prove the sender.
    pub(crate) async fn post_to(&mut self, path: &str, proof: &str, body: &str) -> &str {
        let kind = "content-type: application/json\r\n";
        self.ask(&format!("POST {path}"), &format!("{proof}{kind}"), body).await
    }

    /// Sends a request with these header lines; gives the answer's body. The status has to be 200.
    pub(crate) async fn ask(&mut self, what: &str, headers: &str, body: &str) -> &str {
        let request = format!(
            "{what} HTTP/1.1\r\nhost: bench\r\n{headers}content-length: {}\r\n\r\n{body}",
            body.len()
        );
        self.stream.write_all(request.as_bytes()).await.expect("it listens on");
        let (mut end, mut whole) = (0, None);
        while whole.is_none() {
            let read = self.stream.read(&mut self.buffer[end..]).await.expect("an answer");
            assert_ne!(read, 0, "it hung up, or answered more than the buffer holds");
            end += read;
            whole = body_start(&self.buffer[..end]);
        }
        let answer = std::str::from_utf8(&self.buffer[..end]).expect("UTF-8");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        &answer[whole.unwrap_or_default()..]
    }
}

/// Where the body begins, once all of it has arrived.
fn body_start(answer: &[u8]) -> Option<usize> {
    let head = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let text = std::str::from_utf8(&answer[..head]).expect("a head in ASCII");
    let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.and_then(|length| length.parse().ok()).expect("a length");
    (answer.len() >= head + 4 + length).then_some(head + 4)
}
