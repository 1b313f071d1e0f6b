"""The README says what each dependency is for, and pages named in code exist."""

import re

from tests.support.paths import ROOT

CODE = ("harness", "agent", "journal", "server", "trainer", "bench", "tests")
_PROJECT = re.compile(r"^dependencies = \[\n(.*?)^\]", re.M | re.S)


def dependencies() -> list[str]:
    """Names of the packages that pyproject.toml asks for."""
    found = _PROJECT.search((ROOT / "pyproject.toml").read_text())
    assert found is not None
    return re.findall(r'^\s*"([\w-]+)', found[1], re.M)


def test_the_readme_names_every_dependency() -> None:
    section = (ROOT / "README.md").read_text().split("## Dependencies")[1].split("\n## ")[0]
    assert [name for name in dependencies() if not re.search(rf"(?<![\w-]){name}(?![\w-])", section)] == []


def test_pages_that_code_names_are_there() -> None:
    named = {
        (str(path.relative_to(ROOT)), page)
        for folder in CODE
        for path in (ROOT / folder).rglob("*.py")
        for page in re.findall(r"docs/[\w/]+\.md", path.read_text())
    }
    assert len(named) > 20
    assert [(path, page) for path, page in named if not (ROOT / page).is_file()] == []
