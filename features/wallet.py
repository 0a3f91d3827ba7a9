"""Wallet: the same coin address."""

from features.feature import Level
from features.values.shows import Custom
from features.values.value_feature import FEW, ValueFeature


class Wallet(ValueFeature):
    """Do the accounts take coins at the same address?

    Blind spot: an address is copied in a minute, the victim's to frame him, the scammer's to warn
    of him; addresses of markets, exchanges and escrow are everybody's where no tag names them; and
    who takes a fresh address for every payment, as wallets advise, shows none twice.
    """

    name = "wallet"
    family = "wallet"
    levels = (
        Level(
            "same_given_by_two",
            "both give one address as their own, and nobody else had shown it by then",
            "free",
        ),
        Level(
            "same_given_by_few",
            f"both give one address as their own; 3 to {FEW} accounts showed it by then",
            "free",
        ),
        Level("same_shown_by_two", "both show one address, one without saying whose it is", "free"),
        Level(
            "same_shown_by_few",
            f"the same of an address that 3 to {FEW} accounts showed by then",
            "free",
        ),
        Level("same_known_to_many", f"both show an address that more than {FEW} showed", "free"),
        Level("same_of_nobody", "both show an address that tags give to a service", "free"),
        Level("same_quoted", "both show one address, one of them as somebody else's", "free"),
    )
    custom = Custom(("wallet",), most_own=12)
    value_kind = "wallet"
    tells_apart = False
