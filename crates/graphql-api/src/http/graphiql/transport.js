// Sends operations to this server; both pages at `/` use it.

// Relative to the page, so that it holds behind a proxy that mounts us below some path.
export const endpoint = new URL("graphql", document.baseURI);

/** The operations of a document in order: `{ kind, name, start }`; a shorthand query has no name. */
export function operations(source) {
  const found = [];
  const token =
    /"""(?:\\"""|[^])*?(?:"""|$)|"(?:\\.|[^"\\\n])*"?|#.*|[{}()]|[@$]?[A-Za-z_]\w*/g;
  let depth = 0;
  let open = null;
  for (const { 0: text, index } of source.matchAll(token)) {
    if (text === "(" || text === "{") {
      if (text === "{" && depth === 0) {
        if (!open) found.push({ kind: "query", name: null, start: index });
        open = null;
      }
      depth += 1;
    } else if (text === ")" || text === "}") {
      depth = Math.max(0, depth - 1);
    } else if (depth === 0 && /^[A-Za-z_]/.test(text)) {
      if (open) {
        if (open.wantsName) open.name = text;
        open.wantsName = false;
      } else {
        open = { kind: text, name: null, start: index, wantsName: true };
        if (text !== "fragment") found.push(open);
      }
    }
  }
  return found.map(({ kind, name, start }) => ({ kind, name, start }));
}

/** Posts one request. `stream` asks for server-sent events, which is how subscriptions answer. */
export function post({ query, variables, operationName }, { headers = {}, stream, signal } = {}) {
  const body = { query, variables: variables ?? undefined, operationName: operationName ?? undefined };
  return fetch(endpoint, {
    method: "POST",
    headers: {
      ...headers,
      "content-type": "application/json",
      accept: stream
        ? "text/event-stream, application/graphql-response+json;q=0.9"
        : "application/graphql-response+json, application/json;q=0.9",
    },
    body: JSON.stringify(body),
    credentials: "same-origin",
    signal,
  });
}

/** Every answer in a response: one of an ordinary request, any number of a subscription. */
export async function* answers(response) {
  const type = response.headers.get("content-type") ?? "";
  if (type.startsWith("text/event-stream")) {
    yield* events(response);
  } else {
    const text = await response.text();
    let answer;
    try {
      answer = JSON.parse(text);
    } catch {
      const said = `${response.status} ${response.statusText}`.trim();
      answer = { errors: [{ message: `The server answered ${said}, and not in JSON: ${text}`.trim() }] };
    }
    yield answer;
  }
}

async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let pending = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      pending = (pending + value).replaceAll("\r\n", "\n");
      const blocks = pending.split("\n\n");
      pending = blocks.pop();
      for (const block of blocks) {
        const lines = block.split("\n");
        const field = (name) =>
          lines
            .filter((line) => line.startsWith(`${name}:`))
            .map((line) => line.slice(name.length + 1).replace(/^ /, ""))
            .join("\n");
        if (field("event") === "complete") return;
        const data = field("data");
        if (data) yield JSON.parse(data);
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
