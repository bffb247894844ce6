#!/usr/bin/env python3
"""The latency suite: the whole server over loopback, beside responders that parse nothing.

Rounds are interleaved (server, responder, server, ...) because machines drift within minutes, and only
ratios within a round count; the median over the rounds is quoted. Server and responder run on core 0,
the client on core 1. A run during which other programs used more than a tenth of a core is repeated.

suite.py --build build/release --out docs/benchmarks.md     replaces the tables between the markers
suite.py --build build/release --smoke                      each once, for as short as it can be

--pieces build/dev takes the micro-benchmarks and what writes models of trees from another build.
"""
import argparse
import json
import math
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import modes
import tree_model

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVER_CORE = "0"
CLIENT_CORE = "1"
SPIN_US = 30  # the server's own default: a ceiling must be allowed to wait in the same way
OTHERS_MAX = 0.10
# A host that stops a virtual machine for 3 ms a few times a second owns the p99 of every second. Tails
# are therefore taken in many windows so short that most hold no such stop, and their median is quoted.
HALF_LOAD_WINDOW = (121, 0.05)  # rounds, seconds: some thousand requests a window
FAIRNESS_WINDOW = (41, 0.15)  # six bodies of 25 MB, and at a tenth of the rate as many requests
TAIL_WARMUP = 0.1
OVERLOAD_WINDOW = (7, 2.0)
OVERLOAD_WARMUP = 0.5  # a queue must stand for a tenth of a second before anybody is refused
MODELS = 10_000
REPEATS_MAX = 4
TICKS = os.sysconf("SC_CLK_TCK")

REQUESTS = {  # name: (driver arguments, connections, goal of rate / responder)
    "`GET /ping`": (["--request", "ping"], 64, 0.94),
    "one CSV row of 30": (["--request", "csv", "--features", "30"], 64, 0.80),
    "one JSON row of 30": (["--request", "json", "--features", "30"], 64, None),
    "64 CSV rows of 30": (["--request", "csv", "--features", "30", "--rows", "64"], 64, None),
    "226 CSV rows of 30 (60 KB)": (["--request", "csv", "--features", "30", "--rows", "226"], 16, None),
}

TREE_GOALS = {  # name: (least rate / responder, most CPU microseconds), 100 trees of depth 6
    "one CSV row of 30": (0.75, None),
    "64 CSV rows of 30": (None, 50),
    "226 CSV rows of 30 (60 KB)": (None, 150),
}


def median(values):
    return statistics.median(values)


def over(part, whole):
    """Not a number where the whole is nothing: in a smoke run's short window nobody may be answered."""
    return part / whole if whole else math.nan


def quartiles(values):
    low, _, high = statistics.quantiles(values, n=4) if len(values) > 1 else values * 3
    return f"{low:.1f} to {high:.1f}"


def verdict(goal, met):
    return "" if goal is None else f"{goal}, {'met' if met else '**missed**'}"


