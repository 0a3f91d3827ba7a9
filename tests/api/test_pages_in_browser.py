"""The pages in a real browser: what it draws, what it asks for, what it complains about."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from api.app import create_app
from api.opened import open_doors
from api.settings import Settings
from api.wording import visible
from tests.api.conftest import Installation
from tests.api.published import ODD_HANDLES
from tests.api.test_pairs import LINKED, UNLINKED
from tests.api.two_compartments import recomputed, two_compartments

pytest.importorskip("playwright", reason="playwright is not installed")

from playwright.sync_api import Browser, Page

from tests.api.browser import CHROMIUM, a_browser, served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine"),
]
HERON = "Lantern%3ABlue_Heron"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def address(small: Installation) -> Iterator[str]:
    with served(small.client().app) as at:
        yield at


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page of an account of a workspace whose night was kept."""
    workspace = two_compartments(tmp_path_factory.mktemp("pairs"), ["harbour"])
    recomputed(workspace)
    with open_doors(workspace, Settings(), print) as doors, served(create_app(doors)) as at:
        yield f"{at}/account?id={quote(UNLINKED['left'], safe='')}"


class Watched:
    """A page whose requests, complaints and dialogs are kept."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))

    def _hear(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@pytest.fixture(params=[1280, 420])
def watched(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Watched]:
    page = browser.new_page(viewport={"width": request.param, "height": 900})
    yield Watched(page)
    page.close()


@pytest.mark.parametrize(
    "path",
    [
        "/?handle=Blue_Heron",
        f"/account?id={HERON}",
        "/link/00000000000000a2",
        "/links?bucket=strong",
        f"/neighbourhood?id={HERON}&depth=2",
        "/runs",
    ],
)
def test_a_page_asks_only_this_machine_and_fits_its_window(
    watched: Watched, address: str, path: str
) -> None:
    watched.page.goto(address + path)
    watched.page.wait_for_load_state()
    assert watched.complaints == []
    assert all(url.startswith(f"{address}/") for url in watched.requests)
    width = watched.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0


def test_the_neighbourhood_is_drawn_and_told_in_words(watched: Watched, address: str) -> None:
    watched.page.goto(f"{address}/neighbourhood?id={HERON}")
    watched.page.wait_for_selector("#picture[data-drawn]")
    assert watched.page.locator("#picture canvas").count() > 0
    listed = watched.page.locator("#accounts li").all_inner_texts()
    assert len(listed) == 3
    assert any("BlueHeron on Quayside · strong, 98.9\N{NO-BREAK SPACE}%" in line for line in listed)
    assert "Nothing was left out" in watched.page.inner_text("#left-out")


def test_a_search_is_made_with_the_keyboard_alone(watched: Watched, address: str) -> None:
    page = watched.page
    page.goto(address)
    page.wait_for_function("document.activeElement.id === 'handle'")
    page.keyboard.type("Blue_Heron")
    page.keyboard.press("Enter")
    page.wait_for_selector("table")
    page.get_by_role("link", name="Blue_Heron", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("ol.waterfall")
    assert "Lantern" in page.inner_text("h1")


def test_two_accounts_are_compared_from_the_page_of_one(watched: Watched, kept: str) -> None:
    page = watched.page
    page.goto(f"{kept}&case=12")
    page.get_by_label("Compare with another account").fill(LINKED["right"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/link/*?case=12")
    assert watched.complaints == []


def test_a_pair_that_nobody_proposes_fits_its_window_too(watched: Watched, kept: str) -> None:
    page = watched.page
    page.goto(kept)
    page.get_by_label("Compare with another account").fill(UNLINKED["right"])
    page.get_by_role("button", name="Compare").click()
    page.wait_for_selector("ol.waterfall")
    assert "not proposed" in page.inner_text("main")
    assert watched.complaints == []
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0


def test_a_hostile_handle_runs_nothing_in_the_browser(watched: Watched, address: str) -> None:
    for handle in ODD_HANDLES:
        account_id = quote(f"Odd:{handle}", safe="")
        watched.page.goto(f"{address}/account?id={account_id}")
        watched.page.goto(f"{address}/neighbourhood?id={account_id}")
        watched.page.wait_for_selector("#picture[data-drawn]")
        assert watched.page.locator("#accounts a").first.text_content() == visible(handle)
    assert watched.complaints == []
