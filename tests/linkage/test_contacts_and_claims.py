"""What contacts, wallets and claims make of links, and what of them the graph sees."""

import polars as pl
from pysequoia import SignatureMode, Tsk, sign

from evidence.rulings import Rulings
from features.alias import Alias
from features.claims import Claims
from features.contact import Contact
from features.wallet import Wallet
from graph.sections import SECTIONS
from linkage.model import load_model
from linkage.pipeline import link
from tests.builders import CorpusBuilder

FEATURES = (Alias(), Contact(), Wallet(), Claims())
MAIL, COIN = "quill77@lamp.example", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"
VICTIM, OTHER = ("alder", "brindlequill"), ("birch", "BrindleQuill")


def linked(builder):
    return link(builder.build(), FEATURES, load_model(), Rulings.none(), lambda *_: None).tables


def signed(key, words):
    return sign(key.signer(), words.encode(), mode=SignatureMode.CLEAR).decode()


def test_whoever_copies_all_that_can_be_copied_is_no_more_than_a_lead():
    key = Tsk.generate("brindlequill <brindlequill@lamp.example>")
    claim = "I am brindlequill on birch.\nFormerly brindlequill on alder.\n"
    builder = CorpusBuilder().account(*VICTIM, f"my mail is {MAIL}, coins to my wallet {COIN}")
    builder.account(*OTHER, f"my mail is {MAIL}, coins to my wallet {COIN}")
    builder.post(*OTHER, str(key.extract_certificate())).post(*OTHER, signed(key, claim))
    links = linked(builder)["links"]
    assert links.select("verdict", "band").rows() == [("same", "lead")]
    assert 0.75 < links["probability"][0] <= 0.8
    assert links["possible_framing"].to_list() == [True]


def test_two_accounts_of_which_each_names_the_other_and_one_signs_are_a_strong_link():
    key = Tsk.generate("anvil <anvil@lamp.example>")
    words = "This is anvil of alder. Find me on birch as ladle77\n"
    builder = CorpusBuilder().account("birch", "ladle77", "I was anvil on alder")
    builder.post("alder", "anvil", str(key.extract_certificate()))
    links = linked(builder.post("alder", "anvil", signed(key, words)))["links"]
    assert links.select("verdict", "band").rows() == [("same", "strong")]


def test_values_that_two_accounts_show_reach_the_graph():
    builder = CorpusBuilder()
    for market in ("alder", "birch"):
        builder.account(market, "anvil", f"my mail is {MAIL}, coins to my wallet {COIN}")
    tables = linked(builder.account("cedar", "ladle", "mail: alone@lamp.example"))
    shown = tables["shown"].select("kind", "value", "account_id").rows()
    both = [f"{market}:anvil" for market in ("alder", "birch")]
    expected = [
        (kind, value, one) for kind, value in (("contact", MAIL), ("wallet", COIN)) for one in both
    ]
    assert shown == expected
    accounts = next(section for section in SECTIONS if section.name == "accounts")
    rows = accounts.rows(tables).filter(pl.col("handle") == "anvil")
    assert rows.select("contacts", "wallets").rows() == [([MAIL], [COIN])] * 2


def test_the_evidence_of_a_link_cites_who_shows_the_contact_where():
    builder = CorpusBuilder().account(*VICTIM, MAIL).account(*OTHER, MAIL)
    evidence = linked(builder)["evidence"].filter(feature="contact").row(0, named=True)
    assert evidence["level"] == "same_given_by_two"
    assert evidence["bits_source"].startswith("measured: ")
    assert len(evidence["citations"]) == 2
