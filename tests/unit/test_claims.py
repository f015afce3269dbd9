"""Claims: what is printed, what a notebook stores and shows, what is refused."""

import json
from html.parser import HTMLParser

import pytest
from IPython.testing.globalipapp import start_ipython
from IPython.utils.capture import capture_output

from lessons_lib import claims
from lessons_lib.claims import claim

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
    """The text of a card, and the elements in it."""

    def __init__(self, html):
        super().__init__()
        self.texts, self.tags = [], set()
        self.feed(html)

    def handle_data(self, data):
        self.texts.append(data)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)


def test_a_false_piece_of_evidence_takes_the_verdict_back(capsys):
    claim("k", "Water is dry.", "does not hold", {"wet": True, "very wet": False}, figures={"depth": 3})
    assert capsys.readouterr().out.splitlines() == [
        "Claim: Water is dry.",
        "  depth 3",
        "  wet: True",
        "  very wet: False",
        "Verdict: not confirmed by this run",
    ]


def test_a_notebook_stores_one_output_with_text_card_and_record():
    start_ipython()
    with capture_output() as captured:
        claim("dry", "Water is dry.", "does not hold", {"wet": True}, figures={"depth": 3})
    (output,) = captured.outputs
    assert captured.stdout == ""
    record = {
        "key": "dry",
        "statement": "Water is dry.",
        "verdict": "does not hold",
        "evidence": [{"text": "wet", "true": True}],
        "figures": ["depth 3"],
    }
    assert output.data[claims.MIME] == record
    assert output.data["text/plain"] == claims.to_text(record)
    assert output.data["text/html"] == claims.to_html(record)
    assert set(output.data) == {claims.MIME, "text/plain", "text/html"}


@pytest.mark.parametrize("text", AWKWARD)
def test_any_text_travels_unharmed(text):
    record = claims.record("k", text, "holds", {text: True, f"not {text}": True}, figures={text: text})
    record = json.loads(json.dumps(record))
    assert record["statement"] == text
    assert [piece["text"] for piece in record["evidence"]] == [text, f"not {text}"]
    assert record["figures"] == [f"{text} {text}"]
    assert claims.to_text(record).splitlines()[0] == f"Claim: {text}"
    card = Text(claims.to_html(record))
    assert card.tags == {"div", "p", "strong", "span", "ul", "li"}
    assert card.texts == [text, " ", "Holds", f"{text} {text}", f"✓ {text}", f"✓ not {text}"]


def test_a_card_tells_true_evidence_from_false():
    card = Text(claims.to_html(claims.record("k", "Dry.", "holds", {"wet": False, "blue": True})))
    assert card.texts == ["Dry.", " ", "Not confirmed by this run", "✗ wet", "✓ blue"]


def test_a_card_may_come_from_a_record_with_further_fields():
    record = claims.record("k", "Dry.", "holds", {"wet": True})
    assert claims.to_html(record | {"more": [1]}) == claims.to_html(record)


def test_a_card_brings_classes_of_its_own_only():
    html = claims.to_html(claims.record("k", "Dry.", "holds with a condition", {"wet": True}))
    assert 'class="lx-claim" data-verdict="holds-with-a-condition"' in html
    assert html.count("class=") == html.count('class="lx-')


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
