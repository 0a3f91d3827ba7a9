"""How many photos are hashed a second, against imagehash as people write it?

    python bench/photos.py [PHOTOS] [HASHES]

The photos are drawn, 640 x 480 JPEGs of about 80 kB; the hashes among which neighbours are sought
are random.
"""

import io
import sys
import time
from collections.abc import Callable

import imagehash
import numpy as np
from PIL import Image

sys.path.insert(0, ".")

from features.neighbours import near_hashes
from features.photo import RADIUS
from features.photos.decode import decode_pictures
from features.photos.hashes import PhotoHashes
from tests.builders import MemoryBlobs

DRAWN = 40


def drawn(rng: np.random.Generator) -> bytes:
    """A JPEG of coloured blotches."""
    small = Image.fromarray(rng.integers(0, 255, (60, 80, 3), dtype=np.uint8))
    out = io.BytesIO()
    small.resize((640, 480), Image.Resampling.BICUBIC).save(out, "JPEG", quality=85)
    return out.getvalue()


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Time of some work, processor time unless another clock is given."""
    start = clock()
    work()
    return clock() - start


def main() -> None:
    """Print photos a second and the seconds for the neighbours."""
    photo_count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    hash_count = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    rng, blobs = np.random.default_rng(1), MemoryBlobs()
    photos = [drawn(rng) for _ in range(DRAWN)]
    names = [blobs.add(photos[number % DRAWN]) for number in range(photo_count)]
    wall = time.perf_counter
    ours = photo_count / seconds(lambda: PhotoHashes.of(decode_pictures(blobs, names).pixels), wall)
    peer = DRAWN / seconds(
        lambda: [imagehash.phash(Image.open(io.BytesIO(p))) for p in photos], wall
    )
    print(f"photos  {ours:8.0f} a second, decoded apart")
    print(f"peer    {peer:8.0f} a second, imagehash.phash(Image.open(file))")
    print(f"ratio   {ours / peer:8.1f}")

    near_hashes(np.arange(2, dtype=np.uint64), RADIUS)
    hashes = np.unique(rng.integers(0, 2**64, hash_count, dtype=np.uint64))
    ours = seconds(lambda: near_hashes(hashes, RADIUS))
    sample = hashes[:: max(len(hashes) // 200, 1)]
    brute = seconds(lambda: [np.bitwise_count(hashes ^ h) <= RADIUS for h in sample])
    peer = brute / len(sample) * len(hashes) / 2
    print(f"near    {ours:8.1f} s for {len(hashes):,} hashes within {RADIUS} bits")
    print(f"peer    {peer:8.1f} s, numpy bitwise_count of all pairs (from {len(sample)} hashes)")
    print(f"ratio   {peer / ours:8.1f}")


if __name__ == "__main__":
    main()
