"""Records and summaries of a lab as JSON documents, the same by command line and by HTTP."""

import json

from journal.records import Deployment, JobRow
from journal.store import Journal
from journal.views import budget_summary, champion, hypotheses_table, jobs_summary

Document = dict[str, object]
_TEXTS = frozenset({"spec", "result"})


def job_summary(row: JobRow) -> Document:
    """A job without its spec and result."""
    return row.model_dump(mode="json", exclude=set(_TEXTS))


def job_document(row: JobRow) -> Document:
    """A job; its spec and, once it has ended, its result as JSON, not as text."""
    document = row.model_dump(mode="json")
    result = None if row.result is None else json.loads(row.result)
    return document | {"spec": json.loads(row.spec), "result": result}


def deployment_document(deployment: Deployment) -> Document:
    """A deployment as strangers see it: where its checkpoint lies is the lab's own business."""
    return deployment.model_dump(mode="json", exclude={"checkpoint", "was_live"})


def lab_document(journal: Journal) -> Document:
    """Budget, jobs by state, hypotheses by verdict, the champion, the live deployment."""
    best, live = champion(journal), journal.live_deployment()
    return {
        "budget": budget_summary(journal).model_dump(mode="json"),
        "jobs": jobs_summary(journal).model_dump(mode="json"),
        "hypotheses": _hypotheses(journal),
        "champion": None
        if best is None
        else {"recipe_id": best.recipe.recipe_id, "job_id": best.job_id, "val_bpb": best.val_bpb},
        "deployment": None if live is None else deployment_document(live),
    }


def _hypotheses(journal: Journal) -> Document:
    table = hypotheses_table(journal)
    judged = [row for row in table if row.final]
    names = ("supported", "refuted", "inconclusive")
    counts = {name: sum(row.verdict == name for row in judged) for name in names}
    return {"total": len(table), "judged": len(judged), **counts}
