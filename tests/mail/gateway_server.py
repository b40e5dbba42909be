"""A real gateway on 127.0.0.1 that keeps what it was asked and answers as a test tells it."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class GatewayServer:
    """`answers` are taken in turn; without one it says 200."""

    port: int = 0
    answers: list[Answer] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, scheme: str = "http") -> str:
        return f"{scheme}://{self.host}/v1/send"


def status(code: int, **headers: str) -> Answer:
    """Answer with this status and nothing else."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "2")
        handler.end_headers()
        handler.wfile.write(b"ok")

    return answer


def endless(handler: BaseHTTPRequestHandler) -> None:
    """An answer that never stops."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x" * 65536)
    except OSError:
        return


def hanging(server: GatewayServer) -> Answer:
    """No answer at all, until the test is over."""
    return lambda _handler: server.over.wait(20) and None


def dripping(server: GatewayServer) -> Answer:
    """A byte now and then: each single read is quick, the whole never ends."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Veel: ")
        try:
            for _ in range(400):
                handler.wfile.write(b"x")
                handler.wfile.flush()
                if server.over.wait(0.05):
                    return
        except OSError:
            return

    return answer


@contextmanager
def serving(certificate: ssl.SSLContext | None = None) -> Iterator[GatewayServer]:
    """A gateway on a free port, over TLS with a certificate; gone afterwards."""
    made = GatewayServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            made.asked.append(
                Asked(self.command, self.path, dict(self.headers.items()), self.rfile.read(length))
            )
            self.close_connection = True
            (made.answers.pop(0) if made.answers else status(200))(self)

        do_GET = do_POST = do_PUT = _answer

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: what is asked holds numbers."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_args: None  # type: ignore[method-assign]
    if certificate is not None:
        server.socket = certificate.wrap_socket(server.socket, server_side=True)
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def took(act: Callable[[], object]) -> float:
    """How long it took by a clock that no test stops."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
