// Opens GraphiQL on the example operations. React, ReactDOM and GraphiQL are globals of the
// scripts before this one.
import { answers, operations, post } from "./transport.js";

const { createElement } = window.React;

// An empty bearer is no token: one can run the public examples before filling it in.
const HEADERS = `{
  "Authorization": "Bearer "
}`;

async function* fetcher({ query, variables, operationName }, { headers } = {}) {
  const kept = Object.entries(headers ?? {}).filter(([, value]) => !/^bearer\s*$/i.test(value));
  const all = operations(query);
  const chosen = all.find(({ name }) => name === operationName) ?? all[0];
  const stop = new AbortController();
  try {
    const request = { query, variables, operationName };
    const stream = chosen?.kind === "subscription";
    const options = { headers: Object.fromEntries(kept), stream, signal: stop.signal };
    yield* answers(await post(request, options));
  } finally {
    stop.abort();
  }
}

const examples = await (await fetch(new URL("examples.json", import.meta.url))).json();
const tabs = examples.map(({ query, variables }) => ({ query, variables, headers: HEADERS }));

// What GraphiQL 4 keeps between visits, less the headers: a token has no business in there, and
// its history of requests would keep them even with `shouldPersistHeaders` off.
const LISTS = ["graphiql:tabState", "graphiql:queries", "graphiql:favorites"];
const storage = {
  getItem: (key) => localStorage.getItem(key),
  setItem(key, value) {
    if (key === "graphiql:headers") return;
    localStorage.setItem(key, LISTS.includes(key) ? withoutHeaders(value) : value);
  },
  removeItem: (key) => localStorage.removeItem(key),
  clear: () => stored().forEach((key) => localStorage.removeItem(key)),
  get length() {
    return stored().length;
  },
};

function stored() {
  return Object.keys(localStorage).filter((key) => key.startsWith("graphiql:"));
}

function withoutHeaders(value) {
  return JSON.stringify(JSON.parse(value, (key, part) => (key === "headers" ? null : part)));
}

// On a first visit GraphiQL takes the query of the first tab but not its variables, and after a
// reload it would not know that tab again. It does if both look like what was left here last time.
if (storage.getItem("graphiql:tabState") === null) {
  storage.setItem("graphiql:query", tabs[0].query);
  storage.setItem("graphiql:variables", tabs[0].variables);
}

window.ReactDOM.createRoot(document.getElementById("graphiql")).render(
  createElement(window.GraphiQL, {
    fetcher,
    storage,
    defaultTabs: tabs,
    defaultHeaders: HEADERS,
    defaultEditorToolsVisibility: "headers",
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
    showPersistHeadersSettings: false,
    inputValueDeprecation: true,
    schemaDescription: true,
  }),
);
