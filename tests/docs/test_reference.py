"""The generated pages are those of this code, and every setting and variable says what it is."""

from pathlib import Path

import pytest

from tests.docs.__main__ import generated
from tests.docs.environment import GROUPS, named_in_code
from tests.docs.settings import undescribed


@pytest.mark.parametrize(("path", "text"), generated().items(), ids=lambda value: getattr(value, "stem", ""))
def test_a_generated_page_is_current(path: Path, text: str) -> None:
    assert path.is_file() and path.read_text() == text, f"{path.name} is stale: run `make docs`"


def test_every_setting_is_described() -> None:
    assert undescribed() == []


def test_every_variable_that_the_code_names_is_described_and_no_other() -> None:
    described = [variable.name for _, group in GROUPS.values() for variable in group]
    assert sorted(described) == sorted(named_in_code())
