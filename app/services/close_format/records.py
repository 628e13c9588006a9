"""The lead records of a file: an array of them, an envelope with `data`, or one after another, as in JSON lines."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from app.services.close_format.faults import ImportFault
from app.services.close_format.scanner import Malformed, Scanner
from app.services.close_format.sources import Source
from app.services.close_format.values import storable


@dataclass(frozen=True)
class Found:
    """A value where a lead's record is expected, or why there is none."""

    index: int
    value: Any
    reason: str | None = None
    replaced: int = 0  # characters that no database keeps


def records(source: Source) -> Iterator[Found]:
    """From the start of the file. A fault in an array ends the reading, one in JSON lines only that line's."""
    source.rewind()
    for found in _found(source):
        try:
            value, replaced = storable(found.value)
        except ValueError as error:
            yield Found(found.index, None, f"the record {error}")
        else:
            yield replace(found, value=value, replaced=replaced)


def _found(source: Source) -> Iterator[Found]:
    scanner = Scanner(source)
    try:
        match scanner.peek():
            case "[":
                yield from _numbered(_elements(scanner))
                _end(scanner)
            case "{":
                yield from _after_brace(scanner)
            case "":
                raise ImportFault("The file is empty.", 0, 1)
            case _:
                scanner.value()
                raise ImportFault("The file holds neither a list nor an object, but a single value.", 0, 1)
    except Malformed as malformed:
        raise malformed.fault() from malformed


def _after_brace(scanner: Scanner) -> Iterator[Found]:
    """What a first object is shows when its members are read: the envelope, or the first record."""
    members: dict[str, Any] = {}
    enveloped = False
    scanner.take("{")
    while scanner.peek() != "}":
        if scanner.peek() != '"':
            raise scanner.malformed("a key is missing")
        key = scanner.value()
        scanner.take(":")
        if key == "data" and scanner.peek() == "[":
            enveloped = True
            yield from _numbered(_elements(scanner))
        else:
            members[key] = scanner.value()
        if scanner.peek() != "}":
            scanner.take(",")
    scanner.take("}")
    if enveloped:
        _end(scanner)
    else:
        yield Found(0, members)
        yield from _further(scanner)


def _elements(scanner: Scanner) -> Iterator[Any]:
    scanner.take("[")
    if scanner.peek() == "]":
        scanner.take("]")
        return
    while True:
        yield scanner.value()
        if scanner.take(",", "]") == "]":
            return


def _further(scanner: Scanner) -> Iterator[Found]:
    index = 1
    while scanner.peek():
        line = scanner.line
        try:
            found = Found(index, scanner.value())
        except Malformed as malformed:
            found = Found(index, None, f"line {line} is not valid JSON: {malformed.reason}")
            scanner.skip_line()
            _resume(scanner)
        yield found
        index += 1


def _resume(scanner: Scanner) -> None:
    """Go on where the next record begins."""
    while scanner.peek() not in ("{", ""):
        scanner.skip_line()


def _numbered(values: Iterator[Any]) -> Iterator[Found]:
    return (Found(index, value) for index, value in enumerate(values))


def _end(scanner: Scanner) -> None:
    if scanner.peek():
        raise scanner.malformed("something follows the end of the list")