def processor_seconds():
    """Time that anybody used any core."""
    fields = [int(x) for x in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    user, nice, system, _idle, _wait, interrupt, soft, *_ = fields
    return (user + nice + system + interrupt + soft) / TICKS


def process_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Process:
    """A server or responder; ends with the block."""

    def __init__(self, command, port, cores=SERVER_CORE):
        self.port = port
        self.process = subprocess.Popen(["taskset", "-c", cores, *command], stderr=subprocess.PIPE)
        deadline = time.monotonic() + 10
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{command[0]} does not answer: {self.process.stderr.read().decode()}")
            time.sleep(0.01)

    def answers(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/ping", timeout=1) as answer:
                return answer.status == 200
        except OSError:
            return False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Connection:
    """One keep-alive connection, one request at a time, timed from the first byte out to the last in."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def ask(self, line, body="", content_type="application/json"):
        """The microseconds it took; only 200 will do."""
        request = (f"{line} HTTP/1.1\r\nHost: x\r\nContent-Type: {content_type}\r\n"
                   f"Content-Length: {len(body)}\r\n\r\n{body}").encode()
        begun = time.perf_counter()
        self.socket.sendall(request)
        answer = b""
        while True:
            answer += self.socket.recv(65536)
            head, end, _ = answer.partition(b"\r\n\r\n")
            length = re.search(rb"Content-Length: (\d+)", head)
            if end and (len(answer) - len(head) - 4 == int(length.group(1)) if length else
                        answer.endswith(b"\r\n0\r\n\r\n")):
                break
        taken = time.perf_counter() - begun
        if not head.startswith(b"HTTP/1.1 200 "):
            raise SystemExit(f"{line}: {answer.decode()}")
        return taken * 1e6


class Suite:
    def __init__(self, options):
        self.options = options
        self.build = pathlib.Path(options.build).resolve()
        self.pieces = pathlib.Path(options.pieces or options.build).resolve()
        self.rounds = 1 if options.smoke else options.rounds
        self.duration = 0.05 if options.smoke else options.duration
        self.warmup = 0.05 if options.smoke else 0.3
        self.repeated = 0
        self.capacity = {}
        self.model = pathlib.Path(tempfile.mkdtemp(prefix="ringmaker-bench-"))
        self.train_model()

    def train_model(self):
        """Breast cancer: 569 real rows of 30 features, a binary logistic model."""
        subprocess.run(
            [self.build / "ringmaker", "train", "--data", ROOT / "data/breast_cancer.csv", "--label", "malignant",
             "--model-dir", self.model], check=True, stdout=subprocess.DEVNULL)

    def server(self, backend, port, shards=1, model=None):
        """A shard a core, the client's too where there are two."""
        return Process([self.build / "ringmaker", "serve", "--model-dir", model or self.model, "--port", str(port),
                        "--shards", str(shards), "--io", backend], port,
                       SERVER_CORE if shards == 1 else f"{SERVER_CORE},{CLIENT_CORE}")

    def responder(self, backend, port, spin_us):
        return Process([self.build / "bench/latency/bare_responder", "--backend", backend, "--port", str(port),
                        "--spin-us", str(spin_us)], port)

    def tail_rounds(self, window):
        return range(1 if self.options.smoke else window[0])

    def drive_once(self, process, arguments, connections, rate, window):
        command = [self.build / "bench/latency/latency_driver", "--port", process.port, "--server-pid",
                   process.process.pid, "--core", CLIENT_CORE, "--connections", connections, "--duration",
                   window[1] if window else self.duration, "--rate", rate, "--json", "--warmup",
                   OVERLOAD_WARMUP if window == OVERLOAD_WINDOW else TAIL_WARMUP if window else self.warmup,
                   *arguments]
        begun, used, own = time.monotonic(), processor_seconds(), process_seconds(process.process.pid)
        children = os.times().children_user + os.times().children_system
        text = subprocess.run([str(x) for x in command], check=True, capture_output=True, text=True).stdout
        report = json.loads(text)
        children = os.times().children_user + os.times().children_system - children
        own = process_seconds(process.process.pid) - own
        report["others"] = max(0.0, processor_seconds() - used - own - children) / (time.monotonic() - begun)
        report.setdefault("server_cpu_us", math.nan)  # of a window without an answer
        if report["errors"] > 0:
            raise SystemExit(f"{report['errors']} errors: {' '.join(str(x) for x in command)}: {text}")
        return report

    def drive(self, process, arguments, connections, rate=0, window=None):
        """Repeats what others disturbed."""
        report = self.drive_once(process, arguments, connections, rate, window)
        for _ in range(0 if self.options.smoke else REPEATS_MAX):
            if report["others"] <= OTHERS_MAX:
                break
            self.repeated += 1
            time.sleep(0.5)
            report = self.drive_once(process, arguments, connections, rate, window)
        return report

    # ---- Sections: each gives the lines of its part of the document.

    def capacities(self):
        lines = ["| Request | Backend | Requests/s | Rate / responder | CPU per request | CPU / responder | Goal (rate) |",
                 "|---|---|---|---|---|---|---|"]
        for name, (arguments, connections, goal) in REQUESTS.items():
            for backend in ("uring", "epoll"):
                self.capacity[name, backend], rate, cpu_us, cpu = self.beside_responder(backend, arguments, connections)
                lines.append(f"| {name} | {backend} | {self.capacity[name, backend]:,.0f} | {rate:.2f} | "
                             f"{cpu_us:.1f} us | {cpu:.2f} | {verdict(goal, rate >= (goal or 0))} |")
        return lines

    def beside_responder(self, backend, arguments, connections, model=None):
        """Requests a second, rate / responder, CPU microseconds a request, CPU / responder: the medians."""
        ours, bare = [], []
        with self.server(backend, 9931, model=model) as server, self.responder(backend, 9932, SPIN_US) as responder:
            for _ in range(self.rounds):
                ours.append(self.drive(server, arguments, connections))
                bare.append(self.drive(responder, arguments, connections))
        ratio = lambda key: median(over(a[key], b[key]) for a, b in zip(ours, bare))
        return (median(a["requests_per_s"] for a in ours), ratio("requests_per_s"),
                median(a["server_cpu_us"] for a in ours), ratio("server_cpu_us"))

    def trees(self):
        lines = ["| Request | Backend | Requests/s | Rate / responder | CPU per request | CPU / responder | Goal |",
                 "|---|---|---|---|---|---|---|"]
        directory = self.model / "trees"
        directory.mkdir()
        subprocess.run([self.pieces / "bench/trees/make_trees", "--trees", "100", "--depth", "6", "--leaves", "64",
                        "--features", "30", "--thresholds", "255", "--format", "xgboost_ubjson",
                        directory / "model.ubj"], check=True)
        for name, (rate_least, cpu_most_us) in TREE_GOALS.items():
            arguments, connections, _ = REQUESTS[name]
            for backend in ("uring", "epoll"):
                requests, rate, cpu_us, cpu = self.beside_responder(backend, arguments, connections, directory)
                met = (verdict(f"{rate_least:.2f} of the rate", rate >= rate_least) if rate_least else
                       verdict(f"{cpu_most_us} us", cpu_us <= cpu_most_us))
                lines.append(f"| {name} | {backend} | {requests:,.0f} | {rate:.2f} | {cpu_us:.1f} us | {cpu:.2f} | {met} |")
        return lines

    def half_load(self):
        lines = ["| Request | Backend | Rate | p50, ours / blocking responder | p99 | p99.9 | ratio p50 | ratio p99 (quartiles) | Goal 1.0 |",
                 "|---|---|---|---|---|---|---|---|---|"]
        for name in ("`GET /ping`", "one CSV row of 30"):
            arguments, connections, _ = REQUESTS[name]
            for backend in ("uring", "epoll"):
                rate = round(self.capacity[name, backend] / 2)
                ours, bare = [], []
                with self.server(backend, 9931) as server, self.responder(backend, 9932, 0) as responder:
                    for _ in self.tail_rounds(HALF_LOAD_WINDOW):
                        ours.append(self.drive(server, arguments, connections, rate, HALF_LOAD_WINDOW))
                        bare.append(self.drive(responder, arguments, connections, rate, HALF_LOAD_WINDOW))
                both = lambda key: (f"{median(a[key] for a in ours):.0f} / {median(b[key] for b in bare):.0f} us")
                p50 = median(over(a["p50_us"], b["p50_us"]) for a, b in zip(ours, bare))
                ratios = [over(a["p99_us"], b["p99_us"]) for a, b in zip(ours, bare)]
                p99 = median(ratios)
                met = "met" if p50 <= 1 and p99 <= 1 else "**missed**"
                lines.append(f"| {name} | {backend} | {rate:,}/s | {both('p50_us')} | {both('p99_us')} | "
                             f"{both('p999_us')} | {p50:.2f} | {p99:.2f} ({quartiles(ratios)}) | {met} |")
        return lines

    def fairness(self):
        lines = ["| Backend | Rate | p50 quiet / beside | p99 quiet / beside | Stream | p99 ratio, median (quartiles) | Goal |",
                 "|---|---|---|---|---|---|---|"]
        name = "one CSV row of 30"
        arguments, connections, _ = REQUESTS[name]
        for backend in ("uring", "epoll"):
            rate = round(self.capacity[name, backend] / 10)
            quiet, beside = [], []
            with self.server(backend, 9931) as server:
                for _ in self.tail_rounds(FAIRNESS_WINDOW):
                    quiet.append(self.drive(server, arguments, 16, rate, FAIRNESS_WINDOW))
                    beside.append(self.drive(server, [*arguments, "--streams", "1"], 16, rate, FAIRNESS_WINDOW))
            ratios = [over(b["p99_us"], a["p99_us"]) for a, b in zip(quiet, beside)]
            both = lambda key: f"{median(a[key] for a in quiet):.0f} / {median(b[key] for b in beside):.0f} us"
            stream = median(b["stream_bytes_per_s"] for b in beside) / 1e6
            lines.append(f"| {backend} | {rate:,}/s | {both('p50_us')} | {both('p99_us')} | {stream:,.0f} MB/s | "
                         f"{median(ratios):.1f} ({quartiles(ratios)}) | "
                         f"3, {'met' if median(ratios) <= 3 else '**missed**'} |")
        return lines

    def huge_payload(self):
        """Alone on the server: with one shard, and with another that rests."""
        lines = ["| Backend | Payload | One shard | Two shards | ratio, median (quartiles) | Goal |",
                 "|---|---|---|---|---|---|"]
        directory = self.model / "huge"
        directory.mkdir()
        tree_model.write_ensemble(directory / "model.txt", 500, 8, 30)
        rows = 1_000 if self.options.smoke else 92_000
        generator = random.Random(1)
        body = "".join(",".join(f"{generator.random():.6f}" for _ in range(30)) + "\n" for _ in range(rows))
        for backend in ("uring", "epoll"):
            alone, helped = [], []
            with self.server(backend, 9931, model=directory) as one, \
                 self.server(backend, 9932, shards=2, model=directory) as two:
                for _ in range(self.rounds):
                    for process, times in ((one, alone), (two, helped)):
                        with Connection(process.port) as connection:
                            times.append(connection.ask("POST /invocations", body, "text/csv") / 1e3)
            ratios = [a / b for a, b in zip(alone, helped)]
            lines.append(f"| {backend} | {len(body) / 1e6:.0f} MB of CSV | {median(alone):,.0f} ms | "
                         f"{median(helped):,.0f} ms | {median(ratios):.2f} ({quartiles(ratios)}) | "
                         f"{verdict(1.6, median(ratios) >= 1.6)} |")
        return lines

    def modes(self):
        cores = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {int(CLIENT_CORE)})
        lines = ["| One CSV row of 30, on one connection | Backend | p50 | p99 | p50 / plain |", "|---|---|---|---|---|"]
        for backend in ("uring", "epoll"):
            times = modes.small_requests(self, backend)
            for mode, rounds in times.items():
                ratio = median(a / b for (a, _), (b, _) in zip(rounds, times[modes.PLAIN]))
                lines.append(f"| {mode} | {backend} | {median(a for a, _ in rounds):.0f} us | "
                             f"{median(b for _, b in rounds):.0f} us | {ratio:.2f} |")
        size = 0
        coded = []
        for backend in ("uring", "epoll"):
            size, sizes, times = modes.large_requests(self, backend)
            for mode, rounds in times.items():
                taken = median(b for _, b in rounds)
                coded.append(f"| {mode} | {backend} | {sizes[mode] / 1e6:.1f} MB | {median(a for a, _ in rounds) * 1e3:.1f} ms | "
                             f"{taken * 1e3:.1f} ms | {size / taken / 1e6:,.0f} MB/s |")
        lines += ["", f"| {size / 1e6:.1f} MB of CSV | Backend | Sent | First score | All | CSV |", "|---|---|---|---|---|---|", *coded,
                  "", "| One chunked body, as of a batch transform | Backend | CSV | Memory grew by |", "|---|---|---|---|"]
        for backend in ("uring", "epoll"):
            size, taken, grown = modes.batch_transform(self, backend)
            lines.append(f"| {size / 1e6:,.0f} MB | {backend} | {size / taken / 1e6:,.0f} MB/s | {grown / 1e6:.1f} MB |")
        os.sched_setaffinity(0, cores)
        return lines

    def overload(self):
        lines = ["| Backend | Capacity | Offered | Answered 200, share of capacity | Refused | p50, p99 of 200 | "
                 "p50, p99 of refusals | p50, p99 of `/ping` |", "|---|---|---|---|---|---|---|---|"]
        directory = self.model / "forest"
        directory.mkdir()
        tree_model.write_ensemble(directory / "model.txt", 500, 8, 30)
        arguments = ["--request", "csv", "--features", "30", "--rows", "64"]
        for backend in ("uring", "epoll"):
            capacities, reports = [], []
            with self.server(backend, 9931, model=directory) as server:
                for _ in self.tail_rounds(OVERLOAD_WINDOW):
                    time.sleep(0.3)  # until it refuses nobody any more
                    capacity = self.drive(server, arguments, 64)["requests_per_s"]
                    capacities.append(capacity)
                    reports.append(self.drive(server, [*arguments, "--refusal", "503", "--pings", "200"], 4000,
                                              round(3 * capacity), OVERLOAD_WINDOW))
            both = lambda name: (f"{median(r[name + 'p50_us'] for r in reports) / 1e3:.1f}, "
                                 f"{median(r[name + 'p99_us'] for r in reports) / 1e3:.1f} ms")
            goodput = median(over(r["requests_per_s"], c) for r, c in zip(reports, capacities))
            refused = median(over(r["refusals"], r["refusals"] + r["responses"]) for r in reports)
            lines.append(f"| {backend} | {median(capacities):,.0f}/s | {3 * median(capacities):,.0f}/s | {goodput:.2f} | "
                         f"{refused:.0%} | {both('')} | {both('refusal_')} | {both('ping_')} |")
        return lines

    def with_wrk(self):
        lines = ["| Request | Backend | Requests/s, ours / responder | ratio |", "|---|---|---|---|"]
        if shutil.which("wrk") is None:
            return ["wrk is not installed."]
        script = self.model / "post.lua"
        row = ",".join(["0.5"] * 30)
        script.write_text(f'wrk.method = "POST"\nwrk.body = "{row}"\nwrk.headers["Content-Type"] = "text/csv"\n')

        def rate(process, path, more):
            text = subprocess.run(["taskset", "-c", CLIENT_CORE, "wrk", "-t1", "-c64", f"-d{max(1, round(self.duration))}s",
                                   *more, f"http://127.0.0.1:{process.port}{path}"], check=True, capture_output=True,
                                  text=True).stdout
            return float(re.search(r"Requests/sec:\s*([\d.]+)", text).group(1))

        for name, path, more in (("`GET /ping`", "/ping", []), ("one CSV row of 30", "/invocations", ["-s", script])):
            for backend in ("uring", "epoll"):
                ours, bare = [], []
                with self.server(backend, 9931) as server, self.responder(backend, 9932, SPIN_US) as responder:
                    for _ in range(self.rounds):
                        ours.append(rate(server, path, more))
                        bare.append(rate(responder, path, more))
                lines.append(f"| {name} | {backend} | {median(ours):,.0f} / {median(bare):,.0f} | "
                             f"{median(over(a, b) for a, b in zip(ours, bare)):.2f} |")
        return lines

    def start(self):
        milliseconds, megabytes = [], []
        for _ in range(self.rounds):
            text = subprocess.run(
                [self.build / "bench/latency/start_probe", "9931", self.build / "ringmaker", "serve", "--model-dir",
                 self.model, "--port", "9931", "--shards", "2"], check=True, capture_output=True, text=True).stdout
            found = json.loads(text)
            milliseconds.append(found["start_ms"])
            megabytes.append(found["resident_bytes"] / 1e6)
        return ["| Quantity | Measured | Goal |", "|---|---|---|",
                f"| exec to first 200 of `/ping`, two shards | {median(milliseconds):.1f} ms | 20 ms, "
                f"{'met' if median(milliseconds) <= 20 else '**missed**'} |",
                f"| resident memory, two shards, 30-feature model | {median(megabytes):.1f} MB | 16 MB + 2 x model, "
                f"{'met' if median(megabytes) <= 16 else '**missed**'} |"]

    def models(self):
        count = 200 if self.options.smoke else MODELS
        tree = self.model / "tree"
        for i in range(count):
            directory = tree / f"models/{i}/model"
            directory.mkdir(parents=True)
            shutil.copy(self.model / "model.ringmaker", directory)
        resident = lambda process: int(pathlib.Path(f"/proc/{process.process.pid}/statm").read_text().split()[1]) * 4096
        tail = lambda values, share: sorted(values)[int(len(values) * share)]
        times = lambda values: f"p50 {tail(values, 0.5):,.0f} us, p99 {tail(values, 0.99):,.0f} us"
        load = lambda connection, i, name: connection.ask(
            "POST /models", json.dumps({"model_name": name, "url": f"/opt/ml/models/{i}/model"}))
        lines = ["| Quantity | Measured |", "|---|---|"]
        server = Process([self.build / "ringmaker", "serve", "--base-dir", tree, "--port", "9931", "--shards", "1"], 9931)
        with server, Connection(9931) as connection:
            before = resident(server)
            loads = [load(connection, i, str(i)) for i in range(count)]
            lines.append(f"| {count:,} loads, one after the other | {times(loads)}; {sum(loads) / 1e6:.1f} s in all |")
            lines.append(f"| the last {count // 10:,} of them | {times(loads[-count // 10:])} |")
            lines.append(f"| memory a model, its directory of {(self.model / 'model.ringmaker').stat().st_size:,} bytes "
                         f"read | {(resident(server) - before) / count:,.0f} bytes |")
            pages = [connection.ask("GET /models") for _ in range(200)]
            lines.append(f"| `GET /models`, a page of 100 | {times(pages)} |")

            row = ["--request", "csv", "--features", "30", "--path", "/models/{}/invoke"]
            rates = {}
            for name, paths in (("one model", 1), ("20 models in turn", 20), ("all in turn", count)):
                arguments = [*row, "--paths", str(paths)]
                reports = [self.drive(server, arguments, 64) for _ in range(self.rounds)]
                rates[name] = median(r["requests_per_s"] for r in reports)
                half = [self.drive(server, arguments, 64, round(rates[name] / 2), HALF_LOAD_WINDOW)
                        for _ in self.tail_rounds(FAIRNESS_WINDOW)]
                lines.append(f"| one CSV row of 30 to {name} | {rates[name]:,.0f} requests/s; at half of that p50 "
                             f"{median(r['p50_us'] for r in half):.0f} us, p99 {median(r['p99_us'] for r in half):.0f} us |")
            lines.append(f"| memory after all were used | {resident(server) / 1e6:.1f} MB, {before / 1e6:.1f} MB when empty |")

            # The helpers share the one core of the shard.
            arguments, rate, ends = row, round(rates["one model"] / 10), threading.Event()

            def churn():
                with Connection(9931) as other:
                    while not ends.is_set():
                        load(other, 1, "churn")
                        other.ask("DELETE /models/churn")

            quiet, beside = [], []
            for _ in self.tail_rounds(FAIRNESS_WINDOW):
                quiet.append(self.drive(server, arguments, 16, rate, FAIRNESS_WINDOW))
                ends.clear()
                thread = threading.Thread(target=churn)
                thread.start()
                beside.append(self.drive(server, arguments, 16, rate, FAIRNESS_WINDOW))
                ends.set()
                thread.join()
            both = lambda key: f"{median(r[key] for r in quiet):.0f} / {median(r[key] for r in beside):.0f} us"
            lines.append(f"| one model at {rate:,}/s, quiet / while another is loaded and unloaded without a pause | "
                         f"p50 {both('p50_us')}, p99 {both('p99_us')} |")
            unloads = [connection.ask(f"DELETE /models/{i}") for i in range(count)]
            lines.append(f"| unloads, one after the other | {times(unloads)} |")
        return lines

    def micro(self):
        lines = ["| Benchmark | Time | Rows or items/s | Bytes/s |", "|---|---|---|---|"]
        shown = {"wire": "parse_|scan", "codec": ".", "http": ".", "batch": ".", "model": "/30/", "train": "."}
        for room, names in shown.items():
            program = self.pieces / f"bench/{room}_bench"
            # Training uses every core and has a section of its own.
            if not program.exists() or (room == "train" and not self.options.smoke):
                continue
            least = "0.001" if self.options.smoke else "0.2"
            if self.options.smoke:
                names = f"^({'|'.join(map(re.escape, one_of_each_kind(program)))})$"
            text = subprocess.run(["taskset", "-c", SERVER_CORE, program, f"--benchmark_min_time={least}",
                                   f"--benchmark_filter={names}",
                                   "--benchmark_format=json"], check=True, capture_output=True, text=True).stdout
            for result in json.loads(text)["benchmarks"]:
                if result.get("error_occurred"):
                    if "instruction set" not in result.get("error_message", ""):
                        raise SystemExit(f"{result['name']}: {result.get('error_message')}")
                    continue
                rate = lambda key, unit: f"{result[key] / 1e6:,.1f} {unit}" if key in result else ""
                label = f" ({result['label']})" if result.get("label") else ""
                time_ns = result["real_time"] * {"ns": 1, "us": 1e3, "ms": 1e6}[result["time_unit"]]
                lines.append(f"| {room}: {result['name']}{label} | {time_ns:,.0f} ns | "
                             f"{rate('items_per_second', 'M/s')} | {rate('bytes_per_second', 'MB/s')} |")
        return lines

    def machine(self):
        cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text()).group(1)
        compiler = subprocess.run(["c++", "--version"], capture_output=True, text=True).stdout.split("\n")[0]
        return [f"{os.cpu_count()} cores of {cpu}, Linux {os.uname().release}, {compiler}; release preset, "
                f"{time.strftime('%Y-%m-%d')}. Server and responder on core 0, client on core 1, loopback; "
                f"{self.rounds} interleaved rounds of {self.duration:g} s, half load in "
                f"{HALF_LOAD_WINDOW[0]} of {HALF_LOAD_WINDOW[1]:g} s, fairness in {FAIRNESS_WINDOW[0]} of "
                f"{FAIRNESS_WINDOW[1]:g} s; medians."]


