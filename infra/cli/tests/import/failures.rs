//! Imports that can't be: one clear sentence each, and what to do.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::{fs, thread};

use baton::local::Store;

use crate::running::{Desk, Running};

const LIST: &str = "email,scan time\nkim@acme.example,2026-03-03 14:05\n";

/// A server that gives everybody the same answer.
fn always(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
            while !request.ends_with(b"]") {
                let count = stream.read(&mut buffer).unwrap();
                request.extend_from_slice(&buffer[..count]);
            }
            let (status, rest) = answer.split_once("\r\n").unwrap();
            write!(stream, "{status}\r\nconnection: close\r\n{rest}").unwrap();
        }
    });
    url
}

#[track_caller]
fn fails_with(said: &crate::running::Said, sentence: &str) {
    assert!(!said.is_success);
    assert_eq!(said.err.lines().last(), Some(sentence));
}

#[test]
fn where_nobody_answers_it_says_how_to_start_baton() {
    let url = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let said = Desk::new(LIST).import(&url);
    assert!(!said.is_success && said.out.is_empty(), "{said:?}");
    let sentence = format!(
        "baton: no Baton answers on {url}; start it with `baton serve`, or say where it is with \
         --url: "
    );
    assert!(said.err.starts_with(&sentence), "{}", said.err);
}

#[test]
fn a_wrong_key_is_named_by_where_it_was_found() {
    let baton = Running::new(Store::Memory);
    let url = &baton.url;
    let desk = Desk::new(LIST);
    let booth = ["--type", "event.booth_visited"];
    for (key, found_in) in [
        (Some("not-the-right-key-0"), "the environment variable BATON_SOURCE_KEY"),
        (None, "baton-data/secrets.toml"),
    ] {
        let file = desk.path("baton-data/secrets.toml");
        let other = fs::read_to_string(&file).unwrap().replace("tradeshow-key-", "other-key-key-");
        fs::write(file, other).unwrap();
        let said = desk.import_with(url, &booth, key);
        fails_with(
            &said,
            &format!(
                "baton: Baton on {url} does not take the key of source 'tradeshow' found in \
                 {found_in}; it takes the one in the secrets file it was started with: give that \
                 file with --secrets, or the key in BATON_SOURCE_KEY"
            ),
        );
    }
    let said = desk.import_with(url, &booth, Some("tradeshow-key-01234"));
    assert!(said.is_success, "{}", said.err);
}

#[test]
fn without_a_key_it_says_where_one_would_be_looked_for() {
    let desk = Desk::new(LIST);
    fs::remove_dir_all(desk.path("baton-data")).unwrap();
    let said = desk.import("http://127.0.0.1:1");
    let start = "baton: there is no key for source 'tradeshow'; give it in BATON_SOURCE_KEY, or \
                 --secrets FILE: the secrets file baton-data/secrets.toml can't be read: ";
    assert!(said.err.starts_with(start), "{}", said.err);
}

#[test]
fn what_answers_and_is_no_baton_is_told_from_one() {
    for (answer, what) in [
        (
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>",
            "it answered something else, as text/html",
        ),
        (
            "HTTP/1.1 404 Not Found\r\ncontent-type: text/html\r\ncontent-length: 0\r\n\r\n",
            "it answered 404 Not Found as text/html",
        ),
        (
            "HTTP/1.1 302 Found\r\nlocation: https://elsewhere.example/\r\n\
             content-length: 0\r\n\r\n",
            "it redirects to https://elsewhere.example/",
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 14\r\n\r\n\
             {\"results\":[]}",
            "it answered something else, as application/json",
        ),
    ] {
        let url = always(answer);
        let said = Desk::new(LIST).import(&url);
        let sentence = format!(
            "baton: what answers on {url} is not a Baton ({what}); say where it is with --url"
        );
        fails_with(&said, &sentence);
    }
}

#[test]
fn a_server_that_stays_busy_is_given_up_after_so_many_tries() {
    let url =
        always("HTTP/1.1 429 Too Many Requests\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n");
    let said = Desk::new(LIST).import(&url);
    let sentence = format!(
        "baton: Baton on {url} was tried 8 times in vain; the last time it answered 429 Too Many \
         Requests"
    );
    fails_with(&said, &sentence);
    assert_eq!(said.err.lines().filter(|line| line.contains("trying again in 0 s")).count(), 7);
}

#[test]
fn what_is_no_list_is_refused_before_anybody_is_asked() {
    for (list, sentence) in [
        (
            "Name,Company\nKim,Acme\n",
            "has no column of e-mail addresses, and none of badge ids; say which it is with --map \
             email=\"COLUMN\" or --map badge=\"COLUMN\". Its columns are: Name, Company",
        ),
        ("PK\u{3}\u{4}", "is a spreadsheet or an archive; open it and save it as 'CSV UTF-8'"),
        ("", "is empty; a list has a line that names its columns and a line for each person"),
    ] {
        let said = Desk::new(list).import("http://127.0.0.1:1");
        fails_with(&said, &format!("baton: the list list.csv {sentence}"));
    }
    let desk = Desk::new(LIST);
    fs::remove_file(desk.path("list.csv")).unwrap();
    let said = desk.import("http://127.0.0.1:1");
    assert!(said.err.starts_with("baton: the list list.csv can't be read: "), "{}", said.err);
}

#[test]
fn a_column_that_is_not_there_is_told_with_the_one_that_was_meant() {
    let more = ["--type", "event.booth_visited", "--map", "email=Work E-mail"];
    let said = Desk::new("Wrok E-mail\nkim@acme.example\n").import_with("", &more, None);
    fails_with(
        &said,
        "baton: the list list.csv has no column 'Work E-mail' for email; did you mean 'Wrok \
         E-mail'? Its columns are: Wrok E-mail",
    );
}

#[test]
fn a_list_without_one_good_line_is_a_failure() {
    let baton = Running::new(Store::Memory);
    let said = Desk::new("email\nkim\n").import(&baton.url);
    fails_with(&said, "baton: no line of list.csv could be imported");
    assert!(said.err.contains("line 2 has an e-mail that is not an e-mail address"));
}

#[test]
fn a_mistyped_option_is_answered_with_what_would_be_right() {
    let desk = Desk::new(LIST);
    for (option, value, hint) in [
        ("--time-zone", "Europe/Berlim", "did you mean Europe/Berlin?"),
        ("--date-order", "dmy", "day-first, month-first"),
        ("--delimiter", "::", "one of ',' ';' '|' or tab"),
        ("--map", "emial=E-mail", "did you mean email?"),
        ("--map", "email", "it reads like email=\"Work E-mail\""),
    ] {
        let more = ["--type", "event.booth_visited", option, value];
        let said = desk.import_with("http://127.0.0.1:1", &more, None);
        assert!(!said.is_success && said.err.contains(hint), "{}", said.err);
    }
    let said = desk.import("127.0.0.1:8787");
    let sentence = "baton: '127.0.0.1:8787' is no address; it reads like http://127.0.0.1:8787 or \
                    https://baton.example";
    fails_with(&said, sentence);
}
