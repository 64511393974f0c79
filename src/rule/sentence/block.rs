//! Lines and nested lists: what a sentence is made of.

/// How the items of a list belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joined {
    /// All of them.
    All,
    /// One of them at least.
    Any,
    /// As they stand, one after the other.
    Apart,
}

/// A clause, or a clause that a list completes.
#[derive(Debug, Clone)]
pub(super) struct Block {
    lead: String,
    /// What announces the list.
    head: String,
    /// What stands for the announcement where everything is said in one line: nothing, or `ikke`.
    short: String,
    items: Vec<Block>,
    joined: Joined,
    /// Whether its line holds an `and` or `or` of its own, so that it must not stand beside another.
    compound: bool,
    /// What follows on a line of its own.
    next: Option<Box<Block>>,
}

impl Block {
    pub(super) fn line(text: String) -> Block {
        let empty = String::new;
        Block { lead: text, head: empty(), short: empty(), items: Vec::new(), joined: Joined::Apart, compound: false, next: None }
    }

    pub(super) fn nothing() -> Block {
        Block::line(String::new())
    }

    /// A line that holds an `and`, an `or` or a condition of its own.
    pub(super) fn compound(text: String) -> Block {
        Block { compound: true, ..Block::line(text) }
    }

    /// A list behind its announcement.
    pub(super) fn list(head: &str, items: Vec<Block>) -> Block {
        Block { head: head.to_owned(), short: head.trim_end_matches(':').to_owned(), items, ..Block::nothing() }
    }

    /// A list of what belongs together; in one line `short` stands for `head`.
    pub(super) fn joined(head: &str, short: &str, joined: Joined, items: Vec<Block>) -> Block {
        Block { head: head.to_owned(), short: short.to_owned(), items, joined, ..Block::nothing() }
    }

    /// One block, and another on a line of its own.
    pub(super) fn pair(first: Block, then: Block) -> Block {
        let next = match first.next {
            None => then,
            Some(own) => Block::pair(*own, then),
        };
        Block { next: Some(Box::new(next)), ..first }
    }

    /// The same behind some words.
    pub(super) fn after(self, words: &str) -> Block {
        Block { lead: format!("{words}{}", self.lead), ..self }
    }

    /// The same, announced by other words.
    pub(super) fn announced(self, head: &str) -> Block {
        Block { head: head.to_owned(), ..self }
    }

    pub(super) fn is_line(&self) -> bool {
        self.items.is_empty() && self.next.is_none()
    }

    /// A line that may stand beside another.
    pub(super) fn is_simple(&self) -> bool {
        self.is_line() && !self.compound
    }

    /// Whether nothing stands before its list.
    pub(super) fn is_bare_list(&self) -> bool {
        self.lead.is_empty() && !self.items.is_empty()
    }

    pub(super) fn length(&self) -> usize {
        self.lead.chars().count()
    }

    /// Everything in one line; what belongs together stands in parentheses, unless it ends the line that begins it.
    pub(super) fn flat(&self, and: &str, or: &str) -> String {
        let items: Vec<String> = self
            .items
            .iter()
            .map(|item| {
                let text = item.flat(and, or);
                let loose = item.compound || (!item.items.is_empty() && item.joined != Joined::All);
                if loose && !text.ends_with(')') { format!("({text})") } else { text }
            })
            .collect();
        let text = match (items.is_empty(), self.joined) {
            (true, _) => self.lead.clone(),
            (false, Joined::All) if self.short.is_empty() => format!("{}{}", self.lead, items.join(&format!(" {and} "))),
            (false, joined) => {
                let between = match joined {
                    Joined::All => format!(" {and} "),
                    Joined::Any => format!(" {or} "),
                    Joined::Apart => "; ".to_owned(),
                };
                let short = if self.short.is_empty() { String::new() } else { format!("{} ", self.short) };
                format!("{}{short}({})", self.lead, items.join(&between))
            }
        };
        match &self.next {
            Some(next) => format!("{text}; {}", next.flat(and, or)),
            None => text,
        }
    }

    /// The text of a line.
    pub(super) fn line_text(self) -> String {
        self.lead
    }

    /// As lines of text.
    pub(super) fn write(&self, depth: usize, out: &mut Vec<String>) {
        let text = format!("{}{}", self.lead, self.head);
        let stop = if depth == 0 && self.items.is_empty() && !text.ends_with('.') { "." } else { "" };
        out.push(match depth {
            0 => format!("{}{stop}", capital(&text)),
            _ => format!("{}- {text}", "  ".repeat(depth - 1)),
        });
        self.items.iter().for_each(|item| item.write(depth + 1, out));
        if let Some(next) = &self.next {
            next.write(depth, out);
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
