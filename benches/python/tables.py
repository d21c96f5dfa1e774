#!/usr/bin/env python3
"""Rows a second of `screen_table` from each library beside the program, in one run, with the same hits.

Usage: tables.py LISTS TABLE.csv [NAME_COLUMN]. The program is the one that the package brings.
"""

import csv
import os
import resource
import subprocess
import sys
import tempfile
import time

import duckdb
import pandas
import polars
import pyarrow as pa
import pyarrow.parquet

import interdict


def program(index: str, table: str, column: str, output: str) -> None:
    command = [sys.executable, "-m", "interdict", "screen", table, "--index", index, "--name-column", column,
               "--output", output, "--spreadsheet-safe", "never"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 4):
        sys.exit(done.stderr)


def main(lists: str, table: str, column: str = "name") -> None:
    folder = tempfile.mkdtemp()
    index = os.path.join(folder, "lists.idx")
    interdict.Index.build(lists).save(index)
    screener = interdict.Screener(index)
    frame = pandas.read_csv(table, dtype=str, keep_default_na=False)
    parquet = os.path.join(folder, "table.parquet")
    pyarrow.parquet.write_table(pa.Table.from_pandas(frame, preserve_index=False), parquet)
    made = polars.from_pandas(frame)
    kinds = {
        "pandas": lambda: screener.screen_table(frame, name=column),
        "Polars": lambda: screener.screen_table(made, name=column),
        "DuckDB": lambda: screener.screen_table(duckdb.sql(f"select * from '{parquet}'"), name=column),
        "Parquet": lambda: pa.Table.from_batches(
            pa.record_batch(hits)
            for hits in screener.screen_batches(pyarrow.parquet.ParquetFile(parquet).iter_batches(), name=column)
        ),
    }
    output = os.path.join(folder, "hits.csv")
    started = time.perf_counter()
    program(index, table, column, output)
    seconds = time.perf_counter() - started
    with open(output, encoding="utf-8", newline="") as file:
        expected = [(row["row"], row["score"], row["list"], row["entity_id"], row["matched_name"]) for row in csv.DictReader(file)]
    rows, speed = len(frame), len(frame) / seconds
    print(f"{'program':10} {speed:12,.0f} rows/s  {len(expected):,} hits of {rows:,} rows")
    for kind, run in kinds.items():
        started = time.perf_counter()
        hits = run()
        taken = rows / (time.perf_counter() - started)
        found = pa.table(hits).select(["row", "score", "list", "entity_id", "matched_name"]).to_pylist()
        same = [(str(r["row"]), f"{r['score']:.5f}", r["list"], r["entity_id"], r["matched_name"]) for r in found] == expected
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{kind:10} {taken:12,.0f} rows/s  {taken / speed:5.0%}  hits {'the same' if same else 'DIFFER'}  {memory:,.0f} MB")
    names = frame[column].tolist()[:20000]
    screener.screen(names[0])
    started = time.perf_counter()
    for name in names:
        if name.strip():
            screener.screen(name)
    print(f"single     {(time.perf_counter() - started) / len(names) * 1e6:12.1f} µs a call")


if __name__ == "__main__":
    main(*sys.argv[1:])
