"""The formats a workbook comes in, each read within its bounds (docs/adr/0009-lecteurs-bornes.md).

`structure` and its two readers bound a zip of XML and note what the parsers do not tell (`traits`); `lecteur_calamine`
reads .ods and .xls through `isole/`, a program of its own run by `sous_processus`; `texte_separe` reads .csv.
"""
