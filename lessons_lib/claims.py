"""State a claim, show what was measured, and give the verdict: a card in the notebook, a record for other pages."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from lessons_lib import _check

VERDICTS = ("holds", "holds with a condition", "does not hold")
NOT_CONFIRMED = "not confirmed by this run"

# The record travels in the output of the cell that states the claim. JupyterLab shows application/json in preference
# to HTML, so the record has a type of its own, which no program shows.
MIME = "application/vnd.lessons-lib.claim+json"


def claim(
    key: str,
    statement: str,
    verdict: str,
    evidence: Mapping[str, bool],
    *,
    figures: Mapping[str, object] | None = None,
) -> None:
    """Show a claim with what was measured and the verdict, and store them in the cell's output under `key`.

    The verdict is the author's reading of the evidence; the evidence is measured. Each piece of it is an
    inequality with a margin, written so that it is true when the verdict is right. One that is false turns
    the verdict into "not confirmed by this run", and the notebook's test fails.

    A notebook shows a card, a terminal the same in plain text. The output holds one JSON object too, the `record`
    of the claim, from which another page can draw the card again.

    Parameters
    ----------
    key : str
        A short name in lower-case words joined by hyphens, unique in the course.
    statement : str
        The claim as people make it, a sentence.
    verdict : {"holds", "holds with a condition", "does not hold"}
    evidence : dict of str to bool
        What was measured, in words with the margin, and whether it is so.
    figures : dict of str to object, optional
        The numbers behind it, such as a `Repeated` or a formatted string.

    Raises
    ------
    TypeError
        If a piece of evidence is no truth value.
    ValueError
        If the verdict is unknown, or there is no evidence.

    Examples
    --------
    >>> claim("pooling-weights", "Pooling is learned.", "does not hold", {"a pooling layer has 0 weights": 0 == 0})
    Claim: Pooling is learned.
      a pooling layer has 0 weights: True
    Verdict: does not hold
    """
    _show(record(key, statement, verdict, evidence, figures=figures))


def record(
    key: str,
    statement: str,
    verdict: str,
    evidence: Mapping[str, bool],
    *,
    figures: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    """Return a claim as the JSON object that the notebook stores; the parameters are those of `claim`.

    Returns
    -------
    dict
        `key`, `statement` and `verdict` are strings; `evidence` is a list of objects with a `text` and whether it is
        `true`; `figures` is a list of strings. A reader must ignore fields that it does not know.

    Examples
    --------
    >>> record("pooling-weights", "Pooling is learned.", "does not hold", {"0 weights": True})["evidence"]
    [{'text': '0 weights', 'true': True}]
    """
    _check.choice("verdict", verdict, VERDICTS)
    if not evidence:
        raise ValueError(f"evidence must not be empty. Received: {evidence!r}")
    for text, is_true in evidence.items():
        if not hasattr(is_true, "__bool__") or is_true not in (True, False):
            raise TypeError(f"evidence must be True or False. Received: {text!r}: {is_true!r}")
    return {
        "key": key,
        "statement": statement,
        "verdict": verdict if all(evidence.values()) else NOT_CONFIRMED,
        "evidence": [{"text": text, "true": bool(is_true)} for text, is_true in evidence.items()],
        "figures": [f"{name} {value}" for name, value in (figures or {}).items()],
    }


def to_text(record: Mapping[str, Any]) -> str:
    """Return the plain text of a claim's record.

    Examples
    --------
    >>> print(to_text(record("dry", "Water is dry.", "does not hold", {"wet": True}, figures={"depth": 3})))
    Claim: Water is dry.
      depth 3
      wet: True
    Verdict: does not hold
    """
    lines = [*record["figures"], *(f"{piece['text']}: {piece['true']}" for piece in record["evidence"])]
    measured = [f"  {line}" for line in lines]
    return "\n".join([f"Claim: {record['statement']}", *measured, f"Verdict: {record['verdict']}"])


def to_html(record: Mapping[str, Any]) -> str:
    """Return the card of a claim's record. Its classes begin with ``lx-``; without a style sheet it reads as a list.

    The attribute ``data-verdict`` holds the verdict with hyphens, so that a style sheet can colour the card, and a
    page can select cards by verdict.

    Examples
    --------
    >>> "1 &lt; 2" in to_html(record("small", "1 is small.", "holds", {"1 < 2": True}))
    True
    """
    marks = [f"{'✓' if piece['true'] else '✗'} {piece['text']}" for piece in record["evidence"]]
    items = "".join(f"<li>{escape(line)}</li>" for line in [*record["figures"], *marks])
    verdict = record["verdict"]
    return (
        f'<div class="lx-claim" data-verdict="{verdict.replace(" ", "-")}"'
        ' style="border-left-width: 4px; border-left-style: solid; padding-left: 1em">'
        f"<p><strong>{escape(record['statement'])}</strong> "
        f'<span class="lx-verdict">{escape(verdict.capitalize())}</span></p><ul>{items}</ul></div>'
    )


def _show(record: Mapping[str, Any]) -> None:
    from IPython import get_ipython

    if get_ipython() is None:
        print(to_text(record))
        return
    from IPython.display import display

    display({"text/plain": to_text(record), "text/html": to_html(record), MIME: dict(record)}, raw=True)
