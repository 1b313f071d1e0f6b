"""Version 3 of the judge: pairs where they were registered, and version 2's arithmetic everywhere else."""

import json
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from harness.conductor.registration import pairing_known, stopping_rule
from journal.audit.science import hypotheses_registered_first, verdicts_recompute
from journal.records import Hypothesis, Verdict
from journal.science.earlier_rules.version_2 import RulesV2
from journal.science.evidence import collect_evidence, judge_evidence, judge_hypothesis, recompute_all
from journal.science.judge import judge
from journal.science.pairing import pair_knowledge
from journal.science.pairs import Correlation, Pairs
from journal.science.statistics import Noise
from journal.store import Journal
from tests.support.journal_support import LEARNING_RATE, add_arms, add_ended, hypothesis, new_journal, recipe

# The seeds differ by 0.1, the arms by 0.010 with an sd of 0.001.
SEEDS = [2.00, 2.10, 1.95, 2.05, 2.02, 2.12, 1.90, 2.07]
GAINS = [0.010, 0.011, 0.009, 0.010, 0.011, 0.009, 0.010, 0.010]
BETTER = [seed - gain for seed, gain in zip(SEEDS, GAINS, strict=True)]
BEFORE_PAIRING = "ac5eae37888f3e8d6d16b873df3603b40d4f44640aa1ef74fb55c2b1716fd92f"
CLAIM = hypothesis(replicates=8, minimum_effect=0.005, pairing=True)


def judged(claim: Hypothesis, count: int, look: int, **more: object) -> Verdict:
    values = tuple(zip(SEEDS[:count], BETTER[:count], strict=True))
    pairs = more.pop("pairs", Pairs(values))
    return judge(claim, SEEDS, BETTER[:count], None, look, 1, pairs=pairs, **more)  # type: ignore[arg-type]


def test_pairs_find_what_the_noise_of_the_seeds_hides() -> None:
    found = judged(CLAIM, 8, 3)
    assert (found.verdict, found.pairs, found.judge_version) == ("supported", 8, "3")
    assert found.effect == pytest.approx(0.010) and found.lower is not None and found.lower > 0.008
    for pairing in (False, None):
        alone = judged(CLAIM.model_copy(update={"pairing": pairing}), 8, 3)
        assert (alone.verdict, alone.pairs) == ("inconclusive", None)


def test_what_was_not_registered_is_judged_as_by_version_2() -> None:
    for pairing in (False, None):
        claim = CLAIM.model_copy(update={"pairing": pairing})
        for count, look in ((2, 1), (4, 2), (8, 3)):
            new, old = judged(claim, count, look), judged(claim, count, look, rules=RulesV2())
            assert old.judge_version == "2"
            assert new == old.model_copy(update={"judge_version": "3"})


def test_two_pairs_may_end_a_claim_and_never_support_it() -> None:
    claim = CLAIM.model_copy(update={"minimum_effect": 0.05})
    assert judged(CLAIM, 2, 1).verdict == "inconclusive" and not judged(CLAIM, 2, 1).final
    # Other patches' differences are known to be small: 0.05 is out of reach.
    known = Pairs(((SEEDS[0], BETTER[0]), (SEEDS[1], BETTER[1])), Noise(20 * 0.001**2, 20))
    ended = judged(claim, 2, 1, pairs=known)
    assert (ended.verdict, ended.final) == ("inconclusive", True)
    assert not judged(claim, 2, 1).final  # they alone know nothing


def test_a_seed_without_its_partner_is_no_pair() -> None:
    quiet, better = [2.000, 2.001, 2.000, 2.001], [1.900, 1.901, 1.901, 1.900]
    known = Noise(20 * 0.0005**2, 20)
    claim = CLAIM.model_copy(update={"replicates": 4})
    for count, verdict in ((4, "supported"), (3, "inconclusive")):
        pairs = Pairs(tuple(zip(quiet[:count], better[:count], strict=True)))
        found = judge(claim, quiet, better, known, 2, 1, pairs=pairs)
        assert (found.verdict, found.pairs, found.final) == (verdict, count, True)


@pytest.mark.parametrize("count", [0, 1])
def test_no_pairs_no_interval(count: int) -> None:
    values = tuple(zip(SEEDS[:count], BETTER[:count], strict=True))
    found = judged(CLAIM, 2, 1, pairs=Pairs(values))
    assert (found.verdict, found.lower, found.pairs) == ("inconclusive", None, count)


def test_a_diverged_seed_never_supports() -> None:
    found = judged(CLAIM, 8, 3, treatment_jobs=["a"] * 8 + ["bad"], diverged_jobs=["bad"])
    assert found.verdict == "inconclusive"


def test_a_wild_run_supports_nothing() -> None:
    wild = Pairs(((2.5, 2.0), *((seed, seed) for seed in SEEDS[1:])))
    assert judged(CLAIM, 8, 3, pairs=wild).verdict != "supported"


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    found = new_journal(tmp_path)
    found.add_recipe(recipe())
    return found


def claim_of(number: int, **more: object) -> Hypothesis:
    return hypothesis(f"h{number}", {LEARNING_RATE: 0.02 + number / 1000}, replicates=8, **more)


