// The built-in console: write an operation, run it, read the answer and the schema.
import { answers, endpoint, operations, post } from "./transport.js";

const byId = (id) => document.getElementById(id);

/** An element with attributes, listeners (`onclick`) and children; text is always text. */
function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

// Colours

const GRAPHQL =
  /(?<comment>#.*)|(?<string>"""[^]*?(?:"""|$)|"(?:\\.|[^"\\\n])*"?)|(?<variable>\$\w+)|(?<keyword>\b(?:query|mutation|subscription|fragment|on|true|false|null)\b|@\w+)|(?<number>-?\b\d[\d.eE+-]*)|(?<name>\b[A-Z]\w*)/g;
const JSON_TEXT =
  /(?<key>"(?:\\.|[^"\\\n])*"(?=\s*:))|(?<string>"(?:\\.|[^"\\\n])*"?)|(?<keyword>\b(?:true|false|null)\b)|(?<number>-?\b\d[\d.eE+-]*)/g;

// A browser draws so many spans without a pause; longer texts stay plain.
const MOST_COLOURED = 300_000;

function coloured(text, grammar) {
  if (text.length > MOST_COLOURED) return [text];
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(grammar)) {
    const [kind] = Object.entries(match.groups).find(([, value]) => value !== undefined);
    if (match.index > end) parts.push(text.slice(end, match.index));
    parts.push(el("span", { class: kind }, match[0]));
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return parts;
}

// Editors

function editor(id, grammar, changed = () => {}) {
  const area = byId(id);
  const copy = area.previousElementSibling;
  const draw = () => {
    // The last line needs something after its end, or the copy is one line shorter.
    copy.replaceChildren(...coloured(area.value, grammar), "\n");
    follow();
  };
  const follow = () => {
    copy.style.transform = `translate(${-area.scrollLeft}px, ${-area.scrollTop}px)`;
  };
  area.addEventListener("scroll", follow);
  area.addEventListener("input", () => {
    draw();
    changed();
  });
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.isComposing) {
      const before = area.value.slice(0, area.selectionStart);
      const line = before.slice(before.lastIndexOf("\n") + 1);
      const deeper = /[{([]\s*$/.test(line) ? "  " : "";
      event.preventDefault();
      write(area, `\n${line.match(/^ */)[0]}${deeper}`);
    } else if (event.key === "}" && area.selectionStart === area.selectionEnd) {
      const before = area.value.slice(0, area.selectionStart);
      if (/\n {2,}$/.test(before)) {
        event.preventDefault();
        area.selectionStart -= 2;
        write(area, "}");
      }
    }
  });
  draw();
  return {
    area,
    get text() {
      return area.value;
    },
    /** Replaces everything, so that one can still undo it. */
    set text(text) {
      if (area.value === text) return;
      const hadFocus = document.activeElement;
      area.focus({ preventScroll: true });
      area.select();
      write(area, text);
      area.setSelectionRange(0, 0);
      area.scrollTo(0, 0);
      if (hadFocus !== area) hadFocus?.focus?.({ preventScroll: true });
    },
  };
}

function write(area, text) {
  // The only way to write into a text area that the browser can undo.
  const written = document.execCommand(text === "" ? "delete" : "insertText", false, text);
  if (!written) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input"));
  }
}

const query = editor("query", GRAPHQL, () => {
  remember();
  nameOperation();
});
const variables = editor("variables", JSON_TEXT, remember);
const headers = editor("headers", JSON_TEXT);

/** The operation that the caret is in: what Run runs. */
function chosenOperation() {
  const all = operations(query.text);
  const before = all.filter(({ start }) => start <= query.area.selectionStart);
  return before.at(-1) ?? all[0];
}

function nameOperation() {
  const chosen = chosenOperation();
  const line = byId("operation");
  line.className = "operation";
  line.textContent = chosen ? [chosen.kind, chosen.name].filter(Boolean).join(" ") : "";
}
document.addEventListener("selectionchange", () => {
  if (document.activeElement === query.area) nameOperation();
});

function complain(text, where) {
  const line = byId("operation");
  line.className = "operation bad";
  line.textContent = text;
  where.focus();
}

// What outlives a reload: this tab's token and draft, in this tab alone.

const STORE = "convoke.console";

function remember() {
  sessionStorage.setItem(STORE, JSON.stringify({ query: query.text, variables: variables.text }));
}

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE));
  } catch {
    return null;
  }
}

const token = byId("token");
token.value = sessionStorage.getItem("convoke.token") ?? "";
token.addEventListener("input", () => {
  if (token.value.trim()) sessionStorage.setItem("convoke.token", token.value.trim());
  else sessionStorage.removeItem("convoke.token");
});
token.addEventListener("change", () => schema.forget());

