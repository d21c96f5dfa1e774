#!/usr/bin/env python3
"""Parts of benches/serve/run that wrk cannot do.

usage: load.py bodies FORMAT OUT NAMES.csv…     one JSON body a line, for wrk; FORMAT is interdict or yente
       load.py ndjson PORT FILE                  posts a file of parties as a stream, twice, and tells parties a second
       load.py paced PORT BODIES RATE SECONDS    requests at a fixed rate over 16 connections: the times from when each was
                                                 due, so that a stall counts for all that it holds up
"""
import csv, http.client, json, socket, sys, threading, time


def names(paths):
    for path in paths:
        with open(path, encoding="utf-8", newline="") as f:
            for row in csv.DictReader(f):
                name = row.get("name") or row.get("query") or row.get("full_name") or ""
                if name.strip():
                    yield name


def bodies(form, out, paths):
    with open(out, "w", encoding="utf-8") as f:
        for name in names(paths):
            party = {"name": name}
            if form == "yente":
                party = {"queries": {"q": {"schema": "LegalEntity", "properties": {"name": [name]}}}}
            f.write(json.dumps(party, ensure_ascii=False) + "\n")


def ndjson(port, path):
    with open(path, "rb") as f:
        body = f.read()
    lines = body.count(b"\n")
    for attempt in ("cold", "warm"):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        start = time.perf_counter()
        sender = socket.create_connection(("127.0.0.1", port))
        head = f"POST /v1/screen HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        threading.Thread(target=lambda: (sender.sendall(head.encode()), sender.sendall(body)), daemon=True).start()
        size, tail = 0, b""
        while block := sender.recv(1 << 20):
            size += len(block)
            tail = (tail + block)[-4096:]
        seconds = time.perf_counter() - start
        connection.close()
        end = json.loads(tail[tail.rindex(b'{"end"'):].split(b"\n")[0])["end"]["counts"]
        assert end["parties"] == lines and end["rejected"] == 0, end
        print(f"RESULT ndjson {attempt} parties={lines} hits={end['hits']} seconds={seconds:.2f} rate={lines / seconds:.0f} answer_mb={size / 1e6:.0f}")


def paced(port, path, rate, seconds):
    with open(path, "rb") as f:
        all_bodies = f.read().splitlines()
    connections, times, errors = 16, [], []

    def client(number):
        s = socket.create_connection(("127.0.0.1", port))
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        own, at, every = [], number, connections / rate
        due = start + number / rate
        while due < start + seconds:
            wait = due - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            body = all_bodies[at % len(all_bodies)]
            at += connections
            s.sendall(b"POST /v1/screen HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            answer = s.recv(1 << 16)
            head, _, rest = answer.partition(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            while len(rest) < length:
                rest += s.recv(1 << 16)
            own.append(time.perf_counter() - due)
            if b" 200 " not in head[:16]:
                errors.append(head)
            due += every
        times.extend(own)

    start = time.perf_counter() + 0.2
    threads = [threading.Thread(target=client, args=(n,)) for n in range(connections)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    times.sort()
    at = lambda p: times[int(len(times) * p)] * 1e3
    print(f"RESULT paced rate={rate:.0f} requests={len(times)} errors={len(errors)} p50_ms={at(.5):.3f} p99_ms={at(.99):.3f} max_ms={times[-1] * 1e3:.1f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["bodies", form, out, *paths]:
            bodies(form, out, paths)
        case ["ndjson", port, path]:
            ndjson(int(port), path)
        case ["paced", port, path, rate, seconds]:
            paced(int(port), path, float(rate), float(seconds))
        case _:
            sys.exit(__doc__)
