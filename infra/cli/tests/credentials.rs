//! Whose credentials a command uses against a deployment: the environment's, or a profile's.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};
use std::thread::{self, JoinHandle};

/// A service that refuses its first request, and gives the header that request was signed by.
fn refusing_service() -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = thread::spawn(move || {
        let mut stream = listener.accept().unwrap().0;
        let lines = BufReader::new(stream.try_clone().unwrap()).lines().map(Result::unwrap);
        let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
        write!(stream, "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").unwrap();
        head.into_iter().find(|line| line.starts_with("authorization: ")).unwrap()
    });
    (url, serving)
}

/// `baton policy history` for somebody whose home is `home`, with these variables alone.
fn history(home: &Path, variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_baton"))
        .args(["policy", "history", "--table", "baton"])
        .env_clear()
        .env("HOME", home)
        .env("AWS_CONFIG_FILE", home.join("config"))
        .env("AWS_SHARED_CREDENTIALS_FILE", home.join("credentials"))
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

const KEYS: [(&str, &str); 2] =
    [("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT"), ("AWS_SECRET_ACCESS_KEY", "secret")];

#[test]
fn a_profile_gives_region_and_credentials() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("config"), "[profile ops]\nregion = eu-central-1\n").unwrap();
    let keys = "[ops]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = secret\n";
    fs::write(home.path().join("credentials"), keys).unwrap();
    let (url, serving) = refusing_service();
    history(home.path(), &[("AWS_PROFILE", "ops"), ("AWS_ENDPOINT_URL_DYNAMODB", &url)]);
    let signed_by = serving.join().unwrap();
    assert!(signed_by.contains("Credential=AKIAPROFILE/"), "{signed_by}");
    assert!(signed_by.contains("/eu-central-1/dynamodb/"), "{signed_by}");
}

#[test]
fn the_environment_goes_before_a_profile() {
    let home = tempfile::tempdir().unwrap();
    let keys = "[default]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = secret\n";
    fs::write(home.path().join("credentials"), keys).unwrap();
    let (url, serving) = refusing_service();
    let place = [("AWS_REGION", "us-east-1"), ("AWS_ENDPOINT_URL_DYNAMODB", url.as_str())];
    history(home.path(), &[&KEYS[..], &place].concat());
    let signed_by = serving.join().unwrap();
    assert!(signed_by.contains("Credential=AKIAENVIRONMENT/"), "{signed_by}");
    assert!(signed_by.contains("/us-east-1/dynamodb/"), "{signed_by}");
}

#[test]
fn without_a_region_or_credentials_one_sentence_says_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    let said = |variables: &[(&str, &str)]| {
        let done = history(home.path(), variables);
        assert_eq!(done.status.code(), Some(1));
        String::from_utf8(done.stderr).unwrap()
    };
    assert_eq!(
        said(&KEYS),
        "baton: no AWS region is set: name the deployment's in AWS_REGION, or a profile that has \
         one in AWS_PROFILE\n"
    );
    assert_eq!(
        said(&[("AWS_REGION", "us-east-1")]),
        "baton: no AWS credentials were found: sign in with `aws sso login` or `aws configure` \
         and name the profile in AWS_PROFILE, or set AWS_ACCESS_KEY_ID and \
         AWS_SECRET_ACCESS_KEY\n"
    );
    let sso = "[profile sso]\nregion = eu-central-1\nsso_region = eu-central-1\n\
               sso_start_url = https://example.awsapps.com/start\n\
               sso_account_id = 123456789012\nsso_role_name = Ops\n";
    fs::write(home.path().join("config"), sso).unwrap();
    let signed_out = said(&[("AWS_PROFILE", "sso")]);
    let sentence = "baton: the AWS credentials can't be used; `aws sso login` renews a session";
    assert!(signed_out.starts_with(sentence), "{signed_out}");
}
