"""What a user can do something about, told in a sentence; everything else is a fault and keeps its traceback."""

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError

from app.asgi import SchemaBehind
from app.domain.errors import DomainError, Problems
from app.services.close_format import ImportFault
from app.settings import BadSettings
from app.storage.database import Unavailable
from app.storage.sqlite import AlreadyServed

INSUFFICIENT_PRIVILEGE = "42501"


class Mistake(Exception):
    """The command cannot do what it was asked for; the message says why, and what to do."""


def explained(error: BaseException) -> str | None:
    """The sentence for a user's mistake; None for anything else."""
    match error:
        case Mistake() | BadSettings() | AlreadyServed() | SchemaBehind() | ImportFault():
            return str(error)
        case DomainError():
            return error.message
        case Problems():
            return "\n".join(problem.message for problem in error.errors)
        case Unavailable():
            return _sentence(str(error), error.__cause__)
        case DBAPIError() if _is_outside(error):
            return _sentence("the database cannot be used", error)
        case OSError(filename=str(name) | bytes(name)):
            return f"{name!s}: {error.strerror}."
        case OSError():
            return _sentence("the database cannot be reached", error)
        case _:
            return None


def _is_outside(error: DBAPIError) -> bool:
    """Whether the cause lies with the server, the file or the rights, and not in a statement of ours."""
    if isinstance(error, ProgrammingError):
        return getattr(error.orig, "sqlstate", None) == INSUFFICIENT_PRIVILEGE
    return not isinstance(error, IntegrityError | DataError)


def _sentence(what: str, cause: BaseException | None) -> str:
    reason = cause.orig if isinstance(cause, DBAPIError) else cause
    text = f"{what}: {reason}" if reason is not None and str(reason) else what
    return f"{text[0].upper()}{text[1:].rstrip('.')}."
