"""From a patch to a draft: is it a new, valid and allowed change, and how does a person say it?"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol

from agent.proposals.proposer import LabContext, Observation
from agent.proposals.space import (
    Dimension,
    Settings,
    dimensions,
    flat_settings,
    is_forbidden,
    rounded,
    searched_labels,
)
from journal.records import Patch, Proposal, Proposer, apply_patch
from trainer.job import JobError
from trainer.job.refusals import field_name
from trainer.job.result import Scalar

# Changing these changes what is compared (data, size, horizon, measurement), not how well it is trained.
_ALSO_ALLOWED = {
    "optim.table_weight_decay": "weight decay of tables",
    "schedule.warmup_fraction": "warm-up fraction",
    "schedule.final_lr_fraction": "final learning-rate fraction",
    "model.window_fraction": "window fraction",
}


class DraftError(ValueError):
    """A patch that cannot be proposed; one line that says what is allowed."""


def allowed_paths(forbidden: Iterable[str] = ()) -> tuple[str, ...]:
    """Fields that a proposal may change."""
    refused = tuple(forbidden)
    return tuple(path for path in _labels() if not is_forbidden(path, refused))


class DraftsProtocol(Protocol):
    """What an optimiser needs of a landscape: the baseline, the space, and a check of what it drafts."""

    base: Settings
    space: list[Dimension]

    def draft(self, patch: Patch, proposer: Proposer, prior: float) -> Proposal:
        """Raises DraftError for a patch that is invalid or was tried."""
        ...

    def seconds(self, patch: Patch) -> float | None:
        """What a run of this patch took; None where that is not known."""
        ...


class Drafts:
    """Checks patches against one lab context; remembers what was tried or drafted."""

    def __init__(self, context: LabContext) -> None:
        self._document = context.baseline.document
        self._allowed = allowed_paths(context.forbidden)
        self.base = flat_settings(context.baseline.job_document(0))
        self.space = dimensions(self.base, context.forbidden)
        self._seen = {_fingerprint(self.base)}
        for observation in context.observations:
            try:
                self._seen.add(_fingerprint(self._patched(observation.patch)))
            except JobError:
                continue  # Tried on an earlier baseline, impossible on this one: nothing to repeat.

    def check(self, patch: Patch) -> Settings:
        """The flat settings that a patch gives.

        Raises:
            DraftError: a field that is not allowed, a value the contract refuses, or a repetition.
        """
        for path in patch:
            if path not in self._allowed:
                allowed = ", ".join(self._allowed)
                raise DraftError(f"{field_name(path)}: may not be changed; allowed: {allowed}")
        try:
            settings = self._patched(patch)
        except JobError as error:
            raise DraftError(str(error)) from None
        if _fingerprint(settings) == _fingerprint(self.base):
            raise DraftError(
                f"patch {json.dumps(patch)}: changes nothing; allowed: values unlike the baseline's"
            )
        if _fingerprint(settings) in self._seen:
            raise DraftError(f"patch {json.dumps(patch)}: was tried before; allowed: something new")
        return settings

    def accept(self, proposal: Proposal) -> Proposal:
        """Check a proposal and remember it.

        Raises:
            DraftError: see `check`.
        """
        self._seen.add(_fingerprint(self.check(proposal.patch)))
        return proposal

    def draft(self, patch: Patch, proposer: Proposer, prior: float) -> Proposal:
        """A proposal with a sentence made from its patch, checked and remembered.

        Raises:
            DraftError: see `check`.
        """
        return self.accept(
            Proposal(
                statement=statement(patch, self.base),
                patch=patch,
                minimum_effect=None,
                prior=prior,
                proposer=proposer,
            )
        )

    def seconds(self, patch: Patch) -> float | None:
        """Not told: at equal tokens runs differ by the machine's other load alone (docs/logs/search.md)."""
        return None

    def _patched(self, patch: Mapping[str, Scalar]) -> Settings:
        document = json.loads(json.dumps(self._document))
        for path, value in patch.items():
            apply_patch(document, path, value)
        return flat_settings(document)


def with_pending(context: LabContext, drafts: Iterable[Proposal]) -> LabContext:
    """The context as if these drafts were being tried already."""
    pending = tuple(Observation(patch=p.patch, values=(), statement=p.statement) for p in drafts)
    return replace(context, observations=context.observations + pending)


def statement(patch: Patch, base: Settings) -> str:
    """The claim a patch makes, as one sentence."""
    parts = [_phrase(path, value, base.get(path)) for path, value in sorted(patch.items())]
    joined = parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
    verb = "lowers" if len(parts) == 1 else "together lower"
    return f"{joined[0].upper()}{joined[1:]} {verb} val_bpb."


def _phrase(path: str, value: Scalar, base: Scalar) -> str:
    if path == "optim.matrix_optimizer":
        return f"{'AdamW' if value == 'adamw' else 'Muon'} for the matrices"
    if path == "model.value_embeddings":
        return "having value embeddings" if value else "leaving out value embeddings"
    label = _named(path)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return f"{label} {value}" if value is not None else f"no {label.split(' ', 1)[-1]}"
    if isinstance(base, (int, float)) and not isinstance(base, bool) and base:
        return f"{label} of {value:g} (×{rounded(value / base):g})"
    return f"{label} of {value:g}"


def _labels() -> dict[str, str]:
    return {**searched_labels(), **_ALSO_ALLOWED}


def _named(path: str) -> str:
    """A setting with its article; a path that has no label stays as it is."""
    label = _labels().get(path)
    if label is None:
        return path
    if path == "model.window_pattern":
        return f"the {label}"
    return f"{'an' if label[0].lower() in 'aeiou' else 'a'} {label}"


def _fingerprint(settings: Settings) -> str:
    return json.dumps({k: v for k, v in settings.items() if k != "seed"}, sort_keys=True)
