"""The score function as a Python team would write it, to measure ours beside."""
