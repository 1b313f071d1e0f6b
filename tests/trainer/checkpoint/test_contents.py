"""What a checkpoint holds, and what is refused."""

import json
import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.support.model_support import (
    random_tokens,
    save_tiny,
    tiny_config,
    tiny_model,
    tiny_plan,
    tokenizer_file,
    train_steps,
)
from trainer.checkpoint.contents import CheckpointError, CheckpointMeta
from trainer.checkpoint.folder_swap import previous_of
from trainer.checkpoint.reader import (
    checkpoint_folder,
    open_model,
    read_job_bytes,
    read_meta,
    restore_training,
)
from trainer.checkpoint.writer import repair_checkpoint, save_checkpoint
from trainer.optim.optimizer import build_optimizer


def test_a_loaded_model_is_the_saved_one(tmp_path: Path) -> None:
    model = save_tiny(tmp_path / "checkpoint", step=7)
    for folder in (tmp_path, tmp_path / "checkpoint"):
        loaded = open_model(folder)
        tokens = random_tokens(2, 16)
        assert torch.equal(loaded.model(tokens), model(tokens))
        assert loaded.config == model.config and loaded.meta.step == 7
        assert loaded.tokenizer.vocab_size <= model.config.vocab_size
    assert read_job_bytes(tmp_path) == b"{}\n"


def test_the_canary_loss_is_reproduced_from_the_file(tmp_path: Path) -> None:
    save_tiny(tmp_path / "checkpoint")
    loaded = open_model(tmp_path)
    tokens = torch.tensor([loaded.canary.tokens])
    loss = loaded.model.loss_per_token(tokens[:, :-1], tokens[:, 1:]).mean()
    assert float(loss.detach()) == pytest.approx(loaded.canary.loss, rel=1e-6)


def test_an_opened_model_can_be_held_in_bf16(tmp_path: Path) -> None:
    save_tiny(tmp_path / "checkpoint")
    model = open_model(tmp_path, dtype=torch.bfloat16).model
    assert {parameter.dtype for parameter in model.parameters()} == {torch.bfloat16}
    assert model.rope_cos.dtype == torch.float32
    logits = model(random_tokens(1, 16))
    full = open_model(tmp_path).model(random_tokens(1, 16))
    assert logits.dtype == torch.float32 and torch.allclose(logits, full, atol=0.1)


def test_training_goes_on_exactly_from_a_checkpoint(tmp_path: Path) -> None:
    config = tiny_config()
    straight = tiny_model(config)
    optimizer = build_optimizer(straight, tiny_plan(config))
    train_steps(straight, optimizer, 3)
    meta = CheckpointMeta(job_id="j", kind="pretrain", step=3, config=config, spec_hash="0")
    save_checkpoint(
        tmp_path / "checkpoint",
        straight.state_dict(),
        optimizer,
        meta,
        tokenizer_file(tmp_path),
        b"{}",
        ([1, 2], 1.0),
        {"step": 3},
    )
    train_steps(straight, optimizer, 3, seed=3)

    resumed = tiny_model(config, seed=9)
    other = build_optimizer(resumed, tiny_plan(config))
    assert restore_training(tmp_path, resumed, other) == {"step": 3}
    train_steps(resumed, other, 3, seed=3)
    for name, tensor in straight.state_dict().items():
        assert torch.equal(tensor, resumed.state_dict()[name]), name


def _one_line(error: pytest.ExceptionInfo[CheckpointError]) -> str:
    text = str(error.value)
    assert "\n" not in text and len(text) < 400
    return text


def test_a_missing_checkpoint_is_one_line(tmp_path: Path) -> None:
    assert checkpoint_folder(tmp_path) is None
    with pytest.raises(CheckpointError) as error:
        open_model(tmp_path)
    assert "no checkpoint" in _one_line(error)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "canary.json"])
