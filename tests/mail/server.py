"""A real mail server on a thread, that answers as a test tells it."""

import asyncio
import email
import email.policy
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP


class Server:
    """What aiosmtpd asks about each mail.

    `answers` holds, for each mail that comes, None (take it) or the step that says no and its words:
    ("mail", …), ("rcpt", …), ("data", …); after ("gone", "") the connection is cut. A number of a mail
    in `sent` is its place among those that were accepted.
    """

    def __init__(self, *, pipelining: bool) -> None:
        self.pipelining = pipelining
        self.port = 0
        self.answers: list[tuple[str, str] | None] = []
        self.sent: list[EmailMessage] = []
        self.connections = 0

    def _no(self, step: str) -> str | None:
        if self.answers and self.answers[0] and self.answers[0][0] == step:
            answer = self.answers.pop(0)
            assert answer is not None
            return answer[1]
        return None

    async def handle_EHLO(
        self, _server: SMTP, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]] if self.pipelining else responses

    async def handle_MAIL(
        self, server: SMTP, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self._no("gone") is not None:
            server.transport.abort()
            return "421 weg"
        if no := self._no("mail"):
            return no
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, _server: SMTP, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if no := self._no("rcpt"):
            return no
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:
        if no := self._no("data"):
            return no
        if self.answers:
            self.answers.pop(0)
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.sent.append(mail)
        return "250 OK"


@contextmanager
def serving(*, pipelining: bool = False) -> Iterator[Server]:
    """A server on a free port of 127.0.0.1, gone afterwards."""
    made = Server(pipelining=pipelining)
    loop = asyncio.new_event_loop()

    async def start() -> asyncio.Server:
        return await loop.create_server(lambda: SMTP(made, loop=loop, hostname="localhost"), "127.0.0.1", 0)

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(start(), loop).result()
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:

        async def stop() -> None:
            server.close()
            for task in asyncio.all_tasks():
                if task is not asyncio.current_task():
                    task.cancel()
            await asyncio.sleep(0)

        asyncio.run_coroutine_threadsafe(stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def words(mail: EmailMessage, kind: str = "plain") -> str:
    """The text of one part, as its reader sees it."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")
