"""The container's health check: exit 0 when this very process answers. Stand-alone, so that it costs nothing."""

import os
import urllib.request


def main() -> None:
    # The name of the site is sent, for ALLOWED_HOSTS refuses any other (« .exemple.fr » and « * » are not names).
    nom = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().strip(".*") or "127.0.0.1"
    adresse = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/sante/"
    urllib.request.urlopen(urllib.request.Request(adresse, headers={"Host": nom}), timeout=4)


if __name__ == "__main__":
    main()
