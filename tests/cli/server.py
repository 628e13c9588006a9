"""`crm-gateway serve` as a process of its own, on a free port."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-c", "import sys; from app.cli import main; sys.exit(main())")
LAST_LINE = "Stop with Ctrl-C."


@dataclass
class Server:
    process: subprocess.Popen[str]
    said: str
    errors: IO[str]

    @property
    def url(self) -> str:
        return self._found(r"GraphQL   (http://\S+)/graphql")

    @property
    def key(self) -> str:
        return self._found(r"Demo key  (\S+)")

    @property
    def curl(self) -> str:
        return self._found(r"  (curl .*)")

    def _found(self, pattern: str) -> str:
        match = re.search(pattern, self.said)
        assert match, self.said
        return match[1]

    def stop(self, number: signal.Signals = signal.SIGTERM, seconds: float = 20) -> tuple[int, str]:
        """The exit code, and what is on standard error."""
        self.process.send_signal(number)
        code = self.process.wait(timeout=seconds)
        self.errors.seek(0)
        return code, self.errors.read()


@contextmanager
def serving(folder: Path, *arguments: str, **variables: str) -> Iterator[Server]:
    """A server that has said that it is there; stopped at the end, unless the test did."""
    # A file, for a pipe that nobody reads would stop a server with much to say.
    with TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            [*PROGRAM, "serve", "--port", "0", *arguments],
            cwd=folder,
            env=environment(variables),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        assert process.stdout is not None
        with process.stdout:
            try:
                yield Server(process, _said(process.stdout, errors), errors)
            finally:
                if process.poll() is None:
                    process.terminate()
                    process.wait(timeout=20)


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """That of the tests without settings, and with these."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CRM_")}
    return {**kept, "PYTHONPATH": path, **variables}


def _said(output: IO[str], errors: IO[str]) -> str:
    lines = []
    for line in output:
        lines.append(line)
        if line.startswith(LAST_LINE):
            return "".join(lines)
    errors.seek(0)
    raise AssertionError(f"the server ended: {errors.read()}")
