// An event, fetched again by its id.
import { graphql } from "relay-runtime";

export const query = graphql`
  query EventPageQuery($slug: String!) {
    event(slug: $slug) {
      ...EventPage_event
      ...ParticipantList_event
    }
  }
`;

export const page = graphql`
  fragment EventPage_event on Event @refetchable(queryName: "EventPageRefetchQuery") {
    ...EventRow_event
    organizations(role: HOST) {
      printedName
      organization { name aliases }
      delegation {
        quota
        head { printedName }
      }
    }
    appearances {
      role
      printedName
      onBehalfOf { ...PartyName_party }
    }
    agenda { ...AgendaItems_agenda }
    draftAgenda { ...AgendaItems_agenda }
    reports { url publishedAt publishedOn language }
  }
`;
