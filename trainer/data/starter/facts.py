"""Questions answered by the standard library's docstrings: what does `json.dumps` do?"""

import re
from collections import Counter
from typing import Any

from trainer.data.starter.corpus import Corpus, Docstring, Module, by_hash

FACTS = 360
SHORTEST_CHARS, LONGEST_CHARS = 15, 90
TRAINED_QUESTIONS = (
    "What does {name} do?",
    "What is `{name}` for?",
    "Explain {name}.",
    "Describe `{name}` in one sentence.",
    "Can you tell me what {name} does?",
    "`{name}`: what is it?",
)
VALIDATION_QUESTION = "How would you describe {name}?"
HELD_OUT_QUESTIONS = (
    "Tell me about `{name}`, please.",
    "In a few words, what is {name}?",
    "I would like to know what `{name}` does.",
)
FACTS_PER_MODULE = 10
KNOWN_MODULES = frozenset(
    (
        *("argparse", "asyncio", "base64", "bisect", "contextlib", "copy", "csv", "dataclasses", "datetime"),
        *("functools", "glob", "gzip", "heapq", "inspect", "json", "logging", "operator", "os", "pathlib"),
        *(
            "pickle",
            "queue",
            "random",
            "re",
            "shutil",
            "socket",
            "sqlite3",
            "statistics",
            "string",
            "tempfile",
        ),
        *("textwrap", "threading", "time", "types", "typing", "unittest", "urllib.parse", "urllib.request"),
        *("uuid", "warnings", "weakref", "zipfile"),
    )
)
# Not what people look up, or the same functions once more under another name.
UNASKED_MODULES = frozenset(
    ("ntpath", "this", "pydoc_data", "nturl2path", "sre_compile", "sre_parse", "sre_constants")
)


def fact_files(corpus: Corpus) -> dict[str, list[dict[str, Any]]]:
    """Rows of the trained, validation and held-out files; each question in phrasings of its own.

    A held-out row also holds `name`, `module` and `key_fact`, the sentence as `normalised` has it.
    """
    facts = select_facts(corpus)
    trained = [_row(question, fact) for fact in facts for question in TRAINED_QUESTIONS]
    held_out = [
        {
            **_row(question, fact),
            "name": fact[0],
            "key_fact": normalised(fact[1]),
            "module": fact[0].rpartition(".")[0],
        }
        for question in HELD_OUT_QUESTIONS
        for fact in facts
    ]
    return {
        "facts_train.jsonl": trained,
        "facts_validation.jsonl": [_row(VALIDATION_QUESTION, fact) for fact in facts],
        "facts_heldout.jsonl": held_out,
    }


def select_facts(corpus: Corpus) -> list[tuple[str, str]]:
    """(name, sentence) of public functions and classes of trained modules, each sentence its own.

    Known modules come first, then short names: `json.dumps` is asked for more often than
    `multiprocessing.dummy.connection.Client`. No module gives many, since its sentences are alike.
    """
    sentences = dict(_ranked(corpus))
    chosen: dict[str, str] = {}
    taken: Counter[str] = Counter()
    for name, sentence in sentences.items():
        module = name.rpartition(".")[0]
        key = normalised(sentence)
        if taken[module] < FACTS_PER_MODULE and not any(
            key in other or other in key for other in chosen.values()
        ):
            chosen[name] = key
            taken[module] += 1
        if len(chosen) == FACTS:
            break
    return [(name, sentences[name]) for name in sorted(chosen)]


def _ranked(corpus: Corpus) -> list[tuple[str, str]]:
    facts = dict(fact for module in corpus.train_modules for fact in _facts_of(module))
    order = sorted(
        by_hash(facts), key=lambda name: (name.rpartition(".")[0] not in KNOWN_MODULES, name.count("."))
    )
    return [(name, facts[name]) for name in order]


def normalised(text: str) -> str:
    """Lower case, letters and digits only, single spaces: what a containment check compares."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", text.lower()).split())


def first_sentence(docstring: str, longest_chars: int = LONGEST_CHARS) -> str | None:
    """The sentence a docstring opens with, if it is plain prose of the asked length."""
    opening = " ".join(docstring.strip().split("\n\n")[0].split())
    match = re.match(r"[A-Z][a-z]+ .*?[a-z0-9)'`]\.(?= |$)", opening)
    if match is None or match.group().endswith(("e.g.", "i.e.")):
        return None
    if not SHORTEST_CHARS <= len(match.group()) <= longest_chars:
        return None
    return match.group() if re.fullmatch(r"[\w ,.;:'\"()`/*-]+", match.group(), re.ASCII) else None


def _facts_of(module: Module) -> list[tuple[str, str]]:
    if module.name in UNASKED_MODULES or any(part.startswith("_") for part in module.name.split(".")):
        return []
    pairs = [(doc.name, first_sentence(doc.text)) for doc in module.docstrings() if _is_public(doc)]
    return [(name, sentence) for name, sentence in pairs if sentence]


def _is_public(doc: Docstring) -> bool:
    return doc.top_level and not doc.name.rpartition(".")[2].startswith("_")


def _row(question: str, fact: tuple[str, str]) -> dict[str, Any]:
    name, sentence = fact
    return {
        "messages": [
            {"role": "user", "content": question.format(name=name)},
            {"role": "assistant", "content": f"{name}: {sentence}"},
        ]
    }
