"""Every number in the text of the chapters is printed by a cell nearby, or marked as given; see tools/prose.py."""

from __future__ import annotations

import doctest
import importlib.util
import inspect
import json
import re
import sys
from functools import partial
from pathlib import Path

import nbformat
import numpy as np
import pytest

from lessons_lib import claims, data, models, training
from lessons_lib.results import Repeated

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted((ROOT / "book").glob("*.ipynb"))
MARKS = 12
SPEC = importlib.util.spec_from_file_location("tools_prose", ROOT / "tools" / "prose.py")
prose = importlib.util.module_from_spec(SPEC)
sys.modules[SPEC.name] = prose  # dataclasses look their module up
SPEC.loader.exec_module(prose)

of_each_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)


@of_each_chapter
def test_every_number_of_the_text_has_support(path):
    findings = prose.unsupported(prose.read(path))
    assert not findings, "\n" + "\n".join(map(str, findings))


@of_each_chapter
def test_every_number_said_about_an_answer_has_support(path):
    findings = prose.unsupported_answers(prose.read(path))
    assert not findings, "\n" + "\n".join(map(str, findings))


@pytest.mark.parametrize("page", prose.PAGES, ids=lambda page: f"{page.parent.name}/{page.name}")
def test_every_number_of_a_page_that_repeats_the_chapters_has_support(page):
    findings = prose.unsupported_on_page(page)
    assert not findings, "\n" + "\n".join(map(str, findings))


@of_each_chapter
def test_few_numbers_are_given_and_each_mark_is_needed(path):
    chapter = prose.read(path)
    assert prose.idle_marks(chapter) == []
    assert len({(passage.cell, mark) for passage in chapter.passages for mark in passage.given}) <= MARKS


def slips(number):
    """Return what a slip of the pen makes of a decimal number: the point moved, the last digit changed by two."""
    sign, digits, decimals, rest = re.fullmatch(r"([-−+]?)([\d,]+)(?:\.(\d+))?(.*)", number.text).groups()
    places = len(decimals or "")
    value = float(f"{digits.replace(',', '')}.{decimals or 0}")
    wrong = [(10 * value, places), (value / 10, places + 1)]
    wrong += [(value + change * 10.0**-places, places) for change in (-2, 2)]
    return [f"{sign}{slip:.{more}f}{rest}" for slip, more in wrong if slip >= 0 and slip != value]


def planted(chapter):
    """Plant every slip in the decimal numbers of a chapter's text; give the sentence and whether it is found."""
    for passage in chapter.passages:
        if chapter.titles[passage.section] == "Further reading":
            continue
        support = partial(chapter.support, passage, [])
        for sentence in map(prose.plain, prose.sentences(passage.text)):
            before = [finding.number.text for finding in prose.search("", sentence, support)]
            for match in prose.NUMBER.finditer(sentence):
                (number,) = prose.numbers_in(match[0])
                if not number.is_decimal or re.search("[eE⁻]", number.text):
                    continue
                for slip in slips(number):
                    changed = sentence[: match.start()] + match[0].replace(number.text, slip) + sentence[match.end() :]
                    # A number that is marked now has a mark that names another one.
                    is_marked = number.text in before
                    yield changed, is_marked or len(list(prose.search("", changed, support))) > len(before)


def test_of_eight_wrong_decimal_numbers_seven_are_found():
    found = [is_found for path in CHAPTERS for _, is_found in planted(prose.read(path))]
    assert len(found) > 100
    assert sum(found) >= 7 / 8 * len(found), f"{sum(found)} of {len(found)}"


def test_the_course_has_the_numbers_that_every_chapter_may_name():
    digits = data.digits()
    sizes = {len(digits.x_train), len(digits.x_validation), len(digits.x_test), *digits.x_train.shape[1:3]}
    sizes |= {sum(map(len, (digits.x_train, digits.x_validation, digits.x_test))), digits.x_train[0].size}
    (units,) = inspect.signature(models.dense).parameters["units"].default
    batch = inspect.signature(training.Trainer.fit).parameters["batch_size"].default
    assert {number.value for number in prose.numbers_in(prose.COURSE)} == sizes | {units, batch}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("costs about 0.01, no more", [0.01]),
        ("1,168 of 28×28, (4, 28, 28) and x[:50]", [1168, 28, 28, 4, 28, 28, 50]),
        ("−0.5, -3 and +2; 0.3-0.4, 0.3–0.4, 0…255", [-0.5, -3, 2, 0.3, 0.4, 0.3, 0.4, 0, 255]),
        ("91 %, 99%, 5 percent, 138 million", [0.91, 0.99, 0.05, 138e6]),
        ("10⁻¹², 3·10⁻⁴, 2 × 10⁻³, 1e-05, 3²", [1e-12, 3e-4, 2e-3, 1e-5, 3]),
        ("[0.  0.2 1. ]", [0, 0.2, 1]),
        ("It is 0.9. Then 12.", [0.9, 12]),
        ("0.900 ± 0.009 (5 seeds)", [0.9, 0.009, 5]),
        ("Conv2D, conv2d_1, x12, VGG16, float32, 2.16.1, BT.601, 3D, 20k", []),
    ],
)
def test_numbers_are_read_as_written(text, values):
    assert [number.value for number in prose.numbers_in(text)] == pytest.approx(values)