def test_evidence_pairs_by_seed_and_recomputes(journal: Journal) -> None:
    journal.register(claim_of(1, pairing=False))
    journal.register(claim_of(2, pairing=True))
    add_arms(journal, SEEDS, [value - 0.001 for value in SEEDS[:4]], "h1")
    add_arms(journal, [], BETTER[:4], "h2")
    evidence = collect_evidence(journal, "h2")
    assert evidence.pairs.values == tuple(zip(SEEDS[:4], BETTER[:4], strict=True))
    assert evidence.pairs.others.degrees_of_freedom == 3  # h1's arm
    for name in ("h1", "h2"):
        journal.add_verdict(judge_hypothesis(journal, name, 5.0))
    assert [v.pairs for v in journal.verdicts()] == [None, 4]
    assert all(stored == again for stored, again in recompute_all(journal))


def test_rows_of_version_2_recompute_by_its_rules_and_never_follow_newer_ones(journal: Journal) -> None:
    journal.register(claim_of(1, pairing=True))
    add_arms(journal, SEEDS, BETTER[:4], "h1")
    evidence = collect_evidence(journal, "h1")
    old = judge_evidence(journal.hypothesis("h1"), evidence, 1, 5.0, False, RulesV2())
    journal.add_verdict(old)
    new = judge_hypothesis(journal, "h1", 6.0)
    journal.add_verdict(new)
    assert (old.judge_version, old.pairs, new.judge_version, new.pairs) == ("2", None, "3", 4)
    assert old.lower != new.lower
    assert all(stored == again for stored, again in recompute_all(journal))
    assert verdicts_recompute(journal).state == "ok"
    journal.add_verdict(old.model_copy(update={"look": 3}))
    assert "older rules" in str(verdicts_recompute(journal))


def test_a_verdict_stored_before_pairs_existed_is_read(journal: Journal) -> None:
    journal.register(claim_of(1))
    add_arms(journal, SEEDS, BETTER[:4], "h1")
    old = judge_evidence(journal.hypothesis("h1"), collect_evidence(journal, "h1"), 1, 5.0, False, RulesV2())
    journal.add_verdict(old)
    forger = sqlite3.connect(journal.path)
    forger.execute("DROP TRIGGER verdicts_no_update")
    record = json.loads(old.model_dump_json())
    del record["pairs"]
    forger.execute("UPDATE verdicts SET record = ?", [json.dumps(record)])
    forger.commit()
    [(stored, again)] = recompute_all(journal)
    assert stored == again == old


def test_the_registration_holds_whether_it_pairs(journal: Journal) -> None:
    claims = [claim_of(1), claim_of(2, pairing=False), claim_of(3, pairing=True)]
    for claim in claims:
        journal.register(claim)
    assert [h.pairing for h in journal.hypotheses()] == [None, False, True]
    assert hypotheses_registered_first(journal).state == "ok"
    unpaired = claims[0].model_copy(update={"pairing": False})
    assert len({unpaired.sha256(), claims[0].sha256()}) == 2
    # The hash of a registration of version 2: it must never change.
    assert hypothesis().sha256() == BEFORE_PAIRING


def test_a_journal_from_before_pairing_is_migrated(tmp_path: Path) -> None:
    with new_journal(tmp_path) as journal:
        path = journal.path
        journal.add_recipe(recipe())
        journal.register(hypothesis())
    old = Database(path)
    old.execute("ALTER TABLE hypotheses DROP COLUMN pairing")
    old.execute("DELETE FROM migrations WHERE name = 'm003_pairing'")
    old.conn.commit()
    old.close()
    with Journal.open(path) as journal:
        assert journal.hypothesis("h1").pairing is None
        assert hypotheses_registered_first(journal).state == "ok"
        journal.register(claim_of(2, pairing=True))
        assert journal.hypothesis("h2").pairing is True


def test_knowledge_is_of_finished_arms_alike_and_harmless(journal: Journal) -> None:
    assert pair_knowledge(journal, recipe()) == Correlation(0, 0, None, None)
    claims = [claim_of(number, pairing=False) for number in range(1, 6)]
    for claim in claims:
        journal.register(claim)
    add_arms(journal, SEEDS, BETTER[:4], "h1")
    add_arms(journal, [], BETTER[:4], "h2")
    add_arms(journal, [], [value * 1.1 for value in SEEDS[:4]], "h3")  # harm
    add_arms(journal, [], BETTER[:4], "h4", where={"code_hash": "other"})
    add_arms(journal, [], BETTER[:4], "h5")
    for name in ("h1", "h3", "h4"):
        journal.add_verdict(judge_hypothesis(journal, name, 5.0, closing=True))
    assert pairing_known(journal, recipe(), 8) is None  # one arm
    journal.add_verdict(judge_hypothesis(journal, "h2", 5.0, closing=True))
    journal.add_verdict(judge_hypothesis(journal, "h5", 5.0))  # goes on
    known = pairing_known(journal, recipe(), 8)
    assert known is not None and (known.arms, known.seeds) == (2, 8)
    assert known.lower is not None and known.lower > 0.9
    assert pairing_known(journal, recipe(), 2) is None  # never four pairs
    deeper = recipe("r2", model={"depth": 6})
    assert pair_knowledge(journal, deeper).arms == 0  # another rung
    assert "2 earlier pairs of arms" in stopping_rule(8, known) and "pairs" not in stopping_rule(8)


def test_another_machine_learns_anew(journal: Journal) -> None:
    for number in (1, 2):
        journal.register(claim_of(number, pairing=False))
        add_arms(journal, SEEDS if number == 1 else [], BETTER[:4], f"h{number}")
        journal.add_verdict(judge_hypothesis(journal, f"h{number}", 5.0, closing=True))
    assert pairing_known(journal, recipe(), 8) is not None
    add_ended(journal, 90, 2.0, purpose="baseline", arm="baseline", where={"device": "cuda"})
    assert pairing_known(journal, recipe(), 8) is None
