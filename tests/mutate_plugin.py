"""What pytest does for `mutate` beside running tests: it notes failures."""

import importlib.util
import os
import signal
from pathlib import Path

import hypothesis
import pytest


def note(kind, name):
    with Path(os.environ["MUTATE_RESULT"]).open("a", encoding="utf-8") as file:
        file.write(f"{kind}\t{name}\n")


def pytest_configure():
    hypothesis.settings.register_profile(
        "mutate", max_examples=25, deadline=None, derandomize=True
    )
    hypothesis.settings.load_profile("mutate")
    origin = importlib.util.find_spec(os.environ["MUTATE_MODULE"]).origin
    if os.path.realpath(origin) != os.environ["MUTATE_FILE"]:
        note("wrong", origin)
        os._exit(78)


def pytest_collection_modifyitems(items):
    left_out = set(os.environ["MUTATE_LEFT_OUT"].split("\n"))
    items[:] = [item for item in items if item.nodeid not in left_out]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item):
    def stop(*_):
        note("time", item.nodeid)
        os._exit(77)

    limit = float(os.environ["MUTATE_SECONDS"])
    signal.signal(signal.SIGPROF, stop)
    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_PROF, limit)
    signal.setitimer(signal.ITIMER_REAL, 8 * limit)  # it waits for ever
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)


def pytest_runtest_logreport(report):
    if report.failed:
        note("fail", report.nodeid)


def pytest_collectreport(report):
    if report.failed:
        note("import", report.nodeid)
