//! Lists in answers: the one type by which resolvers return several things, so that none is left
//! uncounted.

use std::borrow::Cow;
use std::collections::HashMap;

use async_graphql::parser::types::{Field, FragmentDefinition, Selection, SelectionSet};
use async_graphql::registry::Registry;
use async_graphql::resolver_utils::resolve_list;
use async_graphql::{
    Context, ContextSelectionSet, Error, Name, OutputType, Positioned, ServerError, ServerResult,
    Value,
};

use crate::http::limits::Budget;

/// Several things. Before any of them is resolved, all are paid for out of the [`Budget`] of the
/// answer. Only lists of plain strings may be a `Vec`: nothing multiplies below them.
#[derive(Debug)]
pub(crate) struct List<T>(Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Extend<T> for List<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, things: I) {
        self.0.extend(things);
    }
}

impl<T> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(things: I) -> Self {
        Self(things.into_iter().collect())
    }
}

impl<T: OutputType> OutputType for List<T> {
    fn type_name() -> Cow<'static, str> {
        Vec::<T>::type_name()
    }

    fn qualified_type_name() -> String {
        Vec::<T>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Vec::<T>::create_type_info(registry)
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        let budget = ctx
            .data::<Budget>()
            .map_err(|error| ctx.set_error_path(error.into_server_error(field.pos)))?;
        if !self.0.is_empty() {
            let asked = fields(&ctx.item.node, &ctx.query_env.fragments);
            budget.spend(self.0.len(), asked, || {
                ctx.set_error_path(ServerError::new("", Some(field.pos)))
            })?;
        }
        let things = self.0.iter().map(|thing| Paid { thing, budget });
        resolve_list(ctx, field, things, Some(self.0.len())).await
    }
}

/// Pays for what a field reads before it is known how much of it is asked: as many things as it may
/// come to in memory.
pub(crate) fn pay(ctx: &Context<'_>, things: usize) -> Result<(), Error> {
    let place = || ctx.set_error_path(ServerError::new("", Some(ctx.item.pos)));
    let paid = ctx.data::<Budget>()?.spend(things, 1, place);
    paid.map_err(|bare| Error::new(bare.message))
}

/// A thing of a list that was paid for. Begun only while the budget holds: once it is overdrawn, what
/// is left would be resolved for nothing, each thing to its own refusal.
struct Paid<'a, T> {
    thing: &'a T,
    budget: &'a Budget,
}

impl<T: OutputType> OutputType for Paid<'_, T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn qualified_type_name() -> String {
        T::qualified_type_name()
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.thing.introspection_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        self.budget.holds()?;
        self.thing.resolve(ctx, field).await
    }
}

/// How many fields stand in a selection, those of inner selections and of fragments included. No
/// more than the document has when its fragments are spread, and that is capped.
fn fields(set: &SelectionSet, fragments: &HashMap<Name, Positioned<FragmentDefinition>>) -> usize {
    let each = set.items.iter().map(|selection| match &selection.node {
        Selection::Field(field) => {
            fields(&field.node.selection_set.node, fragments).saturating_add(1)
        }
        Selection::InlineFragment(fragment) => fields(&fragment.node.selection_set.node, fragments),
        Selection::FragmentSpread(spread) => {
            let fragment = fragments.get(&spread.node.fragment_name.node);
            fragment.map_or(0, |fragment| {
                fields(&fragment.node.selection_set.node, fragments)
            })
        }
    });
    each.fold(0, usize::saturating_add)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// Whether there is a `Vec` of what has fields of its own.
    fn is_uncounted(types: &str) -> bool {
        let harmless = ["Vec<String>", "Vec<Problem>"];
        let rest = harmless
            .iter()
            .fold(types.to_owned(), |rest, one| rest.replace(one, ""));
        rest.contains("Vec<")
    }

    #[test]
    fn every_list_of_an_answer_is_counted() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut seen = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            let file = file.unwrap().path();
            let is_rust = file.extension().is_some_and(|extension| extension == "rs");
            // What is loaded is no answer yet.
            if !is_rust || file.ends_with("load.rs") || file.ends_with("request.rs") {
                continue;
            }
            let text = std::fs::read_to_string(&file).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap();
            let resolvers = text.split("async fn ").skip(1).filter_map(|function| {
                let signature = function.split_once(" {").map_or(function, |(head, _)| head);
                Some(signature.rsplit_once("->")?.1)
            });
            let objects = text
                .split("SimpleObject)]")
                .skip(1)
                .filter_map(|object| Some(object.split_once("\n}")?.0));
            for types in resolvers.chain(objects) {
                seen += usize::from(types.contains("List<"));
                let file = file.display();
                assert!(!is_uncounted(types), "{file}: `List`, not `Vec`: {types}");
            }
        }
        assert!(seen > 20, "looked for in the wrong place: {seen}");
    }
}
