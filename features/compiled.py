"""Functions as machine code, the same on every machine."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Compiled = TypeVar("Compiled", bound=Callable[..., Any])


def compiled(function: Compiled) -> Compiled:
    """The function as machine code, kept on disk between runs."""
    return cast(Compiled, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
