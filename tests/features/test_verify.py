"""Who signed: asked of GnuPG once, within limits, whatever strangers hang under a key."""

import re
import subprocess
from collections.abc import Collection, Mapping

import pytest

from features.keys import gnupg_home, questions
from features.keys.gnupg_home import Died
from features.keys.packets import walk
from features.keys.questions import Question, answers
from features.keys.slimming import MOST_PACKETS, Asked, slim
from features.keys.verify import Claim, judge, verify
from tests.keys import KeyMaker, armored, key_maker, octets_of, packet


class Memory:
    """A recall in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], bytes] = {}

    def known(self, kind: str, contents: Collection[str]) -> dict[str, bytes]:
        return {one: self.kept[kind, one] for one in contents if (kind, one) in self.kept}

    def keep(self, kind: str, found: Mapping[str, bytes]) -> None:
        self.kept |= {(kind, content): answer for content, answer in found.items()}

    def turn(self) -> None:
        self.kept = {}


@pytest.fixture(scope="module")
def maker():
    with key_maker() as made:
        yield made


@pytest.fixture(scope="module")
def key(maker: KeyMaker) -> str:
    return maker.key("Sanderling <sanderling@example.org>")


def detached(maker: KeyMaker, key: str, text: str, *how: str) -> str:
    return maker.gpg("--local-user", key, "--armor", *how, "--detach-sign", given=text)


def packets_of(block: str) -> list[bytes]:
    return [packet(one.tag, one.body) for one in walk(octets_of(block))]


def test_bad_signatures_do_not_hide_the_good_ones_behind_them(maker, key):
    good, block = maker.sign(key, "one"), maker.block(key)
    bad = good.replace("one", "two")
    claims = [Claim(message, (block,)) for message in (bad, good, bad, bad, good)]
    signer = frozenset({key})
    assert verify(claims) == [frozenset(), signer, frozenset(), frozenset(), signer]


def test_expired_and_revoked_keys_do_not_stop_the_others(maker, key):
    past = KeyMaker(maker.home, at="20140301T120000")
    expired, revoked = past.key("Knot, expired", expires="1d"), maker.key("Knot, revoked")
    messages = [past.sign(expired, "one"), maker.sign(revoked, "two"), maker.sign(key, "three")]
    revocation = (maker.home / "openpgp-revocs.d" / f"{revoked}.rev").read_text()
    maker.gpg("--import", given=revocation.replace(":-----BEGIN", "-----BEGIN"))
    blocks = tuple(maker.block(one) for one in (expired, revoked, key))
    signers = verify([Claim(message, blocks) for message in messages * 2])
    assert signers == [frozenset({expired}), frozenset(), frozenset({key})] * 2


@pytest.mark.parametrize("how", [(), ("--textmode",)])
def test_a_detached_signature_is_of_its_text_and_no_other(maker, key, how):
    text = "the shop moves on Friday \nwait for me\n"
    signature, block = detached(maker, key, text, *how), maker.block(key)
    claims = [Claim(said, (block,), signature) for said in (text, text.replace("Friday", "Monday"))]
    assert verify(claims) == [frozenset({key}), frozenset()]


def test_a_message_of_old_windows_verifies_in_its_code_page(maker, key):
    said = "caf\u00e9 \u2013 open"
    path = maker.home / "said.txt"
    path.write_bytes(said.encode("cp1252"))
    maker.gpg("--local-user", key, "--output", f"{path}.asc", "--clear-sign", str(path))
    message = (maker.home / "said.txt.asc").read_bytes().decode("cp1252")
    assert verify([Claim(message, (maker.block(key),))]) == [frozenset({key})]


def test_what_was_judged_before_is_not_asked_again(maker, key, monkeypatch, tmp_path):
    memory = Memory()
    good = maker.sign(key, "one")
    bad = good.replace("one", "two")
    claims = [Claim(message, (maker.block(key),)) for message in (good, bad)]
    first = judge(claims, memory)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert judge(claims, memory) == first
    assert [kind for kind, _ in memory.kept] == ["signature/1"] * 2
    assert b"one" not in b"".join(memory.kept.values())


def test_the_answer_hangs_on_message_and_key_alone(maker, key):
    message, other = maker.sign(key, "one"), maker.block(maker.key("Ruff <ruff@example.org>"))
    alone, among = Memory(), Memory()
    judge([Claim(message, (maker.block(key),))], alone)
    judge([Claim(message, (other, maker.block(key))), Claim("none", (other,))], among)
    assert alone.kept == among.kept


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda message: message.split("-----BEGIN PGP SIGNATURE")[0], "no signature"),
        (lambda message: message.replace("=", "\n=", 1)[:-200], "not whole base64"),
        (lambda message: message.replace("one", "one" * 500_000), "more than 1,000,000 bytes"),
    ],
)
def test_what_cannot_be_judged_says_why(maker, key, change, why):
    [verdict] = judge([Claim(change(maker.sign(key, "one")), (maker.block(key),))])
    assert (verdict.signers, why in str(verdict.why)) == (frozenset(), True)


def test_a_signature_with_something_squeezed_in_is_not_given_to_gpg(maker, key):
    message = maker.sign(key, "one")
    edge = message.index("-----BEGIN PGP SIGNATURE")
    for extra, why in ((packet(8, b"\x01squeezed"), "something else"), (None, "packets")):
        signature = octets_of(message[edge:])
        more = signature + extra if extra else signature * 17
        block = armored(more).replace("PUBLIC KEY BLOCK", "SIGNATURE")
        [verdict] = judge([Claim(message[:edge] + block, (maker.block(key),))])
        assert why in str(verdict.why)


def test_a_key_that_is_not_there_is_said_to_be_missing(maker, key):
    other = maker.block(maker.key("Whimbrel <whimbrel@example.org>"))
    [verdict] = judge([Claim(maker.sign(key, "one"), (other,))])
    assert "none of the keys" in str(verdict.why)


def test_a_stranger_cannot_take_a_proof_away_by_posting_the_key_with_junk(maker, key):
    message, block = maker.sign(key, "one"), maker.block(key)
    primary, name, signature, *rest = packets_of(block)
    body = bytearray(next(iter(walk(signature))).body)
    body[-1] ^= 1
    bogus = packet(2, bytes(body))
    bare, spoilt = armored(primary), armored(b"".join([primary, name, bogus, *rest]))
    flood = b"".join(bogus[:-2] + number.to_bytes(2, "big") for number in range(500))
    flooded = armored(primary + name + flood)
    for junk in (bare, spoilt, flooded):
        assert verify([Claim(message, (junk, block))]) == [frozenset({key})]
        assert verify([Claim(message, (block, junk))]) == [frozenset({key})]


def test_gpg_gets_of_a_key_what_the_question_takes(maker, key):
    maker.add_subkey(key)
    block = maker.block(key)
    asked = Asked(frozenset({key}))
    tags = [one.tag for one in walk(slim([block], asked)[0])]
    assert tags == [6, 13, 2]
    assert slim([block, block], asked) == slim([block], asked)
    assert slim([block], Asked(frozenset({"0" * 40}))) == ()
    own = octets_of(block)
    sign = packets_of(block)[2]
    many = armored(own + b"".join(sign[:-2] + bytes([i, i]) for i in range(250)))
    assert len(list(walk(slim([many], asked)[0]))) <= MOST_PACKETS


def test_one_key_in_two_forms_is_never_in_one_home(maker):
    key = maker.key("Pratincole <pratincole@example.org>")
    message, before = maker.sign(key, "one"), maker.block(key)
    revocation = (maker.home / "openpgp-revocs.d" / f"{key}.rev").read_text()
    maker.gpg("--import", given=revocation.replace(":-----BEGIN", "-----BEGIN"))
    claims = [Claim(message, (before,)), Claim(message, (maker.block(key),))]
    assert verify(claims) == [frozenset({key}), frozenset()]


def poisoned(one: Question) -> bool:
    return one.files == (b"poison",)


def test_one_bad_key_costs_one_answer():
    asked: list[int] = []

    def ask(_, batch):
        asked.append(len(batch))
        if any(map(poisoned, batch)):
            raise Died("it takes more time than a signature may", always=True)
        return [[one.files[0].decode()] for one in batch]

    words = [b"one", b"poison", *(str(number).encode() for number in range(20))]
    memory = Memory()
    found = answers([Question((), (word,)) for word in words], "test/1", memory, ask)
    assert [one.files[0] for one, said in found.items() if said == [one.files[0].decode()]] == [
        one.files[0] for one in found if not poisoned(one)
    ]
    assert sum(asked) < 5 * len(words)
    again = answers([Question((), (word,)) for word in words], "test/1", memory, ask)
    assert again == found


def test_a_question_that_outside_trouble_ended_is_asked_again():
    def ended(_, batch):
        raise Died("GnuPG was ended by signal 9", always=False)

    memory = Memory()
    [lost] = answers([Question((), (b"x",))], "test/1", memory, ended).values()
    assert lost == questions.Lost("GnuPG was ended by signal 9", always=False)
    assert memory.kept == {}


@pytest.mark.parametrize(
    ("deed", "why"),
    [
        ("ulimit -St 1; while :; do :; done", "more time"),
        ("echo gpg: out of memory >&2; exit 2", "more memory"),
        ("kill -9 $$", "signal 9"),
    ],
)
def test_gpg_that_needs_more_than_it_may_have_is_ended(maker, key, monkeypatch, deed, why):
    launch = f'case "$*" in *--import*) {deed};; esac; shift 3; exec "$@"'
    monkeypatch.setattr(gnupg_home, "LAUNCH", launch)
    [verdict] = judge([Claim(maker.sign(key, "one"), (maker.block(key),))])
    assert why in str(verdict.why)
    assert verdict.signers == frozenset()


def test_the_limits_are_those_of_the_process_that_asks_gpg():
    with gnupg_home.gnupg_home(b"", 7) as gpg:
        shell, flag, launch, *given = gpg.make_args(["--version"], passphrase=False)
        limits = launch.replace("exec", "ulimit -a; true")
        said = subprocess.run(
            [shell, flag, limits, *given], capture_output=True, text=True, check=True
        )
    assert re.search(r"^time.*\b7$", said.stdout, re.MULTILINE)
    assert re.search(rf"mem.*\b{512 * 1024}$", said.stdout, re.MULTILINE)