@pytest.mark.parametrize(
    ("markdown", "numbers"),
    [
        (r"$7{,}500 \cdot 0.5$ and $w_{300}^2 + x_1 + 25c^2$", ["7,500", "0.5", "25"]),
        (r"$$\frac{1}{28} \approx 10^{-2}$$", ["1", "28", "10⁻²"]),
        ("[Chapter 13](13_more.ipynb) and <https://x.org/14>, https://x.org/15 {cite}`he2016`", []),
        ("```\nprint(17)\n```\n\nthen 18", ["18"]),
        (":::{admonition} Misconception: 18 maps\n:class: x-19\nThere are 20.\n:::", ["18", "20"]),
        ("13. the first\n14. the second, 15", ["15"]),
        ("**It takes** about 45 minutes, and 30 for the exercises. CC BY-SA 3.0, turned by 180°", []),
        ("| 425 × 638 |\n- an item of `Dense(64)`", ["425", "638", "64"]),
    ],
)
def test_only_prose_is_read(markdown, numbers):
    read = [number.text for part in prose.sentences(markdown) for number in prose.numbers_in(prose.plain(part))]
    assert read == numbers


@pytest.mark.parametrize(
    ("said", "printed", "supported"),
    [
        ("about 0.01", "0.008", True),
        ("about 0.1", "0.008", False),
        ("about 0.01", "0.013", False),  # one digit: within a quarter of it
        ("nearly 0.9", "0.878", True),
        ("nearly 0.9", "0.870", False),
        ("between chance and 0.9", "0.878", True),
        ("0.9", "0.878", False),  # it does not say that it is rounded
        ("about this. 0.9", "0.878", False),
        ("0.9", "0.90", True),
        ("0.91", "0.912", True),
        ("0.91", "0.916", False),
        ("0.90", "0.9", True),
        ("0.912", "0.91", False),
        ("91 %", "0.912", True),
        ("0.91", "91.2 %", True),
        ("9.1 %", "0.912", False),
        ("1.0", "1", False),
        ("23", "22.7", True),
        ("23", "24", False),
        ("50,890", "50890", True),
        ("138 million", "138,357,544", True),
        ("139 million", "138,357,544", False),
        ("0.02", "-0.02", True),
        ("−0.02", "-0.02", True),
        ("−0.02", "0.02", False),
        ("± 0.02", "0.02", False),
        ("0.02", "± 0.02", False),
        ("± 0.02", "± 0.021", True),
        ("10⁻¹²", "3.1e-12", True),
        ("10⁻¹²", "3.6e-12", False),
        ("1e-4", "1.4e-04", True),
        ("1e-4", "1.4e-03", False),
    ],
)
def test_a_number_is_supported_by_what_rounds_to_it(said, printed, supported):
    (number,), (other,) = prose.numbers_in(said), prose.numbers_in(printed)
    assert number.is_supported_by(other) is supported


def test_a_setting_supports_only_an_equal_number():
    (rate,) = prose.settings("fit(net, learning_rate=0.012)")
    assert prose.numbers_in("0.012")[0].is_supported_by(rate)
    assert not prose.numbers_in("0.01")[0].is_supported_by(rate)
    assert prose.settings("plots.bars(x, chance=0.25); axes[0].plot(0.3); claims.claim(0.4)") == []
    assert [n.value for n in prose.settings("net = cnn(4_000, -0.5, 'of 0.7', True)")] == [4000, 0.5]


def test_the_text_that_stands_for_a_picture_supports_nothing():
    data = {"image/png": "", "text/plain": "<Figure size 640x480 with 16 Axes>"}
    assert prose.printed(nbformat.v4.new_output("display_data", data)) == ""