def test_one_flipped_bit_is_refused(tmp_path: Path, name: str) -> None:
    save_tiny(tmp_path / "checkpoint")
    path = tmp_path / "checkpoint" / name
    data = bytearray(path.read_bytes())
    data[-len(data) // 3] ^= 1
    path.write_bytes(data)
    with pytest.raises(CheckpointError) as error:
        open_model(tmp_path)
    assert name in _one_line(error) and "SHA-256" in str(error.value)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "canary.json"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    save_tiny(tmp_path / "checkpoint")
    (tmp_path / "checkpoint" / name).unlink()
    with pytest.raises(CheckpointError) as error:
        open_model(tmp_path)
    assert name in _one_line(error)


def test_a_link_is_refused_though_its_content_is_right(tmp_path: Path) -> None:
    save_tiny(tmp_path / "checkpoint")
    path = tmp_path / "checkpoint" / "model.safetensors"
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CheckpointError, match="not a regular file"):
        open_model(tmp_path)


def _replace(folder: Path, data: bytes) -> None:
    """Put other weights in, with the right hash in `meta.json`: only the content is at fault."""
    import hashlib

    (folder / "model.safetensors").write_bytes(data)
    meta = json.loads((folder / "meta.json").read_text())
    meta["sha256"]["model.safetensors"] = hashlib.sha256(data).hexdigest()
    (folder / "meta.json").write_text(json.dumps(meta))


class _Explosive:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (Path.touch, (Path("exploded"),))


def test_a_pickle_is_refused_and_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    save_tiny(tmp_path / "checkpoint")
    size = (tmp_path / "checkpoint" / "model.safetensors").stat().st_size
    _replace(tmp_path / "checkpoint", pickle.dumps([_Explosive(), b"x" * size]))
    with pytest.raises(CheckpointError) as error:
        open_model(tmp_path)
    assert "not a safetensors file" in _one_line(error)
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("shape", "allowed: \\(300, 32\\)"),
        ("dtype", "float64"),
        ("extra", "odd"),
        ("absent", "lm_head.weight"),
    ],
)
def test_weights_of_another_model_are_refused(tmp_path: Path, change: str, complaint: str) -> None:
    save_tiny(tmp_path / "checkpoint")
    state = load_file(tmp_path / "checkpoint" / "model.safetensors")
    head = state.pop("lm_head.weight")
    if change == "shape":
        state["lm_head.weight"] = head.T.contiguous()
    elif change == "dtype":
        state["lm_head.weight"] = head.double()
    elif change == "extra":
        state |= {"lm_head.weight": head, "odd": torch.zeros(1)}
    save_file(state, tmp_path / "other")
    _replace(tmp_path / "checkpoint", (tmp_path / "other").read_bytes())
    with pytest.raises(CheckpointError, match=complaint) as error:
        open_model(tmp_path)
    _one_line(error)


@pytest.mark.parametrize(
    ("field", "value"),
    [("depth", 10**9), ("width", 10**9), ("vocab_size", "300"), ("kv_heads", 3), ("sequence_len", 10**12)],
)
def test_an_impossible_config_is_refused_before_memory_is_asked_for(
    tmp_path: Path, field: str, value: object
) -> None:
    save_tiny(tmp_path / "checkpoint")
    path = tmp_path / "checkpoint" / "meta.json"
    meta = json.loads(path.read_text())
    meta["config"][field] = value
    path.write_text(json.dumps(meta))
    with pytest.raises(CheckpointError) as error:
        open_model(tmp_path)
    _one_line(error)


def test_a_half_done_replacement_is_found_and_repaired(tmp_path: Path) -> None:
    folder = tmp_path / "checkpoint"
    save_tiny(folder, step=3)
    folder.rename(previous_of(folder))
    assert open_model(tmp_path).meta.step == 3
    assert repair_checkpoint(folder)
    assert folder.is_dir() and read_meta(folder).step == 3


def test_restoring_into_another_model_is_refused(tmp_path: Path) -> None:
    save_tiny(tmp_path / "checkpoint")
    config = tiny_config(width=64)
    model = tiny_model(config)
    with pytest.raises(CheckpointError, match="allowed"):
        restore_training(tmp_path, model, build_optimizer(model, tiny_plan(config)))
