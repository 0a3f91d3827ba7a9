"""What betrays a hand: one file a feature, and the one list of them."""

from collections.abc import Mapping
from typing import Any

from features.activity import Activity
from features.alias import Alias
from features.claims import Claims
from features.contact import Contact
from features.feature import Feature, Fitted
from features.listing_text import ListingText
from features.pgp_key import PgpKey
from features.photo import Photo
from features.product_mix import ProductMix
from features.shipping import Shipping
from features.wallet import Wallet
from features.writing_style import WritingStyle

FEATURES: tuple[type[Feature[Any, Any]], ...] = (
    Alias,
    PgpKey,
    WritingStyle,
    ListingText,
    ProductMix,
    Shipping,
    Photo,
    Contact,
    Wallet,
    Activity,
    Claims,
)
"""Every feature, in the order in which people see them."""


def assemble_features(fitted: Mapping[str, Fitted]) -> tuple[Feature[Any, Any], ...]:
    """All features, each with its fitted part from the model bundle."""
    return tuple(feature.from_fitted(fitted.get(feature.name)) for feature in FEATURES)
