"""Single queries, indexes, scores, and the command."""

from __future__ import annotations

import datetime
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import LIST, program

import interdict


def test_a_party_is_screened_with_its_fields(screener: interdict.Screener) -> None:
    plain = screener.screen("Anatoli Petrovski")[0]
    assert (plain.list, plain.entity_id, plain.schema, plain.programs) == ("own", "7", "Person", ["P1", "P2"])
    same = screener.screen(name="Anatoli Petrovski", birth_date=datetime.date(1970, 3, 4), country=["ru", "us"])[0]
    assert same.score > plain.score
    assert same.to_dict()["entity_name"] == same.entity_name == "PETROVSKY Anatoly Borisovich"
    assert screener.screen("Another Name", imo=9253325)[0].matched_by == "identifier"
    assert screener.screen("Jane Roe") == []


def test_a_hit_is_explained(screener: interdict.Screener) -> None:
    hit = screener.screen("Volga Sta")[0]
    explanation = hit.explain()
    assert explanation is not None
    assert "volga" in str(explanation) and explanation.to_dict()["pairs"][0]["listed"] == "volga"
    assert repr(hit).startswith("<interdict.Hit 0.")


def test_what_is_withheld_is_counted(screener: interdict.Screener) -> None:
    outcome = screener.outcome("Ramzan Kadyrov", schema="Vessel", birth_date="1950-01-02")
    assert outcome.hits == [] and outcome.cleared_count == 1 and outcome.cleared[0].entity_id == "11"


def test_many_parties_have_the_hits_of_each(screener: interdict.Screener) -> None:
    parties = ["Li Wei", {"name": "Ramzan Kadyrow", "birth_date": "1976-10-05"}, "Jane Roe"] * 50
    hits = screener.screen_all(parties)
    assert len(hits) == 150
    assert hits[1][0].score == screener.screen("Ramzan Kadyrow", birth_date="1976-10-05")[0].score
    assert hits[2] == [] and hits[147][0].entity_id == "10"


def test_wrong_arguments_are_errors_with_a_reason(screener: interdict.Screener, index_file: Path) -> None:
    for keywords, message in [
        ({"birth_date": "soon"}, "birth_date: 'soon' is not a date"),
        ({"country": "Narnia"}, "country: 'Narnia' is not a country"),
        ({"schema": "retail"}, "schema: 'retail' is not a kind of party"),
        ({"colour": "red"}, "'colour' is no field"),
    ]:
        with pytest.raises(interdict.OptionError, match=message):
            screener.screen("Jane Roe", **keywords)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="needs a name or an identifier"):
        screener.screen("  ")
    with pytest.raises(interdict.OptionError, match="threshold.default must be a number from 0.5 to 1"):
        interdict.Screener(str(index_file), threshold=0.2)
    with pytest.raises(TypeError):
        screener.screen(7)  # type: ignore[arg-type]


def test_files_that_are_no_index_are_refused(tmp_path: Path, list_file: Path) -> None:
    with pytest.raises(interdict.Error, match="missing.idx"):
        interdict.Index.open(tmp_path / "missing.idx")
    with pytest.raises(interdict.Error, match="own.csv"):
        interdict.Index.open(list_file)
    with pytest.raises(interdict.Error):
        interdict.Index.build([tmp_path])


def test_an_index_tells_its_lists(index_file: Path) -> None:
    index = interdict.Index.open(index_file)
    assert index.entities == 5 and index.names == 8 and index.lists[0]["name"] == "own"
    assert "own" in repr(index)


def test_changes_alone_can_be_screened(tmp_path: Path, index_file: Path) -> None:
    (tmp_path / "own.csv").write_text(LIST.replace("Li Wei", "Li Weiming"), encoding="utf-8")
    new = interdict.Index.build(tmp_path / "own.csv")
    screener = interdict.Screener(new, since=index_file)
    assert {hit.change for hit in screener.screen("Li Weiming")} <= {"new", "changed", "gone"}
    assert screener.screen("Li Weiming") and screener.screen("Ramzan Kadyrov") == []


def test_a_configuration_is_read(tmp_path: Path, index_file: Path) -> None:
    config = tmp_path / "interdict.toml"
    config.write_text("[threshold]\ndefault = 0.9\n")
    assert interdict.Screener(index_file, config=config).threshold == 0.9
    assert interdict.Screener(index_file, config=config, threshold=0.8).threshold == 0.8
    config.write_text("[threshold]\ndefault = 90\n")
    with pytest.raises(interdict.Error, match="line 2"):
        interdict.Screener(index_file, config=config)


def test_two_names_are_scored_and_explained() -> None:
    assert interdict.score("Anatoli Petrovski", "PETROVSKY Anatoly") > 0.85
    assert interdict.score("Jane Roe", "Acme") < 0.5
    assert interdict.explain("Anatoli Petrovski", "PETROVSKY Anatoly") is not None
    assert interdict.explain("Jane Roe", "Acme") is None


MT103 = (
    b"{1:F01BANKDEFFAXXX0000000000}{2:I103BANKGB2LXXXXN}{4:\r\n:20:A1\r\n:23B:CRED\r\n:32A:260615EUR5,\r\n"
    b":50K:RAMZAN KADYROV\r\n:59:/12\r\nJANE ROE\r\n:71A:SHA\r\n-}"
)


def test_payments_have_a_verdict(tmp_path: Path, screener: interdict.Screener) -> None:
    [message] = screener.payments(MT103)
    assert (message["kind"], message["verdict"]) == ("MT103", "hold")
    [finding] = message["findings"]
    assert message["subjects"][finding["subject"]]["role"] == "debtor"
    assert finding["cause"]["hit"]["entity_id"] == "11"
    (tmp_path / "mt103.fin").write_bytes(MT103.replace(b"RAMZAN KADYROV", b"JOHN DOE"))
    assert [m["verdict"] for m in screener.payments(tmp_path / "mt103.fin")] == ["pass"]
    assert [m["verdict"] for m in screener.payments(b"no message")] == ["unreadable"]
    with pytest.raises(interdict.Error, match="missing.fin"):
        screener.payments(tmp_path / "missing.fin")


def test_names_are_evaluated(tmp_path: Path, screener: interdict.Screener) -> None:
    negatives = tmp_path / "clean.csv"
    negatives.write_text("name\n" + "".join(f"Jane Roe {n}\n" for n in range(50)))
    found = interdict.evaluate(screener, negatives=[negatives], per_kind=5)
    assert found


def test_the_command_is_the_program(index_file: Path) -> None:
    done = program("screen", "-", "--index", index_file, stdin="name\nLi Wei\n\n")
    assert done.returncode == 0 and done.stdout.splitlines()[1].startswith("1,Li Wei,")
    assert program("screen", "-", "--index", index_file, "--fail-on-hit", stdin="name\nLi Wei\n").returncode == 3
    assert program("--version").stdout.startswith("interdict ")
    assert program("nonsense").returncode == 2


INTERRUPTED = """
import sys, interdict, pyarrow as pa
screener = interdict.Screener(sys.argv[1])
batch = pa.record_batch({"name": [f"Name {n} Petrov" for n in range(1000)]})
def endless():
    while True:
        yield batch
print("begun", flush=True)
try:
    for hits in screener.screen_batches(endless()):
        pass
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_an_interrupt_is_answered(index_file: Path) -> None:
    command = [sys.executable, "-c", INTERRUPTED, str(index_file)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "begun\n"
    time.sleep(1)
    child.send_signal(signal.SIGINT)
    output, _ = child.communicate(timeout=20)
    assert output == "interrupted\n" and child.returncode == 0
