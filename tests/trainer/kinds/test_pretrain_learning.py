"""A pretraining job learns, and its result says what a reader needs."""

import math

import numpy as np
import torch

from tests.support.trainer_lab import base_run, events_of, lab, made_documents, result_of
from trainer.checkpoint.reader import open_model
from trainer.job.events import event_adapter
from trainer.sizing.flops import flops_per_token
from trainer.tokenizer import Tokenizer


def unigram_bits_per_byte() -> float:
    """The best code for validation tokens that ignores context: their own frequencies."""
    tokenizer = Tokenizer.load(lab().runs / "tokenizer" / "tokenizer.json")
    tokens = np.concatenate(tokenizer.encode_batch(made_documents()[300:350]))
    counts = np.bincount(tokens, minlength=tokenizer.vocab_size)
    shares = counts[counts > 0] / counts.sum()
    bits_per_token = float(-(shares * np.log2(shares)).sum())
    return bits_per_token * len(tokens) / float(tokenizer.token_bytes()[tokens].sum())


def test_beats_the_unigram_models_bits_per_byte() -> None:
    assert result_of(base_run()).metrics["val_bpb"] < 0.8 * unigram_bits_per_byte()


def test_result_recomputes_from_checkpoint_and_shapes() -> None:
    result, loaded = result_of(base_run()), open_model(base_run().folder)
    metrics = result.metrics
    assert metrics["flops_per_token"] == flops_per_token(loaded.config)
    assert metrics["parameters"] == sum(parameter.numel() for parameter in loaded.model.parameters())
    assert metrics["tokens"] == metrics["steps"] * 1024 == 102_400
    assert loaded.meta.val_bpb == metrics["val_bpb"]
    assert loaded.meta.step == 100
    assert result.resolved["device_batch_size"] and result.resolved["matrix_lr"]
    assert result.resolved["attention"] in ("SDPA", "two products")
    assert result.provenance.tokenizer_hash == loaded.tokenizer.content_hash()
    assert "mfu" not in metrics


def test_saved_canary_is_reproduced_by_the_saved_model() -> None:
    loaded = open_model(base_run().folder)
    tokens = torch.tensor(loaded.canary.tokens)[None]
    with torch.no_grad():
        loss = loaded.model.loss_per_token(tokens[:, :-1], tokens[:, 1:]).mean()
    assert math.isclose(float(loss), loaded.canary.loss, rel_tol=1e-5)


def test_events_are_whole_lines_in_order_with_every_step_once() -> None:
    events = [event_adapter().validate_json(line) for line in base_run().events.read_text().splitlines()]
    assert [event.event for event in events if event.event != "step"] == [
        "started", "eval", "checkpoint", "eval", "checkpoint", "eval", "eval", "checkpoint", "finished",
    ]  # fmt: skip
    steps = [event for event in events_of(base_run()) if event["event"] == "step"]
    assert [event["step"] for event in steps] == list(range(1, 101))
    assert steps[-1]["progress"] == 1.0


def test_train_loss_is_the_mean_of_the_last_twentieth() -> None:
    steps = [event["train_loss"] for event in events_of(base_run()) if event["event"] == "step"]
    assert math.isclose(result_of(base_run()).metrics["train_loss"], sum(steps[-5:]) / 5, rel_tol=1e-9)


def test_epochs_count_documents_read() -> None:
    tokenizer = Tokenizer.load(lab().runs / "tokenizer" / "tokenizer.json")
    tokens_per_epoch = sum(len(ids) for ids in tokenizer.encode_batch(made_documents()[:300]))
    epochs = result_of(base_run()).metrics["epochs"]
    assert math.isclose(epochs, 102_400 / tokens_per_epoch, rel_tol=0.1)
