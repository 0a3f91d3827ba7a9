"""The stages of a run as they pass: counts, seconds, memory."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from linkage.run_store import Stage

HEAD = f"{'stage':<24}{'count':>12} {'time':>11} {'peak memory':>11}"


class StageLog:
    """Told after each stage; keeps it, and says it aloud.

    Invariant: `stages` holds what was told so far, in order; seconds of a stage run from the end of
    the one before.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._since = perf_counter()
        self.stages: list[Stage] = []

    def __call__(self, name: str, count: int) -> None:
        """Note that a stage has passed and how many things it made."""
        now = perf_counter()
        seconds = round(now - self._since, 3)
        stage = Stage(name=name, count=count, seconds=seconds, memory_mb=_peak_memory_mb())
        self._since = now
        if not self.stages:
            self._say(HEAD)
        self.stages.append(stage)
        self._say(line_of(stage))


def line_of(stage: Stage) -> str:
    """One stage as a line: name, count, seconds, peak memory so far."""
    figures = f"{stage.count:>12,} {stage.seconds:>9.2f} s {stage.memory_mb:>7,} MB"
    return f"{stage.name:<24}{figures}"


def _peak_memory_mb() -> int:
    """The peak of this process (proc_pid_status(5)); `ru_maxrss` would begin with its parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024
