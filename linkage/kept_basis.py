"""A basis kept on disk, so that a question about one pair need not read the whole corpus again.

Invariant: a kept basis answers to one key, which names all that it was made from: what the archive
holds for the view, the public values in force, the model and the program. Under another key, or
where the file is damaged or gone, nothing is kept: the corpus is read again, which costs time and
nothing else. There is one file a view; it holds texts, and goes with an erasure.
"""

import pickle
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass
from hashlib import sha256
from importlib.metadata import distributions
from io import BytesIO
from lzma import LZMAError
from pathlib import Path
from pickle import UnpicklingError
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

import evidence
import features
import linkage
from evidence.durable import whole_file
from evidence.rulings import Rulings
from features.feature import AnyFeature
from features.memory import give_back
from linkage.basis import Basis
from linkage.model import Model
from linkage.readings import Reading
from linkage.run_hash import public_values_hash

Arrays = Mapping[str, NDArray[Any]]
OF_THE_CORPUS = "corpus"
"""Beside one entry a feature, by its name."""
MADE_OF: Mapping[str, frozenset[str]] = {
    "builtins": frozenset({"bytearray", "frozenset", "set"}),
    "datetime": frozenset({"datetime", "timedelta", "timezone"}),
    "numpy": frozenset({"dtype", "ndarray"}),
    "numpy._core.multiarray": frozenset({"_reconstruct", "scalar"}),
    "numpy._core.numeric": frozenset({"_frombuffer"}),
    "polars.dataframe.frame": frozenset({"DataFrame"}),
    "polars.series.series": frozenset({"Series"}),
    "scipy.sparse._csr": frozenset({"csr_array", "csr_matrix"}),
}
"""By module, what a kept basis may be made of; and records of ours, which do nothing when made."""
DAMAGED: Sequence[type[Exception]] = (
    *(OSError, EOFError, RuntimeError, KeyError),
    *(BadZipFile, LZMAError, zlib.error, UnpicklingError),
)
"""What is raised where bytes are wrong: in how an entry is said to be packed or encrypted, too."""


def key_of(archive_state: str, rulings: Rulings, model: Model) -> str:
    """The key (hex) of what a model reads in an archive, see `evidence.archive.Archive.state`."""
    parts = (archive_state, public_values_hash(rulings), model.model_hash, *_program())
    return sha256("\n".join(parts).encode()).hexdigest()


class KeptBasis:
    """What is kept of a view, in a folder."""

    def __init__(self, folder: Path, view: str) -> None:
        self._path = folder / f"{view}.zip"

    def load(self, key: str, asked: Sequence[AnyFeature]) -> Basis | None:
        """The basis that was kept under a key, of the features asked for; None where none was."""
        with suppress(*DAMAGED), ZipFile(self._path) as kept:
            if kept.comment == key.encode():
                accounts, observed, met = _read(kept.read(OF_THE_CORPUS), {})
                readings = [
                    Reading(feature, *_read(kept.read(feature.name), _fitted(feature)))
                    for feature in asked
                ]
                return Basis(accounts, observed, readings, met)
        return None

    def keep(self, key: str, basis: Basis) -> None:
        """Keep a basis under a key, in place of the one before.

        Raises:
            NotWritten: the disk is full, or does not let us write.
        """
        with whole_file(self._path) as file, ZipFile(file, "w") as kept:
            kept.comment = key.encode()
            of_corpus = (basis.accounts, basis.observed, dict(basis.met))
            _write(kept, OF_THE_CORPUS, of_corpus, {})
            for reading in basis.readings:
                read = (reading.survey, reading.traits, reading.whole_traits)
                _write(kept, reading.feature.name, read, _fitted(reading.feature))
                give_back()

    def forget(self) -> None:
        """Keep nothing."""
        self._path.unlink(missing_ok=True)


class _Writer(pickle.Pickler):
    """Writes columns; what is fitted is only named, since the model has it."""

    def __init__(self, file: IO[bytes], fitted: Arrays) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._names = {id(array): name for name, array in fitted.items()}

    @override
    def persistent_id(self, obj: Any) -> str | None:
        return self._names.get(id(obj))


class _Reader(pickle.Unpickler):
    """Reads columns back, and calls nothing else that a file might name."""

    def __init__(self, file: IO[bytes], fitted: Arrays) -> None:
        super().__init__(file)
        self._fitted = fitted

    @override
    def persistent_load(self, pid: str) -> NDArray[Any]:
        return self._fitted[pid]

    @override
    def find_class(self, module_name: str, global_name: str) -> Any:
        ours = module_name.startswith("features.")
        if ours or global_name in MADE_OF.get(module_name, ()):
            found = super().find_class(module_name, global_name)
            if not ours or _is_record(found):
                return found
        raise UnpicklingError(f"{module_name}.{global_name} is no part of a basis")


def _write(kept: ZipFile, name: str, part: object, fitted: Arrays) -> None:
    """Write an entry as it is made: what is kept of a feature may be gigabytes."""
    with kept.open(name, "w", force_zip64=True) as file:
        _Writer(file, fitted).dump(part)


def _read(written: bytes, fitted: Arrays) -> Any:
    """A whole entry, after its checksum: a damaged one is not looked at."""
    return _Reader(BytesIO(written), fitted).load()


def _fitted(feature: AnyFeature) -> Arrays:
    """Every array of a feature's fitted part by where it stands there."""
    return {name: array for part, it in vars(feature).items() for name, array in _walk(part, it)}


def _walk(name: str, part: Any) -> Iterator[tuple[str, NDArray[Any]]]:
    if isinstance(part, np.ndarray):
        yield name, part
    elif isinstance(part, Mapping):
        for key, inner in part.items():
            yield from _walk(f"{name}/{key}", inner)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _walk(f"{name}/{field.name}", getattr(part, field.name))


def _is_record(found: object) -> bool:
    """Whether it is a class of records, named tuples among them."""
    return isinstance(found, type) and (is_dataclass(found) or issubclass(found, tuple))


def _program() -> Iterator[str]:
    """What reads a corpus: our files, by their hashes, and the versions of what is installed."""
    for package in (evidence, features, linkage):
        for root in map(Path, package.__path__):
            for path in sorted(root.rglob("*")):
                name = path.relative_to(root)
                made = name.parts[0] == "models" or "__pycache__" in name.parts
                if path.is_file() and not made:
                    yield f"{package.__name__} {name} {sha256(path.read_bytes()).hexdigest()}"
    yield from sorted(f"{found.name} {found.version}" for found in distributions())
