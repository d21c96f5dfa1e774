"""Sanctions screening: finds listed people, companies, ships and aircraft under any spelling, and explains every hit.

>>> import interdict
>>> index = interdict.Index.starter()      # or Index.open("lists.idx"), Index.build(["lists/"])
>>> screener = interdict.Screener(index, threshold=0.85)
>>> hit = screener.screen("Integrety Technolgy Group")[0]
>>> hit.entity_name, hit.matched_by
('INTEGRITY TECHNOLOGY GROUP, INCORPORATED', 'name')
>>> print(hit.explain())  # doctest: +ELLIPSIS
    integrety                ~ integrity                close spelling ...

A table of pandas, Polars, PyArrow or DuckDB is screened in one call, on all processors. The answer is a table of Arrow:

>>> import pyarrow as pa
>>> customers = pa.table({"id": [7, 8, 9], "customer": ["Lazarus Grupo", "Jane Roe", None]})
>>> hits = screener.screen_table(customers, name="customer", carry=["id"])
>>> pa.table(hits).select(["row", "query", "entity_name", "id"]).to_pylist()
[{'row': 1, 'query': 'Lazarus Grupo', 'entity_name': 'LAZARUS GROUP', 'id': 7}]

Nothing is lost silently. What was not screened is told:

>>> hits.counts["rows"], hits.counts["screened"], hits.rejected
(3, 2, [<interdict.Rejected row 3: no name>])

The interpreter's lock is released while anything is screened, and an interrupt is answered. Errors are
:class:`interdict.Error`; of a wrong argument :class:`interdict.OptionError`, which is a ``ValueError`` too.
"""

from ._errors import Error, OptionError
from ._interdict import (
    Explanation,
    Hit,
    HitStream,
    HitTable,
    Index,
    Outcome,
    Rejected,
    Screener,
    __version__,
    evaluate,
    explain,
    score,
)

__all__ = [
    "Error",
    "Explanation",
    "Hit",
    "HitStream",
    "HitTable",
    "Index",
    "OptionError",
    "Outcome",
    "Rejected",
    "Screener",
    "__version__",
    "evaluate",
    "explain",
    "score",
]