function requestHeaders() {
  const own = object(headers, "Headers");
  const bearer = token.value.trim().replace(/^bearer\s+/i, "");
  return bearer ? { ...own, authorization: `Bearer ${bearer}` } : own;
}

function object({ text, area }, what) {
  if (!text.trim()) return {};
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Mistake(`${what}: ${error.message}`, area);
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new Mistake(`${what} must be a JSON object, such as {"slug": "…"}.`, area);
  }
  return value;
}

/** What the person can mend before anything is sent. */
class Mistake extends Error {
  constructor(message, area) {
    super(message);
    this.area = area;
  }
}

// Running

const result = byId("result");
const status = byId("status");
let running = null;

async function run() {
  if (running) {
    running.abort();
    return;
  }
  let request;
  try {
    const operation = chosenOperation();
    if (!operation) throw new Mistake("There is no operation to run.", query.area);
    request = {
      kind: operation.kind,
      headers: requestHeaders(),
      body: {
        query: query.text,
        variables: object(variables, "Variables"),
        operationName: operation.name,
      },
    };
  } catch (mistake) {
    if (!(mistake instanceof Mistake)) throw mistake;
    const panel = mistake.area.closest("[role=tabpanel]");
    if (panel) select(byId(panel.getAttribute("aria-labelledby")));
    complain(mistake.message, mistake.area);
    return;
  }
  nameOperation();
  running = new AbortController();
  byId("run-label").textContent = "Stop";
  status.textContent = "Waiting …";
  const start = performance.now();
  const stream = request.kind === "subscription";
  const shown = [];
  try {
    const response = await post(request.body, {
      headers: request.headers,
      stream,
      signal: running.signal,
    });
    for await (const answer of answers(response)) {
      shown.unshift(answer);
      // Of a subscription the latest stand on top, and the page does not grow for ever.
      shown.length = Math.min(shown.length, 20);
      show(shown);
      say(response, answer, performance.now() - start, stream);
    }
    if (stream) status.append(" · ended");
  } catch (error) {
    if (error.name === "AbortError") {
      status.textContent = stream ? "Stopped." : "Stopped; the server may have done it all the same.";
    } else {
      status.replaceChildren(el("b", { class: "bad" }, "No answer"), ` · ${error.message}`);
    }
  } finally {
    running = null;
    byId("run-label").textContent = "Run";
  }
}

function show(list) {
  const text = list.map((answer) => JSON.stringify(answer, null, 2)).join("\n\n");
  result.className = "";
  result.replaceChildren(...coloured(text, JSON_TEXT));
  result.scrollTo(0, 0);
  byId("copy").hidden = false;
}

function say(response, answer, milliseconds, stream) {
  const errors = answer.errors?.length ?? 0;
  const good = response.ok && errors === 0;
  const size = new TextEncoder().encode(JSON.stringify(answer)).length;
  const parts = [
    errors ? `${errors} ${errors === 1 ? "error" : "errors"}` : null,
    stream ? null : `${Math.max(1, Math.round(milliseconds))} ms`,
    size < 1000 ? `${size} B` : `${(size / 1000).toFixed(1)} kB`,
  ];
  status.replaceChildren(
    el("b", { class: good ? "good" : "bad" }, `${response.status} ${response.statusText}`.trim()),
    ` · ${parts.filter(Boolean).join(" · ")}`,
  );
}

byId("run").addEventListener("click", run);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    run();
  }
});
byId("copy").addEventListener("click", async ({ target }) => {
  try {
    await navigator.clipboard.writeText(result.textContent);
  } catch {
    // No clipboard without TLS, but a selection one can copy.
    getSelection().selectAllChildren(result);
    return;
  }
  target.textContent = "Copied";
  setTimeout(() => (target.textContent = "Copy"), 1500);
});

// Tabs, as the ARIA authoring practices have them

function select(tab) {
  for (const other of tab.parentElement.children) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", chosen);
    other.tabIndex = chosen ? 0 : -1;
    byId(other.getAttribute("aria-controls")).hidden = !chosen;
  }
  tab.dispatchEvent(new Event("select"));
}

for (const list of document.querySelectorAll("[role=tablist]")) {
  list.addEventListener("click", ({ target }) => select(target.closest("[role=tab]") ?? target));
  list.addEventListener("keydown", (event) => {
    const tabs = [...list.children];
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
    select(next);
    next.focus();
  });
}

// Schema

