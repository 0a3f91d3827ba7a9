"""Contact: the same mailbox, messenger name, telephone or shop of one's own."""

from features.feature import Level
from features.values.shows import Custom
from features.values.value_feature import FEW, ValueFeature


class Contact(ValueFeature):
    """Do the accounts name the same way to reach them?

    Blind spot: an address is typed in a minute, and who frames somebody names his; which words
    give it to whom is read from English and a few words of other languages; a shared mailbox of a
    crew, or a name on a messenger that somebody else takes over, joins two hands.
    """

    name = "contact"
    family = "contact"
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
        Level("same_of_nobody", "both show an address of a service or of an office", "free"),
        Level("same_quoted", "both show one address, one of them as somebody else's", "free"),
        Level(
            "different_contacts",
            "both give an address of one kind as their own, and none is the same",
            "free",
            speaks="against",
        ),
    )
    custom = Custom(("contact", "email", "phone", "onion", "link"), most_own=5)
    value_kind = "contact"
    tells_apart = True
