"""What a world assumes: one table of rates, each with its citation, and five wrong variants of it.

The invented and the semi-real world share it. The values are no findings: where nothing published
was found, the citation says so, and gives a range. A variant is wrong on purpose: what holds in
the base world only is no result.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from evidence.errors import RefusedInput

FILE = Path(__file__).parent / "parameters.toml"


@dataclass(frozen=True)
class Parameter:
    """A row of the table.

    `basis` says where the value comes from, or that it is assumed, and the range in which one may
    doubt it; `works` names what it cites (see `WORKS`).
    """

    name: str
    value: float
    unit: str
    meaning: str
    basis: str
    works: tuple[str, ...]

    @property
    def citation(self) -> str:
        """The basis with the works it cites, in full."""
        cited = "; ".join(WORKS[work] for work in self.works)
        return f"{self.basis} [{cited}]" if cited else self.basis


@dataclass(frozen=True)
class Parameters:
    """The values by name; what each means, and its unit, stands in `TABLE`."""

    forum_account_share: float
    move_share: float
    impostor_share: float
    key_quote_share: float
    kept_both_share: float
    kept_handle_only_share: float
    kept_key_only_share: float
    changed_both_share: float
    move_wait_days: int
    renamed_alike_share: float
    old_key_signs_share: float
    afresh_photos_kept_share: float
    key_share: float
    sign_share: float
    forum_handle_kept_share: float
    forum_key_kept_share: float
    impostor_same_handle_share: float
    impostor_key_copied_share: float
    impostor_photos_copied_share: float
    impostor_text_copied_share: float
    impostor_signature_replayed_share: float
    quote_marked_share: float
    photo_share: float
    talkative_share: float
    text_share: float
    late_scrape_share: float
    missed_row_share: float
    missing_market_count: int


def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _table() -> Mapping[str, Parameter]:
    rows = _file()["parameters"]
    return MappingProxyType(
        {
            name: Parameter(
                name,
                row["value"],
                row["unit"],
                row["meaning"],
                row["basis"],
                tuple(row.get("cites", ())),
            )
            for name, row in rows.items()
        }
    )


WORKS: Mapping[str, str] = MappingProxyType(_file()["works"])
"""The works that are cited, by a short name."""
TABLE: Mapping[str, Parameter] = _table()
"""Every parameter by its name."""
BASE = Parameters(**{name: row["value"] for name, row in _file()["parameters"].items()})
"""The world as it is meant."""


def _with_fewer_keys_kept(base: Parameters, divisor: float) -> Parameters:
    """Who would have kept a key takes a new one instead, and keeps or changes the handle as before.

    The shares of movers still add up to one.
    """
    both, key_only = base.kept_both_share / divisor, base.kept_key_only_share / divisor
    return replace(
        base,
        kept_both_share=both,
        kept_handle_only_share=base.kept_handle_only_share + base.kept_both_share - both,
        kept_key_only_share=key_only,
        changed_both_share=base.changed_both_share + base.kept_key_only_share - key_only,
        forum_key_kept_share=base.forum_key_kept_share / divisor,
    )


VARIANTS: Mapping[str, Parameters] = MappingProxyType(
    {
        "key_reuse_third": _with_fewer_keys_kept(BASE, 3),
        "copycats_doubled": replace(BASE, impostor_share=2 * BASE.impostor_share),
        "text_halved": replace(BASE, text_share=BASE.text_share / 2),
        "late_scrapes": replace(BASE, late_scrape_share=0.5),
        "market_missing": replace(BASE, missing_market_count=BASE.missing_market_count + 1),
    }
)
"""The five worlds that are wrong on purpose, by name."""


def variant(name: str) -> Parameters:
    """The parameters of a wrong variant.

    Raises:
        RefusedInput: there is no variant of that name; the message lists them.
    """
    if name not in VARIANTS:
        raise RefusedInput(f"no variant {name!r} of the world: say one of {', '.join(VARIANTS)}")
    return VARIANTS[name]
