//! A wire between an AWS client and the engine it talks to: counts what passes, and breaks where a
//! test says.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use crate::meter::{self, Metered};
use crate::world;

/// One request, as it passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Which operation: `GetItem`, `Publish`, …
    pub operation: String,
    /// The body.
    pub body: String,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is answered.
    Pass,
    /// The service says no, with this status, and does nothing.
    Refuse(u16),
    /// The same, by a service that quotes the whole request in its error.
    RefuseQuoting(u16),
    /// It never arrives: the connection breaks.
    Lose,
    /// It is carried out, and the connection breaks before the answer.
    LoseAnswer,
    /// It never arrives, and the sender waits forever.
    Hang,
    /// It is carried out, and the sender waits forever.
    HangAfter,
}

type Decide = Box<dyn Fn(&Request) -> Fate + Send>;

#[derive(Default)]
struct State {
    passed: Vec<Request>,
    decide: Option<Decide>,
    /// What passed since the meter was switched on.
    metered: Option<Vec<Metered>>,
}

/// A wire to an endpoint on this machine.
#[derive(Clone)]
pub struct Wire {
    url: String,
    state: Arc<Mutex<State>>,
}

impl Request {
    /// The items of a transaction, or none.
    pub fn transact_items(&self) -> usize {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        body["TransactItems"].as_array().map_or(0, Vec::len)
    }

    /// Whether it is about the lead with that id.
    pub fn is_about(&self, lead: &str) -> bool {
        self.body.contains(lead)
    }
}

