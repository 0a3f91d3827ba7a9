"""What holds for every feature, whatever it reads; a new one is tested by being listed."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from features import FEATURES
from tests.features.every_world import world
from tests.features.properties import CHECKS

every_feature = pytest.mark.parametrize("kind", FEATURES, ids=lambda kind: kind.name)


@every_feature
@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_every_feature(check, kind):
    check(kind)


def test_features_are_told_apart_by_their_names_and_come_together_in_families():
    names = [kind.name for kind in FEATURES]
    assert len(set(names)) == len(names)


DIGESTS = """
import pickle, sys
from hashlib import sha256
from features import FEATURES
from tests.features.properties import all_pairs, prepared
corpus = pickle.loads(open(sys.argv[1], "rb").read())
for kind in FEATURES:
    read = prepared(kind, corpus)
    outcome = read.compare(all_pairs())
    columns = (outcome.level, outcome.value, outcome.count, read.meet().keys)
    print(kind.name, sha256(b"".join(column.tobytes() for column in columns)).hexdigest())
"""


@pytest.mark.slow
def test_any_number_of_cores_gives_the_same_bytes(tmp_path):
    path = tmp_path / "corpus"
    path.write_bytes(pickle.dumps(world()))
    said = []
    for cores in ("1", "2", "5"):
        names = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
        threads = dict.fromkeys((*names, "NUMBA_NUM_THREADS"), cores)
        said.append(
            subprocess.run(
                [sys.executable, "-c", DIGESTS, str(path)],
                cwd=Path(__file__).parents[2],
                env=os.environ | threads,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
    assert said[0].count("\n") == len(FEATURES)
    assert said[0] == said[1] == said[2]
