//! The schema language, as far as schemas of ours use it: enough to compare two schemas and to
//! write operations that reach every field of one.

use std::collections::BTreeMap;
use std::fmt;

/// A schema.
#[derive(Debug, Clone, Default)]
pub struct Sdl {
    /// Its types by name, without the built-in scalars.
    pub types: BTreeMap<String, Type>,
}

/// What kind of type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `scalar`
    Scalar,
    /// `type`
    Object,
    /// `interface`
    Interface,
    /// `union`
    Union,
    /// `enum`
    Enum,
    /// `input`
    Input,
}

/// A type.
#[derive(Debug, Clone)]
pub struct Type {
    /// What kind of type.
    pub kind: Kind,
    /// Its description.
    pub description: Option<String>,
    /// What is said of it with `@`.
    pub directives: Vec<Directive>,
    /// The interfaces that it implements.
    pub implements: Vec<String>,
    /// Its fields, or input fields.
    pub fields: BTreeMap<String, Field>,
    /// The types of a union.
    pub members: Vec<String>,
    /// The values of an enum, with their descriptions.
    pub values: BTreeMap<String, Option<String>>,
}

/// A field, or an input field.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its description.
    pub description: Option<String>,
    /// Its arguments.
    pub arguments: BTreeMap<String, Argument>,
    /// What it gives, or takes.
    pub of: TypeRef,
    /// The default of an input field.
    pub default: Option<String>,
    /// What is said of it with `@`.
    pub directives: Vec<Directive>,
}

impl Field {
    /// The permission that `@requires` names.
    pub fn requires(&self) -> Option<&str> {
        let directive = self
            .directives
            .iter()
            .find(|directive| directive.name == "requires")?;
        directive.arguments.get("permission").map(String::as_str)
    }
}

/// An argument.
#[derive(Debug, Clone)]
pub struct Argument {
    /// Its description.
    pub description: Option<String>,
    /// What it takes.
    pub of: TypeRef,
    /// What it is where nothing is given.
    pub default: Option<String>,
}

/// `@name(argument: value)`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// Its name.
    pub name: String,
    /// Its arguments, as written.
    pub arguments: BTreeMap<String, String>,
}

/// A type as a field refers to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeRef {
    /// `Name`
    Named(String),
    /// `[…]`
    List(Box<TypeRef>),
    /// `…!`
    NonNull(Box<TypeRef>),
}

impl TypeRef {
    /// The type inside all lists.
    pub fn name(&self) -> &str {
        match self {
            Self::Named(name) => name,
            Self::List(inner) | Self::NonNull(inner) => inner.name(),
        }
    }

    /// Whether it may be null.
    pub fn is_nullable(&self) -> bool {
        !matches!(self, Self::NonNull(_))
    }

    /// Whether it is a list.
    pub fn is_list(&self) -> bool {
        match self {
            Self::Named(_) => false,
            Self::List(_) => true,
            Self::NonNull(inner) => inner.is_list(),
        }
    }
}

impl fmt::Display for TypeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::List(inner) => write!(f, "[{inner}]"),
            Self::NonNull(inner) => write!(f, "{inner}!"),
        }
    }
}

impl Sdl {
    /// The schema that the product serves.
    pub fn served() -> Self {
        Self::parse(&graphql_api::sdl())
    }

    /// Reads a schema, and panics at what it cannot read.
    pub fn parse(text: &str) -> Self {
        let mut reader = Reader {
            tokens: tokens(text),
            next: 0,
        };
        let mut sdl = Self::default();
        while reader.peek().is_some() {
            reader.definition(&mut sdl);
        }
        sdl
    }

    /// The type of this name.
    pub fn of(&self, name: &str) -> &Type {
        self.types
            .get(name)
            .unwrap_or_else(|| panic!("no type {name}"))
    }

