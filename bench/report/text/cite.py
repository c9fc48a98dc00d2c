"""What the page calls the entries to cite."""

PAPER = "The paper"
TOOL = "This tool"
TOOL_TITLE = "bench: re-doing a paper's machine-learning experiment on tabular data"
TOOL_AUTHOR = "bench contributors"
