"""A simulated lab as commit ab9f900 left it when its conductor was killed, and what that commit made of it.

`harness start --simulate 8xh100 --budget 96usd --max-hypotheses 16 --no-plateau` in WORLD, killed after its
second recipe; expected.json is the end that this commit then brought it to.
"""

import json
import sqlite3
from pathlib import Path

HERE = Path(__file__).parent
EXPECTED = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
WORLD = '{"effects": 12, "seed": 1, "mishaps": 0}'
NODE = ["--simulate", "8xh100", "--budget", "96usd", "--max-hypotheses", "16", "--no-plateau"]


def write_journal(path: Path) -> None:
    """The journal, made of its SQL."""
    with sqlite3.connect(path) as database:
        database.executescript((HERE / "journal.sql").read_text(encoding="utf-8"))
    database.close()


def unpack(folder: Path) -> None:
    """The whole lab folder."""
    folder.mkdir()
    write_journal(folder / "journal.db")
    for name, text in json.loads((HERE / "runs.json").read_text(encoding="utf-8")).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
