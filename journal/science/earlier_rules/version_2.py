"""Version 2 of the judge, kept so that its verdicts can be recomputed: the same arithmetic, and no pairs."""

from journal.records import Hypothesis
from journal.science.judge import Rules
from journal.science.pairs import Pairs


class RulesV2(Rules):
    """Arms are independent, whatever their seeds."""

    version = "2"

    def pairs_of(self, hypothesis: Hypothesis, pairs: Pairs | None) -> Pairs | None:
        """None: this version knows no pairs."""
        return None
