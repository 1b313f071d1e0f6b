"""What a job will rest on, told before it runs, is what its result then records."""

from tests.support.trainer_lab import base_run, lab, result_of
from trainer.job import parse_job, validate_job
from trainer.kinds.inputs import inputs_of


def test_inputs_are_those_that_the_result_records() -> None:
    run = base_run()
    made = result_of(run).provenance
    inputs = inputs_of(parse_job(run.job.read_bytes()), lab().runs)
    assert inputs.model_dump() == {name: getattr(made, name) for name in type(inputs).model_fields}


def test_a_tokenizer_is_found_in_the_checkpoint_that_a_job_builds_on() -> None:
    made = result_of(base_run()).provenance
    for document in (
        {"kind": "sft", "base": base_run().job_id, "data": str(lab().data)},
        {"kind": "eval", "checkpoint": str(base_run().checkpoint), "data": str(lab().data)},
    ):
        assert inputs_of(validate_job(document), lab().runs).tokenizer_hash == made.tokenizer_hash
    tokenizer = validate_job({"kind": "tokenizer", "data": str(lab().data)})
    assert inputs_of(tokenizer, lab().runs).tokenizer_hash is None
