// Two lists of events, one read forwards and one backwards.
import { graphql } from "relay-runtime";

export const query = graphql`
  query EventListQuery($filter: EventFilter, $last: Int!) {
    viewer {
      account { name }
      workspaces { id name }
    }
    ...EventList_forward @arguments(filter: $filter)
    ...EventList_backward @arguments(last: $last)
  }
`;

export const forward = graphql`
  fragment EventList_forward on Query
  @refetchable(queryName: "EventListForwardQuery")
  @argumentDefinitions(
    filter: { type: "EventFilter" }
    orderBy: { type: "[EventOrder!]", defaultValue: [{ field: STARTS_ON, direction: DESC }] }
    first: { type: "Int", defaultValue: 25 }
    after: { type: "String" }
  ) {
    events(filter: $filter, orderBy: $orderBy, first: $first, after: $after)
      @connection(key: "EventList_events", filters: ["filter", "orderBy"]) {
      totalCount
      edges {
        node {
          id
          ...EventRow_event
        }
      }
    }
  }
`;

export const backward = graphql`
  fragment EventList_backward on Query
  @refetchable(queryName: "EventListBackwardQuery")
  @argumentDefinitions(last: { type: "Int", defaultValue: 25 }, before: { type: "String" }) {
    latest: events(last: $last, before: $before) @connection(key: "EventList_latest") {
      edges {
        node { ...EventRow_event }
      }
    }
  }
`;

export const row = graphql`
  fragment EventRow_event on Event {
    slug
    kind
    status
    title
    localTitle: title(language: "zh-Hans")
    time { startsOn endsOn dayPart precision startsAtLocal timeZone }
  }
`;
