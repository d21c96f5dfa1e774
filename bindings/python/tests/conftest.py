"""A small list, its index, and the program, for all tests. Nothing is read from outside the project."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import interdict

LIST = """id,name,aliases,schema,birth_date,country,imo,program
7,PETROVSKY Anatoly Borisovich,Анатолий Петровский,Person,1970-03-04,ru,,P1;P2
8,OCEAN LILY 3,,Vessel,,ir,9253325,
9,Volga Star Shipping LLC,Volga Star,Company,,ru,,P1
10,Li Wei,李伟,Person,,cn,,P3
11,Kadyrov Ramzan,,Person,1976-10-05,ru,,P1
"""

#: Names with and without hits, and what stands for none.
NAMES = [
    "Anatoli Petrovski",
    "Jane Roe",
    None,
    "Ocean Lily 3",
    "—",
    'Volga "Star" Shipping, Ltd',
    "Вэй Ли",
    "李伟",
    "Ramzan Kadyrow",
    "",
]
DATES = ["1970-03-04", None, None, None, None, "2001-02-03", "", "soon", "1976-10-05", None]
COUNTRIES = ["Russia", "us", None, "ir", None, "ru", "cn", None, "Narnia", None]


@pytest.fixture(scope="session")
def list_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lists") / "own.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def index_file(list_file: Path) -> Path:
    path = list_file.with_suffix(".idx")
    interdict.Index.build(list_file).save(path)
    return path


@pytest.fixture(scope="session")
def screener(index_file: Path) -> interdict.Screener:
    return interdict.Screener(interdict.Index.open(index_file))


@pytest.fixture(scope="session")
def columns() -> dict[str, list[Any]]:
    """A table of 2,000 rows as columns."""
    times = 200
    return {
        "nr": list(range(len(NAMES) * times)),
        "customer": NAMES * times,
        "dob": DATES * times,
        "country": COUNTRIES * times,
    }


def program(*arguments: object, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command that the wheel brings."""
    command = [sys.executable, "-m", "interdict", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, encoding="utf-8", check=False)


def program_hits(index_file: Path, columns: dict[str, list[Any]], *options: str) -> list[dict[str, str]]:
    """The hits of the program for the same table as CSV."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(columns)
    writer.writerows(zip(*[["" if v is None else v for v in column] for column in columns.values()]))
    done = program(
        "screen", "-", "--index", index_file, "--spreadsheet-safe", "never", *options, stdin=table.getvalue()
    )
    assert done.returncode in (0, 4), done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def as_written(hits: list[dict[str, Any]], header: list[str]) -> list[dict[str, str]]:
    """Rows of hits as the program writes them."""
    def text(name: str, value: Any) -> str:
        if value is None:
            return ""
        return f"{value:.5f}" if name == "score" else str(value)

    return [{name: text(name, hit[name]) for name in header} for hit in hits]
