"""Claims with their evidence and verdict, shown as a card in a notebook and stored as a record for other pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np

from lessons_lib import _check
from lessons_lib.results import Comparison

VERDICTS = ("holds", "holds with a condition", "does not hold", "not decided here")
KINDS = ("proof", "measurement")

# The record is stored in the output of the cell that states the claim. JupyterLab shows application/json in preference
# to HTML, so the record has a type of its own, which no program shows.
MIME = "application/vnd.lessons-lib.claim+json"

_FEWEST_SEEDS = 5
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MARKS = {True: "✓", False: "✗", None: "?"}
_OUTCOMES = {True: "shown", False: "not so", None: "not decided"}
_ROLES = {"for": "For", "against": "Against"}

Evidence = Mapping[str, "Comparison | bool"]


def claim(
    key: str,
    statement: str,
    source: str,
    *,
    supports: Evidence | None = None,
    contradicts: Evidence | None = None,
    kind: str | None = None,
    on: str | None = None,
) -> None:
    """Show a claim with what was measured and the verdict, and store them in the cell's output under `key`.

    The author says what would support the statement and what would contradict it, each with a margin, before looking
    at the results. The verdict follows from the outcomes; see `verdict_of`. A notebook shows the claim as a card, and a
    terminal shows it as plain text. The output of the cell also holds one JSON object, the `record` of the claim, from
    which another page can draw the card again.

    Parameters
    ----------
    key : str
        A short name in lower-case words joined by hyphens, unique in the course.
    statement : str
        The claim in the words that people use: one sentence.
    source : str
        Who says it: a paper, a course or a page of documentation; an address that begins with https:// becomes a link.
    supports : dict of str to Comparison or bool, optional
        What would support the statement, in words, such as "moved by 2 pixels, the CNN is ahead", and the comparison,
        such as ``ahead > 0.1`` for a `Repeated`. A fact that needs no seeds, such as a count, is True or False.
    contradicts : dict of str to Comparison or bool, optional
        What would contradict it.
    kind : {"proof", "measurement"}, optional
        Whether the claim is settled by arithmetic or by an experiment. By default it is a measurement if a piece of
        evidence is a comparison, and a proof otherwise.
    on : str, optional
        What the measurement was made on, such as "these digits", where the statement speaks of more than that: the
        card then says "Holds, on these digits".

    Raises
    ------
    TypeError
        If a piece of evidence is neither a comparison nor True or False, or a text is no text.
    ValueError
        If `key` has another form, a text is empty, there is no evidence, a comparison has fewer than five seeds, or a
        proof rests on a comparison or on data.

    Examples
    --------
    >>> facts = {"a pooling layer has no weights": True}
    >>> claim("pooling-weights", "Pooling is learned.", "A blog", contradicts=facts)
    Claim: Pooling is learned.
    Source: A blog
      Against: a pooling layer has no weights: true
    Verdict: does not hold (proof)
    """
    _show(record(key, statement, source, supports=supports, contradicts=contradicts, kind=kind, on=on))


def record(
    key: str,
    statement: str,
    source: str,
    *,
    supports: Evidence | None = None,
    contradicts: Evidence | None = None,
    kind: str | None = None,
    on: str | None = None,
) -> dict[str, Any]:
    """Return a claim as the JSON object that the notebook stores; the parameters are those of `claim`.

    Returns
    -------
    dict
        `key`, `statement`, `source`, `kind` and `verdict` are strings, and so is `on` if it was given. `evidence` is
        a list of objects with a `text`, a `role` ("for" or "against") and an `outcome` (true, false, or null if it is
        not decided). A comparison also has the mean, the ends of its 95 % interval (`low`, `high`), a `relation`, a
        `margin`, the number of `seeds` and the `distance` of the interval from the margin. Of these numbers, those that
        are not finite, because a training diverged, are null. A program that reads the record must ignore fields that
        it does not know.

    Raises
    ------
    TypeError, ValueError
        As for `claim`.

    Examples
    --------
    >>> record("pool", "Pooling is learned.", "A blog", contradicts={"0 weights": True})["evidence"]
    [{'text': '0 weights', 'role': 'against', 'outcome': True}]
    """
    for name, text in {"key": key, "statement": statement, "source": source}.items():
        _check.text(name, text)
    if not _KEY.fullmatch(key):
        raise ValueError(f"key must be lower-case words joined by hyphens. Received: key={key!r}")
    pieces = [*_pieces("supports", supports, "for"), *_pieces("contradicts", contradicts, "against")]
    if not pieces:
        raise ValueError("a claim needs evidence: supports, contradicts or both. Received: neither")
    compares = any("margin" in piece for piece in pieces)
    kind = _check.choice("kind", kind or ("measurement" if compares else "proof"), KINDS)
    if compares and kind == "proof":
        raise ValueError("a proof must rest on facts, not on comparisons over seeds. Received: kind='proof'")
    if on is not None and kind == "proof":
        raise ValueError(f"a proof must hold for all data, so that on must be None. Received: on={on!r}")
    return {
        "key": key,
        "statement": statement,
        "source": source,
        "kind": kind,
        "verdict": verdict_of(pieces),
        **({} if on is None else {"on": _check.text("on", on)}),
        "evidence": pieces,
    }


def verdict_of(evidence: list[dict[str, Any]]) -> str:
    """Return the verdict that follows from the outcomes of all pieces of evidence.

    A supporting piece speaks for the statement if it is shown, and against it if its opposite is shown. A contradicting
    piece speaks against it if it is shown, and says nothing otherwise.

    Parameters
    ----------
    evidence : list of dict
        The pieces of a `record`, each with a `role` and an `outcome`.

    Returns
    -------
    str
        "holds with a condition" if a piece speaks for the statement and another against it; "not decided here" if a
        piece says nothing; "holds" if all speak for it; "does not hold" if all speak against it.

    Examples
    --------
    >>> verdict_of([{"role": "for", "outcome": True}, {"role": "for", "outcome": None}])
    'not decided here'
    """
    speaks = {("for", True): "for", ("for", False): "against", ("against", True): "against"}
    sides = {speaks.get((piece["role"], piece["outcome"])) for piece in evidence}
    if {"for", "against"} <= sides:
        return "holds with a condition"
    if None in sides:
        return "not decided here"
    return "holds" if sides == {"for"} else "does not hold"


def wording(record: Mapping[str, Any]) -> str:
    """Return what a claim's record says before anything is measured: it changes when the author rewords the claim.

    Parameters
    ----------
    record : dict
        The record of a claim.

    Returns
    -------
    str
        The statement and, for each piece of evidence, its role, its words and its margin, in lines.

    Examples
    --------
    >>> print(wording(record("pool", "Pooling is learned.", "A blog", contradicts={"it has no weights": True})))
    Pooling is learned.
    against: it has no weights
    """
    lines = [record["statement"]]
    for piece in record["evidence"]:
        margin = f", {piece['relation']} {piece['margin']:g}" if "margin" in piece else ""
        lines.append(f"{piece['role']}: {piece['text']}{margin}")
    return "\n".join(lines)


def to_text(record: Mapping[str, Any]) -> str:
    """Return the plain text of a claim's record.

    Examples
    --------
    >>> print(to_text(record("pool", "Pooling is learned.", "A blog", contradicts={"it has no weights": True})))
    Claim: Pooling is learned.
    Source: A blog
      Against: it has no weights: true
    Verdict: does not hold (proof)
    """
    evidence = [f"  {_ROLES[piece['role']]}: {_describe(piece)}" for piece in record["evidence"]]
    verdict = f"Verdict: {_verdict_with_data(record)} ({record['kind']})"
    return "\n".join([f"Claim: {record['statement']}", f"Source: {record['source']}", *evidence, verdict])


def to_html(record: Mapping[str, Any]) -> str:
    """Return the card of a claim's record as HTML.

    Its classes begin with ``lx-``. Without a style sheet the card is shown as a paragraph and a list. The attribute
    ``data-verdict`` holds the verdict with hyphens, so that a style sheet can colour the card, and a page can select
    cards by verdict; ``data-kind`` holds the kind.

    Examples
    --------
    >>> "1 &lt; 2" in to_html(record("small", "1 is small.", "A book", supports={"1 < 2": True}))
    True
    """
    items = "".join(
        f"<li>{_MARKS[piece['outcome']]} <em>{_ROLES[piece['role']]}:</em> {escape(_describe(piece))}</li>"
        for piece in record["evidence"]
    )
    verdict, kind = record["verdict"], record["kind"]
    return (
        f'<div class="lx-claim" data-verdict="{verdict.replace(" ", "-")}" data-kind="{kind}"'
        ' style="border-left-width: 4px; border-left-style: solid; padding-left: 1em">'
        f"<p><strong>{escape(record['statement'])}</strong> "
        f'<span class="lx-verdict">{escape(_capitalised(_verdict_with_data(record)))}</span></p>'
        f'<p class="lx-source">{kind.capitalize()}. Said by: {_linked(record["source"])}</p><ul>{items}</ul></div>'
    )


def _verdict_with_data(record: Mapping[str, Any]) -> str:
    return f"{record['verdict']}, on {record['on']}" if "on" in record else str(record["verdict"])


def _capitalised(text: str) -> str:
    """Return a text with a capital letter at its beginning; names in it keep theirs."""
    return text[:1].upper() + text[1:]


def _pieces(name: str, evidence: Evidence | None, role: str) -> list[dict[str, Any]]:
    """Return the evidence for one side as JSON objects."""
    if evidence is None:
        return []
    if not isinstance(evidence, Mapping):
        raise TypeError(f"{name} must be a dict of words to comparisons or facts. Received: {name}={evidence!r}")
    return [_piece(_check.text(f"the words in {name}", text), role, found) for text, found in evidence.items()]


def _piece(text: str, role: str, found: object) -> dict[str, Any]:
    """Return one piece of evidence as a JSON object."""
    if isinstance(found, (bool, np.bool_)):
        return {"text": text, "role": role, "outcome": bool(found)}
    if not isinstance(found, Comparison):
        raise TypeError(
            f"evidence must be a comparison, such as ahead > 0.02, or True or False. Received: {text!r}: {found!r}"
        )
    result = found.result
    if len(result.values) < _FEWEST_SEEDS:
        raise ValueError(f"a comparison must rest on at least {_FEWEST_SEEDS} seeds. Received: {text!r}: {result}")
    return {
        "text": text,
        "role": role,
        "outcome": found.outcome,
        "mean": _rounded(result.mean),
        "low": _rounded(result.interval.low),
        "high": _rounded(result.interval.high),
        "relation": found.relation,
        "margin": found.margin,
        "seeds": len(result.values),
        "distance": _rounded(found.distance),
        "description": str(found),
    }


def _rounded(number: float) -> float | None:
    """Return a number for JSON, which has neither NaN nor infinity: None stands for both."""
    return round(number, 4) if np.isfinite(number) else None


def _describe(piece: Mapping[str, Any]) -> str:
    if "margin" not in piece:
        return f"{piece['text']}: {str(piece['outcome']).lower()}"
    return f"{piece['text']}: {piece['description']}: {_OUTCOMES[piece['outcome']]}"


def _linked(source: str) -> str:
    """Return a source as HTML, in which each address is a link."""
    return re.sub(r"https://[^\s<>]+[^\s<>.,;)]", lambda found: f'<a href="{found[0]}">{found[0]}</a>', escape(source))


def _show(record: Mapping[str, Any]) -> None:
    from IPython import get_ipython

    if get_ipython() is None:
        print(to_text(record))
        return
    from IPython.display import display

    display({"text/plain": to_text(record), "text/html": to_html(record), MIME: dict(record)}, raw=True)
