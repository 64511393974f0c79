//! `sagstjek schema config | rule | model`.

use sagstjek::{config, model, rule};

use super::{Outcome, book, lang, print};
use crate::args::{OutputArgs, SchemaArg, SchemaArgs};

pub(super) fn run(args: SchemaArgs, output: &OutputArgs) -> Outcome {
    let schema = match args.of {
        SchemaArg::Config => config::schema::schema(&book(&args.pack, output)?.pack),
        SchemaArg::Rule => rule::schema::schema(),
        SchemaArg::Model => model::schema::schema(),
    };
    print(&format!("{schema:#}\n"), lang(output))?;
    Ok(0)
}
