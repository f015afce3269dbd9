"""The record of the multiverse covers each measured claim as it is worded now, and each verdict stands everywhere."""

import importlib.util
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("tools_multiverse", ROOT / "tools" / "multiverse.py")
multiverse = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(multiverse)

CLAIMS = {
    key: claim
    for path in sorted((ROOT / "book").glob("*.ipynb"))
    for key, claim in multiverse.measured_claims(nbformat.read(path, as_version=4)).items()
}


@pytest.fixture(scope="module")
def record():
    return multiverse.read_record()


@pytest.mark.parametrize("key", CLAIMS)
def test_a_measured_claim_has_a_record_in_every_universe(record, key):
    missing = [name for name in multiverse.UNIVERSES if not multiverse.is_recorded(record, CLAIMS[key], name)]
    assert not missing, f"make multiverse has not run this claim as it is worded now, with {', '.join(missing)}"


@pytest.mark.parametrize("key", CLAIMS)
def test_its_verdict_stands_there(record, key):
    assert multiverse.what_falls(record, {key: CLAIMS[key]}) == []


def test_the_record_holds_no_claim_that_no_chapter_makes(record):
    assert set(record["claims"]) == set(CLAIMS)
