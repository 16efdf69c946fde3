"""Read a file in chunks, parsed by several threads, in the order of the file."""

import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from oceanco2.compiling import threads
from oceanco2.socat.archive.layout import Layout
from oceanco2.socat.archive.parsing import Parsed, parse_piece
from oceanco2.socat.archive.source import BLOCK, Piece
from oceanco2.synthesis.problems import LineCounts, Problem
from oceanco2.synthesis.rows import ArchiveRows

Work = Callable[[ArchiveRows], Any]


@dataclass
class _ChunkResult:
    parsed: Parsed
    selected: ArchiveRows
    result: Any
    size: int


def stream(
    layout: Layout,
    counts: LineCounts,
    work: Work | None = None,
    *,
    select: Callable[[ArchiveRows], ArchiveRows] | None = None,
    block: int = BLOCK,
    workers: int | None = None,
    progress: bool | None = None,
) -> Iterator[tuple[ArchiveRows, Any]]:
    """Yield the selected rows of each chunk of a file, and the result of `work`."""
    file = layout.file
    counts.record(_duplicate_columns(layout))
    line = file.line + 1

    def task(read: Callable[[], Piece], size: int) -> _ChunkResult:
        parsed = parse_piece(read(), layout)
        rows = select(parsed.rows) if select else parsed.rows
        return _ChunkResult(parsed, rows, work(rows) if work else None, size)

    jobs = file.source.pieces(file.start, block)
    with _progress_bar(file.name, file.source.size, progress) as advance:
        for chunk in _in_order(task, jobs, workers or threads()):
            parsed, rows = chunk.parsed, chunk.selected
            counts.lines += parsed.lines
            counts.rows += parsed.rows.size
            counts.empty += parsed.empty
            counts.selected += rows.size
            if parsed.problems:
                before = file.source.lines_before(file.start) + line
                counts.record(replace(p, line=p.line + before) for p in parsed.problems)
            rows.lines = rows.lines + line
            line += parsed.lines
            advance(chunk.size)
            yield rows, chunk.result


def _in_order(
    task: Callable[..., _ChunkResult],
    jobs: Iterator[tuple[Callable[[], Piece], int]],
    workers: int,
) -> Iterator[_ChunkResult]:
    if workers == 1:
        for job in jobs:
            yield task(*job)
        return
    pending: deque[Future[_ChunkResult]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="oceanco2") as pool:
        try:
            for job in jobs:
                pending.append(pool.submit(task, *job))
                if len(pending) > workers + 1:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            for future in pending:
                future.cancel()


def _duplicate_columns(layout: Layout) -> list[Problem]:
    file = layout.file
    return [
        Problem(
            file.name,
            file.line,
            "column",
            f"column {name!r} appears twice in the header, as {first + 1} and"
            f" {second + 1}: the first is used",
            skipped=False,
        )
        for name, first, second in layout.duplicates
    ]


@contextmanager
def _progress_bar(
    name: str, size: int, progress: bool | None
) -> Iterator[Callable[[int], Any]]:
    visible = sys.stderr.isatty() if progress is None else progress
    if not visible:
        yield lambda _: None
        return
    from tqdm import tqdm

    with tqdm(total=size, desc=name, unit="B", unit_scale=True, leave=False) as bar:
        yield bar.update
