//! Words that are nowhere but where a stranger, a vendor or a person's entry on the roster put them:
//! whoever finds one in a log has found where it came from.

use std::cell::{Cell, RefCell};

/// Every canary holds one of these.
const MARKS: [&str; 2] = ["canary", "49155"];

/// Every canary that was let loose, by the name of whoever did.
#[derive(Default)]
pub(super) struct Aviary {
    loose: RefCell<Vec<(String, String)>>,
    next: Cell<u32>,
}

impl Aviary {
    /// A new canary: letters and digits, in lower case, so that no encoding or normalising changes
    /// it.
    pub(super) fn canary(&self, whose: &str) -> String {
        self.next.set(self.next.get() + 1);
        let canary = format!("canary{}x", self.next.get());
        self.loose.borrow_mut().push((whose.to_owned(), canary.clone()));
        canary
    }

    /// One that may stand where a telephone number does.
    pub(super) fn number(&self, whose: &str) -> String {
        self.next.set(self.next.get() + 1);
        let canary = format!("49155{:07}", 7_000_000 + self.next.get());
        self.loose.borrow_mut().push((whose.to_owned(), canary.clone()));
        format!("+{canary}")
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.loose.borrow().len()
    }

    /// Those of all but one found in a text: whose they are, and the line they are in.
    pub(super) fn found_in(&self, text: &str, but: &str) -> Vec<String> {
        let mut found = Vec::new();
        for line in text.lines() {
            let small = line.to_lowercase();
            if !MARKS.iter().any(|mark| small.contains(mark)) {
                continue;
            }
            for (whose, canary) in self.loose.borrow().iter().filter(|(whose, _)| whose != but) {
                if small.contains(canary.as_str()) {
                    found.push(format!("{whose}: {canary} in {line}"));
                }
            }
        }
        found
    }
}
