//! Whether a page has room for what stands on it.
//!
//! `settle` in `house.typ` sets a page at the first of some sizes and leaves a mark before and behind what it
//! has set; the first bears how far apart they may be, unless there is no smaller size.

use typst::foundations::{Label, Selector, Value};
use typst::introspection::{Introspector as _, Location, MetadataElem};
use typst::layout::Abs;
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

/// Lengths are sums of others, and so never quite the same; in points.
const ROUNDING: f64 = 0.01;

/// Whether all that was settled is where it may be.
pub(crate) fn fits(document: &PagedDocument) -> bool {
    let marks = |name| {
        let label = Label::new(PicoStr::intern(name));
        label.map(|label| document.introspector().query(&Selector::Label(label)))
    };
    let (Some(from), Some(to)) = (marks("settled-from"), marks("settled-to")) else {
        return true;
    };
    from.iter().zip(&to).all(|(from, to)| {
        let room = from.to_packed::<MetadataElem>().map(|mark| &mark.value);
        let Some(Value::Length(room)) = room else {
            return true;
        };
        let place = |location: Option<Location>| document.introspector().position(location?);
        match (place(from.location()), place(to.location())) {
            (Some(above), Some(below)) => {
                above.page == below.page
                    && below.point.y - above.point.y <= room.abs + Abs::pt(ROUNDING)
            }
            _ => true,
        }
    })
}
