#!/usr/bin/env python3
"""Disturbs the program for a time, and compares every output with that of undisturbed runs.

    nice tools/soak/soak.py PROGRAM [--minutes 60] [--seed 1]

Mixed at random: screenings that are killed and resumed, screenings on a disk that is full (a limit on the size of files),
updates of the lists while others read them, index builds over an index in use, decisions, and screenings to the end. Each
result is compared with that of a run alone on the same lists. Runs in CI never; uses the loopback address alone.
"""

import argparse
import collections
import pathlib
import random
import sys
import tempfile
import threading
import time

from common import Program, Server, write_list, write_table

OUTPUTS = {"hits.csv": "--output", "rejects.csv": "--rejects", "audit.jsonl": "--audit"}


class Soak:
    def __init__(self, program, folder, seed):
        self.program, self.folder = program, folder
        self.counts = collections.Counter()
        self.failures = []
        self.lock = threading.Lock()
        self.seed = seed
        self.server = Server()
        self.server.delay = 0.002
        self.server.write_sources(folder / "sources.toml", ["one", "two"])
        write_table(folder / "table.csv", 4000)
        self.versions = []
        for number in range(2):
            path = folder / f"version-{number}.csv"
            write_list(path, 2000 + number, seed=40 + number)
            self.versions.append(path.read_bytes())
        self.publish(0)
        self.update()
        # What each version of the lists gives, alone.
        self.expected = [self.reference(number) for number in range(2)]

    def publish(self, number):
        self.server.pages = {"/one": self.versions[number], "/two": self.versions[number]}

    def update(self):
        return self.program.run(
            "lists", "update", "--dir", self.folder / "lists", "--sources", self.folder / "sources.toml", "--retries", "0"
        )

    def screen(self, place, lists, *more):
        outputs = [part for name, option in OUTPUTS.items() for part in (option, place / name)]
        return ["screen", self.folder / "table.csv", *lists, "--threads", "1", *outputs, *more]

    def results(self, place):
        found = {name: (place / name).read_bytes() if (place / name).exists() else None for name in OUTPUTS}
        return found

    def reference(self, number):
        place = self.folder / f"reference-{number}"
        place.mkdir()
        one = place / "one.csv"
        one.write_bytes(self.versions[number])
        status, text = self.program.run("index", "build", "--list", one, "--output", self.folder / f"{number}.idx")
        assert status == 0, text
        status, text = self.program.run(*self.screen(place, ["--index", self.folder / f"{number}.idx"]))
        assert status == 4, text
        return self.results(place)

    def fail(self, what):
        with self.lock:
            self.failures.append(what)

    def count(self, what):
        with self.lock:
            self.counts[what] += 1

    def compare(self, what, place, number):
        found, expected = self.results(place), self.expected[number]
        for name in OUTPUTS:
            if found[name] != expected[name]:
                self.fail(f"{what}: {name} differs")
        self.count(what)

    def killed(self, rng):
        number = rng.randrange(2)
        place = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        command = self.screen(place, ["--index", self.folder / f"{number}.idx"])
        for _ in range(rng.randrange(1, 4)):
            self.program.kill_after(rng.uniform(0, 1.5), *command, "--resume")
        status, text = self.program.run(*command, "--resume")
        if status != 4:
            for left in place.iterdir():
                left.unlink()
            status, text = self.program.run(*command)
        if status != 4:
            self.fail(f"killed: {status} {text}")
        self.compare("killed and resumed", place, number)

    def full_disk(self, rng):
        number = rng.randrange(2)
        place = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        command = self.screen(place, ["--index", self.folder / f"{number}.idx"])
        status, text = self.program.run(*command, file_limit=rng.randrange(1, 200_000))
        done = all(v is not None for v in self.results(place).values())
        if status not in (1, 4) or status == 4 and not done:
            self.fail(f"full disk: {status} {text}")
        for name, found in self.results(place).items():
            if found not in (None, self.expected[number][name]):
                self.fail(f"full disk: half of {name}")
        self.count("full disks")

    def read_lists(self, rng):
        place = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        (place / "in.csv").write_text("name\nAnna Novak-Okafor\n")
        status, text = self.program.run("screen", place / "in.csv", "--list", self.folder / "lists")
        if status != 0 or not any(f", {2000 + n} entities" in text for n in range(2)):
            self.fail(f"a run during updates: {status} {text}")
        self.count("runs during updates")

    def replace_index(self, rng):
        number = rng.randrange(2)
        build = ["index", "build", "--list", self.folder / f"reference-{number}" / "one.csv"]
        self.program.kill_after(rng.uniform(0, 1), *build, "--output", self.folder / "shared.idx")
        shared = self.folder / "shared.idx"
        if shared.exists() and shared.read_bytes() not in [(self.folder / f"{n}.idx").read_bytes() for n in range(2)]:
            self.fail("half an index")
        self.count("index builds killed")

    def worker(self, number, until):
        rng = random.Random(self.seed * 100 + number)
        actions = [self.killed, self.killed, self.full_disk, self.read_lists, self.replace_index]
        while time.monotonic() < until and not self.failures:
            try:
                rng.choice(actions)(rng)
            except Exception as error:  # A fault of the soak itself is one too.
                self.fail(repr(error))

    def updater(self, until):
        rng = random.Random(self.seed)
        while time.monotonic() < until and not self.failures:
            self.publish(rng.randrange(2))
            if rng.random() < 0.5:
                self.program.kill_after(
                    rng.uniform(0, 1),
                    *["lists", "update", "--dir", self.folder / "lists", "--sources", self.folder / "sources.toml"],
                )
                self.count("updates killed")
            else:
                status, text = self.update()
                if status != 0:
                    self.fail(f"update: {status} {text}")
                self.count("updates")

    def run(self, minutes):
        until = time.monotonic() + minutes * 60
        threads = [threading.Thread(target=self.worker, args=(n, until)) for n in range(2)]
        threads.append(threading.Thread(target=self.updater, args=(until,)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("program")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        soak = Soak(Program(args.program), pathlib.Path(name), args.seed)
        soak.run(args.minutes)
    for failure in soak.failures:
        print(f"soak: {failure}", file=sys.stderr)
    counts = ", ".join(f"{what} {n}" for what, n in sorted(soak.counts.items()))
    print(f"soak: {args.minutes:g} minutes, seed {args.seed}: {counts}; differences {len(soak.failures)}")
    return 1 if soak.failures else 0


if __name__ == "__main__":
    sys.exit(main())
