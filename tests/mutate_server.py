"""Runs the tests of `mutate`, one command after another, each in a fork.

This process has loaded the libraries already: importing them costs more than most
tests.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path

import pytest

LIBRARIES = "gsw hypothesis.extra.numpy netCDF4 numpy pandas scipy.signal scipy.special"


def cpu_seconds(pid):
    """Return the time that a process and what it waited for have computed."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def run(job):
    """Run pytest in this process, a fork, and end it."""
    os.setsid()
    os.environ.update(job["env"])
    sys.path[:0] = job["env"]["PYTHONPATH"].split(":")
    log = os.open(job["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream, number in ((os.open(os.devnull, os.O_RDONLY), 0), (log, 1), (log, 2)):
        os.dup2(stream, number)
    code = 3
    try:
        code = int(pytest.main(job["arguments"]))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def wait(child, seconds):
    """Return exit code, None if it took too long, and the time it computed."""
    end = time.monotonic() + 8 * seconds + 20
    done, status, used = 0, 0, 0.0
    while not done and used < seconds and time.monotonic() < end:
        time.sleep(0.02)
        used = cpu_seconds(child) or used
        done, status = os.waitpid(child, os.WNOHANG)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    if done:
        return os.waitstatus_to_exitcode(status), used
    os.waitpid(child, 0)
    return None, used


def serve():
    """Answer every line of the input, a job, with exit code and time."""
    own = {"", str(Path.cwd()), str(Path(__file__).parent)}
    sys.path[:] = [p for p in sys.path if p not in own]
    for name in (*LIBRARIES.split(), "tqdm", "xarray", "pydantic", "click"):
        importlib.import_module(name)
    gc.freeze()
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            run(job)
        print(json.dumps(wait(child, job["seconds"])), flush=True)


if __name__ == "__main__":
    serve()
