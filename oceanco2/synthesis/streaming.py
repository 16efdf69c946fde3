"""A whole file in pieces, parsed by several threads, given out in its order."""

import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from oceanco2.compiling import threads
from oceanco2.synthesis.bytesource import BLOCK, Piece
from oceanco2.synthesis.layout import Layout
from oceanco2.synthesis.pieces import Parsed, parse_piece
from oceanco2.synthesis.problems import Problem, Tally
from oceanco2.synthesis.rows import Rows

Work = Callable[[Rows], Any]


@dataclass
class _Done:
    parsed: Parsed
    selected: Rows
    result: Any
    size: int


def stream(
    layout: Layout,
    tally: Tally,
    work: Work | None = None,
    *,
    select: Callable[[Rows], Rows] | None = None,
    block: int = BLOCK,
    workers: int | None = None,
    progress: bool | None = None,
) -> Iterator[tuple[Rows, Any]]:
    """Read a file."""
    file = layout.file
    tally.tell(_twice(layout))
    line = file.line + 1

    def task(read: Callable[[], Piece], size: int) -> _Done:
        parsed = parse_piece(read(), layout)
        rows = select(parsed.rows) if select else parsed.rows
        return _Done(parsed, rows, work(rows) if work else None, size)

    jobs = file.source.pieces(file.start, block)
    with _bar(file.name, file.source.size, progress) as advance:
        for done in _in_order(task, jobs, workers or threads()):
            parsed, rows = done.parsed, done.selected
            tally.lines += parsed.lines
            tally.rows += parsed.rows.size
            tally.blank += parsed.blank
            tally.selected += rows.size
            if parsed.problems:
                before = file.source.lines_before(file.start) + line
                tally.tell(replace(p, line=p.line + before) for p in parsed.problems)
            rows.lines = rows.lines + line
            line += parsed.lines
            advance(done.size)
            yield rows, done.result


def _in_order(
    task: Callable[..., _Done],
    jobs: Iterator[tuple[Callable[[], Piece], int]],
    workers: int,
) -> Iterator[_Done]:
    if workers == 1:
        for job in jobs:
            yield task(*job)
        return
    waiting: deque[Future[_Done]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="oceanco2") as pool:
        try:
            for job in jobs:
                waiting.append(pool.submit(task, *job))
                if len(waiting) > workers + 1:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _twice(layout: Layout) -> list[Problem]:
    file = layout.file
    return [
        Problem(
            file.name,
            file.line,
            "column",
            f"column {name!r} stands twice in the header, as {first + 1} and"
            f" {second + 1}: the first is read",
            aside=False,
        )
        for name, first, second in layout.twice
    ]


@contextmanager
def _bar(name: str, size: int, progress: bool | None) -> Iterator[Callable[[int], Any]]:
    wanted = sys.stderr.isatty() if progress is None else progress
    if not wanted:
        yield lambda _: None
        return
    from tqdm import tqdm

    with tqdm(total=size, desc=name, unit="B", unit_scale=True, leave=False) as bar:
        yield bar.update
