"""What was read of every picture, once: kept between nights by the SHA-256 of its bytes.

What is kept of a picture are hashes and a few hundred mean grey values and colours of it.
"""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.corpus import Corpus
from features.photos.decode import LASTING, Answer, decode_pictures
from features.photos.hashes import WAYS_UP, d_hashes, low_waves, p_hashes, turned, turned_pixels
from features.photos.telling import plain_shares, tells
from features.photos.worker import CAMERA_BYTES, COLOURS, SIDE, STEPS, VIEWS

KIND = "photo/3"
BATCH, BLOCK = 5_000, 500
"""Pictures decoded at a time, and hashed at a time: bounds the memory."""

SEEN = np.dtype(
    [
        ("views", "u1", (len(VIEWS), SIDE, SIDE)),
        ("wide", "u1", STEPS[::-1]),
        ("high", "u1", STEPS),
        ("colours", "u1", (COLOURS, COLOURS, 3)),
        ("camera", f"V{CAMERA_BYTES}"),
    ]
)
"""A worker's answer."""
RECORD = np.dtype(
    [
        ("hashes", "<u8", len(VIEWS)),
        ("steps", "<u8", WAYS_UP),
        ("grey", "u1", (SIDE, SIDE)),
        ("colours", "u1", (COLOURS, COLOURS, 3)),
        ("camera", f"V{CAMERA_BYTES}"),
        ("tells", "?"),
        ("plain", "<f4"),
    ]
)
"""What is kept: the pHash of every view, the dHash of every way up, grey values and colours of all
of it, a camera's digest, whether it shows enough to be known again, and how much of it is of one
grey."""
Records = NDArray[np.void]
REFUSED, TAKEN = b"\0", b"\1"


@dataclass(frozen=True)
class Readings:
    """What was read of n pictures.

    Attributes:
        names: SHA-256 (hex) of each, ascending.
        reason: why it could not be read, None where it was.
        records: (n,) of `RECORD`; all zero where unreadable.
    """

    names: tuple[str, ...]
    reason: tuple[str | None, ...]
    records: Records


def read_pictures(corpus: Corpus) -> Readings:
    """Read every picture of a corpus that was not read on an earlier night."""
    names = corpus.photos["blob"].drop_nulls().unique().sort().to_list()
    records, reasons = np.zeros(len(names), RECORD), list[str | None]()
    for start in range(0, len(names), BATCH):
        some = names[start : start + BATCH]
        entries = _entries(corpus, some)
        for place, name in enumerate(some, start):
            verdict, rest = entries[name][:1], entries[name][1:]
            reasons.append(rest.decode() if verdict == REFUSED else None)
            if verdict == TAKEN:
                records[place] = np.frombuffer(rest, RECORD)[0]
    return Readings(tuple(names), tuple(reasons), records)


def _entries(corpus: Corpus, names: Sequence[str]) -> dict[str, bytes]:
    """By name `TAKEN` and a record, or `REFUSED` and why."""
    known = corpus.recall.known(KIND, names)
    missing = [name for name in names if name not in known]
    answers = decode_pictures(corpus.blobs, missing)
    fresh = dict(zip(missing, packed(answers), strict=True))
    lasting = {name for name, answer in zip(missing, answers, strict=True) if _lasts(answer)}
    corpus.recall.keep(KIND, {name: fresh[name] for name in lasting})
    return known | fresh


def _lasts(answer: Answer) -> bool:
    """Whether the picture itself is the reason, and another night would read the same."""
    return isinstance(answer, bytes) or answer in LASTING


def packed(answers: Sequence[Answer]) -> list[bytes]:
    """What is kept of each answer of a worker."""
    read = [answer for answer in answers if isinstance(answer, bytes)]
    records = iter(records_of(read))
    return [
        TAKEN + next(records).tobytes() if isinstance(answer, bytes) else REFUSED + answer.encode()
        for answer in answers
    ]


def records_of(answers: Sequence[bytes]) -> Records:
    """The records of pictures that a worker read."""
    blocks = [answers[start : start + BLOCK] for start in range(0, len(answers), BLOCK)]
    return np.concatenate([np.empty(0, RECORD), *map(_hashed, blocks)])


def _hashed(answers: Sequence[bytes]) -> Records:
    seen = np.frombuffer(b"".join(answer[: SEEN.itemsize] for answer in answers), SEEN)
    records = np.empty(len(seen), RECORD)
    views = seen["views"].reshape(-1, SIDE, SIDE)
    records["hashes"] = p_hashes(low_waves(views)).reshape(len(seen), len(VIEWS))
    records["steps"] = _steps(seen["wide"], seen["high"])
    records["grey"] = seen["views"][:, 0]
    records["colours"], records["camera"] = seen["colours"], seen["camera"]
    records["tells"], records["plain"] = tells(records["grey"]), plain_shares(records["grey"])
    return records


def _steps(wide: NDArray[np.uint8], high: NDArray[np.uint8]) -> NDArray[np.uint64]:
    turns = [turned_pixels(high if way % 2 else wide, way) for way in range(WAYS_UP)]
    return np.stack([d_hashes(turn) for turn in turns], axis=1)


def ways_up(records: Records) -> NDArray[np.uint64]:
    """The pHash of each picture in all eight ways up, uint64 (n, 8)."""
    found = np.empty((len(records), WAYS_UP), np.uint64)
    for start in range(0, len(records), BLOCK):
        waves = low_waves(records["grey"][start : start + BLOCK])
        for way in range(WAYS_UP):
            found[start : start + BLOCK, way] = p_hashes(turned(waves, way))
    return found


def facts_of(answer: bytes) -> dict[str, str]:
    """What the camera wrote, of an answer to `worker.FACTS` or `worker.PLACED`."""
    start, end = _facts_at(answer)
    facts: dict[str, str] = json.loads(answer[start:end])
    return facts


def large_of(answer: bytes) -> NDArray[np.uint8]:
    """The larger grey view, (height, width), of an answer to the same."""
    start = _facts_at(answer)[1]
    wide, high = struct.unpack(">HH", answer[start : start + 4])
    return np.frombuffer(answer, np.uint8, wide * high, start + 4).reshape(high, wide)


def _facts_at(answer: bytes) -> tuple[int, int]:
    start = SEEN.itemsize + 4
    (length,) = struct.unpack(">I", answer[start - 4 : start])
    return start, start + length
