"""The pages: what they say of a lab; they escape what they are given and load nothing from elsewhere."""

import json
import re
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.ledger.ledger import Ledger
from journal.records import Hypothesis, JobRow, Recipe, Verdict
from server.pages.formats import duration, number, signed, usd
from server.pages.lab_page import budget_bar, ceiling_of, interval_mark
from server.pages.plot import Dot, Line, Plot, render, thinned, ticks
from tests.support.server_lab import ROOT, Lab, RunningServer, serving
from trainer.job import JobResult, Provenance, canonical_bytes, job_id, spec_hash, validate_job

NASTY = '<script>alert("x")</script>'


def provenance() -> Provenance:
    return Provenance(
        git_revision=None, code_hash="c", data_hash=None, tokenizer_hash=None, torch_version="2",
        python_version="3", device="cpu", world_size=1,
    )  # fmt: skip


def finished_job(lab: Lab, seed: int, arm: str | None, hypothesis_id: str | None, val_bpb: float) -> str:
    patch = {"optim.matrix_lr": 0.04} if arm == "treatment" else {}
    job = validate_job(lab.journal.recipe("r1").job_document(seed, patch))
    name, digest, now = job_id(job, 1), spec_hash(job), time.time()
    lab.journal.add_job(
        JobRow.model_validate(
            {
                "job_id": name, "spec_hash": digest, "kind": "pretrain", "purpose": "baseline",
                "state": "queued",
                "spec": canonical_bytes(job).decode(), "arm": arm, "hypothesis_id": hypothesis_id,
                "recipe_id": "r1", "seed": seed, "gpus": 1, "source": "conductor", "created_at": now,
            }
        )
    )  # fmt: skip
    lab.journal.mark_running(name, now)
    result = JobResult(
        job_id=name, spec_hash=digest, kind="pretrain", state="succeeded", metrics={"val_bpb": val_bpb},
        provenance=provenance(), started_at=now, finished_at=now + 75, wall_seconds=75.0,
    )  # fmt: skip
    lab.journal.finish_job(name, "succeeded", None, None, result, 1_230_000, now + 75)
    return name


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    lab = Lab(tmp_path_factory.mktemp("pages") / "lab")
    document = {"kind": "pretrain", "tokenizer": "0123456789-1", "train_tokens": 1000}
    lab.journal.add_recipe(
        Recipe(recipe_id="r1", parent=None, patch={}, document=document, origin="starter", created_at=1.0)
    )
    lab.journal.register(
        Hypothesis(
            hypothesis_id="h1", statement=NASTY, baseline_recipe="r1", patch={"optim.matrix_lr": 0.04},
            minimum_effect=0.01, replicates=2, stopping_rule="fixed", cost_micro_usd=1, proposer="search",
            prior=0.2, rung="d4", registered_at=1.0,
        )
    )  # fmt: skip
    baseline = [finished_job(lab, seed, "baseline", None, 1.5 + seed / 1000) for seed in (1, 2)]
    treatment = [finished_job(lab, seed, "treatment", "h1", 1.4567) for seed in (1, 2)]
    lab.journal.add_verdict(
        Verdict(
            hypothesis_id="h1", verdict="supported", effect=0.0448, lower=0.0315, upper=0.0581,
            shrunken_effect=0.04, p_value=0.01, alpha=0.05, sd=0.001, degrees_of_freedom=2, look=1,
            baseline_jobs=tuple(baseline), treatment_jobs=tuple(treatment), judge_version="1", final=True,
            judged_at=2.0,
        )
    )  # fmt: skip
    ledger = Ledger(lab.journal)
    ledger.add_budget(10_000_000)
    ledger.settle(baseline[0], 1_230_000)
    ledger.reserve("next", 2_000_000, "hypothesis")
    return lab


@pytest.fixture(scope="module")
def server(lab: Lab) -> Iterator[RunningServer]:
    lab.deploy(model := lab.add_model())
    with serving(lab) as running:
        running.wait_live(model)
        yield running


def page(server: RunningServer, path: str) -> str:
    answer = server.http.get(path, headers={"Accept": "text/html"}, follow_redirects=True)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/html")
    return answer.text


def test_the_lab_page_tells_the_lab(server: RunningServer, lab: Lab) -> None:
    text = page(server, "/lab")
    for fact in ("$1.23", "of $10.00", "reserved $2.00", "1.4567", "supported", "+0.0448", "+0.0315", "2 : 2",
                 "optim.matrix_lr = 0.04", "1 min 15 s", "not running"):  # fmt: skip
        assert fact in text, fact
    assert text.count('class="dot baseline') == 2 and text.count('class="dot treatment') == 2
    for row in lab.journal.jobs():
        assert f"/lab/job/{row.job_id}" in text


def test_a_budget_that_grows_changes_the_page(server: RunningServer, lab: Lab) -> None:
    assert "of $15.00" not in page(server, "/lab")
    Ledger(lab.journal).add_budget(5_000_000)
    assert "of $15.00" in page(server, "/lab")


