"""Text for TeX: what every engine sets, in ASCII, and nothing of it a command of somebody else's."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

from bench.core.text import one_line

#: Signs that TeX takes for its own, that its fonts of old lack, or that it joins or reads as an option.
_SIGNS = {
    "\\": r"\textbackslash{}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "{": r"\textbraceleft{}", "}": r"\textbraceright{}",  # BibTeX counts \{ and \} as braces
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"{\char34}", "`": r"{\char96}",
    "\N{ZERO WIDTH SPACE}": "{}", "\N{MINUS SIGN}": "$-$", "\N{NO-BREAK SPACE}": "~",
    "\N{THIN SPACE}": r"\,", "\N{NARROW NO-BREAK SPACE}": r"\,",
    "–": "--", "—": "---",
    "…": r"\ldots{}", "·": r"$\cdot$", "×": r"$\times$", "÷": r"$\div$", "±": r"$\pm$", "≤": r"$\leq$",
    "≥": r"$\geq$", "≠": r"$\neq$", "≈": r"$\approx$", "→": r"$\rightarrow$",
    "●": r"$\bullet$", "○": r"$\circ$", "†": r"\dag{}",
    "✓": r"$\surd$", "✕": r"$\times$", "°": r"$^\circ$", "µ": r"$\mu$", "‘": "`", "’": "'", "“": "``", "”": "''",
    "ß": r"\ss{}", "æ": r"\ae{}", "Æ": r"\AE{}", "œ": r"\oe{}", "Œ": r"\OE{}", "ø": r"\o{}", "Ø": r"\O{}",
    "ł": r"\l{}", "Ł": r"\L{}", "ı": r"\i{}", "§": r"\S{}", "²": "$^2$", "³": "$^3$",
}  # fmt: skip
#: Combining marks and the accents of TeX.
_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0327": "c",
}  # fmt: skip
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau",
    "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Σ": "Sigma", "Ω": "Omega",
}  # fmt: skip
#: What a manuscript calls: the number of a name.
NUMBER_MACRO = (
    r"\providecommand{\bench}[1]{\ifcsname bench@#1\endcsname"
    r"\csname bench@#1\endcsname\else\textbf{?#1?}\fi}"
    "\n"
)
#: What may stand in an address as it is; all else is written as percent and hexadecimal.
_ADDRESS = ":/?#@!$'()*+,;=%-._~&"


def escaped(text: object) -> str:
    """One line of text as TeX sets it. A letter that no old font has stands as its number: [U+05D0].

    >>> print(escaped("50 % of A_b"), escaped("{x"), escaped("Kočí, Übung"))
    50 \\% of A\\_b \\textbraceleft{}x Ko\\v{c}\\'{i}, \\"{U}bung
    """
    flat = unicodedata.normalize("NFC", one_line(text))
    return "".join(map(_sign, flat.replace("--", "-\N{ZERO WIDTH SPACE}-")))


def _sign(c: str) -> str:
    if c in _SIGNS:
        return _SIGNS[c]
    if c in _GREEK:
        return f"$\\{_GREEK[c]}$"
    if c.isascii():
        return c
    base, *marks = list(unicodedata.normalize("NFD", c))
    if base.isascii() and base.isalpha() and len(marks) == 1 and marks[0] in _ACCENTS:
        return f"\\{_ACCENTS[marks[0]]}{{{base}}}"
    if unicodedata.category(c) == "Zs":
        return " "
    return f"[U+{ord(c):04X}]"


def address(text: str) -> str:
    """A link or a DOI inside BibTeX: what is no part of an address is written as percent and hexadecimal."""
    return quote(one_line(text), safe=_ADDRESS)
