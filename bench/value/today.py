"""Today's rule: claims are judged, and what is supported is built into the champion.

As `harness.decisions` does with `journal.science.judge`: screen after one seed, looks at 2, 4, 8, … seeds, an
error budget over all claims, fresh seeds of the merged recipe; with a rung above, findings are tested there
and `composition` decides. Left out: the locked text and the CORE guard, which can only refuse.
"""

from bench.truth.lab import claim_of
from bench.truth.rules import LabRules
from bench.value.claims import SEEDS_OF_A_BENCH, Bench, Claim
from bench.value.lab import Run, View
from bench.value.policies import BASELINE
from bench.value.surface import Ideas
from harness.decisions.composition import after_combined_test, composition
from harness.plan.rungs import LADDER_SHARE, RUNG_BASELINE_SEEDS, RUNG_REPLICATES
from harness.plan.seeds import baseline_seeds, hypotheses_for, replicates_for
from journal.science.adoption.decision import adopt
from journal.science.adoption.posterior import Idea, trials_of
from journal.science.judge import FIRST_LOOK_SEEDS
from journal.science.statistics import mean
from journal.science.transfer import transfer_minimum_effect

_RUNG_SEEDS_FROM = 1_000_000


class Today:
    """One lab under today's rules."""

    def __init__(self, view: View) -> None:
        self._is_wide = view.slots > FIRST_LOOK_SEEDS
        self._ladder = LADDER_SHARE * view.units_left if view.rung_units is not None else 0.0
        runs = int(view.units_left - self._ladder)
        replicates = replicates_for(runs, view.slots)
        self._rules = LabRules(view.slots, replicates)
        self._ideas = 2 * hypotheses_for(runs, view.slots, replicates)
        self._bench = Bench(BASELINE, SEEDS_OF_A_BENCH, baseline_seeds(view.slots))
        self._candidate: Bench | None = None
        self._rung: Bench | None = None
        self._benches = [self._bench]
        self._found: dict[int, Claim] = {}
        self._merged: set[int] = set()
        self._registered, self._recipes = 0, 1

    def ask(self, view: View) -> list[Run]:
        if self._rung is None:
            self._found |= {claim.ideas[-1]: claim for claim in self._bench.judge(view, self._rules)}
            self._confirm(view)
            missing = [run for run in dict.fromkeys(self._due(view)) if run not in view.results]
            runs = missing[: min(view.slots, max(0, int(view.units_left - self._ladder)))]
            if runs:
                return runs
        return self._climb(view)

    def champion(self, view: View) -> Ideas:
        if self._rung is None:
            self._confirm(view)
            return self._bench.base
        self._rung.judge(view, self._rules)
        names = [str(idea) for idea in reversed(self._together())]
        combined = next((c for c in self._rung.claims if len(c.ideas) > 1 and c.looks), None)
        kept = after_combined_test(names, combined.looks[-1] if combined else None)
        return tuple(int(name) for name in reversed(kept))

    def _due(self, view: View) -> list[Run]:
        """Most urgent first: baseline, candidate, seeds of the looks; then first seeds of new ideas."""
        bench = self._bench
        due = bench.baseline_runs(self._rules)
        if self._candidate is not None:
            due += self._candidate.baseline_runs(self._rules)
        if len(bench.base_values(view)) < FIRST_LOOK_SEEDS:
            return due
        for claim in bench.open_claims():
            runs = bench.runs(claim, self._rules)
            due += runs if runs[0] in view.results else runs[:1]
        while self._missing(view, due) < view.slots and self._may_propose(view):
            due.append(bench.runs(self._register(view), self._rules)[0])
        if self._missing(view, due) < view.slots:  # nothing else wants the slots
            due += [run for claim in bench.open_claims() for run in bench.runs(claim, self._rules)]
        return due

    def _missing(self, view: View, due: list[Run]) -> int:
        return sum(run not in view.results for run in dict.fromkeys(due))

    def _may_propose(self, view: View) -> bool:
        waits = not self._is_wide and (self._candidate is not None or bool(self._unmerged()))
        looks = FIRST_LOOK_SEEDS * (1 + (self._registered > 0))
        return self._registered < self._ideas and view.units_left - self._ladder >= looks and not waits

    def _register(self, view: View) -> Claim:
        bench = self._bench
        self._registered += 1
        pairing = self._rules.pairing(bench.known(view))
        said = claim_of(self._registered, self._rules.replicates, bench.minimum_effect(view), pairing)
        claim = Claim(said, (*bench.base, self._registered), self._registered)
        bench.claims.append(claim)
        return claim

    def _unmerged(self) -> list[int]:
        ranked = sorted(self._found, key=lambda idea: self._found[idea].looks[-1].shrunken_effect)
        return [idea for idea in ranked if idea not in self._merged]

    def _confirm(self, view: View) -> None:
        """Supported ideas become one recipe; with the lower mean of fresh seeds it is the next baseline."""
        bench, candidate = self._bench, self._candidate
        fresh = self._unmerged()
        if candidate is None and fresh and (self._is_wide or not bench.open_claims()):
            self._recipes += 1
            seeds = baseline_seeds(view.slots) if self._is_wide else FIRST_LOOK_SEEDS
            self._candidate = Bench((*bench.base, *fresh), SEEDS_OF_A_BENCH * self._recipes, seeds)
            self._merged.update(fresh)
        if candidate is None or self._missing(view, candidate.baseline_runs(self._rules)):
            return
        own, before = (list(b.base_values(view).values()) for b in (candidate, bench))
        if len(own) == candidate.seeds and mean(own) < mean(before[: bench.seeds]):
            self._bench = candidate
            self._benches.append(candidate)
        self._candidate = None

    def _climb(self, view: View) -> list[Run]:
        """Findings again on the rung above, then what they are together."""
        if view.rung_units is None or not self._bench.base:
            return []
        if self._rung is None:
            self._rung = Bench(BASELINE, _RUNG_SEEDS_FROM, RUNG_BASELINE_SEEDS, above=True)
            self._rules = LabRules(view.slots, RUNG_REPLICATES, pairs="never")
            for idea in self._bench.base:
                self._retest((idea,))
        self._rung.judge(view, self._rules)
        together = self._together()
        if not self._rung.open_claims() and len(together) > 1 and not self._is_retested(together):
            self._retest(together)
        due = self._rung.baseline_runs(self._rules)
        due += [run for c in self._rung.open_claims() for run in self._rung.runs(c, self._rules)]
        return [run for run in dict.fromkeys(due) if run not in view.results]

    def _together(self) -> Ideas:
        """What still promises a gain on the rung above, weakest first."""
        assert self._rung is not None
        single = {str(c.ideas[0]): c.looks[-1] for c in self._rung.claims if len(c.ideas) == 1 and c.looks}
        return tuple(int(name) for name in reversed(composition(single)))

    def _is_retested(self, ideas: Ideas) -> bool:
        assert self._rung is not None
        return any(claim.ideas == ideas for claim in self._rung.claims)

    def _retest(self, ideas: Ideas) -> None:
        assert self._rung is not None
        self._registered += 1
        least = min(self._found[idea].hypothesis.minimum_effect for idea in ideas)
        said = claim_of(self._registered, RUNG_REPLICATES, transfer_minimum_effect(least), False)
        self._rung.claims.append(Claim(said, ideas, self._registered))


