"""Documents say what the rows say, and no more than their reader may see."""

import json
from pathlib import Path

from journal.documents import deployment_document, job_document, job_summary, lab_document
from tests.support.journal_support import add_ended, new_journal, recipe


def test_a_job_carries_its_spec_and_its_result(tmp_path: Path) -> None:
    journal = new_journal(tmp_path)
    journal.add_recipe(recipe())
    row = journal.job(add_ended(journal, 0, 1.5))
    assert row is not None and row.result is not None
    document = job_document(row)
    assert (document["spec"], document["result"]) == (json.loads(row.spec), json.loads(row.result))
    assert job_summary(row) == {k: v for k, v in document.items() if k not in ("spec", "result")}


def test_a_lab_says_where_it_stands_but_not_where_its_files_lie(tmp_path: Path) -> None:
    journal = new_journal(tmp_path)
    journal.add_recipe(recipe())
    job = add_ended(journal, 0, 1.5)
    number = journal.request_deployment(job, "/secret/place", 1.0)
    assert "checkpoint" not in deployment_document(journal.deployments()[0])
    document = lab_document(journal)
    assert document["champion"] == {"recipe_id": "r1", "job_id": job, "val_bpb": 1.5}
    assert document["hypotheses"] == {
        "total": 0, "judged": 0, "supported": 0, "refuted": 0, "inconclusive": 0,
    }  # fmt: skip
    assert document["deployment"] is None and number == 1
