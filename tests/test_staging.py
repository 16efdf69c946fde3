"""Unfinished files: put in place together, completed or removed by a later run."""

import errno
import json
import os
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from oceanco2 import staging
from oceanco2.errors import OceanCO2Warning
from oceanco2.staging import Staged

#: A process that has ended: Linux never gives this number.
GONE = 2**22 + 1


def staged(folder, name, content="new", place=None):
    path = staging.make_folder(folder) / name
    path.write_text(content)
    return Staged(path, place or folder / name)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def abandon(folder, process=GONE, **parts):
    """Give a folder the name that a run that has ended would have given it."""
    match = staging._FOLDER.fullmatch(folder.name)
    found = match.groupdict() | {"process": str(process)} | parts
    number = folder.name.rpartition(".")[2]
    name = ".".join(
        ["", "oceanco2", found["host"], found["process"], found["start"], number]
    )
    return folder.rename(folder.with_name(name))


def interrupt(entries, renamed):
    """Leave a set as a run that was killed after `renamed` files leaves it."""
    staging._write_journals(entries, "abc")
    for entry in entries[:renamed]:
        entry.path.replace(entry.place)
    for folder in dict.fromkeys(entry.folder for entry in entries):
        journal = folder / "set.json"
        text = journal.read_text()
        for other in entries:
            old = other.folder.name
            text = text.replace(old, old.replace(f".{os.getpid()}.", f".{GONE}."))
        journal.write_text(text)
    for folder in dict.fromkeys(entry.folder for entry in entries):
        abandon(folder)


def test_names_tell_host_process_and_start(tmp_path):
    one, two = staging.make_folder(tmp_path), staging.make_folder(tmp_path)
    assert one.parent == tmp_path
    assert stat.S_IMODE(one.stat().st_mode) == 0o700
    match = staging._FOLDER.fullmatch(one.name)
    assert int(match["process"]) == os.getpid()
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    assert match["start"] == fields[19]
    assert match["host"] == staging._host()
    assert re.fullmatch(r"[\w-]+-\d+", staging._host())
    numbers = [int(path.name.rpartition(".")[2]) for path in (one, two)]
    assert numbers[1] == numbers[0] + 1
    assert names(tmp_path) == sorted([one.name, two.name])  # this run lives


def test_only_folders_of_ended_runs_are_removed(tmp_path):
    kept = [
        abandon(staging.make_folder(tmp_path), host="other-1"),
        abandon(staging.make_folder(tmp_path), os.getpid()),
        tmp_path / ".oceanco2.mine",
        tmp_path / ".a.nc.x2k4",
    ]
    for path in kept[2:]:
        path.mkdir()
    file, left, again = (staging.make_folder(tmp_path) for _ in range(3))
    file = abandon(file)
    file.rmdir()
    file.write_text("a file, not a folder")
    left = abandon(left)
    (left / "half.nc").write_text("half")
    again = abandon(again, os.getpid(), start="1")
    assert left.exists()
    assert again.exists()
    staging.clean(tmp_path)
    assert names(tmp_path) == sorted(path.name for path in [*kept, file])
    staging.clean(tmp_path / "none")
    assert staging._is_abandoned(left) is False  # gone meanwhile
    assert staging._is_abandoned(tmp_path / "other") is False


def test_folders_of_other_users_stay(tmp_path, monkeypatch):
    left = abandon(staging.make_folder(tmp_path))
    monkeypatch.setattr(os, "getuid", lambda: left.stat().st_uid + 1)
    staging.clean(tmp_path)
    assert left.exists()
    monkeypatch.undo()
    staging.clean(tmp_path)
    assert not left.exists()


def test_start_of_processes():
    assert staging._start(GONE) is None
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    assert int(staging._start(child.pid)) >= int(staging._start(os.getpid()))
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert staging._start(child.pid) is None  # ended, but its parent does not know yet
    child.wait()
    assert staging._start(child.pid) is None


