"""An invented but plausible France: same seed, same people."""
