"""Compare the numbers in the text of the chapters with what their cells print.

python tools/prose.py            lists the numbers of all chapters and pages that nothing supports
python tools/prose.py 04 06      lists those of the chapters whose names begin with 04 or 06

A number of the text is supported by a printed number that rounds to it: 0.948 supports "0.95", 0.912 supports "91 %".
A decimal number of one digit must be equal, or say that it is rounded; then it is as good as a quarter of its digit:
"about 0.9" stands for 0.88 to 0.92, "about 0.01" for 0.008. A spread (± 0.02) is supported by a spread only. The
settings of the code, which are its numbers outside of strings, claims and drawings, support an equal number.

Where a number is looked for:

- a decimal number: in the nearest cells with numbers, one run of cells above the text and two below it, within its
  section. The evidence of a claim is not searched, because it names thresholds and not results;
- a whole number: in the section; from 1,000 on in the chapter. The sizes of the course's data may stand anywhere;
- in the opening and the recap, which repeat: in the text between them, in the figures of the claims, and, if whole, in
  the chapter;
- in an exercise's text: also in the words and answers of the topic's exercises;
- in a sentence that links to another chapter: also in that chapter;
- a year: in the bibliography, under an author whom the sentence names;
- in what is said about an answer of an exercise or a quiz, or about a prediction: in the question and its answers, and
  in the chapter;
- in a sum or product that states its result: nowhere, if the result is right. A wrong one is listed, too;
- on a page that repeats the chapters, such as the cheat sheet: in the chapter of a link in the sentence, or in all.

Whole numbers up to 12 and right angles are not compared: they are words in disguise, and would be found almost
anywhere. A number that nothing can support, such as a hypothetical one, is marked in the metadata of its cell::

    "metadata": {"given": ["0.5", "99 %"]}
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any, NamedTuple

import nbformat

BOOK = Path(__file__).resolve().parent.parent / "book"
TOPICS = BOOK.parent / "lessons_lib" / "exercises" / "topics"
CLAIM = "application/vnd.lessons-lib.claim+json"
SMALL, LARGE = 12, 1000
# What every chapter may name.
COURSE = "5,000 digits: 2,000 to train, 1,000 to validate, 2,000 to test; 28 × 28 = 784 pixels; 64 units, 64 in a batch"
# The parts of a chapter that do not tell it.
OUTSIDE = {"", "Recap", "Exercises", "Quiz", "Further reading"}
# The pages that repeat what the chapters found.
NAMES_OF_PAGES = ("cheatsheet.md", "claims.md", "glossary.md", "index.md", "instructors.md", "notation.md")
PAGES = (*(BOOK / name for name in NAMES_OF_PAGES), *sorted(TOPICS.glob("*/instructors.md")))
# In the files of the questions: what is asked and may be answered, and what is no text.
ASKED = {"ask", "label", "text", "items", "answer", "value", "across", "places"}
NAMES = {"id", "kind", "key", "right", "rules", "cell", "printed", "misconception", "scale", "wins"}
# Calls that draw: their sizes and limits are no settings of an experiment.
DRAWING = {"plt", "plots", "axis", "axes"}

SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")
UNITS = {"%": 0.01, "percent": 0.01, "thousand": 1e3, "million": 1e6, "billion": 1e9}
NUMBER = re.compile(
    r"""
    (?P<spread>±\s*)?
    (?P<sign>(?<![\w)\]}])[-−+])?                 # a sign before a number, not between two of them
    (?<![\w.])                                    # not within a name or a version
    (?P<digits>\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.(?P<decimals>\d+))?
    (?:[eE](?P<exponent>[-−+]?\d+)|\s?[·×]\s?10(?P<power>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|(?P<raised>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))?
    (?:\s?(?P<unit>%|(?:percent|thousand|million|billion)\b))?
    (?![A-Za-z_\d]|\.\d)
    """,
    re.VERBOSE,
)
# What is not prose: options of directives, targets of links, roles that lead somewhere, licences, the numbers of
# chapters and of lists, right angles, and the time that a chapter takes.
NO_PROSE = re.compile(
    r"^:\w+:.*$|^:::+\{[^}]*\}|(?<=\])\([^)]*\)|<https?:[^>]*>|https?://\S+"
    r"|\{(?:cite|ref|numref|doc|eq)[^}]*\}`[^`]*`|CC BY[-A-Z]* \d\.\d"
    r"|Chapters? \d+[a-z]?(?:(?:,| and| to) \d+[a-z]?)*|^\d+\. |\b(?:90|180|270|360)(?:°| degrees)"
    r"|\*\*It takes\*\*[^.]*\.",
    re.MULTILINE,
)
FENCES = re.compile(r"^(```|~~~).*?^\1$", re.MULTILINE | re.DOTALL)
FORMULA = re.compile(r"\$\$?(.+?)\$\$?", re.DOTALL)
SENTENCE_END = re.compile(
    r"(?<!al\.)(?:(?<=[.!?])|(?<=[.!?][)*\"”]))\s+(?=[^\sa-z\d])|\n\s*\n|\n(?=\s*[-*|]|\s*\d+\. )"
)
# A word just before a number that says that it is rounded.
ROUGHLY = re.compile(
    r"(?:\b(?:about|near|nearly|almost|around|roughly|some|over|under|above|below|than|least|most|between|close to"
    r"|up to)\b|≈|\\approx)[^.;:]{0,20}$"
)
# A sum or product of numbers that is not a part of a longer one, and its result.
SUM = re.compile(
    r"(?<![\w^.,)/·×+−])(?<![·×+−/]\s)(?P<sum>[(\d][\d.,()\s·×+−/]*[·×+−/][\d.,()\s·×+−/]*?)"
    r"\s?(?:=|(?P<about>≈|\\approx))\s?(?P<result>[-−]?(?:\d{1,3}(?:,\d{3})++|\d++)(?:\.(?P<decimals>\d++))?+)"
    r"(?![\w⁻]|,\d|\s?[·×+/(%−])"
)
OPERATORS = str.maketrans({",": None, "·": "*", "×": "*", "−": "-"})
LINK = re.compile(r"\]\((\d\d[a-z]?_\w+)\.ipynb")
YEAR = re.compile(r"(?:19|20)\d\d")


class Number(NamedTuple):
    """A number as it is written, and the interval of the numbers that round to it.

    A spread stands after ±. A setting is a number of the code, which supports nothing but an equal number.
    """

    text: str
    value: float
    low: float
    high: float
    is_spread: bool = False
    is_setting: bool = False

    @property
    def is_decimal(self) -> bool:
        """Return whether the last digit stands for less than one."""
        return self.high - self.low < 0.999

    def is_supported_by(self, other: Number) -> bool:
        """Return whether the other number rounds to this one; the sign counts where this one is negative."""
        if self.is_spread != other.is_spread or (self.is_decimal and not other.is_decimal):
            return False
        value = other.value if self.value < 0 else abs(other.value)
        low, high = (self.value, self.value) if other.is_setting else (self.low, self.high)
        slack = 1e-9 * abs(self.value)
        return low - slack <= value <= high + slack


def numbers_in(text: str) -> list[Number]:
    """Return the numbers of a text in their order.

    >>> [number.text for number in numbers_in("1,168 of 28×28 in conv2d_1: 0.91 ± 0.02, −3 and 99 %")]
    ['1,168', '28', '28', '0.91', '0.02', '−3', '99 %']
    """
    return [_read(match) for match in NUMBER.finditer(text)]


def _read(match: re.Match[str]) -> Number:
    text = match[0].removeprefix(match["spread"] or "").strip()
    spread = match["spread"] is not None
    if match["raised"] and match["digits"] == "10":  # a power of ten names an order of magnitude
        power = int(match["raised"].translate(DIGITS))
        return Number(text, 10.0**power, 10.0 ** (power - 0.5), 10.0 ** (power + 0.5), spread)
    decimals = match["decimals"] or ""
    digits = match["digits"].replace(",", "")
    factor = 10.0 ** int((match["exponent"] or match["power"] or "0").translate(DIGITS)) * UNITS.get(match["unit"], 1)
    value = float(f"{digits}.{decimals}0") * factor * (-1 if match["sign"] in ("-", "−") else 1)
    share = 0.5
    if decimals and not spread and len((digits + decimals).strip("0")) <= 1:
        share = 0.25 if ROUGHLY.search(match.string[: match.start()]) else 0.0
    half = share * 10.0 ** -len(decimals) * factor
    return Number(text, value, value - half, value + half, spread)


def sentences(markdown: str) -> list[str]:
    """Return the sentences, rows and items of a Markdown text, without its blocks of code."""
    return [part for part in SENTENCE_END.split(FENCES.sub("", markdown)) if part and part.strip()]


def plain(sentence: str) -> str:
    r"""Return what a reader reads as prose, on one line, with formulas in plain characters.

    >>> plain(r"In [Chapter 4](04_convolution.ipynb), $7{,}500 \cdot 10^{-2}$ of $w_{12}$.")
    'In [], 7,500 · 10⁻² of w.'
    """
    text = FORMULA.sub(lambda formula: _plain_formula(formula[1]), NO_PROSE.sub("", sentence))
    return " ".join(text.split())


def _plain_formula(formula: str) -> str:
    text = re.sub(r"_(\{[^{}]*\}|\w)", "", formula)  # an index is no number
    text = re.sub(r"(?<=\d)(\{,\}|\\,)(?=\d{3})", ",", text)
    text = text.replace(r"\cdot", "·").replace(r"\times", "×").replace(r"\%", "%").replace(r"\,", " ")
    text = re.sub(r"\^(?:\{(-?\d+)\}|(\d))", lambda power: (power[1] or power[2]).translate(SUPERSCRIPTS), text)
    return re.sub(r"(?<=\d)(?=[A-Za-z\\])", " ", text.replace(" - ", " − "))


def settings(source: str) -> list[Number]:
    """Return the numbers of Python code, without those of claims, of drawings and in strings.

    >>> [number.value for number in settings("fit(net, rate=0.1); plots.images(x, size=2.5)")]
    [0.1]
    """
    if "claims.claim(" in source:
        return []
    numbers = numbers_in(" ".join(_constants(ast.parse(source))))
    return [number._replace(is_setting=True) for number in numbers]


def _constants(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        root = node.func
        while isinstance(root, ast.Attribute | ast.Subscript):
            root = root.value
        if isinstance(root, ast.Name) and root.id in DRAWING:
            return
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield repr(node.value).removesuffix(".0")  # nobody writes "a rate of 1.0"
    for child in ast.iter_child_nodes(node):
        yield from _constants(child)


def printed(output: Any) -> str:
    """Return what an output prints; of a claim, only the figures, and nothing of a picture."""
    data = output.get("data", {})
    if CLAIM in data:
        names = ("mean", "low", "high")
        numbers = [piece[name] for piece in data[CLAIM]["evidence"] for name in names if piece.get(name) is not None]
        return "\n".join(f"{number:.3f}" for number in numbers)
    return "" if "image/png" in data else str(output.get("text") or data.get("text/plain", ""))


@dataclass
class Passage:
    """A text: the index of its cell, the section and the run of code above it, and what its cell marks as given."""

    cell: int
    text: str
    section: int
    run: int
    given: list[str]


@dataclass
class Run:
    """A run of code cells: the section that it stands in, and the numbers that support a text."""

    section: int
    numbers: list[Number] = field(default_factory=list)
    figures: list[Number] = field(default_factory=list)


@dataclass
class Chapter:
    """A notebook, divided into texts, runs of code cells, and sections, which are named by their headings."""

    path: Path
    titles: list[str]
    passages: list[Passage]
    runs: list[Run]

    @cached_property
    def numbers(self) -> list[Number]:
        """Return all numbers that the chapter prints or sets."""
        return [number for run in self.runs for number in run.numbers]

    def support(self, passage: Passage, linked: list[Number], number: Number) -> list[Number]:
        """Return the numbers among which the number of a passage is looked for, beside those of linked chapters."""
        title = self.titles[passage.section]
        always = linked if number.is_decimal else linked + numbers_in(COURSE)
        if title in ("", "Recap"):
            figures = [figure for run in self.runs for figure in run.figures]
            own = [n for run in self.runs if run.section == passage.section for n in run.numbers]
            return figures + own + always + (self.repeated if number.is_decimal else self.numbers)
        if not number.is_decimal and number.value >= LARGE:
            return self.numbers + always
        indices = [index for index, run in enumerate(self.runs) if run.section == passage.section and run.numbers]
        if number.is_decimal and title != "Exercises":
            above = [index for index in indices if index < passage.run]
            indices = above[-1:] + [index for index in indices if index >= passage.run][:2]
        words = topic_numbers(self.path) if title == "Exercises" else []
        return [number for index in indices for number in self.runs[index].numbers] + always + words

    @cached_property
    def repeated(self) -> list[Number]:
        """Return the numbers of the text between the opening and the recap, which repeat them."""
        texts = [p.text for p in self.passages if self.titles[p.section] not in OUTSIDE]
        return [number for text in texts for sentence in sentences(text) for number in numbers_in(plain(sentence))]


class Finding(NamedTuple):
    """A number that nothing supports, with its sentence and the nearest of the numbers that were searched."""

    place: str
    number: Number
    sentence: str
    nearest: list[str]

    def __str__(self) -> str:
        near = f" Nearest: {', '.join(self.nearest)}." if self.nearest else ""
        return f"{self.place}: {self.number.text} has no support.{near}\n    {self.sentence}"


@cache
def read(path: Path) -> Chapter:
    """Divide a notebook at its headings of the second level and between its text and its code."""
    return divide(path, nbformat.read(path, as_version=4))


def divide(path: Path, notebook: Any) -> Chapter:
    """Divide a notebook that has been read; the path says which chapter it is."""
    chapter = Chapter(path, [""], [], [])
    below_text = True
    for index, cell in enumerate(notebook.cells):
        given = list(cell.metadata.get("given", []))
        if cell.cell_type == "markdown":
            for text in re.split(r"^(?=## )", cell.source, flags=re.MULTILINE):
                if text.startswith("## "):
                    chapter.titles.append(text.splitlines()[0].removeprefix("## "))
                chapter.passages.append(Passage(index, text, len(chapter.titles) - 1, len(chapter.runs), given))
            below_text = True
            continue
        if below_text:
            chapter.runs.append(Run(len(chapter.titles) - 1))
            below_text = False
        alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
        chapter.passages.append(Passage(index, alt, len(chapter.titles) - 1, len(chapter.runs), given))
        for output in cell.outputs:
            numbers = numbers_in(printed(output))
            chapter.runs[-1].numbers += numbers
            chapter.runs[-1].figures += numbers if CLAIM in output.get("data", {}) else []
        chapter.runs[-1].numbers += settings(cell.source)
    return chapter


def topic(path: Path) -> Path:
    """Return the folder of a chapter's exercises and quiz."""
    return TOPICS / path.stem.partition("_")[2]


@cache
def topic_numbers(path: Path) -> list[Number]:
    """Return the numbers in the words and answers of a chapter's exercises."""
    exercises = topic(path) / "exercises.json"
    return numbers_in(exercises.read_text(encoding="utf-8")) if exercises.is_file() else []


@cache
def authors() -> dict[str, str]:
    """Return for each year of the bibliography the names of its authors, as one text."""
    names: dict[str, str] = {}
    for entry in (BOOK / "references.bib").read_text(encoding="utf-8").split("\n@")[1:]:
        year, author = (re.search(rf"^  {key} = {{(.*)}},$", entry, re.MULTILINE) for key in ("year", "author"))
        if year and author:
            families = [name.partition(",")[0].strip("{}") for name in author[1].split(" and ")]
            names[year[1]] = " ".join([names.get(year[1], ""), *families])
    return names


def is_cited(year: str, sentence: str) -> bool:
    """Return whether the sentence names an author of a source of that year."""
    return any(re.search(rf"\b{re.escape(name)}\b", sentence) for name in authors().get(year, "").split())


def unsupported(chapter: Chapter) -> list[Finding]:
    """Return the numbers of a chapter's text that nothing supports and no mark of their cell names."""
    return [finding for passage, finding in _findings(chapter) if finding.number.text not in passage.given]


def idle_marks(chapter: Chapter) -> list[str]:
    """Return the marks that no number needs, each with its place."""
    used = {(passage.cell, finding.number.text) for passage, finding in _findings(chapter)}
    marks = {(passage.cell, mark) for passage in chapter.passages for mark in passage.given}
    return [f"{chapter.path.name}, cell {cell}: {mark}" for cell, mark in sorted(marks - used)]


def _findings(chapter: Chapter) -> Iterator[tuple[Passage, Finding]]:
    for passage in chapter.passages:
        if chapter.titles[passage.section] == "Further reading":
            continue
        place = f"{chapter.path.name}, cell {passage.cell}"
        for sentence in sentences(passage.text):
            linked = [number for stem in LINK.findall(sentence) for number in read(BOOK / f"{stem}.ipynb").numbers]
            for finding in search(place, plain(sentence), partial(chapter.support, passage, linked)):
                yield passage, finding


def search(place: str, sentence: str, support: Callable[[Number], list[Number]]) -> Iterator[Finding]:
    """Give the wrong results and the unsupported numbers of a sentence; `support` says where each is looked for."""
    spans = []
    for match, value in sums(sentence):
        (result,) = numbers_in(match["result"])
        slack = 0.5 * 10.0 ** -len(match["decimals"] or "") if match["about"] else 0.0
        if abs(value - result.value) <= slack + 1e-9 * abs(value):
            spans.append(match.span())
        else:
            yield Finding(place, result, sentence, [f"{value:g}"])
    for match in NUMBER.finditer(sentence):
        number = _read(match)
        is_small = not number.is_decimal and abs(number.value) <= SMALL
        is_year = YEAR.fullmatch(number.text) and is_cited(number.text, sentence)
        if is_small or is_year or any(start <= match.start("digits") < end for start, end in spans):
            continue
        searched = support(number)
        if not any(number.is_supported_by(other) for other in searched):
            yield Finding(place, number, sentence, nearest(number, searched))


def sums(sentence: str) -> Iterator[tuple[re.Match[str], float]]:
    """Give each sum or product of a plain sentence that states its result, and the value that it has.

    >>> [(match["result"], value) for match, value in sums("So (7 + 1) · 2 = 16, and 4 × 0.3 ≈ 1.")]
    [('16', 16), ('1', 1.2)]
    """
    for match in SUM.finditer(sentence):
        # The pattern lets digits, brackets and operators through and nothing else, so that `eval` can only calculate.
        with suppress(SyntaxError, ZeroDivisionError, TypeError):  # it is no sum after all, as "(1) (2) · 3" is none
            yield match, eval(match["sum"].translate(OPERATORS), {"__builtins__": {}})


def unsupported_answers(chapter: Chapter) -> list[Finding]:
    """Return the numbers in what is said about answers that neither the question nor the chapter supports."""
    exercises = [p.text for p in chapter.passages if chapter.titles[p.section] == "Exercises"]
    known = [number for text in exercises for number in numbers_in(plain(text))]
    known += chapter.numbers + chapter.repeated
    findings: list[Finding] = []
    for file in ("exercises.json", "quiz.json", "predictions.json"):
        path = topic(chapter.path) / file
        questions = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
        named = questions.items() if isinstance(questions, dict) else ((item["id"], item) for item in questions)
        for name, question in named:
            leaves = list(_leaves(question))
            searched = known + [n for key, text in leaves if key in ASKED for n in numbers_in(plain(text))]
            said = [sentence for key, text in leaves if key not in ASKED | NAMES for sentence in sentences(text)]
            place = f"{path.parent.name}/{file}, question {name}"
            for text in map(plain, said):
                findings += search(place, text, partial(_everywhere, searched))
    return findings


def unsupported_on_page(path: Path) -> list[Finding]:
    """Return the numbers of a page without support by the chapter that the sentence links to, or else by any."""
    findings: list[Finding] = []
    for sentence in sentences(path.read_text(encoding="utf-8")):
        chapters = [BOOK / f"{stem}.ipynb" for stem in LINK.findall(sentence)] or sorted(BOOK.glob("*.ipynb"))
        searched = [number for chapter in chapters for number in read(chapter).numbers + read(chapter).repeated]
        findings += search(path.name, plain(sentence), partial(_everywhere, searched))
    return findings


def _everywhere(numbers: list[Number], _: Number) -> list[Number]:
    return numbers


def _leaves(node: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, dict | list):
        for name, child in node.items() if isinstance(node, dict) else ((key, child) for child in node):
            yield from _leaves(child, name)
    else:
        yield key if isinstance(node, str) else "value", str(node)


def nearest(number: Number, support: Iterable[Number]) -> list[str]:
    """Return the three different numbers that are nearest to a number."""
    alike = [n for n in support if n.is_spread == number.is_spread and (n.is_decimal or not number.is_decimal)]
    ranked = sorted(alike, key=lambda other: abs(abs(other.value) - abs(number.value)))
    return list(dict.fromkeys(other.text for other in ranked))[:3]


def main(arguments: list[str] | None = None) -> int:
    """Print what nothing supports in the chosen chapters; return the exit status."""
    parser = argparse.ArgumentParser(description="List the numbers of the text that no cell supports.")
    parser.add_argument("prefix", nargs="*", help="read only the notebooks whose names begin with this text")
    prefixes = tuple(parser.parse_args(arguments).prefix or [""])
    chosen = [path for path in sorted(BOOK.glob("*.ipynb")) if path.name.startswith(prefixes)]
    findings = [finding for path in chosen for finding in unsupported(read(path)) + unsupported_answers(read(path))]
    findings += [finding for page in PAGES if prefixes == ("",) for finding in unsupported_on_page(page)]
    idle = [mark for path in chosen for mark in idle_marks(read(path))]
    for finding in findings:
        print(finding)
    for mark in idle:
        print(f"{mark} is marked as given, and need not be.")
    print(f"{len(findings)} numbers without support in {len(chosen)} chapters")
    return 1 if findings or idle or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