def test_processes_where_the_system_lists_no_starts(monkeypatch):
    assert staging._is_running(os.getpid()) == "unknown"
    assert staging._is_running(GONE) is None

    def deny(*_):
        raise PermissionError

    monkeypatch.setattr(os, "kill", deny)
    assert staging._is_running(1) == "unknown"


def test_a_file_keeps_the_mode_of_the_one_it_replaces(tmp_path):
    (tmp_path / "a").write_text("old")
    (tmp_path / "a").chmod(0o640)
    entry = staged(tmp_path, "a")
    staging.put_in_place([entry])
    assert (tmp_path / "a").read_text() == "new"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640
    assert names(tmp_path) == ["a"]


def test_everything_is_on_the_disk_before_it_is_renamed(tmp_path, monkeypatch):
    synced = []

    def fsync(descriptor):
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced.append((path.name, (tmp_path / "a").exists()))

    monkeypatch.setattr(os, "fsync", fsync)
    entries = [staged(tmp_path, "a"), staged(tmp_path, "b")]
    (entries[1].folder / "b").unlink()
    (entries[1].folder / "b" / "deep").mkdir(parents=True)
    (entries[1].folder / "b" / "deep" / "c").write_text("c")
    staging.put_in_place(entries)
    before = [name for name, renamed in synced if not renamed]
    assert before[:3] == ["a", "c", "b"]
    assert before.count("set.json.new") == 2
    assert [name for name, renamed in synced if renamed] == [tmp_path.name]
    assert names(tmp_path) == ["a", "b"]


@pytest.mark.parametrize(
    ("number", "raised"),
    [(errno.EINVAL, False), (errno.ENOTSUP, False), (errno.ENOSPC, True)],
)
def test_disks_that_cannot_sync(tmp_path, monkeypatch, number, raised):
    def fsync(_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fsync)
    entry = staged(tmp_path, "a")
    if raised:
        with pytest.raises(OSError, match="No space left"):
            staging.put_in_place([entry])
        assert not (tmp_path / "a").exists()
    else:
        staging.put_in_place([entry])
        assert (tmp_path / "a").read_text() == "new"


@pytest.mark.parametrize("renamed", [0, 1, 2, 3])
def test_an_interrupted_set_is_completed(tmp_path, renamed):
    other = tmp_path / "other"
    other.mkdir()
    (tmp_path / "a").write_text("old")
    (other / "c").write_text("old")
    entries = [
        staged(tmp_path, "a"),
        staged(tmp_path, "b"),
        staged(other, "c"),
    ]
    interrupt(entries, renamed)
    waiting = [str(entry.place) for entry in entries[renamed:]]
    expected = {"abc": waiting} if 0 < renamed < 3 else {}
    for entry in entries:
        assert staging.interrupted(entry.place) == expected
    assert staging.interrupted(tmp_path / "d") == {}
    if expected:
        with pytest.warns(OceanCO2Warning) as caught:
            staging.clean(other)
        text = "put in place; the run abc that wrote it had been interrupted"
        assert [str(w.message) for w in caught] == [f"{p}: {text}" for p in waiting]
    staging.clean(other)
    staging.clean(tmp_path)
    found = {
        path.name: path.read_text() for path in tmp_path.rglob("*") if path.is_file()
    }
    if renamed:
        assert found == {"a": "new", "b": "new", "c": "new"}
    else:  # as before the run
        assert found == {"a": "old", "c": "old"}
    assert not [path for path in tmp_path.rglob(".oceanco2*")]
    assert staging.interrupted(tmp_path / "a") == {}


@pytest.mark.parametrize("changed", ["a", "b"])
def test_what_changed_since_is_not_written_over(tmp_path, changed):
    entries = [staged(tmp_path, "a"), staged(tmp_path, "b")]
    interrupt(entries, 1)
    (tmp_path / changed).write_text("changed by somebody")
    assert staging.interrupted(tmp_path / "a") == {}
    staging.clean(tmp_path)
    kept = {"a": "new"} | {changed: "changed by somebody"}
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == kept


