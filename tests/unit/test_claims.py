"""Claims: the verdict that follows, what is printed, what a notebook stores and shows, what is refused."""

import json
from fractions import Fraction
from html.parser import HTMLParser
from itertools import product

import numpy as np
import pytest
from IPython.testing.globalipapp import start_ipython
from IPython.utils.capture import capture_output

from lessons_lib import claims
from lessons_lib.claims import claim
from lessons_lib.results import Repeated

AHEAD = Repeated(np.array([0.05, 0.06, 0.04, 0.05, 0.05]))
UNSURE = Repeated(np.array([0.09, -0.05, 0.08, -0.02, 0.02]))

# What the record, the card and the plain text must carry unharmed.
AWKWARD = [
    "holds; or not",
    'the "dot" product',
    "1 < 2 & 3 > 2",
    "<script>alert(1)</script>",
    "{key} {} %s",
    "it's R² = −0.3 ± 0.1",
    "a: True",
    "&amp; \\n $x$ `code`",
]


class Text(HTMLParser):
    """The text of a card, the elements in it and the addresses it leads to."""

    def __init__(self, html):
        super().__init__()
        self.texts, self.tags, self.links = [], set(), []
        self.feed(html)

    def handle_data(self, data):
        self.texts.append(data)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.links += [value for name, value in attributes if name == "href"]


def verdict(**evidence):
    return claims.record("k", "Water is dry.", "A book", **evidence)["verdict"]


@pytest.mark.parametrize(
    ("supports", "contradicts", "expected"),
    [
        ([True], [], "holds"),
        ([True, True], [], "holds"),
        ([], [True], "does not hold"),
        ([False], [], "does not hold"),
        ([False], [True], "does not hold"),
        ([True], [True], "holds with a condition"),
        ([True, False], [], "holds with a condition"),
        ([], [False], "not decided here"),
        ([True], [False], "not decided here"),
    ],
)
def test_the_verdict_follows_from_facts(supports, contradicts, expected):
    sides = ({f"fact {i}": fact for i, fact in enumerate(facts)} for facts in (supports, contradicts))
    assert verdict(**dict(zip(("supports", "contradicts"), sides, strict=True))) == expected


@pytest.mark.parametrize(
    ("supports", "expected"),
    [
        (AHEAD > 0.02, "holds"),
        (AHEAD > 0.09, "does not hold"),
        (AHEAD > 0.05, "not decided here"),
        (AHEAD < 0.09, "holds"),
        (AHEAD.within(0.02), "does not hold"),
        (AHEAD.within(0.09), "holds"),
        (UNSURE > 0, "not decided here"),
        (UNSURE.within(0.02), "not decided here"),
    ],
)
def test_the_verdict_follows_from_interval_and_margin(supports, expected):
    assert verdict(supports={"it is ahead": supports}) == expected


def test_no_evidence_is_absent_from_the_verdict():
    """What is not decided never makes a verdict firmer, and a case against always shows."""
    for outcomes in product((True, False, None), repeat=3):
        pieces = [{"role": "for", "outcome": outcome} for outcome in outcomes]
        found = claims.verdict_of(pieces)
        assert (found == "holds") == (set(outcomes) == {True})
        assert (found == "does not hold") == (set(outcomes) == {False})
        assert (found == "holds with a condition") == ({True, False} <= set(outcomes))


def test_arms_exchanged_turn_the_verdict_round():
    one, other = Repeated(np.array([0.91, 0.92, 0.90, 0.91, 0.93])), Repeated(np.array([0.85, 0.86, 0.87, 0.84, 0.86]))
    assert verdict(supports={"ahead": one - other > 0.02}) == "holds"
    assert verdict(supports={"ahead": other - one > 0.02}) == "does not hold"


def test_the_text_says_source_evidence_with_interval_and_verdict(capsys):
    claim(
        "k",
        "Water is dry.",
        "A book",
        supports={"ahead": AHEAD > 0.02},
        contradicts={"wet": True, "far": UNSURE > 0.2, "behind": AHEAD < 0.02},
    )
    assert capsys.readouterr().out.splitlines() == [
        "Claim: Water is dry.",
        "Source: A book",
        "  For: ahead: 0.050 (0.041…0.059), more than 0.02: shown",
        "  Against: wet: true",
        "  Against: far: 0.024 (-0.052…0.100), more than 0.2: not so",
        "  Against: behind: 0.050 (0.041…0.059), less than 0.02: not so",
        "Verdict: holds with a condition (measurement)",
    ]


