"""What an answer must be: no server error, every error with its code, and data as the schema says."""

import re

import graphql
from graphql import language as ast

CODES = {
    "BAD_REQUEST", "BAD_USER_INPUT", "UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "RATE_LIMITED",
    "QUERY_TOO_COMPLEX",
}  # INTERNAL is of the closed list as well, and never right.  # fmt: skip
SCALARS = {
    "ID": str, "String": str, "Boolean": bool, "Int": int, "Float": (int, float), "Date": str,
    "DateTime": str, "LocalDateTime": str, "TimeZone": str, "LanguageTag": str, "URL": str,
}  # fmt: skip
SHAPES = {
    "Date": r"\d{4}-\d\d-\d\d",
    "DateTime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z",
    "LocalDateTime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d",
    "ID": r"[a-z]{3}_[0-9a-f]{32}",
    "LanguageTag": r"[A-Za-z0-9-]+",
}


class Verdict:
    def __init__(self):
        self.faults = []  # what is wrong with the answer
        self.codes = []  # of top-level errors
        self.user_codes = []  # of userErrors
        self.reached = False  # whether a field of the root gave something, and nothing was wrong

    def fault(self, words):
        if len(self.faults) < 5:
            self.faults.append(words)


def judge(schema, document, status, content_type, body, variables):
    verdict = Verdict()
    if status >= 500:
        verdict.fault(f"HTTP status {status}")
    if not re.match(r"application/(graphql-response\+)?json", content_type or ""):
        verdict.fault(f"content type {content_type}")
    if not isinstance(body, dict) or not body.keys() <= {"data", "errors", "extensions"}:
        verdict.fault("the answer is no GraphQL answer")
        return verdict
    errors = body.get("errors", [])
    if "errors" in body and not (isinstance(errors, list) and errors):
        verdict.fault("an empty list of errors")
    if "data" not in body and not errors:
        verdict.fault("neither data nor errors")
    for error in errors:
        code = (error.get("extensions") or {}).get("code")
        verdict.codes.append(code)
        if code not in CODES:
            verdict.fault(f"an error with the code {code}: {error.get('message')}")
        if not error.get("message") or not isinstance(error["message"], str):
            verdict.fault("an error without a message")
        if "path" in error and "data" in body and not is_blank_at(body["data"], error["path"]):
            verdict.fault(f"an error at {error['path']}, where there is an answer")
    data = body.get("data")
    if data is None:
        return verdict
    operation = next(one for one in document.definitions if isinstance(one, ast.OperationDefinitionNode))
    root = schema.get_root_type(operation.operation)
    walk(schema, verdict, [operation.selection_set], root, data, ())
    for field in operation.selection_set.selections:
        payload = data.get((field.alias or field.name).value)
        # Only at the root: a payload is never further in.
        if payload is not None and operation.operation is graphql.OperationType.MUTATION:
            judge_payload(schema, verdict, root, field, payload, variables)
    if not verdict.codes and not verdict.user_codes:
        verdict.reached = any(value is not None for value in data.values())
    return verdict


def is_blank_at(data, path):
    for step in path:
        if data is None:
            return True
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return False
    return data is None


