"""What made a recipe: older journals told it in a sentence, which the typed fields give again."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from journal.errors import JournalError, Refused
from journal.records import Recipe
from journal.store import Journal
from tests.support.journal_support import new_journal, recipe

DEPTH, TOKENS = 12, 1_228_800
DOCUMENT = json.dumps({"kind": "pretrain", "model": {"depth": DEPTH}, "train_tokens": TOKENS})

numbers = st.integers(1, 10**6)
findings = st.lists(numbers.map(lambda n: f"h{n}"), min_size=1, max_size=9).map(" ".join)
# The very texts that labs wrote.
reasons = st.one_of(
    st.just("starter recipe"),
    st.builds("rebase: horizon of session {}".format, numbers),
    st.builds("rebase: nothing held above, session {}".format, numbers),
    st.builds("supported {}".format, findings),
    st.builds("supported above, session {}: {}".format, numbers, findings),
    st.builds("rung of session {}: depth {}, {} tokens".format, numbers, st.just(DEPTH), st.just(TOKENS)),
)


def old_journal(folder: Path, texts: list[str]) -> Path:
    """A journal as it was before m004, with a recipe for each text."""
    with new_journal(folder) as journal:
        path = journal.path
    with closing(sqlite3.connect(path)) as db, db:
        for column in ("origin", "findings", "session"):
            db.execute(f"ALTER TABLE recipes DROP COLUMN {column}")
        db.execute("ALTER TABLE recipes ADD COLUMN reason TEXT NOT NULL DEFAULT ''")
        db.execute("DELETE FROM migrations WHERE name = 'm004_typed_recipes'")
        for number, text in enumerate(texts, 1):
            db.execute(
                "INSERT INTO recipes (recipe_id, patch, document, created_at, reason) VALUES (?, ?, ?, ?, ?)",
                [f"r{number}", "{}", DOCUMENT, float(number), text],
            )
    return path


@settings(max_examples=40, deadline=None)
@given(st.lists(reasons, max_size=12))
def test_the_old_sentence_is_the_typed_words(texts: list[str]) -> None:
    with TemporaryDirectory() as folder:
        path = old_journal(Path(folder), texts)
        with Journal.open(path) as journal:
            recipes = journal.recipes()
            columns = journal._rows("SELECT name FROM pragma_table_info('recipes')")
    assert [recipe.words for recipe in recipes] == texts
    assert [r.recipe_id for r in recipes] == [f"r{n}" for n in range(1, len(texts) + 1)]
    assert "reason" not in {row["name"] for row in columns}, "one place tells it"


def test_each_sentence_becomes_its_fields(tmp_path: Path) -> None:
    texts = [
        "starter recipe",
        "supported h3 h10",
        "supported above, session 2: h7",
        "rebase: horizon of session 4",
    ]
    with Journal.open(old_journal(tmp_path, texts)) as journal:
        found = [(r.origin, r.findings, r.session) for r in journal.recipes()]
        assert found == [
            ("starter", (), None),
            ("supported", ("h3", "h10"), None),
            ("transferred", ("h7",), 2),
            ("rebased", (), 4),
        ]
        with pytest.raises(Refused, match="append-only"):
            journal._execute("UPDATE recipes SET origin = 'rung'")
        journal.add_recipe(recipe("r5", parent="r1"))
        assert journal.recipe("r5") == recipe("r5", parent="r1")


def test_a_sentence_that_no_lab_wrote_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = old_journal(tmp_path, ["starter recipe", "supported by nothing"])
    with pytest.raises(JournalError, match="supported by nothing"):
        Journal.open(path)
    with closing(sqlite3.connect(path)) as db:
        assert [row[0] for row in db.execute("SELECT reason FROM recipes")] == [
            "starter recipe",
            "supported by nothing",
        ]


def test_the_schema_knows_the_origins(tmp_path: Path) -> None:
    made = Recipe.model_construct(**{**dict(recipe()), "origin": "guess"})
    with new_journal(tmp_path) as journal, pytest.raises(Refused, match="CHECK"):
        journal.add_recipe(made)


@pytest.mark.parametrize(
    "fields",
    [
        {"origin": "supported"},
        {"origin": "starter", "findings": ("h1",)},
        {"origin": "rung"},
        {"origin": "transferred", "findings": ("h1",)},
        {"origin": "starter", "session": 1},
    ],
)
def test_fields_that_tell_no_origin_are_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="allowed"):
        Recipe.model_validate({**dict(recipe()), **fields})
