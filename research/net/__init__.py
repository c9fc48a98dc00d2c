"""A net under the judge: what an earlier commit said of stored results, and whether today's code says the same.

`python -m research.net.keep ROOT` freezes the studies that a project at ROOT has run, with the code that is imported;
`python -m research.net.compare` judges the frozen results by the code of today and prints what differs; with
`--project ROOT` the results of a project at ROOT, which are too large to freeze, beside what it judged itself.
"""
