"""Memory that is free again is given back."""

import ctypes
from contextlib import suppress


def give_back() -> None:
    """Hand pages that nothing stands on any more back to the system.

    The C library keeps what threads freed for what they will ask for next; of a corpus read
    feature by feature that is a gigabyte which the next feature cannot use. Without glibc
    (`malloc_trim`) nothing happens.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
