"""The page of prices: the table that the code bills by."""

from journal.node_presets import NODE_PRESETS, NodePreset
from journal.prices import OWN_MACHINE_MICRO_USD_PER_HOUR

TITLE = "Prices of machines"


def prices_page() -> str:
    """The page as markdown."""
    own = OWN_MACHINE_MICRO_USD_PER_HOUR / 1e6
    lines = [
        f"# {TITLE}",
        "",
        "What `harness start` takes an hour of a machine to cost: GPUs are known by the name that their",
        f"driver gives, and a machine without any costs {own:.2f} $/h. Prices move, and sellers differ:",
        "`--price 24usd` gives the price of the whole machine an hour, whatever this table says. GPUs that",
        "are not in it need it.",
        "",
        "| GPU | $ a GPU-hour | 8 of them, $/h | from | read |",
        "|---|---|---|---|---|",
        *(_row(preset) for preset in NODE_PRESETS),
        "",
    ]
    return "\n".join(lines)


def _row(preset: NodePreset) -> str:
    each, eight = preset.usd_per_gpu_hour, preset.micro_usd_per_hour(8) / 1e6
    return f"| {preset.name} | {each:g} | {eight:g} | {preset.source} | {preset.read} |"
