"""What tests of the evidence share."""

from pathlib import Path

import pytest

from tests.evidence.intake_desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