const TYPE_REF = `kind name ${"ofType { kind name ".repeat(7)}${"}".repeat(7)}`;
const INPUT = `name description defaultValue isDeprecated deprecationReason type { ${TYPE_REF} }`;
const INTROSPECTION = `query Schema {
  __schema {
    queryType { name } mutationType { name } subscriptionType { name }
    types {
      kind name description specifiedByURL
      fields(includeDeprecated: true) {
        name description isDeprecated deprecationReason
        args(includeDeprecated: true) { ${INPUT} }
        type { ${TYPE_REF} }
      }
      inputFields(includeDeprecated: true) { ${INPUT} }
      interfaces { name }
      possibleTypes { name }
      enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
    }
  }
}`;

const KINDS = {
  OBJECT: ["type", "Types"],
  INTERFACE: ["interface", "Interfaces"],
  UNION: ["union", "Unions"],
  INPUT_OBJECT: ["input", "Inputs"],
  ENUM: ["enum", "Enums"],
  SCALAR: ["scalar", "Scalars"],
};

const schema = {
  types: null,
  roots: [],
  way: [],

  async load() {
    if (this.types || this.loading) return;
    this.loading = true;
    view(el("p", {}, "Reading the schema …"));
    try {
      const response = await post({ query: INTROSPECTION }, { headers: requestHeaders() });
      const { value: answer } = await answers(response).next();
      if (!answer.data?.__schema) {
        throw new Error(answer.errors?.[0]?.message ?? "The server does not show its schema.");
      }
      const { types, queryType, mutationType, subscriptionType } = answer.data.__schema;
      const own = types.filter(({ name }) => !name.startsWith("__"));
      this.types = new Map(own.map((type) => [type.name, type]));
      this.roots = [queryType, mutationType, subscriptionType].filter(Boolean).map(({ name }) => name);
      this.show();
    } catch (error) {
      view(
        el("p", { class: "old" }, `The schema cannot be read: ${error.message}`),
        el("p", {}, "It may need an access token."),
      );
    } finally {
      this.loading = false;
    }
  },

  /** Another token may see another schema. */
  forget() {
    this.types = null;
    if (!byId("panel-schema").hidden) this.load();
  },

  show() {
    const words = byId("search").value.trim().toLowerCase();
    const name = this.way.at(-1)?.type;
    if (words) view(...this.found(words));
    else if (name && this.types.has(name)) view(...this.type(this.types.get(name)));
    else view(...this.overview());
  },

  open(type, field) {
    byId("search").value = "";
    const known = this.way.findIndex((step) => step.type === type);
    if (known >= 0) this.way.length = known;
    this.way.push({ type, field });
    this.show();
    byId("schema").focus({ preventScroll: true });
    byId("schema").querySelector(".sought")?.scrollIntoView({ block: "center" });
  },

  overview() {
    const groups = Object.entries(KINDS).map(([kind, [, title]]) => {
      const types = [...this.types.values()]
        .filter((type) => type.kind === kind && !this.roots.includes(type.name))
        .sort((one, other) => one.name.localeCompare(other.name));
      return types.length ? group(`${title} (${types.length})`, types.map(({ name }) => line(link(name)))) : null;
    });
    return [group("Where to begin", this.roots.map((name) => line(link(name)))), groups];
  },

  found(words) {
    const types = [];
    const fields = [];
    for (const type of this.types.values()) {
      if (type.name.toLowerCase().includes(words)) types.push(type.name);
      for (const member of members(type)) {
        if (member.name.toLowerCase().includes(words)) fields.push([type.name, member.name]);
      }
    }
    // What begins with the words comes first.
    const rank = (name) => (name.toLowerCase().startsWith(words) ? 0 : 1);
    types.sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));
    fields.sort((one, other) => rank(one[1]) - rank(other[1]));
    const most = 100;
    if (!types.length && !fields.length) return [el("p", {}, "Nothing of that name.")];
    return [
      types.length ? group("Types", types.slice(0, most).map((name) => line(link(name)))) : null,
      fields.length
        ? group(
            `Fields and values${fields.length > most ? ` (the first ${most} of ${fields.length})` : ""}`,
            fields.slice(0, most).map(([type, field]) => line(link(`${type}.${field}`, type, field))),
          )
        : null,
    ];
  },

  type(type) {
    const [keyword] = KINDS[type.kind];
    const sought = this.way.at(-1).field;
    const related = (title, list) => {
      const known = (list ?? []).filter(({ name }) => this.types.has(name));
      return known.length ? group(title, known.map(({ name }) => line(link(name)))) : null;
    };
    const title = { ENUM: "Values", INPUT_OBJECT: "Input fields" }[type.kind] ?? "Fields";
    return [
      this.trail(),
      el("h2", {}, el("small", {}, keyword), type.name),
      type.description ? el("p", {}, type.description) : null,
      type.specifiedByURL ? el("p", {}, `Specified by ${type.specifiedByURL}`) : null,
      members(type).length
        ? group(title, members(type).map((member) => this.member(member, sought === member.name)))
        : null,
      related("Implements", type.interfaces),
      related(type.kind === "UNION" ? "One of" : "Implemented by", type.possibleTypes),
      group("Used by", this.usesOf(type.name).map(([owner, field]) => line(link(`${owner}.${field}`, owner, field)))),
    ];
  },

  usesOf(name) {
    const uses = [];
    for (const type of this.types.values()) {
      for (const member of type.fields ?? type.inputFields ?? []) {
        const all = [member.type, ...(member.args ?? []).map((argument) => argument.type)];
        if (all.some((reference) => innermost(reference) === name)) uses.push([type.name, member.name]);
      }
    }
    return uses;
  },

  trail() {
    const steps = this.way.slice(0, -1);
    const back = (index) => () => {
      this.way.length = index;
      this.show();
    };
    return el(
      "nav",
      { class: "way", "aria-label": "Way here" },
      el("button", { class: "link", onclick: back(0) }, "Schema"),
      steps.slice(-3).map((step, index) => [
        "›",
        el(
          "button",
          { class: "link", onclick: back(Math.max(0, steps.length - 3) + index + 1) },
          step.type,
        ),
      ]),
    );
  },

  member({ name, description, args, type, defaultValue, isDeprecated, deprecationReason }, sought) {
    const signature = el("code", {}, name);
    if (args?.length) {
      const list = args.map((argument) =>
        el(
          "span",
          { title: argument.description ?? undefined },
          el("span", { class: "variable" }, argument.name),
          ": ",
          reference(argument.type),
          argument.defaultValue ? ` = ${argument.defaultValue}` : "",
        ),
      );
      // One argument stands on the line; more get a line each.
      signature.append("(", el("span", { class: args.length > 1 ? "arguments" : undefined }, list), ")");
    }
    if (type) signature.append(": ", reference(type));
    if (defaultValue) signature.append(` = ${defaultValue}`);
    return el(
      "li",
      { class: sought ? "field sought" : "field" },
      signature,
      description ? el("p", {}, description) : null,
      isDeprecated ? el("p", { class: "old" }, `Deprecated. ${deprecationReason ?? ""}`) : null,
    );
  },
};

