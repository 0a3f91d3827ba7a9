"""Coin addresses against the test vectors of the standards."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.spans.base58 import is_bitmessage
from evidence.spans.bech32 import is_segwit
from evidence.spans.coins import checksums_hold, coin_of, coins_of
from evidence.spans.keccak import keccak_256
from tests.evidence.spans.test_extraction import BITCOIN, MONERO, SEGWIT, kinds, values

MAIN_OR_TEST = ("bc", "tb")
VALID_SEGWIT = (
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
    "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
    "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
    "BC1SW50QGDZ25J",
    "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs",
    "tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy",
    "tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
)
"""BIP 350, "valid segwit addresses"."""

INVALID_SEGWIT = (
    "tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
    "tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf",
    "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh",
    "tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47",
    "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4",
    "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R",
    "bc1pw5dgrnzv",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav",
    "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P",
    "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf",
    "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j",
    "bc1gmk9yu",
    "tc1qw508d6qejxtdg4y5r3zarvary0c5xw7kg3g4ty",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
    "BC13W508D6QEJXTDG4Y5R3ZARVARY0C5XW7KN40WF2",
    "bc1rw5uspcuh",
    "bc10w508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kw5rljs90",
    "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sL5k7",
    "bc1zw508d6qejxtdg4y5r3zarvaryvqyzf3du",
    "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3pjxtptv",
    "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7k7grplx",
    "BC1SW50QA3JX3S",
    "bc1zw508d6qejxtdg4y5r3zarvaryvg6kdaj",
)
"""BIP 350 and BIP 173, "invalid segwit addresses"; the last three are BIP 173's valid ones of later
versions, which BIP 350 made invalid."""

EIP_55 = (
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
    "0xde709f2102306220921060314715629080e2fb77",
    "0x27b1fdb04752bbc536007a920d24acb045561c26",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
)
INTEGRATED = (
    "4Byr22j9M2878Mtyb3fEPcBNwBZf5EXqn1Yi6VzR46618SFBrYysab2Cs1474CVDbsh94AJq7vuV3Z2DRq4zLcY3LHzo1"
    "Nbv3d8J6VhvCV"
)
STANDARD = (
    "4ADT1BtbxqEWeMKp9GgPr2NeyJXXtNxvoDawpyA4WpzFcGcoHUvXeijE66DNfohE9r1bQYaBiQjEtKE7CtkTdLwiDznFz"
    "ra"
)
"""Of the documentation of the Rust crate `monero`."""

LITECOIN = "LVuDpNCSSj6pQ7t9Pv6d6sUkLKoqDEVUnJ"


@pytest.mark.parametrize("address", VALID_SEGWIT)
def test_what_bip_350_calls_valid_is_valid(address):
    assert is_segwit(address, MAIN_OR_TEST)


@pytest.mark.parametrize("address", INVALID_SEGWIT)
def test_what_bip_173_or_350_calls_invalid_is_invalid(address):
    assert not is_segwit(address, MAIN_OR_TEST)


@pytest.mark.parametrize("address", EIP_55)
def test_what_eip_55_gives_as_examples_is_ethereum(address):
    assert coin_of(address) == "ethereum"
    assert values(f"send it to {address}.", "wallet") == [address]


@pytest.mark.parametrize("address", EIP_55[4:])
def test_a_letter_in_the_wrong_case_breaks_an_ethereum_address(address):
    assert not any(
        checksums_hold(
            [
                address[:place] + letter.swapcase() + address[place + 1 :]
                for place, letter in enumerate(address[2:], start=2)
                if letter.isalpha()
            ]
        )
    )


@pytest.mark.parametrize(
    ("address", "coin"),
    [
        (BITCOIN, "bitcoin"),
        ("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "bitcoin"),
        (SEGWIT, "bitcoin"),
        (MONERO, "monero"),
        (STANDARD, "monero"),
        (INTEGRATED, "monero"),
        (LITECOIN, "litecoin"),
        ("MADpaveANHvBwXMyLcumHr5K97iJYYf2Mp", "litecoin"),
        ("ltc1qr9muzvt58x64mww3syntmljccwuqxtg58azmrr", "litecoin"),
        ("quillfoot", None),
        ("", None),
    ],
)
def test_each_coin_is_told_by_its_address(address, coin):
    assert coin_of(address) == coin


def test_many_addresses_are_judged_as_each_of_them_alone():
    mixed = [*EIP_55, MONERO, STANDARD, STANDARD[:-1] + "b", BITCOIN, SEGWIT, "x", EIP_55[4][:-1]]
    assert coins_of(mixed) == [coin_of(address) for address in mixed]


@settings(max_examples=30, deadline=None)
@given(st.sampled_from([BITCOIN, LITECOIN, STANDARD, INTEGRATED, SEGWIT]), st.data())
def test_one_letter_changed_is_no_address(address, data):
    place = data.draw(st.integers(1, len(address) - 1))
    letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l" if address == SEGWIT else "123abcXYZ"
    other = data.draw(st.sampled_from(letters).filter(lambda letter: letter != address[place]))
    assert coin_of(address[:place] + other + address[place + 1 :]) is None


def test_a_hex_number_is_a_wallet_unless_a_key_is_spoken_of():
    number = EIP_55[2]
    assert kinds(f"ETH: {number}") == ["wallet"]
    assert kinds(f"my PGP key: {number}") == ["fingerprint"]
    assert kinds(f"hkp://keys.example/pks/lookup?op=get&search={number}") == ["fingerprint"]


def test_keccak_is_the_first_keccak_and_not_sha_3():
    empty, abc = keccak_256([b"", b"abc"])
    assert empty.hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert abc.hex() == "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"
    assert keccak_256([]) == []
    with pytest.raises(ValueError, match="136"):
        keccak_256([bytes(136)])


def test_a_bitmessage_address_has_a_checksum():
    address = "BM-GtovgYdgs7qXPkoYaRgrLFuFKz1SFpsw"
    assert is_bitmessage(address)
    assert not is_bitmessage(address[:-1] + "x")
