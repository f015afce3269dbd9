"""The multiverse: which runs are needed, what they record, and which verdicts fall."""

import importlib.util
import json
from pathlib import Path

import nbformat
import pytest

from lessons_lib import claims

# The result of each seed is the seed itself, so that other seeds give another mean: 2 at home and 7 elsewhere.
EXPERIMENT = """from lessons_lib import claims, training
seeds = training.repeat(float, seeds=5)
claims.claim("sturdy", "Seeds are small.", "A book", supports={"they are small": seeds < 100})
claims.claim("frail", "Seeds are tiny.", "A book", supports={"they are tiny": seeds < 5})
claims.claim("sure", "One is one.", "A book", supports={"it is": True})"""


def load(name):
    path = Path(__file__).parents[2] / "tools" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"tools_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def multiverse(tmp_path, monkeypatch):
    """Give the tool in a folder of its own, with one chapter that has run at home."""
    module = load("multiverse")
    monkeypatch.setattr(module, "BOOK", tmp_path)
    monkeypatch.setattr(module, "RECORD", tmp_path / "multiverse.json")
    monkeypatch.setattr(module, "UNIVERSES", {"seeds 5 to 9": "seeds=5", "another split": "split=1"})
    monkeypatch.setattr(module.read_record, "__defaults__", (tmp_path / "multiverse.json",))
    monkeypatch.setattr(module.write, "__defaults__", (tmp_path / "multiverse.json",))
    cells = [nbformat.v4.new_code_cell(source) for source in ("raise ValueError('planted')", EXPERIMENT)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    path = tmp_path / "01_seeds.ipynb"
    nbformat.write(notebook, path)
    nbformat.write(module.run(path, "")[0], path)
    return module


def test_each_run_is_recorded_once_and_what_falls_is_told(multiverse, tmp_path, capsys):
    assert multiverse.main([]) == 1
    printed = capsys.readouterr().out
    assert "01_seeds, seeds 5 to 9: " in printed
    assert "frail (holds): seeds 5 to 9: does not hold" in printed
    assert printed.count("For: they are tiny: 7.000") == 1
    record = json.loads((tmp_path / "multiverse.json").read_text())
    assert record["claims"]["frail"]["verdicts"] == {"seeds 5 to 9": "does not hold", "another split": "holds"}
    assert record["claims"]["sturdy"]["verdicts"] == {"seeds 5 to 9": "holds", "another split": "holds"}
    assert record["claims"]["sturdy"]["intervals"] == {
        "seeds 5 to 9": ["5.0368…8.9632"],
        "another split": ["0.0368…3.9632"],
    }
    assert "sure" not in record["claims"]
    assert set(record["runs"]["01_seeds"]["another split"]) == {"date", "seconds", "keras", "numpy"}
    assert multiverse.main(["01"]) == 1
    assert "01_seeds, " not in capsys.readouterr().out


def test_a_reworded_claim_is_run_again(multiverse, tmp_path):
    notebook = nbformat.read(tmp_path / "01_seeds.ipynb", as_version=4)
    stored = multiverse.measured_claims(notebook)
    record = multiverse.read_record()
    for universe in multiverse.UNIVERSES:
        multiverse.add(record, "01_seeds", universe, stored, stored, 1.0)
    multiverse.write(record)
    paths = [tmp_path / "01_seeds.ipynb"]
    assert list(multiverse.still_to_run(record, paths, anew=False)) == []
    assert len(list(multiverse.still_to_run(record, paths, anew=True))) == 2
    stored["frail"]["evidence"][0]["margin"] = 6
    assert not multiverse.is_recorded(record, stored["frail"], "another split")
    multiverse.add(record, "01_seeds", "another split", stored, stored, 1.0)
    assert list(record["claims"]["frail"]["verdicts"]) == ["another split"]


def test_a_claim_that_a_run_does_not_reach_has_no_result(multiverse, tmp_path):
    stored = multiverse.measured_claims(nbformat.read(tmp_path / "01_seeds.ipynb", as_version=4))
    record = multiverse.read_record()
    multiverse.add(record, "01_seeds", "another split", stored, {}, 1.0)
    assert len(multiverse.what_falls(record, stored)) == 2
    assert record["claims"]["sturdy"]["verdicts"] == {"another split": "no result"}


def test_what_is_measured_does_not_belong_to_the_wording():
    record = claims.record("k", "One is one.", "A book", supports={"it is": True})
    assert claims.wording(record) == claims.wording({**record, "verdict": "does not hold", "source": "Another book"})
    assert claims.wording(record) != claims.wording({**record, "statement": "Two is two."})


def outcome_in(piece, interval):
    """Return what an interval of another universe says of a piece of evidence: as `Comparison.outcome`."""
    low, high = (float(end) for end in interval.split("…"))
    is_shown, is_refuted = low > piece["margin"], high < piece["margin"]
    if piece["relation"] == "less than":
        is_shown, is_refuted = is_refuted, is_shown
    return True if is_shown else False if is_refuted else None


def test_no_piece_of_evidence_hangs_on_the_universe_it_was_measured_in():
    # One universe of six may leave open what the others show. Where two do, the claim must say less.
    tool = load("multiverse")
    record = tool.read_record()
    compared = 0
    for path in sorted(tool.BOOK.glob("*.ipynb")):
        for key, claim in tool.measured_claims(nbformat.read(path, as_version=4)).items():
            intervals = record["claims"][key]["intervals"].values()
            for place, piece in enumerate(claim["evidence"]):
                if piece.get("relation") not in {"more than", "less than"}:
                    continue
                elsewhere = [outcome_in(piece, found[place]) for found in intervals]
                differing = [found for found in elsewhere if found != piece["outcome"]]
                assert len(differing) <= 1, (key, piece["text"], list(intervals))
                assert piece["outcome"] is None or set(differing) <= {None}, (key, piece["text"])
                compared += len(elsewhere)
    assert compared > 300
