"""How many photos are read a second, how many edits are found, and how many unlike pictures meet?

    python bench/photos.py [--photos 1000] [--hashes 1000000] [--pictures 20000]

The photos are invented: JPEGs of 640 x 480 for the speed, ten kinds of pictures for the quality
(`tests/pictures.py`); words on a plain ground, stripes, shades and flat ones among them. The hashes
among which neighbours are sought are random.
"""

import io
import os
import sys
import time
from collections.abc import Callable, Sequence

import imagehash
import numpy as np
import typer
from numpy.random import default_rng
from PIL import Image

sys.path.insert(0, ".")

from features.photos.decode import decode_pictures
from features.photos.looks import RADIUS, Looks, gather_looks, near_looks
from features.photos.nearness import near_hashes
from features.photos.readings import Readings, records_of
from features.photos.worker import VIEWS
from tests.builders import MemoryBlobs
from tests.pictures import EDITS, HARD_EDITS, KINDS, RICH_KINDS, encoded, landscape

DRAWN = 40
BATCH = 2_000
EDITED = 100
"""Pictures that are edited in each way."""


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Time of some work, on the clock on the wall unless another is given."""
    start = clock()
    work()
    return clock() - start


def processor() -> float:
    """Processor seconds of this process, and of others that it started and that have ended."""
    return sum(os.times()[:4])


def reading_speed(count: int) -> None:
    """Photos decoded apart and hashed, a second; imagehash on one core beside it."""
    blobs, rng = MemoryBlobs(), default_rng(1)
    photos = [encoded(landscape(rng).resize((640, 480))) for _ in range(DRAWN)]
    names = [blobs.add(photos[number % DRAWN]) for number in range(count)]
    records_of([a for a in decode_pictures(blobs, names[:1]) if isinstance(a, bytes)])

    def read() -> None:
        records_of([a for a in decode_pictures(blobs, names) if isinstance(a, bytes)])

    start = processor()
    ours = count / seconds(read)
    each_ms = 1000 * (processor() - start) / count
    peer = DRAWN / seconds(lambda: [imagehash.phash(Image.open(io.BytesIO(p))) for p in photos])
    print(f"photos  {ours:8.0f} a second, decoded apart, {len(photos[0]):,} bytes each")
    print(f"        {each_ms:8.1f} ms of processor each, the decoders' own among it")
    peers_work = f"imagehash.phash(Image.open(file)), one of our {len(VIEWS)} views"
    print(f"peer    {peer:8.0f} a second, {peers_work}")
    print(f"ratio   {ours / peer:8.1f}")


def neighbour_speed(count: int) -> None:
    """All neighbours among random hashes, and whether a brute search of a sample finds more."""
    rng = default_rng(1)
    near_hashes(np.arange(2, dtype=np.uint64), RADIUS)
    hashes = np.unique(rng.integers(0, 2**64, count, dtype=np.uint64))
    flips = np.uint64(1) << rng.integers(0, 64, (RADIUS, count // 100), dtype=np.uint64)
    close = hashes[::100][: flips.shape[1]] ^ np.bitwise_or.reduce(flips, axis=0)
    hashes = np.unique(np.concatenate([hashes, close]))
    wall, cpu = time.perf_counter(), time.process_time()
    found = near_hashes(hashes, RADIUS)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    sample = np.searchsorted(hashes, rng.choice(close, 300, replace=False))
    start = time.process_time()
    brute = sum(int((np.bitwise_count(hashes ^ hashes[at]) <= RADIUS).sum()) - 1 for at in sample)
    peer = (time.process_time() - start) / len(sample) * len(hashes) / 2
    ours = int(np.isin(found.low, sample).sum() + np.isin(found.high, sample).sum())
    print(
        f"near    {wall:8.1f} s for {len(hashes):,} hashes, {RADIUS} bits; {cpu:.1f} s of processor"
    )
    print(f"recall  {ours} of {brute} neighbours that a brute search of {len(sample)} hashes finds")
    print(f"peer    {peer:8.1f} s, numpy bitwise_count of all pairs (from {len(sample)} hashes)")
    print(f"ratio   {peer / cpu:8.1f}")


def looks_of(pictures: Sequence[bytes]) -> Looks:
    """The looks of pictures, in their order."""
    blobs = MemoryBlobs()
    names = [blobs.add(content) for content in pictures]
    answers = [a for a in decode_pictures(blobs, names) if isinstance(a, bytes)]
    reason = (None,) * len(names)
    return gather_looks(Readings(tuple(names), reason, records_of(answers)), np.arange(len(names)))


def false_pairs(count: int) -> None:
    """Pairs among distinct pictures that are taken for one."""
    batches = []
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        made = [encoded(KINDS[n % len(KINDS)](default_rng([2, n]))) for n in numbers]
        blobs = MemoryBlobs()
        answers = decode_pictures(blobs, [blobs.add(content) for content in made])
        batches.append(records_of([a for a in answers if isinstance(a, bytes)]))
    records = np.concatenate(batches)
    readings = Readings(tuple(map(str, range(count))), (None,) * count, records)
    start = time.perf_counter()
    looks = gather_looks(readings, np.arange(count))
    near = near_looks(looks)
    took = time.perf_counter() - start
    shown = np.bincount(looks.of[looks.of >= 0], minlength=1)
    merged = int((shown * (shown - 1) // 2).sum())
    met = near.filter(near["own"] < near["other"])
    first = np.full(len(looks.records), count)
    np.minimum.at(first, looks.of[looks.of >= 0], np.flatnonzero(looks.of >= 0))
    kinds = [KINDS[first[row] % len(KINDS)].__name__ for row in met["own"]]
    pairs = count * (count - 1) // 2
    share = (merged + met.height) / pairs
    telling = int((looks.of >= 0).sum())
    print(
        f"unlike  {count:,} pictures of {len(KINDS)} kinds, {telling:,} tell enough ({took:.1f} s)"
    )
    print(f"false   {merged + met.height} of {pairs:,} pairs: {share:.1e} {sorted(kinds)}")


def edits_found() -> None:
    """The share of each edit that is known again."""
    originals = [
        RICH_KINDS[n % len(RICH_KINDS)](default_rng([3, n])).resize((640, 480))
        for n in range(EDITED)
    ]
    for title, edits in (("edits", EDITS), ("hard edits, told apart", HARD_EDITS)):
        total = 0
        for name, edit in edits.items():
            rng = default_rng(4)
            pictures = [
                encoded(p) for image in originals for p in (image, edit(image, rng).convert("RGB"))
            ]
            looks = looks_of(pictures)
            near = set(near_looks(looks).select("own", "other").iter_rows())
            found = sum((int(a), int(b)) in near for a, b in looks.of.reshape(EDITED, 2).tolist())
            total += found
            print(f"found   {found / EDITED:8.1%}  {name}")
        print(f"found   {total / EDITED / len(edits):8.1%}  of all {title}")


def main(photos: int = 1_000, hashes: int = 1_000_000, pictures: int = 20_000) -> None:
    """Print speeds, then what is found, then what is wrongly found."""
    reading_speed(photos)
    neighbour_speed(hashes)
    edits_found()
    false_pairs(pictures)


if __name__ == "__main__":
    typer.run(main)