def chapter(*cells, name="01_images"):
    """Divide a chapter of Markdown cells (text) and code cells (source, what they print), each with its marks."""
    made = []
    for content, given in cells:
        if isinstance(content, str):
            made.append(nbformat.v4.new_markdown_cell(content))
        else:
            source, output = content
            made.append(nbformat.v4.new_code_cell(source, outputs=[output] if output else []))
        if given:
            made[-1].metadata["given"] = given
    return prose.divide(ROOT / "book" / f"{name}.ipynb", nbformat.v4.new_notebook(cells=made))


def text(content, given=()):
    return content, list(given)


def code(printed, source="run()"):
    return (source, nbformat.v4.new_output("stream", name="stdout", text=printed)), []


def claim(words, values, margin):
    ahead = Repeated(np.array(values)) > margin
    record = claims.record("dry", "Water is dry.", "A book", supports={words: ahead})
    output = nbformat.v4.new_output("display_data", {"text/plain": claims.to_text(record), claims.MIME: record})
    return ("claims.claim(0.1)", output), []


def missing(*cells, **options):
    return [finding.number.text for finding in prose.unsupported(chapter(*cells, **options))]


RESULTS = code("28 × 28: 0.900 ± 0.009 (5 seeds)\n14 × 14: 0.892 ± 0.003")
CLAIM = claim("at 4×4 they lose", [0.008, 0.009, 0.007, 0.008, 0.008], 0.1)


@pytest.mark.parametrize(("said", "found"), [("0.01", []), ("0.1", ["0.1"]), ("0.008", []), ("0.09", ["0.09"])])
def test_a_wrong_number_beside_a_measurement_is_found(said, found):
    assert missing(text("## Resizing"), RESULTS, text(f"A quarter of the pixels costs about {said}."), CLAIM) == found


def test_a_decimal_number_is_looked_for_nearby_and_a_whole_one_in_its_section():
    cells = [text("## One"), code("0.91 of 77"), text("Then 1,234."), code("0.5 of 1,234"), text("0.91 of 77, 0.5")]
    assert missing(*cells) == ["0.91"]
    assert missing(*cells, text("## Two\n\n77 of 1,234, and 2,000 digits"), code("0.3")) == ["0.91", "77"]
    assert missing(
        text("## Three\n\n0.1, then 0.2, then 0.3"), *[c for n in "123" for c in (code(f"0.{n}"), text(""))]
    ) == ["0.3"]


def test_the_recap_repeats_the_text_and_the_claims():
    cells = [
        text("## One"),
        code("0.912 and 0.777"),
        text("It has 0.91."),
        CLAIM,
        text("## Recap\n\nIt had 0.91, by about 0.01."),
    ]
    assert missing(*cells) == []
    assert missing(*cells, text("Not 0.78.")) == ["0.78"]


def test_an_exercise_may_name_what_its_words_and_its_solution_name():
    cells = [text("## Exercises\n\n1,500 rows and 99 columns?"), ((("# Solution\nsize(99)"), None), [])]
    assert missing(*cells) == ["1,500"]
    words = "1,500" in (ROOT / "lessons_lib/exercises/topics/pooling/exercises.json").read_text(encoding="utf-8")
    assert not words
    assert missing(text("## Exercises\n\n34 rows?"), name="06_pooling") == []
    assert missing(text("## Exercises\n\n34 rows?"), name="01_images") == ["34"]


def test_a_sentence_with_a_link_may_name_the_numbers_of_that_chapter():
    assert missing(text("## One\n\nThe 138 million of [Chapter 7](07_parameters.ipynb). And 138 million.")) == [
        "138 million"
    ]
    assert missing(text("## One\n\nThe 139 million of [Chapter 7](07_parameters.ipynb).")) == ["139 million"]


def test_a_year_stands_under_an_author_of_the_sentence():
    assert missing(text("## One\n\nLeCun et al. 1998 said so; He and others (2016) too.")) == []
    assert missing(text("## One\n\nLeCun et al. 1997 said so. In 1998, too.")) == ["1997", "1998"]


