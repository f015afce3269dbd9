"""Claims with their evidence and verdict, shown as a card in a notebook and stored as a record for other pages."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from lessons_lib import _check

VERDICTS = ("holds", "holds with a condition", "does not hold")
NOT_CONFIRMED = "not confirmed by this run"

# The record is stored in the output of the cell that states the claim. JupyterLab shows application/json in preference
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

    The author writes the verdict; the evidence is measured. Each piece of evidence is an inequality with a margin,
    written so that it is true when the verdict is right. If a piece of evidence is false, the verdict becomes
    "not confirmed by this run", and the test of the notebook fails.

    A notebook shows the claim as a card, and a terminal shows it as plain text. The output of the cell also holds one
    JSON object, the `record` of the claim, from which another page can draw the card again.

    Parameters
    ----------
    key : str
        A short name in lower-case words joined by hyphens, unique in the course.
    statement : str
        The claim in the words that people use: one sentence.
    verdict : {"holds", "holds with a condition", "does not hold"}
        The verdict, provided that all pieces of evidence are true.
    evidence : dict of str to bool
        For each piece of evidence the inequality in words, with its margin, and whether it is true.
    figures : dict of str to object, optional
        Measured numbers by their names, such as a `Repeated` or a formatted string.

    Raises
    ------
    TypeError
        If a piece of evidence is neither True nor False.
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
        `true`; `figures` is a list of strings. A program that reads the record must ignore fields that it does not
        know.

    Raises
    ------
    TypeError, ValueError
        As for `claim`.

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
    >>> evidence = {"it has no weights": True}
    >>> print(to_text(record("pool", "Pooling is learned.", "does not hold", evidence, figures={"weights": 0})))
    Claim: Pooling is learned.
      weights 0
      it has no weights: True
    Verdict: does not hold
    """
    lines = [*record["figures"], *(f"{piece['text']}: {piece['true']}" for piece in record["evidence"])]
    measured = [f"  {line}" for line in lines]
    return "\n".join([f"Claim: {record['statement']}", *measured, f"Verdict: {record['verdict']}"])


def to_html(record: Mapping[str, Any]) -> str:
    """Return the card of a claim's record as HTML.

    Its classes begin with ``lx-``. Without a style sheet the card is shown as a paragraph and a list. The attribute
    ``data-verdict`` holds the verdict with hyphens, so that a style sheet can colour the card, and a page can select
    cards by verdict.

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
