"""KEEL and ARFF: headers, nominal attributes, quotes, comments."""

from __future__ import annotations

import polars as pl
import pytest

from bench.core.errors import DataError
from bench.data.attributes import read_arff, read_keel

KEEL = b"""@relation toy
@attribute Size integer[0,9]
@attribute Kind {b, a , c}
@attribute 'two words' real [0.0, 1.0]
@attribute Class{yes,no}
#@inputs Size, Kind, 'two words'
@outputs Class
@data
07, b, 0.50 , yes
<null>,a,1,no

"""


def test_keel_names_types_and_trimmed_cells():
    frame = read_keel(KEEL, "utf-8", "toy.dat")
    assert frame.columns == ["Size", "Kind", "two words", "Class"]
    assert frame.rows() == [("07", "b", "0.50", "yes"), (None, "a", "1", "no")]
    assert frame.schema["Size"] == pl.String
    assert frame.schema["Kind"] == pl.Enum(["a", "b"])
    with pytest.raises(
        DataError,
        match=r"column two words holds 'x' in row 2, which its @attribute does not declare \(1",
    ):
        read_keel(KEEL.replace(b"<null>,a,1", b"<null>,a,x"), "utf-8", "toy.dat")


def test_keel_body_without_header_has_numbered_columns():
    assert read_keel(b"1, 2, x\n3, 4, y\n", "utf-8", "f").to_dict(as_series=False) == {
        "c1": ["1", "3"],
        "c2": ["2", "4"],
        "c3": ["x", "y"],
    }


def test_mistakes_name_their_line():
    with pytest.raises(DataError, match="line 10 has 3 cells, expected 4"):
        read_keel(KEEL.replace(b"a,1,no", b"a,no"), "utf-8", "toy.dat")
    with pytest.raises(DataError, match="without @data"):
        read_keel(KEEL.split(b"@data")[0], "utf-8", "toy.dat")
    with pytest.raises(DataError, match="line 2: an attribute needs a name and a type"):
        read_keel(b"@relation x\n@attribute a\n@data\n1\n", "utf-8", "x")
    with pytest.raises(DataError, match="two attributes a"):
        read_keel(b"@attribute a real\n@attribute a real\n@data\n1,2\n", "utf-8", "x")


ARFF = b"""% a comment
@RELATION 'a toy'
@ATTRIBUTE "it's" NUMERIC
@ATTRIBUTE kind {'has, comma', plain, "?"}
@ATTRIBUTE note STRING
@DATA
% another
1, 'has, comma', "say \\"hi\\""
?, plain, 'it\\'s'
2.5, '?', ?
"""


def test_arff_quotes_comments_and_missing():
    frame = read_arff(ARFF, "utf-8", "toy.arff")
    assert frame.columns == ["it's", "kind", "note"]
    assert frame.rows() == [
        ("1", "has, comma", 'say "hi"'),
        (None, "plain", "it's"),
        ("2.5", "?", None),
    ]
    assert frame.schema["kind"] == pl.Enum(["?", "has, comma", "plain"])


def test_arff_without_quotes_takes_the_fast_path_to_the_same_cells():
    plain = b"@relation x\n@attribute a real\n@attribute k {u,v}\n@data\n1 , u\n? , v\n% end\n"
    quoted = plain.replace(b"1 , u", b"1 , 'u'")
    assert read_arff(plain, "utf-8", "x").equals(read_arff(quoted, "utf-8", "x"))
    assert read_arff(plain, "utf-8", "x").rows() == [("1", "u"), (None, "v")]


def test_arff_refuses_sparse_and_ragged():
    head = b"@relation x\n@attribute a real\n@attribute k {u,v}\n@data\n"
    with pytest.raises(DataError, match="sparse"):
        read_arff(head + b"{0 1, 1 u}\n", "utf-8", "x")
    for body in (b"1,u\n2\n", b"1,'u'\n2\n"):
        with pytest.raises(DataError, match="line 6 has 1 cells, expected 2"):
            read_arff(head + body, "utf-8", "x")
    with pytest.raises(DataError, match="no ARFF"):
        read_arff(b"1,2\n", "utf-8", "x")