def test_a_set_that_another_run_completes_is_left_to_it(tmp_path):
    import fcntl

    entries = [staged(tmp_path, "a"), staged(tmp_path, "b")]
    interrupt(entries, 1)
    (journal,) = [
        path
        for path in tmp_path.glob(".oceanco2*/set.json")
        if path.parent.name
        == json.loads(path.read_text())["files"][0]["staged"].split("/")[-2]
    ]
    with journal.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        staging.clean(tmp_path)
        assert names(tmp_path)[2:] == ["a"]
    with pytest.warns(OceanCO2Warning):
        staging.clean(tmp_path)
    assert names(tmp_path) == ["a", "b"]


def test_a_set_of_a_folder_is_completed_from_beside_it(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    holder = staging.make_folder(tmp_path)
    (holder / "out").mkdir()
    entries = []
    for name in ("a", "b"):
        (holder / "out" / name).write_text("new")
        entries.append(Staged(holder / "out" / name, folder / name))
    assert entries[0].folder == holder
    interrupt(entries, 1)
    assert staging.interrupted(folder / "a") == {"abc": [str(folder / "b")]}
    with pytest.warns(OceanCO2Warning, match="b: put in place"):
        staging.clean(tmp_path)
    assert names(folder) == ["a", "b"]
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": [{"staged": "/x/y"}]}'])
def test_damaged_journals(tmp_path, text):
    left = abandon(staging.make_folder(tmp_path))
    (left / "set.json").write_text(text)
    staging.clean(tmp_path)
    assert names(tmp_path) == []


def test_a_set_of_which_a_file_cannot_be_renamed_waits(tmp_path):
    entries = [staged(tmp_path, "a"), staged(tmp_path, "b")]
    (tmp_path / "b").mkdir()
    with pytest.raises(IsADirectoryError):
        staging.put_in_place(entries, "abc")
    assert (tmp_path / "a").read_text() == "new"
    assert entries[1].path.read_text() == "new"  # a later run may complete it
    content = json.loads((entries[1].folder / "set.json").read_text())
    assert content["run_id"] == "abc"
    assert [file["place"] for file in content["files"]] == [
        str(tmp_path / "a"),
        str(tmp_path / "b"),
    ]


def test_a_set_of_which_no_file_can_be_renamed_is_removed(tmp_path):
    entries = [staged(tmp_path, "a"), staged(tmp_path, "b")]
    (tmp_path / "a").mkdir()
    with pytest.raises(IsADirectoryError):
        staging.put_in_place(entries)
    assert names(tmp_path) == ["a"]


def test_a_signal_waits_until_all_are_in_place(tmp_path, monkeypatch):
    entries = [staged(tmp_path, name) for name in "abc"]
    replace = Path.replace

    def stop(self, target):
        replace(self, target)
        if self.name == "a" and Path(target) == tmp_path / "a":
            raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        staging.put_in_place(entries)
    assert names(tmp_path) == ["a", "b", "c"]


CODE = """
import os, signal, sys
from pathlib import Path
from oceanco2 import files
replace = Path.replace
def stop(self, target):
    replace(self, target)
    if str(target) == sys.argv[1]:
        os.kill(os.getpid(), signal.SIGKILL)
Path.replace = stop
with files.one_set("r1"):
    for name in sys.argv[1:]:
        files.write_bytes(b"new", name)
"""


def test_a_run_that_is_killed_between_two_files(tmp_path):
    paths = [str(tmp_path / name) for name in ("a", "b")]
    done = subprocess.run([sys.executable, "-c", CODE, *paths], check=False)
    assert done.returncode == -signal.SIGKILL
    assert staging.interrupted(tmp_path / "a") == {"r1": [paths[1]]}
    assert (tmp_path / "a").read_text() == "new"
    with pytest.warns(OceanCO2Warning, match=r"b: put in place; the run r1 that"):
        staging.remove(staging.make_folder(tmp_path))
    assert names(tmp_path) == ["a", "b"]
    assert (tmp_path / "b").read_text() == "new"
