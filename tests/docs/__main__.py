"""`python -m tests.docs` writes the generated pages of docs/reference anew (`make docs`)."""

from pathlib import Path

from tests.docs.environment import environment_page
from tests.docs.prices import prices_page
from tests.docs.settings import settings_page
from tests.support.paths import ROOT

REFERENCE = ROOT / "docs" / "reference"


def generated() -> dict[Path, str]:
    """Every generated page with the text that it should have."""
    note = "\n<!-- Made by `make docs`; edits here are lost. -->\n"
    pages = {
        "job_settings.md": settings_page(),
        "environment.md": environment_page(),
        "prices.md": prices_page(),
    }
    return {REFERENCE / name: text + note for name, text in pages.items()}


if __name__ == "__main__":
    for path, text in generated().items():
        path.write_text(text)
        print(path.relative_to(ROOT))
