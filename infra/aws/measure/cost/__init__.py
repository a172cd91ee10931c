"""Makes dollars of what was counted and measured. No other package than Python's own."""
