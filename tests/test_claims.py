"""Claims: what is printed, what is glued, what is refused."""

import pytest
from IPython.testing.globalipapp import start_ipython
from IPython.utils.capture import capture_output

from lessons_lib.claims import claim


def test_a_false_piece_of_evidence_takes_the_verdict_back(capsys):
    claim("k", "Water is dry.", "does not hold", {"wet": True, "very wet": False}, figures={"depth": 3})
    assert capsys.readouterr().out.splitlines() == [
        "Claim: Water is dry.",
        "  depth 3",
        "  wet: True",
        "  very wet: False",
        "Verdict: not confirmed by this run",
    ]


def test_a_notebook_keeps_every_part_for_other_pages():
    start_ipython()
    with capture_output() as captured:
        claim("dry", "Water is dry.", "does not hold", {"wet": True}, figures={"depth": 3})
    kept = {
        output.metadata["scrapbook"]["name"]: output.data["application/papermill.record/text/plain"]
        for output in captured.outputs
    }
    assert kept == {
        "dry": "'Water is dry.'",
        "dry-verdict": "'does not hold'",
        "dry-evidence": "'wet'",
        "dry-figures": "'depth 3'",
    }


@pytest.mark.parametrize(
    ("verdict", "evidence", "error", "message"),
    [
        ("maybe", {"wet": True}, ValueError, "verdict must be one of 'holds'"),
        ("holds", {}, ValueError, "evidence must not be empty"),
        ("holds", {"wet": "yes"}, TypeError, "evidence must be True or False. Received: 'wet': 'yes'"),
        ("holds", {"wet": 0.5}, TypeError, "evidence must be True or False"),
    ],
)
def test_bad_claims_are_refused(verdict, evidence, error, message):
    with pytest.raises(error, match=message):
        claim("k", "Water is dry.", verdict, evidence)
