// GraphQL's reference implementation: the schema is one, is sorted, and fits the operations that
// GraphiQL opens on.
import { join } from "node:path";

import { buildASTSchema, isEnumType, lexicographicSortSchema, specifiedScalarTypes, validate, validateSchema } from "graphql";

import { Fault, examples, filesIn, parseFile, root, schemaFile, version } from "./tools.mjs";

export function schema() {
  const schema = readSchema();
  const enums = Object.values(schema.getTypeMap()).filter((type) => isEnumType(type) && !type.name.startsWith("__"));
  const sorted = lexicographicSortSchema(schema);
  for (const { name } of enums) {
    const order = (of) => of.getType(name).getValues().map((value) => value.name).join(" ");
    if (order(schema) !== order(sorted)) throw new Fault(`the values of ${name} are not sorted`);
  }
  const operations = filesIn(join(root, examples), ".graphql");
  if (operations.length === 0) throw new Fault("no operations were found");
  for (const file of operations) mustBeValid(schema, file);
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !type.name.startsWith("__") && !specifiedScalarTypes.includes(type),
  );
  return `graphql ${version("graphql")}: ${types.length} types are valid, and so are the ${operations.length} example operations`;
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
