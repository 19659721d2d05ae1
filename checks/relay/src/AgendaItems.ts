// An agenda, whole.
import { graphql } from "relay-runtime";

export const agenda = graphql`
  fragment AgendaItems_agenda on Agenda {
    revision
    publishedAt
    items {
      id
      kind
      title
      startsAt
      parent { id }
      room { name venue { name } }
      appearances(role: SPEAKER) {
        printedName
        printedPosts
        group { description expectedCount }
        onBehalfOf { ...PartyName_party }
      }
    }
  }
`;
