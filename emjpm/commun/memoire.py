"""The garbage collector of a long-lived process."""

import gc


def figer() -> None:
    """What was loaded for good is never walked through again, and young objects are looked at less often.

    Without it a full collection made one answer in twenty wait 50 ms more (`make bench`).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
