"""CORE split over ranks: every rank has the whole report, each answer in its place."""

import random
from pathlib import Path

import torch
import torch.distributed
import torch.multiprocessing

from tests.support.core_support import sentence, tiny_model, write_core
from trainer.evaluation import evaluate_core
from trainer.job import CoreReport
from trainer.tokenizer import Tokenizer


def read(rank: int, world: int, folder: Path) -> CoreReport:
    torch.set_num_threads(1)
    tokenizer = Tokenizer.train([sentence(random.Random(0), 400) + "\nAnswer: \n\n"], 400)
    model = tiny_model(tokenizer.vocab_size)
    # Seven items: two ranks cannot share them evenly.
    return evaluate_core(model, tokenizer, folder / "core", max_per_task=7, rank=rank, world=world)


def one_rank(rank: int, world: int, folder: str) -> None:
    torch.distributed.init_process_group("gloo", f"file://{folder}/store", rank=rank, world_size=world)
    report = read(rank, world, Path(folder))
    (Path(folder) / f"{rank}.json").write_text(report.model_dump_json())
    torch.distributed.destroy_process_group()


def test_two_ranks_answer_item_by_item_as_one_does(tmp_path: Path) -> None:
    write_core(tmp_path / "core")
    torch.multiprocessing.spawn(one_rank, (2, str(tmp_path)), nprocs=2)
    alone = read(0, 1, tmp_path)
    reports = [CoreReport.model_validate_json((tmp_path / f"{rank}.json").read_text()) for rank in range(2)]
    assert reports == [alone, alone]
    assert len({answer for score in alone.tasks for answer in score.answers() or ()}) == 2