def test_a_verdict_names_what_was_looked_at_where_the_statement_says_more():
    evidence = {"supports": {"ahead": AHEAD > 0.02}}
    record, bare = (claims.record("k", "Water is dry.", "A book", **evidence, **on) for on in ({"on": "MNIST"}, {}))
    assert record == bare | {"on": "MNIST"}
    assert claims.wording(record) == claims.wording(bare)
    assert claims.to_text(record).splitlines()[-1] == "Verdict: holds, on MNIST (measurement)"
    assert Text(claims.to_html(record)).texts[2] == "Holds, on MNIST"
    assert Text(claims.to_html(bare)).texts[2] == "Holds"
    assert 'data-verdict="holds"' in claims.to_html(record)


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        ({"supports": {"wet": True}, "on": "digits"}, ValueError, "a proof must hold for all data.*on='digits'"),
        ({"supports": {"ahead": AHEAD > 0.02}, "on": ""}, ValueError, "on must"),
        ({"supports": {"ahead": AHEAD > 0.02}, "on": 3}, TypeError, "on must"),
    ],
)
def test_what_was_looked_at_is_a_text_and_belongs_to_a_measurement(wrong, error, message):
    with pytest.raises(error, match=message):
        claims.record("k", "Water is dry.", "A book", **wrong)


def test_a_notebook_stores_one_output_with_text_card_and_record():
    start_ipython()
    with capture_output() as captured:
        claim("dry", "Water is dry.", "A book", contradicts={"wet": True})
    (output,) = captured.outputs
    assert captured.stdout == ""
    record = {
        "key": "dry",
        "statement": "Water is dry.",
        "source": "A book",
        "kind": "proof",
        "verdict": "does not hold",
        "evidence": [{"text": "wet", "role": "against", "outcome": True}],
    }
    assert output.data[claims.MIME] == record
    assert output.data["text/plain"] == claims.to_text(record)
    assert output.data["text/html"] == claims.to_html(record)
    assert set(output.data) == {claims.MIME, "text/plain", "text/html"}


def test_a_comparison_is_recorded_with_its_numbers():
    (piece,) = claims.record("k", "Dry.", "A book", supports={"ahead": AHEAD > 0.02})["evidence"]
    low, high = AHEAD.interval
    expected = {"outcome": True, "mean": 0.05, "low": low, "high": high, "margin": 0.02, "seeds": 5}
    assert {name: piece[name] for name in expected} == pytest.approx(expected, abs=1e-4)
    assert piece["distance"] == pytest.approx(low - 0.02, abs=1e-4)


@pytest.mark.parametrize("diverged", [np.nan, np.inf, -np.inf])
def test_a_diverged_training_leaves_a_record_that_is_json(diverged):
    result = Repeated(np.array([0.05, 0.06, diverged, 0.05, 0.05]))
    record = claims.record("k", "Dry.", "A book", supports={"ahead": result > 0.02, "level": result.within(0.1)})
    record = json.loads(json.dumps(record, allow_nan=False))
    assert record["verdict"] == "not decided here"
    for piece in record["evidence"]:
        assert piece["outcome"] is piece["mean"] is piece["low"] is piece["high"] is piece["distance"] is None
    assert "not decided" in claims.to_text(record)
    assert "? <em>" in claims.to_html(record)


@pytest.mark.parametrize(
    "margin", [0, 0.05, np.float32(0.05), np.float64(0.05), np.int64(0), np.float16(0.5), Fraction(1, 4)]
)
def test_any_number_is_a_margin_that_can_be_stored(margin):
    ahead = AHEAD
    record = claims.record("k", "Dry.", "A book", supports={"ahead": ahead > margin})
    (piece,) = json.loads(json.dumps(record))["evidence"]
    assert piece["margin"] == margin
    assert type(piece["margin"]) is (int if margin == 0 else float)


