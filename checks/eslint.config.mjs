import graphqlPlugin from "@graphql-eslint/eslint-plugin";
const schema = "schema.graphql";
const documents = "crates/graphql-api/src/http/graphiql/examples/*.graphql";
const base = { languageOptions: { parser: graphqlPlugin.parser, parserOptions: { graphQLConfig: { schema, documents } } }, plugins: { "@graphql-eslint": graphqlPlugin } };
const cfg = process.env.WHICH;
const rules = cfg==="ops" ? graphqlPlugin.configs["flat/operations-recommended"].rules : {...graphqlPlugin.configs["flat/schema-all"].rules, ...graphqlPlugin.configs["flat/schema-relay"].rules};
export default [{ files: ["**/*.graphql"], ...base, rules }];