    /// The object types that a type of this name may turn out to be; none for scalars and enums.
    pub fn objects(&self, name: &str) -> Vec<&str> {
        let Some((name, of)) = self.types.get_key_value(name) else {
            return Vec::new();
        };
        match of.kind {
            Kind::Object => vec![name.as_str()],
            Kind::Union => of.members.iter().map(String::as_str).collect(),
            Kind::Interface => {
                let implementing = self
                    .types
                    .iter()
                    .filter(|(_, one)| one.kind == Kind::Object && one.implements.contains(name));
                implementing.map(|(name, _)| name.as_str()).collect()
            }
            Kind::Scalar | Kind::Enum | Kind::Input => Vec::new(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// A name, a number or punctuation.
    Word(String),
    /// A string or a block string, without its quotes.
    Text(String),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace() || first == ',' {
            rest = &rest[first.len_utf8()..];
        } else if first == '#' {
            rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
        } else if let Some(block) = rest.strip_prefix("\"\"\"") {
            let (content, after) = block.split_once("\"\"\"").expect("a block string ends");
            tokens.push(Token::Text(content.trim().to_owned()));
            rest = after;
        } else if let Some(string) = rest.strip_prefix('"') {
            // Escapes stay as they are written: nothing here depends on them.
            let mut escaped = false;
            let end = string
                .find(|character| {
                    let ends = character == '"' && !escaped;
                    escaped = character == '\\' && !escaped;
                    ends
                })
                .expect("a string ends");
            tokens.push(Token::Text(string[..end].to_owned()));
            rest = &string[end + 1..];
        } else {
            let is_name = |character: char| {
                character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.')
            };
            let length = rest
                .find(|character| !is_name(character))
                .unwrap_or(rest.len());
            let length = length.max(first.len_utf8());
            tokens.push(Token::Word(rest[..length].to_owned()));
            rest = &rest[length..];
        }
    }
    tokens
}

struct Reader {
    tokens: Vec<Token>,
    next: usize,
}

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn is_at(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(found)) if found == word)
    }

    fn skip(&mut self, word: &str) -> bool {
        let found = self.is_at(word);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, word: &str) {
        assert!(self.skip(word), "`{word}` expected, not {:?}", self.peek());
    }

    fn word(&mut self) -> String {
        match self.tokens.get(self.next) {
            Some(Token::Word(word)) => {
                self.next += 1;
                word.clone()
            }
            other => panic!("a word expected, not {other:?}"),
        }
    }

    fn description(&mut self) -> Option<String> {
        let Some(Token::Text(text)) = self.tokens.get(self.next) else {
            return None;
        };
        self.next += 1;
        Some(text.clone())
    }

    fn definition(&mut self, sdl: &mut Sdl) {
        let description = self.description();
        let kind = match self.word().as_str() {
            "scalar" => Kind::Scalar,
            "type" => Kind::Object,
            "interface" => Kind::Interface,
            "union" => Kind::Union,
            "enum" => Kind::Enum,
            "input" => Kind::Input,
            "directive" => return self.directive_definition(),
            "schema" => {
                while !self.skip("}") {
                    self.next += 1;
                }
                return;
            }
            other => panic!("`{other}` begins no definition"),
        };
        let name = self.word();
        let mut implements = Vec::new();
        if self.skip("implements") {
            self.skip("&");
            implements.push(self.word());
            while self.skip("&") {
                implements.push(self.word());
            }
        }
        let directives = self.directives();
        let mut of = Type {
            kind,
            description,
            directives,
            implements,
            fields: BTreeMap::new(),
            members: Vec::new(),
            values: BTreeMap::new(),
        };
        match kind {
            Kind::Scalar => {}
            Kind::Union => {
                self.expect("=");
                self.skip("|");
                of.members.push(self.word());
                while self.skip("|") {
                    of.members.push(self.word());
                }
            }
            Kind::Enum => {
                self.expect("{");
                while !self.skip("}") {
                    let description = self.description();
                    of.values.insert(self.word(), description);
                    self.directives();
                }
            }
            Kind::Object | Kind::Interface | Kind::Input => {
                self.expect("{");
                while !self.skip("}") {
                    let (name, field) = self.field();
                    of.fields.insert(name, field);
                }
            }
        }
        assert!(
            sdl.types.insert(name.clone(), of).is_none(),
            "{name} is defined twice"
        );
    }

    fn directive_definition(&mut self) {
        self.expect("@");
        self.word();
        if self.is_at("(") {
            self.arguments();
        }
        self.skip("repeatable");
        self.expect("on");
        self.skip("|");
        self.word();
        while self.skip("|") {
            self.word();
        }
    }

    fn field(&mut self) -> (String, Field) {
        let description = self.description();
        let name = self.word();
        let arguments = if self.is_at("(") {
            self.arguments()
        } else {
            BTreeMap::new()
        };
        self.expect(":");
        let of = self.type_ref();
        let default = self.default();
        let directives = self.directives();
        (
            name,
            Field {
                description,
                arguments,
                of,
                default,
                directives,
            },
        )
    }

    fn arguments(&mut self) -> BTreeMap<String, Argument> {
        self.expect("(");
        let mut arguments = BTreeMap::new();
        while !self.skip(")") {
            let (name, field) = self.field();
            let Field {
                description,
                of,
                default,
                ..
            } = field;
            arguments.insert(
                name,
                Argument {
                    description,
                    of,
                    default,
                },
            );
        }
        arguments
    }

    fn type_ref(&mut self) -> TypeRef {
        let inner = if self.skip("[") {
            let inner = self.type_ref();
            self.expect("]");
            TypeRef::List(Box::new(inner))
        } else {
            TypeRef::Named(self.word())
        };
        if self.skip("!") {
            TypeRef::NonNull(Box::new(inner))
        } else {
            inner
        }
    }

    fn default(&mut self) -> Option<String> {
        self.skip("=").then(|| self.value())
    }

    fn value(&mut self) -> String {
        if self.skip("[") {
            let mut values = Vec::new();
            while !self.skip("]") {
                values.push(self.value());
            }
            return format!("[{}]", values.join(", "));
        }
        match self.description() {
            Some(text) => text,
            None => self.word(),
        }
    }

    fn directives(&mut self) -> Vec<Directive> {
        let mut directives = Vec::new();
        while self.skip("@") {
            let name = self.word();
            let mut arguments = BTreeMap::new();
            if self.skip("(") {
                while !self.skip(")") {
                    let name = self.word();
                    self.expect(":");
                    arguments.insert(name, self.value());
                }
            }
            directives.push(Directive { name, arguments });
        }
        directives
    }
}
