// GraphQL's reference implementation: the schema is one, is sorted, and fits the operations that
// GraphiQL opens on.
import { join } from "node:path";

import {
  buildASTSchema,
  isTypeDefinitionNode,
  specifiedScalarTypes,
  validate,
  validateSchema,
  visit,
} from "graphql";

import { Fault, examples, filesIn, parseFile, root, schemaFile, version } from "./tools.mjs";

export function schema() {
  const schema = readSchema();
  mustBeSorted(parseFile(schemaFile));
  const operations = filesIn(join(root, examples), ".graphql");
  if (operations.length === 0) throw new Fault("no operations were found");
  for (const file of operations) mustBeValid(schema, file);
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !type.name.startsWith("__") && !specifiedScalarTypes.includes(type),
  );
  return `graphql ${version("graphql")}: ${types.length} types, valid and sorted; valid, too, the ${operations.length} example operations`;
}

/** The committed schema, or a fault if it is none. */
export function readSchema(file = schemaFile) {
  let schema;
  try {
    schema = buildASTSchema(parseFile(file));
  } catch (error) {
    throw new Fault(error.toString());
  }
  const errors = validateSchema(schema);
  if (errors.length > 0) throw new Fault(errors.join("\n\n"));
  return schema;
}

export function mustBeValid(schema, file) {
  const errors = validate(schema, parseFile(file));
  if (errors.length > 0) throw new Fault(errors.join("\n\n"));
}

/** Types, fields, arguments and values, each list by code point. */
function mustBeSorted(document) {
  const check = (where, nodes = []) => {
    const names = nodes.map(({ name }) => name.value);
    const at = names.findIndex((name, index) => index > 0 && name < names[index - 1]);
    if (at > 0) throw new Fault(`${where}: ${names[at]} stands after ${names[at - 1]}`);
  };
  check("schema.graphql", document.definitions.filter(isTypeDefinitionNode));
  visit(document, {
    enter(node) {
      for (const list of ["fields", "arguments", "values"]) {
        // A value may be a list as well, whose order is its meaning.
        if (node.kind.endsWith("Definition")) check(node.name?.value, node[list]);
      }
    },
  });
}
