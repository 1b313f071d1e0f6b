"""What can hold money and be charged: a job, under its id, and three kinds of account of the lab's own."""

from typing import Literal

AccountKind = Literal["job", "end", "node", "llm"]
_OF_THE_LAB: tuple[AccountKind, ...] = ("end", "node", "llm")


def end_account(session: int) -> str:
    """For the jobs at the end of a session, which make its model."""
    return f"end-{session}"


def node_account(session: int) -> str:
    """For the node until it could be drained, beyond what its jobs hold."""
    return f"node-{session}"


def llm_account(call: str) -> str:
    """For one call of a language model."""
    return f"llm-{call}"


def account_kind(account: str) -> AccountKind:
    """The kind of an account; `job` for what is none of the lab's own."""
    return next((kind for kind in _OF_THE_LAB if account.startswith(f"{kind}-")), "job")
