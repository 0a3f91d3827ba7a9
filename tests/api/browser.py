"""A headless browser, and the service on a port of its own."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, sync_playwright

from api.commands.serve import address_of, listen

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The app's address, for as long as the block runs."""
    with listen("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn.Config(app, ws="none", log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                sleep(0.02)
            yield address_of(listener).rstrip("/")
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
