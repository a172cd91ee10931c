//! How far it is: a bar on a terminal, a line now and then anywhere else.

use std::io::Write;

use indicatif::{ProgressBar, ProgressStyle};

use super::row::BadLine;

/// Bad lines that are told one by one; beyond, they are counted.
const TOLD: u64 = 1_000;

/// Where progress and bad lines are told.
pub(super) struct Progress<'a> {
    bar: Option<ProgressBar>,
    err: Box<dyn Write + 'a>,
    size: u64,
    tenths: u64,
    /// Bad lines so far.
    bad: u64,
}

impl<'a> Progress<'a> {
    /// A bar of so many bytes if `err` is a terminal. A size of 0 means
    /// that it is not known: what is read is not a plain file.
    pub(super) fn new(size: u64, is_terminal: bool, err: impl Write + 'a) -> Self {
        let bar = is_terminal.then(|| {
            let template = match size {
                0 => "{spinner} {msg}",
                _ => "{bar:40} {percent:>3} %  {msg}  {eta} left",
            };
            let style = ProgressStyle::with_template(template);
            ProgressBar::new(size)
                .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Self { bar, err: Box::new(err), size, tenths: 0, bad: 0 }
    }

    /// So many bytes of the file are done with, and so many lines.
    pub(super) fn reached(&mut self, offset: u64, lines: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(offset);
            return bar.set_message(format!("{lines} lines"));
        }
        let tenths = (offset * 10).checked_div(self.size).unwrap_or(0).min(10);
        if tenths > self.tenths {
            self.tenths = tenths;
            self.tell(&format!("{:>3} %  {lines} lines", tenths * 10));
        }
    }

    /// Tells something without disturbing the bar. If nobody can be told, the import goes on:
    /// leads matter more than words about them.
    pub(super) fn tell(&mut self, text: &str) {
        let _ = match &self.bar {
            Some(bar) => bar.suspend(|| writeln!(self.err, "{text}")),
            None => writeln!(self.err, "{text}"),
        };
    }

    /// Tells what is wrong with a line, unless so many are that nobody would read it.
    pub(super) fn bad(&mut self, bad: &BadLine) {
        self.bad += 1;
        if self.bad <= TOLD {
            self.tell(&format!("line {} {}", bad.line, bad.reason));
        }
    }

    /// Takes the bar away, and tells how many bad lines were not told.
    pub(super) fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        if let Some(untold) = self.bad.checked_sub(TOLD).filter(|&untold| untold > 0) {
            self.tell(&format!("and {untold} more lines like these"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_terminal_progress_is_a_line_for_every_tenth() {
        let mut err = Vec::new();
        let mut progress = Progress::new(1_000, false, &mut err);
        for offset in (0..=1_000).step_by(25) {
            progress.reached(offset, offset / 10);
        }
        progress.tell("line 7: has no e-mail");
        progress.finish();
        drop(progress);
        let told = String::from_utf8(err).unwrap();
        assert_eq!(told.lines().count(), 11);
        assert!(told.starts_with(" 10 %  10 lines\n 20 %"), "{told}");
        assert!(told.ends_with("100 %  100 lines\nline 7: has no e-mail\n"), "{told}");
    }

    #[test]
    fn a_pipe_has_no_size_and_no_tenths() {
        let mut err = Vec::new();
        Progress::new(0, false, &mut err).reached(1 << 60, 1);
        assert!(err.is_empty());
    }
}
