"""What can go wrong with a file as a whole, and with one object of it."""


class ImportFault(Exception):
    """The file cannot be imported; `offset` and `line` say where reading stopped, where that is known."""

    def __init__(self, message: str, offset: int | None = None, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.line = line


class Refused(Exception):
    """One object of the file cannot be kept; `path` leads to the reason from the lead's record."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}" if path else reason)
        self.path = path
        self.reason = reason
