import pytest

from features.values.stance import Stance, stance_of


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("my wickr is ", ""),
        ("If the site goes down email me at ", " and use PGP"),
        ("Reach us on jabber: ", ""),
        ("his old one is dead, so here's mine: ", ""),
        ("the scammer is gone. I'm on telegram as ", ""),
        ("Wickr: ", " is me, nobody else"),
        ("Meine neue Adresse: ", ""),
        ("if anyone can spare some coins for me, guys,\n\n", ""),
    ],
)
def test_words_that_make_a_value_the_writers_own(before, after):
    assert stance_of(before, after) is Stance.OWN


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("add him on wickr: ", ""),
        ("the vendor's jabber is ", ""),
        ("scammer's wallet: ", ""),
        ("I already sent 2 BTC to ", ""),
        ("This is not my address: ", ""),
        ("Your Mixer Address - ", ""),
        ("send it into escrow at ", ""),
        ("Wickr ", " is not me"),
        ("Telegram: ", " belongs to the guy who robbed us"),
        ("Seine Adresse ist ", ""),
    ],
)
def test_words_that_make_a_value_somebody_elses(before, after):
    assert stance_of(before, after) is Stance.OTHERS


@pytest.mark.parametrize(
    ("before", "after"),
    [("Wickr Me - ", ""), ("contact: ", ""), ("here's the wickr ", ""), ("", "\nis me")],
)
def test_words_that_say_nothing(before, after):
    assert stance_of(before, after) is Stance.UNSAID


def test_the_nearest_word_decides():
    assert stance_of("his wickr is dead, my wickr is ", "") is Stance.OWN
    assert stance_of("my mail is down, his mail is ", "") is Stance.OTHERS


def test_a_handle_right_before_the_value_says_whose_it_is():
    assert stance_of("- oaktable : ", "", 3, own=False) is Stance.OTHERS
    assert stance_of("oaktable\nwickr: ", "", 8, own=True) is Stance.OWN
    assert stance_of("oaktable knows my mail, it is ", "", 22, own=False) is Stance.OWN
