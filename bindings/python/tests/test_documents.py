"""The examples of the package and of its README run as they stand."""

from __future__ import annotations

import doctest
from pathlib import Path

import interdict


def test_examples_of_the_package() -> None:
    tested = doctest.testmod(interdict)
    assert tested.attempted > 5 and tested.failed == 0


def test_examples_of_the_readme(tmp_path: Path, monkeypatch: object) -> None:
    readme = Path(__file__).parent.parent / "README.md"
    tested = doctest.testfile(str(readme), module_relative=False, globs={"folder": tmp_path})
    assert tested.attempted > 10 and tested.failed == 0
