"""A prediction that cannot be judged is refused: with its name, the rule and what came."""

import base64
import copy
import json
import re

import pytest
import traitlets as t

from lessons_lib.exercises import Prediction, schema, topics
from lessons_lib.exercises.intuition import Intuition

BREAKS = [
    ("byte_sum", lambda e: e.pop("answer"), "it must have answer"),
    ("byte_sum", lambda e: e.pop("cell"), "it must have cell"),
    ("byte_sum", lambda e: e.update(within=-1), "within does not fit the schema"),
    ("byte_sum", lambda e: e.update(scale="log"), "scale must be one of difference, ratio"),
    ("byte_sum", lambda e: e.update(answer=float("nan")), "every number must be finite"),
    ("byte_sum", lambda e: e["near"][0].pop("misconception"), "near.0 must have misconception"),
    ("byte_sum", lambda e: e.update(hint="x"), "it must have no other fields than kind, cell, ask"),
    ("byte_sum", lambda e: e.update(kind="essay"), "kind must be one of number, one, order, curve"),
    ("walk", lambda e: e["options"][1].update(right=True), "exactly one option must be right. Received: 2 of 2"),
    ("walk", lambda e: e["options"][1].pop("misconception"), "options.1 must have misconception"),
    ("walk", lambda e: e.update(answer=0.1), "must be the one that the numbers show. Received: yes"),
    ("steeper_loss", lambda e: e["options"][1].update(value=5), "must be the one that the numbers show"),
    ("steeper_loss", lambda e: e.update(wins="smallest"), "must be the one that the numbers show"),
    ("photo_shape", lambda e: e.pop("printed"), "must be shown to be right by printed, answer or wins"),
    (
        "photo_shape",
        lambda e: e["options"][2].update(misconception="column_first"),
        "a misconception of its own. Received: column_first more than once",
    ),
    ("random_codes", lambda e: e["near"][0].update({"from": 0.4}), "must lie beyond what is right. Received: 0.4 to 1"),
    ("luma_order", lambda e: e["items"][0].update(value=0.886), "each item must have a value of its own"),
    ("luma_order", lambda e: e["items"].sort(key=lambda i: i["value"]), "shown in another order than the right one"),
    ("moved_digits", lambda e: e["values"].pop(), "what is printed for each place"),
]


@pytest.mark.parametrize(("name", "spoil", "message"), BREAKS)
def test_a_prediction_that_cannot_be_judged_is_refused(name, spoil, message):
    entry = copy.deepcopy(topics.all_predictions()[name])
    schema.check({name: entry}, "predictions", where="topic")
    spoil(entry)
    with pytest.raises(ValueError, match=f"topic, {name}: .*{message}"):
        schema.check({name: entry}, "predictions", where="topic")


def test_a_name_in_two_topics_is_refused(tmp_path):
    text = json.dumps({"byte_sum": topics.all_predictions()["byte_sum"]})
    for topic in ("one", "two"):
        (tmp_path / topic).mkdir()
        (tmp_path / topic / "predictions.json").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"one topic only. Received: byte_sum, in one and in two"):
        topics.collect(tmp_path, "predictions")


def test_a_topic_may_ask_for_none():
    assert topics.predictions("mathematics") == {}


def spec_of(figure):
    state = json.loads(re.search(r'<script type="application/json">(.*?)</script>', figure.to_html())[1])
    return json.loads(base64.b64decode(state["sealed"]))


@pytest.mark.parametrize("name", topics.all_predictions())
def test_the_page_gets_what_it_needs_and_hides_it(name):
    entry, spec = topics.all_predictions()[name], spec_of(Prediction(name))
    assert entry["ask"] not in Prediction(name).to_html()
    assert {"cell", "printed"} & set(spec) == set()
    assert {key: spec[key] for key in ("kind", "ask", "why")} == {key: entry[key] for key in ("kind", "ask", "why")}
    assert len(Prediction(name).room) == 3


def test_an_unknown_prediction_is_refused():
    with pytest.raises(t.TraitError, match=r"name must be one of .*byte_sum.* Received: bite_sum"):
        Prediction("bite_sum")


def test_the_page_of_intuition_holds_all_predictions_of_its_topics():
    part = {"title": "6. Pooling", "address": "06_pooling.html", "topic": "pooling"}
    spec = spec_of(Intuition([part]))
    (chapter,) = spec["chapters"]
    assert list(chapter["predictions"]) == list(topics.predictions("pooling"))
    assert spec["misconceptions"] == schema.misconceptions()