@pytest.mark.parametrize("text", AWKWARD)
def test_any_text_travels_unharmed(text):
    record = claims.record("k", text, text, supports={text: True}, contradicts={f"not {text}": AHEAD > 0.02})
    record = json.loads(json.dumps(record))
    assert record["statement"] == record["source"] == text
    assert [piece["text"] for piece in record["evidence"]] == [text, f"not {text}"]
    assert claims.to_text(record).splitlines()[0] == f"Claim: {text}"
    card = Text(claims.to_html(record))
    assert card.tags == {"div", "p", "strong", "span", "ul", "li", "em"}
    shown = "".join(card.texts)
    assert shown.startswith(f"{text} Holds with a condition")
    assert f"Said by: {text}" in shown
    assert f"For: {text}: true" in shown
    assert f"Against: not {text}: 0.050" in shown


def test_an_address_in_a_source_is_a_link():
    html = claims.to_html(claims.record("k", "Dry.", "A page (https://example.org/a?b=1&c).", supports={"so": True}))
    assert Text(html).links == ["https://example.org/a?b=1&c"]


def test_a_card_tells_the_outcomes_apart():
    evidence = {"ahead": AHEAD > 0.02, "far": AHEAD > 0.09, "unsure": UNSURE > 0, "blue": False}
    shown = "".join(Text(claims.to_html(claims.record("k", "Dry.", "A book", supports=evidence))).texts)
    for piece in ("✓ For: ahead", "✗ For: far", "? For: unsure", "✗ For: blue"):
        assert piece in shown


def test_a_card_may_come_from_a_record_with_further_fields():
    record = claims.record("k", "Dry.", "A book", supports={"wet": True})
    assert claims.to_html(record | {"more": [1]}) == claims.to_html(record)


def test_a_card_brings_classes_of_its_own_only():
    html = claims.to_html(claims.record("k", "Dry.", "A book", supports={"wet": True, "blue": False}))
    assert 'class="lx-claim" data-verdict="holds-with-a-condition" data-kind="proof"' in html
    assert html.count("class=") == html.count('class="lx-')


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({}, ValueError, "a claim needs evidence"),
        ({"supports": {}}, ValueError, "a claim needs evidence"),
        ({"supports": {"wet": "yes"}}, TypeError, "evidence must be a comparison.*Received: 'wet': 'yes'"),
        ({"supports": {"wet": 0.5}}, TypeError, "evidence must be a comparison"),
        ({"supports": {"wet": AHEAD}}, TypeError, "evidence must be a comparison"),
        ({"supports": {"wet": Repeated(np.zeros(3)) > 0.1}}, ValueError, "at least 5 seeds. Received: 'wet': 0.000"),
        ({"supports": {"wet": True}, "kind": "rumour"}, ValueError, "kind must be one of 'proof', 'measurement'"),
        ({"supports": {"wet": AHEAD > 0}, "kind": "proof"}, ValueError, "a proof must rest on facts"),
        ({"supports": {"wet": True}, "source": " "}, ValueError, "source must be a text that is not empty"),
        ({"supports": {"wet": True}, "source": 3}, TypeError, "source must be a text. Received: source=3"),
        ({"supports": ["a"]}, TypeError, r"supports must be a dict .* Received: supports=\['a'\]"),
        ({"contradicts": "wet"}, TypeError, "contradicts must be a dict .* Received: contradicts='wet'"),
        ({"contradicts": {1: True}}, TypeError, "the words in contradicts must be a text. Received: .*=1"),
        ({"supports": {"": True}}, ValueError, "the words in supports must be a text that is not empty. Received"),
        *[
            (
                {"supports": {"wet": True}, "key": key},
                ValueError,
                "key must be lower-case words joined .* Received: key=",
            )
            for key in ("A key!", "a_key", "Key", "a--key", "-a", "a-", "a key")
        ],
    ],
)
def test_bad_claims_are_refused(settings, error, message):
    with pytest.raises(error, match=message):
        claim(settings.pop("key", "k"), "Water is dry.", settings.pop("source", "A book"), **settings)
