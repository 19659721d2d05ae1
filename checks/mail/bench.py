"""How many invitations a second go out, beside a program that does nothing but send.

`just bench-mail`. Both talk to the same server (`smtp-sink`) over as many kept connections (`smtp-source -d`),
in one run: what counts is how many times as fast one is as the other. Postfix has both programs (Debian:
`postfix`; in /usr/sbin).
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time

CONNECTIONS = 4
BYTES = 9_000


def found(name):
    path = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")
    if not path:
        sys.exit(f"{name} is missing: it comes with postfix")
    return path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def source(port, many):
    began = time.monotonic()
    subprocess.run(
        [found("smtp-source"), "-d", "-s", str(CONNECTIONS), "-m", str(many), "-l", str(BYTES)]
        + ["-f", "office@example.org", "-t", "ada@example.org", f"127.0.0.1:{port}"],
        check=True,
    )
    return many / (time.monotonic() - began)


def main(many):
    port = free_port()
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    sink = subprocess.Popen([found("smtp-sink"), *user, f"127.0.0.1:{port}", "100"])
    try:
        time.sleep(0.5)
        before = source(port, 20_000)
        run = subprocess.run(
            ["cargo", "bench", "-q", "--workspace", "--bench", "outbox", "--"]
            + [f"smtp+plaintext://127.0.0.1:{port}?connections={CONNECTIONS}", str(many)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        after = source(port, 20_000)
    finally:
        sink.terminate()
        sink.wait()
    fixed = max(before, after)
    print(f"smtp-source -d, {CONNECTIONS} connections, {BYTES} bytes: {before:.0f} and {after:.0f} a second")
    for line in run.stdout.splitlines():
        rate = re.search(r": (\d+) a second", line)
        ratio = f" = {int(rate[1]) / fixed:.2f} of that" if rate else ""
        print(line + ratio)


main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
