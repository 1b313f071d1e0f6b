"""What the language model is told: the task, the lab so far in few tokens, the fields it may change."""

import json
from collections.abc import Iterable, Sequence

from agent.knowledge.track_record import Forecast, base_rate, brier_score, knowledge_in
from agent.llm_client import ChatMessage
from agent.llm_schema import STATEMENT_HINT, describe_field
from agent.proposals.drafts import allowed_paths
from agent.proposals.proposer import LabContext, Observation
from agent.proposals.space import flat_settings
from journal.prices import format_money
from journal.records import Proposal
from journal.science.statistics import mean

MAX_OBSERVATIONS = 60
MAX_FAULTS = 8

_SYSTEM = f"""You direct a small lab that trains GPT language models under a hard budget.
You propose falsifiable hypotheses: changes of a training recipe that lower val_bpb (bits per byte
on held-out text, lower is better) at an equal number of training tokens. Each is tested with
several seeds against the baseline; an effect within seed noise will not be supported.
Your prior is scored (Brier) against the verdict: say what you believe.
Prefer one or two changes a proposal, reasons over luck, and never repeat what was tried.
Answer with one JSON object only:
{{"proposals": [{{"statement": "{STATEMENT_HINT}", "patch": [{{"field": "...", "value": ...}}],
"minimum_effect": null or val_bpb, "prior": your probability of support}}]}}"""


def prompt(context: LabContext, count: int, suggestions: Sequence[Proposal]) -> list[ChatMessage]:
    """The messages of a first round; `suggestions` are what the optimiser would try now."""
    parts = [
        f"Propose {count} {'hypothesis' if count == 1 else 'hypotheses'}.",
        _section("The researcher's brief", context.brief.strip() or "(none)"),
        _section("Baseline", _baseline(context)),
        _section("Tried so far, newest last", _history(context)),
        _section("What the results suggest (made from the verdicts, not judged)", _insights(context)),
        _section("How sure you were, and what came of it", _calibration(context)),
        _section(
            "The optimiser (Gaussian process) would try next",
            _lines(json.dumps(s.patch) for s in suggestions),
        ),
        _section("Budget", _budget(context)),
        _section(
            "Fields you may change: baseline value, allowed values",
            _lines(_field(context, path) for path in allowed_paths(context.forbidden)),
        ),
    ]
    return [{"role": "system", "content": _SYSTEM}, {"role": "user", "content": "\n\n".join(parts)}]


def repair(messages: Sequence[ChatMessage], answer: str, faults: Sequence[str]) -> list[ChatMessage]:
    """The messages of the one repair round: the answer and what was wrong with it."""
    complaint = "\n".join(
        [
            "That answer cannot be used:",
            *faults[:MAX_FAULTS],
            "Answer again, with the corrected JSON object only.",
        ]
    )
    return [
        *messages,
        {"role": "assistant", "content": answer[:8000] or "(empty)"},
        {"role": "user", "content": complaint},
    ]


def _section(title: str, text: str) -> str:
    return f"## {title}\n{text}"


def _lines(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items) or "(nothing)"


def _baseline(context: LabContext) -> str:
    document = {k: v for k, v in context.baseline.document.items() if k not in ("tokenizer", "limits")}
    values = ", ".join(f"{value:.4f}" for value in context.baseline_values) or "not measured yet"
    noise = "unknown" if context.noise_sd is None else f"{context.noise_sd:.5f}"
    return f"recipe {json.dumps(document, sort_keys=True)}\nval_bpb by seed: {values}; seed noise sd: {noise}"


def _history(context: LabContext) -> str:
    shown = context.observations[-MAX_OBSERVATIONS:]
    left_out = len(context.observations) - len(shown)
    first = [f"({left_out} earlier ones are not shown)"] if left_out else []
    return _lines([*first, *(_observed(o) for o in shown)])


def _observed(observation: Observation) -> str:
    parts = [json.dumps(observation.patch)]
    if observation.values:
        parts.append(f"val_bpb {mean(observation.values):.4f} (n={len(observation.values)})")
    elif observation.failed:
        parts.append(f"failed: {observation.failed}")
    else:
        parts.append("running")
    if observation.effect is not None:
        parts.append(f"improvement {observation.effect:+.4f}")
    return "; ".join([*parts, observation.verdict or "no verdict yet"])


def _insights(context: LabContext) -> str:
    return _lines(knowledge_in(context).insights)


def _calibration(context: LabContext) -> str:
    known = knowledge_in(context)
    if not known.forecasts:
        return "Nothing has been judged yet."
    lines = [f"Base rate, all proposers: {_supported(known.forecasts)}."]
    own = known.forecasts_of("llm")
    if own:
        rate = base_rate(own)
        lines.append(
            f"Yours: {_supported(own)}. Brier score of your priors: {brier_score(own):.3f} (0 is perfect, "
            f"saying 0.5 always 0.25, your own rate known beforehand {rate * (1 - rate):.3f})."
        )
    return _lines(lines)


def _supported(forecasts: Sequence[Forecast]) -> str:
    count = sum(forecast.supported for forecast in forecasts)
    return f"{count} of {len(forecasts)} supported ({count / len(forecasts):.0%})"


def _budget(context: LabContext) -> str:
    return (
        f"{format_money(context.remaining_micro_usd)} left; one job costs about "
        f"{format_money(context.job_cost_micro_usd)}; a hypothesis needs at least two."
    )


def _field(context: LabContext, path: str) -> str:
    base = flat_settings(context.baseline.job_document(0)).get(path)
    return f"{path} = {json.dumps(base)}; {describe_field(path)}"
