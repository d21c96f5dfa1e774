"""Spark on this machine, with the hits of the program."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import as_written, program_hits

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    session = session.config("spark.sql.shuffle.partitions", "2").getOrCreate()
    yield session
    session.stop()


def frame(spark: Any, columns: dict[str, list[Any]]) -> Any:
    rows = list(zip(*columns.values()))
    return spark.createDataFrame(rows, "nr int, customer string, dob string, country string").repartition(4)


def test_partitions_have_the_hits_of_the_program(spark: Any, index_file: Path, columns: dict[str, list[Any]]) -> None:
    import interdict.spark

    hits = interdict.spark.screen(frame(spark, columns), index_file, name="customer", birth_date="dob",
                                  country="country", carry=["nr"])  # fmt: skip
    rows = [row.asDict() for row in hits.collect()]
    expected = program_hits(index_file, columns, "--carry", "nr")
    header = [name for name in expected[0] if name != "row"]

    def by_row(row: dict[str, str]) -> tuple[int, str, str]:
        return int(row["nr"]), row["entity_id"], row["score"]

    found = as_written([row for row in rows if row["rejected"] is None], header)
    wanted = [{name: hit[name] for name in header} for hit in expected]
    assert sorted(found, key=by_row) == sorted(wanted, key=by_row)
    rejected = sorted(row["nr"] for row in rows if row["rejected"] is not None)
    assert rejected == [nr for nr in columns["nr"] if nr % 10 in (2, 4, 9)]


def test_the_schema_is_that_of_the_hits(spark: Any, index_file: Path, columns: dict[str, list[Any]]) -> None:
    import interdict.spark

    one = frame(spark, columns).select("customer")
    hits = one.mapInArrow(interdict.spark.screener(index_file, name="customer"), interdict.spark.SCHEMA)
    assert hits.where("rejected is null").count() == len(program_hits(index_file, {"customer": columns["customer"]}))


def test_changes_are_screened(spark: Any, tmp_path: Path, index_file: Path) -> None:
    from conftest import LIST

    import interdict
    import interdict.spark

    (tmp_path / "own.csv").write_text(LIST.replace("Li Wei", "Li Weiming"), encoding="utf-8")
    interdict.Index.build(tmp_path / "own.csv").save(tmp_path / "new.idx")
    book = spark.createDataFrame([(1, "Li Weiming"), (2, "Ramzan Kadyrov")], "nr int, name string")
    hits = interdict.spark.screen(book, tmp_path / "new.idx", since=index_file, name="name", carry=["nr"])
    assert {row.nr for row in hits.collect()} == {1}
