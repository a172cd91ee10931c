//! Shows progress: a bar on a terminal, elsewhere a line for every tenth of the file.

use std::io::Write;

use indicatif::{ProgressBar, ProgressStyle};

use super::row::BadLine;

/// The most bad lines that are shown one by one; more are only counted.
const MOST_SHOWN: u64 = 1_000;

/// Shows progress and bad lines on standard error.
pub(super) struct Progress<'a> {
    bar: Option<ProgressBar>,
    err: Box<dyn Write + 'a>,
    size: u64,
    tenths: u64,
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
            self.print(&format!("{:>3} %  {lines} lines", tenths * 10));
        }
    }

    /// Prints a line without disturbing the bar. If that fails, the import goes on:
    /// leads matter more than progress.
    pub(super) fn print(&mut self, text: &str) {
        let _ = match &self.bar {
            Some(bar) => bar.suspend(|| writeln!(self.err, "{text}")),
            None => writeln!(self.err, "{text}"),
        };
    }

    /// Prints what is wrong with a line, up to a thousand lines.
    pub(super) fn bad(&mut self, bad: &BadLine) {
        self.bad += 1;
        if self.bad <= MOST_SHOWN {
            self.print(&format!("line {} {}", bad.line, bad.reason));
        }
    }

    /// Removes the bar, and prints how many bad lines were not shown.
    pub(super) fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        if let Some(hidden) = self.bad.checked_sub(MOST_SHOWN).filter(|&hidden| hidden > 0) {
            self.print(&format!("and {hidden} more lines like these"));
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
        progress.print("line 7: has no e-mail");
        progress.finish();
        drop(progress);
        let printed = String::from_utf8(err).unwrap();
        assert_eq!(printed.lines().count(), 11);
        assert!(printed.starts_with(" 10 %  10 lines\n 20 %"), "{printed}");
        assert!(printed.ends_with("100 %  100 lines\nline 7: has no e-mail\n"), "{printed}");
    }

    #[test]
    fn a_pipe_has_no_size_and_no_tenths() {
        let mut err = Vec::new();
        Progress::new(0, false, &mut err).reached(1 << 60, 1);
        assert!(err.is_empty());
    }
}
