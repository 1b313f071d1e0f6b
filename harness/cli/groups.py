"""The command line's groups, and the options that commands share."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="harness",
    help="An autonomous research lab for small language models, under a hard dollar budget.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
journal_app = typer.Typer(
    help="Browse the journal: hypotheses, verdicts, the ledger.\n\nExample: harness journal show h1",
    invoke_without_command=True,
    rich_markup_mode=None,
)
hypothesis_app = typer.Typer(
    help='Hypotheses of your own.\n\nExample: harness hypothesis add "rates help" optim.matrix_lr=0.04',
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(journal_app, name="journal")
app.add_typer(hypothesis_app, name="hypothesis")

Lab = Annotated[Path, typer.Option("--lab", help="the lab's folder")]
Json = Annotated[bool, typer.Option("--json", help="print JSON")]
LAB = Path("lab")
