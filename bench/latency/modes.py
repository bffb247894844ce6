"""What modes of hosting and codings of bodies cost, beside a plain invocation of the same client.

The client asks one thing at a time on one connection, so that its own time (Python's) is in every
figure: what a mode costs is the difference between lines. Rounds go through all of them in turn.
"""
import gzip
import json
import random
import re
import shutil
import socket
import struct
import subprocess
import threading
import time
import zlib

PLAIN = "plain invocation"


class Peer:
    """One keep-alive connection."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self):
        self.socket.close()

    def ask(self, line, fields, body):
        """Head and body of a 200, seconds to the first byte of scores, seconds in all."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        begun = time.perf_counter()
        self.socket.sendall(f"{line} HTTP/1.1\r\nHost: x\r\n{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer, first = b"", None
        while True:
            answer += self.socket.recv(1 << 16)
            head, end, rest = answer.partition(b"\r\n\r\n")
            if not end:
                continue
            first = first or (time.perf_counter() if rest else None)
            length = re.search(rb"Content-Length: (\d+)", head)
            if len(rest) == int(length.group(1)) if length else answer.endswith(b"\r\n0\r\n\r\n"):
                break
        ended = time.perf_counter()
        if not head.startswith(b"HTTP/1.1 200 "):
            raise SystemExit(f"{line}: {answer[:300]!r}")
        return head.decode(), rest, first - begun, ended - begun


class Websocket(Peer):
    """A bidirectional stream: one message out, one in."""

    def __init__(self, port):
        super().__init__(port)
        self.socket.sendall(b"GET /invocations-bidirectional-stream?content-type=text/csv HTTP/1.1\r\nHost: x\r\n"
                            b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        head = b""
        while b"\r\n\r\n" not in head:
            head += self.socket.recv(4096)
        if not head.startswith(b"HTTP/1.1 101 "):
            raise SystemExit(f"no stream: {head!r}")

    def say(self, message):
        """Seconds to the whole answer. The message has between 126 bytes and 64 KiB."""
        begun = time.perf_counter()
        self.socket.sendall(struct.pack("!BBHI", 0x81, 0x80 | 126, len(message), 0) + message)  # masked with zeros
        answer = b""
        while len(answer) < 2 or len(answer) < 2 + (answer[1] & 0x7f):
            answer += self.socket.recv(4096)
        return time.perf_counter() - begun


def small_requests(suite, backend):
    """Microseconds of one CSV row by each mode, one list of a value a round: its median and p99."""
    row = ",".join(["0.537462", "-1.25", "17.993"] * 10).encode()
    csv = {"Content-Type": "text/csv"}
    count = 20 if suite.options.smoke else 2000
    with suite.server(backend, 9931) as server:
        peer = Peer(server.port)
        stream = Websocket(server.port)
        opened, *_ = peer.ask("POST /invocations", {"Content-Type": "application/json",
                                                    "X-Amzn-SageMaker-Session-Id": "NEW_SESSION"},
                              b'{"requestType":"NEW_SESSION"}')
        session = re.search(r"X-Amzn-SageMaker-Session-Id: ([^;\r]+)", opened).group(1)
        name = json.loads(peer.ask("GET /v1/models", {}, b"")[1])["models"][0]
        numbers = [float(x) for x in row.split(b",")]
        tensors = json.dumps({"inputs": [{"name": "x", "shape": [1, 30], "datatype": "FP32", "data": numbers}]}).encode()
        instances = json.dumps({"instances": [numbers]}).encode()
        plain = lambda more: peer.ask("POST /invocations", {**csv, **more}, row)[3]
        modes = {
            PLAIN: lambda: plain({}),
            "in a session": lambda: plain({"X-Amzn-SageMaker-Session-Id": session}),
            "message of a bidirectional stream": lambda: stream.say(row),
            "with `Server-Timing`": lambda: plain({"X-Amzn-SageMaker-Custom-Attributes": "server-timing=true"}),
            "`/endpoints/NAME/invocations`": lambda: peer.ask("POST /endpoints/e/invocations", csv, row)[3],
            "Open Inference Protocol V2, JSON": lambda: peer.ask(f"POST /v2/models/{name}/infer", {}, tensors)[3],
            "KServe V1, JSON": lambda: peer.ask(f"POST /v1/models/{name}:predict", {}, instances)[3],
        }
        times = {mode: [] for mode in modes}
        for round_ in range(suite.rounds + 1):
            for mode, ask in modes.items():
                taken = sorted(ask() * 1e6 for _ in range(count))
                if round_ > 0:  # the first warms up
                    times[mode].append((taken[count // 2], taken[count * 99 // 100]))
        peer.close()
        stream.close()
    return times


def coded(body):
    """The body by each coding that there is a program for."""
    bodies = {"gzip": gzip.compress(body, 6), "deflate": zlib.compress(body, 6)}
    if shutil.which("zstd"):
        bodies["zstd"] = subprocess.run(["zstd", "-q", "-c"], input=body, check=True, capture_output=True).stdout
    return bodies


def large_requests(suite, backend):
    """Bytes sent; seconds to the first score and to the last, of 6 MB of CSV by each coding."""
    generator = random.Random(1)
    rows = 200 if suite.options.smoke else 22_000
    body = "".join(",".join(f"{generator.random():.6f}" for _ in range(30)) + "\n" for _ in range(rows)).encode()
    csv = {"Content-Type": "text/csv"}
    sizes, times = {}, {}
    with suite.server(backend, 9931) as server:
        peer = Peer(server.port)
        asked = {PLAIN: (csv, body),
                 "response streaming": ({**csv, "X-Amzn-SageMaker-Custom-Attributes": "stream=true"}, body)}
        for coding, text in coded(body).items():
            asked[coding] = ({**csv, "Content-Encoding": coding}, text)
        for round_ in range(suite.rounds + 1):
            for mode, (fields, text) in asked.items():
                _, _, first, all_ = peer.ask("POST /invocations", fields, text)
                if round_ > 0:
                    sizes[mode] = len(text)
                    times.setdefault(mode, []).append((first, all_))
        peer.close()
    return len(body), sizes, times


def batch_transform(suite, backend):
    """Bytes of one chunked body, seconds, and by how much the server's memory grew over it."""
    generator = random.Random(2)
    piece = "".join(",".join(f"{generator.random():.6f}" for _ in range(30)) + "\n" for _ in range(3_700)).encode()
    pieces = 2 if suite.options.smoke else 300
    chunk = f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
    with suite.server(backend, 9931) as server:
        resident = lambda: int(open(f"/proc/{server.process.pid}/statm").read().split()[1]) * 4096
        peer = Peer(server.port)
        peer.ask("POST /invocations", {"Content-Type": "text/csv"}, piece)
        before, begun = resident(), time.perf_counter()
        peer.socket.sendall(b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
                            b"Transfer-Encoding: chunked\r\n\r\n")

        def send():
            for _ in range(pieces):
                peer.socket.sendall(chunk)
            peer.socket.sendall(b"0\r\n\r\n")

        sender = threading.Thread(target=send)
        sender.start()
        answer, tail, most = 0, b"", 0
        while not tail.endswith(b"\r\n0\r\n\r\n"):
            part = peer.socket.recv(1 << 20)
            if not part:
                raise SystemExit(f"the answer ended early: {tail!r}")
            answer += len(part)
            tail = (tail + part)[-64:]
            most = max(most, resident())
        sender.join()
        taken = time.perf_counter() - begun
        peer.close()
    return pieces * len(piece), taken, most - before
