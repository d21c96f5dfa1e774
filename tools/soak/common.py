"""What the soak and the kills share: a list, a table, a server on this machine, and the program."""

import http.server
import os
import pathlib
import random
import signal
import subprocess
import threading
import time

GIVEN = "Anna Boris Chen Dmitri Elif Fatima Goran Hana Ivan Jing Karim Lena Marek Nadia Omar Petra".split()
FAMILY = "Novak Okafor Petrov Quispe Rossi Schmidt Tanaka Usman Vega Wang Yilmaz Zhou Kovac Sokolov Haddad".split()
CITIES = "Harbour Severny Oriental Baltic Caspian Volga Lena Delta Ocean Golden Atlas Orion".split()


def party(rng, number):
    if number % 3 == 0:
        return f"{rng.choice(CITIES)} {rng.choice(CITIES)} Trading {number} Ltd"
    return f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}-{rng.choice(FAMILY)}"


def write_list(path, entities, seed=1):
    rng = random.Random(seed)
    rows = [f"{i},{party(rng, i)},{rng.choice('ru ir kp sy by'.split())}" for i in range(entities)]
    path.write_text("id,name,country\n" + "\n".join(rows) + "\n")


def write_table(path, rows, seed=2):
    rng = random.Random(seed)
    lines = [f"C-{i},{party(rng, rng.randrange(5000))},{rng.choice('Russia Spain Iran'.split())}" for i in range(rows)]
    # Rows that are rejected, which resumed runs must count once.
    for at in range(0, rows, 997):
        lines[at] = f"C-{at},Anna Rossi, Ltd,Spain"
    path.write_text("ref,name,country\n" + "\n".join(lines) + "\n")


class Server:
    """Serves texts by their paths on the loopback address, slowly if told so."""

    def __init__(self):
        self.pages, self.delay = {}, 0.0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = outer.pages.get(self.path)
                if body is None:
                    return self.send_error(503)
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    for at in range(0, len(body), 1 << 14):
                        self.wfile.write(body[at : at + (1 << 14)])
                        time.sleep(outer.delay)
                except OSError:
                    pass  # The client was killed.

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def write_sources(self, path, names):
        text = ""
        for name in names:
            text += f'[[source]]\nname = "{name}"\ntitle = "t"\nlayout = "generic CSV"\nlicence = "l"\nchanges = "c"\n'
            text += f'files = [{{ name = "{name}.csv", address = "{self.address}/{name}" }}]\n'
        path.write_text(text)


class Program:
    def __init__(self, path):
        self.path = str(pathlib.Path(path).resolve())
        # No address but those of the sources, which are on this machine.
        self.environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}

    def run(self, *arguments, file_limit=None):
        """Status and what the program wrote; `file_limit` in bytes stands for a disk that is full."""

        def limit():
            import resource

            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))

        done = subprocess.run(
            [self.path, *map(str, arguments)],
            env=self.environment,
            capture_output=True,
            preexec_fn=limit if file_limit is not None else None,
        )
        return done.returncode, (done.stdout + done.stderr).decode(errors="replace")

    def kill_after(self, seconds, *arguments):
        """Starts the program and kills it; false if it had ended before."""
        process = subprocess.Popen(
            [self.path, *map(str, arguments)],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(seconds)
            return False
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return True
