"""`harness`: the command line. Light: what a command needs is imported when it runs."""

import sys

from harness.cli import journal, lab, money  # noqa: F401 (their import registers the commands)
from harness.cli.groups import app
from harness.errors import UserError
from trainer.system.streams import take_any_text


def main() -> None:
    """Run a command; a user's error is one line and exit code 2."""
    take_any_text()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit code of a command line."""
    try:
        code = app(args=arguments, prog_name="harness", standalone_mode=False)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        line = _user_line(error)
        if line is None:
            raise
        if line:
            print(f"harness: {line}", file=sys.stderr)
        return 2
    return code if isinstance(code, int) else 0


def _user_line(error: Exception) -> str | None:
    """The one line for a user's error; None for a fault of our own."""
    if isinstance(error, UserError):
        return str(error)
    usage = getattr(error, "format_message", None)  # click's errors, wherever typer keeps them
    if usage is not None:
        return " ".join(str(usage()).split())
    from journal.errors import JournalError
    from trainer.job import JobError

    return str(error) if isinstance(error, JobError | JournalError) else None


if __name__ == "__main__":
    main()
