"""Who owns the embedded graph, and what its readers see while owners come and go."""

import signal
from urllib.request import urlopen

import pytest

from tests.api.processes import deliver, line_with, running, samehand


def address_said(process):
    line = line_with(process, "open http://")
    return next(word for word in line.split() if word.startswith("http://"))


def front_page(address):
    with urlopen(address) as answer:
        return answer.read().decode()


def published_run(said):
    """The run id that a recomputation prints last."""
    return said.split("published run ")[1].split(":")[0]


@pytest.mark.slow
def test_a_recomputation_joins_the_service_whose_pages_then_show_its_run(tmp_path):
    deliver(tmp_path)
    with running(tmp_path, "serve", "--port", "0") as serving:
        address = address_said(serving)
        assert "Nothing is published yet" in front_page(address)
        for _ in range(2):
            done = samehand(tmp_path, "recompute")
            assert done.returncode == 0, done.stderr
            assert published_run(done.stdout) in front_page(address)
        serving.terminate()
        assert serving.wait() == 0


@pytest.mark.slow
@pytest.mark.parametrize("end", ["in order", "by a kill"])
def test_the_service_waits_for_a_recomputation_that_owns_the_graph(tmp_path, end):
    deliver(tmp_path)
    with running(tmp_path, "recompute", WAIT_AT="send links_write") as recomputing:
        line_with(recomputing, "waiting")
        with running(tmp_path, "serve", "--port", "0") as serving:
            said = line_with(serving, "waiting")
            assert f"process {recomputing.pid}, since" in said
            assert "owns the graph" in said
            if end == "by a kill":
                recomputing.send_signal(signal.SIGKILL)
                assert "Nothing is published yet" in front_page(address_said(serving))
            else:
                recomputing.stdin.write("\n")
                recomputing.stdin.flush()
                run_id = published_run(line_with(recomputing, "published run"))
                assert run_id in front_page(address_said(serving))


@pytest.mark.slow
def test_a_recomputation_outlives_the_service_it_had_joined(tmp_path):
    deliver(tmp_path)
    with running(tmp_path, "serve", "--port", "0") as serving:
        address_said(serving)
        with running(tmp_path, "recompute", WAIT_AT="send links_write") as recomputing:
            line_with(recomputing, "waiting")
            serving.send_signal(signal.SIGKILL)
            serving.wait()
            recomputing.stdin.write("\n\n")
            recomputing.stdin.flush()
            run_id = published_run(line_with(recomputing, "published run"))
    with running(tmp_path, "serve", "--port", "0") as serving:
        assert run_id in front_page(address_said(serving))
