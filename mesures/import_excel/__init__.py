"""The one-time import of a mandataire's workbook.

    classeur (bytes → rows) → colonnes (titles) → lecture, dates, lieux, tribunal (cell → value) → controles
    (rows → releve) → apercu (releve + answers + present mesures → where each row ends) → services.appliquer (once)

`releve` is what is kept 24 h: normalised rows, problems, questions. `analyse` runs the reading in order. `titres` and
`synonymes` are data; `reperes` loads what the database knows, once per file.
`cellule` is what every reader shares, `confidences` what no page may show, `questions` what is asked of the user.
`formats/`: .xlsx, .ods, .xls and .csv, each read within its bounds.
Given back: `modele` (to fill in), `annote` (the user's own cells, marked), `restes` (rows left aside), `rapport`
(JSON).
`resource` writes in bulk; `annulation` undoes an import.
"""