def one_of_each_kind(program):
    """Of the benchmarks that differ in numbers alone the first, which is the smallest."""
    names = subprocess.run([program, "--benchmark_list_tests"], check=True, capture_output=True, text=True).stdout
    kinds = {}
    for name in names.split():
        kinds.setdefault(re.sub(r"\d+", "", name), name)
    return kinds.values()


def replace(text, name, lines):
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    if begin not in text:
        raise SystemExit(f"the document has no place for {name}")
    head, rest = text.split(begin, 1)
    return head + begin + "\n" + "\n".join(lines) + "\n" + end + rest.split(end, 1)[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--pieces", help="build folder of the micro-benchmarks, where that is another")
    parser.add_argument("--out", help="document whose marked tables are replaced")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--duration", type=float, default=1.0)
    parser.add_argument("--only", action="append", help="section, several times: capacities, half_load, ...")
    parser.add_argument("--smoke", action="store_true")
    options = parser.parse_args()
    suite = Suite(options)
    try:
        names = ["machine", "capacities", "trees", "half_load", "fairness", "huge_payload", "modes", "overload",
                 "with_wrk", "start", "models", "micro"]
        wanted = set(options.only or names)
        if wanted & {"half_load", "fairness"}:
            wanted.add("capacities")
        for name in [name for name in names if name in wanted]:
            lines = getattr(suite, name)()
            print(f"\n== {name}\n" + "\n".join(lines), flush=True)
            if options.out and not options.smoke:
                path = pathlib.Path(options.out)
                path.write_text(replace(path.read_text(), name, lines))
        if suite.repeated:
            print(f"\n{suite.repeated} disturbed runs were repeated")
    finally:
        shutil.rmtree(suite.model)


if __name__ == "__main__":
    sys.exit(main())
