//! What can be taken back: revisions as a stack. What was taken back can be done again, until
//! something else is done.

/// A revision, and which one it took back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Its number.
    pub number: i32,
    /// The revision that it took back.
    pub undoes: Option<i32>,
}

/// The last change that stands: the one to take back. `steps` are all revisions, the first first.
pub fn to_undo(steps: &[Step]) -> Option<i32> {
    standing(steps).0.pop()
}

/// The change that was taken back last, as long as nothing else was done since: the revision that took
/// it back, to be taken back itself.
pub fn to_redo(steps: &[Step]) -> Option<i32> {
    standing(steps).1.pop()
}

/// The changes that stand, the last last; and the revisions that took one back and can be taken back
/// themselves.
fn standing(steps: &[Step]) -> (Vec<i32>, Vec<i32>) {
    let mut done: Vec<i32> = Vec::new();
    // What took a change back, with the change.
    let mut undone: Vec<(i32, i32)> = Vec::new();
    for step in steps {
        match step.undoes {
            None => {
                done.push(step.number);
                undone.clear();
            }
            Some(of) if done.last() == Some(&of) => {
                done.pop();
                undone.push((step.number, of));
            }
            Some(of) => match undone.pop() {
                Some((undo, change)) if undo == of => done.push(change),
                // Nobody makes such a step; it stands for itself.
                _ => {
                    done.push(step.number);
                    undone.clear();
                }
            },
        }
    }
    (done, undone.into_iter().map(|(undo, _)| undo).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, Clone, Copy)]
    enum Act {
        Edit,
        Undo,
        Redo,
    }

    proptest! {
        /// Whatever is done, taken back and done again: it is what an editor's two stacks would give.
        #[test]
        fn is_a_stack(acts in prop::collection::vec(prop_oneof![Just(Act::Edit), Just(Act::Undo), Just(Act::Redo)], 0..40)) {
            let mut steps: Vec<Step> = Vec::new();
            // What the text says: the numbers of the edits that stand.
            let (mut text, mut back): (Vec<i32>, Vec<i32>) = (Vec::new(), Vec::new());
            let mut of_edit = std::collections::HashMap::new();
            for act in acts {
                let number = i32::try_from(steps.len()).unwrap() + 1;
                match act {
                    Act::Edit => {
                        steps.push(Step { number, undoes: None });
                        text.push(number);
                        back.clear();
                    }
                    Act::Undo => {
                        let wanted = to_undo(&steps);
                        prop_assert_eq!(wanted, text.last().copied());
                        if let Some(edit) = text.pop() {
                            steps.push(Step { number, undoes: Some(edit) });
                            of_edit.insert(number, edit);
                            back.push(number);
                        }
                    }
                    Act::Redo => {
                        let wanted = to_redo(&steps);
                        prop_assert_eq!(wanted, back.last().copied());
                        if let Some(undo) = back.pop() {
                            steps.push(Step { number, undoes: Some(undo) });
                            text.push(of_edit[&undo]);
                        }
                    }
                }
            }
        }
    }
}
