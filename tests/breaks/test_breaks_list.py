"""The list of breaks names lines and tests that exist."""

from tests.breaks.__main__ import LISTED, read_breaks
from tests.support.paths import ROOT


def test_every_break_applies_to_one_line_and_names_a_test() -> None:
    breaks = list(read_breaks(LISTED.read_text(encoding="utf-8")))
    assert {b.point for b in breaks} == {str(n) for n in range(1, 16)} - {"8"}
    for broken in breaks:
        source = (ROOT / broken.file).read_text(encoding="utf-8")
        assert source.count(broken.old + "\n") == 1, f"{broken.file}: {broken.old}"
        name, _, function = broken.test.partition("::")
        assert f"def {function}" in (ROOT / name).read_text(encoding="utf-8"), broken.test