def test_a_jobs_page_draws_its_curves(server: RunningServer, lab: Lab) -> None:
    row = lab.journal.jobs(kind="pretrain")[0]
    assert "Training loss" not in page(server, f"/lab/jobs/{row.job_id}")
    folder = lab.folder / "runs" / row.job_id
    folder.mkdir()
    steps = [
        {"event": "step", "time": 1.0, "step": s, "progress": s / 9, "train_loss": 9.0 - s, "tokens": s,
         "tokens_per_second": 1.0} for s in range(9)
    ]  # fmt: skip
    (folder / "events.jsonl").write_text("\n".join(map(json.dumps, steps)) + '\n{"event": "st')
    text = page(server, f"/lab/jobs/{row.job_id}")
    assert "Training loss" in text and text.count("L") >= 8 and '"matrix_lr"' in text.replace("&#34;", '"')


def test_a_lab_without_anything_has_pages_too(tmp_path: Path) -> None:
    with serving(Lab(tmp_path / "lab")) as empty:
        assert "None registered yet" in page(empty, "/lab")
        assert "composer" in page(empty, "/")


def test_what_others_wrote_is_escaped(server: RunningServer) -> None:
    text = page(server, "/lab")
    assert NASTY not in text and "&lt;script&gt;" in text


def test_nothing_comes_from_elsewhere(server: RunningServer) -> None:
    for path in (
        "/",
        "/lab",
        "/static/style.css",
        "/static/chat.js",
        "/static/refresh.js",
        "/static/icon.svg",
    ):
        answer = server.http.get(path)
        assert answer.status_code == 200
        assert not re.findall(
            r"(?:https?:)?//[a-z]", answer.text.replace("http://www.w3.org/2000/svg", "")
        ), path
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert " style=" not in answer.text and "<script>" not in answer.text


def test_every_page_part_is_beside_the_code(server: RunningServer) -> None:
    for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', page(server, "/") + page(server, "/lab")):
        assert (ROOT / "server" / "pages" / path.lstrip("/")).is_file()
        assert httpx.get(server.url + path).status_code == 200


NUMBERS = st.floats(-1e9, 1e9, allow_nan=False)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=40), st.text(max_size=20))
def test_any_points_make_a_plot_within_its_frame(points: list[tuple[float, float]], title: str) -> None:
    title = "".join(c for c in title if c.isprintable())
    dots = [Dot(x, y, "other", title) for x, y in points]
    drawing = render(Plot("x", "y", title, [Line(points, "best", step=True)], dots))
    if not points:
        assert drawing == ""
        return
    for circle in ET.fromstring(drawing).iter("circle"):
        assert 0 <= float(circle.attrib["cx"]) <= 760 and 0 <= float(circle.attrib["cy"]) <= 300


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e6))
def test_ticks_are_few_and_inside(low: float, span: float) -> None:
    marks = ticks(low, low + span, 5)
    assert len(marks) <= 11
    assert all(low - span * 1e-3 <= mark <= low + span * 1.001 for mark in marks)


def test_thinning_keeps_both_ends() -> None:
    points = [(float(i), float(i)) for i in range(5000)]
    kept = thinned(points, 600)
    assert len(kept) == 600 and kept[0] == points[0] and kept[-1] == points[-1]
    assert thinned(points[:10], 600) == points[:10]


def test_a_disaster_does_not_flatten_the_plot() -> None:
    assert ceiling_of([1.5, 1.51, 1.52, 9.0]) < 1.6
    assert ceiling_of([1.5, 1.51, 1.52]) == 1.52


def test_the_budget_bar_never_exceeds_its_track() -> None:
    assert budget_bar(100, 25, 50) == {"spent": 25.0, "reserved": 50.0}
    over = budget_bar(100, 150, 50)
    assert over == {"spent": 75.0, "reserved": 25.0}
    assert budget_bar(0, 0, 0) == {"spent": 0.0, "reserved": 0.0}


def test_an_interval_is_drawn_where_it_lies(lab: Lab) -> None:
    from journal.views import hypotheses_table

    row = hypotheses_table(lab.journal)[0]
    assert interval_mark(row) == {"low": 89.4, "width": 10.6, "effect": 100.0, "target": 62.5}
    assert interval_mark(row.model_copy(update={"lower": None})) is None


def test_numbers_read_well() -> None:
    assert [usd(v) for v in (None, 0, 56_700, 1_230_000, 1_234_567_890)] == [
        "–",
        "$0.0000",
        "$0.0567",
        "$1.23",
        "$1234.57",
    ]
    assert [number(v) for v in (None, 1.23456, 9512.3, 3)] == ["–", "1.2346", "9,512", "3"]
    assert [signed(v) for v in (None, 0.01, -0.01)] == ["–", "+0.0100", "−0.0100"]
    assert [duration(v) for v in (None, 5.0, 75, 3700, 90000)] == [
        "–",
        "5.0 s",
        "1 min 15 s",
        "1 h 1 min",
        "1 d 1 h",
    ]
