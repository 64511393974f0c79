//! Lanes and what is bound in them. A frame may stand over another: some of its lanes, or a lane for each pair of one of
//! its lanes and a row.

use std::cell::RefCell;
use std::rc::Rc;

use crate::model::DatasetId;
use crate::rule::typed::{Expr, Slot};

use super::vector::Vector;

/// So many lanes, with a vector for each slot that is bound.
#[derive(Debug)]
pub(super) struct Frame<'w> {
    pub(super) len: usize,
    over: Option<Over<'w>>,
    bound: Vec<(Slot, Rc<Vector<'w>>)>,
    /// What was already brought here or computed here.
    kept: RefCell<Vec<(Kept, Rc<Vector<'w>>)>>,
}

#[derive(Debug)]
struct Over<'w> {
    frame: Rc<Frame<'w>>,
    /// For each lane the lane of `frame` it stands over.
    lanes: Rc<[u32]>,
    /// Whether there may be more lanes than below.
    paired: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    Slot(Slot),
    /// An expression, by where it stands in memory: trees do not move while they are evaluated.
    Expr(usize),
}

impl<'w> Frame<'w> {
    /// A frame of its own.
    pub(super) fn root(len: usize, bound: Vec<(Slot, Vector<'w>)>) -> Rc<Frame<'w>> {
        let bound = bound.into_iter().map(|(slot, vector)| (slot, Rc::new(vector))).collect();
        Rc::new(Frame { len, over: None, bound, kept: RefCell::default() })
    }

    /// Some lanes of this frame.
    pub(super) fn some(self: &Rc<Self>, lanes: impl Into<Rc<[u32]>>) -> Rc<Frame<'w>> {
        let lanes = lanes.into();
        let over = Over { frame: self.clone(), lanes: lanes.clone(), paired: false };
        Rc::new(Frame { len: lanes.len(), over: Some(over), bound: Vec::new(), kept: RefCell::default() })
    }

    /// A lane for each of these lanes and the row beside it.
    pub(super) fn pairs(
        self: &Rc<Self>,
        lanes: impl Into<Rc<[u32]>>,
        slot: Slot,
        dataset: DatasetId,
        rows: Vec<u32>,
    ) -> Rc<Frame<'w>> {
        let lanes = lanes.into();
        let over = Over { frame: self.clone(), lanes, paired: true };
        let (len, rows) = (rows.len(), Rc::new(Vector::Rows(rows, dataset)));
        Rc::new(Frame { len, over: Some(over), bound: vec![(slot, rows)], kept: RefCell::default() })
    }

    /// What a slot holds.
    pub(super) fn slot(&self, slot: Slot) -> Option<Rc<Vector<'w>>> {
        if let Some((_, vector)) = self.bound.iter().find(|(bound, _)| *bound == slot) {
            return Some(vector.clone());
        }
        if let Some(kept) = self.find(Kept::Slot(slot)) {
            return Some(kept);
        }
        let over = self.over.as_ref()?;
        let here = Rc::new(over.frame.slot(slot)?.gather(&over.lanes));
        self.kept.borrow_mut().push((Kept::Slot(slot), here.clone()));
        Some(here)
    }

    fn find(&self, key: Kept) -> Option<Rc<Vector<'w>>> {
        self.kept.borrow().iter().find(|(kept, _)| *kept == key).map(|(_, vector)| vector.clone())
    }

    /// The value of an expression here, computed the first time.
    pub(super) fn keep(&self, expr: &Expr, compute: impl FnOnce() -> Vector<'w>) -> Rc<Vector<'w>> {
        let key = Kept::Expr(address(expr));
        self.find(key).unwrap_or_else(|| {
            let vector = Rc::new(compute());
            self.kept.borrow_mut().push((key, vector.clone()));
            vector
        })
    }

    /// The frame below pairs in which an expression that reads these slots has its value already, and the lanes of it.
    pub(super) fn home(self: &Rc<Self>, reads: impl Fn(Slot) -> bool) -> Option<(Rc<Frame<'w>>, Rc<[u32]>)> {
        let mut at = self;
        let mut lanes: Option<Rc<[u32]>> = None;
        let mut found = None;
        while let Some(over) = &at.over {
            if at.bound.iter().any(|(slot, _)| reads(*slot)) {
                break;
            }
            lanes = Some(composed(lanes, &over.lanes));
            if over.paired {
                found = lanes.clone().map(|lanes| (over.frame.clone(), lanes));
            }
            at = &over.frame;
        }
        found
    }

    /// For each lane the lane of the lowest frame; `None` where this is it.
    pub(super) fn lowest(self: &Rc<Self>) -> Option<Rc<[u32]>> {
        let mut at = self;
        let mut lanes = None;
        while let Some(over) = &at.over {
            lanes = Some(composed(lanes, &over.lanes));
            at = &over.frame;
        }
        lanes
    }
}

fn composed(above: Option<Rc<[u32]>>, below: &Rc<[u32]>) -> Rc<[u32]> {
    match above {
        None => below.clone(),
        Some(above) => above.iter().map(|&lane| below[lane as usize]).collect(),
    }
}

/// Where something stands in memory: what is known of it is kept under that.
pub(super) fn address<T>(it: &T) -> usize {
    std::ptr::from_ref(it).addr()
}
