import polars as pl
import pytest

from evidence.errors import RefusedInput
from evidence.rulings import DECISIONS
from linkage.entities import entities_of
from linkage.truth import Known, read_truth

HEADER = "market_a,handle_a,market_b,handle_b,same"


def a_file(tmp_path, text):
    path = tmp_path / "truth.csv"
    path.write_text(text)
    return path


def test_a_truth_file_names_accounts_as_market_and_handle(tmp_path):
    truth = read_truth(a_file(tmp_path, f"{HEADER},kind\nharbour,ada,lantern,a:da,1,moved\n"))
    assert truth.row(0, named=True)["right"] == "lantern:a:da"
    assert truth["same"].to_list() == [True]
    assert truth["kind"].to_list() == ["moved"]


def test_names_in_a_truth_file_are_those_that_are_stored(tmp_path):
    typed = "harbour, Zoe\N{COMBINING DIAERESIS} ,lantern,ada,1"
    truth = read_truth(a_file(tmp_path, f"{HEADER}\n{typed}\n"))
    assert truth["left"].to_list() == ["harbour:Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}"]


def test_a_file_without_kinds_is_read_too(tmp_path):
    assert read_truth(a_file(tmp_path, f"{HEADER}\na,b,c,d,0\n"))["kind"].to_list() == [None]


def test_of_one_hand_is_also_who_is_tied_through_others_and_nobody_else(tmp_path):
    truth = read_truth(a_file(tmp_path, f"{HEADER}\na,x,b,y,1\nb,y,c,z,1\nd,v,a,x,0\n"))
    nobody = pl.DataFrame(schema={"account_id": pl.String, "handle": pl.String})
    entities = entities_of(nobody, truth, DECISIONS.empty())
    known = Known.of(truth, entities, pl.Series("account_id", ["a:x"]))
    pairs = known.same_pairs.select("left", "right").rows()
    assert pairs == [("a:x", "b:y"), ("a:x", "c:z"), ("b:y", "c:z")]
    assert known.accounts.filter("here")["account_id"].to_list() == ["a:x"]
    assert known.entity_count == 2


def test_a_file_without_a_pair_is_a_truth_without_a_pair(tmp_path):
    truth = read_truth(a_file(tmp_path, f"{HEADER}\n"))
    assert truth.height == 0
    assert truth.schema["same"] == pl.Boolean
    assert truth.schema["left"] == truth.schema["kind"] == pl.String


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "no column market_a"),
        (f"{HEADER}\na,b,c,d,1\na,b,c,d,yes\n", "line 3"),
        (f"{HEADER}\na,x,a,x,0\n", "line 2 says .* but they are one account"),
        (f"{HEADER}\na,b,c,d,1\na,,c,d,0\n", "line 3: a market or a handle is empty"),
        ("", "not a file of truth"),
        (
            f"{HEADER}\na,x,b,y,1\nb,y,c,z,1\na,x,c,z,0\n",
            "line 4 says .* of different hands, but .* line 2 and .* line 3 that",
        ),
    ],
)
def test_a_file_that_is_no_truth_is_refused_with_its_place(tmp_path, text, message):
    with pytest.raises(RefusedInput, match=message):
        read_truth(a_file(tmp_path, text))


def files(tmp_path, *texts):
    paths = [tmp_path / f"{number}.csv" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(f"{HEADER}\n{text}")
    return paths


def test_several_files_are_one_truth(tmp_path):
    truth = read_truth(*files(tmp_path, "a,x,b,y,1\n", "b,y,a,x,1\na,x,c,z,0\n"))
    assert truth["same"].to_list() == [True, True, False]
    assert "place" not in truth.columns


def test_files_that_deny_each_other_are_refused_with_the_lines_of_both(tmp_path):
    paths = files(tmp_path, "d,v,d,w,1\na,x,b,y,1\n", "d,v,d,u,1\nb,y,a,x,0\n")
    with pytest.raises(RefusedInput) as refused:
        read_truth(*paths)
    assert str(refused.value) == (
        f"{paths[1]} line 3 says that two accounts are of different hands, but "
        f"{paths[0]} line 3 that they are of one: correct or remove one of these lines"
    )


def test_what_files_say_together_is_not_denied_either(tmp_path):
    paths = files(tmp_path, "a,x,b,y,1\n", "c,z,a,x,0\n", "b,y,c,z,1\n")
    with pytest.raises(RefusedInput, match=r"1.csv line 2 .*2.csv line 2 and .*0.csv line 2 that"):
        read_truth(*paths)
