//! What no HTTP client would send: the connection may end, the server goes on.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use baton_tests::{Baton, DESK_KEY, WEBSITE_KEY, World, lead_path};
use serde_json::json;

/// A connection that is neither answered nor closed for so long hangs.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);

/// Sends bytes, says no more, and gives the status of the answer; 0 if there is none.
fn last_words(baton: &Baton, bytes: &[u8]) -> u16 {
    answer(baton, bytes, |stream| stream.shutdown(Shutdown::Write))
}

/// Sends a whole request and gives the status of the answer.
fn ask(baton: &Baton, bytes: &[u8]) -> u16 {
    answer(baton, bytes, |_| Ok(()))
}

fn answer(baton: &Baton, bytes: &[u8], then: fn(&TcpStream) -> std::io::Result<()>) -> u16 {
    let mut stream = TcpStream::connect(baton.address()).unwrap();
    stream.set_read_timeout(Some(ANSWER_WITHIN)).unwrap();
    // The server may have hung up already.
    let _ = stream.write_all(bytes).and_then(|()| then(&stream));
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "neither answered nor closed");
    }
    let text = String::from_utf8_lossy(&answer).into_owned();
    text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

fn request(head: &str, body: &str) -> Vec<u8> {
    format!("POST /activities HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{head}\r\n{body}")
        .into_bytes()
}

#[test]
fn bytes_that_are_no_request_are_refused_and_the_server_goes_on() {
    let world = World::open();
    let key = format!("authorization: Bearer {WEBSITE_KEY}\r\n");
    let long = format!("x-long: {}\r\n", "x".repeat(1024 * 1024));
    let many: String = (0..10_000).map(|n| format!("x-{n}: 1\r\n")).collect();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", Vec::new()),
        ("zeros", vec![0; 4096]),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec()),
        ("a line of 1 MB", "G".repeat(1024 * 1024).into_bytes()),
        ("half a head", b"GET /health HTTP/1.1\r\nhost: x\r\n".to_vec()),
        ("another protocol", b"HELO mail.example\r\n".to_vec()),
        ("HTTP/9", b"GET /health HTTP/9.9\r\nhost: x\r\n\r\n".to_vec()),
        ("a header of 1 MB", request(&long, "")),
        ("10,000 headers", request(&many, "")),
        ("a length that is none", request("content-length: -1\r\n", "")),
        ("two lengths", request("content-length: 1\r\ncontent-length: 2\r\n", "{}")),
        ("half a body", request(&format!("{key}content-length: 1000\r\n"), "{\"id\":")),
        (
            "a chunk that is none",
            request(&format!("{key}transfer-encoding: chunked\r\n"), "zz\r\n"),
        ),
        (
            "a chunk that never comes",
            request(&format!("{key}transfer-encoding: chunked\r\n"), "ff\r\n"),
        ),
        ("a space in a path", b"GET /leads/a b HTTP/1.1\r\nhost: x\r\n\r\n".to_vec()),
        ("a NUL in a path", b"GET /leads/\0 HTTP/1.1\r\nhost: x\r\n\r\n".to_vec()),
    ];
    for (case, bytes) in cases {
        let status = last_words(&world, &bytes);
        assert!(status == 0 || (400..500).contains(&status), "{case}: {status}");
        world.call("GET", "/health").send().expect(200);
    }
    assert!(world.table().is_empty());
}

#[test]
fn odd_headers_are_no_keys() {
    let world = World::open();
    let body = r#"{"id":"1","type":"form.submitted","email":"kim@acme.example"}"#;
    let length = format!("content-length: {}\r\n", body.len());
    let good = format!("authorization: Bearer {WEBSITE_KEY}\r\n");
    for header in [
        String::new(),
        "authorization: \r\n".to_owned(),
        "authorization: Bearer\t\r\n".to_owned(),
        "authorization: Bearer \u{e9}\u{e9}\u{e9}\r\n".to_owned(),
        format!("authorization: Bearer {}\r\n", "x".repeat(30_000)),
        format!("authorization: Bearer {WEBSITE_KEY} {WEBSITE_KEY}\r\n"),
        format!("authorization: Bearer {DESK_KEY}\r\n{good}"),
        format!("x-authorization: Bearer {WEBSITE_KEY}\r\n"),
        format!("proxy-authorization: Bearer {WEBSITE_KEY}\r\n"),
    ] {
        let status = ask(&world, &request(&format!("{length}{header}"), body));
        assert_eq!(status, 401, "{header:.60}");
    }
    assert!(world.table().is_empty());
    for header in [good.to_uppercase().replace(&WEBSITE_KEY.to_uppercase(), WEBSITE_KEY), good] {
        assert_eq!(ask(&world, &request(&format!("{length}{header}"), body)), 200, "{header}");
    }
}

fn visit_of(name: &str) -> Vec<u8> {
    let email = format!("{name}@acme.example");
    let body = json!({"id": name, "type": "event.booth_visited", "email": email}).to_string();
    let key = format!("authorization: Bearer {WEBSITE_KEY}\r\n");
    request(&format!("{key}content-length: {}\r\n", body.len()), &body)
}

#[test]
fn a_caller_that_hangs_up_early_leaves_all_of_what_it_sent_or_nothing() {
    let world = World::open();
    for n in 0..20 {
        let mut stream = TcpStream::connect(world.address()).unwrap();
        stream.write_all(&visit_of(&format!("p{n}"))).unwrap();
        if n % 2 == 0 {
            // The answer has begun: all of it has been done.
            stream.read_exact(&mut [0; 1]).unwrap();
        }
        drop(stream);
    }
    // Whoever was still at work when its caller left: the timer finishes what it began.
    world.advance("10m");
    for n in 0..20 {
        let lead = format!("email:p{n}@acme.example");
        let found = world.get(&lead_path(&lead));
        if n % 2 == 0 || found.status != 404 {
            assert_eq!(found.expect(200).json()["owner"], "hana", "{n}");
            assert_eq!(world.ledger(&lead)["entries"].as_array().unwrap().len(), 1, "{n}");
        }
    }
}
