//! One night: a pack, a config and a folder of exports become one immutable result, which `report` renders in any form.

use std::path::Path;
use std::sync::Arc;

use crate::calendar::Date;
use crate::config::Config;
use crate::engine::{self, RunOptions, result::RunResult};
use crate::finding::{Finding, Findings};
use crate::intake::{self, Delivery};
use crate::model::{self, Pack, SourceFile};
use crate::privacy::Gate;
use crate::problem::{Mistake, Problem, Severity};
use crate::rule::{self, LoadPlan, typed::{ModelExprs, Rule}};
use crate::store::Store;

/// A pack with its rules compiled, ready for any delivery.
#[derive(Debug)]
pub struct Book {
    /// The pack, local figures filled in.
    pub pack: Arc<Pack>,
    /// Derived columns, closed cases and expectations.
    pub model: ModelExprs,
    /// Every rule of the pack, in its order.
    pub rules: Vec<Rule>,
    /// Advice on rules; stops nothing.
    pub lints: Vec<Mistake>,
}

impl Book {
    /// Compiles a pack for a config (its path as the user names it, and its text).
    ///
    /// # Errors
    /// All mistakes of pack, rules and config at once.
    pub fn open(files: Vec<SourceFile>, config: Option<(&str, &str)>) -> Result<(Book, Config), Vec<Mistake>> {
        let mut pack = model::load::load(files)?;
        let config = config.map_or_else(|| Ok(Config::default()), |(shown, text)| Config::parse(shown, text, &pack))?;
        config.fill_local(&mut pack);
        let (model, loaded) = match (rule::compile_model(&pack), rule::load_rules(&pack)) {
            (Ok(model), Ok(loaded)) => (model, loaded),
            (model, loaded) => return Err(model.err().into_iter().chain(loaded.err()).flatten().collect()),
        };
        let mut rules = loaded.rules;
        config.set_severities(&mut rules);
        Ok((Book { pack: Arc::new(pack), model, rules, lints: loaded.lints }, config))
    }
}
