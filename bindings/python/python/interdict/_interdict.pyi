"""Types of the native module. The package ``interdict`` shows its classes and functions."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from os import PathLike
from typing import Any, Literal, TypeAlias, final

Path: TypeAlias = str | PathLike[str]
Values: TypeAlias = str | Sequence[str] | None
Dates: TypeAlias = str | date | Sequence[str | date] | None
Columns: TypeAlias = str | Sequence[str] | None

__version__: str

@final
class Index:
    """The lists in the form in which they are searched. It does not change; any number of threads may share it."""

    @staticmethod
    def open(path: Path) -> Index:
        """Open an index file. It is mapped, so that processes share its memory."""
    @staticmethod
    def build(paths: Path | Sequence[Path], *, allow_incomplete: Sequence[str] = ...) -> Index:
        """Build an index from lists: files, or folders with any mix of layouts. A list that is not whole is an error,
        unless its name is in ``allow_incomplete``. What is passed over is in :attr:`notices`."""
    @staticmethod
    def starter() -> Index:
        """The index of the starter list that is built in, for trying: it is neither complete nor current."""
    def save(self, path: Path) -> None:
        """Write the index to a file, which appears whole or not at all."""
    @property
    def entities(self) -> int:
        """The number of listed parties."""
    @property
    def names(self) -> int:
        """The number of listed names."""
    @property
    def nbytes(self) -> int:
        """Bytes of the index."""
    @property
    def lists(self) -> list[dict[str, Any]]:
        """The lists: name, date, SHA-256, counts."""
    @property
    def notices(self) -> list[str]:
        """Files that were not read and records that were rejected when the lists were read."""

@final
class Screener:
    """Screens parties and tables. Any number of threads may share it.

    ``config`` is a file as the program's ``--config``; ``threshold`` and ``limit`` go before it. With ``since``, an index or
    lists of an earlier day, only the hits are found that are new, changed or gone.
    """

    def __new__(
        cls,
        index: Index | Path,
        *,
        config: Path | None = ...,
        threshold: float | None = ...,
        limit: int | None = ...,
        since: Index | Path | None = ...,
    ) -> Screener: ...
    def screen(
        self,
        name: str | None = ...,
        *,
        text: str | None = ...,
        schema: str | None = ...,
        birth_date: Dates = ...,
        country: Values = ...,
        gender: str | None = ...,
        passport: Values = ...,
        national_id: Values = ...,
        tax_number: Values = ...,
        registration_number: Values = ...,
        lei: Values = ...,
        bic: Values = ...,
        iban: Values = ...,
        imo: Values = ...,
        mmsi: Values = ...,
        call_sign: Values = ...,
        tail_number: Values = ...,
        aircraft_serial_number: Values = ...,
        wallet: Values = ...,
        identifier: Values = ...,
    ) -> list[Hit]:
        """The hits of one party, best first. Instead of a name, ``text`` is free text in which names are looked for."""
    def outcome(self, name: str | None = ..., *, text: str | None = ..., **fields: Any) -> Outcome:
        """As :meth:`screen`, with what was withheld from the hits."""
    def screen_all(self, parties: Iterable[str | Mapping[str, Any]]) -> list[list[Hit]]:
        """The hits of each of many parties, on all processors: names, or dictionaries of the keywords of :meth:`screen`."""
    def screen_table(
        self,
        table: Any,
        name: Columns = ...,
        *,
        text: Columns = ...,
        carry: Columns = ...,
        schema: Columns = ...,
        birth_date: Columns = ...,
        country: Columns = ...,
        gender: Columns = ...,
        threads: int | None = ...,
        cleared: bool = ...,
        rejected: Literal["list", "rows"] = ...,
        progress: Callable[[int], object] | None = ...,
        **identifiers: Columns,
    ) -> HitTable:
        """The hits of a table: anything with ``__arrow_c_stream__`` or ``__arrow_c_array__``.

        Keywords name columns; those that are not named are found by their headers. ``First+Last`` joins two columns of a
        name; several names are each screened. ``text`` names columns of free text instead, in which names are looked for: the
        hits have the words and their bytes in ``query_part`` and ``query_span``. ``carry`` names columns to copy. ``schema`` may also be a kind of party, for
        rows without one. ``cleared=True`` shows the hits that other fields cleared, and ``rejected="rows"`` puts rejected
        rows among the hits. ``progress`` is called with the number of rows done.
        """
    def screen_batches(
        self,
        batches: Any,
        name: Columns = ...,
        *,
        text: Columns = ...,
        carry: Columns = ...,
        schema: Columns = ...,
        birth_date: Columns = ...,
        country: Columns = ...,
        gender: Columns = ...,
        threads: int | None = ...,
        cleared: bool = ...,
        rejected: Literal["list", "rows"] = ...,
        progress: Callable[[int], object] | None = ...,
        **identifiers: Columns,
    ) -> HitStream:
        """As :meth:`screen_table`, batch by batch in bounded memory. ``batches`` may also be an iterable of batches."""
    def payments(self, source: bytes | Path) -> list[dict[str, Any]]:
        """The payment messages of a file, or of bytes: ISO 20022, SWIFT MT, NACHA, Fedwire. Each is a dictionary with its
        ``number``, ``format``, ``kind``, ``transactions``, ``subjects`` and ``problems``, its ``verdict`` (``pass``, ``hold``
        or ``unreadable``), and the ``findings`` that hold it, each with the number of its subject."""
    @property
    def threshold(self) -> float:
        """The lowest score of a hit."""
    @property
    def limit(self) -> int:
        """The most parties of one query."""
    @property
    def nbytes(self) -> int:
        """Bytes of the index and the caches that all threads share."""

@final
class Hit:
    """A listed party that matched."""

    @property
    def score(self) -> float: ...
    @property
    def list(self) -> str: ...
    @property
    def entity_id(self) -> str: ...
    @property
    def entity_name(self) -> str: ...
    @property
    def matched_name(self) -> str: ...
    @property
    def matched_by(self) -> str: ...
    @property
    def schema(self) -> str: ...
    @property
    def programs(self) -> Sequence[str]: ...
    @property
    def program(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def weak(self) -> bool: ...
    @property
    def change(self) -> str | None: ...
    @property
    def cleared_by(self) -> Sequence[str]: ...
    @property
    def query_part(self) -> str | None: ...
    @property
    def query_span(self) -> tuple[int, int] | None:
        """Where that part stands in the name or text, as the bounds of a slice of it."""
    def explain(self) -> Explanation | None:
        """Why it is a hit; ``None`` for one by identifier alone."""
    def to_dict(self) -> dict[str, Any]: ...

@final
class Outcome:
    """The hits of a query, and what was withheld from them."""

    @property
    def hits(self) -> list[Hit]: ...
    @property
    def cleared(self) -> list[Hit]: ...
    @property
    def cut(self) -> int: ...
    @property
    def weak(self) -> int: ...
    @property
    def cleared_count(self) -> int: ...

@final
class Explanation:
    """The parts of a score; ``str()`` is a text for a person."""

    def to_dict(self) -> dict[str, Any]: ...

@final
class Rejected:
    """A row that was not screened."""

    @property
    def row(self) -> int: ...
    @property
    def reason(self) -> str: ...

@final
class HitTable:
    """The hits of a table: a table of Arrow, to be read as often as wanted."""

    def __arrow_c_stream__(self, requested_schema: object | None = ...) -> object: ...
    def __arrow_c_array__(self, requested_schema: object | None = ...) -> tuple[object, object]: ...
    def __arrow_c_schema__(self) -> object: ...
    def __len__(self) -> int: ...
    @property
    def num_rows(self) -> int: ...
    @property
    def column_names(self) -> list[str]: ...
    @property
    def counts(self) -> dict[str, int]:
        """Rows by outcome: rows = screened + rejected; with_hits, hits, and what was withheld: cleared, cut, weak."""
    @property
    def rejected(self) -> list[Rejected]: ...
    @property
    def notices(self) -> list[str]: ...
    @property
    def columns(self) -> str: ...
    def to_arrow(self) -> Any: ...
    def to_pandas(self) -> Any: ...
    def to_polars(self) -> Any: ...

@final
class HitStream:
    """Hits that are made as they are asked for: an iterator of tables, or once a stream of Arrow."""

    def __iter__(self) -> Iterator[HitTable]: ...
    def __next__(self) -> HitTable: ...
    def __arrow_c_stream__(self, requested_schema: object | None = ...) -> object: ...
    @property
    def counts(self) -> dict[str, int]: ...
    @property
    def rejected(self) -> list[Rejected]: ...
    @property
    def notices(self) -> list[str]: ...

def score(a: str, b: str, schema: str | None = ...) -> float:
    """The score of two names in [0, 1]."""

def explain(a: str, b: str, schema: str | None = ...) -> Explanation | None:
    """Why two names have their score; the second is taken as listed. ``None`` if they score less than 0.5."""

def evaluate(
    screener: Screener,
    *,
    negatives: Sequence[Path],
    positives: Path | None = ...,
    name_column: str | None = ...,
    seed: int = ...,
    per_kind: int = ...,
) -> dict[str, Any]:
    """Recall and alert rate on labelled names, as the program's ``evaluate --json``. Without ``positives``, listed names are
    altered at random."""

def run_program(arguments: Sequence[str]) -> int: ...
