"""A language model's answer is text from a stranger: accepted drafts are valid, all else is one line."""

import json
import random
from collections import Counter
from typing import Any

import pytest

from agent.llm_schema import MAX_ANSWER_CHARS, AnswerError, read_answer, to_proposal
from agent.proposals.drafts import DraftError, Drafts
from tests.support.agent_support import context, settings_of
from tests.support.mutations import mutated

ANSWER: dict[str, Any] = {
    "proposals": [
        {
            "statement": "A matrix learning rate of 0.03 lowers val_bpb.",
            "patch": [
                {"field": "optim.matrix_lr", "value": 0.03},
                {"field": "optim.weight_decay", "value": 0.1},
            ],
            "minimum_effect": 0.01,
            "prior": 0.3,
        },
        {"statement": "No softcap.", "patch": {"model.logit_softcap": None}, "prior": 0.5},
    ]
}


def faults_of(text: str) -> list[str]:
    """Reads an answer as the proposer does; checks what is accepted, returns the refusals."""
    lab = context()
    drafts, faults = Drafts(lab), []
    try:
        raws = read_answer(text)
    except AnswerError as error:
        return [str(error)]
    for raw in raws:
        try:
            proposal = drafts.accept(to_proposal(raw))
        except (AnswerError, DraftError) as error:
            faults.append(str(error))
            continue
        settings_of(lab, proposal)
        assert proposal.statement.isprintable()
    return faults


def test_mutated_answers_are_drafts_or_one_line_refusals() -> None:
    chance = random.Random(7)
    counts: Counter[bool] = Counter()
    for _ in range(4000):
        text = mutated(ANSWER, chance).decode("utf-8", chance.choice(("surrogateescape", "replace")))
        faults = faults_of(chance.choice(("{}", "Sure!\n```json\n{}\n```", "[{}")).replace("{}", text))
        assert all("\n" not in fault and "\x1b" not in fault and len(fault) < 800 for fault in faults), faults
        counts[bool(faults)] += 1
    assert min(counts.values()) > 400, counts


def one(**changes: Any) -> str:
    return json.dumps({"proposals": [{**ANSWER["proposals"][0], **changes}]})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (one(statement="\x1b]0;owned\x07"), "statement: holds control"),
        (one(statement="safe \u202e eslaf"), "statement: holds control"),
        (one(statement=""), "statement"),
        (one(statement="One sentence that can be false."), "statement: repeats"),
        (one(patch=[{"field": "seed", "value": 1}]), "seed: may not be changed"),
        (one(patch=[{"field": "data", "value": "/etc"}]), "data: may not be changed"),
        (one(patch={"tokenizer": "../x"}), "tokenizer: may not be changed"),
        (one(patch={"a\nb": 1}), '"a\\nb": may not be changed'),
        (one(patch=[{"field": "optim.matrix_lr", "value": 1}] * 2), "given twice"),
        (one(patch=[{"field": "optim.matrix_lr", "value": 10**400}]), "optim.matrix_lr: 1000"),
        (one(patch=[{"field": "optim.matrix_lr", "value": {"a": 1}}]), "patch.optim.matrix_lr"),
        (one(prior=float("nan")), "statement: absent"),
        (one(prior=2), "prior: 2"),
        ('{"proposals": [{"statement": "a", "statement": "b", "patch": {"seed": 1}}]}', "no JSON object"),
        ('{"proposals": ' + "[" * 1000 + "]" * 1000 + "}", "no JSON object"),
        ('{"proposals": [{"patch": {"x": ' + "1" * 5000 + "}}]}", "no JSON object"),
        ("[" * 60_000, "no JSON object"),
        ('{"a":' * 12_000, "no JSON object"),
        ("x" * (MAX_ANSWER_CHARS + 1), "65537 characters"),
        ("", "no JSON object"),
    ],
    ids=lambda value: str(value)[:20].encode("unicode_escape").decode(),
)
def test_known_tricks_are_named(text: str, words: str) -> None:
    faults = faults_of(text)
    assert faults and words in faults[0], faults


def test_a_statement_over_several_lines_becomes_one() -> None:
    (raw,) = read_answer(one(statement="A rate\n  of 0.03.\t"))
    assert to_proposal(raw).statement == "A rate of 0.03."