def walk(schema, verdict, selection_sets, type_, value, path):
    """Whether a value is what was asked for of a type."""
    if graphql.is_non_null_type(type_):
        if value is None:
            verdict.fault(f"null at {spell(path)}, which is not nullable")
            return
        type_ = type_.of_type
    if value is None:
        return
    if graphql.is_list_type(type_):
        if not isinstance(value, list):
            verdict.fault(f"no list at {spell(path)}")
            return
        for place, one in enumerate(value):
            walk(schema, verdict, selection_sets, type_.of_type, one, (*path, place))
        return
    if graphql.is_enum_type(type_):
        if value not in type_.values:
            verdict.fault(f"{value!r} at {spell(path)} is no {type_.name}")
        return
    if graphql.is_scalar_type(type_):
        python = SCALARS[type_.name]
        right = isinstance(value, python) and not (python is not bool and isinstance(value, bool))
        if right and type_.name in SHAPES and not re.fullmatch(SHAPES[type_.name], value):
            right = False
        if right and type_.name == "Int" and not -(2**31) <= value < 2**31:
            right = False
        if not right:
            verdict.fault(f"{value!r} at {spell(path)} is no {type_.name}")
        return
    if not isinstance(value, dict):
        verdict.fault(f"no object at {spell(path)}")
        return
    concrete = type_
    if graphql.is_abstract_type(type_):
        concrete = schema.type_map.get(value.get("__typename"))
        if concrete is None:
            return  # not asked for, so nothing can be said
        if not schema.is_sub_type(type_, concrete):
            verdict.fault(f"{concrete.name} at {spell(path)} is no {type_.name}")
            return
    asked = {}
    for selection_set in selection_sets:
        collect(schema, concrete, selection_set, asked)
    if asked.keys() != value.keys():
        verdict.fault(f"at {spell(path)} {sorted(asked)} was asked for, and {sorted(value)} came")
        return
    for key, fields in asked.items():
        name = fields[0].name.value
        if name == "__typename":
            if value[key] != concrete.name:
                verdict.fault(f"__typename {value[key]} at {spell(path)}")
            continue
        inner = [field.selection_set for field in fields if field.selection_set]
        walk(schema, verdict, inner, concrete.fields[name].type, value[key], (*path, key))


def collect(schema, type_, selection_set, into):
    for selection in selection_set.selections:
        if isinstance(selection, ast.FieldNode):
            into.setdefault((selection.alias or selection.name).value, []).append(selection)
        elif isinstance(selection, ast.InlineFragmentNode):
            condition = selection.type_condition
            condition = schema.type_map[condition.name.value] if condition else type_
            if condition is type_ or (graphql.is_abstract_type(condition) and schema.is_sub_type(condition, type_)):
                collect(schema, type_, selection.selection_set, into)


def judge_payload(schema, verdict, root, field, payload, variables):
    """Every problem has code, message and a path that leads somewhere; without one, there is a thing."""
    name = field.name.value
    errors = payload.get("userErrors")
    if errors is None:
        return
    rows = [
        error
        for result in payload.get("results") or []
        if isinstance(result, dict)
        for error in result.get("userErrors") or []
    ]
    given = {
        argument.name.value: graphql.value_from_ast_untyped(argument.value, variables) for argument in field.arguments
    }
    for error in errors + rows:
        if "code" not in error or "path" not in error:
            continue
        verdict.user_codes.append(error["code"])
        if not error["message"] or not error["message"].strip():
            verdict.fault("a problem without a message")
        lost = follow(root.fields[name].args, given, error["path"])
        if lost:
            verdict.fault(f"the path {error['path']} of a problem ({error['message']}) {lost}")
    type_ = graphql.get_nullable_type(root.fields[name].type)
    if errors or rows or "results" in type_.fields:
        return
    for key, value in payload.items():
        inner = type_.fields.get(key)
        rehearsed = given.get("input", {}).get("dryRun")
        if value is None and inner and graphql.is_object_type(inner.type) and not rehearsed and not verdict.codes:
            verdict.fault(f"no {key}, and nothing was wrong")


def follow(arguments, given, path):
    """Why a path leads nowhere in the input; None if it does not."""
    if not path:
        return "is empty"
    if path[0] not in arguments:
        return "does not begin at an argument"
    type_, value = arguments[path[0]].type, given.get(path[0])
    for step in path[1:]:
        type_ = graphql.get_nullable_type(type_)
        if graphql.is_list_type(type_):
            if not step.isdigit() or not isinstance(value, list) or int(step) >= len(value):
                return f"leaves the input at {step}"
            type_, value = type_.of_type, value[int(step)]
        elif graphql.is_input_object_type(type_):
            if step not in type_.fields:
                return f"leaves the input at {step}"
            type_, value = type_.fields[step].type, value.get(step) if isinstance(value, dict) else None
        else:
            # Within the text of a document, whose members the schema does not know.
            return None if path[:2] == ["input", "document"] else f"leaves the input at {step}"
    return None


def spell(path):
    return ".".join(map(str, path)) or "the root"
