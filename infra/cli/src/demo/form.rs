//! A lead's page as its reader sees it: which buttons there are, and what they send.

/// A form on a page.
pub(super) struct Form<'a> {
    /// The path that it posts to.
    pub(super) action: &'a str,
    /// The token that proves the page was shown to this person.
    pub(super) token: &'a str,
    inner: &'a str,
}

impl<'a> Form<'a> {
    /// The form whose button gives a command, if the page has one now.
    pub(super) fn find(page: &'a str, word: &str) -> Option<Self> {
        let mut forms =
            page.split("<form ").skip(1).filter_map(|rest| rest.split("</form>").next());
        forms.find_map(|form| {
            let action = between(form, "action=\"", "\"")?;
            let token = between(form, "name=\"token\" value=\"", "\"")?;
            let is_it = action.rsplit('/').next() == Some(word);
            is_it.then_some(Self { action, token, inner: form })
        })
    }

    /// Whether something can be chosen from its list.
    pub(super) fn offers(&self, choice: &str) -> bool {
        self.inner.contains(&format!("<option value=\"{choice}\""))
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(found, _)| found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_is_found_by_the_command_it_gives() {
        let page = r#"<form method="post" action="/leads/1/accept">
            <input type="hidden" name="token" value="t1"></form>
            <form method="post" action="/leads/1/reject">
            <input type="hidden" name="token" value="t2">
            <select><option value="not_now">Not now</option></select></form>"#;
        let form = Form::find(page, "reject").unwrap();
        assert_eq!((form.action, form.token), ("/leads/1/reject", "t2"));
        assert!(form.offers("not_now") && !form.offers("no_budget"));
        assert!(Form::find(page, "convert").is_none());
    }
}
