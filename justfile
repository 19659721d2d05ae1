# What one types here. Each recipe is a line or two; whatever thinks is in Rust or in checks/.

set shell := ["bash", "-euo", "pipefail", "-c"]

# This list
default:
    @just --list --unsorted

# Serve five real events from a temporary folder
[group('run')]
demo *arguments:
    cargo run -- demo {{ arguments }}

# Serve what is in ./data (SQLite), and keep it
[group('run')]
dev *arguments:
    cargo run -- demo --data data {{ arguments }}

# Format, lints, and dependencies if cargo-deny is installed
[group('check')]
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    if command -v cargo-deny > /dev/null; then cargo deny --workspace check; fi

# The tests, on every database that is here; `just test agenda` runs those so named
[group('check')]
test *filter:
    cargo test --workspace -- {{ filter }}

# The tests, and PostgreSQL must be here
[group('check')]
test-all *filter:
    CONVOKE_REQUIRE_POSTGRES=1 cargo test --workspace -- {{ filter }}

# What continuous integration runs
[group('check')]
ci:
    .ci/run

# Several people edit one event at random, for so long, on every database that is here
[group('check')]
soak-editing seconds="60":
    CONVOKE_EDITING_SECONDS={{ seconds }} cargo test -p tests --test it editing::

# How long a search takes among 100,000 people, on every database that is here
[group('check')]
bench-search:
    cargo bench -p tests --bench search

# What reading an agenda costs, against sending the same bytes, on every database that is here
[group('check')]
bench-agenda:
    cargo bench -p tests --bench agenda

# The official audits of GraphQL over HTTP against a running server
[group('check')]
audit url="http://127.0.0.1:8080/graphql":
    npm --prefix checks ci --no-audit --no-fund --loglevel=error
    node checks/http-audit.mjs {{ url }}

# Whether other people's tools accept the schema and its operations
[group('check')]
check-clients:
    npm --prefix checks ci --no-audit --no-fund --loglevel=error
    npm --prefix checks run --silent clients

# Thousands of generated requests against a server of its own, each answer judged: `just check-fuzz 20000`
[group('check')]
check-fuzz requests="2000" *arguments:
    python3 -m venv target/fuzz
    target/fuzz/bin/pip install --quiet --disable-pip-version-check -r checks/schemathesis/requirements.txt
    cargo build --bin convoke
    target/fuzz/bin/python checks/schemathesis/run.py --requests {{ requests }} {{ arguments }}

# Whether other people's calendar readers find in ours what was meant: `just check-calendar --all`
[group('check')]
check-calendar *arguments:
    python3 -m venv target/calendar
    target/calendar/bin/pip install --quiet --disable-pip-version-check -r checks/calendar/requirements.txt
    if command -v npm > /dev/null; then npm --prefix checks ci --no-audit --no-fund --loglevel=error; fi
    cargo run -q -p calendar --example corpus -- target/calendar-corpus
    target/calendar/bin/python checks/calendar/run.py target/calendar-corpus {{ arguments }}

# Whether other people's programs take our mails for what they are: signatures, parts, servers
[group('check')]
check-mail:
    npm --prefix checks/mail ci --no-audit --no-fund --loglevel=error
    python3 -m venv target/check-mail
    target/check-mail/bin/pip install --quiet --disable-pip-version-check -r checks/mail/requirements.txt
    target/check-mail/bin/python checks/mail/run.py

# Whether other people's programs take our signatures and badges for what they are
[group('check')]
check-signatures *pdfs="crates/credentials/tests/pdfs/letter.pdf crates/credentials/tests/pdfs/letter-streams.pdf":
    python3 -m venv target/signatures
    target/signatures/bin/pip install --quiet --disable-pip-version-check -r checks/documents/requirements-signatures.txt
    if command -v npm > /dev/null; then npm --prefix checks ci --no-audit --no-fund --loglevel=error; fi
    target/signatures/bin/python checks/documents/signatures.py {{ pdfs }}

# How many invitations a second go from the outbox to a mail server, beside a program that does nothing but send; `just bench-mail 100000`
[group('check')]
bench-mail many="10000":
    python3 checks/mail/bench.py {{ many }}

# How many mails a second are rendered, composed and signed; and sent: `just bench-mails smtp+plaintext://127.0.0.1:2525`
[group('check')]
bench-mails *server:
    cargo bench -p notifier --bench mails -- {{ server }}

# Whether other people's programs take our documents for what they are (Debian: qpdf poppler-utils zbar-tools)
[group('check')]
check-documents: check-papers check-signatures check-letters

# Whether Jimei's plaques and letters are issued, sent, read, verified and taken back as they should be, all through the API
[group('check')]
check-letters *arguments:
    python3 -m venv target/signatures
    target/signatures/bin/pip install --quiet --disable-pip-version-check -r checks/documents/requirements-signatures.txt
    if command -v npm > /dev/null; then npm --prefix checks ci --no-audit --no-fund --loglevel=error; fi
    cargo build --bin convoke
    target/signatures/bin/python checks/documents/jimei.py {{ arguments }}

# Whether other people's programs read our papers as what they are: files, fonts, texts, codes
[group('check')]
check-papers:
    cargo build --workspace --example print
    target/debug/examples/print all target/documents
    python3 checks/documents/pages.py target/documents

# How many letters a second and core, how large, in how much memory, beside weasyprint on the same page
[group('check')]
bench-letters:
    python3 -m venv target/bench-letters
    target/bench-letters/bin/pip install --quiet --disable-pip-version-check -r checks/documents/requirements.txt
    cargo bench --workspace --bench letters --no-run
    target/bench-letters/bin/python checks/documents/bench.py

# Kill who sends mails and who issues letters at random, as often as said: nothing is lost, nothing done twice unawares
[group('check')]
check-kill times="200":
    CONVOKE_KILLS={{ times }} cargo test --workspace --test it -- whoever_is_killed --nocapture

# Write docs/examples: our samples, and Jimei's letters as they are issued through the API
[group('write')]
examples:
    cargo build --workspace --bin convoke --example print
    target/debug/examples/print all target/documents
    python3 checks/documents/pages.py target/documents docs/examples
    target/signatures/bin/python checks/documents/jimei.py --pictures docs/examples

# Write schema.graphql
[group('write')]
schema:
    cargo run -q -- schema > target/schema.graphql
    mv target/schema.graphql schema.graphql

# Write the JSON Schema of event documents
[group('write')]
json-schema:
    cargo run -q -- schema --event-document > target/event-document.schema.json
    mv target/event-document.schema.json docs/event-document.schema.json

# Write the snapshots anew; `git diff` is the review
[group('write')]
snap:
    INSTA_UPDATE=always cargo test --workspace

# Fetch the full GraphiQL, for the next build to embed
[group('write')]
graphiql:
    node checks/graphiql-fetch.mjs