def test_what_is_said_about_an_answer_is_compared_with_the_question_and_the_chapter(tmp_path, monkeypatch):
    exercise = {"kind": "number", "answer": 34.5, "why": "Of 0.912, 77 and 34.5.", "wrong": {"a": "Not 0.7, but 78."}}
    quiz = [{"id": "one", "ask": "Of 99?", "options": [{"text": "88", "right": True, "why": "99, 88 and 87."}]}]
    folder = tmp_path / "images"
    folder.mkdir()
    (folder / "exercises.json").write_text(json.dumps({"size": exercise}), encoding="utf-8")
    (folder / "quiz.json").write_text(json.dumps(quiz), encoding="utf-8")
    monkeypatch.setattr(prose, "TOPICS", tmp_path)
    made = chapter(text("## One"), code("0.912"), text("## Exercises\n\nOf 77?"))
    found = [(finding.place, finding.number.text) for finding in prose.unsupported_answers(made)]
    assert found == [
        ("images/exercises.json, question size", "0.7"),
        ("images/exercises.json, question size", "78"),
        ("images/quiz.json, question one", "87"),
    ]


def test_a_page_is_compared_with_the_chapter_of_its_link(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("It has 172,823,040. [Chapter 7](07_parameters.ipynb) has 172,823,040.", encoding="utf-8")
    assert prose.unsupported_on_page(page) == []
    page.write_text("It has 172,823,041. [Chapter 1](01_images.ipynb) has 172,823,040.", encoding="utf-8")
    assert [finding.number.text for finding in prose.unsupported_on_page(page)] == ["172,823,041", "172,823,040"]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (r"$0.587 \cdot 0.509 \approx 0.299$", []),
        (r"$0.587 \cdot 0.509 \approx 0.289$", ["0.289"]),
        (r"$0.587 \cdot 0.519 \approx 0.299$", ["0.299"]),
        (r"$(7{,}500 + 1) \cdot 23{,}040 = 172{,}823{,}040$ parameters", []),
        ("3 × 3 × 3 + 1 = 27", ["27"]),
        ("2 · 2 + 3 = 8", ["8"]),
        ("1 / 3 = 0.33", ["0.33"]),
        ("1 / 3 ≈ 0.33", []),
        (r"$5 - 2 = 3$, $n = 3 \cdot 2 = 6$, $2 \cdot 3 = 6 \cdot 1$", []),
        ("3 + 4 = 7 + 1, (1 + 2 = 3", []),
    ],
)
def test_a_wrong_result_of_a_sum_is_found(said, found):
    # Each number has support here, so that only a wrong result is found.
    findings = prose.search("", prose.plain(said), lambda number: [number])
    assert [finding.number.text for finding in findings] == found


def test_the_numbers_of_a_right_sum_need_no_other_support():
    findings = prose.search("", "So 70 + 7 = 77, not 78, and 25 · 4 = 100.", lambda number: [])
    assert [finding.number.text for finding in findings] == ["78"]


def test_alt_text_is_compared_with_its_own_cell():
    printed = nbformat.v4.new_output("stream", name="stdout", text="mean 0.16")
    cell = nbformat.v4.new_code_cell("run()", outputs=[printed])
    cell.metadata["mystnb"] = {"image": {"alt": "A digit, mean 0.16; its negative, mean 0.84."}}
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("## One"), cell])
    findings = prose.unsupported(prose.divide(ROOT / "book" / "01_images.ipynb", notebook))
    assert [finding.number.text for finding in findings] == ["0.84"]


def test_a_mark_names_a_number_that_nothing_supports():
    needed = chapter(text("## One\n\nSay 0.5, then 99 %.", ["0.5", "99 %"]))
    assert prose.unsupported(needed) == prose.idle_marks(needed) == []
    changed = chapter(text("## One\n\nSay 0.6.", ["0.5"]))
    assert [finding.number.text for finding in prose.unsupported(changed)] == ["0.6"]
    assert prose.idle_marks(changed) == ["01_images.ipynb, cell 0: 0.5"]
    assert prose.idle_marks(chapter(text("## One\n\nSay 0.5.", ["0.5"]), code("0.5"))) != []


def test_a_finding_says_where_and_what_is_near():
    (finding,) = prose.unsupported(chapter(text("## One"), RESULTS, text("It costs 0.2. No more.")))
    assert str(finding) == ("01_images.ipynb, cell 2: 0.2 has no support. Nearest: 0.892, 0.900.\n    It costs 0.2.")


def test_the_command_says_how_many(capsys):
    assert prose.main(["no such chapter"]) == 1
    assert capsys.readouterr().out == "0 numbers without support in 0 chapters\n"
    prose.main([])
    assert capsys.readouterr().out.endswith(f" numbers without support in {len(CHAPTERS)} chapters\n")


def test_the_examples_of_the_tool_hold():
    assert doctest.testmod(prose).failed == 0
