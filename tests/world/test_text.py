from collections import Counter

from world.people import hand
from world.text import SLOT, Voice, grammar


def posts(hand_number: int, account: int, count: int = 30) -> list[str]:
    voice = Voice(1, hand(1, hand_number), account)
    return [voice.post() for _ in range(count)]


def trigrams(texts: list[str]) -> Counter:
    text = " ".join(texts)
    return Counter(text[i : i + 3] for i in range(len(text) - 2))


def likeness(left: Counter, right: Counter) -> float:
    shared = sum((left & right).values())
    return shared / max(left.total(), right.total())


def test_every_slot_of_the_grammar_has_alternatives():
    book = grammar()
    for choices in book.alternatives.values():
        assert choices
        for choice in choices:
            assert set(SLOT.findall(choice)) <= set(book.alternatives)


def test_nothing_unfilled_is_left_in_a_text():
    for number in range(20):
        voice = Voice(1, hand(1, number), number)
        said = voice.post() + voice.title("10g tea") + voice.description("tea")
        assert not SLOT.search(said)


def test_a_hand_writes_the_same_posts_again_only_for_the_same_account():
    assert posts(3, 5) == posts(3, 5)
    assert not set(posts(3, 5)) & set(posts(3, 6))


def test_a_hand_is_more_like_itself_than_like_others_whatever_the_account():
    hands = range(12)
    early = [trigrams(posts(number, 2 * number)) for number in hands]
    late = [trigrams(posts(number, 2 * number + 1)) for number in hands]
    for number in hands:
        scores = [likeness(early[number], other) for other in late]
        assert max(hands, key=scores.__getitem__) == number


def test_topics_do_not_betray_a_hand():
    """Every hand talks of everything: no content word is one hand's own."""
    words = [set(" ".join(posts(number, number, 40)).lower().split()) for number in range(4)]
    things = {"escrow", "order", "customs", "coins"}
    assert all(things & own for own in words)
