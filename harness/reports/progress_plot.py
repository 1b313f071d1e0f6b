"""The progress plot of a report: every scored run by the time it ended."""

from pathlib import Path

from journal.store import Journal
from journal.views import progress_series
from trainer.system.files import replacing


def plot_progress(journal: Journal, path: Path) -> bool:
    """Plot every scored run by the time it ended; False when there is nothing to plot."""
    points = progress_series(journal)
    if not points:
        return False
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib.figure import Figure

    start = points[0].finished_at
    figure = Figure(figsize=(9, 4.5), layout="constrained")
    axes = figure.add_subplot()
    styles = {
        "baseline": ("o", "tab:blue"),
        "hypothesis": ("x", "tab:orange"),
        "champion": ("*", "tab:green"),
    }
    for purpose in dict.fromkeys(p.purpose for p in points):
        marker, colour = styles.get(purpose, (".", "tab:gray"))
        own = [p for p in points if p.purpose == purpose]
        minutes = [(p.finished_at - start) / 60 for p in own]
        axes.scatter(minutes, [p.val_bpb for p in own], marker=marker, color=colour, label=purpose, zorder=3)
    for rung in dict.fromkeys(p.rung for p in points):
        own = [p for p in points if p.rung == rung]
        axes.step(
            [(p.finished_at - start) / 60 for p in own],
            [p.best_val_bpb for p in own],
            where="post",
            color="tab:gray",
            linewidth=1,
        )
    axes.set_xlabel("minutes since the first run ended")
    axes.set_ylabel("val_bpb (lower is better)")
    axes.legend()
    with replacing(path) as temporary:
        figure.savefig(temporary, format="png", dpi=120)
    return True
