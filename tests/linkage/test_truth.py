import pytest

from evidence.errors import RefusedInput
from linkage.truth import read_truth

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


def test_a_file_without_kinds_is_read_too(tmp_path):
    assert read_truth(a_file(tmp_path, f"{HEADER}\na,b,c,d,0\n"))["kind"].to_list() == [None]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "no column market_a"),
        (f"{HEADER}\na,b,c,d,1\na,b,c,d,yes\n", "line 3"),
        ("", "not a truth file"),
    ],
)
def test_a_file_that_is_no_truth_is_refused_with_its_place(tmp_path, text, message):
    with pytest.raises(RefusedInput, match=message):
        read_truth(a_file(tmp_path, text))
