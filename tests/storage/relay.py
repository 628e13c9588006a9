"""A way to PostgreSQL on which the server can be made to tell nothing by itself, or nothing comes through at all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy import URL

NOTIFICATION = b"A"


class Relay:
    """Passes everything on, but while it is mute no notifications, as a proxy between transactions does, and nothing
    while it is silent."""

    def __init__(self, url: URL) -> None:
        self._server = url
        self.is_mute = self.is_silent = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, questions = await asyncio.open_connection(self._server.host, self._server.port)
        await asyncio.gather(self._pass_bytes(reader, questions), self._pass_messages(answers, writer))

    async def _pass_bytes(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while some := await reader.read(65_536):
            if not self.is_silent:
                writer.write(some)
        writer.close()

    async def _pass_messages(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Each has a letter, four bytes with the length of the rest and themselves, and the rest."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readexactly(5)
                message = head + await reader.readexactly(int.from_bytes(head[1:]) - 4)
                if not self.is_silent and not (self.is_mute and head[:1] == NOTIFICATION):
                    writer.write(message)
        writer.close()


@asynccontextmanager
async def relayed(url: URL) -> AsyncIterator[tuple[Relay, URL]]:
    """A relay to the server of a database, and the URL of the database through it."""
    relay = Relay(url)
    server = await asyncio.start_server(relay.serve, "127.0.0.1", 0)
    try:
        port: int = server.sockets[0].getsockname()[1]
        yield relay, url.set(host="127.0.0.1", port=port).update_query_dict({"ssl": "disable"})
    finally:
        server.close()
