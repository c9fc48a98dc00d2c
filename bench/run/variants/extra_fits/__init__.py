"""What diagnostics fit beside the study's own cells. One file for each key of `diagnostics` that costs fits."""
