//! Searching by any part of a name, in any script: what is found, and what comes first.
//!
//! Rows keep what they are called in `search_text`, folded, a name a line and the main one first.
//! Both databases keep an index of its characters, alone and two by two, and keep it themselves
//! (the migration `search`; ADR 0011). The index says which rows come into question, and the text
//! of each whether it is one.

use domain::access::Actor;
use sea_orm::sea_query::extension::sqlite::SqliteExpr;
use sea_orm::sea_query::{BinOper, Expr, ExprTrait, Func, Query, SimpleExpr};
use sea_orm::{Condition, ConnectionTrait, DbBackend, EntityTrait, QueryTrait};

use crate::directory::{OrganizationFilter, PersonFilter};
use crate::error::Fault;
use crate::event::EventFilter;
use crate::page::{Direction, PageRequest, SortKey, SortKind};
use crate::store::Store;

pub(crate) use migrations::folded;

/// How many words a search has. Folding may find more of them than white space alone sets apart.
pub fn searched_words(text: &str) -> usize {
    migrations::words(text).len()
}

/// A search that ranks what it finds: a list of these, with this filter.
#[derive(Debug, Clone, Copy)]
pub enum Searched<'a> {
    /// Of people.
    People(&'a PersonFilter),
    /// Of organizations.
    Organizations(&'a OrganizationFilter),
    /// Of events.
    Events(&'a EventFilter),
}

impl Store {
    /// How the database goes about the first page of a search, in its own words: for those who ask
    /// what takes so long, and for the tests, which hold it to the index.
    pub async fn explain_search(
        &self,
        actor: &Actor,
        searched: Searched<'_>,
    ) -> Result<String, Fault> {
        let page = PageRequest::default();
        let backend = self.backend();
        let asked = match searched {
            Searched::People(filter) => self
                .people_asked(actor, filter, &page)
                .map(|(_, _, query)| query.build(backend)),
            Searched::Organizations(filter) => self
                .organizations_asked(actor, filter, &page)
                .map(|(_, _, query)| query.build(backend)),
            Searched::Events(filter) => self
                .events_asked(actor, filter, &[], &page)
                .map(|(_, _, query)| query.build(backend)),
        };
        // The first page is asked for without a cursor, and so never refused.
        let Ok(mut statement) = asked else {
            return Ok(String::new());
        };
        let (explain, column) = if backend == DbBackend::Postgres {
            ("EXPLAIN", 0)
        } else {
            ("EXPLAIN QUERY PLAN", 3)
        };
        statement.sql = format!("{explain} {}", statement.sql);
        let rows = self.read().query_all_raw(statement).await?;
        let lines: Result<Vec<String>, _> = rows
            .iter()
            .map(|row| row.try_get_by_index(column))
            .collect();
        Ok(lines?.join("\n"))
    }
}

/// What is looked for: words, all of which a row must hold.
#[derive(Debug, Clone)]
pub(crate) struct Search {
    backend: DbBackend,
    words: Vec<String>,
    /// The whole of it, as a name would be kept.
    phrase: String,
}

/// How well a row matches: the smaller, the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    MainName,
    OtherName,
    BeginsMainName,
    BeginsOtherName,
    WordsOfMainName,
    WordsOfNames,
    WithinMainName,
    Elsewhere,
}

impl Search {
    /// What a text looks for; nothing, if there is nothing in it.
    pub(crate) fn of(backend: DbBackend, text: Option<&str>) -> Option<Self> {
        let text = text?;
        let mut words = migrations::words(text);
        words.sort();
        words.dedup();
        let phrase = folded([text]);
        (!words.is_empty()).then_some(Self {
            backend,
            words,
            phrase,
        })
    }

    /// The rows that hold every word, found by the index.
    pub(crate) fn matching<E: EntityTrait>(&self, entity: E) -> Condition {
        self.containing(entity).add(self.in_question(entity))
    }

    /// The rows that the index names: all that hold every word, and a few that hold its characters
    /// in other places.
    pub(crate) fn in_question<E: EntityTrait>(&self, entity: E) -> SimpleExpr {
        let grams: Vec<_> = self.words.iter().flat_map(|word| grams(word)).collect();
        if self.backend == DbBackend::Postgres {
            let of_row = Func::cust("search_grams").arg(text(entity));
            let wanted = Func::cust("string_to_array").arg(grams.join(" ")).arg(" ");
            SimpleExpr::from(of_row).binary(BinOper::Custom("@>"), wanted)
        } else {
            let table = entity.table_name();
            let quoted = grams
                .iter()
                .map(|gram| format!("\"{}\"", gram.replace('"', "\"\"")));
            let quoted = quoted.collect::<Vec<_>>().join(" ");
            let numbers = Query::select()
                .column("rowid")
                .from(format!("{table}_gram"))
                .and_where(Expr::col(format!("{table}_gram")).matches(quoted))
                .take();
            let ids = Query::select()
                .column("id")
                .from(format!("{table}_gram_row"))
                .and_where(Expr::col("number").in_subquery(numbers))
                .take();
            Expr::col((entity, "id")).in_subquery(ids)
        }
    }

    /// The rows that hold every word, looked at one by one: for where an index is of no use,
    /// because what does not match is wanted as well.
    pub(crate) fn containing<E: EntityTrait>(&self, entity: E) -> Condition {
        let held = self
            .words
            .iter()
            .map(|word| self.place(text(entity), word).gt(0));
        held.fold(Condition::all(), Condition::add)
    }

    /// Restricts rows that are searched. SQLite knows too little of its tables to see that many
    /// rows are in a workspace and few are called so: it is told.
    pub(crate) fn among(&self, condition: Condition) -> Condition {
        if self.backend == DbBackend::Postgres || condition.is_empty() {
            return condition;
        }
        let likely = Func::cust("likely").arg(SimpleExpr::from(condition));
        Condition::all().add(SimpleExpr::from(likely))
    }

    /// The sort key of how well a row matches.
    pub(crate) fn sort_key<E: EntityTrait>(&self, entity: E) -> SortKey {
        let text = || text(entity);
        let line = || joined("\n", text());
        let lines = || line().binary(BinOper::Custom("||"), "\n");
        let phrase = self.phrase.as_str();
        // Where the main name ends.
        let end = || self.place(text().binary(BinOper::Custom("||"), "\n"), "\n");
        let begins_word = |word: &str| self.place(joined(" ", text()), &format!(" {word}"));
        let all = |holds: &dyn Fn(&str) -> SimpleExpr| {
            let each = self.words.iter().map(|word| holds(word));
            each.fold(Condition::all(), Condition::add)
        };
        let main_name = text()
            .eq(phrase)
            .or(self.place(text(), &format!("{phrase}\n")).eq(1));
        let names_begin = Expr::case(main_name, Rank::MainName.number())
            .case(
                self.place(lines(), &format!("\n{phrase}\n")).gt(0),
                Rank::OtherName.number(),
            )
            .case(
                self.place(text(), phrase).eq(1),
                Rank::BeginsMainName.number(),
            )
            .finally(Rank::BeginsOtherName.number());
        let words_begin = Expr::case(
            all(&|word| {
                let there = begins_word(word).gt(0);
                there.and(begins_word(word).lt(end()))
            }),
            Rank::WordsOfMainName.number(),
        )
        .case(
            all(&|word| {
                let first = self.place(line(), &format!("\n{word}")).gt(0);
                first.or(begins_word(word).gt(0))
            }),
            Rank::WordsOfNames.number(),
        )
        .case(
            all(&|word| self.place(text(), word).lt(end())),
            Rank::WithinMainName.number(),
        )
        .finally(Rank::Elsewhere.number());
        // One look parts the first four from the rest: where many match, few begin so.
        let begins = self.place(line(), &format!("\n{phrase}")).gt(0);
        let expression = Expr::case(begins, names_begin).finally(words_begin);
        SortKey {
            expression: expression.into(),
            kind: SortKind::Integer,
            direction: Direction::Ascending,
        }
    }

    /// What [`Search::sort_key`] is for a row that was found, as a cursor holds it.
    pub(crate) fn sort_value(&self, search_text: &str) -> String {
        self.rank(search_text).number().to_string()
    }

    fn rank(&self, text: &str) -> Rank {
        let phrase = self.phrase.as_str();
        let main = text.split('\n').next().unwrap_or_default();
        let names = || text.split('\n');
        let begins_word = |name: &str, word: &str| name.split(' ').any(|one| one.starts_with(word));
        let all = |holds: &dyn Fn(&str) -> bool| self.words.iter().all(|word| holds(word));
        if main == phrase {
            Rank::MainName
        } else if names().any(|name| name == phrase) {
            Rank::OtherName
        } else if main.starts_with(phrase) {
            Rank::BeginsMainName
        } else if names().any(|name| name.starts_with(phrase)) {
            Rank::BeginsOtherName
        } else if all(&|word| begins_word(main, word)) {
            Rank::WordsOfMainName
        } else if all(&|word| names().any(|name| begins_word(name, word))) {
            Rank::WordsOfNames
        } else if all(&|word| main.contains(word)) {
            Rank::WithinMainName
        } else {
            Rank::Elsewhere
        }
    }

    /// Where a part first stands in a text, from 1; 0 if it does not.
    fn place(&self, text: SimpleExpr, part: &str) -> SimpleExpr {
        let name = if self.backend == DbBackend::Postgres {
            "strpos"
        } else {
            "instr"
        };
        Func::cust(name).arg(text).arg(part).into()
    }
}

impl Rank {
    fn number(self) -> i32 {
        match self {
            Self::MainName => 0,
            Self::OtherName => 1,
            Self::BeginsMainName => 2,
            Self::BeginsOtherName => 3,
            Self::WordsOfMainName => 4,
            Self::WordsOfNames => 5,
            Self::WithinMainName => 6,
            Self::Elsewhere => 7,
        }
    }
}

/// What a row is called, all of it.
fn text<E: EntityTrait>(entity: E) -> SimpleExpr {
    Expr::col((entity, "search_text"))
}

/// What a word is looked up by: its characters two by two, or the one that it is.
fn grams(word: &str) -> Vec<String> {
    let characters: Vec<char> = word.chars().collect();
    if characters.len() < 2 {
        return vec![word.to_owned()];
    }
    let pairs = characters.windows(2).map(|pair| pair.iter().collect());
    pairs.collect()
}

/// A text with a character before it, so that what begins a text and what begins a line or a word
/// of it look alike.
fn joined(before: &'static str, text: SimpleExpr) -> SimpleExpr {
    Expr::val(before).binary(BinOper::Custom("||"), text)
}

#[cfg(test)]
mod tests {
    use super::{Rank, Search, grams};
    use sea_orm::DbBackend;

    #[test]
    fn a_better_match_ranks_before_a_worse_one() {
        let text = "zhang san feng\n张三丰\nthe taoist";
        for (search, rank) in [
            ("Zhang San Feng", Rank::MainName),
            ("张三丰", Rank::OtherName),
            ("zhang s", Rank::BeginsMainName),
            ("张三", Rank::BeginsOtherName),
            ("feng zh", Rank::WordsOfMainName),
            ("feng taoist 张", Rank::WordsOfNames),
            ("eng han", Rank::WithinMainName),
            ("eng 三", Rank::Elsewhere),
        ] {
            let search = Search::of(DbBackend::Sqlite, Some(search)).expect("words");
            assert_eq!(search.rank(text), rank, "{search:?}");
        }
    }

    #[test]
    fn a_word_is_looked_up_two_by_two() {
        assert_eq!(grams("李"), ["李"]);
        assert_eq!(grams("李明"), ["李明"]);
        assert_eq!(grams("anna"), ["an", "nn", "na"]);
    }
}
