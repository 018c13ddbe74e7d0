"""The gate, once more: a session counts only while its person is validated."""

from allauth.account.auth_backends import AuthenticationBackend


class Porte(AuthenticationBackend):
    """Signs in by e-mail as allauth does; at each request, a person who is not « validé » is nobody.

    The login stage (emjpm.comptes.etapes) already refuses them with a sentence; this holds whatever opened the session.
    """

    def get_user(self, user_id):
        utilisateur = super().get_user(user_id)
        return utilisateur if utilisateur is not None and utilisateur.est_valide else None
