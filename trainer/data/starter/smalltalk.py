"""A little manners for the small model: greetings, who it is, what it can do, and mixed turns."""

import random
from typing import Any

MIXED = 240
WHO = (
    "I am a small language model, trained from scratch by the harness lab. "
    "Ask me about Python's standard library, or for a sum."
)
HELLO = "Hello! Ask me about Python's standard library, or for a sum."
SKILLS = "I can say what functions and classes of Python's standard library do, and I calculate with a tool."
THANKS = "You are welcome."
BYE = "Goodbye!"
UNKNOWN = "I do not know that. I only know Python's standard library and sums."
PAIRS = {
    HELLO: ("Hi", "Hi!", "Hello", "Hello!", "Hey", "Hey there!", "Good morning!", "Good evening!", "hello"),
    WHO: (
        "Who are you?", "What are you?", "Who made you?", "What is your name?", "Are you a language model?",
        "who are you", "Tell me about yourself.", "Introduce yourself.", "Who trained you?", "Are you human?",
    ),
    SKILLS: (
        "What can you do?", "How can you help me?", "Help", "help", "What do you know?",
        "What can I ask you?", "What are you good at?", "What can you help me with?",
    ),
    THANKS: ("Thanks", "Thanks!", "Thank you.", "Thank you!", "Great, thank you.", "thanks", "Cheers!"),
    BYE: ("Bye", "Bye!", "Goodbye.", "See you.", "Good night!", "bye"),
    UNKNOWN: (
        *(f"What is the capital of {x}?" for x in ("Spain", "Peru", "Japan", "Kenya", "Canada", "India")),
        *(f"Who wrote {x}?" for x in ("Hamlet", "Faust", "Emma", "Ulysses", "the Odyssey", "the Bible")),
        *(f"Why is {x}?" for x in ("the sky blue", "the sea salty", "the grass green", "snow white")),
        *(f"Tell me {x}." for x in ("a story", "something funny", "the news", "the time", "a secret")),
        *(f"Write {x}." for x in ("a poem", "a song", "a letter to my aunt", "a short story", "an essay")),
        *(f"How do I {x}?" for x in ("bake bread", "learn German", "lose weight", "get to the station")),
        *(f"Where is {x}?" for x in ("Rome", "the moon", "my key", "Mount Everest")),
        "What is the weather like today?", "Who won the game last night?", "What is the meaning of life?",
        "Tell me a joke.", "Write me a poem.", "Where do you live?", "Do you like music?",
        "How old are you?", "What is your favourite colour?", "Who is the president?",
    ),
}  # fmt: skip


def smalltalk_files(
    facts: list[dict[str, Any]], sums: list[dict[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """Rows of single exchanges, and of conversations that go from a greeting or fact to a sum."""
    single = [_exchange(question, answer) for answer, questions in PAIRS.items() for question in questions]
    source = random.Random("smalltalk")
    mixed = [_mixed(source, facts, sums) for _ in range(MIXED)]
    return {"smalltalk_train.jsonl": [{"messages": messages} for messages in (*single, *single, *mixed)]}


def _mixed(
    source: random.Random, facts: list[dict[str, Any]], sums: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    greeting = _exchange(source.choice(PAIRS[HELLO]), HELLO)
    thanks = _exchange(source.choice(PAIRS[THANKS]), THANKS)
    fact, calculation = (source.choice(rows)["messages"] for rows in (facts, sums))
    return source.choice(
        (
            [*fact, *calculation],
            [*calculation, *fact],
            [*greeting, *fact],
            [*greeting, *calculation],
            [*fact, *thanks],
        )
    )


def _exchange(question: str, answer: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
