// A person or an organization.
import { graphql } from "relay-runtime";

export const party = graphql`
  fragment PartyName_party on Party {
    __typename
    ... on Person { name }
    ... on Organization { name }
    ... on Node { id }
  }
`;
