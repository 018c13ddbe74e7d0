"""What may reach the logs."""

import logging


class SansDonnees(logging.Filter):
    """Removes from a record what a person typed: the request, its query string, an exception's message.

    A traceback keeps its frames (file, line, function) and the kind of the exception, not its text, which
    may repeat a value (« duplicate key (numero_rg)=(…) »).
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if hasattr(record, "request"):
            chemin = getattr(record.request, "path", "?")
            record.msg, record.args = "%s", (f"{getattr(record, 'status_code', '')} {_anonyme(chemin)}",)
        if record.exc_info and record.exc_info[0]:
            genre, _, trace = record.exc_info
            record.exc_text = _trace(genre, trace)
        return True


def _anonyme(chemin: str) -> str:
    """A path without its keys: a part that is neither a word of ours nor a number becomes « … »."""
    return "/".join(
        p if len(p) <= 24 and (p.isdigit() or p.replace("-", "").isalpha()) else "…" * bool(p)
        for p in chemin.split("/")
    )


def _trace(genre, trace) -> str:
    lignes = []
    while trace is not None:
        code = trace.tb_frame.f_code
        lignes.append(f"  {code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return "\n".join([f"{genre.__module__}.{genre.__name__}", *lignes[-25:]])
