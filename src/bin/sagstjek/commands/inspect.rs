//! `sagstjek inspect`: what was read, without rules.

use sagstjek::night::Inspection;

use super::opened::Opened;
use super::{Outcome, print, today};
use crate::args::{InspectArgs, OutputArgs};
use crate::{FAILED, terminal};

pub(super) fn run(args: InspectArgs, output: &OutputArgs) -> Outcome {
    let opened = Opened::at(&args.path, args.config.as_deref(), &args.pack, output)?;
    let gate = opened.gate(false)?;
    let inspection = Inspection::of(&opened.book, &args.path, &gate, opened.own_files(), today());
    print(&inspection.render(&gate, &terminal::options(output.color, opened.lang)), opened.lang)?;
    Ok(if inspection.failed() { FAILED } else { 0 })
}
