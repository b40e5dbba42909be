"""A mail server with moods: `python -m tests.faults.moody_sink PORT MAILBOX MOOD JOURNAL`.

The file MOOD holds one word, read anew at each step:
- "well": as the embedded mail server; "slow": each mail takes 50 ms more;
- "421", "451": refuses the sender for now; "greylist": refuses each address for now;
- "silent": accepts a connection and never says a word;
- "lost", "kept": says nothing after the content, which it threw away or kept. The Message-IDs of what
  it kept without saying so go to JOURNAL: these are the doubles that nobody can prevent.
Who is called "onbekend…" has no mailbox here.
"""

import asyncio
import email
import socket
import sys
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from portal.supervisor.sink import MAX_BYTES, Sink, store

FOREVER = 3600
SLOW_SECONDS = 0.05


class MoodySink(Sink):
    """What aiosmtpd asks about each mail, answered by the mood."""

    def __init__(self, mailbox: Path, mood: Path, journal: Path) -> None:
        super().__init__(mailbox)
        self.mood_file, self.journal = mood, journal

    @property
    def mood(self) -> str:
        return self.mood_file.read_text().strip()

    async def handle_MAIL(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.mood == "421":
            return "421 4.3.2 Service not available, closing transmission channel"
        if self.mood == "451":
            return "451 4.3.0 Requested action aborted: local error in processing"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.mood == "greylist":
            return "451 4.7.1 Greylisted, please try again later"
        if address.startswith("onbekend"):
            return "550 5.1.1 User unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        mood = self.mood
        if mood == "slow":
            await asyncio.sleep(SLOW_SECONDS)
        if mood == "kept":
            content = envelope.original_content or b""
            with self.journal.open("a") as file:
                file.write(f"{email.message_from_bytes(content)['Message-ID']}\n")
            store(self.mailbox, content)
        if mood in ("kept", "lost"):
            await asyncio.sleep(FOREVER)
        return await super().handle_DATA(server, session, envelope)


async def serve(port: int, mailbox: Path, mood: Path, journal: Path) -> None:
    """Serve until killed."""
    mailbox.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = MoodySink(mailbox, mood, journal)
    loop = asyncio.get_running_loop()

    def answer() -> Any:
        if handler.mood == "silent":
            return asyncio.Protocol()
        return SMTP(handler, data_size_limit=MAX_BYTES, enable_SMTPUTF8=True, hostname="localhost", loop=loop)

    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    async with await loop.create_server(answer, sock=listener) as server:
        await server.serve_forever()


if __name__ == "__main__":
    number, *paths = sys.argv[1:]
    asyncio.run(serve(int(number), *map(Path, paths)))
