"""The lab in one JSON document."""

from journal.store.journal import Journal
from journal.views import budget_summary, champion, hypotheses_table, jobs_summary
from server.lab.documents import Document, deployment_document


def lab_status(journal: Journal) -> Document:
    """Budget, jobs by state, hypotheses by verdict, the champion, the live deployment."""
    best, live = champion(journal), journal.live_deployment()
    table = hypotheses_table(journal)
    return {
        "budget": budget_summary(journal).model_dump(mode="json"),
        "jobs": jobs_summary(journal).model_dump(mode="json"),
        "hypotheses": {
            "total": len(table),
            "judged": sum(row.final for row in table),
            **{
                name: sum(row.final and row.verdict == name for row in table)
                for name in ("supported", "refuted", "inconclusive")
            },
        },
        "champion": None
        if best is None
        else {"recipe_id": best.recipe.recipe_id, "job_id": best.job_id, "val_bpb": best.val_bpb},
        "deployment": None if live is None else deployment_document(live),
    }
