#!/usr/bin/env python3
"""Kills the program at random moments of each command that writes, and checks what it leaves.

    tools/soak/kills.py PROGRAM [--times 100] [--seed 1]

Commands: screen (hits, rejected rows, audit trail), screen --report, index build, lists update, accept. After every kill
each result must be absent, the old one, or the new one, whole; a screening must resume to the bytes of an undisturbed run.
The last line counts what was seen; status 1 and a message at the first difference. Nothing is sent to another machine.
"""

import argparse
import pathlib
import random
import re
import shutil
import sys
import tempfile
import time

from common import Program, Server, write_list, write_table


class Broken(Exception):
    pass


def expect(condition, message):
    if not condition:
        raise Broken(message)


def content(path):
    """The bytes of a file; of a report without when it was written and how long that took, which are in no other result."""
    if not path.exists():
        return None
    if path.suffix != ".html":
        return path.read_bytes()
    text = re.sub(rb"\d+\.\d+ s\b", b"? s", path.read_bytes())
    return re.sub(rb"\d{4}-\d\d-\d\d \d\d:\d\d UTC", b"? UTC", text)


def duration(action):
    start = time.monotonic()
    action()
    return time.monotonic() - start


def screens(program, folder, rng, times, report):
    """Kills of `screen`, each followed by a resumed run."""
    names = ["hits.csv", "rejects.csv"] + (["report.html"] if report else ["audit.jsonl"])
    options = {"hits.csv": "--output", "rejects.csv": "--rejects", "report.html": "--report", "audit.jsonl": "--audit"}

    def command(place, *more):
        outputs = [part for name in names for part in (options[name], place / name)]
        return ["screen", folder / "table.csv", "--index", folder / "lists.idx", "--threads", "2", *outputs, *more]

    whole = folder / "whole"
    whole.mkdir()
    status, text = program.run(*command(whole))
    expect(status == 4, f"the undisturbed run: {status} {text}")
    expected = {name: content(whole / name) for name in names}
    length = duration(lambda: (shutil.rmtree(whole), whole.mkdir(), program.run(*command(whole))))
    killed = resumed = 0
    for _ in range(times):
        place = pathlib.Path(tempfile.mkdtemp(dir=folder))
        killed += program.kill_after(rng.uniform(0, length * 1.05), *command(place))
        for name in names:
            expect(content(place / name) in (None, expected[name]), f"{name}: neither absent nor whole")
        if any(content(place / name) is None for name in names):
            status, text = program.run(*command(place, "--resume"))
            resumed += status == 4
            if status != 4:
                # Nothing to resume: the run was killed before it had begun to write.
                shutil.rmtree(place)
                place.mkdir()
                status, text = program.run(*command(place))
            expect(status == 4, f"after the kill: {status} {text}")
        for name in names:
            expect(content(place / name) == expected[name], f"{name}: differs from the undisturbed run")
        expect(sorted(p.name for p in place.iterdir()) == sorted(names), f"left over: {list(place.iterdir())}")
        shutil.rmtree(place)
    return f"killed {killed}, resumed {resumed}"


def index_builds(program, folder, rng, times):
    """Kills of `index build` over an index that is there."""
    lists = [folder / "list.csv", folder / "other.csv"]
    versions = []
    for path in lists:
        expect(program.run("index", "build", "--list", path, "--output", folder / "x.idx")[0] == 0, "index build")
        versions.append(content(folder / "x.idx"))
    build = lambda path: ["index", "build", "--list", path, "--output", folder / "x.idx"]
    length = duration(lambda: program.run(*build(lists[0])))
    killed = replaced = 0
    for i in range(times):
        killed += program.kill_after(rng.uniform(0, length * 1.05), *build(lists[i % 2]))
        now = content(folder / "x.idx")
        expect(now in versions, "the index is neither the old nor the new one")
        replaced += now == versions[i % 2]
    expect(program.run("index", "info", folder / "x.idx")[0] == 0, "index info")
    return f"killed {killed}, the new index was there {replaced} times"


