"""The page of environment variables: what each means stands here, who reads it is looked up in the code."""

import ast
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePath

from tests.support.paths import ROOT

TITLE = "Environment variables"
PACKAGES = ("harness", "agent", "journal", "server", "trainer")
_LOOKUPS = {"get", "pop", "setdefault"}
_OURS = re.compile(r"(HARNESS|OPENAI)(_[A-Z]+)+")


@dataclass(frozen=True)
class Variable:
    """One variable; `unset` says what holds without it, "" where it must be set or nothing follows."""

    name: str
    meaning: str
    unset: str = ""


GROUPS: dict[str, tuple[str, tuple[Variable, ...]]] = {
    "Set by whoever runs it": (
        "None of them is needed.",
        (
            Variable(
                "HARNESS_CACHE",
                "folder of data sets, packed rows, chosen kernels and job times",
                "`~/.cache/harness`",
            ),
            Variable("HARNESS_DATA", "folder of the data set named `default`", "the fetched one"),
            Variable(
                "HARNESS_DATA_MIRROR", "`data fetch` reads `<mirror>/<set>/<file>`", "each file's origin"
            ),
            Variable("HARNESS_RUNS", "where `python -m trainer JOB.json` makes run folders", "`./runs`"),
            Variable("HARNESS_API_KEY", "key that every HTTP request must carry", "none: loopback only"),
            Variable(
                "HARNESS_LLM_MODEL", "model that the proposers `llm` and `mixed` ask", "they are refused"
            ),
            Variable("HARNESS_LLM_PRICE", "`in,out`, dollars per million tokens", "a known model's price"),
            Variable("OPENAI_API_KEY", "key of the model's endpoint", "`none`"),
            Variable("OPENAI_BASE_URL", "address of the model's endpoint", "OpenAI's"),
            Variable("CUDA_VISIBLE_DEVICES", "GPUs that a lab may use; it sets it anew for each job", "all"),
            Variable(
                "OMP_NUM_THREADS", "threads of a rank; a lab sets it for each job", "all cores, or 1 a rank"
            ),
            Variable("XDG_RUNTIME_DIR", "folder of engine sockets where TMPDIR is long", "`/run/user/<uid>`"),
            Variable("CXX", "C++ compiler that torch compiles with on a CPU", "`g++`"),
        ),
    ),
    "For tests and rehearsals": (
        "Stand-ins for parts of the program, and faults ([the lab](../guides/lab.md#seams-for-tests)).",
        (
            Variable(
                "HARNESS_SIMULATION", "JSON, a [simulated node](../guides/simulation.md)'s settings", "`{}`"
            ),
            Variable("HARNESS_TRAINER_COMMAND", "JSON list, run instead of `python -m trainer`"),
            Variable("HARNESS_RESIDENT_COMMAND", "JSON list, run instead of `python -m trainer worker`"),
            Variable("HARNESS_ENGINE_COMMAND", "JSON list, run instead of `python -m trainer engine`"),
            Variable("HARNESS_SERVER_COMMAND", "JSON list, run instead of `python -m server`"),
            Variable("HARNESS_CRASH_AT", "`POINT[:n]`: the conductor kills itself there, the n-th time"),
        ),
    ),
    "Set by a lab for its own processes": (
        "Nobody else needs to set them.",
        (
            Variable("HARNESS_RUN", "a job's run folder; its processes are found by it"),
            Variable("HARNESS_JOB_ID", "a job's id, for whoever looks at the process"),
            Variable("HARNESS_DEADLINE", "seconds of CLOCK_BOOTTIME at which the kernel ends a rank"),
            Variable("HARNESS_SERVER_OWNER", "who started a server and its engines"),
            Variable("HARNESS_READY_FD", "file descriptor on which a detached start says that it runs"),
            Variable("HARNESS_LAB", "the lab's folder; for the command of `--on-finish`, too"),
            Variable("HARNESS_OUTCOME", "how the session ended, for the command of `--on-finish`"),
        ),
    ),
    "Of other programs": (
        "torchrun sets the first seven. The last four are set here unless they are set already.",
        (
            Variable("RANK", "number of this rank", "0"),
            Variable("WORLD_SIZE", "number of ranks", "1"),
            Variable("LOCAL_RANK", "number of this rank on its machine", "0"),
            Variable("LOCAL_WORLD_SIZE", "ranks of this machine", "1"),
            Variable("TORCHELASTIC_RUN_ID", "set: the process runs under torchrun"),
            Variable("MASTER_ADDR", "host of torchrun's store"),
            Variable("MASTER_PORT", "port of torchrun's store"),
            Variable(
                "FLASH_ATTENTION_CUTE_DSL_CACHE_ENABLED", "whether flash-attn-4 keeps compiled kernels", "1"
            ),
            Variable("FLASH_ATTENTION_CUTE_DSL_CACHE_DIR", "where it does", "in `HARNESS_CACHE`"),
            Variable("QUACK_CACHE_DIR", "where quack keeps compiled kernels", "in `HARNESS_CACHE`"),
            Variable("KINETO_LOG_LEVEL", "what torch's profiler prints", "99: nothing"),
        ),
    ),
}
INTRO = """Every variable that the program reads or sets, and the folders whose code names it. Jobs are
started without variables whose names hold KEY, TOKEN, SECRET, PASSWORD, PASSWD or CREDENTIAL
([SECURITY.md](../../SECURITY.md), "Secrets")."""


def environment_page() -> str:
    """The whole page as markdown."""
    readers = named_in_code()
    parts = [f"# {TITLE}", INTRO]
    for heading, (note, variables) in GROUPS.items():
        rows = ["| variable | meaning | unset | named in |", "|---|---|---|---|"]
        for variable in variables:
            folders = ", ".join(f"`{folder}/`" for folder in sorted(readers.get(variable.name, ())))
            rows.append(f"| `{variable.name}` | {variable.meaning} | {variable.unset} | {folders} |")
        parts += [f"## {heading}", note, "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


def named_in_code() -> dict[str, set[str]]:
    """Variables that the packages' code names, with the folders that do."""
    found: dict[str, set[str]] = defaultdict(set)
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            folder = path.parent.relative_to(ROOT)
            for name in _variables(ast.parse(path.read_text())):
                found[name].add(str(PurePath(folder)))
    return dict(found)


def _variables(tree: ast.AST) -> set[str]:
    """Names looked up in an environment, and whatever else is written like a variable of ours."""
    names = set()
    for node in ast.walk(tree):
        key = _looked_up(node)
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            names.add(key.value)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _OURS.fullmatch(node.value):
            names.add(node.value)
    return names


def _looked_up(node: ast.AST) -> ast.expr | None:
    """What `node` looks up in an environment: `environ[x]`, `x in environ`, `environ.get(x)`."""
    if isinstance(node, ast.Subscript) and _is_environment(node.value):
        return node.slice
    if isinstance(node, ast.Compare) and _is_environment(node.comparators[0]):
        return node.left
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        known = node.func.attr in _LOOKUPS and _is_environment(node.func.value)
        return node.args[0] if known else None
    return None


def _is_environment(node: ast.expr) -> bool:
    return ast.unparse(node).rsplit(".", 1)[-1] in ("environ", "environment")
