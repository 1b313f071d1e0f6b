"""Shared switches of the test suite."""

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "real_data: needs the data folder that HARNESS_DATA names")
    config.addinivalue_line("markers", "long: takes minutes; started first, so that no worker ends alone")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Three workers on two cores: tests of labs and servers wait for processes half of their time."""
    return max(1, len(os.sched_getaffinity(0)) * 3 // 2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: "long" not in item.keywords)
    if os.environ.get("HARNESS_DATA"):
        return
    absent = pytest.mark.skip(reason="HARNESS_DATA is not set: no real data")
    for item in items:
        if "real_data" in item.keywords:
            item.add_marker(absent)
