"""Where the server's log goes: lines on standard error, each with the id of its request."""

import logging

from app.graphql.faults import request_id

FORMAT = "%(asctime)s %(levelname)s %(name)s [%(request)s] %(message)s"


def add_request(record: logging.LogRecord) -> bool:
    record.request = request_id.get() or "-"
    return True


def configure(level: str) -> None:
    """The level is the gateway's own; of libraries only warnings are of interest, unless somebody debugs."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(FORMAT))
    handler.addFilter(add_request)
    logging.basicConfig(handlers=[handler], level=logging.INFO if level == "debug" else logging.WARNING)
    logging.getLogger("crm").setLevel(level.upper())
