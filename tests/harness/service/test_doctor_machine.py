"""`harness doctor` tries what a lab needs at its last step: the server's imports, an engine that answers."""

from pathlib import Path

import pytest

from harness.doctor.machine_checks import engine_check, server_check


def test_the_server_and_an_engine_work_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert server_check().state == "ok"
    found = engine_check()
    assert found.state == "ok" and "a tiny model answers on cpu after" in found.detail, found.detail
    assert list(tmp_path.glob("check-*")) == []


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "server_without.py").write_text("import a_package_that_is_missing\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    found = server_check("server_without")
    assert found.state == "failed" and "No module named 'a_package_that_is_missing'" in found.detail
    found = engine_check("server_without")
    assert found.state == "failed" and "No module named 'a_package_that_is_missing'" in found.detail


def test_an_engine_that_fails_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "says.py").write_text('print(\'{"error": "canary: CUDA error"}\')\n')
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    found = engine_check("says")
    assert found.state == "failed" and "canary: CUDA error" in found.detail
