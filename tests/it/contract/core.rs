//! The core of the schema that the contract fixes: all of it that is built must be as it stands.

use tests::{Argument, Field, Kind, Sdl, Type, TypeRef};

use super::contract;

/// What the core of the schema has and the product does not have yet, with the reason.
const NOT_BUILT_YET: &[(&str, &str)] = &[
    ("Mutation.participantRegister", "registration"),
    ("ParticipantRegisterInput", "registration"),
    ("ParticipantRegisterPayload", "registration"),
    ("CapacityExceededError", "no mutation takes a place yet"),
    ("Subscription", "live changes"),
    ("AgendaChange", "live changes"),
];

#[test]
fn the_schema_holds_the_core_of_the_contract() {
    let Some(core) = contract("core.graphql") else {
        return;
    };
    let mut found = missing(&Sdl::parse(&core), &Sdl::served());
    for (name, reason) in NOT_BUILT_YET {
        assert!(!reason.is_empty());
        match found.iter().position(|one| one == name) {
            Some(place) => drop(found.remove(place)),
            None => found.push(format!("{name} is there, or not in the core: strike it")),
        }
    }
    assert!(
        found.is_empty(),
        "the schema breaks the contract:\n{}",
        found.join("\n")
    );
}

#[test]
fn a_breach_of_the_contract_is_found() {
    let core = Sdl::parse(
        "type Query { a(x: Int): [A!]! b: String! c: String } type A implements N { id: ID! }
         interface N { id: ID! } enum E { ONE TWO } union U = A | B type B { id: ID! }
         input I { x: Int y: Boolean! = false } scalar S",
    );
    assert_eq!(missing(&core, &core), Vec::<String>::new());
    let broken = Sdl::parse(
        "type Query { a(x: Int!, z: Int!): [A]! b: String c: String! } type A { id: ID! }
         interface N { id: ID! } enum E { ONE THREE } union U = A type B { id: ID! }
         input I { x: Int! y: Boolean! = true z: Int! } type S { id: ID! }",
    );
    assert_eq!(
        missing(&core, &broken),
        [
            "A implements N",
            "E.TWO",
            "I.x: Int! is not Int",
            "I.y: its default is not false",
            "I.z is new and must be given",
            "Query.a(x): Int! is not Int",
            "Query.a(z) is new and must be given",
            "Query.a: [A]! is not [A!]!",
            "Query.b: String is not String!",
            "S is not a Scalar",
            "U = B",
        ]
    );
}

/// What the core promises and the schema does not keep.
fn missing(core: &Sdl, schema: &Sdl) -> Vec<String> {
    let mut found = Vec::new();
    for (name, promised) in &core.types {
        match schema.types.get(name) {
            None => found.push(name.clone()),
            Some(kept) if kept.kind != promised.kind => {
                found.push(format!("{name} is not a {:?}", promised.kind));
            }
            Some(kept) => missing_in(name, promised, kept, &mut found),
        }
    }
    found.sort();
    found
}

fn missing_in(name: &str, promised: &Type, kept: &Type, found: &mut Vec<String>) {
    let interfaces = promised
        .implements
        .iter()
        .filter(|one| !kept.implements.contains(one));
    found.extend(interfaces.map(|one| format!("{name} implements {one}")));
    let members = promised
        .members
        .iter()
        .filter(|one| !kept.members.contains(one));
    found.extend(members.map(|one| format!("{name} = {one}")));
    let values = promised
        .values
        .keys()
        .filter(|one| !kept.values.contains_key(*one));
    found.extend(values.map(|one| format!("{name}.{one}")));
    let input = promised.kind == Kind::Input;
    for (field, promised) in &promised.fields {
        let place = format!("{name}.{field}");
        let Some(kept) = kept.fields.get(field) else {
            found.push(place);
            continue;
        };
        if input {
            missing_input(&place, &argument(promised), &argument(kept), found);
            continue;
        }
        if !gives(&kept.of, &promised.of) {
            found.push(format!("{place}: {} is not {}", kept.of, promised.of));
        }
        for (argument, promised) in &promised.arguments {
            let place = format!("{place}({argument})");
            match kept.arguments.get(argument) {
                None => found.push(place),
                Some(kept) => missing_input(&place, promised, kept, found),
            }
        }
        for (argument, kept) in &kept.arguments {
            if !promised.arguments.contains_key(argument) && must_be_given(kept) {
                found.push(format!("{place}({argument}) is new and must be given"));
            }
        }
    }
    for (field, kept) in kept.fields.iter().filter(|_| input) {
        if !promised.fields.contains_key(field) && must_be_given(&argument(kept)) {
            found.push(format!("{name}.{field} is new and must be given"));
        }
    }
}

fn argument(field: &Field) -> Argument {
    Argument {
        description: None,
        of: field.of.clone(),
        default: field.default.clone(),
    }
}

fn must_be_given(argument: &Argument) -> bool {
    !argument.of.is_nullable() && argument.default.is_none()
}

fn missing_input(place: &str, promised: &Argument, kept: &Argument, found: &mut Vec<String>) {
    // What is promised to be taken must be taken: the other way round than what is given.
    if !gives(&promised.of, &kept.of) {
        found.push(format!("{place}: {} is not {}", kept.of, promised.of));
    }
    if let Some(default) = &promised.default
        && kept.default.as_ref() != Some(default)
    {
        found.push(format!("{place}: its default is not {default}"));
    }
}

/// Whether whoever expects `wanted` can live with `given`.
fn gives(given: &TypeRef, wanted: &TypeRef) -> bool {
    match (given, wanted) {
        (TypeRef::NonNull(given), TypeRef::NonNull(wanted))
        | (TypeRef::List(given), TypeRef::List(wanted)) => gives(given, wanted),
        (TypeRef::NonNull(given), wanted) => gives(given, wanted),
        (TypeRef::Named(given), TypeRef::Named(wanted)) => given == wanted,
        _ => false,
    }
}