const members = (type) => type.fields ?? type.inputFields ?? type.enumValues ?? [];
const innermost = (type) => (type.ofType ? innermost(type.ofType) : type.name);
const line = (...children) => el("li", {}, el("code", {}, ...children));
const group = (title, lines) => (lines.length ? el("section", {}, el("h3", {}, title), el("ul", {}, lines)) : null);
const link = (text, type = text, field) =>
  el("button", { class: "link", onclick: () => schema.open(type, field) }, text);

function reference(type) {
  if (type.kind === "NON_NULL") return el("span", { class: "type" }, reference(type.ofType), "!");
  if (type.kind === "LIST") return el("span", { class: "type" }, "[", reference(type.ofType), "]");
  return link(type.name);
}

function view(...children) {
  const pane = byId("schema");
  pane.replaceChildren(...children.flat(Infinity).filter(Boolean));
  pane.scrollTo(0, 0);
}

byId("tab-schema").addEventListener("select", () => schema.load());
byId("reload").addEventListener("click", () => schema.forget());
byId("search").addEventListener("input", () => schema.types && schema.show());

// Opening

byId("endpoint").textContent = `POST ${endpoint.pathname}`;
if (/Mac|iPhone|iPad/.test(navigator.platform)) byId("run-key").textContent = "⌘ Enter";
result.className = "idle";
result.textContent = "Run an operation, and the answer appears here.";

const examples = await (await fetch(new URL("examples.json", import.meta.url))).json();

function openExample(index) {
  query.text = examples[index].query;
  variables.text = examples[index].variables.trim() === "{}" ? "" : examples[index].variables;
  mark(index);
  nameOperation();
}

function mark(index) {
  for (const [place, button] of [...byId("examples").querySelectorAll("button")].entries()) {
    button.setAttribute("aria-current", place === index);
  }
}

byId("examples").append(
  ...examples.map(({ title, query: text }, index) =>
    el(
      "li",
      {},
      el(
        "button",
        { "aria-current": false, onclick: () => openExample(index) },
        el("strong", {}, title),
        // The comment at the top of each example says what it is for.
        el("small", {}, text.match(/^(?:#.*\n)+/)?.[0].replace(/^# ?/gm, "").replaceAll("`", "").replaceAll("\n", " ") ?? ""),
      ),
    ),
  ),
);

const draft = remembered();
if (draft?.query) {
  query.text = draft.query;
  variables.text = draft.variables ?? "";
  mark(examples.findIndex((example) => example.query === draft.query));
} else {
  openExample(0);
}
nameOperation();
query.area.focus({ preventScroll: true });
