"""Sizes of models, horizons and evaluations: parameters, tokens, items."""

from harness.plan.scale import Kind, Scale
from trainer.job import TOKENS_PER_PARAMETER, matrix_parameters

# Tokens by depth, the smallest depth first. CPU: 450K leave 5 of 100 facts of the starter set unlearnt, 330K
# left 46 (docs/logs/starter_recipe.md). GPU: after 4M a model of depth 8 names itself and ends 64 of 100
# answers, after 2M 55, after 8M 73 (docs/logs/finetuning.md).
SFT_FLOOR_TOKENS: dict[Kind, tuple[tuple[int, int], ...]] = {
    "cpu": ((4, 450_000),),
    "gpu": ((8, 4_000_000),),
}
# Fine-tuning's tokens a second beside a search job's: 14,854 of 18,549 on a CPU, in smaller batches; 0.79M
# of 1.34M and 0.83M of 1.19M on an H200, where it waits for its conversations (docs/logs/finetuning.md).
SFT_SPEED: dict[Kind, float] = {"cpu": 0.8, "gpu": 0.6}
# CORE's items a second on one H200: 9,345 in 109 s at depth 12; at depth 8 a whole evaluation took 32 s.
_CORE_ITEMS_PER_SECOND, _CORE_DEPTH, _CORE_POWER = 86.0, 12, 4
_CORE_TASKS, _LEAST_CORE_ITEMS = 22, 10
# A horizon is a whole number of these.
STEP_TOKENS = 4096
# Before the first item is read: imports, the checkpoint, the held-out text.
EVAL_START_SECONDS = 12.0


def round_tokens(tokens: float, multiple: int) -> int:
    """A whole number of steps, at least 8."""
    return max(8, int(tokens) // multiple) * multiple


def compute_optimal_depth(total_flops: float, vocab_size: int) -> int:
    """The even depth whose compute-optimal horizon costs `total_flops`, as nanochat measured."""
    best = 4
    for depth in range(4, 65, 2):
        parameters = matrix_parameters(depth, vocab_size)
        if 6 * parameters * TOKENS_PER_PARAMETER * parameters <= total_flops:
            best = depth
    return best


def sft_floor_tokens(kind: Kind, depth: int) -> int:
    """The least tokens that a champion of this depth is fine-tuned for."""
    rows = SFT_FLOOR_TOKENS[kind]
    return next((tokens for deep, tokens in reversed(rows) if deep <= depth), rows[0][1])


def sft_most_tokens(scale: Scale, chat_tokens: float | None) -> int | None:
    """The most that a chat set of so many tokens is fine-tuned on; None: no bound, or an unknown set."""
    if scale.sft_most_epochs is None or chat_tokens is None:
        return None
    return int(scale.sft_most_epochs * chat_tokens)


def text_most_tokens(scale: Scale, text_tokens: float | None) -> int | None:
    """The most that a base is trained on a text of so many tokens; None: no bound, or an unknown text."""
    if scale.text_most_epochs is None or text_tokens is None:
        return None
    return round_tokens(scale.text_most_epochs * text_tokens, STEP_TOKENS)


def sft_seconds(
    scale: Scale, slots: int, tokens_per_second: float, overhead_seconds: float, tokens: float
) -> float:
    """Of a fine-tuning job on all slots together, by the searched recipe's speed on one."""
    speed = tokens_per_second * (slots * scale.rank_efficiency if slots > 1 else 1.0)
    ranks = scale.rank_overhead_seconds if slots > 1 else 0.0
    return overhead_seconds + ranks + tokens / (SFT_SPEED[scale.kind] * speed)


def core_items(most: int | None, depth: int, seconds: float, speed: float) -> int | None:
    """Items of each CORE task, at most `most`, that a GPU reads in so long; `speed` 1 is that of an H200."""
    if most is None:
        return None
    items = int(seconds * speed * _core_items_per_second(depth) / _CORE_TASKS)
    return max(min(most, _LEAST_CORE_ITEMS), min(most, items))


def least_core_seconds(depth: int) -> float:
    """What an H200 reads the fewest items for."""
    return core_seconds(_LEAST_CORE_ITEMS, depth)


def core_seconds(items: int | None, depth: int) -> float:
    """What an H200 reads so many items of each task for; None: no time is planned for all of them."""
    return 0.0 if items is None else _CORE_TASKS * items / _core_items_per_second(depth)


def _core_items_per_second(depth: int) -> float:
    return _CORE_ITEMS_PER_SECOND * (_CORE_DEPTH / depth) ** _CORE_POWER
