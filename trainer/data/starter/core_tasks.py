"""Makers of the starter set's CORE items, in a fixed shuffled order: pure functions of modules."""

import ast
import hashlib
import keyword
import re
import textwrap
from collections.abc import Iterator
from typing import Any

from trainer.data.starter.corpus import Module
from trainer.data.starter.facts import first_sentence

Item = dict[str, Any]
CONTEXT_CHARS = 200
LONGEST_SENTENCE_CHARS = 120
ENDINGS = (
    *(")", "))", "):", ")):", "),", "])", "]),", "]", "},"),
    *('"', "'", "']", "')", "'))", '")', "',", '",', ":"),
)


def next_line(modules: list[Module]) -> list[Item]:
    """Four lines of equal indentation and similar length; one follows the query."""
    places = [place for module in modules for place in _line_places(module)]
    by_indent: dict[int, list[str]] = {}
    for _, line in places:
        by_indent.setdefault(_indent(line), []).append(line)
    items: list[Item] = []
    for query, line in _shuffled(places):
        near = [
            x for x in by_indent[_indent(line)] if abs(len(x) - len(line)) <= 4 and x.strip() not in query
        ]
        if choices := _choices(line, near, salt=query):
            items.append({"query": query, **choices})
    return items


def line_end(modules: list[Module]) -> list[Item]:
    """Four endings of one line: its brackets, quotes and colon, right or wrong."""
    items: list[Item] = []
    for query, line in _shuffled([place for module in modules for place in _line_places(module)], salt="end"):
        match = re.search(r"[\w.](?P<end>[)\]}'\",:]{1,4})$", line)
        if not match or match["end"] not in ENDINGS:
            continue
        start = line[: match.start("end")]
        wrong = [start + end for end in ENDINGS if len(end) <= len(match["end"]) + 1]
        if choices := _choices(line, wrong, salt=query + line):
            items.append({"query": query, **choices})
    return items


def word_order(modules: list[Module]) -> list[Item]:
    """A docstring's sentence, and the same with two neighbouring words exchanged."""
    items: list[Item] = []
    for name, sentence in _shuffled(sentences(modules)):
        words = sentence.split()
        swap = 1 + _number(sentence) % max(1, len(words) - 3)
        wrong = (
            [*words[:swap], words[swap + 1], words[swap], *words[swap + 2 :]] if len(words) >= 5 else words
        )
        if wrong != words:
            pair = (" ".join(words[1:]), " ".join(wrong[1:]))
            gold = _number(name) % 2
            items.append({"query": words[0], "choices": [pair[gold], pair[1 - gold]], "gold": gold})
    return items


def docstring_choice(modules: list[Module]) -> list[Item]:
    """The first sentence of a function's docstring among four of similar length."""
    pairs = [pair for module in modules for pair in _headed_docstrings(module)]
    items: list[Item] = []
    for header, sentence in _shuffled(pairs):
        near = [other for _, other in pairs if abs(len(other) - len(sentence)) <= 12 and other != sentence]
        if choices := _choices(sentence, near, salt=header):
            items.append({"query": header, **choices})
    return items


def which_header(modules: list[Module]) -> list[Item]:
    """Two `def` lines; the body's first lines use the arguments of one of them."""
    found = [pair for module in modules for pair in _headed_bodies(module)]
    items: list[Item] = []
    for (header, body), (other, _) in zip(_shuffled(found), _shuffled(found, salt="other"), strict=True):
        if header.partition("(")[2] != other.partition("(")[2]:
            gold = _number(header + body) % 2
            pair = (header, other)
            items.append(
                {"context_options": [pair[gold], pair[1 - gold]], "continuation": body, "gold": gold}
            )
    return items


def last_name(modules: list[Module]) -> list[Item]:
    """The name that ends a line and was used before, as in `self.alpha = alpha`."""
    places = [place for module in modules for place in _line_places(module)]
    items: list[Item] = []
    for query, line in _shuffled(places, salt="name"):
        match = re.fullmatch(r"(.+) ([A-Za-z_][A-Za-z_0-9]{2,})", line)
        if match and not keyword.iskeyword(match[2]) and re.search(rf"\b{match[2]}\b", query + match[1]):
            items.append({"context": f"{query}\n{match[1]}", "continuation": match[2]})
    return items


def _line_places(module: Module) -> Iterator[tuple[str, str]]:
    """(the lines before, a line) for lines of code with enough above them."""
    lines = module.source.split("\n")
    for i in range(6, len(lines)):
        query = "\n".join(lines[i - 6 : i])[-CONTEXT_CHARS:]
        text = lines[i].strip()
        if 12 <= len(text) <= 70 and not text.startswith("#") and len(query) >= 100 and query.strip():
            yield query.partition("\n")[2] or query, lines[i]


def sentences(modules: list[Module]) -> list[tuple[str, str]]:
    """(name, first sentence) of everything documented by a plain sentence."""
    found = (
        (doc.name, first_sentence(doc.text, LONGEST_SENTENCE_CHARS))
        for module in modules
        for doc in module.docstrings()
    )
    return [(name, sentence) for name, sentence in found if sentence]


def _headed_docstrings(module: Module) -> Iterator[tuple[str, str]]:
    for function in _functions(module):
        sentence = first_sentence(ast.get_docstring(function) or "", LONGEST_SENTENCE_CHARS)
        if sentence:
            yield _header(function), sentence


def _headed_bodies(module: Module) -> Iterator[tuple[str, str]]:
    for function in _functions(module):
        body = function.body[1:] if ast.get_docstring(function) else function.body
        names = {argument.arg for argument in function.args.args} - {"self", "cls"}
        text = textwrap.indent("\n".join(ast.unparse(statement) for statement in body[:3]), "    ")[
            :CONTEXT_CHARS
        ]
        if names and any(re.search(rf"\b{name}\b", text) for name in names):
            yield _header(function), text.strip()


def _functions(module: Module) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef)]


def _header(function: ast.FunctionDef) -> str:
    return f"def {function.name}({ast.unparse(function.args)}):"


def _choices(true: str, near: list[str], salt: str) -> Item | None:
    """The true choice among three others, at a place that the salt decides."""
    others = [text for text in dict.fromkeys(near) if text.strip() != true.strip()]
    if len(others) < 3:
        return None
    first, gold = _number(salt), _number(salt + true) % 4
    step = 1 + first % max(1, len(others) // 3)
    wrong = [others[(first + step * k) % len(others)] for k in range(3)]
    if len({text.strip() for text in wrong}) < 3:
        return None
    return {"choices": [*wrong[:gold], true, *wrong[gold:]], "gold": gold}


def _shuffled(pairs: list[tuple[str, str]], salt: str = "") -> list[tuple[str, str]]:
    return sorted(dict.fromkeys(pairs), key=lambda pair: _number(salt + pair[0] + "\0" + pair[1]))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")
