"""What a number by hand is: never the wrong answer, whatever stands around it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bench.project.written_number import compared
from bench.report.exports.as_numbers import NamedNumber

#: What prints a number and no other sign; `#` is the number, a decimal point in it.
KNOWN = [
    r"\textbf{#}", r"\textit {#}", r"\emph{#}", r"{#}", r"{\bf #}", r"{\bfseries\small #}", r"\underline{#}",
    r"\mbox{#}",
    r"$#$", r"$\mathbf{#}$", r"\ensuremath{#}", r"\boldmath$#$", r"\textcolor{red}{#}", r"\color{red!50}#",
    r"\color{red}{#}",
    r"\cellcolor{gray!20}#", r"\cellcolor[gray]{0.9} #", r"\textcolor[HTML]{FF0000}{#}", r"\multicolumn{1}{c}{#}",
    r"\multicolumn{1}{c|}{\hl{#}}", r"\phantom{0}#", r"#\hphantom{$-$}", r" # ", r"~#", "\n#\n",
]  # fmt: skip
#: The same around digits alone.
COMMANDS = [
    "#", r"\num{#}", r"\tablenum{#}", r"\numprint{#}", r"\num[group-digits=none]{#}",
    r"\num[mode=text, detect-all] {#}",
    r"\tablenum[table-format=2.1,output-decimal-marker=.]{#}",
]  # fmt: skip
PERCENT = [
    r"#\%", r"#\,\%", r"#~\%", r"#\thinspace\%", r"#$\%$", r"#\ensuremath{\%}", r"\SI{#}{\percent}",
    r"\qty{#}{\percent}",
    r"\SI[per-mode=symbol]{#}{\percent}", r"\qty[round-mode=places,round-precision=1]{#}{\%}",
]  # fmt: skip
#: What is not known, what prints more than the number, another number, or none.
UNKNOWN = [
    r"\makebox[2em][r]{#}", r"\alert<2>{#}", r"#\textsuperscript{*}", r"#$^{*}$", r"#\rlap{*}", r"#\pm 1.4", r"#(3)",
    r"# to #",
    r"\frac{#}{10}", r"\sout{#}", r"\pgfmathprintnumber{#}", r"\SI{#}{\kilogram}", r"\numprint[\%]{#}",
    r"\phantom{#}",
    r"\num[drop-exponent]{#}", r"\num[round-mode=places]{#}", r"\num[round-mode=places,round-precision=4]{#}",
    r"\num[round-mode=figures,round-precision=1]{#}", r"\textcolor{#}{}", r"\multicolumn{1}{c@{5}}{#}",
    r"#$10^3$",
    r"#\textperthousand", r"\href{#}{x}", r"# percent", r"\sym{#}", r"#\\", r"$#^2$", r"2{#}^", r"\bench{#}",
    r"#\%\%",
    r"#\times10^45",
]  # fmt: skip


def layers(*kinds: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(
        st.sampled_from([one for kind in kinds for one in kind]), max_size=4
    )


def inside(number: str, command: str, around: list[str]) -> str:
    for layer in [command, *around]:
        number = layer.replace("#", number)
    return number


numbers = st.integers(-9999, 9999).filter(bool)
off = st.integers(-30, 30)
marks = st.sampled_from([".", ",", "{,}"])


@given(numbers, off, st.integers(1, 2), marks, st.sampled_from(COMMANDS), layers(KNOWN))
def test_a_known_form_is_read(
    number: int, off: int, decimals: int, mark: str, command: str, around: list[str]
) -> None:
    value, written = (
        number / 10**decimals,
        f"{(number + off) / 10**decimals:.{decimals}f}",
    )
    written = written.replace(".", mark if "{,}" not in mark or command == "#" else ",")
    assert compared(NamedNumber("x", value), inside(written, command, around))[0] is (
        off == 0
    )


@given(numbers, off, st.sampled_from(COMMANDS), layers(KNOWN, UNKNOWN, PERCENT))
@example(852, 0, "#", [r"#\%"])
def test_no_form_is_taken_for_another_number(
    number: int, off: int, command: str, around: list[str]
) -> None:
    written = inside(f"{(number + off) / 10:.1f}", command, around)
    found, _ = compared(NamedNumber("x", number / 10, percent=True), written)
    if any(layer in UNKNOWN for layer in around):
        assert found is None
    else:
        assert found in (off == 0, None)
    if written.endswith("%") and found is not None:
        assert compared(NamedNumber("x", number / 10), written)[0] is False


@given(numbers, off, st.sampled_from(PERCENT), layers(KNOWN))
def test_a_percent_sign_makes_hundredths(
    number: int, off: int, sign: str, around: list[str]
) -> None:
    written = inside(f"{(number + off) / 10:.1f}", sign, around)
    assert compared(NamedNumber("x", number / 10, percent=True), written)[0] is (
        off == 0
    )
    assert compared(NamedNumber("x", number / 1000), written)[0] is (off == 0)
    assert compared(NamedNumber("x", number / 10), written)[0] is False


@pytest.mark.parametrize(
    ("written", "value", "found"),
    [
        ("12\\,265", 12265, True), ("12{\\,}265", 12265, True), ("12\\thinspace265", 12265, True), ("12~265",
        12265, True),
        ("1{,}235{,}000", 1235000, True), ("1.235.000", 1235000, True), ("12,265.3", 12265.3, True),
        ("12.265,3", 12265.3, True), ("1234,5", 1234.5, True), ("0,852", 0.852, True), ("0,852", 0.853, False),
        ("12,265", 12265, None), ("12{,}265", 12.265, None), ("12,265", 85.2, False), ("12.265", 12.265, True),
        ("12.265", 12265, None), ("\\num{12,265}", 12.265, True), ("\\num{1,234.5}", 1234.5, None), ("1,2,3",
        123, None),
        ("12 26", 1226, None), ("", 0.0, None), ("85.2\\,000", 85.2, None), ("\\hl", 0.0, None), ("none", 0.0, None),
        ("85 .2", 85.2, None), ("8\\phantom{0}5.2", 85.2, None),
        ("1.23e4", 12265, True), ("$1.2\\times 10^4$", 12265, True), ("2.3$\\times$10$^{-5}$", 2.3e-5, True),
        ("\\num{2.3e-5}", 2.3e-5, True), ("$2.4\\cdot10^{-5}$", 2.3e-5, False), ("$2.3\\times10^-5$", 2.3e-5, None),
        ("$2.3\\times10^45$", 2.3e4, None), ("1e999", 0.9, None), ("9e-99", 1e300, False),
        ("--0.81", -0.81, True), ("$-$0.81", -0.81, True), ("\\textminus 0.81", -0.81, True), ("---0.81",
        -0.81, None),
        (".85", 0.852, True), ("85.", 85.2, True), (".", 0.0, None), ("0.9" * 9, 0.9, None), (f"0.{'3' * 11}",
        1 / 3, True),
        ("0.85", 0.845, True), ("0.84", 0.845, True), ("0.83", 0.845, False), ("0.5", float("nan"), None),
        ("\\$85.2", 85.2, None), ("85.2&", 85.2, None), ("85\\\\.2", 85.2, None), ("85-2", 85, None), ("$<$0.01",
        0.001, None),
    ],
)  # fmt: skip
def test_a_number_by_hand(written: str, value: float, found: bool | None) -> None:
    assert compared(NamedNumber("x", value), written)[0] is found


@pytest.mark.parametrize(
    ("written", "found"),
    [("1234", False), ("1\\,234", False), ("1,234", None), ("1.234", True)],
)
def test_a_number_of_the_results_has_no_groups(
    written: str, found: bool | None
) -> None:
    """A value that went from 1234 g to 1.234 kg."""
    assert compared(NamedNumber("1.234", 1.2344), written)[0] is found


def test_a_stale_number_is_shown_with_the_digits_of_the_results_at_least() -> None:
    assert compared(NamedNumber("0.851", 0.8512), "85") == (False, "0.851")
    assert compared(NamedNumber("0.851", 0.8512), "0.8523") == (False, "0.8512")


@pytest.mark.parametrize(
    ("written", "text", "value", "found"),
    [
        ("$>$ 0.999", "> 0.999", 0.9996, True), ("\\textgreater{}0.999", "> 0.999", 0.9996, True),
        ("<0.999", "> 0.999", 0.9996, None), ("\\emph{Direction only}", "direction only", None, True),
        ("direction\nonly", "direction only", None, True), ("reproduced", "direction only",
        None, False),
        ("Not reproduced", "reproduced", None, False), ("done", "reproduced", None, None),
        ("reproduced\\%", "reproduced", None, None),
        ("0.85", "reproduced", None, None), ("reproduced", "0.85", 0.85, None), ("12--15", "12--15", None, True),
        ("1\\,235\\,000", "1\u202f235\u202f000", 1234567.0, True), ("1235000", "1\u202f235\u202f000",
        1234567.0, True), ("1234000", "1\u202f235\u202f000", 1234567.0, False),
    ],
)  # fmt: skip
def test_what_is_exported_is_right_by_hand(
    written: str, text: str, value: float | None, found: bool | None
) -> None:
    assert compared(NamedNumber(text, value), written)[0] is found


def test_the_result_is_said_in_the_form_of_the_manuscript() -> None:
    assert compared(NamedNumber("0.852", 0.85231), "0.9123")[1] == "0.8523"
    assert compared(NamedNumber("0.852", 0.85231), "91.2\\%")[1] == "85.2\\%"
    assert compared(NamedNumber("0.852", 0.85231), "91.2*")[1] == "0.852"
