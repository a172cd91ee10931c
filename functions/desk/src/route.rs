//! Which route does what: looking, which changes nothing, and acting.

use baton_http::{Answer, Problem, Request};

use crate::{Desk, OPENAPI, asset, command, lead};

impl Desk {
    pub(crate) async fn route(&self, request: &Request) -> Result<Answer, Problem> {
        self.refuse_cross_site(request)?;
        let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
        let taken = match request.verb() {
            "GET" => self.look(request, &path).await?,
            verb => self.act(request, verb, &path).await?,
        };
        taken.map_or_else(|| Err(untaken(&path)), Ok)
    }

    /// What a GET shows; nothing, where there is nothing to show.
    async fn look(&self, request: &Request, path: &[&str]) -> Result<Option<Answer>, Problem> {
        let answer = match path {
            [] => self.front(request).await,
            ["sign-in"] => self.ask_page(request).await,
            ["sign-in", "sent"] => self.sent_page(),
            ["sign-in", token] => self.open_page(request, token).await,
            ["openapi.yaml"] => Ok(Answer::text(200, "application/yaml", OPENAPI)),
            ["static", file] => asset::serve(file),
            ["l", token] => self.page_of_link(request, token).await,
            ["board"] => self.board(request).await,
            ["funnel"] => self.funnel(request).await,
            ["funnel", "leads"] => self.funnel_leads(request).await,
            ["policy"] => self.policy(request).await,
            ["privacy"] => self.privacy(request).await,
            ["privacy", lead] => self.held_page(request, lead).await,
            ["privacy", lead, "erase"] => self.erase_page(request, lead).await,
            ["leads"] => self.lead(request, lead::by_email(request)?).await,
            ["leads", lead] => self.lead(request, lead::id(lead)?).await,
            ["leads", lead, "history"] => self.history(request, lead::id(lead)?).await,
            ["leads", lead, "ledger"] => self.ledger(request, lead::id(lead)?).await,
            _ => return Ok(None),
        };
        answer.map(Some)
    }

    /// What is done by any other method; nothing, where nothing is.
    async fn act(
        &self,
        request: &Request,
        verb: &str,
        path: &[&str],
    ) -> Result<Option<Answer>, Problem> {
        let answer = match (verb, path) {
            ("POST", ["sign-in"]) => self.ask(request).await,
            ("POST", ["sign-in", token]) if *token != "sent" => self.enter(request, token).await,
            ("POST", ["sign-out"]) => self.leave(request).await,
            ("POST", ["privacy"]) => self.find_held(request).await,
            ("POST", ["privacy", lead, "export"]) => self.export(request, lead).await,
            ("POST", ["privacy", lead, "erase"]) => self.erase_held(request, lead).await,
            ("DELETE", ["leads", lead]) => self.erase(request, lead).await,
            ("PUT", ["leads", lead, "status"]) => self.put_status(request, lead::id(lead)?).await,
            ("POST", ["leads", lead, word]) => match command::named(word) {
                Some(kind) => self.command(request, lead::id(lead)?, kind).await,
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
        answer.map(Some)
    }
}

/// What a path takes that did not take the request.
fn untaken(path: &[&str]) -> Problem {
    match path {
        ["sign-in", "sent"] | ["funnel", "leads"] | ["privacy", _] => Problem::wrong_method("GET"),
        [] | ["board" | "funnel" | "leads" | "openapi.yaml" | "policy"] | ["l" | "static", _] => {
            Problem::wrong_method("GET")
        }
        ["sign-in" | "privacy"] | ["sign-in", _] | ["privacy", _, "erase"] => {
            Problem::wrong_method("GET, POST")
        }
        ["sign-out"] | ["privacy", _, "export"] => Problem::wrong_method("POST"),
        ["leads", _] => Problem::wrong_method("DELETE, GET"),
        ["leads", _, "history" | "ledger"] => Problem::wrong_method("GET"),
        ["leads", _, "status"] => Problem::wrong_method("PUT"),
        ["leads", _, word] if command::named(word).is_some() => Problem::wrong_method("POST"),
        _ => Problem::no_route(),
    }
}
