"""What pretraining and fine-tuning share: assemble, run the loop, evaluate, save, report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch

from trainer.batches.packing import StepBatch
from trainer.batches.prefetch import Prefetch, depth_of
from trainer.checkpoint.contents import CheckpointMeta
from trainer.checkpoint.writer import save_checkpoint
from trainer.data.catalog import DataSet, open_data
from trainer.evaluation.core import evaluate_core
from trainer.job import CoreReport, TrainingJob
from trainer.job.events import Checkpointed, Evaluated, Started
from trainer.job.result import Scalar
from trainer.model.attention import attention_kernels
from trainer.model.config import ModelConfig
from trainer.model.gpt import GPT
from trainer.model.precision import as_served
from trainer.optim.optimizer import Optimizer
from trainer.optim.schedule import lr_multiplier
from trainer.processes.group import barrier
from trainer.run.context import JobCancelled, JobFailure, Outcome, RunContext
from trainer.sizing.flops import flops_per_token, mfu, param_counts, peak_flops
from trainer.sizing.memory import evaluation_bytes, measured_peak_bytes, peak_bytes
from trainer.sizing.passes import step_shape
from trainer.sizing.plan import TrainingPlan
from trainer.tokenizer import Tokenizer
from trainer.tokens import Tokens
from trainer.training.captured_pass import CapturedPass, may_keep, try_capture
from trainer.training.compilation import can_compile, compile_pays, compiled
from trainer.training.loop import Loop
from trainer.training.loss import LossSum, loss_sum_of
from trainer.training.state import Horizon, LoopSettings, LoopState
from trainer.training.warmup import warm_up


@dataclass
class TrainingRun:
    """Everything one training job works with, on one rank."""

    context: RunContext
    job: TrainingJob
    data: DataSet
    tokenizer: Tokenizer
    tokenizer_path: Path
    config: ModelConfig
    plan: TrainingPlan
    horizon: Horizon
    model: GPT
    optimizer: Optimizer
    state: LoopState
    steps: Callable[[int, dict[str, int] | None], Iterator[StepBatch]]
    evaluate: Callable[[], dict[str, float]]
    canary_row: Callable[[], Tokens]
    parents: tuple[str, ...]

    def run(self) -> Outcome:
        """Train, evaluate, save, score.

        Raises:
            JobFailure, JobCancelled: with what was measured until then.
        """
        try:
            self._train()
            metrics = self._validate()
            core = self._save_beside_core(metrics.get("val_bpb"))
        except (JobFailure, JobCancelled) as stopped:
            stopped.partial = self._outcome({}, None)
            raise
        return self._outcome(metrics, core)

    @property
    def compiled(self) -> bool:
        """Whether the training step is compiled: by default on GPUs, and on a CPU where it pays."""
        device = self.context.device
        if self.job.compile is None:
            tokens = self.plan.train_tokens
            of_a_rank = None if tokens is None else tokens // self.context.world_size
            return compile_pays(device, self.model.compute_dtype, of_a_rank)
        return self.job.compile and can_compile(device)

    def _train(self) -> None:
        rows = self.plan.total_batch_size // self.plan.sequence_len
        self.context.emit(
            Started(time=time.time(), job_id=self.context.paths.job_id, total_steps=self.horizon.steps)
        )
        batches = Prefetch(self.steps(rows, self.state.position), depth_of(rows))
        try:
            self._loop().run(batches)
        finally:
            batches.close()
            self.optimizer.release()

    def _loop(self) -> Loop:
        settings = LoopSettings(
            horizon=self.horizon,
            micro_batch_rows=self._micro_batch_rows(),
            vocab_size=self.config.vocab_size,
            tokens_per_step=self.plan.total_batch_size,
            lr_multiplier=lambda progress: lr_multiplier(progress, self.job.schedule),
            eval_every_steps=self.job.eval_every_steps,
            checkpoint_every_steps=self.job.checkpoint_every_steps,
            profile=self.job.profile,
        )
        loss_sum = self._loss_sum()
        if self.compiled:
            self.context.progress.update(self.state.progress, "compiling")
            self.state.untimed_seconds += warm_up(self.model, self.plan, loss_sum, settings.micro_batch_rows)
        captured = self._captured_pass(loss_sum)
        if captured is not None and self.context.world_size == 1:
            self.optimizer.capture(captured.pool)
        return Loop(
            context=self.context,
            settings=settings,
            parameters=list(self.model.parameters()),
            loss_sum=loss_sum,
            optimizer=self.optimizer,
            state=self.state,
            evaluate=self.evaluate,
            save=lambda state: self._save(state, self.optimizer),
            captured=captured,
        )

    def _captured_pass(self, loss_sum: LossSum) -> CapturedPass | None:
        """Passes as one CUDA graph, on a GPU whose memory the graph may keep."""
        on_gpu = self.compiled and self.context.device.type == "cuda"
        if not on_gpu or self.plan.activation_checkpointing:
            return None
        shape = step_shape(self.job, self.plan, self.config)
        # What evaluations add to weights and optimizer state, which the pass counts, too.
        evaluation = evaluation_bytes(self.config, shape)
        if not may_keep(self.context.device, peak_bytes(self.config, shape), evaluation):
            return None
        plan = self.plan
        rows, length = plan.device_batch_size, plan.sequence_len
        return try_capture(
            loss_sum, list(self.model.parameters()), rows, length, repeats=plan.accumulation_steps > 1
        )

    def _micro_batch_rows(self) -> int:
        """Rows of a forward pass; on one CPU rank the same as two ranks would take."""
        rows, most = self.plan.total_batch_size // self.plan.sequence_len, self.plan.device_batch_size
        if self.context.device.type == "cuda" or self.context.world_size > 1 or rows % 2:
            return most
        return max(size for size in range(1, most + 1) if (rows // 2) % size == 0)

    def _loss_sum(self) -> LossSum:
        loss_sum = loss_sum_of(self.model)
        return compiled(loss_sum) if self.compiled else loss_sum

    def _validate(self) -> dict[str, float]:
        self.context.progress.update(1.0, "evaluating")
        metrics = self.evaluate()
        self.context.emit(Evaluated(time=time.time(), step=self.state.step, metrics=metrics))
        return metrics

    def _save_beside_core(self, bpb: float | None) -> CoreReport | None:
        """CORE, read while the final checkpoint is written, which stands when CORE ends or is cancelled."""
        with ThreadPoolExecutor(1) as thread:
            # Without the optimizer, whose state is twice the model: nothing goes on from here.
            written = thread.submit(self._writing(self.state, None, bpb))
            try:
                core = self._core()
            except JobCancelled:
                self._await_checkpoint(written)
                raise
            self._await_checkpoint(written)
        return core

    def _await_checkpoint(self, written: Future[None]) -> None:
        written.result()
        self.context.emit(Checkpointed(time=time.time(), step=self.state.step))
        # No rank ends before the checkpoint stands: torchrun ends all others when one does.
        barrier()

    def _save(self, state: LoopState, optimizer: Optimizer) -> None:
        optimizer.gather_state()
        self._writing(state, optimizer, None)()
        barrier()

    def _writing(
        self, state: LoopState, optimizer: Optimizer | None, bpb: float | None
    ) -> Callable[[], None]:
        """Writes the checkpoint of now; on the main rank alone."""
        if not self.context.is_main:
            return lambda: None
        meta = CheckpointMeta(
            job_id=self.context.paths.job_id,
            kind=self.job.kind,
            step=state.step,
            config=self.config,
            spec_hash=self.context.spec_hash,
            val_bpb=bpb,
            parents=self.parents,
        )
        return partial(
            save_checkpoint,
            self.context.paths.checkpoint,
            {name: tensor.detach().cpu() for name, tensor in self.model.state_dict().items()},
            optimizer,
            meta,
            self.tokenizer_path,
            self.context.job_bytes,
            self._canary(),
            state.to_json(),
        )

    def _canary(self) -> tuple[list[int], float]:
        """One held-out row and its mean loss: what a server must reproduce before it goes live."""
        row = torch.from_numpy(self.canary_row()).long()
        tokens_BT = row[None].to(self.context.device)
        with torch.no_grad(), as_served(self.model):
            loss = self.model.loss_per_token(tokens_BT[:, :-1], tokens_BT[:, 1:]).mean()
        return row.tolist(), float(loss)

    def _core(self) -> CoreReport | None:
        """CORE, where the job wants it and the data set has it.

        Raises:
            JobCancelled: between two tasks, when any rank was asked to stop.
        """
        spec = self.job.core
        folder = (open_data(spec.data) if spec.data else self.data).core_folder()
        if not spec.enabled or folder is None:
            return None

        def on_progress(fraction: float, text: str) -> None:
            self.context.progress.update(fraction, text)
            if self.context.should_stop():
                raise JobCancelled("stopped on request during CORE; the model is trained and saved")

        return evaluate_core(
            self.model,
            self.tokenizer,
            folder,
            max_per_task=spec.max_per_task,
            device=self.context.device,
            on_progress=on_progress,
            rank=self.context.rank,
            world=self.context.world_size,
        )

    def _outcome(self, metrics: dict[str, float], core: CoreReport | None) -> Outcome:
        if core is not None:
            metrics = {**metrics, "core_metric": core.core_metric}
        return Outcome(
            metrics={**self.state.metrics(), **self._sizes(), **metrics},
            resolved=self._resolved(),
            core=core,
            train_seconds=self.state.train_seconds,
            data_hash=self.data.content_hash(),
            tokenizer_hash=self.tokenizer.content_hash(),
        )

    def _sizes(self) -> dict[str, float]:
        counts, device = param_counts(self.config), self.context.device
        metrics = {
            "parameters": counts["total"],
            "matmul_parameters": counts["matrices"] + counts["head"],
            "flops_per_token": flops_per_token(self.config, self.plan.sequence_len),
            "peak_memory_bytes": measured_peak_bytes(device),
        }
        if device.type == "cuda":
            shape = step_shape(self.job, self.plan, self.config)
            metrics["predicted_memory_bytes"] = peak_bytes(self.config, shape)
            peak = peak_flops(torch.cuda.get_device_name(device), self._dtype_name())
            if peak is not None:
                metrics["mfu"] = mfu(self.state.tokens_per_second, self.config, self.context.world_size, peak)
        return {name: float(value) for name, value in metrics.items()}

    def _resolved(self) -> dict[str, Scalar]:
        shape: dict[str, Scalar] = {
            name: value
            for name, value in vars(self.config).items()
            if not isinstance(value, tuple) and name != "sequence_len"
        }
        shape["windows"] = ",".join(str(window) for window in self.config.windows)
        settings: dict[str, Scalar] = {
            "dtype": self._dtype_name(),
            "attention": attention_kernels(
                self.config, self.context.device, self.model.compute_dtype, self.compiled
            ),
            "compile": self.compiled,
            "threads": torch.get_num_threads(),
        }
        return {**shape, **self.plan.resolved(), **settings}

    def _dtype_name(self) -> str:
        if self.job.dtype == "fp8":
            return "fp8"
        return "bf16" if self.model.compute_dtype == torch.bfloat16 else "fp32"
