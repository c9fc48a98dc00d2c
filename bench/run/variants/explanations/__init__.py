"""Protocol variants that may explain a published number: valid alternatives, known errors, controls. One file a
kind."""
