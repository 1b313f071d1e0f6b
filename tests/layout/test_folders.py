"""Few files a folder, no circles, and an order of each package's folders in which imports only go down."""

import subprocess
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import PurePath

import pytest

from tests.support.imports import folder_graph, module_graph
from tests.support.paths import ROOT

MOST_FILES = 14

# From the bottom to the top: a folder (or a file beside the folders) imports only what stands before it.
ORDER = {
    "trainer": """
        system tokens job sandbox tokenizer data kernels processes batches chat model run checkpoint sizing
        engine evaluation optim training kinds attempt runner worker __main__
    """,
    "journal": """
        errors lab_paths records node_presets prices store engine_place ledger science views documents audit
    """,
    "agent": """
        proposals knowledge random context mixed search
        settings breaker llm_http spender llm_client llm_schema llm_prompt llm
    """,
    "server": "settings lab engines http api jobs pages app __main__",
    "harness": """
        errors lab node fleet plan decisions simulation money service steering doctor reports conductor
        start cli __main__
    """,
}


@pytest.mark.parametrize("package", sorted(ORDER))
def test_folders_import_only_downward(package: str) -> None:
    graph, order = folder_graph(package), ORDER[package].split()
    assert sorted(graph) == sorted(order), "the order must name each folder once"
    upward = [
        f"{folder} -> {other}"
        for folder, others in graph.items()
        for other in others
        if order.index(other) > order.index(folder)
    ]
    assert not upward, upward


@pytest.mark.parametrize("package", sorted(ORDER))
def test_no_module_is_in_a_circle(package: str) -> None:
    TopologicalSorter(module_graph(package)).prepare()  # CycleError names the circle


def test_no_folder_is_full() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py", "*.rs"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    files = [path for path in listed.stdout.split() if (ROOT / path).exists()]
    counts = Counter(str(PurePath(path).parent) for path in files)
    assert counts, "git lists no source"
    assert {folder: count for folder, count in counts.items() if count > MOST_FILES} == {}
