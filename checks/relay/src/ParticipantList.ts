// Who takes part in an event: a list in a node, null for those who may not see it.
import { graphql } from "relay-runtime";

export const participants = graphql`
  fragment ParticipantList_event on Event
  @refetchable(queryName: "ParticipantListPageQuery")
  @argumentDefinitions(
    filter: { type: "ParticipantFilter" }
    first: { type: "Int", defaultValue: 25 }
    after: { type: "String" }
  ) {
    participants(filter: $filter, first: $first, after: $after)
      @connection(key: "ParticipantList_participants", filters: ["filter"]) {
      totalCount
      edges {
        node {
          id
          printedName
          printedPosts
          category
          status
          representing { name }
          onBehalfOf { ...PartyName_party }
        }
      }
    }
  }
`;
