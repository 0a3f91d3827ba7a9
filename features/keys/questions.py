"""Questions to GnuPG: asked once for each content, in small homes, on all cores.

A question that ends its GnuPG ends it for those asked with it: they are halved and asked again,
so that one bad key costs one answer.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any, NamedTuple

from evidence.recall import Recall
from features.keys.gnupg_home import BoundedGpg, Died, gnupg_home
from features.keys.slimming import primary_of

QUESTIONS_PER_HOME = 100
KEY_BYTES = 250_000
"""Bounds of one home. GnuPG's import slows with the square of its keys; 500 have so many bytes."""
CPU_S, QUESTIONS_PER_CPU_S, BYTES_PER_CPU_S = 3, 25, 100_000
"""What a home may take: ten times what it does take."""


class Question(NamedTuple):
    """What GnuPG is asked.

    keys: the packets of each key that it takes, as `slim` gives them. files: what to check.
    """

    keys: tuple[bytes, ...]
    files: tuple[bytes, ...] = ()

    @property
    def content(self) -> str:
        """SHA-256 over everything that the answer hangs on."""
        digest = sha256()
        for parts in self:
            digest.update(len(parts).to_bytes(8, "big"))
            for part in parts:
                digest.update(len(part).to_bytes(8, "big") + part)
        return digest.hexdigest()

    @property
    def byte_count(self) -> int:
        """How much it is in all."""
        return sum(len(part) for parts in self for part in parts)


class Lost(NamedTuple):
    """No answer, and why; `always`: there will never be one."""

    why: str
    always: bool


Found = list[Any]
"""An answer, as JSON can hold it."""
Ask = Callable[[BoundedGpg, Sequence[Question]], Sequence[Found]]


def answers(
    questions: Iterable[Question], kind: str, recall: Recall, ask: Ask
) -> dict[Question, Found | Lost]:
    """The answers, from what was found before or from GnuPG.

    Args:
        questions: what is asked, each answered once.
        kind: names the question and how it is asked, for `recall`.
        recall: what was found before; holds afterwards what was found now.
        ask: puts some questions to a GnuPG that holds their keys; an answer to each.

    Raises:
        MissingProgram: something is new, and GnuPG is not installed or does not run.
    """
    contents = {question: question.content for question in questions}
    found = recall.known(kind, set(contents.values()))
    known = {one: _read(found[content]) for one, content in contents.items() if content in found}
    new = sorted(contents.keys() - known.keys())
    fresh = dict(zip(new, _asked(new, ask), strict=True))
    lasting = {
        one: said for one, said in fresh.items() if not isinstance(said, Lost) or said.always
    }
    recall.keep(kind, {contents[one]: _written(said) for one, said in lasting.items()})
    return known | fresh


def _written(answer: Found | Lost) -> bytes:
    return json.dumps({"lost": answer.why} if isinstance(answer, Lost) else answer).encode()


def _read(octets: bytes) -> Found | Lost:
    said = json.loads(octets)
    return Lost(said["lost"], always=True) if isinstance(said, dict) else said


def _asked(questions: Sequence[Question], ask: Ask) -> list[Found | Lost]:
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
        batches = threads.map(lambda batch: _halving(batch, ask), _batches(questions))
        return [answer for batch in batches for answer in batch]


def _batches(questions: Sequence[Question]) -> Iterator[Sequence[Question]]:
    """Consecutive questions that are within the bounds of one home (or a single one).

    One key is in no home in two forms: GnuPG would put them together, and the answer to one
    question would hang on who asked with it.
    """
    start, held = 0, dict[bytes, bytes]()
    for place, question in enumerate(questions):
        keys = {primary_of(key): key for key in question.keys}
        merged = held | keys
        alike = all(held.get(primary, key) == key for primary, key in keys.items())
        full = place - start == QUESTIONS_PER_HOME or sum(map(len, merged.values())) > KEY_BYTES
        if place > start and (full or not alike):
            yield questions[start:place]
            start, merged = place, keys
        held = merged
    if start < len(questions):
        yield questions[start:]


def _halving(questions: Sequence[Question], ask: Ask) -> list[Found | Lost]:
    try:
        return _in_one_home(questions, ask)
    except Died as died:
        if len(questions) == 1:
            return [Lost(str(died), died.always)]
    middle = len(questions) // 2
    return [*_halving(questions[:middle], ask), *_halving(questions[middle:], ask)]


def _in_one_home(questions: Sequence[Question], ask: Ask) -> list[Found | Lost]:
    keys = b"".join(dict.fromkeys(key for question in questions for key in question.keys))
    weight = len(questions) // QUESTIONS_PER_CPU_S
    weight += sum(question.byte_count for question in questions) // BYTES_PER_CPU_S
    with gnupg_home(keys, CPU_S + weight) as gpg:
        return list(ask(gpg, questions))
