"""CORE: the centred accuracy of a base model over in-context tasks of three shapes."""

from trainer.evaluation.core import evaluate_core, task_correctness
from trainer.evaluation.tasks import CoreError, CoreTask, load_items, load_tasks

__all__ = ["CoreError", "CoreTask", "evaluate_core", "load_items", "load_tasks", "task_correctness"]
