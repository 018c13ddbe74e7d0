"""What every page knows: the tabs of the role, the counts they carry."""


def contexte(request) -> dict:
    return {}
