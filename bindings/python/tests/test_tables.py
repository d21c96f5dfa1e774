"""Tables of every library, with the hits of the program."""

from __future__ import annotations

import datetime
import threading
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pyarrow as pa
import pytest
from conftest import NAMES, as_written, program_hits

import interdict

Columns = dict[str, list[Any]]


def tables(columns: Columns) -> dict[str, Any]:
    arrow = pa.table(columns)
    strings = ["customer", "dob", "country"]

    def cast(kind: Any) -> Any:
        fields = [pa.field(f.name, kind if f.name in strings else f.type) for f in arrow.schema]
        return arrow.cast(pa.schema(fields))

    frame = pandas.DataFrame(columns)
    return {
        "pandas": frame,
        "pandas categorical": frame.astype({"customer": "category", "country": "category"}),
        "polars": polars.DataFrame(columns),
        "polars categorical": polars.DataFrame(columns).with_columns(polars.col("country").cast(polars.Categorical)),
        "pyarrow": arrow,
        "pyarrow large": cast(pa.large_string()),
        "pyarrow view": cast(pa.string_view()),
        "pyarrow dictionary": cast(pa.dictionary(pa.int8(), pa.string())),
        "pyarrow batch": arrow.combine_chunks().to_batches()[0],
        "pyarrow small batches": pa.Table.from_batches(arrow.to_batches(max_chunksize=7)),
        "pyarrow reader": pa.RecordBatchReader.from_batches(arrow.schema, iter(arrow.to_batches(max_chunksize=99))),
        "duckdb": duckdb.sql("select * from arrow"),
    }


KINDS = list(tables({"nr": [1], "customer": ["a"], "dob": ["b"], "country": ["c"]}))


@pytest.fixture(scope="module")
def expected(index_file: Path, columns: Columns) -> list[dict[str, str]]:
    hits = program_hits(index_file, columns, "--carry", "nr")
    assert len(hits) > 1000
    return hits


@pytest.mark.parametrize("kind", KINDS)
def test_every_library_gives_the_hits_of_the_program(
    kind: str, screener: interdict.Screener, columns: Columns, expected: list[dict[str, str]]
) -> None:
    hits = screener.screen_table(tables(columns)[kind], name="customer", carry="nr")
    assert as_written(hits.to_arrow().to_pylist(), list(expected[0])) == expected
    counts = hits.counts
    assert counts["rows"] == counts["screened"] + counts["rejected"] == len(columns["nr"])
    assert [(r.row, r.reason) for r in hits.rejected][:3] == [
        (3, "no name"),
        (5, "the name has neither letter nor digit"),
        (10, "no name"),
    ]
    assert len(hits.rejected) == counts["rejected"] == 600
    assert any("soon" in line for line in hits.notices), hits.notices


def test_the_hits_are_read_by_every_library_and_more_than_once(screener: interdict.Screener) -> None:
    hits = screener.screen_table(pandas.DataFrame({"name": NAMES}))
    rows = pa.table(hits).num_rows
    assert rows == len(hits) == hits.num_rows > 4
    assert polars.DataFrame(hits).height == rows
    assert len(hits.to_pandas()) == hits.to_polars().height == rows
    assert duckdb.sql("select count(*) from hits").fetchall() == [(rows,)]
    assert hits.column_names[:9] == [
        "row", "query", "score", "list", "entity_id", "entity_name", "matched_name", "schema", "program",
    ]  # fmt: skip


def test_carried_columns_keep_their_type_and_hide_no_column(screener: interdict.Screener) -> None:
    table = pa.table(
        {
            "name": ["Li Wei", "Jane Roe", "Ramzan Kadyrov"],
            "score": pa.array([1.5, 2.5, None], pa.float32()),
            "tags": [["a"], [], ["b", "c"]],
        }
    )
    hits = pa.table(screener.screen_table(table, carry=["score", "tags"]))
    assert hits.schema.field("input_score").type == pa.float32()
    assert hits.select(["input_score", "tags"]).to_pylist() == [
        {"input_score": 1.5, "tags": ["a"]},
        {"input_score": None, "tags": ["b", "c"]},
    ]


def test_dates_of_every_type_are_compared(screener: interdict.Screener) -> None:
    day = datetime.date(1976, 10, 5)
    time = datetime.datetime(1976, 10, 5)
    for values in [
        pa.array([day], pa.date32()),
        pa.array([day], pa.date64()),
        pa.array([time], pa.timestamp("ns")),
        pa.array([time], pa.timestamp("s", "UTC")),
        pa.array(["5 October 1976"]),
    ]:
        hits = pa.table(screener.screen_table(pa.table({"name": ["Ramzan Kadyrow"], "d": values}), birth_date="d"))
        plain = screener.screen("Ramzan Kadyrow")[0].score
        assert hits["score"][0].as_py() == screener.screen("Ramzan Kadyrow", birth_date=day)[0].score > plain
    with pytest.raises(interdict.OptionError, match="'d' has the type Timestamp.*Europe/Berlin"):
        zoned = pa.table({"name": ["x"], "d": pa.array([time], pa.timestamp("s", "Europe/Berlin"))})
        screener.screen_table(zoned, birth_date="d")


def test_lists_and_numbers_are_fields(screener: interdict.Screener) -> None:
    table = pa.table({"name": ["Another Name", "Other Name"], "imo": [9253325, None], "country": [["ir", "us"], []]})
    hits = pa.table(screener.screen_table(table))
    assert hits["matched_by"].to_pylist() == ["identifier"]
    assert hits["compared"].to_pylist() == ["country=ir\\;us;imo=9253325"]


