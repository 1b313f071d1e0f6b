"""Journal records as JSON documents."""

import json

from journal.records import Deployment, JobRow

Document = dict[str, object]
_TEXTS = frozenset({"spec", "result"})


def job_summary(row: JobRow) -> Document:
    """A job without its spec and result."""
    return row.model_dump(mode="json", exclude=set(_TEXTS))


def job_document(row: JobRow) -> Document:
    """A job with its spec and, once it has ended, its result."""
    result = None if row.result is None else json.loads(row.result)
    return job_summary(row) | {"spec": json.loads(row.spec), "result": result}


def deployment_document(deployment: Deployment) -> Document:
    """A deployment; where its checkpoint lies is the lab's own business."""
    return deployment.model_dump(mode="json", exclude={"checkpoint"})
