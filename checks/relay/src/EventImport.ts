// A document brought in, and its event put first in the lists that are on the screen.
import { graphql } from "relay-runtime";

export const mutation = graphql`
  mutation EventImportMutation($input: EventImportInput!, $connections: [ID!]!) {
    eventImport(input: $input) {
      event @prependNode(connections: $connections, edgeTypeName: "EventEdge") {
        ...EventPage_event
      }
      changes { created updated removed unchanged }
      userErrors {
        __typename
        code
        message
        path
      }
    }
  }
`;