def test_empty_tables_have_no_hits(screener: interdict.Screener) -> None:
    for table in [pandas.DataFrame({"name": []}), polars.DataFrame({"name": []}), pa.table({"name": pa.array([], pa.string())})]:
        hits = screener.screen_table(table)
        assert len(hits) == 0 and hits.counts["rows"] == 0
        assert pa.table(hits).column_names == hits.column_names
    assert list(screener.screen_batches(iter([]))) == []


def test_columns_without_any_value_are_read(screener: interdict.Screener) -> None:
    for table in [polars.DataFrame({"name": ["Li Wei"], "x": [None]}), pandas.DataFrame({"name": ["Li Wei"], "x": [None]})]:
        assert len(screener.screen_table(table)) == 1
        assert pa.table(screener.screen_table(table, carry="x"))["x"].to_pylist() == [None]


def test_streams_give_the_same_hits(screener: interdict.Screener, columns: Columns) -> None:
    table = pa.table(columns)
    expected = pa.table(screener.screen_table(table, name="customer", carry="nr"))
    stream = screener.screen_batches(iter(table.to_batches(max_chunksize=64)), name="customer", carry="nr")
    found = pa.Table.from_batches(pa.record_batch(hits) for hits in stream)
    assert found.to_pylist() == expected.to_pylist()
    assert stream.counts["rows"] == table.num_rows and len(stream.rejected) == 600
    lazily = pa.table(screener.screen_batches(table, name="customer", carry="nr"))
    assert lazily.to_pylist() == expected.to_pylist()


def test_rejected_rows_can_be_among_the_hits(screener: interdict.Screener) -> None:
    table = pa.table({"name": NAMES, "nr": list(range(len(NAMES)))})
    hits = pa.table(screener.screen_table(table, carry="nr", rejected="rows")).to_pylist()
    rejected = [(hit["row"], hit["nr"], hit["rejected"]) for hit in hits if hit["rejected"] is not None]
    assert rejected == [(3, 2, "no name"), (5, 4, "the name has neither letter nor digit"), (10, 9, "no name")]


def test_cleared_hits_can_be_shown(screener: interdict.Screener) -> None:
    table = pa.table({"name": ["Ramzan Kadyrov"], "schema": ["Vessel"], "birth_date": ["1950-01-02"]})
    hidden = screener.screen_table(table)
    assert len(hidden) == 0 and hidden.counts["cleared"] == 1
    shown = pa.table(screener.screen_table(table, cleared=True))
    assert shown["cleared_by"].to_pylist()[0]


def test_what_cannot_be_screened_is_said(screener: interdict.Screener) -> None:
    frame = pandas.DataFrame({"x": ["Li Wei"]})
    with pytest.raises(interdict.Error, match="no column name / full_name"):
        screener.screen_table(frame)
    with pytest.raises(interdict.Error, match="'nr'"):
        screener.screen_table(frame, name="x", carry=["nr"])
    with pytest.raises(interdict.OptionError, match="'colour' is no field"):
        screener.screen_table(frame, name="x", colour="x")
    with pytest.raises(ValueError, match="neither 'list' nor 'rows'"):
        screener.screen_table(frame, name="x", rejected="no")
    with pytest.raises(TypeError, match="'list' is no Arrow table"):
        screener.screen_table([1])
    with pytest.raises(TypeError, match=r"collect\(\)"):
        screener.screen_table(polars.LazyFrame({"name": ["x"]}))


def test_an_error_of_the_input_comes_through(screener: interdict.Screener) -> None:
    def batches() -> Any:
        yield pa.record_batch({"name": ["Li Wei"]})
        raise RuntimeError("the source is gone")

    found = []
    with pytest.raises(RuntimeError, match="the source is gone"):
        for hits in screener.screen_batches(batches()):
            found.append(hits)
    assert sum(map(len, found)) == 1


def test_threads_share_a_screener(screener: interdict.Screener, columns: Columns) -> None:
    table = pa.table(columns)
    expected = len(screener.screen_table(table, name="customer"))
    found: list[int] = []

    def work() -> None:
        for _ in range(3):
            found.append(len(screener.screen_table(table, name="customer", threads=2)))
            assert screener.screen("Li Wei")[0].entity_id == "10"

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 18


def test_progress_is_told(screener: interdict.Screener, columns: Columns) -> None:
    told: list[int] = []
    screener.screen_table(pa.table(columns), name="customer", progress=told.append)
    assert told and told == sorted(told) and told[-1] <= len(columns["nr"])

    def fails(_: int) -> None:
        raise KeyError("stop")

    with pytest.raises(KeyError):
        screener.screen_table(pa.table(columns), name="customer", progress=fails)


def test_names_within_free_text_are_found_where_they_stand(screener: interdict.Screener) -> None:
    table = pa.table({"id": ["a", "b"], "note": ["rent May Ramzan KADYROV flat 9", "rent June"]})
    hits = pa.table(screener.screen_table(table, text="note", carry=["id"])).to_pylist()
    assert [(hit["row"], hit["query_part"], hit["query_span"], hit["id"]) for hit in hits] == [
        (1, "Ramzan KADYROV", "9-23", "a")
    ]
    text = "loyer été Ramzan KADYROV"
    hit = screener.screen(text=text)[0]
    assert hit.query_span is not None
    assert text[slice(*hit.query_span)] == hit.query_part == "Ramzan KADYROV"
