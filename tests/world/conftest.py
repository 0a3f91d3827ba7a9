from pathlib import Path

import pytest

from world.invention import invent

SEED = 7


@pytest.fixture(scope="session")
def small_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest world, written once; tests only read it."""
    out = tmp_path_factory.mktemp("world")
    invent(out, 20, SEED)
    return out
