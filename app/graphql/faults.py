"""Top-level errors: every one has a code of the closed list, and what nobody expected is masked."""

import logging
from contextvars import ContextVar
from enum import StrEnum
from typing import Any

from graphql import FieldNode, GraphQLError
from strawberry.utils.str_converters import to_camel_case

from app.domain.errors import ArgumentFault
from app.storage.database import TimedOut, Unavailable

logger = logging.getLogger("crm.graphql")
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


class Code(StrEnum):
    """The values of `errors[].extensions.code`."""

    BAD_REQUEST = "BAD_REQUEST"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    OPERATION_RESOLUTION_FAILURE = "OPERATION_RESOLUTION_FAILURE"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    FIELD_CONDITION_MISMATCH = "FIELD_CONDITION_MISMATCH"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    COST_EXCEEDED = "COST_EXCEEDED"
    CURSOR_INVALID = "CURSOR_INVALID"
    CURSOR_EXPIRED = "CURSOR_EXPIRED"
    RESULT_WINDOW_EXCEEDED = "RESULT_WINDOW_EXCEEDED"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE"
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    TIMEOUT = "TIMEOUT"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"


def is_unexpected(error: GraphQLError) -> bool:
    """Whether a field failed in a way that no input explains: its resolver, or a value that does not fit its type.

    A fault in an argument points at the argument in the document, everything else at the field.
    """
    if error.original_error is not None and not isinstance(error.original_error, GraphQLError):
        return not isinstance(error.original_error, ArgumentFault | Unavailable | TimedOut)
    return error.path is not None and all(isinstance(node, FieldNode) for node in error.nodes or ())


def formatted(error: GraphQLError, code: Code | None = None) -> dict[str, Any]:
    """An error as the response shows it. Without a code it is told from what was raised."""
    answer: dict[str, Any] = {"message": error.message}
    extensions: dict[str, Any] = {}
    original = error.original_error
    if isinstance(original, ArgumentFault):
        extensions |= {
            "code": original.code.value,
            "inputPath": [to_camel_case(step) for step in original.path],
        }
    elif isinstance(original, Unavailable):
        answer["message"] = "The service is not available at the moment; try again."
        extensions["code"] = Code.UNAVAILABLE.value
    elif isinstance(original, TimedOut):
        answer["message"] = "The database took too long; ask for less at once."
        extensions["code"] = Code.TIMEOUT.value
    elif is_unexpected(error):
        logger.error("a resolver failed at %s: %s", error.path, error.message, exc_info=original)
        answer["message"] = "Something went wrong on our side."
        extensions["code"] = Code.INTERNAL.value
    else:
        extensions["code"] = (code or Code.BAD_USER_INPUT).value
    if (identifier := request_id.get()) is not None:
        extensions["requestId"] = identifier
    if error.locations:
        answer["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        answer["path"] = error.path
    return answer | {"extensions": extensions}
