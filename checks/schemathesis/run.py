"""Generated requests against a running server, thousands of them, and a judgement on every answer.

    python run.py --convoke target/debug/convoke [--requests 20000] [--seed 7]
                  [--database-url postgres://...]

It starts the server itself, on a free port and with a folder of its own, brings in the examples, and
sends what schemathesis generates for every query and every mutation, as the anonymous, as an organiser
and as an owner. Afterwards the file must be whole, and each event one that its own document can say. The exit
code is 1 if an answer was wrong, or anything else; wrong answers stand with their requests, as curl
commands, in `failures.txt` of the folder given with --out. The seed gives the same requests again as far
as the ids that the server mints allow.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import time

import graphql
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.graphql import nodes

import judge
import plausible

ROOT = pathlib.Path(__file__).resolve().parents[2]
SLOW = 2.0  # seconds
BATCH = 8  # examples of one operation at a time
# Callers in turn. Most requests are an organiser's: only with rights does one get far.
TURNS = ["organizer", "owner", "organizer", "anonymous", "organizer", "owner", "organizer", "owner"]


def main():
    options = arguments()
    print(f"seed {options.seed}", flush=True)
    out = pathlib.Path(options.out)
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    server = Server(options.convoke, options.database_url, out)
    try:
        run = Run(server, options.seed, out)
        run.go(options.requests)
        run.tell()
        slugs = run.slugs()
    finally:
        server.stop()
    wrong = server.afterwards(slugs)
    for line in wrong:
        print(f"FAILED  {line}")
    print(f"seed {options.seed}, {run.sent} requests, {sum(run.faults.values())} wrong answers; see {out}")
    sys.exit(1 if run.faults or wrong else 0)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--convoke", default=str(ROOT / "target/debug/convoke"), help="the program")
    parser.add_argument("--database-url", help="an empty database; else SQLite in a folder of its own")
    parser.add_argument("--requests", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    parser.add_argument("--out", default=str(ROOT / "target/fuzz-run"), help="a folder, emptied first")
    return parser.parse_args()


class Server:
    """A server of our own: nothing else may be in its data, and nobody else is asked."""

    def __init__(self, program, database_url, out):
        self.program, self.out = program, out
        self.environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        self.file = None
        if database_url:
            self.environment["DATABASE_URL"] = database_url
        else:
            self.environment["CONVOKE_DATA"] = str(out / "data")
            self.file = out / "data/convoke.db"
        self.call("migrate")
        self.call("workspace", "create", "office", "--name", "Office")
        self.call("workspace", "create", "other", "--name", "Another office")
        self.tokens = {"anonymous": None}
        for role in ("organizer", "owner"):
            self.call("account", "create", role)
            token = ["token", "create", "--account", role, "--workspace", "office", "--role", role.upper()]
            self.tokens[role] = self.call(*token).strip()
        for name, document in examples().items():
            file = out / name
            file.write_text(document)
            publish = [] if name == "every-field.yaml" else ["--publish"]
            self.call("import", "--workspace", "office", *publish, str(file))
        self.log = (out / "server.log").open("w")
        self.process = subprocess.Popen(
            [program, "serve", "--listen", "127.0.0.1:0", "--log-format", "json"],
            env=self.environment | {"RUST_BACKTRACE": "1"},
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        told = ""
        for line in self.process.stdout:
            told += line
            if found := re.search(r"http://127\.0\.0\.1:\d+", told):
                self.url = found[0] + "/graphql"
                break
        else:
            raise SystemExit(f"the server did not start: {told}")

    def call(self, *arguments):
        done = self.run(*arguments)
        if done.returncode:
            raise SystemExit(f"{' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def run(self, *arguments):
        return subprocess.run(
            [self.program, *arguments], env=self.environment, capture_output=True, text=True, check=False
        )

    def memory(self):
        """MiB that the server holds in memory; None where nothing tells."""
        try:
            status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return None
        found = re.search(r"VmRSS:\s+(\d+)", status)
        return int(found[1]) // 1024 if found else None

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def afterwards(self, slugs):
        """What is wrong with the log, the file and the events when all is over."""
        self.log.close()
        wrong = []
        for line in (self.out / "server.log").read_text(errors="replace").splitlines():
            if '"level":"ERROR"' in line or "panicked" in line:
                wrong.append(f"log: {line[:1_000]}")
        if self.process.returncode:
            wrong.append(f"the server ended with {self.process.returncode}")
        if self.file:
            connection = sqlite3.connect(self.file)
            for pragma in ("integrity_check", "foreign_key_check"):
                rows = connection.execute(f"PRAGMA {pragma}").fetchall()
                if rows not in ([], [("ok",)]):
                    wrong.append(f"{pragma}: {rows[:20]}")
            connection.close()
        for slug in slugs:
            wrong += self.round_trip(slug)
        return wrong

    def round_trip(self, slug):
        """An event that mutations have made is one that a document can say: its own document is taken
        again, and makes and removes nothing."""
        document = self.run("export", slug, "--workspace", "office")
        file = self.out / "round-trip.yaml"
        file.write_text(document.stdout)
        back = self.run("import", "--workspace", "office", "--dry-run", str(file))
        told = document.stderr + back.stdout + back.stderr
        told = told.replace(str(file), slug).strip()
        if document.returncode or back.returncode or not re.search(r" 0 created, \d+ updated, 0 removed", told):
            file.rename(self.out / f"{slug}.yaml")
            return [f"round trip of {slug}: {told[:600]}"]
        if " 0 updated" not in told:
            # Places in lists that have gaps are closed, for one; yet it is worth a look.
            print(f"note    round trip of {told}")
        return []


class Run:
    def __init__(self, server, seed_, out):
        self.server, self.seed, self.out = server, seed_, out
        self.rng = random.Random(seed_)
        random.seed(seed_)
        self.sent = 0
        self.faults = collections.Counter()
        self.operations = collections.defaultdict(collections.Counter)
        self.slow = []
        self.longest = collections.defaultdict(float)
        self.memory = []
        self.refused = collections.Counter()
        self.said = collections.Counter()
        self.failures = (out / "failures.txt").open("w")
        self.http = requests.Session()
        self.http.trust_env = False

        for name, strategy in plausible.scalars(st, nodes).items():
            schemathesis.graphql.scalar(name, strategy)
        # Asked for here and not by schemathesis, which does not ask which inputs are one of several.
        asked = {"query": graphql.get_introspection_query(one_of=True, input_value_deprecation=True)}
        told = self.http.post(server.url, json=asked, headers=self.headers("owner"), timeout=60).json()
        self.api = schemathesis.graphql.from_dict(told["data"])
        self.api.config.update(base_url=server.url)
        self.schema = self.api.client_schema
        self.known = plausible.Known()
        self.rewriter = plausible.Rewriter(self.schema, self.known, self.rng)
        self.known.documents = list(examples().values())
        self.known.schedules = [path.read_text() for path in sorted((ROOT / "tests").rglob("*schedule*.xml"))]
        self.known.schedules += [SCHEDULE]
        # What is to be wrong stays as it was made.
        self.negative = False
        self.strategies = {}
        rewritten = self.rewriter.document
        self.api.hook("map_body")(lambda context, body: body if self.negative else rewritten(body))

    def headers(self, role):
        token = self.server.tokens[role]
        return {"Authorization": f"Bearer {token}"} if token else {}

    def harvest(self):
        answer = self.http.post(
            self.server.url, json={"query": plausible.HARVEST},
            headers=self.headers("owner"), timeout=60,
        ).json()  # fmt: skip
        if answer.get("errors") or not answer.get("data"):
            print(f"note: the harvest failed: {json.dumps(answer)[:500]}", flush=True)
        self.known.learn(answer.get("data"))

    def slugs(self):
        """Every event that is there."""
        slugs, after = [], None
        while True:
            asked = "query($after: String) { events(first: 100, after: $after) { pageInfo { endCursor } nodes { slug } } }"
            body = {"query": asked, "variables": {"after": after}}
            answer = self.http.post(self.server.url, json=body, headers=self.headers("owner"), timeout=60).json()
            page = answer["data"]["events"]
            if not page["nodes"]:
                return slugs
            slugs += [node["slug"] for node in page["nodes"]]
            after = page["pageInfo"]["endCursor"]

    def go(self, wanted):
        operations = [one.ok() for one in self.api.get_all_operations()]
        queries = [one for one in operations if one.label.startswith("Query.")]
        turn = 0
        while self.sent < wanted:
            self.harvest()
            # Removals are rarer than the rest, or soon nothing would be left to work with; what they
            # and the merges took, the examples bring back.
            batch = operations + queries * 2
            self.rng.shuffle(batch)
            for operation in batch:
                if self.sent >= wanted:
                    break
                turn += 1
                size = 3 if re.search(r"Remove$|Cancel$|Conclude$", operation.label) else BATCH
                size = min(size, wanted - self.sent)
                negative = self.rng.random() < 0.08
                self.some(operation, size, negative, turn)
            self.memory.append((self.sent, self.server.memory()))
            print(
                f"{self.sent} sent, {sum(self.faults.values())} wrong, {self.memory[-1][1]} MiB, "
                f"{ {kind: len(ids) for kind, ids in sorted(self.known.kinds.items())} }",
                flush=True,
            )

    def some(self, operation, size, negative, turn):
        """Sends some requests of one operation. A wrong answer is written down and not raised: the
        data changes with every request, so there is nothing to be made smaller by trying again."""
        self.negative = negative
        # Made once: what a strategy finds out about itself takes longer than an example.
        if (operation.label, negative) not in self.strategies:
            mode = GenerationMode.NEGATIVE if negative else GenerationMode.POSITIVE
            self.strategies[operation.label, negative] = operation.as_strategy(generation_mode=mode)

        @seed(self.seed * 1_000_003 + turn)
        @settings(
            max_examples=size, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=self.strategies[operation.label, negative])
        def each(case):
            self.one(operation, case)

        each()

    def one(self, operation, case):
        role = TURNS[self.sent % len(TURNS)]
        kwargs = case.as_transport_kwargs(headers=self.headers(role))
        body = dict(kwargs["json"])
        # Values travel in the document or beside it: two ways through the server.
        document = graphql.parse(body["query"])
        if self.rng.random() < 0.5:
            body = hoist(self.schema, document) or body
        headers = {"Content-Type": "application/json", "Accept": "application/json"} | self.headers(role)
        self.sent += 1
        begun = time.monotonic()
        try:
            response = self.http.post(self.server.url, data=json.dumps(body), headers=headers, timeout=60)
        except requests.RequestException as error:
            self.wrong(operation, role, body, [f"no answer: {error}"], "")
            if self.server.process.poll() is not None:
                raise SystemExit("the server is gone") from error
            return
        took = time.monotonic() - begun
        self.longest[operation.label] = max(self.longest[operation.label], took)
        if took > SLOW:
            self.slow.append((took, operation.label, self.curl(role, body)))
        try:
            answer = response.json()
        except ValueError:
            answer = None
        document = graphql.parse(body["query"])
        verdict = judge.judge(
            self.schema, document, response.status_code, response.headers.get("Content-Type"), answer,
            body.get("variables"),
        )  # fmt: skip
        told = self.operations[operation.label]
        told["sent"] += 1
        told["data"] += verdict.reached
        told["userErrors"] += bool(verdict.user_codes)
        for code in set(verdict.codes):
            told[code] += 1
        for code in set(verdict.user_codes):
            told["user " + code] += 1
        if isinstance(answer, dict):
            for error in answer.get("errors") or []:
                words = re.sub(r'"[^"]*"|`[^`]*`|\d+', "…", str(error.get("message")))
                self.said[(error.get("extensions") or {}).get("code"), words[:140]] += 1
                if verdict.codes == ["BAD_REQUEST"] and not graphql.validate(self.schema, document):
                    # Right by the specification, and yet not taken: told, not failed.
                    self.refused[re.sub(r'"[^"]*"|`[^`]*`|\d+', "…", error["message"])[:120]] += 1
                    self.note(operation, role, body, error["message"])
            if role != "anonymous":
                self.known.learn(answer.get("data"))
        if verdict.faults:
            self.wrong(operation, role, body, verdict.faults, response.text)

    def note(self, operation, role, body, words):
        if sum(self.refused.values()) < 40:
            with (self.out / "notes.txt").open("a") as notes:
                notes.write(f"# {operation.label}: {words}\n{self.curl(role, body)}\n\n")

    def wrong(self, operation, role, body, faults, answer):
        for fault in faults:
            kind = re.sub(r"[a-z]{3}_[0-9a-f]{32}|\d+", "…", fault)[:160]
            self.faults[(operation.label, kind)] += 1
            if self.faults[(operation.label, kind)] <= 3:
                self.failures.write(f"# {operation.label} as {role}: {fault}\n{self.curl(role, body)}\n# {answer[:2_000]}\n\n")
        self.failures.flush()

    def curl(self, role, body):
        token = f" -H 'Authorization: Bearer {self.server.tokens[role]}'" if self.server.tokens[role] else ""
        return f"curl -s {self.server.url} -H 'Content-Type: application/json'{token} -d {shlex.quote(json.dumps(body))}"

    def tell(self):
        print(f"\n{'operation':32} {'sent':>5} {'data':>5} {'user':>5} {'worst':>6}  codes")
        for label, told in sorted(self.operations.items()):
            codes = {key: count for key, count in sorted(told.items()) if key not in ("sent", "data", "userErrors")}
            codes = ", ".join(f"{key} {count}" for key, count in codes.items())
            worst = self.longest[label]
            print(f"{label:32} {told['sent']:5} {told['data']:5} {told['userErrors']:5} {worst:5.1f}s  {codes}")
        never = [label for label, told in sorted(self.operations.items()) if not told["data"]]
        print(f"\nnever reached data: {', '.join(never) or 'none'}")
        print(f"memory: {', '.join(f'{mib} MiB at {sent}' for sent, mib in thin(self.memory))}")
        for message, count in self.refused.most_common(20):
            print(f"note    {count} x valid, and refused: {message}")
        for (code, words), count in self.said.most_common(40):
            print(f"said    {count:6} x {code}: {words}")
        for took, label, curl in sorted(self.slow, reverse=True)[:10]:
            print(f"slow    {took:.1f} s {label}: {curl[:300]}")
        for (label, kind), count in self.faults.most_common():
            print(f"FAILED  {count} x {label}: {kind}")


def examples():
    """The event documents of the repository, by file; the one with every field needs no parent here."""
    files = sorted((ROOT / "examples").glob("*.yaml"))
    return {file.name: re.sub(r"(?m)^parent:.*\n", "", file.read_text()) for file in files}


def thin(points):
    step = max(1, len(points) // 12)
    return points[::step] + ([points[-1]] if len(points) % step else [])


def hoist(schema, document):
    """The same request with the arguments of its root fields as variables; None if it does not fit."""
    operation = next((one for one in document.definitions if isinstance(one, graphql.OperationDefinitionNode)), None)
    if operation is None or operation.variable_definitions:
        return None
    root = schema.get_root_type(operation.operation)
    heads, variables, fields = [], {}, []
    for field in operation.selection_set.selections:
        if not isinstance(field, graphql.FieldNode) or field.name.value not in root.fields:
            return None
        known = root.fields[field.name.value].args
        arguments_ = []
        for argument in field.arguments or ():
            name = argument.name.value
            if name not in known:
                return None
            variable = f"v{len(variables)}"
            variables[variable] = graphql.value_from_ast_untyped(argument.value)
            heads.append(f"${variable}: {known[name].type}")
            arguments_.append(
                graphql.ArgumentNode(
                    name=argument.name, value=graphql.VariableNode(name=graphql.NameNode(value=variable))
                )
            )
        fields.append(
            graphql.FieldNode(
                alias=field.alias, name=field.name, directives=field.directives,
                arguments=tuple(arguments_), selection_set=field.selection_set,
            )  # fmt: skip
        )
    if not variables:
        return None
    selection = graphql.print_ast(graphql.SelectionSetNode(selections=tuple(fields)))
    query = f"{operation.operation.value} Fuzz({', '.join(heads)}) {selection}"
    return {"query": query, "operationName": "Fuzz", "variables": variables}


SCHEDULE = """<?xml version="1.0" encoding="UTF-8"?>
<schedule>
  <conference><acronym>fuzz-2026</acronym><title>Fuzz</title><start>2026-02-01</start><end>2026-02-01</end>
    <time_zone_name>Europe/Brussels</time_zone_name></conference>
  <day index="1" date="2026-02-01"><room name="K.1.105">
    <event id="1" guid="5b3f1c5e-0f3c-4b57-9a52-0e6f3f6f0001"><start>09:30</start><duration>00:25</duration>
      <title>Welcome</title><slug>welcome</slug><track>Keynotes</track><type>keynote</type>
      <persons><person id="7">Ada Example</person></persons></event>
    <event id="2"><start>10:00</start><duration>01:00</duration><title>Second</title></event>
  </room></day>
</schedule>
"""

if __name__ == "__main__":
    main()
