"""`crm-gateway`: the command line. It ends with 0, with 1 after a user's mistake, or with 2 after a wrong usage."""

from app.cli.commands import assembled
from app.cli.console import fail
from app.cli.mistakes import explained


def main() -> int:
    """Run the command that the arguments name."""
    try:
        assembled()(prog_name="crm-gateway")
    except Exception as error:
        message = explained(error)
        if message is None:
            raise
        fail(message)
        return 1
    return 0