def updates(program, folder, rng, times):
    """Kills of `lists update` while the publisher has ever new lists."""
    server = Server()
    server.delay = 0.01
    server.write_sources(folder / "sources.toml", ["one"])
    target = folder / "lists"
    update = ["lists", "update", "--dir", target, "--sources", folder / "sources.toml", "--retries", "0"]
    versions = []
    for entities in (3000, 3010):
        write_list(folder / "published.csv", entities, seed=entities)
        versions.append(content(folder / "published.csv"))
    server.pages["/one"] = versions[0]
    length = duration(lambda: expect(program.run(*update)[0] == 0, "lists update"))
    killed = replaced = 0
    for i in range(times):
        server.pages["/one"] = versions[(i + 1) % 2]
        killed += program.kill_after(rng.uniform(0, length * 1.1), *update)
        now = content(target / "one" / "one.csv")
        expect(now in versions, "the list is absent or half")
        replaced += now == versions[(i + 1) % 2]
        status, text = program.run("screen", folder / "small.csv", "--list", target)
        expect(status == 0, f"a run after the kill: {status} {text}")
        if i % 10 == 9:
            status, text = program.run(*update, "--allow-shrink")
            expect(status == 0, f"an update after the kill: {status} {text}")
            expect(content(target / "one" / "one.csv") == server.pages["/one"], "the update after the kill")
    return f"killed {killed}, the new list was there {replaced} times"


def accepts(program, folder, rng, times):
    """Kills of `accept`, which appends to a file of decisions."""
    hits, decisions = folder / "accept-hits.csv", folder / "accepted.csv"
    screen = ["screen", folder / "small.csv", "--list", folder / "list.csv", "--id-column", "ref", "--output", hits]
    expect(program.run(*screen)[0] == 0, "screen")
    row, entity = next(
        (line.split(",")[0], line.split(",")[4]) for line in hits.read_text().splitlines()[1:] if ",1.00000," in line
    )
    accept = ["accept", hits, "--row", row, "--entity", entity, "--to", decisions, "--list", folder / "list.csv"]
    accept += ["--who", "J. Doe", "--reason", "another party"]
    length = duration(lambda: expect(program.run(*accept)[0] == 0, "accept"))
    killed = written = 0
    for _ in range(times):
        before = content(decisions)
        killed += program.kill_after(rng.uniform(0, length * 1.1), *accept)
        now = content(decisions)
        added = now[len(before) :]
        expect(now.startswith(before), "decisions were lost")
        expect(added == b"" or added.count(b"\n") == 1 and added.endswith(b"\n"), f"half a row: {added!r}")
        written += added != b""
    status, text = program.run(*screen[:-1], folder / "again.csv", "--accept", decisions)
    expect(status == 0, f"the decisions cannot be read: {text}")
    return f"killed {killed}, the decision was there {written} times"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("program")
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--rows", type=int, default=20000, help="rows of the table; as many as take a second")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    program = Program(args.program)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_list(folder / "list.csv", 3000)
        write_list(folder / "other.csv", 3100, seed=5)
        write_table(folder / "table.csv", args.rows)
        names = [line.split(",")[1] for line in (folder / "list.csv").read_text().splitlines()[1:20]]
        (folder / "small.csv").write_text("ref,name\n" + "".join(f"S-{i},{n}\n" for i, n in enumerate(names)))
        expect(
            program.run("index", "build", "--list", folder / "list.csv", "--output", folder / "lists.idx")[0] == 0,
            "index build",
        )
        done = []
        for title, action in [
            ("screen", lambda: screens(program, folder, rng, args.times, False)),
            ("report", lambda: (shutil.rmtree(folder / "whole"), screens(program, folder, rng, args.times, True))[1]),
            ("index build", lambda: index_builds(program, folder, rng, args.times)),
            ("lists update", lambda: updates(program, folder, rng, args.times)),
            ("accept", lambda: accepts(program, folder, rng, args.times)),
        ]:
            try:
                done.append(f"{title}: {action()}")
            except Broken as broken:
                print(f"{title}: {broken}", file=sys.stderr)
                return 1
            print(done[-1], flush=True)
        print(f"kills: {args.times} of each, no half file; " + "; ".join(done))
    return 0


if __name__ == "__main__":
    sys.exit(main())
