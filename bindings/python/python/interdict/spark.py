"""Screening on Spark: ``df.mapInArrow(screener("lists.idx", name="customer"), SCHEMA)``.

The index is shipped once to each executor and mapped there, so that all Python workers of a machine share one copy in
memory. Each partition is screened in bounded memory, and its hits are those of the program.

Two columns differ from a table on one machine. ``row`` counts from 1 on within the partition: carry a column that
identifies your rows. And rejected rows are among the hits, with the reason in ``rejected`` and every hit column null, because
a partition has no other way to report them: ``hits.where("rejected is null")`` are the hits.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ._errors import Error
from ._interdict import Screener

__all__ = ["SCHEMA", "schema", "screen", "screener"]

#: The schema of hits without carried columns, as Spark writes it.
SCHEMA = (
    "row bigint, query string, score double, list string, entity_id string, entity_name string, "
    "matched_name string, schema string, program string, matched_by string, `group` string, weak boolean, "
    "change string, cleared_by string, compared string, query_part string, query_span string, name_column string, rejected string"
)

_TAKEN = [column.split()[0].strip("`") for column in SCHEMA.split(", ")]

#: The screeners of this worker, which is used for one task after another.
_screeners: dict[tuple[Any, ...], Screener] = {}


#: The names of files that were shipped, by session and content.
_ships: dict[tuple[int, str], str] = {}


def schema(df: Any, carry: Iterable[str] = ()) -> str:
    """The schema of hits with columns of ``df`` carried; one whose name is taken gets ``input_`` before it."""
    types = {field.name: field.dataType.simpleString() for field in df.schema.fields}
    taken, columns = list(_TAKEN), []
    for name in carry:
        if name not in types:
            raise Error(f"no column '{name}' to carry; the columns are {', '.join(types)}")
        shown = name
        while shown in taken:
            shown = "input_" + shown
        taken.append(shown)
        columns.append(f", `{shown.replace('`', '``')}` {types[name]}")
    return SCHEMA + "".join(columns)


def screener(
    index: str | os.PathLike[str],
    *,
    config: str | None = None,
    threshold: float | None = None,
    limit: int | None = None,
    since: str | os.PathLike[str] | None = None,
    ship: bool = True,
    threads: int = 1,
    **columns: Any,
) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """A function for ``DataFrame.mapInArrow``; ``columns`` are the keywords of :meth:`interdict.Screener.screen_table`.

    ``index``, ``since`` and ``config`` are files of the driver, which are shipped to the executors; with ``ship=False``
    they are paths at which each executor finds them. ``threads`` are those of one task: Spark runs a task for each core.
    """
    files = [os.fspath(path) if path is not None else None for path in (index, since, config)]
    if ship:
        files = [_ship(path) if path is not None else None for path in files]
    options = {"rejected": "rows", "threads": threads, **columns}

    def screen_partition(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow

        where = _shipped if ship else os.fspath
        index_path, since_path, config_path = (where(path) if path is not None else None for path in files)
        key = (index_path, since_path, config_path, threshold, limit)
        if key not in _screeners:
            _screeners[key] = Screener(
                index_path, config=config_path, threshold=threshold, limit=limit, since=since_path
            )
        for hits in _screeners[key].screen_batches(batches, **options):
            yield pyarrow.record_batch(hits)

    return screen_partition


def screen(df: Any, index: str | os.PathLike[str], *, carry: Iterable[str] = (), **options: Any) -> Any:
    """The hits of a DataFrame of Spark: :func:`screener` and :func:`schema` in one call.

    Only the columns that are named leave the JVM, if ``name`` is among the options.
    """
    carry = [carry] if isinstance(carry, str) else list(carry)
    types = schema(df, carry)
    if "name" in options:
        df = df.select(*_needed(df, carry, options))
    return df.mapInArrow(screener(index, carry=carry, **options), types)


_OPTIONS = {"config", "threshold", "limit", "since", "ship", "threads", "cleared", "rejected", "progress"}


def _needed(df: Any, carry: list[str], options: dict[str, Any]) -> list[str]:
    """The columns of ``df`` that are named in the options, in the order of ``df``."""
    named = set(carry)
    for keyword, value in options.items():
        if keyword not in _OPTIONS and value is not None:
            for column in [value] if isinstance(value, str) else value:
                named.update([column, *(part.strip() for part in column.split("+"))])
    return [f"`{name.replace('`', '``')}`" for name in df.columns if name in named]


def _ship(path: str) -> str:
    """Ship a file of the driver to the executors, once; its name there.

    The name holds the hash of the content: Spark ships no second file of one name, and lists change every day.
    """
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    if session is None:
        raise Error("there is no active Spark session to ship the index with; make one first, or give ship=False")
    digest = hashlib.sha256()
    try:
        with open(path, "rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as e:
        raise Error(f"{path}: {e.strerror}") from e
    key = (id(session), digest.hexdigest())
    if key in _ships:
        return _ships[key]
    name = f"interdict-{digest.hexdigest()[:16]}-{os.path.basename(path)}"
    folder = tempfile.mkdtemp(prefix="interdict-")
    copy = os.path.join(folder, name)
    try:
        try:
            os.link(path, copy)
        except OSError:
            shutil.copyfile(path, copy)
        try:
            context = session.sparkContext
        except Exception:  # Spark Connect has no context, and ships files as artifacts.
            session.addArtifacts(copy, file=True)
        else:
            # Executors fetch it from the driver when they need it: it stays until the driver ends.
            context.addFile(copy)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _ships[key] = name
    return name


def _shipped(name: str) -> str:
    """The path of a shipped file on this executor."""
    from pyspark import SparkFiles

    return SparkFiles.get(name)
