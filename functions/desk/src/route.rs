//! The table of routes: each path, and what each of its methods does.

use baton_http::{Answer, Problem, Request};

use crate::{
    Desk, OPENAPI, asset, board, command, erase, funnel, lead, lead_lookup, policy, privacy,
    sign_in, status,
};

/// A table of paths and their methods. A path answers any other method with 405 and `Allow`.
macro_rules! routes {
    ($request:expr, $path:expr; $(
        $pattern:pat $(if let $bound:pat = $found:expr)? =>
            $first:literal $answer:expr $(, $verb:literal $other:expr)*;
    )+) => {
        match $path {
            $($pattern $(if let $bound = $found)? => match $request.verb() {
                $first => $answer,
                $($verb => $other,)*
                _ => Err(Problem::wrong_method(concat!($first $(, ", ", $verb)*))),
            },)+
            _ => Err(Problem::no_route()),
        }
    };
}

#[expect(clippy::cognitive_complexity, reason = "a table: one arm for each path")]
pub(crate) async fn route(desk: &Desk, request: &Request) -> Result<Answer, Problem> {
    let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
    routes! { request, path.as_slice();
        [] => "GET" sign_in::front(desk, request).await;
        ["sign-in"] => "GET" sign_in::ask_page(desk, request).await,
            "POST" sign_in::ask(desk, request).await;
        ["sign-in", "sent"] => "GET" sign_in::sent_page();
        ["sign-in", token] => "GET" sign_in::open_page(desk, request, token).await,
            "POST" sign_in::enter(desk, request, token).await;
        ["sign-out"] => "POST" sign_in::leave(desk, request).await;
        ["openapi.yaml"] => "GET" Ok(Answer::text(200, "application/yaml", OPENAPI));
        ["static", file] => "GET" asset::serve(file);
        ["l", token] => "GET" lead::page_of_link(desk, request, token).await;
        ["board"] => "GET" board::board(desk, request).await;
        ["funnel"] => "GET" funnel::funnel(desk, request).await;
        ["funnel", "leads"] => "GET" funnel::leads(desk, request).await;
        ["policy"] => "GET" policy::policy(desk, request).await;
        ["privacy"] => "GET" privacy::find_page(desk, request).await,
            "POST" privacy::find(desk, request).await;
        ["privacy", lead] => "GET" privacy::held_page(desk, request, lead).await;
        ["privacy", lead, "export"] => "POST" privacy::export(desk, request, lead).await;
        ["privacy", lead, "erase"] => "GET" privacy::erase_page(desk, request, lead).await,
            "POST" privacy::erase(desk, request, lead).await;
        ["leads"] => "GET" lead::lead(desk, request, lead_lookup::by_email(request)?).await;
        ["leads", lead] => "DELETE" erase::erase(desk, request, lead).await,
            "GET" lead::lead(desk, request, lead_lookup::id(lead)?).await;
        ["leads", lead, "history"] =>
            "GET" lead::history(desk, request, lead_lookup::id(lead)?).await;
        ["leads", lead, "ledger"] =>
            "GET" lead::ledger(desk, request, lead_lookup::id(lead)?).await;
        ["leads", lead, "status"] =>
            "PUT" status::put_status(desk, request, lead_lookup::id(lead)?).await;
        ["leads", lead, word] if let Some((kind, done)) = command::named(word) =>
            "POST" command::command(desk, request, lead_lookup::named(lead)?, kind, done).await;
    }
}
