"""The embedded mail server: it accepts a mail once the mail is safely on disk."""

import asyncio
import os
import signal
import socket
import sys
import uuid
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from portal import clock

MAX_BYTES = 33_554_432


def store(mailbox: Path, content: bytes) -> Path:
    """Write one mail as it came, durably; its name gives away only when it came."""
    name = f"{clock.now():%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex}.eml"
    draft = mailbox / f".{name}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(mailbox / name)
    # The name itself must survive a power cut too.
    folder = os.open(mailbox, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return mailbox / name


class Sink:
    """What aiosmtpd asks about each mail."""

    def __init__(self, mailbox: Path) -> None:
        self.mailbox = mailbox

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Accept after storing; a full disk is a temporary refusal, so that the sender tries again."""
        content = envelope.original_content or b""
        try:
            await asyncio.to_thread(store, self.mailbox, content)
        except OSError as error:
            sys.stderr.write(f"mail not stored: {error.strerror}\n")
            return "451 Requested action aborted: local error in processing"
        return "250 OK"


async def serve(listener: socket.socket, mailbox: Path) -> None:
    """Serve on a bound socket until SIGTERM or SIGINT."""
    mailbox.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = Sink(mailbox)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(
            handler,
            data_size_limit=MAX_BYTES,
            enable_SMTPUTF8=True,
            hostname="localhost",
            ident="portaal",
            loop=loop,
        ),
        sock=listener,
    )
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with server:
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(serve(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2])))