class Adopting(Today):
    """The same search; before the final run the lab adopts what is expected to gain, proven or not."""

    def champion(self, view: View) -> Ideas:
        base = super().champion(view)
        claims = [(b, c) for b in self._benches for c in b.claims if c.ideas[-1] not in base]
        ideas = [
            idea for bench, claim in claims if (idea := self._idea(view, bench, claim, claims)) is not None
        ]
        if self._rung is not None or not ideas:
            return base
        used = {idea.baseline for idea in ideas}
        baselines = {
            str(b.first_seed): b.base_values(view) for b in self._benches if str(b.first_seed) in used
        }
        adopted = adopt(trials_of(baselines, ideas)).names
        return (*base, *(int(name) for name in reversed(adopted)))

    def _idea(self, view: View, bench: Bench, claim: Claim, claims: list[tuple[Bench, Claim]]) -> Idea | None:
        """None where a run of it diverged, or none has ended."""
        values, number = bench.by_seed(view, claim.ideas), claim.ideas[-1]
        if not values or any(view.results.get(r, 0.0) is None for r in bench.runs(claim, self._rules)):
            return None
        others = [other.ideas[-1] for _, other in claims if other is not claim]
        paths = frozenset(f"{sorted((number, other))}" for other in others if view.clash(number, other))
        return Idea(str(number), str(bench.first_seed), values, paths)
