"""What axe says of a page, and whether it fits the screen of a telephone."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

REGLES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
ECRAN, TELEPHONE = 1280, 390


def violations(page: Page) -> list[str]:
    resultat = Axe().run(page, options=REGLES)
    return [f"{v['id']} : {[n['html'][:160] for n in v['nodes'][:3]]}" for v in resultat.response["violations"]]


def debordement(page: Page) -> int:
    """In px, at the present width."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def fautes(page: Page, quoi: str, avec_axe: tuple[int, ...] = (ECRAN, TELEPHONE)) -> list[str]:
    """Violations of axe at these widths, and what is wider than a telephone. Leaves the page as wide as a screen."""
    trouvees = []
    for largeur in (ECRAN, TELEPHONE):
        page.set_viewport_size({"width": largeur, "height": 900})
        if largeur in avec_axe:
            trouvees += [f"{quoi} à {largeur} px, {v}" for v in violations(page)]
        if (trop := debordement(page)) > 0:
            trouvees.append(f"{quoi} déborde de {trop} px à {largeur} px")
    page.set_viewport_size({"width": ECRAN, "height": 900})
    return trouvees
