"""The one-time import of a mandataire's workbook.

    classeur (bytes → rows) → colonnes (titles) → lecture (cell → value) → controles (rows → outcomes)
    → apercu (what the page shows, kept 24 h as normalised rows) → services.appliquer (once, all or nothing)

`structure` bounds a file before any parser sees it; `synonymes` is data; `reperes` loads what the database knows
once per file; `modele` makes the workbook to download; `resource` writes in bulk.
"""
