"""What can go wrong, in the words of the domain; `api/app.py` turns it into HTTP.

SamehandError
├── UnknownThing           nothing of that name: account, run, persona, link, key
├── RefusedInput           a file, photo, model or truth that cannot be used, with where and why
├── Busy                   another process holds what this one needs; says who
├── NotWritten             the disk is full, or does not let us write; says where
├── MissingProgram         a program that Samehand needs is not installed; says which
├── NotKept                what a quick answer is read from is not kept; says how to keep it
├── NotPublished           there is no published run yet
├── NotRecorded            the audit log cannot be written, so nothing is shown
└── GraphUnavailable       the graph engine does not answer
"""

from collections.abc import Mapping

INSTEAD: Mapping[str, str] = {
    "account": "; write it market:handle, letter by letter as it is shown",
    "model": "; `samehand model list` names those there are",
    "public value in force": "; `samehand public list` numbers them",
    "source": "; `samehand source list` names those there are",
    "view": "; `samehand view list` names those there are",
}
"""What to do where nothing of a kind has the name that was asked for."""


class SamehandError(Exception):
    """Any error whose message is meant for the person at the keyboard."""


class UnknownThing(SamehandError):
    """Nothing of that kind has that name."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"there is no {kind} {name!r}{INSTEAD.get(kind, '')}")
        self.kind, self.name = kind, name


class RefusedInput(SamehandError):
    """Something handed in cannot be used; the message says where and why."""


class Busy(SamehandError):
    """Another process is at work; the message says which."""


class NotWritten(SamehandError):
    """Something could not be written; the message says where, why and what to do."""

    def __init__(self, where: object, why: str) -> None:
        super().__init__(
            f"{where} cannot be written: {why}. Make room there (or see who may write there) and "
            "run the same command again; what was stored before is still there"
        )


class MissingProgram(SamehandError):
    """A program that Samehand needs does not run here; the message says which and what to do."""


class NotPublished(SamehandError):
    """There is no published run to read."""

    def __init__(self, where: object = None) -> None:
        there = f" in {where}" if where is not None else ""
        super().__init__(f"nothing is published yet{there}: run `samehand recompute` first")


class NotKept(SamehandError):
    """What the archive holds now was not read yet, so that nothing can be answered from it."""

    def __init__(self, view: str) -> None:
        super().__init__(
            f"what is in the archive now (view {view}) was not read yet, and reading it takes too "
            "long here: run `samehand recompute`, or ask once with `samehand explain`, in that "
            "view; then ask again"
        )


class NotRecorded(SamehandError):
    """A read that the audit log could not record; it does not happen."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the audit log cannot be written, so nothing is shown: {why}")


class GraphUnavailable(SamehandError):
    """The graph engine does not answer."""
