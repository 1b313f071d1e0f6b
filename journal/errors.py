"""The journal's exceptions, each one line for a user.

JournalError
├── NotFound        no such row
├── Refused         a change that history forbids (terminal rows, illegal transitions, twins)
├── OverBudget      a reservation that spent + reserved + amount ≤ budget does not allow
│   └── Overrun     more is spent and reserved than the budget
└── MoneyError      text that is not an amount of money, or a model without a price
"""


class JournalError(ValueError):
    """The journal cannot be opened or used as asked."""


class NotFound(JournalError):
    """No such row."""


class Refused(JournalError):
    """A change that the record does not allow."""


class OverBudget(JournalError):
    """A reservation that the budget does not cover; nothing was recorded."""

    def __init__(self, asked_micro_usd: int, free_micro_usd: int) -> None:
        self.asked_micro_usd = asked_micro_usd
        self.free_micro_usd = free_micro_usd
        asked, free = f"${asked_micro_usd / 1e6:.6g}", f"${free_micro_usd / 1e6:.6g}"
        super().__init__(f"over budget: {asked} asked, {free} neither spent nor reserved")


class Overrun(OverBudget):
    """More is spent and reserved than the budget: nothing is launched any more."""

    def __init__(self, free_micro_usd: int) -> None:
        super().__init__(0, free_micro_usd)
        self.args = (f"the budget is overrun by ${-free_micro_usd / 1e6:.6g}: nothing is launched any more",)


class MoneyError(JournalError):
    """Not an amount of money, or no price known."""
