//! The size of a parsed document with its fragments spread, found without spreading them.
//!
//! Every fragment is measured once and its measure added wherever it is spread, so the walk is as
//! long as the document, whatever the document would unfold to.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{
    ExecutableDocument, FragmentDefinition, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Pos, Positioned};

/// What a selection set amounts to. Counts saturate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Measure {
    /// Fields and fragments, each as often as it is reached.
    pub(super) selections: usize,
    /// Selection sets inside each other.
    pub(super) levels: usize,
    /// Fields inside each other.
    pub(super) depth: usize,
    /// Fields of this very set, those of its fragments included.
    pub(super) root_fields: usize,
    pub(super) aliases: usize,
    /// The most directives in one place.
    pub(super) directives: usize,
    /// Lists inside each other below `__schema` or `__type`.
    pub(super) introspection_lists: usize,
    /// Fields named like the lists of an introspection inside each other, wherever they are.
    lists: usize,
}

/// Why a document cannot be measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    TooDeep { found: usize, pos: Pos },
    Cycle { fragment: Name, pos: Pos },
}

pub(super) struct Walk<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    /// How far down the walk goes itself: it recurses, and a chain of fragments may be long.
    floor: usize,
    measured: HashMap<&'a Name, Measure>,
    open: HashSet<&'a Name>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(document: &'a ExecutableDocument, floor: usize) -> Self {
        Self {
            fragments: &document.fragments,
            floor,
            measured: HashMap::new(),
            open: HashSet::new(),
        }
    }

    /// All operations together, and every fragment, used or not.
    pub(super) fn document(
        &mut self,
        document: &'a ExecutableDocument,
    ) -> Result<Measure, Trouble> {
        let mut whole = Measure::default();
        for (_, operation) in document.operations.iter() {
            whole.beside(self.operation(&operation.node)?);
        }
        for name in self.fragments.keys() {
            let fragment = self.fragment(name, 1, Pos::default())?;
            whole.selections = whole.selections.max(fragment.selections);
            whole.levels = whole.levels.max(fragment.levels);
        }
        Ok(whole)
    }

    pub(super) fn operation(
        &mut self,
        operation: &'a OperationDefinition,
    ) -> Result<Measure, Trouble> {
        let variables = operation.variable_definitions.iter();
        let directives = variables
            .map(|variable| variable.node.directives.len())
            .max();
        let mut measure = self.selection_set(&operation.selection_set, 1)?;
        measure.directives = measure
            .directives
            .max(operation.directives.len())
            .max(directives.unwrap_or_default());
        Ok(measure)
    }

    fn selection_set(
        &mut self,
        set: &'a Positioned<SelectionSet>,
        level: usize,
    ) -> Result<Measure, Trouble> {
        if level > self.floor {
            return Err(Trouble::TooDeep {
                found: level,
                pos: set.pos,
            });
        }
        let mut whole = Measure::default();
        for selection in &set.node.items {
            let part = self.selection(&selection.node, level)?;
            whole.beside(part);
        }
        whole.levels = whole.levels.saturating_add(1);
        Ok(whole)
    }

    fn selection(&mut self, selection: &'a Selection, level: usize) -> Result<Measure, Trouble> {
        let below = level.saturating_add(1);
        let mut measure = match selection {
            Selection::Field(field) => {
                let inner = &field.node.selection_set;
                let inside = if inner.node.items.is_empty() {
                    Measure::default()
                } else {
                    self.selection_set(inner, below)?
                };
                field_around(inside, &field.node.name.node, field.node.alias.is_some())
            }
            Selection::FragmentSpread(spread) => {
                self.fragment(&spread.node.fragment_name.node, below, spread.pos)?
            }
            Selection::InlineFragment(fragment) => {
                self.selection_set(&fragment.node.selection_set, below)?
            }
        };
        measure.selections = measure.selections.saturating_add(1);
        measure.directives = measure.directives.max(selection.directives().len());
        Ok(measure)
    }

    fn fragment(&mut self, name: &Name, level: usize, pos: Pos) -> Result<Measure, Trouble> {
        // A spread of what is not there is for validation to report.
        let Some((name, fragment)) = self.fragments.get_key_value(name) else {
            return Ok(Measure::default());
        };
        if let Some(measure) = self.measured.get(name) {
            return Ok(*measure);
        }
        if !self.open.insert(name) {
            return Err(Trouble::Cycle {
                fragment: name.clone(),
                pos,
            });
        }
        let mut measure = self.selection_set(&fragment.node.selection_set, level)?;
        measure.directives = measure.directives.max(fragment.node.directives.len());
        self.open.remove(name);
        self.measured.insert(name, measure);
        Ok(measure)
    }
}

impl Measure {
    /// Adds what stands beside it in the same set.
    fn beside(&mut self, other: Self) {
        let Self {
            selections,
            levels,
            depth,
            root_fields,
            aliases,
            directives,
            introspection_lists,
            lists,
        } = other;
        self.selections = self.selections.saturating_add(selections);
        self.root_fields = self.root_fields.saturating_add(root_fields);
        self.aliases = self.aliases.saturating_add(aliases);
        self.levels = self.levels.max(levels);
        self.depth = self.depth.max(depth);
        self.directives = self.directives.max(directives);
        self.introspection_lists = self.introspection_lists.max(introspection_lists);
        self.lists = self.lists.max(lists);
    }
}

fn field_around(inside: Measure, name: &Name, aliased: bool) -> Measure {
    let is_list = matches!(
        name.as_str(),
        "fields" | "interfaces" | "possibleTypes" | "inputFields"
    );
    let introspects = matches!(name.as_str(), "__schema" | "__type");
    Measure {
        depth: inside.depth.saturating_add(1),
        root_fields: 1,
        aliases: inside.aliases.saturating_add(usize::from(aliased)),
        lists: inside.lists.saturating_add(usize::from(is_list)),
        introspection_lists: if introspects {
            inside.lists
        } else {
            inside.introspection_lists
        },
        ..inside
    }
}
