//! stub
use crate::args::Import;
use crate::run::Done;
use std::io::Write;
pub(crate) fn run(_a: &Import, _o: &mut impl Write) -> Done {
    Ok(())
}
