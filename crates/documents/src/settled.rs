//! Whether a page has room for what stands on it.
//!
//! `settle` in `house.typ` sets a page at the first of some sizes and leaves a mark before and behind what it
//! has set; the first bears how high that may be, unless there is no smaller size. Typst makes a block no higher than
//! a page, whatever runs out of it; so it is looked where things really are as well.

use typst::foundations::{Content, Label, Value};
use typst::introspection::{MetadataElem, Tag};
use typst::layout::{Abs, Frame, FrameItem};
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

/// Lengths are sums of others, and so never quite the same; in points.
const ROUNDING: f64 = 0.1;

/// Whether all that was settled is where it may be.
pub(crate) fn fits(document: &PagedDocument) -> bool {
    let mark = |name| Label::new(PicoStr::intern(name));
    let (Some(from), Some(to)) = (mark("settled-from"), mark("settled-to")) else {
        return true;
    };
    document.pages().iter().all(|page| {
        let mut walk = Walk {
            from,
            to,
            lowest: None,
            runs_out: false,
        };
        walk.through(&page.frame, Abs::zero());
        // What has no end on the page goes on on the next.
        !walk.runs_out && walk.lowest.is_none()
    })
}

/// A walk through a page, in the order in which things were put there.
struct Walk {
    from: Label,
    to: Label,
    /// How far down what comes now may reach, between two marks.
    lowest: Option<Abs>,
    runs_out: bool,
}

impl Walk {
    fn through(&mut self, frame: &Frame, above: Abs) {
        for (place, item) in frame.items() {
            let top = above + place.y;
            match item {
                FrameItem::Tag(Tag::Start(mark, _)) => self.passes(mark, top),
                FrameItem::Group(group) if group.clip.is_none() => {
                    self.through(&group.frame, top + group.transform.ty);
                }
                FrameItem::Group(group) => self.reaches(top + group.frame.height()),
                // A line is as high as its letters without what hangs below it.
                FrameItem::Text(_) => self.reaches(top),
                FrameItem::Shape(shape, _) => self.reaches(top + shape.bbox(false).max.y),
                FrameItem::Image(_, size, _) => self.reaches(top + size.y),
                FrameItem::Tag(Tag::End(..)) | FrameItem::Link(..) => {}
            }
        }
    }

    fn passes(&mut self, mark: &Content, at: Abs) {
        self.reaches(at);
        if mark.label() == Some(self.from) {
            let room = mark.to_packed::<MetadataElem>().map(|mark| &mark.value);
            self.lowest = match room {
                Some(Value::Length(room)) => Some(at + room.abs + Abs::pt(ROUNDING)),
                _ => None,
            };
        } else if mark.label() == Some(self.to) {
            self.lowest = None;
        }
    }

    fn reaches(&mut self, bottom: Abs) {
        self.runs_out |= self.lowest.is_some_and(|lowest| bottom > lowest);
    }
}
