"""What runs alone, in a process of its own, on bytes that nobody vouches for: no Django, no import of the rest.

`lecteur` is the program, `compose` and `biff` are what it needs to know of a .xls that calamine does not tell.
"""
