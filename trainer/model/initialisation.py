"""A model's weights at the start: drawn from the seed and each parameter's own name."""

import hashlib
import math
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import Tensor, nn

from trainer.job.host import usable_cores
from trainer.model.config import ModelConfig


def init_parameters(model: nn.Module, config: ModelConfig, seed: int) -> None:
    """Fill every parameter, several at a time: drawing numbers is one thread's work each."""
    with ThreadPoolExecutor(max_workers=len(usable_cores())) as pool:
        drawn = [pool.submit(init_parameter, n, p, config, seed) for n, p in model.named_parameters()]
    for each in drawn:
        each.result()


@torch.no_grad()
def init_parameter(name: str, parameter: nn.Parameter, config: ModelConfig, seed: int) -> None:
    """Fill one parameter: the same numbers on any device, whatever else the model holds."""
    digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
    generator = torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") >> 1)
    value = torch.empty(parameter.shape)
    if name == "resid_lambdas" or "norm" in name:
        value.fill_(1.0)
    elif name == "x0_lambdas":
        value.fill_(0.1)
    elif name == "backout_lambda":
        value.fill_(0.2)
    elif name.endswith("_gate.weight") or name == "smear_lambda":
        value.zero_()  # 2 * sigmoid(0): value gates start at 1
    elif name == "bigram_embeddings.weight":
        value.zero_()
    elif name == "embed_tokens.weight":
        value.normal_(0.0, 1.0, generator=generator)
    elif name == "lm_head.weight":
        value.normal_(0.0, 0.001, generator=generator)
    elif name.endswith(("o_proj.weight", "down_proj.weight")):
        _init_output(value, config, generator)
    else:
        bound = math.sqrt(3.0 / config.width)
        value.uniform_(-bound, bound, generator=generator)
    parameter.copy_(value)


def _init_output(value: Tensor, config: ModelConfig, generator: torch.Generator) -> None:
    """Blocks start as the identity (gpt), or small enough for the residual sum not to grow (llama)."""
    if config.block == "gpt":
        value.zero_()
    else:
        value.normal_(0.0, 0.02 / math.sqrt(2 * config.depth), generator=generator)
