"""Traced steps: what they took, in categories that add up, without changing what is learnt."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from matplotlib.image import imread

from tests.support.trainer_lab import context_of, job_of, lab, run_here, run_trainer
from trainer.job import PretrainJob, RunPaths
from trainer.run.context import Event, Outcome
from trainer.run.loss_plot import plot_loss
from trainer.training.profiler import PROFILED_STEPS
from trainer.training.trace import CATEGORIES, breakdown, category_of


@pytest.fixture(scope="module")
def runs() -> list[tuple[RunPaths, Outcome, list[Event]]]:
    """The same ten steps, without and with a trace."""
    made = []
    for profile in (False, True):
        paths = lab().place(lab().pretrain(profile=profile, train_tokens=10_240, core={"enabled": False}))
        job, events = job_of(paths), list[Event]()
        assert isinstance(job, PretrainJob)
        made.append((paths, run_here(context_of(paths, events)), events))
    return made


def test_tracing_changes_nothing_that_is_learnt(runs: list[tuple[RunPaths, Outcome, list[Event]]]) -> None:
    losses = [[e.train_loss for e in events if e.event == "step"] for _, _, events in runs]
    assert losses[0] == losses[1] and len(losses[0]) == 10
    assert runs[0][1].metrics["val_bpb"] == runs[1][1].metrics["val_bpb"]
    assert not runs[0][0].trace.exists()


def test_the_trace_and_its_breakdown_are_written(runs: list[tuple[RunPaths, Outcome, list[Event]]]) -> None:
    paths, outcome, events = runs[1]
    [profiled] = [event for event in events if event.event == "profile"]
    assert set(profiled.milliseconds) == set(CATEGORIES) and min(profiled.milliseconds.values()) >= 0
    assert all(outcome.metrics[f"profile_{n}_ms"] == v for n, v in profiled.milliseconds.items())
    for name in ("attention", "matmul", "elementwise", "optimizer"):
        assert profiled.milliseconds[name] > 0
    with gzip.open(paths.trace, "rt") as file:
        names = [event.get("name") for event in json.load(file)["traceEvents"]]
    assert names.count("training_step") == PROFILED_STEPS
    # Traced steps are not timed.
    assert outcome.metrics["warmup_seconds"] > 0 and runs[0][1].metrics["warmup_seconds"] == 0


def test_norms_and_memory_are_in_events_and_result(runs: list[tuple[RunPaths, Outcome, list[Event]]]) -> None:
    _, outcome, events = runs[0]
    steps = [event for event in events if event.event == "step"]
    assert [e.step for e in steps if e.weight_norm is not None] == [10]
    for name in ("gradient_norm", "weight_norm", "update_norm", "peak_memory_bytes"):
        assert getattr(steps[-1], name) > 0
    assert outcome.metrics["update_norm"] == steps[-1].update_norm < steps[-1].weight_norm


def test_the_picture_of_the_loss(runs: list[tuple[RunPaths, Outcome, list[Event]]]) -> None:
    paths, _, events = runs[0]
    assert not plot_loss(paths) and not paths.loss_plot.exists()
    paths.events.write_text("".join(event.model_dump_json() + "\n" for event in events) + '{"event": "st')
    assert plot_loss(paths)
    picture = imread(paths.loss_plot)
    assert picture.shape[:2] == (540, 1080) and 0.5 < picture[..., :3].mean() < 1.0


def test_plot_is_the_only_flag(tmp_path: Path) -> None:
    assert run_trainer(tmp_path / "absent.json", "--plots").returncode == 2
    paths = lab().place(lab().pretrain(train_tokens=4096))
    done = run_trainer(paths.job, "--plot")
    assert done.returncode == 0 and str(paths.loss_plot) in done.stderr
    assert paths.loss_plot.stat().st_size > 10_000


def event(name: str, start: float, length: float, cat: str = "kernel", tid: int = 1) -> dict[str, Any]:
    return {"ph": "X", "name": name, "ts": start, "dur": length, "cat": cat, "tid": tid}


def test_on_a_gpu_every_moment_counts_once() -> None:
    trace = [
        event("training_step", 0, 300, "user_annotation"),
        event("data_wait", 0, 100, "user_annotation"),
        event("aten::mm", 10, 5, "cpu_op"),
        event("nvjet_sm90_tst_128x256", 1000, 1000),
        event("cudnn_generated_fort_native_sdpa_sm90_flash_fprop", 2000, 500),
        event("triton_poi_fused_add_mul", 2500, 500),
        event("ncclDevKernel_AllReduce_Sum_f32", 2000, 2000),
        event("optimizer", 4000, 1000, "gpu_user_annotation"),
        event("nvjet_sm90_tst_64x64", 4200, 800),
    ]
    times = breakdown(trace, steps=2)
    assert times == {
        "attention": 0.25,
        "matmul": 0.5,
        "elementwise": 0.25,
        "optimizer": 0.4,
        "communication": 0.5,
        "data_wait": 0.05,
        "idle": 0.55,
    }
    assert sum(times.values()) == pytest.approx(5.0 / 2)


def test_on_a_cpu_operations_count_without_their_parts() -> None:
    trace = [
        event("training_step", 0, 1000, "user_annotation"),
        event("aten::linear", 100, 200, "cpu_op"),
        event("aten::mm", 110, 180, "cpu_op"),
        event("aten::scaled_dot_product_attention", 300, 100, "cpu_op"),
        event("aten::bmm", 310, 50, "cpu_op"),
        event("aten::mul", 400, 100, "cpu_op"),
        event("optimizer", 600, 300, "user_annotation"),
        event("aten::bmm", 650, 200, "cpu_op"),
        event("aten::mm", 0, 1000, "cpu_op", tid=2),
    ]
    times = breakdown(trace, steps=1)
    shown = {name: value for name, value in times.items() if value}
    assert shown == pytest.approx(
        {"attention": 0.1, "matmul": 0.2, "elementwise": 0.1, "optimizer": 0.3, "idle": 0.3}
    )


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("aten::addmm", "matmul"),
        ("aten::_scaled_dot_product_flash_attention_for_cpu_backward", "attention"),
        ("sm90_xmma_gemm_bf16bf16_bf16f32", "matmul"),
        ("triton_tem_fused_flex_attention_0", "attention"),
        ("_loss_then_gradient", "elementwise"),
        ("void at::native::elementwise_kernel<128, 4>", "elementwise"),
        ("c10d::allreduce_", "communication"),
        ("aten::comment", "elementwise"),
    ],
)
def test_names_say_what_is_done(name: str, category: str) -> None:
    assert category_of(name) == category
