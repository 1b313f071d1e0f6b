"""The command about money."""

from typing import Annotated

import typer

from harness.cli.groups import LAB, Json, Lab, app


@app.command()
def budget(
    add: Annotated[str | None, typer.Option(help="give the session so much more, e.g. 20usd")] = None,
    hours: Annotated[float | None, typer.Option(help="let the session last so many hours in all")] = None,
    lab: Lab = LAB,
    as_json: Json = False,
) -> None:
    """Planned, reserved, spent, idle, by purpose and session, and the end to expect; or raise the budget.

    A running lab takes the raise up at its next turn, a stopped one when it goes on.

    Example: harness budget

    Example: harness budget --json

    Example: harness budget --add 20usd

    Example: harness budget --hours 12
    """
    from harness.reports.budget import budget_document
    from harness.reports.budget_tables import print_budget
    from harness.reports.tables import print_json
    from harness.steering.raise_budget import raise_lab
    from journal.lab_paths import LabPaths
    from journal.prices import parse_money

    paths = LabPaths.at(lab)
    if add is not None or hours is not None:
        raise_lab(paths, 0 if add is None else parse_money(add), hours)
    document = budget_document(paths)
    print_json(document) if as_json else print_budget(document)