impl Wire {
    /// A wire to `http://HOST:PORT`, on the runtime this is called from.
    pub async fn to(endpoint: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let wire = Self { url, state: Arc::default() };
        let target = endpoint.trim_start_matches("http://").to_owned();
        let accepting = wire.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (wire, target) = (accepting.clone(), target.clone());
                // A connection that breaks, breaks: both ends see it.
                tokio::spawn(async move { wire.carry(client, &target).await });
            }
        });
        wire
    }

    /// Its near end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// From now on, `decide` says what becomes of each request.
    pub fn when(&self, decide: impl Fn(&Request) -> Fate + Send + 'static) {
        self.state().decide = Some(Box::new(decide));
    }

    /// From now on, everything passes.
    pub fn heal(&self) {
        self.state().decide = None;
    }

    /// What came since the last time this was asked, in order.
    pub fn taken(&self) -> Vec<Request> {
        std::mem::take(&mut self.state().passed)
    }

    /// How often each operation came since the last time.
    pub fn counted(&self) -> BTreeMap<String, usize> {
        let mut counted = BTreeMap::new();
        for request in self.taken() {
            *counted.entry(request.operation).or_default() += 1;
        }
        counted
    }

    /// From now on, every request to the table is asked what it costs, or none is.
    pub fn meter(&self, on: bool) {
        self.state().metered = on.then(Vec::new);
    }

    /// What was metered since the last time this was asked, in order.
    pub fn metered(&self) -> Vec<Metered> {
        self.state().metered.as_mut().map(std::mem::take).unwrap_or_default()
    }

    fn is_metering(&self) -> bool {
        self.state().metered.is_some()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fate(&self, request: &Request) -> Fate {
        let mut state = self.state();
        state.passed.push(request.clone());
        state.decide.as_ref().map_or(Fate::Pass, |decide| decide(request))
    }

    async fn carry(&self, client: TcpStream, target: &str) -> io::Result<()> {
        let (near_read, mut near) = client.into_split();
        let (far_read, mut far) = TcpStream::connect(target).await?.into_split();
        let (mut near_read, mut far_read) = (BufReader::new(near_read), BufReader::new(far_read));
        while let Some((head, body)) = message(&mut near_read).await? {
            let request = request(&head, &body);
            let fate = self.fate(&request);
            match fate {
                Fate::Hang => std::future::pending().await,
                Fate::Lose => return Ok(()),
                Fate::Refuse(status) => refuse(&mut near, status, "refused by the test").await?,
                Fate::RefuseQuoting(status) => refuse(&mut near, status, &request.body).await?,
                Fate::Pass if self.is_metering() => {
                    let metered = metered(&mut far, &mut far_read, &head, request, target);
                    let (metered, answer) = metered.await?;
                    self.state().metered.get_or_insert_default().push(metered);
                    near.write_all(&answer).await?;
                }
                Fate::Pass | Fate::LoseAnswer | Fate::HangAfter => {
                    let answer = ask(&mut far, &mut far_read, &head, &body).await?;
                    match fate {
                        Fate::LoseAnswer => return Ok(()),
                        Fate::HangAfter => std::future::pending().await,
                        Fate::Pass
                        | Fate::Refuse(_)
                        | Fate::RefuseQuoting(_)
                        | Fate::Lose
                        | Fate::Hang => {
                            near.write_all(&answer).await?;
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

async fn ask(
    far: &mut OwnedWriteHalf,
    far_read: &mut BufReader<OwnedReadHalf>,
    head: &str,
    body: &[u8],
) -> io::Result<Vec<u8>> {
    far.write_all(head.as_bytes()).await?;
    far.write_all(body).await?;
    let answer = message(far_read).await?.ok_or(io::ErrorKind::UnexpectedEof)?;
    Ok([answer.0.into_bytes(), answer.1].concat())
}

/// Carries out a request and notes what it cost.
async fn metered(
    far: &mut OwnedWriteHalf,
    far_read: &mut BufReader<OwnedReadHalf>,
    head: &str,
    request: Request,
    target: &str,
) -> io::Result<(Metered, Vec<u8>)> {
    let before = dumped(target, &request).await?;
    let (head, body) = meter::asking(head, request.body.as_bytes());
    let answer = ask(far, far_read, &head, &body).await?;
    let after = dumped(target, &request).await?;
    Ok((Metered { request, answer: meter::read(&answer), before, after }, answer))
}

/// The table, around a write; a read's cost follows from its answer.
async fn dumped(target: &str, request: &Request) -> io::Result<BTreeMap<String, Value>> {
    if matches!(request.operation.as_str(), "GetItem" | "Query") {
        return Ok(BTreeMap::new());
    }
    let endpoint = format!("http://{target}");
    Ok(tokio::task::spawn_blocking(move || world::dump(&endpoint)).await?)
}

/// An error in the form all three services read, of a kind that no SDK tries again.
async fn refuse(near: &mut OwnedWriteHalf, status: u16, message: &str) -> io::Result<()> {
    let body = json!({ "__type": "ValidationException", "message": message });
    let body = body.to_string();
    let answer = format!(
        "HTTP/1.1 {status} No\r\ncontent-type: application/x-amz-json-1.0\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    near.write_all(answer.as_bytes()).await
}

/// One message of HTTP/1.1: its head, and as many bytes as it says. `None` at the end.
async fn message(stream: &mut BufReader<OwnedReadHalf>) -> io::Result<Option<(String, Vec<u8>)>> {
    let mut head = String::new();
    loop {
        let before = head.len();
        if stream.read_line(&mut head).await? == 0 {
            return Ok(None);
        }
        if head[before..].trim_end().is_empty() {
            break;
        }
    }
    let length = header(&head, "content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(Some((head, body)))
}

fn request(head: &str, body: &[u8]) -> Request {
    let body = String::from_utf8_lossy(body).into_owned();
    let named = header(head, "x-amz-target").and_then(|target| target.rsplit('.').next());
    // SNS names its operation in the form.
    let action = || body.split('&').find_map(|pair| pair.strip_prefix("Action="));
    let operation = named.or_else(action).unwrap_or("?").to_owned();
    Request { operation, body }
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let pairs = head.lines().filter_map(|line| line.split_once(':'));
    let mut named = pairs.filter(|(key, _)| key.trim().eq_ignore_ascii_case(name));
    named.next().map(|(_, value)| value.trim())
}
