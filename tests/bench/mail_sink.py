"""A mail server that throws everything away: `python -m tests.bench.mail_sink FD`.

It offers PIPELINING as the servers of an office do (Postfix, Exchange); aiosmtpd handles it and does
not say so by itself.
"""

import asyncio
import socket
import sys
from typing import Any

from aiosmtpd.smtp import SMTP


class Nowhere:
    """Takes every mail and forgets it."""

    async def handle_EHLO(
        self, _server: SMTP, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_DATA(self, _server: SMTP, _session: Any, _envelope: Any) -> str:
        return "250 OK"


async def serve(listener: socket.socket) -> None:
    """Serve on a bound socket until killed."""
    loop = asyncio.get_running_loop()
    handler = Nowhere()
    server = await loop.create_server(
        lambda: SMTP(handler, enable_SMTPUTF8=True, hostname="localhost", loop=loop), sock=listener
    )
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(socket.socket(fileno=int(sys.argv[1]))))
