//! What nobody was given says so across each page, whatever its template is.

use typst::layout::{Frame, FrameItem, Point};
use typst::model::Document as _;
use typst_layout::{Page, PagedDocument};

/// The template of the mark, which is a page of its own.
pub(crate) const TEMPLATE: &str = include_str!("../templates/specimen.typ");

/// A document with the mark across each page. It lies over the finished pages: what a template sets in the
/// background or foreground of its own neither hides it nor takes it away.
pub(crate) fn marked(document: &PagedDocument, mark: &PagedDocument) -> PagedDocument {
    let Some(mark) = mark.pages().first() else {
        return document.clone();
    };
    let mut mark = mark.frame.clone();
    // Nothing in it is referred to, and it is there many times.
    mark.retain(|item| !matches!(item, FrameItem::Tag(_)));
    let pages = document.pages().iter().map(|page| {
        let mut page: Page = page.clone();
        page.frame
            .push_frame(middle(&page.frame, &mark), mark.clone());
        page
    });
    PagedDocument::new(pages.collect(), document.info().clone())
}

fn middle(page: &Frame, mark: &Frame) -> Point {
    Point::new(
        (page.width() - mark.width()) / 2.0,
        (page.height() - mark.height()) / 2.0,
    )
}
